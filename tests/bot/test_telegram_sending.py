"""Our replies on their way through python-telegram-bot, and Telegram's refusals named."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.channel import Failure, Purpose
from bot.channels.telegram import Telegram
from bot.channels.telegram.lately import Lately
from bot.messages import Button, Reply
from bot.outgoing import Answer, Outgoing
from bot.text import parts
from tests.platforms.clock import Clock
from tests.platforms.telegram_meeting import HUNG, LAN, TOKEN, Meeting, failure, meeting, picture
from tests.platforms.telegram_messages import telegram_error

NEWS = Reply("Chọn thủ tục", (Button("Căn cước", payload="ask:12"),))


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


# replies


def test_there_is_one_way_and_it_is_free_at_any_time() -> None:
    (way,) = Telegram(TOKEN, "s", "http://127.0.0.1:1", Outgoing(), picture).ways
    assert (way.name, way.purposes, way.hours, way.cost) == ("chat", frozenset(Purpose), None, 0)


async def test_a_reply_arrives_with_its_buttons(met: Meeting) -> None:
    too_long = Button("Xã", payload="đ" * 33)
    buttons = (Button("Căn cước", payload="ask:12"), Button("Cổng", url="https://dichvucong.gov.vn"), too_long)

    id = await met.telegram.send(LAN, Reply("Chọn thủ tục", buttons))

    (letter,) = met.platform.letters
    assert (letter.id, letter.text) == (id, "Chọn thủ tục")
    assert letter.buttons == (("Căn cước", "ask:12"), ("Cổng", "https://dichvucong.gov.vn"))


async def test_a_picture_is_uploaded_or_named_by_its_address(met: Meeting) -> None:
    await met.telegram.send(LAN, Reply(image="poster.png"))
    await met.telegram.send(LAN, Reply(image="https://phuong.gov.vn/poster.png"))

    assert [one.image for one in met.platform.letters] == ["upload: 19 bytes", "https://phuong.gov.vn/poster.png"]


@pytest.mark.parametrize("reply", [Reply("👍" * 2049), Reply("ờ" * 1025, image="poster.png")])
async def test_what_is_too_long_never_leaves(met: Meeting, reply: Reply) -> None:
    error = await failure(met.telegram, reply=reply)

    assert (error.failure, met.platform.api.calls) == (Failure.REJECTED, [])
    assert "rút ngắn" in error.advice


async def test_all_parts_of_a_long_reply_fit(met: Meeting) -> None:
    for part in parts(Reply("Dạ, hồ sơ gồm. " * 700), met.telegram.limits):
        await met.telegram.send(LAN, part)

    assert len(met.platform.letters) == 3


async def test_an_edit_changes_what_stands_there_and_may_be_repeated(met: Meeting) -> None:
    id = await met.telegram.send(LAN, NEWS)

    for _ in range(2):
        await met.telegram.edit(LAN, id, Reply("Ông Minh đã nhận"))

    (letter,) = met.platform.letters
    assert (letter.text, letter.buttons) == ("Ông Minh đã nhận", ())


# the phone


async def test_asking_for_the_phone_shows_telegrams_own_button_once(met: Meeting) -> None:
    await met.telegram.send(LAN, Reply("Xin số điện thoại", asks_contact=True))
    assert met.platform.keyboards.shown == {LAN: ("Gửi số điện thoại của tôi",)}

    await met.platform.shares_phone(LAN, "+84901234567")
    (event,) = await met.telegram.poll(0)

    incoming = met.telegram.parse(event.body)
    assert getattr(incoming, "phone", "") == "+84901234567"
    assert met.platform.keyboards.shown == {}


async def test_the_next_message_takes_the_keyboard_away_as_soon_as_it_can(met: Meeting) -> None:
    await met.telegram.send(LAN, Reply("Xin số điện thoại", asks_contact=True))

    await met.telegram.send(HUNG, Reply("Dạ, chào ông"))
    await met.telegram.send(LAN, NEWS)  # its own buttons leave no room
    assert LAN in met.platform.keyboards.shown
    await met.telegram.send(LAN, Reply("Dạ, đã hủy"))

    assert met.platform.keyboards.shown == {}


async def test_a_keyboard_that_was_not_shown_is_not_taken_away(met: Meeting) -> None:
    met.platform.fail_next = [(500, telegram_error(500, "Internal Server Error"))]
    await failure(met.telegram, reply=Reply("Xin số điện thoại", asks_contact=True))

    await met.telegram.send(LAN, Reply("Xin số điện thoại", asks_contact=True))

    assert LAN in met.platform.keyboards.shown


async def test_nobody_is_asked_for_a_phone_in_a_group(met: Meeting) -> None:
    group = met.platform.chats.group("Cán bộ phường", LAN)

    await met.telegram.send(group.id, Reply("Xin số điện thoại", NEWS.buttons, asks_contact=True))

    assert met.platform.letters_to(group.id)[0].buttons == (("Căn cước", "ask:12"),)


# refusals


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, telegram_error(403, "bot was blocked by the user"), Failure.BLOCKED),
        (403, telegram_error(403, "user is deactivated"), Failure.GONE),
        (403, telegram_error(403, "bot can't initiate conversation with a user"), Failure.OUTSIDE_WINDOW),
        (403, telegram_error(403, "bot was kicked from the channel chat"), Failure.GONE),
        (400, telegram_error(400, "chat not found"), Failure.GONE),
        (400, telegram_error(400, "message is too long"), Failure.REJECTED),
        (400, telegram_error(400, "group chat was upgraded", migrate_to_chat_id=-5), Failure.GONE),
        (400, telegram_error(400, "not enough rights to send text messages to the chat"), Failure.REJECTED),
        (401, telegram_error(401, ""), Failure.NOT_CONNECTED),
        (404, telegram_error(404, ""), Failure.NOT_CONNECTED),
        (409, telegram_error(409, "terminated by other getUpdates request"), Failure.NOT_CONNECTED),
        (429, "<html>slow down</html>", Failure.UNAVAILABLE),
        (500, telegram_error(500, "Internal Server Error"), Failure.UNSURE),
        (502, "<html>Bad Gateway</html>", Failure.UNSURE),
        (503, telegram_error(503, ""), Failure.UNAVAILABLE),
        (200, {"ok": False}, Failure.UNSURE),
    ],
)
async def test_each_refusal_has_its_name(met: Meeting, status: int, body: Any, expected: Failure) -> None:
    met.platform.fail_next = [(status, body)]

    assert (await failure(met.telegram)).failure is expected


async def test_someone_who_never_pressed_start_is_outside_the_window(met: Meeting) -> None:
    met.platform.person("111222555")

    assert (await failure(met.telegram, "111222555")).failure is Failure.OUTSIDE_WINDOW


async def test_an_upgraded_group_tells_its_new_number(met: Meeting) -> None:
    group = met.platform.chats.group("Cán bộ phường", type="group")
    new = met.platform.chats.upgrade(group)

    error = await failure(met.telegram, group.id)

    assert error.failure is Failure.GONE
    assert new.id in error.detail
    assert new.id in error.advice


@pytest.mark.parametrize(
    ("status", "expected", "todo"),
    [
        ("kicked", Failure.GONE, "thêm lại bot vào nhóm"),
        ("left", Failure.GONE, "thêm lại bot vào nhóm"),
        ("restricted", Failure.REJECTED, "quản trị viên"),
    ],
)
async def test_a_group_closed_to_us_says_what_to_do(met: Meeting, status: str, expected: Failure, todo: str) -> None:
    group = met.platform.chats.group("Cán bộ phường")
    group.status = status

    error = await failure(met.telegram, group.id)

    assert error.failure is expected
    assert todo in error.advice


# floods


async def test_a_flood_of_the_account_makes_all_wait(met: Meeting) -> None:
    met.platform.floods.account(7)

    error = await failure(met.telegram)

    assert (error.failure, error.retry_after_seconds, error.only_person) == (Failure.TOO_FAST, 7, False)


async def test_two_messages_in_a_second_are_one_persons_flood(met: Meeting) -> None:
    met.platform.floods.person_gap_seconds = 1
    await met.telegram.send(LAN, Reply("một"))

    error = await failure(met.telegram, LAN)
    await met.telegram.send(HUNG, Reply("hai"))

    assert (error.failure, error.only_person) == (Failure.TOO_FAST, True)


async def test_a_groups_flood_is_the_groups() -> None:
    clock = Clock()
    async with meeting(clock) as met:
        group = met.platform.chats.group("Cán bộ phường")
        met.platform.floods.group_per_minute = 1
        await met.telegram.send(group.id, Reply("một"))
        clock.passes(seconds=30)

        error = await failure(met.telegram, group.id)

        assert (error.retry_after_seconds, error.only_person) == (30, True)


def test_to_whom_we_wrote_is_forgotten_after_a_second() -> None:
    seconds = iter([0.0, 0.5, 0.9, 1.2, 1.6])
    lately = Lately(lambda: next(seconds))
    lately.add(LAN)
    lately.add(HUNG)

    assert [lately.holds(LAN), lately.holds(LAN), lately.holds(HUNG)] == [True, False, False]


# what is not heard


async def test_a_lost_answer_is_unsure_and_a_closed_door_is_not(met: Meeting) -> None:
    met.platform.drop_after_accepting = 1
    unsure = await failure(met.telegram)
    await met.platform.stop()
    unavailable = await failure(met.telegram)

    assert (unsure.failure, unavailable.failure) == (Failure.UNSURE, Failure.UNAVAILABLE)


class Impatient(Outgoing):
    async def call(self, method: str, url: str, **request: Any) -> Answer:
        return await super().call(method, url, **request | {"timeout": aiohttp.ClientTimeout(total=0.2)})


async def test_a_slow_answer_is_unsure(met: Meeting) -> None:
    met.platform.delay_seconds = 2
    impatient = Impatient()
    await impatient.open()

    error = await failure(Telegram(TOKEN, "s", met.platform.url, impatient, picture))

    await impatient.close()
    assert (error.failure, len(met.platform.letters)) == (Failure.UNSURE, 1)
