"""The whole house, in this process, with the platforms played by real servers on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web
from sqlmodel import Session, col, select

from data import accounts, inbox
from data.database import Database
from data.settings import Settings, read
from data.tables import Delivery, PlatformRule
from main import House, application, prepare
from tests.platforms import GraphPlatform, Platform, TelegramPlatform, ZaloPlatform
from tests.postgres import free_port

# the shipped pace is that of the smallest package, 80 messages a minute
FASTER = PlatformRule(
    channel="zalo", name="sends_per_second", value=200, source="story", checked_on=date(2026, 11, 24), changed_by="minh"
)
STAFF_GROUP = "900000009"
LAN = "100000001"  # digits, as all three platforms have it


@dataclass
class Street:
    """A commune's house and the three platforms around it."""

    house: House
    zalo: ZaloPlatform
    messenger: GraphPlatform
    telegram: TelegramPlatform
    address: str

    def platform(self, name: str) -> Platform:
        found: Platform = getattr(self, name)
        return found

    @property
    def database(self) -> Database:
        return self.house.database

    async def settles(self) -> None:
        """Return when nothing waits to be handled or sent."""
        async with asyncio.timeout(10):
            while await self.database.read(_is_busy):
                await asyncio.sleep(0.01)


def _is_busy(session: Session) -> bool:
    open_states = ["waiting", "sending"]
    sending = session.exec(select(Delivery.id).where(col(Delivery.state).in_(open_states)).limit(1)).first()
    return sending is not None or inbox.backlog(session)["waiting"] > 0


def settings_for(
    home: Path, port: int, zalo: ZaloPlatform, messenger: GraphPlatform, telegram: TelegramPlatform
) -> dict[str, str]:
    """The environment of a house between these platforms: nothing else tells it where they are."""
    return {
        "LOA_HOME": str(home),
        "LOA_PORT": str(port),
        "LOA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ZALO_APP_ID": zalo.app_id,
        "ZALO_APP_SECRET": zalo.oauth.app_secret,
        "ZALO_OA_SECRET": zalo.oa_secret,
        "ZALO_OA_ID": zalo.oa_id,
        "ZALO_ACCESS_TOKEN": zalo.oauth.access,
        "ZALO_REFRESH_TOKEN": zalo.oauth.refresh,
        "ZALO_API_URL": zalo.url,
        "ZALO_OAUTH_URL": zalo.url,
        "MESSENGER_PAGE_ID": messenger.page_id,
        "MESSENGER_PAGE_TOKEN": messenger.page_token,
        "MESSENGER_APP_SECRET": messenger.app_secret,
        "MESSENGER_VERIFY_TOKEN": messenger.verify_token,
        "MESSENGER_API_URL": f"{messenger.url}/v26.0",
        "TELEGRAM_BOT_TOKEN": telegram.bot_token,
        "TELEGRAM_API_URL": telegram.url,
        "TELEGRAM_STAFF_CHAT_ID": STAFF_GROUP,
    }


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with built(tmp_path) as street:
        yield street


@asynccontextmanager
async def built(folder: Path, **settings: str) -> AsyncIterator[Street]:
    """A street whose house has these settings besides its own."""
    port = free_port()
    at = f"http://127.0.0.1:{port}/webhooks"
    zalo = ZaloPlatform(webhook=f"{at}/zalo", retry_delays=(0.05, 0.1))
    messenger = GraphPlatform(webhook=f"{at}/messenger", retry_delays=(0.05, 0.1))
    telegram = TelegramPlatform()
    async with AsyncExitStack() as stack:
        for platform in (zalo, messenger, telegram):
            await platform.start()
            stack.push_async_callback(platform.stop)
        telegram.add_people(1, int(STAFF_GROUP))
        environment = {**settings_for(folder / "home", port, zalo, messenger, telegram), **settings}
        house = await stack.enter_async_context(opened(read(environment)))
        yield Street(house, zalo, messenger, telegram, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """A house with its doors open at the port of its settings."""
    async with AsyncExitStack() as stack:
        database, key = prepare(settings)
        stack.callback(database.close)
        database.write_now(accounts.change_rule, FASTER)
        house = House(settings, database, key)
        stack.push_async_callback(house.close)
        await house.open()
        runner = web.AppRunner(application(house), access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", settings.port).start()
        await house.start()
        stack.push_async_callback(house.clock.stop)
        house.clock.start()
        await house.connections.connect()
        yield house
