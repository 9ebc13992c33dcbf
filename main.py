"""Loa's roof: the command line. The only place that reads the environment and knows every room."""

import argparse
import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from alembic.util import CommandError
from dotenv import load_dotenv
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import webhooks
from bot.abilities import CatchesUp, Finding, Inspects, Post
from bot.channel import Channel, Failure, Limits, Rule, SendError
from bot.channels.messenger import Messenger
from bot.channels.telegram import Telegram
from bot.channels.telegram.polling import listen
from bot.channels.terminal import Terminal
from bot.channels.webchat import Line, Page, WebChat
from bot.channels.zalo import TokenPair, Tokens, Zalo
from bot.messages import Event, Ignored, Incoming
from bot.outgoing import Outgoing
from bot.text import from_body
from data import accounts, calendar, home, inbox, knowledge, logs, outbox, staff, tokens, transcripts
from data.clock import VIET_NAM, from_ms, time_in_words, to_ms, utc_now
from data.database import Database
from data.migrate import migrate
from data.publications import Job
from data.settings import NEEDED, Settings, WrongSetting, read, secrets_of
from data.tables import Unit
from data.writer import Unwritable
from handlers.citizens import learned, texts
from handlers.citizens.inbox import Desk
from handlers.citizens.news import compose, headed
from handlers.citizens.worker import Worker
from handlers.health import Health
from handlers.staff import terminal
from handlers.staff.console import Console
from handlers.staff.console import routes as console_routes
from schedules import (
    attachments,
    backups,
    campaigns,
    catchup,
    covers,
    deadlines,
    doubts,
    exports,
    names,
    probes,
    retention,
    watch,
)
from schedules import tokens as tokens_tick
from schedules.arrivals import Arrivals, Spool
from schedules.clock import Clock, Tick
from schedules.connections import Connections
from schedules.deliveries import Courier
from schedules.publications import Publisher, outlets
from schedules.trouble import Troubles

if TYPE_CHECKING:
    from tests.platforms.sandbox import Sandbox

log = logging.getLogger("loa")
MAX_REQUEST_BYTES = 12_000_000
ENOUGH_GB = 2.0  # of free disk


class Stop(Exception):
    """Ends the program; the text is the one sentence that says what happened and what to do."""


class House:
    """Everything that runs, put together."""

    def __init__(
        self, settings: Settings, database: Database, key: str, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.settings, self.database, self.key, self.now = settings, database, key, clock
        self.outgoing = Outgoing()
        self.channels: dict[int, Channel] = {}  # by account id
        self.couriers: dict[int, Courier] = {}
        self.store = attachments.Store(settings.home / "attachments")
        self.published = attachments.Store(settings.home / "published")
        self.worker = Worker(database, self._desk, clock, self.wake, self.channels.keys, self._set_aside)
        self.arrivals = Arrivals(database, Spool(settings.home / "spool"), clock, self.worker.wake)
        self.troubles = Troubles(database, clock, self.staff_chat, self._console())
        self.connections = Connections(self.channels, self.troubles, self._opened)
        self.publisher = Publisher(database, self.channels, clock, self._as_post, self.troubles)
        self.clock = Clock(self._ticks(), clock)
        self.to_stop, self.failed = asyncio.Event(), False
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard: set[int] = set()  # accounts that are being polled
        self._shipped: dict[int, Limits] = {}  # the rules as they were before staff corrected them
        self.knowledge = learned.NOTHING
        self._learned_version: object = None

    async def open(self, *only: Channel) -> None:
        """Make the channels that the settings name, or take `only` these. Nothing is received or sent yet."""
        self.database.open()
        await self.outgoing.open()
        try:
            self.arrivals.spool.prepare()
        except OSError as error:
            raise Stop(
                f"Không ghi được vào {self.settings.home / 'spool'} ({error.strerror}). Xin cấp quyền."
            ) from error
        await self._refresh_knowledge()
        for channel in only or (self._webchat(), await self._zalo(), self._messenger(), self._telegram()):
            if channel:
                await self._join(channel)

    async def start(self) -> None:
        self._start(self.worker.run())
        for courier in self.couriers.values():
            self._start(courier.run())

    async def close(self) -> None:
        """Take nothing new, let what has begun end, and leave nothing half recorded."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.worker.stop()
        for courier in self.couriers.values():
            await courier.stop()
        for channel in self.channels.values():
            await channel.close()
        await self.outgoing.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A loop that dies unexpectedly stops the server: its supervisor starts it anew, and nothing was lost."""
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.critical("a loop died, the server stops", exc_info=task.exception())
            self.failed = True
            self.to_stop.set()

    # the channels: the one explicit list of how each is made from its settings

    async def _join(self, channel: Channel) -> None:
        account_id = await self._account(channel.name, channel.account)
        self._shipped[account_id] = channel.limits
        self.channels[account_id] = channel
        await self._correct(account_id)
        self.couriers[account_id] = Courier(
            account_id, channel, self.database, self.now, compose, self.troubles, self.connections.lost
        )

    async def rules_changed(self, name: str) -> None:
        """Staff corrected a rule of this platform: it holds from now on."""
        for account_id, channel in self.channels.items():
            if channel.name == name:
                await self._correct(account_id)
                self.couriers[account_id].take_pace()

    async def _correct(self, account_id: int) -> None:
        channel = self.channels[account_id]
        rules = await self.database.read(accounts.platform_rules, channel.name)
        corrected = {rule.name: Rule(rule.value, rule.source, rule.checked_on) for rule in rules}
        limits = self._shipped[account_id].changed(corrected)
        setattr(channel, "limits", limits)  # noqa: B010 - of a channel, not the class

    async def _account(self, channel: str, external_id: str) -> int:
        return await self.database.write(accounts.account_id, channel, external_id)

    def _account_of(self, channel: str) -> int:
        return next(account_id for account_id, each in self.channels.items() if each.name == channel)

    def _webchat(self) -> Channel:
        self.webchat = WebChat(
            account="web",
            secret=home.derived(self.key, "webchat"),
            arrive=lambda event: self.arrivals.keep(self._account_of("webchat"), event),
            history=self._history,
            photos=attachments.Photos(self.store),
            page=self._page,
            sites=self.settings.webchat_sites,
        )
        return self.webchat

    async def _zalo(self) -> Channel | None:
        given = self.settings.zalo
        if not given:
            return None
        account_id = await self._account("zalo", given.oa_id)
        kept = tokens.Kept(self.database, home.derived(self.key, "tokens"), account_id, TokenPair)
        await kept.plant(given.access_token, given.refresh_token, self.now())
        rotating = Tokens(
            given.app_id, given.app_secret, given.oauth_url, kept, self.outgoing, self.now, given.code_verifier
        )
        return Zalo(
            given.app_id, given.oa_secrets, given.oa_id, rotating, given.api_url, self.outgoing, self._picture,
            _media_hosts(given.api_url, Zalo.hosts), template_id=given.template_id,
            phone_template_id=given.phone_template_id, business_url=given.business_url,
        )  # fmt: skip

    def _messenger(self) -> Channel | None:
        given = self.settings.messenger
        if not given:
            return None
        return Messenger(
            given.page_id, given.page_token, given.app_secret, given.verify_token, given.api_url, self.outgoing,
            self._picture, _media_hosts(given.api_url, Messenger.hosts), app_id=given.app_id,
            human_agent=given.human_agent, utility_template=given.utility_template,
            utility_language=given.utility_language, utility_shape=given.utility_shape, publishes=given.publishes,
            menu=texts.MENU_BUTTONS, clock=self.now,
        )  # fmt: skip

    def _telegram(self) -> Channel | None:
        given = self.settings.telegram
        if not given:
            return None
        return Telegram(
            given.bot_token, given.webhook_secret, given.api_url, self.outgoing, self._picture,
            channel_id=given.channel_id, staff_chat_id=given.staff_chat_id,
        )  # fmt: skip

    async def _picture(self, name: str) -> bytes:
        store = self.published if self.published.has(name) else self.store
        try:
            return await asyncio.to_thread(store.read, name)
        except OSError as error:
            raise SendError(Failure.REJECTED, "the picture is not in the store") from error

    async def _opened(self, account_id: int, channel: Channel) -> None:
        if isinstance(channel, CatchesUp):
            self._start(self._catch_up())
        if not isinstance(channel, Telegram):
            return
        if self._telegram_webhook():
            await channel.set_webhook(self._telegram_webhook())
        elif account_id not in self._heard:
            await channel.delete_webhook()
            self._heard.add(account_id)
            self._start(listen(channel, self.door(account_id, channel)))

    def webhook(self, name: str) -> str:
        """Where a platform delivers; "" where it has no address of ours, or we ask it ourselves."""
        telegram = self.settings.telegram
        polls = name == Telegram.name and telegram is not None and telegram.mode == "polling"
        known = name in NEEDED and self.settings.public_url and not polls
        return f"{self.settings.public_url}/webhooks/{name}" if known else ""

    def _telegram_webhook(self) -> str:
        return self.webhook(Telegram.name)

    def _delivering(self) -> dict[int, tuple[str, Callable[[], Awaitable[bool]]]]:
        """How each connected platform is asked whether it still delivers to us."""
        checks: dict[int, tuple[str, Callable[[], Awaitable[bool]]]] = {}
        for account_id in self.connections.connected:
            channel = self.channels[account_id]
            if isinstance(channel, Messenger):
                checks[account_id] = (channel.name, channel.still_subscribed)
            elif isinstance(channel, Telegram):
                checks[account_id] = (channel.name, partial(channel.webhook_is_ours, self._telegram_webhook()))
        return checks

    async def _catch_up(self) -> None:
        await catchup.catch_up(self.database, self.channels, self.arrivals.keep, self.now())

    # what is published

    async def _as_post(self, job: Job) -> Post:
        unit = await self.database.read(accounts.the_unit)
        return await asyncio.to_thread(self._post, job, unit)

    def _post(self, job: Job, unit: Unit) -> Post:
        (title, words), month = headed(job.text), f"Bản tin tháng {job.due_at.astimezone(VIET_NAM):%m/%Y}"
        name = f"issue-{job.issue_id}.jpg"
        if not self.published.has(name):
            self.published.put(name, covers.draw(title, f"{unit.name}, {unit.province}", month))
        is_public = self.settings.public_url.startswith("https://") or self._is_played()
        url = f"{self.settings.public_url}/published/{name}" if is_public else ""
        return Post(title, words, unit.name, job.link, name, url, title)

    def _is_played(self) -> bool:
        """The platforms are played on this machine, and find us on it."""
        return self.settings.public_url.startswith("http://127.0.0.1")

    async def show_published(self, request: web.Request) -> web.Response:
        """A publication's picture, for platforms to fetch and everybody to see."""
        name = request.match_info["name"]
        if not self.published.has(name):
            raise web.HTTPNotFound
        picture = await asyncio.to_thread(self.published.read, name)
        return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": "public, max-age=86400"})

    # what comes in

    def door(self, account_id: int, channel: Channel) -> webhooks.Store:
        async def keep(event: Event) -> None:
            await self.arrivals.keep(account_id, event)
            if isinstance(channel, Telegram):
                self._start(channel.acknowledge(event.body))

        return keep

    def _desk(self) -> Desk:
        return Desk(self._parse, self.limits_of, self.knowledge, self.staff_chat(), self._console())

    def _parse(self, account_id: int, body: bytes) -> Incoming | Ignored:
        channel = self.channels.get(account_id)
        return channel.parse(body) if channel else Ignored("its channel is switched off")

    def limits_of(self, account_id: int) -> Limits:
        """Raises `KeyError` for an account whose channel is off."""
        return self.channels[account_id].limits

    async def _set_aside(self, arrival_id: int) -> None:
        words = (
            f"Tin nhắn số {arrival_id} không xử lý được, đã để riêng. Xem nhật ký máy chủ, rồi: main.py inbox retry."
        )
        await self.troubles.tell(None, words)

    def wake(self) -> None:
        for courier in self.couriers.values():
            courier.wake()

    def _console(self) -> str:
        return f"{self.settings.public_url}/staff" if self.settings.public_url else ""

    def staff_link(self, secret: str) -> str:
        """Where a member of staff opens the bot to be known by it; "" without one."""
        bots = [channel for channel in self.channels.values() if isinstance(channel, Telegram)]
        return bots[0].start_link(f"staff-{secret}") if bots else ""

    def staff_chat(self) -> tuple[int, str] | None:
        given = self.settings.telegram
        return (self._account_of("telegram"), given.staff_chat_id) if given and given.staff_chat_id else None

    async def _page(self) -> Page:
        unit = await self.database.read(accounts.the_unit)
        return Page(unit.name, unit.phone, unit.hours, unit.website, "/staff")

    async def _history(self, person: str, after_ms: int) -> list[Line]:
        said = await self.database.read(transcripts.since, self._account_of("webchat"), person, after_ms)
        return [_line(each) for each in said]

    # the clock

    def _ticks(self) -> tuple[Tick, ...]:
        folder = self.settings.home
        return (
            Tick("spool", 5, lambda: self.arrivals.read_back()),
            Tick("channels", 30, lambda: self.connections.connect()),
            Tick("knowledge", 5, self._refresh_knowledge),
            Tick("campaigns", 5, self._launch_due),
            Tick("publications", 5, self.publisher.work),
            Tick("issues", 5, lambda: campaigns.watch(self.database, self.now(), self.troubles)),
            Tick("deadlines", 600, lambda: deadlines.remind(self.database, self.now(), self.troubles)),
            Tick("leases", 15, lambda: self.database.write(outbox.expire, to_ms(self.now()))),
            Tick("attachments", 2, self._fetch_attachments),
            Tick(
                "tokens", 600, lambda: tokens_tick.keep_fresh(self.database, self.channels, self.troubles, self.now())
            ),
            Tick("watch", 300, lambda: watch.watch(self._delivering(), self.troubles)),
            Tick("catch-up", 3600, self._catch_up),
            Tick("doubts", 60, lambda: doubts.resolve(self.database, self.channels, _words_of, self.now())),
            Tick("names", 10, lambda: names.ask(self.database, self.channels, self.now())),
            Tick("probes", 300, lambda: probes.probe(self.database, self.channels, self.now())),
            Tick("register", 3600, lambda: exports.write_last_month(self.database, folder, self.now())),
            Tick("retention", 3600, lambda: retention.forget(self.database, folder, self.now())),
            Tick("backup", 600, lambda: backups.nightly(folder, self.settings.database_url, self.now())),
        )

    async def _launch_due(self) -> None:
        await campaigns.launch_due(self.database, self.now(), self.wake, self.troubles, outlets(self.channels))

    async def _fetch_attachments(self) -> None:
        await attachments.fetch_waiting(self.database, self.channels, self.store, self.now())

    async def _refresh_knowledge(self) -> None:
        version = await self.database.read(knowledge.version)
        if version != self._learned_version:
            procedures = await self.database.read(knowledge.answering)
            neighbours = await self.database.read(knowledge.neighbours)
            self.knowledge = await asyncio.to_thread(learned.learn, procedures, neighbours)
            self._learned_version = version


def _media_hosts(api_url: str, hosts: Iterable[str]) -> tuple[str, ...]:
    """A platform that is played on this machine serves its media from here too."""
    return (*hosts, "127.0.0.1") if api_url.startswith("http://127.0.0.1") else tuple(hosts)


def _words_of(text: str, link: str) -> str:
    return compose(text, link).text


def _line(said: transcripts.Said) -> Line:
    reply = compose(*said.issue) if said.issue else from_body(said.body)
    images = (reply.image,) if reply.image else tuple(said.body.get("stored", ()))
    return Line(said.id, said.author, reply.text, reply.buttons, images, reply.image_alt, said.at_ms)


def application(house: House) -> web.Application:
    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    app.add_routes(house.webchat.routes())
    app.on_shutdown.append(house.webchat.end_streams)
    app.add_routes(_webhook_routes(house))
    health = Health(house.database, house.connections.states, house.clock.stale)
    app.router.add_get("/health", health.answer)
    app.router.add_get(r"/published/{name:issue-\d+\.jpg}", house.show_published)
    console = Console(
        house.database, house.settings.home, house.channels, house.wake, house.now, learned=lambda: house.knowledge,
        public_url=house.settings.public_url, webhook=house.webhook, rules_changed=house.rules_changed,
        staff_chat=house.staff_chat(), staff_link=house.staff_link,
    )  # fmt: skip
    app.add_routes(console_routes(console))
    return app


def _webhook_routes(house: House) -> Iterator[web.RouteDef]:
    for account_id, channel in house.channels.items():
        if channel.name in NEEDED:
            yield web.post(f"/webhooks/{channel.name}", webhooks.post(channel, house.door(account_id, channel)))
        if isinstance(channel, Messenger):
            yield web.get("/webhooks/messenger", webhooks.get(channel.challenge))


# --- the commands ---


def prepare(settings: Settings) -> tuple[Database, str]:
    """The home folder, and an up-to-date database with the shipped content in it. Raises `Stop`."""
    home.prepare(settings.home)
    database = Database(settings.database_url)
    try:
        migrate(database.engine)
    except (SQLAlchemyError, CommandError) as error:
        raise Stop(f"Không mở được cơ sở dữ liệu ({type(error).__name__}). Xin xem lại LOA_DATABASE_URL.") from error
    database.write_now(accounts.the_unit)
    database.write_now(knowledge.load_starter, utc_now())
    database.write_now(calendar.prefill, range(utc_now().year - 1, utc_now().year + 2))
    return database, home.secret_key(settings.home, settings.secret_key)


def _run(work: Coroutine[Any, Any, None]) -> None:
    factory = None
    with contextlib.suppress(ImportError):  # not to be had on Windows
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work)


def serve(settings: Settings, options: argparse.Namespace) -> int:
    logs.begin(secrets_of(os.environ))
    home.prepare(settings.home)
    with home.locked(settings.home):
        database, key = prepare(settings)
        if database.is_sqlite:  # the lock says that whoever held a lease is dead
            database.write_now(outbox.release_all, to_ms(utc_now()))
        house = House(settings, database, key)
        try:
            _run(_serve(house))
        finally:
            database.close()
    return 1 if house.failed else 0


async def _serve(house: House) -> None:
    """Opened in order, closed in the reverse of it."""
    _listen_to_signals(house)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(house.close)
        await house.open()
        runner = web.AppRunner(application(house), access_log=None, keepalive_timeout=75, shutdown_timeout=10)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await _listen(runner, house.settings)
        await house.start()
        stack.push_async_callback(house.clock.stop)
        house.clock.start()
        await _say_where(house)
        await house.to_stop.wait()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise Stop(
            f"Không mở được cổng {settings.port} ({error.strerror}). Có thể chương trình khác đang dùng cổng này: "
            "xin dừng nó, hoặc đổi LOA_PORT."
        ) from error


def _listen_to_signals(house: House) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, house.to_stop.set)


async def _say_where(house: House) -> None:
    await house.connections.connect()
    address = house.settings.address
    lines = [f"Loa đang chạy. Trang nhắn tin: {address}/   Trang làm việc: {address}/staff"]
    link = await house.database.write(staff.first_link, utc_now())
    if link:
        lines.append(f"Lần đầu: mở địa chỉ này để đặt mật khẩu quản trị (dùng một lần): {address}/staff/link/{link}")
    lines += [_channel_line(name, state) for name, state in house.connections.states().items() if name in NEEDED]
    print("\n".join(lines), flush=True)


def _channel_line(name: str, state: str) -> str:
    words = {
        "connected": "đã kết nối",
        "connecting": "chưa kết nối được, đang thử lại (xem dòng lỗi ở trên)",
        "off": f"chưa dùng; muốn dùng thì điền {', '.join(NEEDED[name])} vào tệp .env",
    }
    return f"  {name}: {words[state]}"


def sandbox(settings: Settings, options: argparse.Namespace) -> int:
    """The house between played platforms, with a home of its own that is new each time."""
    from tests.platforms.sandbox import Sandbox

    logs.begin(secrets_of(os.environ))
    folder = settings.home / "sandbox"
    home.prepare(folder)
    with home.locked(folder):  # another one at work keeps what it has
        home.clear(folder)
        _run(_sandbox(Sandbox(settings.port, options.page_port), folder))
    return 0


async def _sandbox(town: "Sandbox", folder: Path) -> None:
    try:
        await town.start()
    except OSError as error:
        raise Stop(f"Không mở được cổng {town.port} ({error.strerror}). Xin chọn cổng khác: --page-port.") from error
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(town.stop)
        settings = read(town.environment(folder))
        database, key = await asyncio.to_thread(prepare, settings)
        stack.callback(database.close)
        print(f"Ba điện thoại để chơi thử: {town.url}", flush=True)
        await _serve(House(settings, database, key, town.clock))


def chat(settings: Settings, options: argparse.Namespace) -> int:
    logs.begin(secrets_of(os.environ), logging.WARNING)
    database, key = prepare(settings)
    try:
        _run(_chat(House(settings, database, key)))
    finally:
        database.close()
    return 0


async def _chat(house: House) -> None:
    typist = Terminal(f"{os.getpid()}", print)
    await house.open(typist)
    await house.start()
    keep = house.door(house._account_of("terminal"), typist)
    print("Gõ câu hỏi rồi Enter. Ctrl+D để thoát.")
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            typist.answered.clear()
            await keep(typist.said(line.strip(), utc_now()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(typist.answered.wait(), 5)
            await asyncio.sleep(0.2)  # an answer may be of several messages
    finally:
        await house.close()


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Print what is wrong, and what to do; 1 when anything is."""
    logs.begin(secrets_of(os.environ), logging.CRITICAL)
    database, key = prepare(settings)
    found: dict[str, list[Finding]] = {}
    try:
        _run(_check(House(settings, database, key), found))
    finally:
        database.close()
    return terminal.print_check(found, as_json=options.json)


async def _check(house: House, found: dict[str, list[Finding]]) -> None:
    await house.open()
    found["máy chủ"] = await _check_machine(house)
    for account_id, channel in house.channels.items():
        found[channel.name] = await _check_channel(house, account_id, channel)
    await house.close()


async def _check_machine(house: House) -> list[Finding]:
    is_writable = await house.database.write(_is_writable)
    free = shutil.disk_usage(house.settings.home).free / 1e9
    return [
        Finding("Cơ sở dữ liệu", is_writable, "ghi được" if is_writable else "không ghi được"),
        Finding("Ổ đĩa", free > ENOUGH_GB, f"còn {free:.1f} GB", "Xin dọn ổ đĩa hoặc chuyển LOA_HOME sang ổ khác."),
    ]


async def _check_channel(house: House, account_id: int, channel: Channel) -> list[Finding]:
    try:
        await channel.open()
        looked = (
            await channel.inspect(house.webhook(channel.name), house.now()) if isinstance(channel, Inspects) else []
        )
    except SendError as error:
        return [Finding("Kết nối", False, str(error), error.advice or "Xem docs/setup trong bộ cài.")]
    heard_ms = await house.database.read(inbox.latest_ms, account_id)
    return [Finding("Kết nối", True, "được"), *looked, *([_heard(heard_ms)] if channel.name in NEEDED else [])]


def _heard(at_ms: int | None) -> Finding:
    """An arrival is stored only when its proof of origin was right."""
    if at_ms is None:
        todo = "Nhắn thử một tin tới tài khoản này. Không thấy gì thì xem lại địa chỉ webhook và khoá bí mật."
        return Finding("Tin đến", False, "chưa nhận tin nào có chữ ký đúng", todo)
    return Finding("Tin đến", True, f"gần nhất {time_in_words(from_ms(at_ms))}")


def _is_writable(session: Session) -> bool:
    """Asking is enough: the transaction itself needs a database that can be written."""
    return session.get_bind() is not None


def ask(settings: Settings, options: argparse.Namespace) -> int:
    database, _ = prepare(settings)
    known = learned.learn(database.read_now(knowledge.answering), database.read_now(knowledge.neighbours))
    database.close()
    return terminal.ask(known, sys.stdin, utc_now(), jsonl=options.jsonl)


def migrate_only(settings: Settings, options: argparse.Namespace) -> int:
    prepare(settings)[0].close()
    print("Cơ sở dữ liệu đã ở bản mới nhất.")
    return 0


def back_up(settings: Settings, options: argparse.Namespace) -> int:
    home.prepare(settings.home)
    print(f"Đã sao lưu: {backups.backup(settings.home, settings.database_url, utc_now())}")
    return 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    home.prepare(settings.home)
    with home.locked(settings.home):
        try:
            backups.restore(options.file, settings.home, settings.database_url)
        except backups.NotABackup as error:
            raise Stop(f"Tệp này không phải bản sao lưu của Loa, hoặc đã hỏng: {error}") from error
    print("Đã khôi phục. Tệp cũ được để lại với đuôi .before-restore.")
    return 0


def staff_command(work: Callable[[Database, Settings, argparse.Namespace], int]) -> Callable[..., int]:
    """A command of the staff's, given an up-to-date database."""

    def run(settings: Settings, options: argparse.Namespace) -> int:
        database, _ = prepare(settings)
        try:
            return work(database, settings, options)
        finally:
            database.close()

    return run


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="main.py", description="Loa: kênh trả lời người dân của UBND phường, xã.")
    commands = top.add_subparsers(required=True, metavar="LỆNH")
    for name, command, text in (
        ("serve", serve, "chạy máy chủ: trang nhắn tin, trang làm việc, các kênh"),
        ("sandbox", sandbox, "chơi thử: Zalo, Messenger, Telegram giả lập trên máy này, không tới người dân nào"),
        ("chat", chat, "trò chuyện thử ngay trong cửa sổ dòng lệnh"),
        ("ask", ask, "thử xem một câu hỏi được hiểu thế nào"),
        ("check", check, "kiểm tra cấu hình, cơ sở dữ liệu, các kênh"),
        ("migrate", migrate_only, "đưa cơ sở dữ liệu lên bản mới nhất"),
        ("backup", back_up, "sao lưu vào LOA_HOME/backups"),
        ("restore", restore, "khôi phục từ một bản sao lưu (dừng máy chủ trước)"),
    ):
        commands.add_parser(name, help=text, description=text).set_defaults(command=command)
    commands.choices["ask"].add_argument(
        "--jsonl", action="store_true", help='mỗi dòng là {"id", "question"} hoặc {"id", "turns": ["…"]}'
    )
    commands.choices["sandbox"].add_argument("--page-port", type=int, default=8090, help="cổng của trang chơi thử")
    commands.choices["check"].add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    commands.choices["restore"].add_argument("file", type=Path, help="tệp loa-….zip")
    terminal.add_commands(commands, staff_command)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    load_dotenv(".env")
    options = parser().parse_args(arguments)
    try:
        return int(options.command(read(os.environ), options))
    except WrongSetting as error:
        print(f"Cấu hình chưa đúng. {error}", file=sys.stderr)
    except (Stop, home.Unusable, terminal.Mistake) as error:
        print(error, file=sys.stderr)
    except Unwritable as error:
        print(f"Cơ sở dữ liệu đang bận hoặc không ghi được ({error}). Xin thử lại sau ít phút.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
