"""Our channel and the played Telegram, met over HTTP; for the channel's tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.channel import SendError
from bot.channels.telegram import Telegram
from bot.messages import Reply
from bot.outgoing import Outgoing
from tests.platforms.server import Clock, utc_now
from tests.platforms.telegram import TelegramPlatform

LAN, HUNG = "111222333", "111222444"
TOKEN = "123456789:not-for-logs"


@dataclass
class Meeting:
    platform: TelegramPlatform
    telegram: Telegram
    outgoing: Outgoing

    def another(self, token: str = TOKEN, *, channel_id: str = "", staff_chat_id: str = "") -> Telegram:
        return Telegram(
            token,
            "secret_1",
            self.platform.url,
            self.outgoing,
            picture,
            channel_id=channel_id,
            staff_chat_id=staff_chat_id,
        )


async def picture(name: str) -> bytes:
    return f"bytes of {name}".encode()


@asynccontextmanager
async def meeting(clock: Clock = utc_now) -> AsyncIterator[Meeting]:
    """Lan and Hùng have written to the bot."""
    platform, outgoing = TelegramPlatform(bot_token=TOKEN, retry_delays=(0.0, 0.01), clock=clock), Outgoing()
    await platform.start()
    await outgoing.open()
    for person in (LAN, HUNG):
        platform.add_people(1, first=int(person))
    yield Meeting(platform, Telegram(TOKEN, "secret_1", platform.url, outgoing, picture), outgoing)
    await outgoing.close()
    await platform.stop()


async def failure(telegram: Telegram, person: str = LAN, reply: Reply | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        await telegram.send(person, reply or Reply("x"))
    assert TOKEN not in str(caught.value)
    return caught.value
