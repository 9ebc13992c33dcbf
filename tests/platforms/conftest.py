from collections.abc import AsyncIterator

import aiohttp
import pytest
from telegram import Bot

from tests.platforms import GraphPlatform, TelegramPlatform, ZaloPlatform
from tests.platforms.clock import Clock
from tests.platforms.receiver import Receiver


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def zalo(clock: Clock, receiver: Receiver) -> AsyncIterator[ZaloPlatform]:
    platform = ZaloPlatform(webhook=receiver.url, retry_delays=(0.01, 0.01), clock=clock)
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def graph(clock: Clock, receiver: Receiver) -> AsyncIterator[GraphPlatform]:
    platform = GraphPlatform(webhook=receiver.url, clock=clock)
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(retry_delays=(0.0, 0.01))
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def bot(telegram: TelegramPlatform) -> AsyncIterator[Bot]:
    token = telegram.bot_token
    async with Bot(token, f"{telegram.url}/bot", f"{telegram.url}/file/bot") as bot:
        yield bot
