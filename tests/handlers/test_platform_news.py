"""What a platform tells that no citizen says in words: echoes, albums, edits, comments, presses in the staff group."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from data import campaigns, staff
from data.audit import Actor
from data.database import Database
from data.tables import (
    Arrival,
    ArrivalState,
    Attachment,
    Campaign,
    Citizen,
    Complaint,
    ComplaintEvent,
    ComplaintState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Issue,
    Message,
    Publication,
    PublicationState,
    Staff,
)
from handlers.citizens import texts
from handlers.citizens.inbox import handle
from handlers.staff.group import approve_button
from tests.conftest import NOON
from tests.data.people import minh, thu
from tests.handlers.test_inbox_handling import (
    STAFF_CHAT,
    account,
    add,
    arrive,
    desk,
    file_complaint,
    rows,
    say,
)

__all__ = ["account"]


def alerts(database: Database) -> list[str]:
    return [(row.body or {})["text"] for row in rows(database, Delivery) if row.kind == DeliveryKind.ALERT]


# --- echoes and reactions ---


def test_an_echo_opens_no_conversation_and_confirms_what_was_unsure(database: Database, account: int) -> None:
    say(database, account, "xin chào")
    lan = rows(database, Citizen)[0]
    kind, state = DeliveryKind.NOTICE, DeliveryState.UNSURE
    unsure = Delivery(
        account_id=account, citizen_id=lan.id, person="lan", kind=kind, state=state, attempts=1,
        body={"text": "Dạ, phản ánh đang xử lý."}, created_at_ms=int(NOON.timestamp() * 1000),
    )  # fmt: skip
    add(database, unsure)
    before = len(rows(database, Message))

    say(database, account, "Dạ, phản ánh đang xử lý.", kind="sent", message_id="m-9")

    last = rows(database, Delivery)[-1]
    assert (last.state, last.platform_id) == (DeliveryState.SENT, "m-9")
    assert len(rows(database, Message)) == before


def test_an_echo_to_somebody_unknown_makes_nobody_a_citizen(database: Database, account: int) -> None:
    say(database, account, "Dạ", kind="sent", message_id="m-9")

    assert rows(database, Citizen) == []


def test_a_reaction_opens_the_window_and_is_no_message(database: Database, account: int) -> None:
    assert say(database, account, kind="reacted") == ""

    assert rows(database, Citizen)[0].last_incoming_at == NOON
    assert rows(database, Message) == []


def test_what_the_office_typed_on_the_platform_is_kept_as_the_offices(database: Database, account: int) -> None:
    say(database, account, "Chào bà, tôi là Minh.", kind="staff", message_id="m-3")

    assert [(row.author, row.text) for row in rows(database, Message)] == [("staff", "Chào bà, tôi là Minh.")]


def test_news_of_our_account_goes_to_the_staff_group(database: Database, account: int) -> None:
    say(database, account, "Facebook cảnh báo trang của đơn vị.", kind="account", person="")

    assert alerts(database) == ["Facebook cảnh báo trang của đơn vị."]
    assert rows(database, Citizen) == []


# --- albums ---


def album(database: Database, account: int, count: int, caption: str = "") -> list[int]:
    return [
        arrive(database, account, caption if number == 0 else "", photos=[f"https://x/{number}.jpg"], album="a1")
        for number in range(count)
    ]


def test_an_album_is_one_message(database: Database, account: int) -> None:
    first, *others = album(database, account, 3, caption="Rác ở chợ")

    note = database.write_now(handle, first, desk((account, STAFF_CHAT)), NOON + timedelta(seconds=2))

    assert note
    assert [row.text for row in rows(database, Message)] == ["Rác ở chợ"]
    assert [row.arrival_id for row in rows(database, Attachment)] == [first] * 3
    states = {row.id: (row.state, row.body is None) for row in rows(database, Arrival)}
    assert [states[number] for number in others] == [(ArrivalState.HANDLED, True)] * 2


def test_an_album_waits_for_its_last_photo(database: Database, account: int) -> None:
    first, _ = album(database, account, 2)

    note = database.write_now(handle, first, desk((account, STAFF_CHAT)), NOON)

    assert note == ""
    assert rows(database, Message) == []
    assert rows(database, Arrival)[0].retry_at_ms == int(NOON.timestamp() * 1000) + 1_500


# --- edits ---


def test_a_filed_complaint_keeps_both_texts(database: Database, account: int) -> None:
    for said in ("phản ánh", "Cán bộ, cách phục vụ"):
        say(database, account, said)
    say(database, account, "Cán bộ một cửa cáu gắt với tôi", message_id="m-5")
    for said in ("Quầy số 2", "tiếp tục", "Nguyễn Thị Lan", "Tổ 3", "0905 123 456", "đồng ý"):
        say(database, account, said)

    heard = say(database, account, "Cán bộ một cửa cáu gắt với mẹ tôi", kind="edit", payload="m-5")

    assert "PA-2026-00001" in heard
    assert rows(database, Complaint)[0].content == "Cán bộ một cửa cáu gắt với tôi"
    assert [row.text for row in rows(database, ComplaintEvent)][-1] == "Cán bộ một cửa cáu gắt với mẹ tôi"
    assert "Cả hai bản" in alerts(database)[-1]


def test_a_complaint_that_is_not_filed_yet_takes_the_new_words(database: Database, account: int) -> None:
    for said in ("phản ánh", "Cán bộ, cách phục vụ"):
        say(database, account, said)
    say(database, account, "Cán bộ một cửa cáu gắt với tôi", message_id="m-5")

    say(database, account, "Cán bộ một cửa cáu gắt với mẹ tôi", kind="edit", payload="m-5")
    for said in ("Quầy số 2", "tiếp tục", "Nguyễn Thị Lan", "Tổ 3", "0905 123 456", "đồng ý"):
        say(database, account, said)

    assert rows(database, Complaint)[0].content == "Cán bộ một cửa cáu gắt với mẹ tôi"


def test_an_edit_of_something_unknown_is_no_question(database: Database, account: int) -> None:
    assert say(database, account, "khai sinh", kind="edit", payload="m-404") == ""


# --- comments ---


@pytest.fixture
def post(database: Database, account: int) -> str:
    campaign = add(database, Campaign(unit_id=1, name="11", text="Tin", rule="once", created_at=NOON))
    issue = add(database, Issue(campaign_id=campaign.id, edition="2026-11", due_at=NOON, text="Tin", launched_at=NOON))
    row = Publication(
        issue_id=issue.id, account_id=account, outlet="page_post", state=PublicationState.PUBLISHED, platform_id="p_1"
    )
    add(database, row)
    return "p_1"


def comments(database: Database, account: int, said: str, about: str) -> list[str]:
    say(database, account, said, kind="comment", person="comment:c_7", about=about)
    return [(row.body or {})["text"] for row in rows(database, Delivery) if row.person == "comment:c_7"]


def test_a_question_under_our_post_is_answered_in_private_once(database: Database, account: int, post: str) -> None:
    heard = comments(database, account, "làm giấy khai sinh cần gì", post)

    assert heard == [texts.COMMENT_QUESTION.format(unit="UBND phường Ayun Pa")]


def test_a_complaint_under_our_post_is_invited_and_shown_to_staff(database: Database, account: int, post: str) -> None:
    [heard] = comments(database, account, "cán bộ nói chuyện khó nghe quá, làm ăn chậm chạp", post)

    assert "nhắn “phản ánh”" in heard
    assert "bình luận phản ánh" in alerts(database)[-1]


@pytest.mark.parametrize(("said", "about"), [("cảm ơn phường", "p_1"), ("làm giấy khai sinh cần gì", "p_other")])
def test_no_other_comment_is_answered(database: Database, account: int, post: str, said: str, about: str) -> None:
    assert comments(database, account, said, about) == []


# --- the staff group ---


def known_as(database: Database, account: int, member: Staff, person: str) -> None:
    secret = database.write_now(staff.new_chat_secret, member, NOON)
    say(database, account, kind="start", payload=f"staff-{secret}", person=person)


def press(database: Database, account: int, payload: str, person: str, chat: str = STAFF_CHAT) -> str:
    say(database, account, kind="press", payload=payload, person=person, chat=chat)
    return alerts(database)[-1]


def test_a_member_of_staff_takes_on_a_complaint_by_a_button(database: Database, account: int) -> None:
    file_complaint(database, account)
    known_as(database, account, minh(database), "77")
    button = [row for row in rows(database, Delivery) if row.kind == DeliveryKind.ALERT][-1].body["buttons"][0]

    said = press(database, account, button["payload"], "77")

    assert said == "Minh đã tiếp nhận PA-2026-00001."
    assert rows(database, Complaint)[0].state == ComplaintState.ACCEPTED
    notice = [row for row in rows(database, Delivery) if row.kind == DeliveryKind.NOTICE][-1]
    assert (notice.person, notice.body["facts"]["code"]) == ("lan", "PA-2026-00001")


@pytest.mark.parametrize(("person", "said"), [("77", "Minh đã tiếp nhận"), ("88", "chưa gắn với cán bộ nào")])
def test_only_who_is_known_acts(database: Database, account: int, person: str, said: str) -> None:
    file_complaint(database, account)
    known_as(database, account, minh(database), "77")

    assert said in press(database, account, "office:accept:PA-2026-00001", person)


def test_pressed_twice_it_is_done_once(database: Database, account: int) -> None:
    file_complaint(database, account)
    known_as(database, account, minh(database), "77")
    press(database, account, "office:accept:PA-2026-00001", "77")

    assert "đã được làm trước đó" in press(database, account, "office:accept:PA-2026-00001", "77")


def test_another_groups_buttons_do_nothing(database: Database, account: int) -> None:
    file_complaint(database, account)
    known_as(database, account, minh(database), "77")
    before = len(alerts(database))

    press(database, account, "office:accept:PA-2026-00001", "77", chat="-100999")

    assert len(alerts(database)) == before
    assert rows(database, Complaint)[0].state == ComplaintState.NEW


def draft(database: Database, author: Staff) -> Campaign:
    row = Campaign(
        unit_id=1, name="CCHC 12", text="Tin tháng 12", rule="once", starts_at=NOON + timedelta(days=1),
        created_at=NOON, author_id=author.id,
    )  # fmt: skip

    def change(session: Session) -> Campaign:
        return campaigns.create(session, row, Actor(author.username, author.id))

    return database.write_now(change)


@pytest.mark.parametrize(
    ("who", "said"), [("thu", "Chị Thu đã duyệt bản tin “CCHC 12”."), ("minh", "Minh không có quyền làm việc này.")]
)
def test_a_leader_approves_from_the_group_and_a_clerk_does_not(
    database: Database, account: int, who: str, said: str
) -> None:
    members: dict[str, Any] = {"minh": minh(database), "thu": thu(database)}
    known_as(database, account, members[who], "77")
    button = approve_button(draft(database, members["minh"]))

    assert press(database, account, button.payload, "77") == said


def test_words_changed_since_are_not_approved_by_the_old_button(database: Database, account: int) -> None:
    leader = thu(database)
    known_as(database, account, leader, "77")
    campaign = draft(database, minh(database))
    button = approve_button(campaign)
    database.write_now(
        lambda session: campaigns.change(session, session.get_one(Campaign, campaign.id), {"text": "Khác"}, ACTOR, NOON)
    )

    assert "đã đổi sau khi gửi lời nhắc" in press(database, account, button.payload, "77")


ACTOR = Actor("minh")


def test_a_link_to_the_staff_works_once_and_is_kept_nowhere(database: Database, account: int) -> None:
    secret = database.write_now(staff.new_chat_secret, minh(database), NOON)

    first = say(database, account, kind="start", payload=f"staff-{secret}", person="77")
    second = say(database, account, kind="start", payload=f"staff-{secret}", person="88")

    assert "đã nhận ra Minh" in first
    assert "đã hết hạn hoặc đã dùng" in second
    assert secret not in "".join(row.text for row in rows(database, Message))


# --- links that open the bot ---


def test_the_link_on_a_slip_shows_that_complaint(database: Database, account: int) -> None:
    file_complaint(database, account)

    heard = say(database, account, kind="start", payload="pa-2026-00001")

    assert "PA-2026-00001" in heard
