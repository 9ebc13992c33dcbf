"""A campaign's month as a post in the commune's Telegram channel."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.abilities import Inspects, Post, Probes, Publishes
from bot.channel import Failure, SendError
from bot.channels.telegram import Telegram
from tests.platforms.telegram_chats import Chat
from tests.platforms.telegram_meeting import Meeting, meeting
from tests.platforms.telegram_messages import telegram_error

POST = Post("Lịch tiếp dân tháng 12", "Sáng thứ năm, tại trụ sở.", "UBND phường", "https://phuong.gov.vn/12")


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


@pytest.fixture
def channel(met: Meeting) -> Chat:
    return met.platform.chats.channel("Phường Ayun Pa", "phuong_ayunpa")


@pytest.fixture
def telegram(met: Meeting, channel: Chat) -> Telegram:
    return met.another(channel_id=channel.id)


async def refused(telegram: Telegram, post: Post = POST) -> SendError:
    with pytest.raises(SendError) as caught:
        await telegram.publish(post, {})
    return caught.value


def test_only_a_bot_with_a_channel_has_an_outlet(met: Meeting, telegram: Telegram) -> None:
    assert (telegram.outlet, met.telegram.outlet) == ("telegram_channel", "")
    assert all(isinstance(telegram, ability) for ability in (Publishes, Probes, Inspects))


async def test_a_text_is_published_with_its_link(met: Meeting, channel: Chat, telegram: Telegram) -> None:
    step = await telegram.publish(POST, {})

    (letter,) = met.platform.letters_to(channel.id)
    assert letter.text == "Lịch tiếp dân tháng 12\n\nSáng thứ năm, tại trụ sở.\n\nhttps://phuong.gov.vn/12"
    assert (step.platform_id, step.note) == (letter.id, f"Xem bài: https://t.me/phuong_ayunpa/{letter.id}")


async def test_a_channel_may_be_named_by_its_name(met: Meeting, channel: Chat) -> None:
    await met.another(channel_id="@phuong_ayunpa").publish(POST, {})

    assert len(met.platform.letters_to(channel.id)) == 1


async def test_nothing_is_said_twice(met: Meeting, channel: Chat, telegram: Telegram) -> None:
    await telegram.publish(Post("Lịch", "Lịch tiếp dân: https://a.vn", "UBND", "https://a.vn"), {})

    assert met.platform.letters_to(channel.id)[0].text == "Lịch tiếp dân: https://a.vn"


@pytest.mark.parametrize(
    ("where", "image"),
    [
        ({"picture": "a.png", "picture_url": "https://phuong.gov.vn/a.png"}, "upload: 14 bytes"),
        ({"picture_url": "https://phuong.gov.vn/a.png"}, "https://phuong.gov.vn/a.png"),
    ],
)
async def test_a_picture_carries_a_short_text(
    met: Meeting, channel: Chat, telegram: Telegram, where: dict[str, str], image: str
) -> None:
    step = await telegram.publish(Post("Lịch", "Sáng thứ năm.", "UBND", **where), {})

    (letter,) = met.platform.letters_to(channel.id)
    assert (letter.image, letter.text, letter.id) == (image, "Lịch\n\nSáng thứ năm.", step.platform_id)


async def test_a_long_text_follows_its_picture(met: Meeting, channel: Chat, telegram: Telegram) -> None:
    post = Post("Lịch", "ờ" * 1100, "UBND", picture="a.png")

    first = await telegram.publish(post, {})
    assert (first.platform_id, first.wait_seconds > 0) == ("", True)
    second = await telegram.publish(post, first.kept)

    picture, text = met.platform.letters_to(channel.id)
    assert (bool(picture.image), picture.text) == (True, "")
    assert (text.id, text.text.startswith("Lịch")) == (second.platform_id, True)


async def test_what_is_too_long_for_telegram_is_not_tried(met: Meeting, telegram: Telegram) -> None:
    error = await refused(telegram, Post("Lịch", "👍" * 2048, "UBND"))

    assert (error.failure, met.platform.api.calls) == (Failure.REJECTED, [])
    assert "rút ngắn" in error.advice


@pytest.mark.parametrize(
    ("change", "expected", "todo"),
    [
        ({"posts": False}, Failure.REJECTED, "quản trị viên"),
        ({"status": "left"}, Failure.GONE, "thêm lại bot"),
        ({"status": "kicked"}, Failure.GONE, "thêm lại bot"),
    ],
)
async def test_a_channel_closed_to_us_says_what_to_do(
    channel: Chat, telegram: Telegram, change: dict[str, Any], expected: Failure, todo: str
) -> None:
    for name, value in change.items():
        setattr(channel, name, value)

    error = await refused(telegram)

    assert error.failure is expected
    assert todo in error.advice


async def test_an_unknown_channel_says_to_look_at_its_number(met: Meeting) -> None:
    error = await refused(met.another(channel_id="-1005"))

    assert "số đã điền" in error.advice


async def test_a_picture_telegram_cannot_use_is_said(met: Meeting, telegram: Telegram) -> None:
    wrong = telegram_error(400, "wrong file identifier/HTTP URL specified")
    met.platform.fail_next = [(400, wrong)]

    error = await refused(telegram, Post("Lịch", "x", "UBND", picture_url="https://phuong.gov.vn/mat.png"))

    assert (error.failure, "ảnh" in error.advice) == (Failure.REJECTED, True)


async def test_a_flood_in_the_channel_holds_nobody_else_back(met: Meeting, telegram: Telegram) -> None:
    met.platform.floods.account(5)

    error = await refused(telegram)

    assert (error.failure, error.retry_after_seconds, error.only_person) == (Failure.TOO_FAST, 5, True)


async def test_what_was_not_heard_is_for_a_person_to_look_at(met: Meeting, channel: Chat, telegram: Telegram) -> None:
    met.platform.drop_after_accepting = 1

    error = await refused(telegram)

    assert (error.failure, len(met.platform.letters_to(channel.id))) == (Failure.UNSURE, 1)
    assert "mở kênh" in error.advice
