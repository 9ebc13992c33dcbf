"""Empties the outbox of one account: lease, ask once more whether it may go, send, record.

No transaction is open while a platform is being called. A lease outlives every call under it, so whoever finds a
lease ended knows that its sender is dead.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from bot.abilities import Throttles
from bot.channel import Channel, Failure, SendError, Sending, Way
from bot.messages import Reply
from bot.planner import Plan, plan
from bot.text import from_body
from data import campaigns, outbox
from data.clock import to_ms
from data.database import Database
from data.outbox import Leased, Result
from data.tables import DeliveryKind, DeliveryState
from data.writer import Unwritable
from schedules.budget import Budget
from schedules.pace import Pace, PersonPaces
from schedules.trouble import Troubles
from schedules.verdicts import FIRST_RETRY_MS, asked_of, verdict

LEASE_MS = 180_000
IDLE_SECONDS = 1.0  # how long a delivery laid down by another process may wait to be seen
PAUSE_SECONDS = {Failure.NOT_CONNECTED: 60.0, Failure.RESTRICTED: 3600.0, Failure.QUOTA: 600.0}
HELD = (
    "Chưa gửi được tin cho {code}: đã quá thời gian nền tảng cho phép. Xin gọi điện cho người dân; "
    "tin sẽ tự gửi khi họ nhắn lại."
)
RESTRICTED = "Bản tin số {issue} đã dừng vì {channel} hạn chế tài khoản. Xin xem lý do trước khi cho gửi tiếp."

log = logging.getLogger(__name__)

Compose = Callable[[str, str], Reply]
"""A campaign's text and link -> the message a citizen gets."""


@dataclass
class Courier:
    """The one who carries an account's deliveries."""

    account_id: int
    channel: Channel
    database: Database
    clock: Callable[[], datetime]
    compose: Compose
    troubles: Troubles
    lost: Callable[[int], None]
    renewed_every_seconds: float = 30.0
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _results: list[Result] = field(default_factory=list)
    _recorded: asyncio.Event = field(default_factory=asyncio.Event)
    _issues: dict[int, Reply] = field(default_factory=dict)
    _not_before: float = 0.0
    _held: set[int] = field(default_factory=set)  # leased, and not recorded yet
    _leasing: "asyncio.Task[list[Leased]] | None" = None

    def __post_init__(self) -> None:
        self.take_pace()
        self._budget = Budget(self.database, self.account_id)

    def take_pace(self) -> None:
        """As the platform's rules are now."""
        self._pace = Pace(self.channel.limits.sends_per_second.value)
        self._people = PersonPaces(self.channel.limits.person_gap_seconds.value)

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. If one of its parts dies, all do, and whoever started it is told."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._record_results())
            parts.create_task(self._renew_leases())
            while True:
                self._woken.clear()
                if not await self._start_some():
                    await self._rest()

    async def stop(self) -> None:
        """Let the calls under way end, give back what was leased and not begun, and record it all."""
        if self._leasing:
            with suppress(Unwritable):  # then nothing was leased
                self._results += [Result(item.id, DeliveryState.WAITING) for item in await self._leasing]
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=20)
        await self._flush()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):  # not wait_for, which in Python 3.11 may swallow a cancellation
                await self._woken.wait()
        except TimeoutError:
            return

    async def _start_some(self) -> bool:
        """Lease as many as may be under way; True when there may be more to lease at once."""
        free = self.channel.limits.in_flight - len(self._tasks)
        if free <= 0 or monotonic() < self._not_before:
            return False
        try:
            self._leasing = asyncio.create_task(self._lease(free))
            leased = await asyncio.shield(self._leasing)  # cancelled or not, what is leased is known
        except Unwritable as error:
            log.error("%s: nothing can be leased: %s", self.channel.name, error)
            self._leasing = None
            return False
        self._leasing = None
        for item in leased:
            self._held.add(item.id)
            task = asyncio.create_task(self._carry(item), name=str(item.id))
            self._tasks.add(task)
            task.add_done_callback(self._carried)
        return len(leased) == free and free > 1

    async def _lease(self, limit: int) -> list[Leased]:
        now_ms = to_ms(self.clock())
        return await self.database.write(outbox.claim, self.account_id, limit=limit, now_ms=now_ms, lease_ms=LEASE_MS)

    def _carried(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            # held no longer: its lease ends, and then it is seen as unsure or tried again
            self._held.discard(int(task.get_name()))
            log.error("%s: a delivery broke off", self.channel.name, exc_info=task.exception())
        # lease in handfuls: one claim for one free place would cost a commit a message
        if len(self._tasks) <= self.channel.limits.in_flight // 2:
            self._woken.set()

    async def _carry(self, item: Leased) -> None:
        try:
            result = await self._outcome(item)
        except Unwritable:  # a text, a token, or what was spent could not be read: nothing was sent
            result = Result(item.id, DeliveryState.WAITING, retry_at_ms=to_ms(self.clock()) + FIRST_RETRY_MS)
        self._results.append(result)
        self._recorded.set()

    async def _outcome(self, item: Leased) -> Result:
        found = await self._plan(item)
        if found.way is None:
            return await self._unreached(item, found.refusal)
        if found.at:
            return Result(item.id, DeliveryState.WAITING, "quiet_hours", retry_at_ms=to_ms(found.at))
        result = await self._send(item, found.way)
        if result.state is not DeliveryState.SENT:
            self._budget.give_back(found.way)
        return result

    async def _plan(self, item: Leased) -> Plan:
        """By which way this may go now, asked at the last moment."""
        wish, standing = asked_of(item)
        now, ways = self.clock(), self.channel.ways
        used = await self._budget.used(ways, now)
        found = plan(wish, standing, self.channel.limits, ways, now, used)
        if found.way and not found.at:
            self._budget.take(found.way)
        return found

    async def _unreached(self, item: Leased, refusal: str) -> Result:
        """News is not for this person now; an answer waits for the person to write again, and a clerk may call."""
        if item.kind is DeliveryKind.ALERT:
            return Result(item.id, DeliveryState.FAILED, refusal)
        if item.kind is DeliveryKind.CAMPAIGN or refusal == Failure.BLOCKED.word:
            return Result(item.id, DeliveryState.SKIPPED, refusal)
        if item.kind is DeliveryKind.NOTICE:
            page = f"/complaints/{item.complaint}" if item.complaint else "/questions"
            await self.troubles.tell(None, HELD.format(code=item.complaint or "người dân"), page)
        return Result(item.id, DeliveryState.HELD, refusal)

    async def _send(self, item: Leased, way: Way) -> Result:
        await self._pace.wait()
        await self._people.wait(item.person)
        sending = Sending(way.name, mark=str(item.id), phone=item.phone if way.phone else "")
        try:
            sent = await self.channel.send(item.person, await self._reply(item), sending)
        except SendError as error:
            return await self._failed(item, way, error)
        finally:
            self._rest_as_asked()
        await self.troubles.note(self.account_id, self.channel.name, "")
        forget = bool((item.body or {}).get("once"))
        return Result(item.id, DeliveryState.SENT, platform_id=sent, forget=forget, way=way.name, cost=way.cost)

    def _rest_as_asked(self) -> None:
        if isinstance(self.channel, Throttles) and (seconds := self.channel.rest_seconds):
            self._not_before = max(self._not_before, monotonic() + seconds)

    async def _reply(self, item: Leased) -> Reply:
        if item.body is not None:
            return from_body(item.body)
        assert item.issue_id
        if item.issue_id not in self._issues:
            issue = await self.database.read(campaigns.issue, item.issue_id)
            self._issues[item.issue_id] = self.compose(issue.text, issue.link)
        return self._issues[item.issue_id]

    async def _failed(self, item: Leased, way: Way, error: SendError) -> Result:
        result = verdict(item, way, error, to_ms(self.clock()))
        if item.kind is DeliveryKind.ALERT:  # a staff group that is gone is no reason to let citizens wait
            log.error("%s: the staff group cannot be told: %s", self.channel.name, error)
            return result
        self._hold_back(error)
        if error.failure.wake:
            log.error("%s: %s", self.channel.name, error)
            await self.troubles.note(self.account_id, self.channel.name, error.advice or error.failure.word)
        if error.failure is Failure.NOT_CONNECTED:
            self.lost(self.account_id)
        if error.failure is Failure.RESTRICTED:
            await self._stop_campaigns(error)
        return result

    async def _stop_campaigns(self, error: SendError) -> None:
        """Only a person may go on sending news after the platform has restrained the account."""
        paused = await self.database.write(campaigns.pause_all, error.failure.word, self.clock())
        for issue_id in paused:
            await self.troubles.tell(None, RESTRICTED.format(issue=issue_id, channel=self.channel.name), "/campaigns")

    def _hold_back(self, error: SendError) -> None:
        seconds = error.retry_after_seconds if error.failure is Failure.TOO_FAST else PAUSE_SECONDS.get(error.failure)
        if seconds and not error.only_person:
            self._not_before = max(self._not_before, monotonic() + seconds)

    async def _record_results(self) -> None:
        while True:
            await self._recorded.wait()
            self._recorded.clear()
            await self._flush()
            self._woken.set()  # the next message to the same citizen may go now

    async def _flush(self) -> None:
        """Record what is known; it is kept and tried again while the database cannot be written."""
        results = list(self._results)
        if not results:
            return
        try:
            await self.database.write(outbox.record, results, to_ms(self.clock()))
        except Unwritable as error:
            log.error("%s: %d results wait to be recorded: %s", self.channel.name, len(results), error)
            await asyncio.sleep(IDLE_SECONDS)
            self._recorded.set()
            return
        del self._results[: len(results)]
        self._held.difference_update(result.id for result in results)

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(self.renewed_every_seconds)
            if self._held:
                with suppress(Unwritable):
                    until_ms = to_ms(self.clock()) + LEASE_MS
                    await self.database.write(outbox.renew, list(self._held), until_ms)
