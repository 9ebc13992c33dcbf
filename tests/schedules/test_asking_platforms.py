"""What we ask a platform by the clock: what was missed, what arrived, who somebody is, what we may do."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.abilities import Said
from bot.channel import Failure, SendError
from bot.messages import Event
from bot.webhooks import NotSafe
from data.database import Database
from data.tables import Account, Arrival, Citizen, Delivery, DeliveryKind, DeliveryState
from schedules import catchup, doubts, names, probes
from tests.conftest import NOON
from tests.data.people import NOON_MS, account, citizen, keep, letter, rows
from tests.schedules.line import Line


@dataclass
class Remembering(Line):
    """A platform that can be asked."""

    events_missed: list[Event] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    refuses: SendError | None = None

    def _asked(self, what: object) -> None:
        self.asked.append(what)
        if self.refuses:
            raise self.refuses

    async def missed(self, since: datetime) -> list[Event]:
        self._asked(since)
        return self.events_missed

    async def said_to(self, person: str) -> list[Said]:
        self._asked(person)
        return self.said

    async def name_of(self, person: str) -> str:
        self._asked(person)
        return self.names.get(person, "")

    async def probe(self) -> dict[str, str]:
        self._asked("probe")
        return {"Tên": "UBND phường Ayun Pa"}


REFUSED = SendError(Failure.UNAVAILABLE, "asleep")


def event(name: str, ms: int = NOON_MS) -> Event:
    return Event(name, ms, "lan", b"{}")


@pytest.fixture
def heard_before(database: Database) -> Database:
    arrival = Arrival(
        event_at_ms=NOON_MS, event_id="known", account_id=account(database), person="lan", received_at_ms=NOON_MS
    )
    keep(database, arrival)
    return database


async def kept_of(database: Database, line: Line, now: datetime = NOON) -> list[str]:
    kept: list[str] = []

    async def keep_event(account_id: int, one: Event) -> None:
        kept.append(one.id)

    await catchup.catch_up(database, {account(database): line}, keep_event, now)
    return kept


async def test_what_was_missed_is_kept_and_what_is_known_is_not(heard_before: Database) -> None:
    line = Remembering(events_missed=[event("known", NOON_MS + 2_000), event("missed", NOON_MS + 5_000)])

    assert await kept_of(heard_before, line) == ["missed"]
    assert line.asked == [NOON - catchup.OVERLAP]


async def test_a_new_account_has_missed_nothing(database: Database) -> None:
    line = Remembering(events_missed=[event("old")])

    assert await kept_of(database, line) == []
    assert line.asked == []


async def test_words_of_last_month_are_not_fetched(heard_before: Database) -> None:
    line, now = Remembering(), NOON + timedelta(days=30)

    await kept_of(heard_before, line, now)

    assert line.asked == [now - catchup.FARTHEST]


async def test_a_platform_that_cannot_be_asked_is_asked_later(heard_before: Database) -> None:
    assert await kept_of(heard_before, Remembering(refuses=REFUSED)) == []


async def test_what_cannot_be_kept_now_is_no_end_of_the_server(heard_before: Database) -> None:
    async def full(account_id: int, one: Event) -> None:
        raise NotSafe("disk full")

    line = Remembering(events_missed=[event("missed", NOON_MS + 5_000)])

    assert await catchup.catch_up(heard_before, {account(heard_before): line}, full, NOON) == 0


def unsure(database: Database, said: str) -> int:
    lan = citizen(database)
    row = letter(lan, DeliveryKind.NOTICE, body={"text": said}, state=DeliveryState.UNSURE, attempts=1)
    return keep(database, row).id or 0


async def resolved(database: Database, line: Line, now: datetime = NOON) -> int:
    return await doubts.resolve(database, {account(database): line}, "{} {}".format, now)


async def test_what_is_seen_in_the_conversation_has_arrived(database: Database) -> None:
    unsure(database, "Dạ, phản ánh đang xử lý.")
    line = Remembering(said=[Said("m-8", "Dạ, phản ánh đang  xử lý.", NOON)])

    assert await resolved(database, line) == 1
    [row] = rows(database, Delivery)
    assert (row.state, row.platform_id) == (DeliveryState.SENT, "m-8")


async def test_what_is_not_seen_stays_unsure_and_is_asked_about_again_in_an_hour(database: Database) -> None:
    unsure(database, "Dạ, phản ánh đang xử lý.")
    line = Remembering()

    for minutes in (0, 10, 61):
        await resolved(database, line, NOON + timedelta(minutes=minutes))

    assert line.asked == ["lan", "lan"]
    assert rows(database, Delivery)[0].state == DeliveryState.UNSURE


async def test_a_name_is_asked_for_once(database: Database) -> None:
    citizen(database, "lan", last_incoming_at=NOON)
    citizen(database, "hung", last_incoming_at=NOON)
    citizen(database, "comment:9", last_incoming_at=NOON)
    line = Remembering(names={"lan": "Nguyễn Thị Lan"})

    for _ in range(2):
        await names.ask(database, {account(database): line}, NOON)

    assert sorted(map(str, line.asked)) == ["hung", "lan"]
    assert {row.person: row.name for row in rows(database, Citizen)}["lan"] == "Nguyễn Thị Lan"


async def test_what_an_account_may_do_is_asked_once_a_day(database: Database) -> None:
    line = Remembering()
    for hours in (0, 12, 25):
        await probes.probe(database, {account(database): line}, NOON + timedelta(hours=hours))

    assert line.asked == ["probe", "probe"]
    assert rows(database, Account)[0].abilities == {"Tên": "UBND phường Ayun Pa"}
