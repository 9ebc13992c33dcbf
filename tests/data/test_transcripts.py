"""A conversation as both sides see it."""

from typing import Any

from data import transcripts
from data.clock import to_ms
from data.database import Database
from data.tables import (
    Arrival,
    Campaign,
    Citizen,
    DeliveryKind,
    DeliveryState,
    Issue,
    IssueState,
    Message,
)
from data.transcripts import Said
from tests.conftest import NOON
from tests.data.people import NOON_MS, citizen, keep, letter, unit


def said(database: Database, whose: Citizen, text: str, seconds: int = 0, arrival_id: int | None = None) -> None:
    at = NOON.replace(second=seconds)
    keep(database, Message(citizen_id=whose.id or 0, arrival_id=arrival_id, text=text, at=at))


def told(database: Database, whose: Citizen, text: str, seconds: int = 0, **about: Any) -> None:
    given: dict[str, Any] = {
        "state": DeliveryState.SENT,
        "done_at_ms": NOON_MS + seconds * 1000,
        "body": {"text": text},
    }
    keep(database, letter(whose, **given | about))


def since(database: Database, whose: Citizen, after_ms: int = NOON_MS) -> list[Said]:
    return database.read_now(transcripts.since, whose.account_id, whose.person, after_ms)


def texts(lines: list[Said]) -> list[str]:
    return [line.body["text"] for line in lines]


def test_both_sides_are_in_it_by_time(database: Database) -> None:
    lan = citizen(database)
    told(database, lan, "Dạ, chúng tôi chào ông/bà.", 1)
    said(database, lan, "xin chào", 0)
    said(database, lan, "cảm ơn", 2)

    lines = since(database, lan)

    assert texts(lines) == ["xin chào", "Dạ, chúng tôi chào ông/bà.", "cảm ơn"]
    assert [line.author for line in lines] == ["citizen", "bot", "citizen"]


def test_a_stranger_has_no_conversation(database: Database) -> None:
    lan = citizen(database)

    assert database.read_now(transcripts.since, lan.account_id, "stranger", 0) == []


def test_nobody_reads_anothers_words(database: Database) -> None:
    lan, stranger = citizen(database), citizen(database, "stranger")
    said(database, lan, "xin chào")
    told(database, lan, "Dạ")

    assert since(database, stranger) == []


def test_only_what_reached_the_citizen_was_told(database: Database) -> None:
    lan = citizen(database)
    for state in DeliveryState:
        told(database, lan, state.value, state=state)

    assert texts(since(database, lan)) == ["sent"]


def test_what_was_before_is_not_told_again(database: Database) -> None:
    lan = citizen(database)
    said(database, lan, "xin chào", 1)
    told(database, lan, "Dạ", 2)
    said(database, lan, "cảm ơn", 3)

    assert texts(since(database, lan, NOON_MS + 2_000)) == ["Dạ", "cảm ơn"]


def test_a_message_is_known_by_its_events_id(database: Database) -> None:
    lan = citizen(database)
    arrival = Arrival(
        event_at_ms=1, event_id="event-1", account_id=lan.account_id, person="lan", received_at_ms=NOON_MS
    )  # fmt: skip
    said(database, lan, "xin chào", arrival_id=keep(database, arrival).id)
    said(database, lan, "từ trước", 1)

    ids = [line.id for line in since(database, lan)]

    assert ids == ["event-1", "m2"]


def test_a_notice_is_by_a_person_of_the_office(database: Database) -> None:
    lan = citizen(database)
    told(database, lan, "Đã dọn sạch.", kind=DeliveryKind.NOTICE, platform_id="n-1")

    [line] = since(database, lan)

    assert (line.author, line.id) == ("staff", "n-1")


def test_the_monthly_news_has_its_text_from_the_issue(database: Database) -> None:
    lan = citizen(database)
    campaign = keep(
        database, Campaign(unit_id=unit(database).id or 0, name="Tháng 11", text="Tin", rule="once", created_at=NOON)
    )
    issue = Issue(
        campaign_id=campaign.id or 0, edition="2026-11", due_at=NOON, text="Tin tháng 11", link="https://x",
        state=IssueState.DONE, launched_at=NOON,
    )  # fmt: skip
    told(database, lan, "", kind=DeliveryKind.CAMPAIGN, issue_id=keep(database, issue).id, body=None)

    [line] = since(database, lan)

    assert (line.issue, line.body) == (("Tin tháng 11", "https://x"), {})


def test_a_very_long_conversation_is_shown_from_its_end(database: Database) -> None:
    lan = citizen(database)
    many = [Message(citizen_id=lan.id or 0, text=f"tin {number}", at=NOON) for number in range(transcripts.LONGEST + 5)]
    database.write_now(lambda session: session.add_all(many))

    lines = since(database, lan)

    assert len(lines) == transcripts.LONGEST
    assert {"tin 204", "tin 5"} <= set(texts(lines))
    assert "tin 4" not in texts(lines)
    assert lines[0].at_ms == to_ms(NOON)
