"""The outbox: leased once, in each citizen's order, recorded once, and repeated only where a repeat does no harm."""

from typing import Any

import pytest

from data import outbox
from data.database import Database
from data.outbox import Leased, Result
from data.tables import (
    Campaign,
    CampaignState,
    Citizen,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Issue,
    IssueState,
)
from tests.conftest import NOON
from tests.data.people import NOON_MS, account, citizen, keep, letter, reader, rows, side_by_side

LEASE_MS = 60_000
AFTER = NOON_MS + LEASE_MS + 1


def enqueue(database: Database, *letters: Delivery) -> list[int]:
    for each in letters:
        database.write_now(outbox.enqueue, each)
    return [each.id or 0 for each in letters]


def claim(database: Database, account_id: int, limit: int = 10, now_ms: int = NOON_MS) -> list[Leased]:
    return database.write_now(outbox.claim, account_id, limit=limit, now_ms=now_ms, lease_ms=LEASE_MS)


def record(database: Database, *results: Result, now_ms: int = NOON_MS) -> None:
    database.write_now(outbox.record, results, now_ms)


def issue(database: Database, unit_id: int, state: IssueState = IssueState.SENDING) -> int:
    campaign = keep(
        database,
        Campaign(unit_id=unit_id, name="Tháng 11", text="Tin", rule="once", state=CampaignState.DONE, created_at=NOON),
    )
    row = Issue(campaign_id=campaign.id or 0, edition="2026-11", due_at=NOON, text="Tin", state=state, launched_at=NOON)
    return keep(database, row).id or 0


def states(database: Database) -> list[DeliveryState]:
    return [DeliveryState(row.state) for row in rows(database, Delivery)]


def test_a_delivery_is_leased_once(database: Database) -> None:
    lan = citizen(database)
    [waiting] = enqueue(database, letter(lan))

    first, second = claim(database, lan.account_id), claim(database, lan.account_id)

    assert [each.id for each in first] == [waiting]
    assert second == []
    assert states(database) == [DeliveryState.SENDING]


def test_two_claimers_at_once_never_lease_the_same_delivery(database: Database) -> None:
    people = [citizen(database, f"citizen-{number}") for number in range(120)]
    enqueue(database, *(letter(person) for person in people))

    def claim_all() -> list[int]:
        mine: list[int] = []
        while leased := claim(database, people[0].account_id, limit=7):
            mine += [each.id for each in leased]
        return mine

    first, second = side_by_side(claim_all, claim_all)

    assert isinstance(first, list)
    assert isinstance(second, list)
    assert len({*first, *second}) == len(first) + len(second) == 120


def test_a_citizens_messages_go_one_after_the_other(database: Database) -> None:
    lan, hung = citizen(database), citizen(database, "hung")
    first, second, other = enqueue(database, letter(lan), letter(lan), letter(hung))

    at_once = claim(database, lan.account_id)
    record(database, Result(first, DeliveryState.SENT))
    then = claim(database, lan.account_id)

    assert [each.id for each in at_once] == [first, other]
    assert [each.id for each in then] == [second]


def test_a_citizens_order_holds_between_two_claimers(database: Database) -> None:
    lan = citizen(database)
    enqueue(database, *(letter(lan) for _ in range(20)))

    taken = side_by_side(*(lambda: claim(database, lan.account_id) for _ in range(4)))

    leased = [each for leases in taken if isinstance(leases, list) for each in leases]
    assert len(leased) == 1


def test_a_message_to_be_tried_again_keeps_the_later_ones_behind_it(database: Database) -> None:
    lan = citizen(database)
    enqueue(database, letter(lan, retry_at_ms=NOON_MS + 1), letter(lan))

    now, later = claim(database, lan.account_id), claim(database, lan.account_id, now_ms=NOON_MS + 1)

    assert now == []
    assert len(later) == 1


def test_replies_go_before_campaigns(database: Database) -> None:
    lan, hung = reader(database, "lan"), citizen(database, "hung")
    number = issue(database, 1)
    news, reply = enqueue(database, letter(lan, DeliveryKind.CAMPAIGN, issue_id=number), letter(hung))

    first, second = claim(database, lan.account_id, limit=1), claim(database, lan.account_id, limit=1)

    assert [each.id for each in first + second] == [reply, news]


def test_a_campaign_does_not_hold_up_the_same_citizens_reply(database: Database) -> None:
    lan = reader(database, "lan")
    number = issue(database, 1)
    enqueue(database, letter(lan, DeliveryKind.CAMPAIGN, issue_id=number), letter(lan))

    leased = claim(database, lan.account_id)

    assert {each.kind for each in leased} == {DeliveryKind.REPLY, DeliveryKind.CAMPAIGN}


@pytest.mark.parametrize("state", [IssueState.LAYING, IssueState.PAUSED, IssueState.CANCELLED, IssueState.DONE])
def test_only_an_issue_that_is_being_sent_is_leased(database: Database, state: IssueState) -> None:
    lan = reader(database, "lan")
    number = issue(database, 1, state)
    issue(database, 1)  # another one is
    enqueue(database, letter(lan, DeliveryKind.CAMPAIGN, issue_id=number))

    assert claim(database, lan.account_id) == []


def test_another_accounts_deliveries_are_left_alone(database: Database) -> None:
    lan = citizen(database)
    enqueue(database, letter(lan))

    assert claim(database, account(database, "telegram")) == []


def test_alerts_to_staff_wait_for_nobody(database: Database) -> None:
    number = account(database)
    alert: dict[str, Any] = {
        "account_id": number,
        "person": "group",
        "kind": DeliveryKind.ALERT,
        "created_at_ms": NOON_MS,
    }
    enqueue(database, Delivery(**alert), Delivery(**alert))

    assert len(claim(database, number)) == 2


def test_a_lease_tells_what_must_be_asked_again_at_the_moment_of_sending(database: Database) -> None:
    hung = citizen(database, "hung", wants_news=True, blocked_at=NOON, last_incoming_at=NOON)
    enqueue(database, letter(hung))

    [leased] = claim(database, hung.account_id)

    assert (leased.wants_news, leased.blocked, leased.last_incoming_at, leased.attempts) == (True, True, NOON, 1)


def test_what_became_of_it_is_recorded(database: Database) -> None:
    lan = citizen(database)
    [number] = enqueue(database, letter(lan))
    claim(database, lan.account_id)

    record(database, Result(number, DeliveryState.SENT, platform_id="m-1"), now_ms=NOON_MS + 5)

    [row] = rows(database, Delivery)
    assert (row.state, row.platform_id, row.done_at_ms) == (DeliveryState.SENT, "m-1", NOON_MS + 5)


def test_a_delivery_to_be_tried_again_is_not_done(database: Database) -> None:
    lan = citizen(database)
    [number] = enqueue(database, letter(lan))
    claim(database, lan.account_id)

    record(database, Result(number, DeliveryState.WAITING, "too_fast", retry_at_ms=AFTER))

    [row] = rows(database, Delivery)
    assert (row.state, row.done_at_ms) == (DeliveryState.WAITING, None)
    assert [each.attempts for each in claim(database, lan.account_id, now_ms=AFTER)] == [2]


def test_a_row_that_is_no_longer_ours_is_left_as_it_is(database: Database) -> None:
    lan = reader(database, "lan")
    [number] = enqueue(database, letter(lan, DeliveryKind.NOTICE))
    claim(database, lan.account_id)
    database.write_now(outbox.expire, AFTER)

    record(database, Result(number, DeliveryState.SENT))

    assert states(database) == [DeliveryState.UNSURE]


def test_who_turns_out_to_have_blocked_us_is_remembered(database: Database) -> None:
    hung = citizen(database, "hung")
    [number] = enqueue(database, letter(hung))
    claim(database, hung.account_id)

    record(database, Result(number, DeliveryState.SKIPPED, "blocked", stopped_by=hung.id))

    [row] = rows(database, Citizen)
    assert row.blocked_at == NOON


def test_a_reply_whose_lease_ended_is_repeated(database: Database) -> None:
    lan = citizen(database)
    [number] = enqueue(database, letter(lan))
    claim(database, lan.account_id)

    ended = database.write_now(outbox.expire, AFTER)

    assert ended == 1
    assert [each.id for each in claim(database, lan.account_id, now_ms=AFTER)] == [number]


def test_a_reply_is_not_repeated_for_ever(database: Database) -> None:
    lan = citizen(database)
    enqueue(database, letter(lan))

    for turn in range(3):
        claim(database, lan.account_id, now_ms=NOON_MS + turn * AFTER)
        database.write_now(outbox.expire, NOON_MS + (turn + 1) * AFTER)

    assert states(database) == [DeliveryState.UNSURE]


@pytest.mark.parametrize("kind", [DeliveryKind.CAMPAIGN, DeliveryKind.NOTICE, DeliveryKind.ALERT])
def test_anything_else_whose_lease_ended_waits_for_a_person(database: Database, kind: DeliveryKind) -> None:
    lan = reader(database, "lan")
    number = issue(database, 1) if kind is DeliveryKind.CAMPAIGN else None
    enqueue(database, letter(lan, kind, issue_id=number))
    claim(database, lan.account_id)

    database.write_now(outbox.expire, AFTER)

    [row] = rows(database, Delivery)
    assert (row.state, row.reason, row.done_at_ms) == (DeliveryState.UNSURE, "interrupted", AFTER)
    assert claim(database, lan.account_id, now_ms=AFTER) == []


def test_nobody_calls_a_living_lease_dead(database: Database) -> None:
    lan = citizen(database)
    enqueue(database, letter(lan))
    claim(database, lan.account_id)

    ended = database.write_now(outbox.expire, NOON_MS + LEASE_MS)

    assert ended == 0
    assert states(database) == [DeliveryState.SENDING]


def test_a_process_that_is_alone_ends_all_leases_at_its_start(database: Database) -> None:
    lan, hung = citizen(database), reader(database, "hung")
    enqueue(database, letter(lan), letter(hung, DeliveryKind.NOTICE))
    claim(database, lan.account_id)

    ended = database.write_now(outbox.release_all, NOON_MS)

    assert ended == 2
    assert states(database) == [DeliveryState.WAITING, DeliveryState.UNSURE]


def test_the_backlog_counts_what_waits(database: Database) -> None:
    lan, hung = citizen(database), citizen(database, "hung")
    enqueue(database, letter(lan), letter(lan), letter(hung))
    claim(database, lan.account_id)

    assert database.read_now(outbox.backlog) == 1
