"""Campaigns: the rows are the schedule, so whatever is asked twice happens once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, insert

from data import campaigns
from data.audit import COMMAND_LINE, Actor
from data.campaigns import NotApproved
from data.database import Database
from data.tables import (
    Audit,
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
from tests.data.people import account, citizen, keep, letter, minh, reader, rows, side_by_side, thu, unit

THURSDAY = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # half past four in the afternoon, in Viet Nam
FRIDAY = datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def draft(database: Database, **about: Any) -> Campaign:
    given: dict[str, Any] = {
        "unit_id": unit(database).id, "name": "Tháng 11", "text": "Tin tháng 11", "link": "https://ayunpa.example/11",
        "rule": campaigns.FOURTH_WEEK, "times": ["16:30", "07:30"], "created_at": NOON,
    }  # fmt: skip
    return database.write_now(campaigns.create, Campaign(**given | about), COMMAND_LINE)


def approved(database: Database, **about: Any) -> Campaign:
    campaign = draft(database, **about)
    return change(database, campaign, lambda session, row: campaigns.approve(session, row, COMMAND_LINE, NOON))


def once(database: Database, **about: Any) -> Campaign:
    return approved(database, rule=campaigns.ONCE, starts_at=NOON, **about)


def change(database: Database, campaign: Campaign, work: object) -> Campaign:
    def act(session: Session) -> Campaign:
        row = session.get_one(Campaign, campaign.id)
        work(session, row)  # type: ignore[operator]
        return row

    return database.write_now(act)


def launch(database: Database, campaign: Campaign, now: datetime = NOON) -> Issue | None:
    return database.write_now(campaigns.launch, campaign.id or 0, now)


def launched(database: Database, **about: Any) -> Issue:
    issue = launch(database, once(database, **about))
    assert issue
    return issue


def lay(database: Database, issue: Issue) -> int:
    pieces = 0
    while database.write_now(campaigns.lay_piece, issue.id or 0, NOON):
        pieces += 1
    return pieces


def set_issue(database: Database, issue: Issue, **values: object) -> None:
    def act(session: Session) -> None:
        row = session.get_one(Issue, issue.id)
        for name, value in values.items():
            setattr(row, name, value)

    database.write_now(act)


def the_issue(database: Database, issue: Issue) -> Issue:
    return database.read_now(campaigns.issue, issue.id or 0)


def delivered(database: Database, issue: Issue, **states: int) -> None:
    """So many deliveries of an issue in each state."""
    whose = [Citizen(account_id=account(database), person=f"citizen-{n}", first_seen_at=NOON) for n in range(60)]
    people = iter([keep(database, each) for each in whose])
    for state, count in states.items():
        for _ in range(count):
            row = letter(next(people), DeliveryKind.CAMPAIGN, issue_id=issue.id, state=state, reason=state)
            keep(database, row)


def test_an_approved_campaign_is_due_in_the_fourth_week(database: Database) -> None:
    campaign = approved(database)

    assert (campaign.state, campaign.next_at) == (CampaignState.APPROVED, THURSDAY)


def test_a_draft_is_never_due(database: Database) -> None:
    draft(database, rule=campaigns.ONCE, starts_at=NOON, next_at=NOON)

    assert database.read_now(campaigns.due, NOON + timedelta(days=99)) == []


def test_nobody_approves_a_campaign_of_their_own(database: Database) -> None:
    clerk = minh(database)
    campaign = draft(database, author_id=clerk.id)

    with pytest.raises(NotApproved):
        change(database, campaign, lambda session, row: campaigns.approve(session, row, Actor("minh", clerk.id), NOON))

    assert rows(database, Campaign)[0].state == CampaignState.DRAFT


def test_the_leader_approves_what_the_clerk_wrote(database: Database) -> None:
    clerk, leader = minh(database), thu(database)
    campaign = draft(database, author_id=clerk.id)

    change(database, campaign, lambda session, row: campaigns.approve(session, row, Actor("thu", leader.id), NOON))

    [row] = rows(database, Campaign)
    assert (row.state, row.approved_by, row.approved_at) == (CampaignState.APPROVED, leader.id, NOON)
    assert [line.action for line in rows(database, Audit)] == ["campaign.new", "campaign.approve"]


def test_a_campaign_is_approved_once(database: Database) -> None:
    campaign = approved(database)

    with pytest.raises(NotApproved):
        change(database, campaign, lambda session, row: campaigns.approve(session, row, COMMAND_LINE, NOON))


def test_a_campaign_is_due_at_its_instant_and_not_before(database: Database) -> None:
    campaign = approved(database)

    before, at = (database.read_now(campaigns.due, when) for when in (THURSDAY - timedelta(seconds=1), THURSDAY))

    assert (before, at) == ([], [campaign.id])


def test_a_monthly_campaign_airs_on_friday_too_and_then_next_month(database: Database) -> None:
    campaign = approved(database)

    issues = [launch(database, campaign, when) for when in (THURSDAY, FRIDAY)]

    assert [issue.due_at for issue in issues if issue] == [THURSDAY, FRIDAY]
    assert rows(database, Campaign)[0].next_at == datetime(2026, 12, 24, 9, 30, tzinfo=UTC)


def test_a_campaign_launched_again_makes_no_second_issue(database: Database) -> None:
    campaign = approved(database)

    first, second = launch(database, campaign, THURSDAY), launch(database, campaign, THURSDAY)

    assert first is not None
    assert second is None
    assert len(rows(database, Issue)) == 1


def test_two_who_launch_at_once_make_one_issue(database: Database) -> None:
    campaign = approved(database)

    made = side_by_side(*(lambda: launch(database, campaign, THURSDAY) for _ in range(4)))

    assert len([issue for issue in made if isinstance(issue, Issue)]) == 1
    assert [error for error in made if isinstance(error, Exception)] == []


def test_the_second_airing_reaches_whom_the_first_did_not(database: Database) -> None:
    lan, stranger = reader(database, "lan"), reader(database, "stranger")
    campaign = approved(database)
    first = launch(database, campaign, THURSDAY)
    assert first
    lay(database, first)
    become(database, stranger, DeliveryState.SKIPPED)
    late = reader(database, "late")

    second = launch(database, campaign, FRIDAY)
    assert second
    lay(database, second)

    assert recipients(database, first) == [lan.id, stranger.id]
    assert recipients(database, second) == [stranger.id, late.id]


@pytest.mark.parametrize(
    "state", [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNSURE]
)
def test_nobody_gets_an_edition_twice(database: Database, state: DeliveryState) -> None:
    lan = reader(database, "lan")
    campaign = approved(database)
    first = launch(database, campaign, THURSDAY)
    assert first
    lay(database, first)
    become(database, lan, state)

    second = launch(database, campaign, FRIDAY)
    assert second
    lay(database, second)

    assert recipients(database, second) == []


def test_the_next_month_is_another_edition(database: Database) -> None:
    lan = reader(database, "lan")
    campaign = approved(database)
    issues = [launch(database, campaign, when) for when in (THURSDAY, FRIDAY, FRIDAY + timedelta(days=28))]

    for issue in issues:
        assert issue
        lay(database, issue)

    assert [issue.edition for issue in issues if issue] == ["2026-11", "2026-11", "2026-12"]
    assert [row.citizen_id for row in rows(database, Delivery)] == [lan.id, lan.id]


def recipients(database: Database, issue: Issue) -> list[int | None]:
    return [row.citizen_id for row in rows(database, Delivery) if row.issue_id == issue.id]


def become(database: Database, whose: Citizen, state: DeliveryState) -> None:
    [row] = [row for row in rows(database, Delivery) if row.citizen_id == whose.id]
    database.write_now(lambda session: setattr(session.get_one(Delivery, row.id), "state", state))


def test_a_campaign_that_is_changed_must_be_approved_again(database: Database) -> None:
    campaign = approved(database)

    change(
        database, campaign, lambda session, row: campaigns.change(session, row, {"text": "Khác"}, COMMAND_LINE, NOON)
    )

    [row] = rows(database, Campaign)
    assert (row.text, row.state, row.approved_at, row.next_at) == ("Khác", CampaignState.DRAFT, None, None)


def test_a_campaign_that_is_over_is_not_changed(database: Database) -> None:
    campaign = once(database)
    launch(database, campaign)

    with pytest.raises(NotApproved):
        change(
            database, campaign, lambda session, row: campaigns.change(session, row, {"text": "x"}, COMMAND_LINE, NOON)
        )


def test_what_goes_out_once_is_done_when_launched(database: Database) -> None:
    campaign = once(database)

    issue = launch(database, campaign)

    assert issue
    assert issue.due_at == NOON
    assert rows(database, Campaign)[0].state == CampaignState.DONE


def test_an_issue_keeps_the_text_as_it_was_approved(database: Database) -> None:
    campaign = once(database)
    issue = launch(database, campaign)

    change(database, campaign, lambda session, row: setattr(row, "text", "Tin khác"))

    assert issue
    assert the_issue(database, issue).text == "Tin tháng 11"


def test_everybody_who_said_yes_gets_one_delivery(database: Database) -> None:
    lan, stranger = reader(database, "lan"), reader(database, "stranger", "telegram")
    issue = launched(database)

    lay(database, issue)

    laid = rows(database, Delivery)
    assert [(row.citizen_id, row.account_id, row.person) for row in laid] == [
        (lan.id, lan.account_id, "lan"),
        (stranger.id, stranger.account_id, "stranger"),
    ]
    assert {(row.kind, row.priority, row.state) for row in laid} == {("campaign", 5, "waiting")}
    assert the_issue(database, issue).state == IssueState.SENDING


def test_who_said_no_or_blocked_us_gets_none(database: Database) -> None:
    citizen(database, "lan")
    citizen(database, "hung", wants_news=True, blocked_at=NOON)
    issue = launched(database)

    lay(database, issue)

    assert rows(database, Delivery) == []


def test_laying_an_issue_twice_adds_nothing(database: Database) -> None:
    for person in ("lan", "stranger", "minh"):
        reader(database, person)
    issue = launched(database)
    lay(database, issue)

    set_issue(database, issue, state=IssueState.LAYING, laid_to=0)
    lay(database, issue)

    assert len(rows(database, Delivery)) == 3


def test_two_who_lay_at_once_write_each_row_once(database: Database) -> None:
    for number in range(40):
        reader(database, f"citizen-{number}")
    issue = launched(database)

    errors = [
        each for each in side_by_side(*(lambda: lay(database, issue) for _ in range(3))) if not isinstance(each, int)
    ]

    assert errors == []
    assert len(rows(database, Delivery)) == 40


def test_an_issue_for_some_channels_leaves_the_others_out(database: Database) -> None:
    reader(database, "lan")
    stranger = reader(database, "stranger", "telegram")
    reader(database, "minh", "messenger")
    issue = launched(database, channels=["telegram", "webchat"])

    lay(database, issue)

    assert [row.citizen_id for row in rows(database, Delivery)] == [stranger.id]


def test_a_large_audience_is_laid_in_pieces(database: Database) -> None:
    people = [
        {
            "account_id": account(database),
            "person": f"citizen-{n}",
            "name": "",
            "first_seen_at": NOON,
            "wants_news": True,
        }
        for n in range(campaigns.PIECE + 1)
    ]
    database.write_now(lambda session: session.execute(insert(Citizen), people))
    issue = launched(database)

    pieces = lay(database, issue)

    assert pieces == 2
    assert database.read_now(campaigns.progress, issue.id or 0).counts == {"waiting": campaigns.PIECE + 1}


def test_who_says_yes_while_an_issue_goes_out_is_in_the_next_one(database: Database) -> None:
    reader(database, "lan")
    issue = launched(database)
    lay(database, issue)

    reader(database, "stranger")
    lay(database, issue)

    assert [row.person for row in rows(database, Delivery)] == ["lan"]


@pytest.mark.parametrize(("late", "state"), [(0, IssueState.SENDING), (1, IssueState.PAUSED)])
def test_an_issue_found_long_after_its_hour_waits_for_a_person(
    database: Database, late: int, state: IssueState
) -> None:
    reader(database, "lan")
    issue = launch(database, once(database), NOON + campaigns.LATE_AFTER + timedelta(seconds=late))
    assert issue

    lay(database, issue)

    found = the_issue(database, issue)
    assert (found.state, found.reason) == (state, "late" if late else "")
    assert len(rows(database, Delivery)) == 1


def test_a_paused_issue_goes_on_when_a_person_says_so(database: Database) -> None:
    issue = launched(database)
    set_issue(database, issue, state=IssueState.PAUSED, reason="late")

    database.write_now(lambda session: campaigns.resume(session, session.get_one(Issue, issue.id), COMMAND_LINE, NOON))

    found = the_issue(database, issue)
    assert (found.state, found.reason) == (IssueState.SENDING, "")


@pytest.mark.parametrize(
    ("sent", "failed", "unsure", "paused"),
    [(13, 7, 0, True), (14, 6, 0, False), (13, 4, 3, True), (0, 19, 0, False), (0, 20, 0, True)],
)
def test_an_issue_pauses_itself_when_too_many_fail(
    database: Database, sent: int, failed: int, unsure: int, paused: bool
) -> None:
    issue = launched(database)
    set_issue(database, issue, state=IssueState.SENDING)
    delivered(database, issue, sent=sent, failed=failed, unsure=unsure, waiting=5)

    stopped = database.write_now(campaigns.pause_failing, NOON)

    assert [each.id for each in stopped] == ([issue.id] if paused else [])
    assert (the_issue(database, issue).state == IssueState.PAUSED) is paused


def test_a_pause_says_why(database: Database) -> None:
    issue = launched(database)
    set_issue(database, issue, state=IssueState.SENDING)
    delivered(database, issue, sent=10, failed=10)

    database.write_now(campaigns.pause_failing, NOON)

    assert the_issue(database, issue).reason == "10 of 20 failed"
    assert rows(database, Audit)[-1].action == "issue.pause"


def test_citizens_who_are_skipped_are_no_failures(database: Database) -> None:
    issue = launched(database)
    set_issue(database, issue, state=IssueState.SENDING)
    delivered(database, issue, sent=20, skipped=30)

    assert database.write_now(campaigns.pause_failing, NOON) == []


@pytest.mark.parametrize(("state", "closed"), [("waiting", 0), ("sending", 0), ("sent", 1), ("unsure", 1)])
def test_an_issue_closes_when_nothing_of_it_waits(database: Database, state: str, closed: int) -> None:
    issue = launched(database)
    set_issue(database, issue, state=IssueState.SENDING)
    delivered(database, issue, **{"sent": 3, state: 1})

    count = database.write_now(campaigns.close_finished, NOON)

    assert count == closed
    assert (the_issue(database, issue).closed_at == NOON) is bool(closed)


@pytest.mark.parametrize("state", [IssueState.LAYING, IssueState.PAUSED])
def test_an_issue_that_is_not_being_sent_does_not_close(database: Database, state: IssueState) -> None:
    issue = launched(database)
    set_issue(database, issue, state=state)

    assert database.write_now(campaigns.close_finished, NOON) == 0


def test_a_cancelled_campaign_takes_back_what_has_not_gone(database: Database) -> None:
    campaign = once(database)
    issue = launch(database, campaign)
    assert issue
    delivered(database, issue, sent=2, waiting=3)

    change(database, campaign, lambda session, row: campaigns.cancel(session, row, COMMAND_LINE, NOON))

    assert database.read_now(campaigns.progress, issue.id or 0).counts == {"sent": 2, "skipped": 3}
    assert the_issue(database, issue).state == IssueState.CANCELLED
    assert rows(database, Campaign)[0].state == CampaignState.CANCELLED


def test_a_cancelled_campaign_is_never_due_again(database: Database) -> None:
    campaign = approved(database)

    change(database, campaign, lambda session, row: campaigns.cancel(session, row, COMMAND_LINE, NOON))

    assert database.read_now(campaigns.due, FRIDAY + timedelta(days=365)) == []
    assert launch(database, campaign, FRIDAY) is None


def test_progress_counts_states_and_the_reasons_of_what_did_not_go(database: Database) -> None:
    issue = launched(database)
    delivered(database, issue, sent=2, failed=3)

    progress = database.read_now(campaigns.progress, issue.id or 0)

    assert (progress.total, progress.of(DeliveryState.SENT, DeliveryState.FAILED)) == (5, 5)
    assert progress.reasons["failed"] == 3


def test_a_later_airing_takes_over_what_a_paused_one_has_left(database: Database) -> None:
    campaign = approved(database)
    reader(database, "lan")
    late = launch(database, campaign, THURSDAY + timedelta(hours=5))
    assert late
    lay(database, late)

    friday = launch(database, campaign, FRIDAY)

    assert friday
    lay(database, friday)
    assert the_issue(database, late).state == IssueState.CANCELLED
    assert [(row.issue_id, str(row.state)) for row in rows(database, Delivery)] == [
        (late.id, "skipped"),
        (friday.id, "waiting"),
    ]


def test_failures_from_before_it_was_resumed_do_not_pause_an_issue_again(database: Database) -> None:
    issue = launched(database)
    set_issue(database, issue, state=IssueState.SENDING)
    delivered(database, issue, sent=10, failed=10)
    database.write_now(campaigns.pause_failing, NOON)

    later = NOON + timedelta(hours=1)
    database.write_now(lambda session: campaigns.resume(session, session.get_one(Issue, issue.id), COMMAND_LINE, later))

    assert database.write_now(campaigns.pause_failing, later) == []
    assert the_issue(database, issue).state == IssueState.SENDING
