"""The whole house, in this process, with the platforms played by real servers on this machine."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from aiohttp import web
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from bot.channels.messenger import Messenger
from bot.channels.telegram import Telegram
from bot.channels.zalo import Zalo
from data import accounts, inbox, knowledge
from data.clock import to_ms, utc_now
from data.database import Database
from data.settings import Settings, read
from data.tables import Arrival, ArrivalState, Delivery, DeliveryState, PlatformRule
from handlers.citizens.talk import Knowledge
from main import House, application, prepare
from tests.platforms import GraphPlatform, Letter, Platform, TelegramPlatform, ZaloPlatform
from tests.platforms.clock import Clock
from tests.postgres import free_port

STAFF_GROUP = "900000009"
LAN = "100000001"  # digits, as all three platforms have it
COMPLAINT = (
    "chao", "gửi phản ánh", "3", "Đường trước nhà hư hỏng nặng, xe đi té liên tục", "tổ 5", "tiếp tục",
    "Nguyễn Thị Lan", "tổ 5 phường Ayun Pa", "0905123456", "đồng ý gửi",
)  # fmt: skip
OPEN = ("waiting", "sending")


def corrected(channel: str, name: str, value: float) -> PlatformRule:
    """A platform's rule as staff corrected it."""
    return PlatformRule(
        channel=channel, name=name, value=value, source="story", checked_on=date(2026, 11, 24), changed_by="minh"
    )


# The shipped paces are that of Zalo's smallest package, 80 messages a minute, and that of people who read.
FASTER = (corrected("zalo", "sends_per_second", 200), corrected("telegram", "person_gap_seconds", 0))


@dataclass
class Street:
    """A commune's house and the three platforms around it."""

    house: House
    zalo: ZaloPlatform
    messenger: GraphPlatform
    telegram: TelegramPlatform
    address: str
    clock: Callable[[], datetime] = utc_now

    def platform(self, name: str) -> Platform:
        found: Platform = getattr(self, name)
        return found

    @property
    def database(self) -> Database:
        return self.house.database

    def account(self, name: str) -> int:
        return self.house._account_of(name)

    async def says(self, name: str, *words: str, person: str = LAN) -> list[Letter]:
        """Somebody says this, one after the other; what came back to the last of it."""
        platform = self.platform(name)
        for text in words:
            before, known = len(platform.letters_to(person)), await self.database.read(_arrivals)
            await platform.says(person, text)
            await self.hears_more_than(known)
        return platform.letters_to(person)[before:]

    async def hears_more_than(self, known: int) -> None:
        """Return when more than so many events have come, and what they caused is done."""
        async with asyncio.timeout(10):
            while await self.database.read(_arrivals) <= known:
                await asyncio.sleep(0.005)
        await self.settles_for_now()

    async def files_complaint(self, name: str) -> str:
        """Lan's complaint about the road, in the form; its code."""
        self.platform(name).add_people(1, int(LAN))
        receipt = await self.says(name, *COMPLAINT)
        code = re.search(r"PA-\d{4}-\d{5}", receipt[-1].text)
        assert code
        return code[0]

    async def settles(self, seconds: float = 10) -> None:
        """Return when nothing waits to be handled or sent."""
        async with asyncio.timeout(seconds):
            while await self.database.read(_is_busy):
                await asyncio.sleep(0.01)

    async def settles_for_now(self, seconds: float = 60) -> None:
        """Return when nothing is due: what is put off to a later hour may wait, and so may an account that rests."""
        async with asyncio.timeout(seconds):
            while self._tells() or await self.database.read(_is_due, to_ms(self.clock()), self._resting()):
                await asyncio.sleep(0.01)

    def _tells(self) -> bool:
        """A platform has something under way to us that nobody waits for: an echo, a receipt."""
        return any(platform._tasks for platform in (self.zalo, self.messenger, self.telegram))

    def _resting(self) -> list[int]:
        return [id for id, courier in self.house.couriers.items() if courier._not_before > monotonic()]

    async def passes(self, **time: float) -> None:
        """So much time goes by for the house and the platforms; what then is due is done."""
        assert isinstance(self.clock, Clock)
        before = self.clock()
        self.clock.passes(**time)
        self._rests_less((self.clock() - before).total_seconds())
        self.house.worker.wake()
        self.house.wake()
        await self.settles_for_now()

    def _rests_less(self, seconds: float) -> None:
        """Pauses are measured by a clock that nobody can set: they end the sooner by what has passed."""
        for courier in self.house.couriers.values():
            courier._not_before -= seconds
            courier._budget._good_until -= seconds
        for channel in self.house.channels.values():
            if isinstance(channel, Zalo):
                channel._api.throttle._until -= seconds
            if isinstance(channel, Messenger):
                channel._graph._rests_until -= seconds

    async def strikes(self, *names: str) -> None:
        """These of the house's ticks, now."""
        for tick in self.house.clock.ticks:
            if tick.name in names:
                await tick.work()


def _arrivals(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Arrival)).one()


def _is_busy(session: Session) -> bool:
    sending = session.exec(select(Delivery.id).where(col(Delivery.state).in_(OPEN)).limit(1)).first()
    return sending is not None or inbox.backlog(session)["waiting"] > 0


def _is_due(session: Session, now_ms: int, resting: Collection[int]) -> bool:
    before = aliased(Delivery)
    put_off = select(before.id).where(
        before.citizen_id == Delivery.citizen_id, before.state == DeliveryState.WAITING, before.retry_at_ms > now_ms
    )
    due = (Delivery.state == DeliveryState.WAITING, Delivery.retry_at_ms <= now_ms)
    to_send = select(Delivery.id).where(*due, col(Delivery.account_id).not_in(resting), ~put_off.exists())
    sending = select(Delivery.id).where(Delivery.state == DeliveryState.SENDING)
    to_handle = select(Arrival.id).where(Arrival.state == ArrivalState.WAITING, Arrival.retry_at_ms <= now_ms)
    return any(session.exec(query.limit(1)).first() is not None for query in (to_send, sending, to_handle))


def settings_for(
    home: Path, port: int, zalo: ZaloPlatform, messenger: GraphPlatform, telegram: TelegramPlatform
) -> dict[str, str]:
    """The environment of a house between these platforms: nothing else tells it where they are."""
    return {
        "LOA_HOME": str(home),
        "LOA_PORT": str(port),
        "LOA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ZALO_APP_ID": zalo.app_id,
        "ZALO_APP_SECRET": zalo.oauth.app_secret,
        "ZALO_OA_SECRET": zalo.oa_secret,
        "ZALO_OA_ID": zalo.oa_id,
        "ZALO_ACCESS_TOKEN": zalo.oauth.access,
        "ZALO_REFRESH_TOKEN": zalo.oauth.refresh,
        "ZALO_API_URL": zalo.url,
        "ZALO_OAUTH_URL": zalo.url,
        "ZALO_BUSINESS_URL": zalo.url,
        "MESSENGER_PAGE_ID": messenger.page_id,
        "MESSENGER_PAGE_TOKEN": messenger.page_token,
        "MESSENGER_APP_SECRET": messenger.app_secret,
        "MESSENGER_VERIFY_TOKEN": messenger.verify_token,
        "MESSENGER_API_URL": f"{messenger.url}/v26.0",
        "TELEGRAM_BOT_TOKEN": telegram.bot_token,
        "TELEGRAM_API_URL": telegram.url,
        "TELEGRAM_STAFF_CHAT_ID": STAFF_GROUP,
    }


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with built(tmp_path) as street:
        yield street


@asynccontextmanager
async def built(folder: Path, *rules: PlatformRule, **settings: str) -> AsyncIterator[Street]:
    """A street whose house has these settings besides its own, and rules corrected by staff."""
    async with _laid_out(folder, utc_now, rules, settings) as street, _ticking(street.house):
        yield street


@asynccontextmanager
async def built_at(clock: Clock, folder: Path, *rules: PlatformRule, **settings: str) -> AsyncIterator[Street]:
    """The same by a clock that moves when it is told to; the ticks strike when they are told to."""
    async with _laid_out(folder, clock, rules, settings) as street:
        for channel in street.house.channels.values():
            if isinstance(channel, Telegram):  # whom it wrote to a moment ago is asked of the platform's moments
                channel._lately._clock = lambda: clock().timestamp()
        yield street


@asynccontextmanager
async def _laid_out(
    folder: Path, clock: Callable[[], datetime], rules: tuple[PlatformRule, ...], settings: dict[str, str]
) -> AsyncIterator[Street]:
    port = free_port()
    at = f"http://127.0.0.1:{port}/webhooks"
    zalo = ZaloPlatform(webhook=f"{at}/zalo", retry_delays=(0.05, 0.1), clock=clock)
    messenger = GraphPlatform(webhook=f"{at}/messenger", retry_delays=(0.05, 0.1), clock=clock)
    telegram = TelegramPlatform(retry_delays=(0.05, 0.1), clock=clock)
    async with AsyncExitStack() as stack:
        for platform in (zalo, messenger, telegram):
            await platform.start()
            stack.push_async_callback(platform.stop)
        telegram.add_people(1, int(STAFF_GROUP))
        environment = {**settings_for(folder / "home", port, zalo, messenger, telegram), **settings}
        house = await stack.enter_async_context(_opened(read(environment), clock, (*FASTER, *rules)))
        yield Street(house, zalo, messenger, telegram, f"http://127.0.0.1:{port}", clock)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """A house with its doors open at the port of its settings."""
    async with _opened(settings, utc_now, FASTER) as house, _ticking(house):
        yield house


@asynccontextmanager
async def _ticking(house: House) -> AsyncIterator[None]:
    house.clock.start()
    try:
        yield
    finally:
        await house.clock.stop()


@asynccontextmanager
async def _opened(
    settings: Settings, clock: Callable[[], datetime], rules: tuple[PlatformRule, ...]
) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        _furnish(settings.home)
        database, key = prepare(settings)
        stack.callback(database.close)
        for rule in rules:
            database.write_now(accounts.change_rule, rule.model_copy())
        house = House(settings, database, key, clock)
        stack.push_async_callback(house.close)
        await _open(house)
        runner = web.AppRunner(application(house), access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", settings.port, backlog=1024).start()
        await house.start()
        await house.connections.connect()
        yield house


_learned: dict[object, Knowledge] = {}


async def _open(house: House) -> None:
    """What one house has learned from the shipped entries, the next need not learn again."""
    version = house.database.read_now(knowledge.version)
    if version in _learned:
        house.knowledge, house._learned_version = _learned[version], version
    await house.open()
    _learned[house._learned_version] = house.knowledge


def _furnish(home: Path) -> None:
    """A new home begins with the shipped content in it, as a copy."""
    if not home.exists():
        shutil.copytree(_first_home(), home)


@cache
def _first_home() -> Path:
    folder = TemporaryDirectory(prefix="loa-home-")
    _kept.append(folder)
    home = Path(folder.name) / "home"
    prepare(read({"LOA_HOME": str(home)}))[0].close()
    return home


_kept: list["TemporaryDirectory[str]"] = []  # until this process ends
