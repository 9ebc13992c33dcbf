"""What an OA is and may do, what hinders it, and what Zalo remembers of its talks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.abilities import CatchesUp, Connects, Finding, Inspects, KnowsPeople, Probes, Publishes, Recalls, Throttles
from bot.channel import Failure, SendError
from bot.messages import Incoming, Kind, Reply
from tests.platforms.zalo_meeting import HUNG, LAN, STRANGER, Meeting, later, meeting

WEBHOOK = "https://chat.phuong.gov.vn/webhooks/zalo"


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


async def inspected(met: Meeting, webhook: str = WEBHOOK) -> dict[str, Finding]:
    return {finding.what: finding for finding in await met.channel.inspect(webhook, met.clock())}


@pytest.mark.parametrize("ability", [Publishes, Probes, Inspects, CatchesUp, Recalls, KnowsPeople, Connects, Throttles])
async def test_zalo_has_every_ability(met: Meeting, ability: type) -> None:
    assert isinstance(met.channel, ability)


# probe


async def test_a_probe_says_what_the_oa_is_and_publishes_nothing(met: Meeting) -> None:
    found = await met.channel.probe()

    assert found == {
        "Tên": "UBND phường Mẫu",
        "Loại": "OA Cơ quan nhà nước",
        "Xác thực": "đã xác thực",
        "Gói dịch vụ": "Growth, đến 31/12/2099",
        "Ví ZCA": "đã nối",
        "Người quan tâm": "2",
        "Tin có tính hạn mức": "còn 500 trên 500",
        "Bài viết": "dùng được",
        "Gửi bài tới người quan tâm": "dùng được (Zalo chỉ từ chối bài thử không có thật)",
    }
    assert (met.platform.publishing.articles, met.platform.publishing.broadcasts) == ({}, [])


async def test_a_probe_says_why_the_oa_may_not_publish(met: Meeting) -> None:
    met.platform.publishing.supports_the_type = False
    found = await met.channel.probe()
    assert "đăng bằng tay" in found["Bài viết"]
    assert "đăng bằng tay" in found["Gửi bài tới người quan tâm"]


# inspect


async def test_an_oa_in_order_has_no_faults(met: Meeting) -> None:
    found = await inspected(met)

    assert [each.what for each in found.values() if not each.ok] == []
    assert "còn hạn đến 10:00 25/11/2026" in found["Khóa truy cập"].said
    assert WEBHOOK in found["Webhook"].said


async def test_each_fault_has_its_next_step(met: Meeting) -> None:
    assert met.store.pair
    met.store.pair = replace(met.store.pair, granted_at=met.clock() - timedelta(days=85))
    met.platform.oa = {"oaid": "7", "is_verified": False, "package_valid_through_date": "01/12/2026"}
    met.platform.users.paid_quota = 0
    found = {finding.what: finding for finding in await met.channel.inspect("", met.clock() + timedelta(minutes=5))}

    wrong = {each.what: each.todo for each in found.values() if not each.ok}
    assert set(wrong) == {"Quyền của ứng dụng", "Đúng OA", "Xác thực", "Gói dịch vụ", "Đồng hồ máy chủ", "Webhook"}
    assert all(wrong.values())
    assert "lệch 300 giây" in found["Đồng hồ máy chủ"].said


async def test_little_left_of_the_quota_is_said(met: Meeting) -> None:
    met.platform.users.paid_sent = [met.clock()] * 480
    found = (await inspected(met))["Hạn mức tin"]
    assert (found.ok, "còn 20 trên 500" in found.said) == (False, True)


async def test_no_token_and_a_refused_one_are_told_apart(met: Meeting) -> None:
    assert met.store.pair
    pair, met.store.pair = met.store.pair, None
    none = await inspected(met)
    met.store.pair = later(pair, hours=26)
    met.platform.oauth.revoke()
    await met.failure(Reply("x"))
    refused = await inspected(met)

    assert (none["Khóa truy cập"].said, none["Gọi Zalo"].ok) == ("chưa có", False)
    assert (refused["Khóa truy cập"].ok, refused["Gọi Zalo"].ok) == (False, False)
    assert "cấp quyền lại" in refused["Khóa truy cập"].todo


async def test_the_wrong_oa_is_not_opened(met: Meeting) -> None:
    met.platform.oa = {"oaid": "7"}
    with pytest.raises(SendError) as caught:
        await met.channel.open()
    assert (caught.value.failure, "ZALO_OA_ID" in caught.value.advice) == (Failure.NOT_CONNECTED, True)


# people


async def test_a_citizens_name_is_asked_of_zalo(met: Meeting) -> None:
    assert await met.channel.name_of(LAN) == "Người dân 0001"
    assert await met.channel.name_of(STRANGER) == ""


# what was missed


@pytest.mark.parametrize("every", [True, False], ids=["every message", "the last of each talk"])
async def test_what_was_said_while_we_were_away_is_caught_up(met: Meeting, every: bool) -> None:
    met.platform.talk.lists_every_message = every
    await met.platform.says(LAN, "trước khi mất điện")
    met.clock.passes(minutes=1)
    since, met.platform.webhook = met.clock(), ""
    for number in range(12):
        met.clock.passes(seconds=1)
        await met.platform.says(LAN, f"câu {number}")
    met.clock.passes(seconds=1)
    await met.platform.says(HUNG, "một câu")
    await met.platform.staff_writes(HUNG, "Tôi là Minh")

    events = await met.channel.missed(since)
    understood = [met.channel.parse(event.body) for event in events]

    assert [getattr(each, "text", "") for each in understood] == [*(f"câu {number}" for number in range(12)), "một câu"]
    assert [event.person for event in events] == [LAN] * 12 + [HUNG]


async def test_a_message_caught_up_has_the_key_of_its_webhook(met: Meeting) -> None:
    since = met.clock() - timedelta(seconds=1)
    await met.platform.says(LAN, "xin chào")
    (told,) = met.channel.events(met.receiver.headers[-1], met.receiver.bodies[-1])
    (caught,) = await met.channel.missed(since)

    assert (caught.id, caught.at_ms, caught.person) == (told.id, told.at_ms, told.person)
    assert met.channel.parse(caught.body) == met.channel.parse(told.body)


async def test_whatever_can_be_sent_is_caught_up_as_the_webhook_has_it(met: Meeting) -> None:
    since = met.clock() - timedelta(seconds=1)
    acts = [
        met.platform.sends_photo(LAN, "Hố ga mất nắp"),
        met.platform.sends_place(LAN, 13.39, 108.44),
        met.platform.sends(LAN, "audio", url="https://voice.zdn.vn/a.amr"),
        met.platform.sends(LAN, "link", url="https://dichvucong.gov.vn"),
        met.platform.sends(LAN, "sticker", id="s", url="https://zalo-api.zadn.vn/s"),
    ]
    for act in acts:
        await act
        met.clock.passes(seconds=1)

    told = [met.heard(index) for index in range(len(acts))]
    caught = [met.channel.parse(event.body) for event in await met.channel.missed(since)]

    assert caught == told
    assert {each.kind for each in caught if isinstance(each, Incoming)} == {Kind.MESSAGE}


async def test_what_we_said_to_a_person_is_remembered(met: Meeting) -> None:
    await met.platform.says(LAN, "xin chào")
    id = await met.channel.send(LAN, Reply("Chào bà Lan"))
    await met.channel.send(HUNG, Reply("Chào ông Hùng"))

    (said,) = await met.channel.said_to(LAN)
    assert (said.id, said.text, said.at) == (id, "Chào bà Lan", met.clock())
