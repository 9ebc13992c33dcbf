"""An account that nobody has connected yet, connected by an administrator's consent."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.channels.zalo import Zalo
from tests.stories.conftest import LAN, built


async def test_zalo_is_connected_by_consent_alone(tmp_path: Path) -> None:
    async with built(tmp_path, ZALO_ACCESS_TOKEN="", ZALO_REFRESH_TOKEN="") as street:
        zalo = next(channel for channel in street.house.channels.values() if isinstance(channel, Zalo))
        before = street.house.connections.states()["zalo"]
        link = zalo.consent_link(f"{street.address}/staff/channels/zalo/callback", "a-state")
        async with aiohttp.ClientSession() as browser, browser.get(link, allow_redirects=False) as page:
            back = page.headers["Location"]
        assert parse_qs(urlsplit(back).query)["oa_id"] == [street.zalo.oa_id]

        await zalo.accept(back)
        await street.house.connections.connect()
        street.zalo.add_people(1, int(LAN))
        await street.zalo.says(LAN, "xin chào")
        await street.zalo.waits_for(1, LAN)

        assert (before, street.house.connections.states()["zalo"]) == ("connecting", "connected")
