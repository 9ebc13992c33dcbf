"""What can be asked of Telegram about our bot, in words for the staff."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.abilities import Finding
from bot.channel import SendError
from bot.channels.telegram import Telegram
from tests.platforms.clock import Clock
from tests.platforms.receiver import Receiver
from tests.platforms.telegram_meeting import LAN, Meeting, meeting
from tests.platforms.telegram_messages import telegram_error

HOOK = "https://phuong.gov.vn/webhooks/telegram"


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


async def found(telegram: Telegram, webhook: str = "", now: datetime | None = None) -> dict[str, Finding]:
    return {one.what: one for one in await telegram.inspect(webhook, now or datetime.now(UTC))}


# what it is


async def test_a_bot_says_who_it_is_and_what_it_may_do(met: Meeting) -> None:
    channel = met.platform.chats.channel("Phường Ayun Pa")

    assert await met.another(channel_id=channel.id).probe() == {
        "Tên": "Phường",
        "Tài khoản": "@phuong_bot",
        "Thêm vào nhóm": "được",
        "Đọc mọi tin trong nhóm": "không, chỉ đọc lệnh",
        "Kênh": "Phường Ayun Pa",
    }


async def test_a_channel_that_cannot_be_seen_is_no_reason_to_say_nothing(met: Meeting) -> None:
    known = await met.another(channel_id="-1005").probe()

    assert known["Kênh"].startswith("chưa vào được")


async def test_a_wrong_token_is_no_bot(met: Meeting) -> None:
    with pytest.raises(SendError):
        await met.another("5:unknown").probe()


# whether all is well


async def test_a_bot_that_polls_and_has_neither_group_nor_channel_is_well(met: Meeting) -> None:
    await met.platform.says(LAN, "Chào")

    findings = await found(met.telegram)

    assert {what: one.ok for what, one in findings.items()} == {
        "Khoá của bot": True,
        "Giờ của máy chủ": True,
        "Nhận tin": True,
    }
    assert "1 tin đang chờ" in findings["Nhận tin"].said


async def test_a_wrong_token_is_the_only_thing_to_say(met: Meeting) -> None:
    findings = await found(met.another("5:unknown"))

    assert not findings["Khoá của bot"].ok
    assert "BotFather" in findings["Khoá của bot"].todo
    assert "Nhận tin" not in findings


async def test_a_telegram_that_cannot_be_reached_is_no_fault_of_the_token(met: Meeting) -> None:
    await met.platform.stop()

    (finding,) = (await found(met.telegram)).values()

    assert (finding.ok, finding.said.startswith("chưa hỏi được")) == (False, True)
    assert "mạng" in finding.todo


async def test_a_clock_that_is_wrong_is_said(met: Meeting) -> None:
    fast = (await found(met.telegram, now=datetime.now(UTC) + timedelta(minutes=10)))["Giờ của máy chủ"]
    slow = (await found(met.telegram, now=datetime.now(UTC) - timedelta(minutes=10)))["Giờ của máy chủ"]

    assert ((fast.ok, "nhanh" in fast.said), (slow.ok, "chậm" in slow.said)) == ((False, True), (False, True))


async def test_a_webhook_that_is_ours_and_quiet_is_well(met: Meeting) -> None:
    await met.telegram.set_webhook(HOOK)

    assert (await found(met.telegram, HOOK))["Nhận tin"].ok


@pytest.mark.parametrize(
    ("theirs", "ours", "said"),
    [
        ("", HOOK, "chưa đăng ký"),
        ("https://elsewhere.vn/bot?key=s3cret", HOOK, "elsewhere.vn"),
        ("https://elsewhere.vn/bot?key=s3cret", "", "elsewhere.vn"),
    ],
)
async def test_a_webhook_that_is_not_ours_is_said_by_its_host(met: Meeting, theirs: str, ours: str, said: str) -> None:
    met.platform.hook_up(theirs)

    finding = (await found(met.telegram, ours))["Nhận tin"]

    assert (finding.ok, said in finding.said, bool(finding.todo)) == (False, True, True)
    assert "s3cret" not in finding.said + finding.todo


@pytest.mark.parametrize(("status", "todo"), [(500, "HTTPS"), (403, "Mã bí mật")])
async def test_what_telegram_could_not_deliver_is_said_for_an_hour(receiver: Receiver, status: int, todo: str) -> None:
    clock = Clock()
    async with meeting(clock) as met:
        await met.telegram.set_webhook(receiver.url)
        receiver.statuses = [status] * 3
        await met.platform.says(LAN, "Chào")
        clock.passes(minutes=5)

        finding = (await found(met.telegram, receiver.url, clock()))["Nhận tin"]
        clock.passes(hours=2)
        later = (await found(met.telegram, receiver.url, clock()))["Nhận tin"]

    assert (finding.ok, later.ok) == (False, True)
    assert f"cách đây 5 phút Telegram không giao được: Wrong response from the webhook: {status}" in finding.said
    assert "1 tin đang chờ" in finding.said
    assert todo in finding.todo


async def test_another_poller_is_noticed(met: Meeting) -> None:
    ours = asyncio.create_task(met.telegram.poll(0))
    await asyncio.sleep(0.05)
    theirs = asyncio.create_task(met.another().poll(0))
    with pytest.raises(SendError):
        await ours
    await met.platform.says(LAN, "Chào")
    await theirs

    assert not (await found(met.telegram))["Nơi khác hỏi tin"].ok


async def test_a_webhook_in_our_way_is_no_other_poller(met: Meeting) -> None:
    met.platform.hook_up("https://elsewhere.vn/bot")
    with pytest.raises(SendError):
        await met.telegram.poll(0)

    findings = await found(met.telegram)

    assert (findings["Nơi khác hỏi tin"].ok, findings["Nhận tin"].ok) == (True, False)


async def test_without_another_poller_all_is_well(met: Meeting) -> None:
    await met.platform.says(LAN, "Chào")
    await met.telegram.poll(0)

    assert (await found(met.telegram))["Nơi khác hỏi tin"].ok


# the staff's group and the channel


@pytest.mark.parametrize(
    ("status", "ok"),
    [("member", True), ("administrator", True), ("restricted", False), ("left", False), ("kicked", False)],
)
async def test_the_staff_group_must_be_open_to_us(met: Meeting, status: str, ok: bool) -> None:
    group = met.platform.chats.group("Cán bộ phường")
    group.status = status

    finding = (await found(met.another(staff_chat_id=group.id)))["Nhóm cán bộ"]

    assert (finding.ok, bool(finding.todo)) == (ok, not ok)


async def test_a_wrong_number_of_the_staff_group_is_said(met: Meeting) -> None:
    finding = (await found(met.another(staff_chat_id="-1005")))["Nhóm cán bộ"]

    assert (finding.ok, "số đã điền" in finding.todo) == (False, True)


async def test_one_person_may_stand_for_the_staff_group(met: Meeting) -> None:
    assert (await found(met.another(staff_chat_id=LAN)))["Nhóm cán bộ"].ok


@pytest.mark.parametrize(("posts", "ok"), [(True, True), (False, False)])
async def test_the_channel_must_let_us_post(met: Meeting, posts: bool, ok: bool) -> None:
    channel = met.platform.chats.channel("Phường Ayun Pa", posts=posts)
    channel.status = "administrator"

    finding = (await found(met.another(channel_id=channel.id)))["Kênh"]

    assert (finding.ok, "quyền đăng bài" in finding.todo) == (ok, not ok)


async def test_a_group_is_no_channel(met: Meeting) -> None:
    group = met.platform.chats.group("Cán bộ phường")

    assert not (await found(met.another(channel_id=group.id)))["Kênh"].ok


async def test_one_question_unanswered_leaves_the_others(met: Meeting) -> None:
    group = met.platform.chats.group("Cán bộ phường")
    met.platform.api.refusals["getwebhookinfo"] = (500, telegram_error(500, "Internal Server Error"))

    findings = await found(met.another(staff_chat_id=group.id))

    assert (findings["Nhận tin"].ok, findings["Nhóm cán bộ"].ok) == (False, True)
