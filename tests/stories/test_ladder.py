"""A complaint is answered days later: by which way that comes, what it costs, and who calls when there is none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from time import time
from typing import Any, NamedTuple

import aiohttp
import pytest
from sqlmodel import Session, col, select

from data import complaints, staff
from data.audit import Actor
from data.tables import Arrival, Complaint, Delivery, DeliveryKind, DeliveryState
from handlers.citizens import texts
from handlers.staff.notices import tell_citizen
from tests.platforms import Letter
from tests.platforms.clock import Clock
from tests.platforms.graph_refusals import graph_error
from tests.platforms.zalo_answers import zalo_error
from tests.stories.conftest import COMPLAINT, LAN, STAFF_GROUP, Street, built_at

ANSWER = "Tổ quản lý đường đã vá xong ngày hôm nay."
BY_UID, BY_PHONE = {"ZALO_TEMPLATE_ID": "by-uid"}, {"ZALO_PHONE_TEMPLATE_ID": "by-phone"}
HUMAN_AGENT = {"MESSENGER_HUMAN_AGENT": "yes"}
UTILITY = {"MESSENGER_UTILITY_TEMPLATE": "complaint_state"}
WORDS = "Phản ánh {{code}} của ông/bà nay có trạng thái mới: {{state}}. Kính báo, {{unit}} phường xin cảm ơn."
PHONE = "84905123456"


class Went(NamedTuple):
    state: str
    way: str
    cost: float
    reason: str = ""


@asynccontextmanager
async def office(folder: Path, **settings: str) -> AsyncIterator[Street]:
    """Templates are approved on both platforms; which of them we know, the settings say."""
    async with built_at(Clock(), folder, **settings) as street:
        street.zalo.templates.approve("by-uid", "code", "state", "unit")
        street.zalo.templates.approve("by-phone", "code", "state", "unit", by_uid=False)
        body = {"type": "BODY", "text": WORDS, "example": {}}
        asked = {"name": "complaint_state", "language": "vi", "category": "UTILITY", "components": [body]}
        assert street.messenger.templates.create(asked)["status"] == "APPROVED"
        yield street


async def _is_answered(street: Street, code: str) -> Went:
    """Minh answers in the console; how it went."""
    await street.database.write(_answer, street, code)
    street.house.wake()
    await street.settles_for_now()
    return await street.database.read(_went)


def _answer(session: Session, street: Street, code: str) -> None:
    complaint = session.exec(select(Complaint).where(Complaint.code == code)).one()
    minh = staff.by_username(session, "minh") or staff.add(session, "minh", "Minh", "clerk", street.clock())
    complaints.answer(session, complaint, ANSWER, Actor("minh", minh.id), street.clock())
    notice = texts.ANSWERED_NOTICE.format(unit="UBND phường Ayun Pa", code=code, answer=ANSWER)
    assert tell_citizen(session, complaint, notice, street.house._desk(), minh.id, street.clock())


def _went(session: Session) -> Went:
    query = select(Delivery).where(Delivery.kind == DeliveryKind.NOTICE).order_by(col(Delivery.id).desc())
    found = session.exec(query).all()[0]
    return Went(DeliveryState(found.state).value, found.way, found.cost, found.reason)


def _answers_to(street: Street, name: str, person: str = LAN) -> list[Letter]:
    return [letter for letter in street.platform(name).letters_to(person) if ANSWER in letter.text]


# Zalo


async def test_after_ten_days_zalos_template_tells_the_state(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_UID, **BY_PHONE) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)

        went = await _is_answered(street, code)

        filled = street.zalo.templates.filled
        assert [(each.to, each.template) for each in filled] == [(LAN, "by-uid")]
        assert filled[0].data == {"code": code, "state": "đã trả lời", "unit": "UBND phường Ayun Pa"}
        assert went == Went("sent", "template", 150)


async def test_with_a_template_by_phone_alone_it_goes_to_the_phone_that_was_left(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_PHONE) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)

        went = await _is_answered(street, code)

        assert [(each.to, each.template) for each in street.zalo.templates.filled] == [(PHONE, "by-phone")]
        assert went == Went("sent", "template_phone", 150)


async def test_without_a_way_the_answer_is_held_staff_call_and_it_comes_when_lan_writes_again(tmp_path: Path) -> None:
    async with office(tmp_path) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)

        went = await _is_answered(street, code)
        told = street.telegram.letters_to(STAFF_GROUP)[-1].text
        came = await street.says("zalo", "làm giấy khai sinh cần giấy tờ gì")
        later = await street.says("zalo", "cảm ơn")

        assert went == Went("held", "", 0, "outside_window")
        assert code in told
        assert "gọi điện" in told
        assert ["1.001193" in letter.text for letter in came] == [True, False]
        assert ANSWER in came[1].text
        assert len(_answers_to(street, "zalo")) == 1
        assert [letter.text[:12] for letter in later] == [texts.THANKS[:12]]
        assert await street.database.read(_went) == Went("sent", "free", 0)


async def test_what_was_held_waits_for_the_whole_answer_however_slow_it_is(tmp_path: Path) -> None:
    async with office(tmp_path) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)
        await _is_answered(street, code)
        street.zalo.fail_next = [(200, zalo_error(-200))]  # the answer must go once more

        await street.says("zalo", "làm giấy khai sinh cần giấy tờ gì")
        before = len(_answers_to(street, "zalo"))
        await street.passes(minutes=1)

        assert before == 0
        assert ["1.001193" in letter.text for letter in street.zalo.letters_to(LAN)[-2:]] == [True, False]
        assert len(_answers_to(street, "zalo")) == 1


async def test_on_the_third_day_zalo_is_paid_for_the_words(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_UID) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=3)

        went = await _is_answered(street, code)

        assert went == Went("sent", "paid", 55)
        assert len(street.zalo.users.paid_sent) == 1
        assert len(_answers_to(street, "zalo")) == 1
        assert street.zalo.templates.filled == []


async def test_the_next_day_the_words_cost_nothing(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_UID) as street:
        code = await street.files_complaint("zalo")
        await street.passes(hours=40)

        assert await _is_answered(street, code) == Went("sent", "free", 0)
        assert street.zalo.users.paid_sent == []


async def test_a_template_waits_for_the_morning(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_UID) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10, hours=14)  # eleven at night

        at_night = await _is_answered(street, code)
        await street.passes(hours=9)

        assert at_night == Went("waiting", "", 0, "quiet_hours")
        assert await street.database.read(_went) == Went("sent", "template", 150)


@pytest.mark.parametrize(
    ("settings", "went"),
    [(BY_UID, Went("sent", "template", 150)), (BY_PHONE, Went("sent", "template_phone", 150))],
    ids=["by UID", "by phone"],
)
async def test_zalo_knowing_better_when_lan_last_wrote_the_next_way_is_taken(
    tmp_path: Path, settings: dict[str, str], went: Went
) -> None:
    async with office(tmp_path, **settings) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=3)
        street.zalo.fail_next = [(200, zalo_error(-230))]

        assert await _is_answered(street, code) == went
        assert _answers_to(street, "zalo") == []


async def test_a_template_that_cannot_go_by_uid_goes_by_phone(tmp_path: Path) -> None:
    async with office(tmp_path, ZALO_TEMPLATE_ID="by-phone", **BY_PHONE) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)

        assert await _is_answered(street, code) == Went("sent", "template_phone", 150)


async def test_a_phone_without_zalo_leaves_the_answer_to_a_call(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_PHONE) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)
        street.zalo.templates.without_zalo.add(PHONE)

        assert await _is_answered(street, code) == Went("held", "", 0, "outside_window")
        assert "gọi điện" in street.telegram.letters_to(STAFF_GROUP)[-1].text


async def test_zalo_having_no_paid_messages_left_the_next_way_is_taken(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_UID) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=3)
        street.zalo.users.paid_quota = 0

        assert await _is_answered(street, code) == Went("sent", "template", 150)


async def test_an_empty_wallet_leaves_the_answer_to_a_call_and_to_lans_next_words(tmp_path: Path) -> None:
    async with office(tmp_path, **BY_UID, **BY_PHONE) as street:
        code = await street.files_complaint("zalo")
        await street.passes(days=10)
        street.zalo.templates.wallet = 0

        went = await _is_answered(street, code)
        came = await street.says("zalo", "làm giấy khai sinh cần giấy tờ gì")

        assert went.state == "held"
        assert any("gọi điện" in letter.text for letter in street.telegram.letters_to(STAFF_GROUP))
        assert [ANSWER in letter.text for letter in came] == [False, True]


# Messenger


async def test_after_thirty_hours_a_person_of_the_office_may_still_answer_on_messenger(tmp_path: Path) -> None:
    async with office(tmp_path, **HUMAN_AGENT, **UTILITY) as street:
        code = await street.files_complaint("messenger")
        await street.passes(hours=30)

        assert await _is_answered(street, code) == Went("sent", "human_agent", 0)
        assert len(_answers_to(street, "messenger")) == 1


async def test_after_ten_days_metas_template_tells_the_state(tmp_path: Path) -> None:
    async with office(tmp_path, **HUMAN_AGENT, **UTILITY) as street:
        code = await street.files_complaint("messenger")
        await street.passes(days=10)

        assert await _is_answered(street, code) == Went("sent", "utility", 0)
        last = street.messenger.letters_to(LAN)[-1].text
        assert (code in last, "đã trả lời" in last) == (True, True)


async def test_without_a_way_on_messenger_the_answer_is_held_until_lan_writes_again(tmp_path: Path) -> None:
    async with office(tmp_path) as street:
        code = await street.files_complaint("messenger")
        await street.passes(days=10)

        held = await _is_answered(street, code)
        came = await street.says("messenger", "làm giấy khai sinh cần giấy tờ gì")

        assert held == Went("held", "", 0, "outside_window")
        assert ["1.001193" in letter.text for letter in came] == [True, False]
        assert len(_answers_to(street, "messenger")) == 1
        assert await street.database.read(_went) == Went("sent", "standard", 0)


async def test_messenger_knowing_better_when_lan_last_wrote_the_next_way_is_taken(tmp_path: Path) -> None:
    async with office(tmp_path, **HUMAN_AGENT, **UTILITY) as street:
        code = await street.files_complaint("messenger")
        await street.passes(hours=20)
        closed = graph_error(10, "(#10) This message is sent outside of allowed window.", 2018278)
        street.messenger.fail_next = [(400, closed)]

        assert await _is_answered(street, code) == Went("sent", "human_agent", 0)
        assert len(_answers_to(street, "messenger")) == 1


async def test_rights_that_meta_has_not_granted_are_passed_over(tmp_path: Path) -> None:
    async with office(tmp_path, **HUMAN_AGENT, **UTILITY) as street:
        code = await street.files_complaint("messenger")
        await street.passes(hours=30)
        street.messenger.human_agent = False

        assert await _is_answered(street, code) == Went("sent", "utility", 0)


# where there is no window


async def test_on_telegram_the_answer_comes_at_any_time(tmp_path: Path) -> None:
    async with office(tmp_path) as street:
        code = await street.files_complaint("telegram")
        await street.passes(days=100)

        assert await _is_answered(street, code) == Went("sent", "chat", 0)
        assert len(_answers_to(street, "telegram")) == 1


async def test_on_our_own_page_the_answer_stands_at_any_time(tmp_path: Path) -> None:
    async with office(tmp_path) as street, _browser(street) as lan:
        for words in COMPLAINT:
            known = await street.database.read(_count)
            await _posts(lan, words)
            await street.hears_more_than(known)
        code = await street.database.read(lambda session: session.exec(select(Complaint.code)).one())
        await street.passes(days=100)

        went = await _is_answered(street, code)

        assert went == Went("sent", "page", 0)
        async with lan.get("/chat/history") as page:
            lines = (await page.json())["lines"]
        assert sum(ANSWER in line["text"] for line in lines) == 1


def _count(session: Session) -> int:
    return len(session.exec(select(Arrival.id)).all())


@asynccontextmanager
async def _browser(street: Street) -> AsyncIterator[aiohttp.ClientSession]:
    jar = aiohttp.CookieJar(unsafe=True)  # of an address without a name
    headers = {"Origin": street.address, "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(street.address, cookie_jar=jar, headers=headers) as lan:
        async with lan.get("/") as page:
            assert page.status == 200
        yield lan


async def _posts(lan: aiohttp.ClientSession, words: str) -> None:
    said: dict[str, Any] = {"id": token_hex(8), "at": int(time() * 1000), "text": words}
    async with lan.post("/chat/messages", json=said) as answer:
        assert answer.status == 202, await answer.text()
