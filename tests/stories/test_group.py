"""The staff group, albums, edits and comments: one town on all platforms, in real HTTP."""

from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from data import campaigns, staff
from data.audit import Actor
from data.clock import utc_now
from data.tables import (
    Attachment,
    Campaign,
    CampaignState,
    Complaint,
    ComplaintEvent,
    ComplaintState,
    Message,
    Publication,
    PublicationState,
    Staff,
)
from handlers.citizens import texts
from handlers.staff.group import approve_button
from tests.platforms import Letter
from tests.platforms.telegram_chats import Chat
from tests.stories.conftest import LAN, Street, built, corrected

GROUP = "-1001000000001"  # the first that is made
MINH, THU, STRANGER = "700000001", "700000002", "700000003"
DAYLIGHT = [corrected(channel, "quiet_from", 0) for channel in ("zalo", "messenger", "telegram")]
DAYLIGHT += [corrected(channel, "quiet_to", 0) for channel in ("zalo", "messenger", "telegram")]


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with built(tmp_path, *DAYLIGHT, TELEGRAM_STAFF_CHAT_ID=GROUP, MESSENGER_PUBLISHES="yes") as street:
        assert street.telegram.chats.group("Cán bộ phường", MINH, THU, STRANGER).id == GROUP
        yield street


def group_of(street: Street) -> Chat:
    found = street.telegram.chats.find(GROUP)
    assert found
    return found


async def told(street: Street, words: str) -> Letter:
    """What the group reads, once it does."""
    count = 1
    while True:
        letters = await street.telegram.waits_for(count, group_of(street).id)
        if found := [letter for letter in letters if words in letter.text]:
            return found[-1]
        count = len(letters) + 1


async def member(street: Street, username: str, name: str, role: str, person: str) -> Staff:
    """Known to the bot by the link of “Tài khoản của tôi”."""
    row = await street.database.write(staff.add, username, name, role, utc_now())
    secret = await street.database.write(staff.new_chat_secret, row, utc_now())
    street.telegram.add_people(1, int(person))
    link = street.house.staff_link(secret)
    await street.telegram.says(person, f"/start {link.partition('start=')[2]}")
    await street.telegram.waits_for(1, person)
    return row


async def rows(street: Street, table: type[SQLModel]) -> list[Any]:
    return await street.database.read(lambda session: list(session.exec(select(table))))


async def complains(street: Street, name: str, **more: str) -> None:
    platform = street.platform(name)
    platform.add_people(1, int(LAN))
    for said in ("phản ánh", "Cán bộ, cách phục vụ", "Cán bộ một cửa cáu gắt với tôi", "Quầy số 2", "tiếp tục"):
        await platform.says(LAN, said)
    for said in ("Nguyễn Thị Lan", "Tổ 3", "0905123456", "đồng ý"):
        await platform.says(LAN, said)
    await street.settles()


async def test_a_complaint_on_zalo_is_taken_on_in_the_telegram_group(street: Street) -> None:
    await member(street, "minh", "Minh", "clerk", MINH)
    await complains(street, "zalo")
    alert = await told(street, "Phản ánh mới PA-")

    await street.telegram.presses_in(group_of(street), STRANGER, alert.buttons[0].payload)
    refused = await told(street, "chưa gắn với cán bộ nào")
    await street.telegram.presses_in(group_of(street), MINH, alert.buttons[0].payload)
    await told(street, "Minh đã tiếp nhận PA-")
    await street.settles()

    assert refused
    [complaint] = await rows(street, Complaint)
    assert complaint.state == ComplaintState.ACCEPTED
    assert "đã tiếp nhận" in street.zalo.letters_to(LAN)[-1].text


async def test_a_leader_approves_a_campaign_in_the_group(street: Street) -> None:
    minh = await member(street, "minh", "Minh", "clerk", MINH)
    await member(street, "thu", "Chị Thu", "leader", THU)
    made = await street.database.write(_draft, minh)
    await street.telegram.presses_in(group_of(street), THU, approve_button(made).payload)
    await told(street, "Chị Thu đã duyệt bản tin")

    assert (await rows(street, Campaign))[0].approved_by is not None


def _draft(session: Session, author: Staff) -> Campaign:
    campaign = Campaign(
        unit_id=author.unit_id, name="CCHC 12", text="Tin tháng 12\nNội dung", rule=campaigns.ONCE, author_id=author.id,
        starts_at=utc_now() + timedelta(days=1), created_at=utc_now(), outlets=["page_post"],
    )  # fmt: skip
    return campaigns.create(session, campaign, Actor(author.username, author.id))


async def test_three_photos_of_an_album_are_one_complaint(street: Street) -> None:
    telegram = street.telegram
    telegram.add_people(1, int(LAN))
    await telegram.sends_album(LAN, 3, caption="")
    _welcome, offered = await telegram.waits_for(2, LAN)
    for payload in (offered.buttons[0].payload, "kind:general"):
        await _then(street, telegram.presses(LAN, payload))
    for said in ("Rác chất đống ở chợ Ayun Pa", "Chợ", "tiếp tục", "Nguyễn Thị Lan", "Tổ 3", "0905123456", "đồng ý"):
        await _then(street, telegram.says(LAN, said))

    [complaint] = await rows(street, Complaint)
    files = await rows(street, Attachment)
    assert [file.complaint_id for file in files] == [complaint.id] * 3


async def _then(street: Street, does: Awaitable[list[int]]) -> None:
    """She does it, and reads the answer."""
    before = len(street.telegram.letters_to(LAN))
    await does
    await street.telegram.waits_for(before + 1, LAN)


async def test_words_changed_after_filing_stand_beside_the_first(street: Street) -> None:
    await complains(street, "messenger")
    asked = [row for row in await street.database.read(_messages) if row.text == "Cán bộ một cửa cáu gắt với tôi"]

    await street.messenger.edits(LAN, asked[0].platform_id, "Cán bộ một cửa cáu gắt với mẹ tôi")
    await street.settles()

    assert "chúng tôi đã ghi thêm" in street.messenger.letters_to(LAN)[-1].text
    events = await street.database.read(lambda session: list(session.exec(select(ComplaintEvent))))
    assert [event.text for event in events if event.what == "edited"] == ["Cán bộ một cửa cáu gắt với mẹ tôi"]


def _messages(session: Session) -> list[Any]:
    return list(session.exec(select(Message).order_by(col(Message.id))))


async def test_a_comment_under_our_own_post_is_answered_once_in_private(street: Street) -> None:
    await street.database.write(_due_now)
    await street.house._launch_due()
    await _until_published(street)
    [post] = await rows(street, Publication)
    street.messenger.add_people(1, int(LAN))

    await street.messenger.comments_on(LAN, "làm giấy khai sinh cần giấy tờ gì vậy", post.platform_id)
    await street.messenger.comments_on(LAN, "cảm ơn phường", post.platform_id)
    await street.settles()

    private = [letter.text for letter in street.messenger.letters if "đã đọc bình luận" in letter.text]
    assert private == [texts.COMMENT_QUESTION.format(unit="UBND phường Ayun Pa")]


def _due_now(session: Session) -> None:
    session.add(
        Campaign(
            unit_id=1,
            name="CCHC 11",
            text="Tin tháng 11\nNội dung",
            rule=campaigns.ONCE,
            starts_at=utc_now(),
            next_at=utc_now(),
            state=CampaignState.APPROVED,
            created_at=utc_now(),
            outlets=["page_post"],
        )
    )


async def _until_published(street: Street) -> None:
    for _ in range(5):
        await street.house.publisher.work()
        if all(row.state == PublicationState.PUBLISHED for row in await rows(street, Publication)):
            return
