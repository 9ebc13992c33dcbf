"""The same conversation on every platform: a question, a complaint with a photo, an answer, a look-up."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.messages import Reply
from data import complaints
from data.audit import Actor
from data.clock import to_ms, utc_now
from data.tables import Arrival, Attachment, Citizen, Complaint, Delivery, DeliveryKind
from handlers.citizens import texts
from handlers.speaking import About, say
from tests.platforms import Letter
from tests.stories.conftest import LAN, STAFF_GROUP, Street, built

PLATFORMS = ["zalo", "messenger", "telegram"]


async def _asks(street: Street, name: str, text: str) -> list[Letter]:
    """Lan says something; what came back."""
    platform = street.platform(name)
    before = len(platform.letters_to(LAN))
    await platform.says(LAN, text)
    await platform.waits_for(before + 1, LAN)
    await street.settles()
    return platform.letters_to(LAN)[before:]


@pytest.mark.parametrize("name", PLATFORMS)
async def test_a_question_without_diacritics_is_answered_with_facts_and_their_source(street: Street, name: str) -> None:
    platform = street.platform(name)
    platform.add_people(1, int(LAN))

    await _asks(street, name, "chao")
    answer = (await _asks(street, name, "lam giay khai sinh cho con can gi"))[-1]

    assert "1.001193" in answer.text
    assert "Giấy chứng sinh" in answer.text
    assert "Nguồn: Cổng Dịch vụ công quốc gia" in answer.text
    assert [choice.title for choice in answer.buttons][:2] == ["Lệ phí", "Thời hạn"]


@pytest.mark.parametrize("name", PLATFORMS)
async def test_a_button_and_its_digit_lead_to_the_same_answer(street: Street, name: str) -> None:
    platform = street.platform(name)
    platform.add_people(1, int(LAN))
    await _asks(street, name, "chao")
    menu = (await _asks(street, name, "làm giấy khai sinh cần giấy tờ gì"))[-1]

    before = len(platform.letters_to(LAN))
    await platform.presses(LAN, menu.buttons[0].payload)
    await platform.waits_for(before + 1, LAN)
    await street.settles()
    await _asks(street, name, "làm giấy khai sinh cần giấy tờ gì")
    by_digit = (await _asks(street, name, "1"))[-1]

    assert platform.letters_to(LAN)[before].text == by_digit.text
    assert "60 ngày" in by_digit.text


@pytest.mark.parametrize("name", PLATFORMS)
async def test_a_complaint_with_a_photo_is_filed_answered_and_looked_up(street: Street, name: str) -> None:
    platform = street.platform(name)
    platform.add_people(1, int(LAN))
    for words in ("chao", "gửi phản ánh", "3", "Đường trước nhà hư hỏng nặng, xe đi té liên tục", "tổ 5"):
        await _asks(street, name, words)
    before = len(platform.letters_to(LAN))
    await platform.sends_photo(LAN)
    await platform.waits_for(before + 1, LAN)
    await street.settles()
    for words in ("tiếp tục", "Nguyễn Thị Lan", "tổ 5 phường Ayun Pa", "0905123456"):
        await _asks(street, name, words)

    receipt = (await _asks(street, name, "đồng ý gửi"))[-1]

    assert "PA-" in receipt.text
    complaint = await street.database.read(lambda session: session.exec(select(Complaint)).one())
    assert (complaint.person_contact, complaint.place) == ("0905123456", "tổ 5")
    await _until_stored(street)
    await street.database.write(_answer, street, complaint.code)
    street.house.wake()
    await street.settles()
    assert "Tổ quản lý đường đã vá xong" in platform.letters_to(LAN)[-1].text
    status = (await _asks(street, name, complaint.code))[-1]
    assert "đã trả lời" in status.text


def _answer(session: Session, street: Street, code: str) -> None:
    complaint = session.exec(select(Complaint).where(Complaint.code == code)).one()
    words = "Tổ quản lý đường đã vá xong ngày hôm nay."
    complaints.answer(session, complaint, words, Actor("minh"), utc_now())
    citizen = session.get_one(Citizen, complaint.citizen_id)
    text = texts.ANSWERED_NOTICE.format(unit="UBND phường Ayun Pa", code=code, answer=words)
    about = About(DeliveryKind.NOTICE, complaint_id=complaint.id)
    say(session, citizen, [Reply(text)], street.house.limits_of(citizen.account_id), about, to_ms(utc_now()))


async def _until_stored(street: Street) -> None:
    await street.house._fetch_attachments()
    photo = await street.database.read(lambda session: session.exec(select(Attachment)).one())
    assert photo.state == "stored"
    assert street.house.store.read(photo.stored)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("name", PLATFORMS)
async def test_an_event_that_is_delivered_again_is_answered_once(street: Street, name: str) -> None:
    platform = street.platform(name)
    platform.add_people(1, int(LAN))
    await _asks(street, name, "chao")
    answers = await _asks(street, name, "địa chỉ ủy ban ở đâu")

    await platform.repeats()
    await platform.repeats()
    after = await _asks(street, name, "cảm ơn")

    assert len(answers) == 1
    assert [letter.text[:12] for letter in after] == [texts.THANKS[:12]]


@pytest.mark.parametrize("name", PLATFORMS)
async def test_the_staff_group_hears_of_a_call_for_a_person(street: Street, name: str) -> None:
    platform = street.platform(name)
    platform.add_people(1, int(LAN))

    await _asks(street, name, "gap can bo")
    await street.telegram.waits_for(1, STAFF_GROUP)

    assert "gặp cán bộ" in street.telegram.letters_to(STAFF_GROUP)[-1].text


async def test_a_forged_webhook_is_refused_and_nothing_is_kept(street: Street) -> None:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        for name in ("zalo", "messenger"):
            body = {"event_name": "user_send_text", "object": "page", "entry": [{"messaging": [{}]}]}
            async with session.post(f"{street.address}/webhooks/{name}", json=body) as response:
                assert response.status == 403

    assert await street.database.read(lambda session: session.exec(select(Arrival)).all()) == []


async def test_health_tells_of_the_database_the_channels_and_the_clock(street: Street) -> None:
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(f"{street.address}/health") as response:
        found = await response.json()

    assert found["status"] == "ok"
    assert set(found["channels"].values()) == {"connected"}


async def test_telegram_by_webhook_is_answered_and_its_presses_acknowledged(tmp_path: Path) -> None:
    async with built(tmp_path, TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET="by-this-we-know") as street:
        street.telegram.add_people(1, int(LAN))
        await _asks(street, "telegram", "chao")
        menu = (await _asks(street, "telegram", "làm giấy khai sinh cần giấy tờ gì"))[-1]

        await street.telegram.presses(LAN, menu.buttons[0].payload)
        await street.telegram.waits_for(4, LAN)
        await street.settles()

        assert "60 ngày" in street.telegram.letters_to(LAN)[-1].text
        assert len(street.telegram.answered) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("name", PLATFORMS)
async def test_the_same_house_stands_on_postgresql(tmp_path: Path, postgres_url: str, name: str) -> None:
    async with built(tmp_path, LOA_DATABASE_URL=postgres_url) as street:
        street.platform(name).add_people(1, int(LAN))
        await _asks(street, name, "chao")

        answer = (await _asks(street, name, "lam giay khai sinh cho con can gi"))[-1]

        assert "Giấy chứng sinh" in answer.text


async def test_an_expired_zalo_token_is_renewed_and_the_reply_still_leaves(street: Street) -> None:
    street.zalo.add_people(1, int(LAN))
    street.zalo.oauth.access = "another-one-by-now"

    answers = await _asks(street, "zalo", "chao")

    assert answers
    assert street.zalo.oauth.refreshes == 1


async def test_a_withdrawn_zalo_grant_wakes_the_staff_and_loses_no_reply(street: Street) -> None:
    street.zalo.add_people(1, int(LAN))
    street.zalo.oauth.revoke()

    await street.zalo.says(LAN, "chao")
    await street.telegram.waits_for(1, STAFF_GROUP)

    assert any("zalo gặp trục trặc" in letter.text for letter in street.telegram.letters_to(STAFF_GROUP))
    waiting = await street.database.read(lambda session: session.exec(select(Delivery.state)).all())
    assert set(waiting) <= {"waiting", "sending", "sent"}
    assert "waiting" in waiting
