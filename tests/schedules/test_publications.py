"""An issue on a wall: one step a call, nothing published twice, and staff told what hinders it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.abilities import Post, Step
from bot.channel import Failure, SendError
from data import campaigns
from data.database import Database
from data.publications import UNHEARD, Job, Outlet
from data.tables import (
    Campaign,
    CampaignState,
    Delivery,
    Issue,
    IssueState,
    Publication,
    PublicationState,
)
from schedules import covers
from schedules.campaigns import launch_due, watch
from schedules.publications import Publisher, outlets
from schedules.trouble import Troubles
from tests.conftest import NOON
from tests.data.people import NOON_MS, account, keep, reader, rows, unit
from tests.schedules.line import LIMITS, Line, rule
from tests.schedules.test_deliveries import Time

LATER = SendError(Failure.UNAVAILABLE, "busy", advice="Zalo đang bận.")
UNSURE = SendError(Failure.UNSURE, "timed out")
QUOTA = SendError(Failure.QUOTA, "-211", advice="Đã hết lượt quảng bá của tháng.")


@dataclass
class Wall(Line):
    """A place to publish: an article first, then its broadcast."""

    outlet: str = "zalo_broadcast"
    steps: list[dict[str, str]] = field(default_factory=list)
    refuses: list[SendError] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        self.steps.append(dict(kept))
        if self.refuses:
            raise self.refuses.pop(0)
        if "article" not in kept:
            return Step({"article": "a-1"}, wait_seconds=2, note="Chờ Zalo xử lý bài viết.")
        self.posts.append(post)
        return Step({**kept}, platform_id="b-1")


@dataclass
class Office:
    database: Database
    wall: Wall = field(default_factory=Wall)
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        self.account = account(self.database)
        channels = {self.account: self.wall}
        self.outlets = outlets(channels)
        self.staff = account(self.database, "telegram")
        troubles = Troubles(self.database, self.time, lambda: (self.staff, "-100"))
        self.troubles = troubles
        self.publisher = Publisher(self.database, channels, self.time, as_post, troubles)

    async def passes(self, seconds: float) -> Publication:
        self.time.now += timedelta(seconds=seconds)
        await self.publisher.work()
        return rows(self.database, Publication)[0]

    async def launches(self, **about: object) -> None:
        add_campaign(self.database, **about)
        await launch_due(self.database, self.time.now, lambda: None, self.troubles, outlets(self.publisher.channels))

    def alerts(self) -> list[str]:
        return [(row.body or {})["text"] for row in rows(self.database, Delivery) if row.kind == "alert"]


async def as_post(job: Job) -> Post:
    return Post("Tin tháng 11", job.text, "UBND phường Ayun Pa", job.link)


def add_campaign(database: Database, **about: Any) -> Campaign:
    given: dict[str, Any] = {
        "unit_id": unit(database).id, "name": "CCHC 11", "text": "Tin", "rule": campaigns.ONCE, "starts_at": NOON,
        "next_at": NOON, "state": CampaignState.APPROVED, "outlets": ["zalo_broadcast"], "created_at": NOON,
    }  # fmt: skip
    return keep(database, Campaign(**given | about))


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


async def test_an_issue_is_published_step_by_step(office: Office) -> None:
    await office.launches()

    first = await office.passes(0)
    early = await office.passes(1)
    last = await office.passes(1)

    assert (first.state, first.kept, first.reason) == ("waiting", {"article": "a-1"}, "Chờ Zalo xử lý bài viết.")
    assert early.state == "waiting"
    assert (last.state, last.platform_id) == (PublicationState.PUBLISHED, "b-1")
    assert len(office.wall.posts) == 1


async def test_only_the_outlets_that_were_chosen(office: Office) -> None:
    await office.launches(outlets=[])

    assert rows(office.database, Publication) == []


async def test_an_issue_is_not_over_before_it_is_published(office: Office) -> None:
    await office.launches()
    await watch(office.database, NOON, office.troubles)
    before = rows(office.database, Issue)[0].state
    await office.passes(0)
    await office.passes(2)
    await watch(office.database, NOON, office.troubles)

    assert (before, rows(office.database, Issue)[0].state) == (IssueState.SENDING, IssueState.DONE)


async def test_what_is_busy_is_asked_again(office: Office) -> None:
    office.wall.refuses = [LATER]
    await office.launches()

    waiting = await office.passes(0)
    done = await office.passes(60)

    assert (waiting.state, waiting.reason) == ("waiting", "Zalo đang bận.")
    assert done.kept == {"article": "a-1"}


async def test_a_call_that_was_not_heard_is_looked_for_before_it_is_made_again(office: Office) -> None:
    office.wall.refuses = [UNSURE]
    await office.launches()

    await office.passes(0)
    await office.passes(60)

    assert office.wall.steps == [{}, {UNHEARD: "yes"}]


async def test_what_cannot_be_found_out_waits_for_a_person(office: Office) -> None:
    office.wall.refuses = [UNSURE, UNSURE]
    await office.launches()

    await office.passes(0)
    row = await office.passes(60)

    assert row.state == PublicationState.UNSURE
    assert "chưa đăng được" in office.alerts()[0]


async def test_whoever_dies_in_a_call_leaves_it_as_unheard(office: Office) -> None:
    await office.launches()
    row = rows(office.database, Publication)[0]
    row.state, row.lease_until_ms = PublicationState.WORKING, NOON_MS + 1_000
    keep(office.database, row)

    await office.passes(2)

    assert office.wall.steps == [{UNHEARD: "yes"}]


async def test_a_refusal_tells_staff_what_to_do(office: Office) -> None:
    office.wall.refuses = [QUOTA]
    await office.launches()

    row = await office.passes(0)

    assert (row.state, row.reason) == (PublicationState.FAILED, "Đã hết lượt quảng bá của tháng.")
    assert "Đã hết lượt quảng bá của tháng." in office.alerts()[0]


async def test_it_waits_for_the_hours_of_the_platform(office: Office) -> None:
    office.wall.limits = replace(LIMITS, posts_from=rule(8), posts_to=rule(11))
    await office.launches()

    row = await office.passes(0)  # at noon in Viet Nam

    assert row.retry_at_ms == NOON_MS + 20 * 3_600_000
    assert office.wall.steps == []


async def test_a_months_posts_are_counted(office: Office) -> None:
    office.wall.limits = replace(LIMITS, posts_monthly=rule(0))
    await office.launches()

    row = await office.passes(0)

    assert datetime.fromtimestamp(row.retry_at_ms / 1000, NOON.tzinfo).isoformat() == "2026-12-01T01:00:00+00:00"


async def test_an_outlet_that_needs_time_has_it_before_the_hour(office: Office) -> None:
    office.wall.limits = replace(LIMITS, posts_lead_minutes=rule(30))
    reader(office.database, "lan")
    hour = NOON + timedelta(minutes=20)
    await office.launches(next_at=hour, starts_at=hour)

    row = await office.passes(0)

    assert row.kept == {"article": "a-1"}
    news = [one for one in rows(office.database, Delivery) if one.issue_id]
    assert [one.retry_at_ms for one in news] == [int(hour.timestamp() * 1000)]


async def test_nothing_else_is_launched_early(office: Office) -> None:
    office.wall.limits = replace(LIMITS, posts_lead_minutes=rule(30))
    hour = NOON + timedelta(minutes=20)

    await office.launches(next_at=hour, starts_at=hour, outlets=[])

    assert rows(office.database, Issue) == []


async def test_a_cancelled_campaign_is_not_published(office: Office) -> None:
    from data.audit import CLOCK

    await office.launches()
    campaign_id = rows(office.database, Campaign)[0].id
    office.database.write_now(
        lambda session: campaigns.cancel(session, session.get_one(Campaign, campaign_id), CLOCK, NOON)
    )

    row = await office.passes(0)

    assert row.state == PublicationState.CANCELLED
    assert office.wall.steps == []


def test_an_outlet_says_how_long_before_it_must_have_it() -> None:
    wall = Wall(limits=replace(LIMITS, posts_lead_minutes=rule(30)))

    assert outlets({7: wall, 8: Line()}) == [Outlet(7, "zalo_broadcast", timedelta(minutes=30))]


@pytest.mark.parametrize("title", ["Tin", "Từ 01/01/2027 nộp hồ sơ trực tuyến được miễn lệ phí " * 4])
def test_a_cover_is_a_picture_of_the_size_that_platforms_want(title: str) -> None:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(covers.draw(title, "UBND phường Ayun Pa", "Tháng 11/2026"))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 720))
