"""Publishes issues on walls and channels: one step a call, and what is known is stored before the next."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.abilities import Post, Publishes, Step
from bot.channel import Channel, Failure, SendError
from bot.planner import VIETNAM, month_start, when_open
from data import publications
from data.clock import to_ms
from data.database import Database
from data.publications import UNHEARD, Job, Outlet
from data.tables import PublicationState
from schedules.trouble import Troubles

LEASE_MS = 180_000
FIRST_RETRY_MS, LONGEST_RETRY_MS = 5_000, 900_000
GIVE_UP = timedelta(hours=24)
FEWEST_TRIES = 8  # also of what has waited for the new month, or for a person

log = logging.getLogger(__name__)

AsPost = Callable[[Job], Awaitable[Post]]
"""An issue as a publication: its title, its picture and where a platform finds that."""


def outlets(channels: Mapping[int, Channel]) -> list[Outlet]:
    """Where a campaign can be published at present."""
    return list(_outlets(channels))


def _outlets(channels: Mapping[int, Channel]) -> Iterator[Outlet]:
    for account_id, channel in channels.items():
        if isinstance(channel, Publishes) and channel.outlet:
            lead = timedelta(minutes=channel.limits.posts_lead_minutes.value or 0)
            yield Outlet(account_id, channel.outlet, lead)


@dataclass
class Publisher:
    database: Database
    channels: Mapping[int, Channel]
    clock: Callable[[], datetime]
    as_post: AsPost
    troubles: Troubles

    async def work(self) -> int:
        """One step of everything that is due; how many steps were taken."""
        now_ms = to_ms(self.clock())
        await self.database.write(publications.expire, now_ms)
        able = [outlet.account_id for outlet in outlets(self.channels)]
        jobs = await self.database.write(publications.claim, able, now_ms, LEASE_MS)
        for job in jobs:
            await self._advance(job, self.channels[job.account_id])
        return len(jobs)

    async def _advance(self, job: Job, channel: Channel) -> None:
        assert isinstance(channel, Publishes)
        opens_at = await self._not_before(job, channel)
        if opens_at:
            return await self._put_off(job, to_ms(opens_at), "Chờ đến giờ được đăng.")
        try:
            step = await channel.publish(await self.as_post(job), job.kept)
        except SendError as error:
            return await self._failed(job, channel, error)
        await self._stepped(job, step)

    async def _not_before(self, job: Job, channel: Channel) -> datetime | None:
        """When the hours, or the new month, let this be published; None: now."""
        now, most = self.clock(), channel.limits.posts_monthly.value
        if most is not None and not job.kept:
            since = month_start(now)
            if await self.database.read(publications.published_since, job.account_id, since) >= most:
                return (since.astimezone(VIETNAM) + timedelta(days=32)).replace(day=1, hour=8)
        return when_open(channel.limits, now)

    async def _put_off(self, job: Job, until_ms: int, reason: str) -> None:
        await self._record(job, state=PublicationState.WAITING, retry_at_ms=until_ms, reason=reason)

    async def _stepped(self, job: Job, step: Step) -> None:
        kept = {key: value for key, value in step.kept.items() if key != UNHEARD}
        if step.platform_id:
            log.info("issue %d published on account %d", job.issue_id, job.account_id)
            await self._record(
                job, state=PublicationState.PUBLISHED, kept=kept, platform_id=step.platform_id, reason=""
            )
            return
        wait_ms = to_ms(self.clock()) + int(step.wait_seconds * 1000)
        await self._record(
            job, state=PublicationState.WAITING, kept=kept, retry_at_ms=wait_ms, reason=step.note, attempts=0
        )

    async def _failed(self, job: Job, channel: Channel, error: SendError) -> None:
        log.error("issue %d cannot be published on %s: %s", job.issue_id, channel.name, error)
        words = error.advice or f"{channel.name}: {error.failure.word}"
        now = self.clock()
        if error.failure is Failure.UNSURE and UNHEARD not in job.kept:
            kept = {**job.kept, UNHEARD: "yes"}
            retry_at = to_ms(now) + FIRST_RETRY_MS
            await self._record(job, state=PublicationState.WAITING, kept=kept, retry_at_ms=retry_at, reason=words)
        elif error.failure.retry and (job.attempts < FEWEST_TRIES or now - job.due_at < GIVE_UP):
            await self._put_off(job, to_ms(now) + _retry_in(job, error), words)
        else:
            unsure = error.failure is Failure.UNSURE
            state = PublicationState.UNSURE if unsure else PublicationState.FAILED
            await self._record(job, state=state, reason=words)
            await self.troubles.tell(
                None, f"Bản tin số {job.issue_id} chưa đăng được. {words} Xem mục “Tuyên truyền”.", "/campaigns"
            )

    async def _record(self, job: Job, **values: object) -> None:
        await self.database.write(publications.record, job.id, values, self.clock())


def _retry_in(job: Job, error: SendError) -> int:
    if error.retry_after_seconds:
        return int(error.retry_after_seconds * 1000)
    return int(min(FIRST_RETRY_MS * 2 ** min(job.attempts, 10), LONGEST_RETRY_MS))
