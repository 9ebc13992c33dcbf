"""Calls to the platforms as their own tests make them."""

from typing import Any

import aiohttp

from tests.platforms import GraphPlatform, ZaloPlatform

Http = aiohttp.ClientSession
LAN, HUNG = "4000000000000001", "4000000000000002"
MESSENGER_LAN = "7000000000000001"
LAN_ON_TELEGRAM = "100000001"


async def asked(http: Http, method: str, url: str, **request: Any) -> Any:
    async with http.request(method, url, **request) as response:
        return response.status, await response.json(content_type=None)


async def cs(http: Http, zalo: ZaloPlatform, message: dict[str, Any], person: str = LAN, token: str = "") -> Any:
    status, body = await asked(
        http,
        "POST",
        f"{zalo.url}/v3.0/oa/message/cs",
        headers={"access_token": token or zalo.oauth.access},
        json={"recipient": {"user_id": person}, "message": message},
    )
    assert status == 200
    return body


async def send(http: Http, graph: GraphPlatform, message: dict[str, Any], **more: Any) -> Any:
    body = {"recipient": {"id": MESSENGER_LAN}, "message": message, "messaging_type": "RESPONSE", **more}
    headers = {"Authorization": f"Bearer {graph.page_token}"}
    return await asked(http, "POST", f"{graph.url}/v26.0/me/messages", json=body, headers=headers)
