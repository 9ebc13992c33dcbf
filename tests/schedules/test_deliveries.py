"""The courier: each citizen's messages in order, nothing lost, and nothing said twice but a reply."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.channel import Failure, Limits, Purpose, SendError, Way
from data import citizens, complaints, echoes, outbox
from data.database import Database
from data.tables import (
    Account,
    Campaign,
    CampaignState,
    Citizen,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Issue,
    IssueState,
    Message,
)
from data.writer import Unwritable
from handlers.citizens.news import compose
from schedules.deliveries import Courier
from schedules.trouble import Troubles
from schedules.verdicts import GIVE_UP_MS
from tests.conftest import NOON
from tests.data.people import NOON_MS, account, citizen, complaint, keep, letter, reader, rows, unit
from tests.schedules.line import LIMITS, Line, rule

STAFF_CHAT = "-100123"


@dataclass
class Time:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """The database, the line and the courier between them."""

    database: Database
    line: Line = field(default_factory=Line)
    time: Time = field(default_factory=Time)
    lost: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account = account(self.database)
        self.troubles = Troubles(self.database, self.time, lambda: (self.account + 1, STAFF_CHAT))
        self.courier = self.hire()

    def hire(self) -> Courier:
        return Courier(
            self.account, self.line, self.database, self.time, compose, self.troubles, self.lost.append
        )  # fmt: skip

    def lay(self, whose: Citizen, said: str = "Dạ", kind: DeliveryKind = DeliveryKind.REPLY, **about: Any) -> int:
        row = letter(whose, kind, **{"body": {"text": said}} | about)
        self.database.write_now(outbox.enqueue, row)
        return row.id or 0

    def lay_news(self, whose: Citizen) -> int:
        return self.lay(whose, kind=DeliveryKind.CAMPAIGN, issue_id=issue(self.database), body=None)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.courier.run())
        yield
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await self.courier.stop()

    async def deliver(self) -> list[Delivery]:
        """Work until nothing is due; then the deliveries, by id."""
        async with self.at_work():
            await self.until(lambda found: not self.due(found))
        return rows(self.database, Delivery)

    async def deliver_with_alert(self) -> tuple[Delivery, Delivery]:
        """The first delivery and the latest alert, which another account carries."""
        async with self.at_work():
            await self.until(lambda found: not self.due([row for row in found if row.account_id == self.account]))
        found = rows(self.database, Delivery)
        return found[0], [row for row in found if row.kind == DeliveryKind.ALERT][-1]

    def due(self, found: list[Delivery]) -> bool:
        now_ms = int(self.time.now.timestamp() * 1000)
        return any(
            row.state == DeliveryState.SENDING or (row.state == DeliveryState.WAITING and row.retry_at_ms <= now_ms)
            for row in found
        )

    async def until(self, done: Any) -> None:
        async with asyncio.timeout(10):
            while not done(rows(self.database, Delivery)):
                await asyncio.sleep(0.01)


def issue(database: Database) -> int:
    campaign = keep(
        database,
        Campaign(
            unit_id=unit(database).id or 0, name="Tháng 11", text="Tin", rule="once", state=CampaignState.DONE,
            created_at=NOON,
        ),
    )  # fmt: skip
    row = Issue(
        campaign_id=campaign.id or 0, edition="2026-11", due_at=NOON, text="Tin tháng 11", link="https://x/11",
        state=IssueState.SENDING, launched_at=NOON,
    )  # fmt: skip
    return keep(database, row).id or 0


@pytest.fixture
async def office(database: Database) -> Office:
    keep(database, Account(id=account(database) + 1, unit_id=1, channel="telegram", external_id="2"))
    return Office(database)


def error(failure: Failure, seconds: float | None = None) -> SendError:
    return SendError(failure, "the platform's words", retry_after_seconds=seconds)


def windows(campaign: float | None = None, reply: float | None = None) -> Limits:
    return replace(LIMITS, campaign_window_hours=rule(campaign), reply_window_hours=rule(reply))


async def test_a_reply_is_sent_and_recorded(office: Office) -> None:
    office.lay(citizen(office.database), "Dạ, chào ông/bà.")

    [row] = await office.deliver()

    assert office.line.letters == [("lan", "Dạ, chào ông/bà.")]
    assert (row.state, row.platform_id, row.done_at_ms) == (DeliveryState.SENT, "m-1", NOON_MS)


async def test_a_citizens_messages_arrive_in_order(office: Office) -> None:
    lan, hung = citizen(office.database), citizen(office.database, "hung")
    for number in range(4):
        office.lay(lan, f"{number}")
        office.lay(hung, f"{number}")

    await office.deliver()

    for person in ("lan", "hung"):
        assert [said for whom, said in office.line.letters if whom == person] == ["0", "1", "2", "3"]


async def test_a_message_that_must_be_tried_again_keeps_the_later_ones_behind_it(office: Office) -> None:
    lan = citizen(office.database)
    office.lay(lan, "một")
    office.lay(lan, "hai")
    office.line.fails = [error(Failure.UNAVAILABLE)]

    async with office.at_work():
        await office.until(lambda found: found[0].attempts == 1 and found[0].state == DeliveryState.WAITING)
    before = list(office.line.letters)
    office.time.now += timedelta(minutes=1)
    await office.deliver()

    assert before == [("lan", "một")]
    assert office.line.letters == [("lan", "một"), ("lan", "một"), ("lan", "hai")]


async def test_the_pauses_between_tries_grow(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.UNAVAILABLE) for _ in range(4)]

    pauses = []
    for _ in range(4):
        [row] = await office.deliver()
        pauses.append(row.retry_at_ms - int(office.time.now.timestamp() * 1000))
        office.time.now += timedelta(milliseconds=pauses[-1])

    assert pauses == [4_000, 8_000, 16_000, 32_000]


async def test_a_platform_that_says_when_is_obeyed(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.UNAVAILABLE, 7)]

    [row] = await office.deliver()

    assert (row.state, row.reason, row.retry_at_ms) == (DeliveryState.WAITING, "unavailable", NOON_MS + 7_000)


async def test_nothing_is_tried_for_ever(office: Office) -> None:
    office.lay(citizen(office.database), created_at_ms=NOON_MS - GIVE_UP_MS)
    office.line.fails = [error(Failure.UNAVAILABLE)]

    [row] = await office.deliver()

    assert row.state == DeliveryState.FAILED


async def test_too_fast_pauses_everything(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.TOO_FAST, 0.3)]
    async with office.at_work():
        await office.until(lambda found: found[0].attempts == 1 and found[0].state == DeliveryState.WAITING)
        office.lay(citizen(office.database, "hung"))
        office.courier.wake()
        await asyncio.sleep(0.1)
        during = len(office.line.letters)
        await office.until(lambda found: found[1].state == DeliveryState.SENT)

    assert during == 1
    assert ("hung", "Dạ") in office.line.letters


@pytest.mark.parametrize("failure", [Failure.BLOCKED, Failure.GONE])
async def test_who_blocked_us_is_skipped_and_remembered(office: Office, failure: Failure) -> None:
    hung = reader(office.database, "hung")
    office.lay(hung)
    office.line.fails = [error(failure)]

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.SKIPPED, failure.word)
    assert rows(office.database, Citizen)[0].blocked_at == NOON


async def test_who_stopped_one_kind_of_message_has_not_blocked_us(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.OPTED_OUT)]

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "opted_out")
    assert rows(office.database, Citizen)[0].blocked_at is None


# --- the ladder ---

LADDER = (
    Way("free", frozenset(Purpose), hours=48),
    Way("paid", frozenset(Purpose), hours=168, cost=55, monthly=2),
    Way("template", frozenset({Purpose.NOTICE}), cost=200, template=True),
)


def way_of(row: Delivery) -> tuple[str, str, float]:
    return row.state, row.way, row.cost


@pytest.mark.parametrize(
    ("days", "gone"), [(1, ("sent", "free", 0)), (4, ("sent", "paid", 55)), (10, ("sent", "template", 200))]
)
async def test_an_answer_takes_the_cheapest_way_that_is_open(
    office: Office, days: int, gone: tuple[str, str, float]
) -> None:
    office.line.ladder = LADDER
    office.lay(reader(office.database, "lan"), kind=DeliveryKind.NOTICE, body={"text": "Dạ", "facts": {"code": "PA"}})
    office.time.now += timedelta(days=days)

    [row] = await office.deliver()

    assert way_of(row) == gone


async def test_what_the_platform_refuses_by_one_way_goes_by_the_next(office: Office) -> None:
    office.line.ladder = LADDER
    office.line.fails = [error(Failure.OUTSIDE_WINDOW)]
    office.lay(reader(office.database, "lan"), kind=DeliveryKind.NOTICE)

    [row] = await office.deliver()

    assert way_of(row) == ("sent", "paid", 55)


async def test_what_no_way_carries_is_held_and_a_clerk_is_asked_to_call(office: Office) -> None:
    office.line.ladder = LADDER[:1]
    lan = reader(office.database, "lan")
    filed = office.database.write_now(complaints.file, complaint(office.database, citizen_id=lan.id), [])
    office.lay(lan, kind=DeliveryKind.NOTICE, complaint_id=filed.id)
    office.time.now += timedelta(days=10)

    row, alert = await office.deliver_with_alert()

    assert (row.state, row.reason) == (DeliveryState.HELD, "outside_window")
    assert f"{filed.code}: đã quá thời gian" in (alert.body or {})["text"]


async def test_what_nobody_could_be_told_of_is_not_taken_for_sent(office: Office) -> None:
    def busy() -> tuple[int, str]:
        raise Unwritable("locked")

    office.line.ladder = LADDER[:1]
    office.courier.troubles = Troubles(office.database, office.time, busy)
    office.lay(reader(office.database, "lan"), kind=DeliveryKind.NOTICE)
    office.time.now += timedelta(days=10)

    [row] = await office.deliver()

    assert (row.state, row.attempts) == (DeliveryState.WAITING, 1)


async def test_what_was_held_goes_when_the_citizen_writes_again(office: Office) -> None:
    office.line.ladder = LADDER[:1]
    lan = reader(office.database, "lan")
    office.lay(lan, kind=DeliveryKind.NOTICE)
    office.time.now += timedelta(days=10)
    await office.deliver_with_alert()

    office.database.write_now(hears_again, lan.id or 0, office.time.now)
    row, _ = await office.deliver_with_alert()

    assert way_of(row) == ("sent", "free", 0)


def hears_again(session: Session, citizen_id: int, now: datetime) -> None:
    lan = session.get_one(Citizen, citizen_id)
    citizens.heard(session, lan, Message(citizen_id=citizen_id, text="alo", at=now))


async def test_paid_messages_end_with_the_months_budget(office: Office) -> None:
    office.line.ladder = LADDER[:2]
    for number in range(3):
        office.lay(reader(office.database, f"citizen-{number}"), kind=DeliveryKind.NOTICE)
    office.time.now += timedelta(days=4)

    async with office.at_work():
        await office.until(lambda found: not office.due([row for row in found if row.kind == DeliveryKind.NOTICE]))
    gone = [row for row in rows(office.database, Delivery) if row.kind == DeliveryKind.NOTICE]

    assert sorted(row.state for row in gone) == ["held", "sent", "sent"]
    assert [row.reason for row in gone if row.state == DeliveryState.HELD] == ["quota"]


async def test_a_restrained_account_sends_no_more_news(office: Office) -> None:
    office.lay_news(reader(office.database, "lan"))
    office.line.fails = [error(Failure.RESTRICTED)]

    row, _ = await office.deliver_with_alert()

    assert row.state == DeliveryState.WAITING
    assert [(found.state, found.reason) for found in rows(office.database, Issue)] == [("paused", "restricted")]


async def test_news_wait_for_the_morning(office: Office) -> None:
    office.line.limits = replace(LIMITS, quiet_from=rule(21), quiet_to=rule(7))
    office.lay_news(reader(office.database, "lan"))
    office.time.now += timedelta(hours=10)  # ten in the evening

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.WAITING, "quiet_hours")
    assert row.retry_at_ms == NOON_MS + 19 * 3_600_000


# --- the echo ---


async def test_an_echo_tells_that_a_message_arrived_whose_answer_was_lost(office: Office) -> None:
    lan = reader(office.database, "lan")
    number = office.lay(lan, kind=DeliveryKind.NOTICE)
    office.line.fails = [error(Failure.UNSURE)]
    await office.deliver()

    office.database.write_now(echoes.by_mark, lan.id or 0, str(number), "m-77", NOON)

    [row] = rows(office.database, Delivery)
    assert (row.state, row.platform_id) == (DeliveryState.SENT, "m-77")


async def test_an_echo_that_comes_before_the_answer_is_lost_spares_the_citizen_a_repeat(office: Office) -> None:
    lan = reader(office.database, "lan")
    office.lay(lan)
    office.line.open_gate = asyncio.Event()
    office.line.fails = [error(Failure.UNSURE)]
    async with office.at_work():
        await office.until(lambda _: len(office.line.letters) == 1)
        office.database.write_now(echoes.by_words, lan.id or 0, "Dạ", "m-77", "{}{}".format, NOON)
        office.line.open_gate.set()
        await office.until(lambda found: found[0].state == DeliveryState.SENT)

    assert len(office.line.letters) == 1


async def test_an_echo_that_is_known_already_says_nothing_of_another_message(office: Office) -> None:
    lan = reader(office.database, "lan")
    office.lay(lan, kind=DeliveryKind.NOTICE)
    await office.deliver()
    office.lay(lan, kind=DeliveryKind.NOTICE)
    office.line.fails = [error(Failure.UNSURE)]
    await office.deliver()

    heard = office.database.write_now(echoes.by_words, lan.id or 0, "Dạ", "m-1", "{}{}".format, NOON)

    assert not heard
    assert [row.state for row in rows(office.database, Delivery)] == ["sent", "unsure"]


async def test_nobody_is_flooded(office: Office) -> None:
    office.line.limits = replace(LIMITS, person_gap_seconds=rule(0.2))
    office.courier = office.hire()
    lan = reader(office.database, "lan")
    for _ in range(6):
        office.lay(lan)
    began = asyncio.get_running_loop().time()

    await office.deliver()

    assert asyncio.get_running_loop().time() - began >= 0.6


async def test_a_message_of_ours_that_is_wrong_fails_by_itself(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.REJECTED)]

    [wrong] = await office.deliver()

    assert (wrong.state, wrong.reason) == (DeliveryState.FAILED, "rejected: the platform's words")
    assert rows(office.database, Account)[0].trouble == ""


async def test_a_quota_that_is_used_up_wakes_staff(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.QUOTA)]

    waiting, alert = await office.deliver_with_alert()

    assert waiting.state == DeliveryState.WAITING
    assert "quota" in (alert.body or {})["text"]
    assert rows(office.database, Account)[0].trouble == "quota"


async def test_an_account_that_is_not_connected_is_opened_anew(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.NOT_CONNECTED)]

    row, _ = await office.deliver_with_alert()

    assert office.lost == [office.account]
    assert (row.state, row.reason) == (DeliveryState.WAITING, "not_connected")


async def test_trouble_ends_with_the_next_message_that_arrives(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.NOT_CONNECTED)]
    await office.deliver_with_alert()

    office.courier = office.hire()  # as after the pause
    office.lay(citizen(office.database, "hung"))
    await office.deliver_with_alert()

    assert rows(office.database, Account)[0].trouble == ""


# --- sent, and never heard ---


async def test_a_reply_of_which_nothing_was_heard_is_repeated_once(office: Office) -> None:
    office.lay(citizen(office.database))
    office.line.fails = [error(Failure.UNSURE), error(Failure.UNSURE)]

    [first] = await office.deliver()
    office.time.now += timedelta(minutes=1)
    [second] = await office.deliver()

    assert (first.state, second.state) == (DeliveryState.WAITING, DeliveryState.UNSURE)
    assert len(office.line.letters) == 2


@pytest.mark.parametrize("kind", [DeliveryKind.NOTICE, DeliveryKind.ALERT])
async def test_anything_else_of_which_nothing_was_heard_waits_for_a_person(office: Office, kind: DeliveryKind) -> None:
    office.lay(reader(office.database, "lan"), kind=kind)
    office.line.fails = [error(Failure.UNSURE)]

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.UNSURE, "the platform's words")


async def test_news_of_which_nothing_was_heard_wait_for_a_person(office: Office) -> None:
    office.lay_news(reader(office.database, "lan"))
    office.line.fails = [error(Failure.UNSURE)]

    [row] = await office.deliver()

    assert row.state == DeliveryState.UNSURE


# --- asked again at the moment of sending ---


async def test_news_have_the_issues_text_link_and_the_way_out(office: Office) -> None:
    office.lay_news(reader(office.database, "lan"))

    await office.deliver()

    [(_, said)] = office.line.letters
    assert said.startswith("Tin tháng 11\n\nhttps://x/11")
    assert "Nhắn “dừng”" in said


async def test_who_stopped_the_news_meanwhile_gets_none(office: Office) -> None:
    office.lay_news(citizen(office.database, wants_news=False))

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "opted_out")
    assert office.line.letters == []


@pytest.mark.parametrize("kind", [DeliveryKind.CAMPAIGN, DeliveryKind.NOTICE])
async def test_who_blocked_us_meanwhile_gets_none(office: Office, kind: DeliveryKind) -> None:
    hung = citizen(office.database, "hung", wants_news=True, blocked_at=NOON)
    office.lay(hung, kind=kind, issue_id=issue(office.database) if kind is DeliveryKind.CAMPAIGN else None)

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "blocked")


@pytest.mark.parametrize(("hours", "state"), [(24, DeliveryState.SENT), (25, DeliveryState.SKIPPED)])
async def test_news_go_only_within_the_platforms_window(office: Office, hours: int, state: DeliveryState) -> None:
    office.line.limits = windows(campaign=24)
    office.lay_news(reader(office.database, "lan"))
    office.time.now += timedelta(hours=hours)

    [row] = await office.deliver()

    assert row.state == state


async def test_a_notice_has_a_window_of_its_own(office: Office) -> None:
    office.line.limits = windows(campaign=24, reply=48)
    office.courier = office.hire()
    lan = reader(office.database, "lan")
    office.lay(lan, kind=DeliveryKind.NOTICE)
    office.lay_news(lan)
    office.time.now += timedelta(hours=30)

    states = [row.state for row in await office.deliver()]

    assert states == [DeliveryState.SENT, DeliveryState.SKIPPED]


async def test_who_never_wrote_is_outside_every_window(office: Office) -> None:
    office.line.limits = windows(campaign=24)
    office.lay_news(citizen(office.database, wants_news=True))

    [row] = await office.deliver()

    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "outside_window")


# --- nothing is lost ---


async def test_stopping_lets_the_calls_under_way_end_and_records_them(office: Office) -> None:
    office.line.open_gate = asyncio.Event()
    for number in range(3):
        office.lay(citizen(office.database, f"citizen-{number}"))

    async with office.at_work():
        await office.until(lambda _: len(office.line.letters) == 3)
        asyncio.get_running_loop().call_later(0.05, office.line.open_gate.set)

    assert [row.state for row in rows(office.database, Delivery)] == [DeliveryState.SENT] * 3


async def test_what_was_sent_is_recorded_although_the_database_was_locked_meanwhile(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.open()
    keep(database, Account(id=account(database) + 1, unit_id=1, channel="telegram", external_id="2"))
    office = Office(database, Line(open_gate=asyncio.Event()))
    office.lay(citizen(database))
    async with office.at_work():
        await office.until(lambda _: len(office.line.letters) == 1)
        with Database(sqlite_url).engine.begin() as other:
            other.execute(text("DELETE FROM unit WHERE id = 99"))
            assert office.line.open_gate
            office.line.open_gate.set()
            await asyncio.sleep(1.2)  # longer than a locked file is waited for
        await office.until(lambda found: found[0].state != DeliveryState.SENDING)

    assert [row.state for row in rows(database, Delivery)] == [DeliveryState.SENT]
    database.close()


async def test_two_couriers_carry_each_message_once(office: Office) -> None:
    people = [citizen(office.database, f"citizen-{number}") for number in range(60)]
    for person in people:
        office.lay(person)
    second = asyncio.create_task(office.hire().run())

    await office.deliver()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)

    assert sorted(whom for whom, _ in office.line.letters) == sorted(person.person for person in people)


async def test_a_lease_that_ended_is_carried_again_by_another(office: Office) -> None:
    office.lay(citizen(office.database))
    office.database.write_now(outbox.claim, office.account, limit=1, now_ms=NOON_MS, lease_ms=1000)
    office.time.now += timedelta(seconds=2)

    office.database.write_now(outbox.expire, NOON_MS + 2_000)
    [row] = await office.deliver()

    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)


async def test_a_courier_that_is_woken_and_stopped_at_once_stops(office: Office) -> None:
    running = asyncio.create_task(office.courier.run())
    await asyncio.sleep(0.1)  # it has nothing to carry, and rests

    office.courier.wake()
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=2)

    assert running.cancelled()


# --- leases, and what must not hold anybody up ---


async def test_a_lease_is_renewed_while_the_platform_takes_its_time(office: Office) -> None:
    office.courier.renewed_every_seconds = 0.02
    office.line.open_gate = asyncio.Event()
    office.lay(citizen(office.database))

    async with office.at_work():
        await office.until(lambda found: found[0].state == DeliveryState.SENDING)
        first = rows(office.database, Delivery)[0].lease_until_ms
        office.time.now += timedelta(minutes=2)
        await office.until(lambda found: found[0].lease_until_ms > first)
        office.line.open_gate.set()
        await office.until(lambda found: found[0].state == DeliveryState.SENT)

    assert len(office.line.letters) == 1


async def test_a_delivery_that_breaks_off_is_held_no_longer(office: Office) -> None:
    office.lay(citizen(office.database), kind=DeliveryKind.NOTICE)
    office.line.fails = [KeyError("a mistake of ours")]

    async with office.at_work():
        await office.until(lambda found: bool(office.line.letters) and not office.courier._held)
    office.database.write_now(outbox.expire, rows(office.database, Delivery)[0].lease_until_ms + 1)

    assert rows(office.database, Delivery)[0].state == DeliveryState.UNSURE


async def test_a_staff_group_that_is_gone_keeps_no_citizen_waiting(office: Office) -> None:
    alert = Delivery(
        account_id=office.account, person=STAFF_CHAT, kind=DeliveryKind.ALERT, body={"text": "x"},
        created_at_ms=NOON_MS,
    )  # fmt: skip
    office.database.write_now(outbox.enqueue, alert)
    office.line.fails = [error(Failure.NOT_CONNECTED)]

    async with office.at_work():
        await office.until(lambda found: found[0].attempts == 1 and found[0].state == DeliveryState.WAITING)
        office.lay(citizen(office.database))
        office.courier.wake()
        await office.until(lambda found: found[1].state == DeliveryState.SENT)

    assert office.lost == []
