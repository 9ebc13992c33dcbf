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

from bot.channel import Channel, Failure, SendError
from bot.messages import Reply
from bot.text import from_body
from data import campaigns, outbox
from data.clock import to_ms
from data.database import Database
from data.outbox import Leased, Result
from data.tables import DeliveryKind, DeliveryState
from data.writer import Unwritable
from schedules.pace import Pace
from schedules.trouble import Troubles

LEASE_MS = 180_000
IDLE_SECONDS = 1.0  # how long a delivery laid down by another process may wait to be seen
FIRST_RETRY_MS, LONGEST_RETRY_MS = 2_000, 900_000
GIVE_UP_MS = 48 * 3_600_000
CAMPAIGN_TRIES, ALERT_TRIES = 40, 8
PAUSE_SECONDS = {Failure.NOT_CONNECTED: 60.0, Failure.RESTRICTED: 3600.0, Failure.QUOTA: 600.0}
HOUR_MS = 3_600_000

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
        self._pace = Pace(self.channel.limits.sends_per_second.value)

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
        refusal = self._refusal(item)
        result = Result(item.id, DeliveryState.SKIPPED, refusal) if refusal else await self._send(item)
        self._results.append(result)
        self._recorded.set()

    def _refusal(self, item: Leased) -> str:
        """Why this must not go now, asked at the last moment; "" when it may."""
        if item.kind not in (DeliveryKind.CAMPAIGN, DeliveryKind.NOTICE):
            return ""
        if item.blocked:
            return Failure.BLOCKED.word
        if item.kind is DeliveryKind.CAMPAIGN and not item.wants_news:
            return Failure.OPTED_OUT.word
        limits = self.channel.limits
        window = limits.campaign_window_hours if item.kind is DeliveryKind.CAMPAIGN else limits.reply_window_hours
        if window.value is None:
            return ""
        opened = item.last_incoming_ms or 0
        return Failure.OUTSIDE_WINDOW.word if to_ms(self.clock()) - opened > window.value * HOUR_MS else ""

    async def _send(self, item: Leased) -> Result:
        await self._pace.wait()
        try:
            sent = await self.channel.send(item.person, await self._reply(item))
        except SendError as error:
            return await self._failed(item, error)
        except Unwritable:  # a text or a token could not be read: nothing was sent
            return Result(item.id, DeliveryState.WAITING, retry_at_ms=to_ms(self.clock()) + FIRST_RETRY_MS)
        await self.troubles.note(self.account_id, self.channel.name, "")
        return Result(item.id, DeliveryState.SENT, platform_id=sent, forget=bool((item.body or {}).get("once")))

    async def _reply(self, item: Leased) -> Reply:
        if item.body is not None:
            return from_body(item.body)
        assert item.issue_id
        if item.issue_id not in self._issues:
            issue = await self.database.read(campaigns.issue, item.issue_id)
            self._issues[item.issue_id] = self.compose(issue.text, issue.link)
        return self._issues[item.issue_id]

    async def _failed(self, item: Leased, error: SendError) -> Result:
        if item.kind is DeliveryKind.ALERT:  # a staff group that is gone is no reason to let citizens wait
            log.error("%s: the staff group cannot be told: %s", self.channel.name, error)
            return _verdict(item, error, to_ms(self.clock()))
        self._hold_back(error)
        if error.failure.wake:
            log.error("%s: %s", self.channel.name, error)
            await self.troubles.note(self.account_id, self.channel.name, error.failure.word)
        if error.failure is Failure.NOT_CONNECTED:
            self.lost(self.account_id)
        return _verdict(item, error, to_ms(self.clock()))

    def _hold_back(self, error: SendError) -> None:
        seconds = error.retry_after_seconds if error.failure is Failure.TOO_FAST else PAUSE_SECONDS.get(error.failure)
        if seconds:
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


_SKIPPED = {Failure.BLOCKED, Failure.GONE, Failure.OUTSIDE_WINDOW, Failure.OPTED_OUT}
_TRIED_AGAIN = {Failure.TOO_FAST, Failure.UNAVAILABLE, Failure.NOT_CONNECTED, Failure.RESTRICTED, Failure.QUOTA}


def _verdict(item: Leased, error: SendError, now_ms: int) -> Result:
    word = error.failure.word
    if error.failure in _SKIPPED:
        stopped = item.citizen_id if error.failure in (Failure.BLOCKED, Failure.GONE) else None
        return Result(item.id, DeliveryState.SKIPPED, word, stopped_by=stopped)
    if error.failure in _TRIED_AGAIN and not _is_hopeless(item, now_ms):
        return Result(item.id, DeliveryState.WAITING, word, retry_at_ms=now_ms + _retry_in(item, error))
    if error.failure is Failure.UNSURE:
        # a reply said twice is better than a question left hanging; nothing else may be said twice
        if item.kind is DeliveryKind.REPLY and item.attempts < 2:
            return Result(item.id, DeliveryState.WAITING, word, retry_at_ms=now_ms + FIRST_RETRY_MS)
        return Result(item.id, DeliveryState.UNSURE, error.detail)
    return Result(item.id, DeliveryState.FAILED, f"{word}: {error.detail}"[:300])


def _is_hopeless(item: Leased, now_ms: int) -> bool:
    """News may have waited long for a person's word before it was sent at all: there only the tries count."""
    if item.kind in (DeliveryKind.CAMPAIGN, DeliveryKind.ALERT):
        return item.attempts >= (ALERT_TRIES if item.kind is DeliveryKind.ALERT else CAMPAIGN_TRIES)
    return now_ms - item.created_at_ms >= GIVE_UP_MS


def _retry_in(item: Leased, error: SendError) -> int:
    if error.retry_after_seconds:
        return int(error.retry_after_seconds * 1000)
    return int(min(FIRST_RETRY_MS * 2 ** min(item.attempts, 12), LONGEST_RETRY_MS))
