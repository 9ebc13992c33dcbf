"""The played Graph API keeps to what is known of the real one."""

import asyncio
import hashlib
import hmac
from typing import Any

import aiohttp
import pytest

from tests.platforms import GraphPlatform
from tests.platforms.calls import MESSENGER_LAN, Http, asked, send
from tests.platforms.clock import Clock
from tests.platforms.receiver import Receiver


async def test_graph_asks_for_the_challenge(graph: GraphPlatform, receiver: Receiver) -> None:
    assert await graph.verify() == (200, "1158201444")
    assert receiver.queries[0]["hub.verify_token"] == "verify-token"


async def test_graph_signs_the_ascii_it_sends(graph: GraphPlatform, receiver: Receiver) -> None:
    assert await graph.says(MESSENGER_LAN, "Tôi muốn làm căn cước https://dichvucong.gov.vn") == [200]
    body = receiver.bodies[-1]
    expected = hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()
    assert receiver.headers[-1]["X-Hub-Signature-256"] == f"sha256={expected}"
    assert rb"T\u00f4i mu\u1ed1n l\u00e0m c\u0103n c\u01b0\u1edbc https:\/\/dichvucong.gov.vn" in body


async def test_graph_answers_within_a_day(graph: GraphPlatform, clock: Clock, http: Http) -> None:
    graph.add_people(1)
    status, body = await send(http, graph, {"text": "x"})
    assert (status, body["recipient_id"], body["message_id"]) == (200, MESSENGER_LAN, graph.letters[0].id)
    clock.passes(hours=24, seconds=1)
    status, body = await send(http, graph, {"text": "x"})
    assert (status, body["error"]["code"], body["error"]["error_subcode"]) == (400, 10, 2018278)
    status, _ = await send(http, graph, {"text": "x"}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")
    assert status == 200
    _, body = await send(http, graph, {"text": "x"}, messaging_type="MESSAGE_TAG", tag="ACCOUNT_UPDATE")
    assert body["error"]["error_subcode"] == 1893061


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ({"text": "x" * 2000}, 200),
        ({"text": "x" * 2001}, 400),
        ({"text": "x", "quick_replies": [{"content_type": "text", "title": "a", "payload": "b"}] * 13}, 200),
        ({"text": "x", "quick_replies": [{"content_type": "text", "title": "a", "payload": "b"}] * 14}, 400),
        ({"text": "x", "quick_replies": [{"content_type": "text", "title": "a" * 21, "payload": "b"}]}, 400),
        ({"attachment": {"type": "image", "payload": {"url": "https://xa.vn/a.jpg"}}}, 200),
        ({"attachment": {"type": "image", "payload": {"attachment_id": "404"}}}, 400),
    ],
)
async def test_graph_checks_messages(graph: GraphPlatform, http: Http, message: dict[str, Any], status: int) -> None:
    graph.add_people(1)
    assert (await send(http, graph, message))[0] == status


async def test_graph_refuses_tokens_strangers_and_those_who_blocked(graph: GraphPlatform, http: Http) -> None:
    assert (await send(http, graph, {"text": "x"}))[1]["error"]["error_subcode"] == 2018001
    graph.add_people(1)
    await graph.blocks(MESSENGER_LAN)
    assert (await send(http, graph, {"text": "x"}))[1]["error"]["code"] == 551
    graph.page_token = "another"
    _, body = await asked(http, "GET", f"{graph.url}/v26.0/me", params={"access_token": "page-token"})
    assert body["error"]["code"] == 190


async def test_graph_presses_come_as_quick_reply_or_postback(
    graph: GraphPlatform, receiver: Receiver, http: Http
) -> None:
    await graph.follows(MESSENGER_LAN)
    assert receiver.last["entry"][0]["messaging"][0]["postback"]["payload"] == "GET_STARTED"
    await send(http, graph, {"text": "x", "quick_replies": [{"content_type": "text", "title": "Một", "payload": "1"}]})
    await graph.presses(MESSENGER_LAN, "1")
    message = receiver.last["entry"][0]["messaging"][0]["message"]
    assert (message["text"], message["quick_reply"]) == ("Một", {"payload": "1"})
    await graph.presses(MESSENGER_LAN, "menu")
    assert receiver.last["entry"][0]["messaging"][0]["postback"]["payload"] == "menu"


async def test_graph_echoes_when_asked_to(graph: GraphPlatform, receiver: Receiver, http: Http) -> None:
    graph.add_people(1)
    graph.echoes = True
    await send(http, graph, {"text": "Chào", "metadata": "outbox 7"})
    async with asyncio.timeout(5):
        while not receiver.bodies:
            await asyncio.sleep(0.01)
    message = receiver.last["entry"][0]["messaging"][0]["message"]
    assert (message["is_echo"], message["app_id"], message["metadata"]) == (True, graph.app_id, "outbox 7")


async def test_graph_takes_a_picture_in_the_request(graph: GraphPlatform, http: Http) -> None:
    graph.add_people(1)
    form = aiohttp.FormData()
    form.add_field("access_token", graph.page_token)
    form.add_field("recipient", f'{{"id":"{MESSENGER_LAN}"}}')
    form.add_field("message", '{"attachment":{"type":"image","payload":{"is_reusable":true}}}')
    form.add_field("filedata", b"picture", filename="a.jpg", content_type="image/jpeg")
    status, _ = await asked(http, "POST", f"{graph.url}/v26.0/{graph.page_id}/messages", data=form)
    assert (status, graph.letters[0].image) == (200, "upload: 7 bytes")


async def test_graph_unsubscribes_after_an_hour_of_failure(
    graph: GraphPlatform, receiver: Receiver, clock: Clock
) -> None:
    receiver.statuses = [500] * 8
    assert await graph.says(MESSENGER_LAN, "một") == [500] * 4
    assert not graph.unsubscribed
    clock.passes(hours=1)
    await graph.says(MESSENGER_LAN, "hai")
    assert graph.unsubscribed
