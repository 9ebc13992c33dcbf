"""Our replies on their way to Zalo: ways, ornaments, templates, visitors, and the pace that Zalo asks for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from bot.channel import Failure, Purpose, Rule, Sending
from bot.channels.zalo.throttle import Throttle
from bot.messages import Button, Kind, Reply
from tests.platforms.zalo_answers import zalo_error
from tests.platforms.zalo_meeting import HUNG, LAN, STRANGER, Meeting, meeting

MENU = Reply("Chọn thủ tục", (Button("Căn cước", payload="ask:12"), Button("Cổng", url="https://dichvucong.gov.vn")))
ASKING = Reply("Xin số điện thoại ạ.", asks_contact=True)
FACTS = Reply("Phản ánh PA-1 đã xong.", facts={"ma": "PA-1", "trang_thai": "đã xong"})
BY_UID, BY_PHONE = Sending("template"), Sending("template_phone", mark="71", phone="0912 345 678")


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting(template_id="T1", phone_template_id="P1") as met:
        met.platform.templates.approve("T1", "ma", "trang_thai")
        met.platform.templates.approve("P1", "ma", "trang_thai")
        yield met


# the ways


async def test_templates_are_ways_only_where_they_are_approved(met: Meeting) -> None:
    assert [way.name for way in met.channel.ways] == ["free", "paid", "template", "template_phone"]
    assert [way.name for way in met.another().ways] == ["free", "paid"]


async def test_the_ways_follow_the_rules_as_staff_corrected_them(met: Meeting) -> None:
    free, paid, template, phone = met.channel.ways
    assert (free.hours, free.cost, free.purposes) == (48, 0, frozenset(Purpose))
    assert (paid.hours, paid.cost, paid.monthly) == (168, 55, 500)
    assert paid.purposes == {Purpose.REPLY, Purpose.NOTICE, Purpose.CAMPAIGN}
    assert (template.hours, template.template, template.phone, phone.phone) == (None, True, False, True)
    assert template.purposes == phone.purposes == {Purpose.NOTICE}

    rules = {"reply_window_hours": Rule(24, "quyết định của đơn vị", date(2026, 11, 24))}
    met.channel.limits = met.channel.limits.changed(rules)

    assert [way.hours for way in met.channel.ways[:2]] == [24, 24]


# words and ornaments


async def test_a_reply_arrives_with_its_buttons_and_a_tap_comes_back_as_a_press(met: Meeting) -> None:
    id = await met.channel.send(LAN, MENU)
    (letter,) = met.platform.letters
    await met.platform.presses(LAN, letter.buttons[0].payload)

    pressed = met.heard()
    assert (letter.id, letter.text, letter.buttons[1].payload) == (id, "Chọn thủ tục", "https://dichvucong.gov.vn")
    assert (getattr(pressed, "kind", None), getattr(pressed, "payload", "")) == (Kind.PRESS, "ask:12")


async def test_refused_buttons_are_left_off_until_the_next_start(met: Meeting) -> None:
    met.platform.refuses_buttons = True
    await met.channel.send(LAN, MENU)
    await met.channel.send(LAN, MENU)

    assert [letter.buttons for letter in met.platform.letters] == [(), ()]
    assert len(met.platform.desk.asked("/v3.0/oa/message/cs")) == 3


async def test_the_form_for_contact_details_comes_beside_the_words(met: Meeting) -> None:
    await met.channel.open()
    await met.channel.send(LAN, ASKING)

    words, form = met.platform.desk.asked("/v3.0/oa/message/cs")
    payload = form["message"]["attachment"]["payload"]
    assert words["message"] == {"text": "Xin số điện thoại ạ."}
    assert payload["template_type"] == "request_user_info"
    assert payload["elements"][0]["title"] == "UBND phường Mẫu"
    assert payload["elements"][0]["image_url"].startswith(met.platform.url)


async def test_a_refused_form_costs_nothing_but_itself(met: Meeting) -> None:
    await met.channel.open()
    met.platform.refuses_forms = True
    sent = [await met.channel.send(LAN, ASKING), await met.channel.send(LAN, ASKING)]

    assert [letter.id for letter in met.platform.letters] == sent
    assert len(met.platform.desk.asked("/v3.0/oa/message/cs")) == 3


async def test_a_filled_form_is_understood(met: Meeting) -> None:
    await met.platform.fills_form(LAN, "Nguyễn Thị Lan", "84912345678")

    filled = met.heard()
    assert (getattr(filled, "name", ""), getattr(filled, "phone", "")) == ("Nguyễn Thị Lan", "84912345678")
    assert getattr(filled, "text", "") == "Tổ 3, Ayun Pa, Gia Lai"


async def test_a_picture_is_uploaded_once_and_again_when_it_expired(met: Meeting) -> None:
    poster = Reply("Lịch tiếp dân", image="poster.png")
    await met.channel.send(LAN, poster)
    await met.channel.send(LAN, poster)
    uploads = dict(met.platform.uploads)
    met.platform.uploads = {id: at.replace(year=2020) for id, at in uploads.items()}
    await met.channel.send(LAN, poster)

    assert (len(uploads), len(met.platform.uploads), len(met.platform.letters)) == (1, 2, 3)


# our own words seen again


async def test_our_echo_is_our_own_message_and_a_clerk_is_staff(met: Meeting) -> None:
    met.platform.echoes = True
    id = await met.channel.send(LAN, Reply("Chào bà"))
    await met.hears(1)
    echo = met.heard()
    await met.platform.staff_writes(LAN, "Tôi là Minh")
    clerk = met.heard()

    assert (getattr(echo, "kind", None), getattr(echo, "message_id", "")) == (Kind.SENT, id)
    assert (getattr(echo, "text", ""), getattr(echo, "person", "")) == ("Chào bà", LAN)
    assert getattr(clerk, "kind", None) is Kind.STAFF


# visitors of the widget


async def test_a_visitor_without_zalo_is_answered_in_their_conversation(met: Meeting) -> None:
    await met.platform.visitor_says("anon_1", "conv_9", "Xin hỏi thủ tục khai sinh")
    asked = met.heard()
    person = getattr(asked, "person", "")
    await met.channel.send(person, replace(MENU, asks_contact=True))

    (letter,) = met.platform.letters
    assert (person, letter.person, letter.text, letter.buttons) == (
        "anonymous:anon_1:conv_9",
        person,
        "Chọn thủ tục",
        (),
    )
    assert (await met.channel.name_of(person), await met.channel.said_to(person)) == ("", [])


# templates


async def test_a_template_by_uid_carries_the_facts(met: Meeting) -> None:
    id = await met.channel.send(LAN, FACTS, BY_UID)

    (filled,) = met.platform.templates.filled
    assert (filled.id, filled.to, filled.template) == (id, LAN, "T1")
    assert filled.data == {"ma": "PA-1", "trang_thai": "đã xong"}


async def test_a_template_by_phone_carries_our_mark(met: Meeting) -> None:
    id = await met.channel.send(STRANGER, FACTS, BY_PHONE)

    (filled,) = met.platform.templates.filled
    assert (filled.id, filled.to, filled.tracking) == (id, "84912345678", "71")


async def test_a_receipt_that_names_a_phone_keeps_nothing_of_it(met: Meeting) -> None:
    met.platform.receipts = True
    await met.channel.send(STRANGER, FACTS, BY_PHONE)
    await met.hears(1)

    (event,) = met.channel.events(met.receiver.headers[-1], met.receiver.bodies[-1])
    assert met.receiver.headers[-1]["X-ZEvent-Server"] == "ZNS"
    assert (event.person, "84912345678" in event.id) == ("", False)


async def test_a_template_that_cannot_go_by_uid_leaves_the_next_way(met: Meeting) -> None:
    met.platform.templates.templates["T1"].by_uid = False
    assert (await met.failure(FACTS, sending=BY_UID)).failure is Failure.OUTSIDE_WINDOW


async def test_a_phone_without_zalo_is_reached_another_way_and_the_citizen_has_not_left(met: Meeting) -> None:
    met.platform.templates.without_zalo.add("84912345678")
    assert (await met.failure(FACTS, sending=BY_PHONE)).failure is Failure.OUTSIDE_WINDOW


@pytest.mark.parametrize("sending", [BY_UID, BY_PHONE], ids=["by uid", "by phone"])
@pytest.mark.parametrize("wallet", [None, 0])
async def test_an_empty_wallet_closes_the_paid_way_and_nothing_else(
    met: Meeting, sending: Sending, wallet: int | None
) -> None:
    met.platform.templates.wallet = wallet
    error = await met.failure(FACTS, sending=sending)

    assert (error.failure, error.only_person) == (Failure.QUOTA, True)
    assert "ZCA" in error.advice


async def test_a_template_without_facts_never_leaves(met: Meeting) -> None:
    error = await met.failure(Reply("x"), sending=BY_UID)
    assert (error.failure, met.platform.desk.seen) == (Failure.REJECTED, [])


async def test_a_stale_token_is_renewed_on_the_business_host_too(met: Meeting) -> None:
    met.platform.oauth.access = "another-one-by-now"
    await met.channel.send(STRANGER, FACTS, BY_PHONE)
    assert (met.platform.oauth.refreshes, len(met.platform.templates.filled)) == (1, 1)


# time and money


async def test_after_two_days_a_message_is_paid_for_until_the_quota_ends(met: Meeting) -> None:
    met.clock.passes(hours=49)
    met.platform.users.paid_quota = 1
    await met.channel.send(LAN, Reply("một"), Sending("paid"))
    error = await met.failure(Reply("hai"), sending=Sending("paid"))

    assert (error.failure, error.only_person) == (Failure.QUOTA, True)
    assert "hạn mức" in error.advice


async def test_after_seven_days_only_a_template_reaches(met: Meeting) -> None:
    met.clock.passes(days=8)
    assert (await met.failure(FACTS)).failure is Failure.OUTSIDE_WINDOW
    assert await met.channel.send(LAN, FACTS, BY_UID)


async def test_refusals_are_told_apart(met: Meeting) -> None:
    await met.platform.blocks(HUNG)
    met.platform.users.traits(LAN).refuses.add("cs")
    failures = [(await met.failure(Reply("x"), person)).failure for person in (HUNG, LAN, STRANGER)]
    assert failures == [Failure.BLOCKED, Failure.OPTED_OUT, Failure.GONE]


# the pace that Zalo asks for


async def test_too_many_calls_make_us_rest(met: Meeting) -> None:
    met.platform.desk.calls_per_minute = 0
    error = await met.failure(Reply("x"))

    assert error.failure is Failure.TOO_FAST
    assert error.retry_after_seconds == pytest.approx(2, abs=0.1)
    assert 0 < met.channel.rest_seconds <= 2


async def test_few_calls_left_are_spread_over_the_minute(met: Meeting) -> None:
    met.platform.desk.calls_per_minute = 10
    await met.channel.send(LAN, Reply("một"))
    assert met.channel.rest_seconds == 0

    for _ in range(9):
        await met.channel.send(LAN, Reply("x"))

    assert met.channel.rest_seconds == pytest.approx(60, abs=1)


def test_the_rest_doubles_to_a_minute_and_a_success_ends_it() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    rests = []
    for _ in range(7):
        rests.append(throttle.refused())
        assert throttle.refused() == rests[-1], "calls that were under way together count as one"
        now[0] += rests[-1]
    throttle.heard({})

    assert rests == [2, 4, 8, 16, 32, 60, 60]
    assert (throttle.rest_seconds, throttle.refused()) == (0, 2)


async def test_a_gateway_in_between_is_no_refusal(met: Meeting) -> None:
    met.platform.fail_next = [(429, "<html>"), (502, "<html>"), (200, zalo_error(-200))]
    failures = [(await met.failure(Reply("x"))).failure for _ in range(3)]
    assert failures == [Failure.UNAVAILABLE, Failure.UNSURE, Failure.UNAVAILABLE]
