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


async def test_graph_delivers_only_what_was_subscribed(graph: GraphPlatform, receiver: Receiver, http: Http) -> None:
    assert (await edge(http, graph, "GET", "subscribed_apps"))[1] == {"data": []}
    asked_for = {"subscribed_fields": "messages,feed"}
    assert (await edge(http, graph, "POST", "subscribed_apps", asked_for))[1] == {"success": "true"}
    assert (await edge(http, graph, "POST", "subscribed_apps", {"subscribed_fields": "no_such"}))[0] == 400
    assert await graph.reacts(MESSENGER_LAN, "m_1") == []
    assert await graph.comments_on(MESSENGER_LAN, "Ở đâu?") == [200]
    change = receiver.last["entry"][0]["changes"][0]
    assert (change["field"], change["value"]["verb"], change["value"]["message"]) == ("feed", "add", "Ở đâu?")


async def test_graph_receipts_come_with_and_without_ids(graph: GraphPlatform, receiver: Receiver, http: Http) -> None:
    graph.add_people(1)
    for receipts, keys in (("mids", {"mids", "watermark"}), ("watermark", {"watermark"})):
        graph.receipts = receipts
        before = len(receiver.bodies)
        await send(http, graph, {"text": "x"})
        async with asyncio.timeout(5):
            while len(receiver.bodies) == before:
                await asyncio.sleep(0.01)
        assert receiver.last["entry"][0]["messaging"][0]["delivery"].keys() == keys


async def test_graph_profile_can_be_called_ten_times_in_ten_minutes(
    graph: GraphPlatform, clock: Clock, http: Http
) -> None:
    menu = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "Hỏi", "payload": "ask"}]}]
    assert (await edge(http, graph, "POST", "messenger_profile", {"persistent_menu": menu}))[0] == 400
    both = {"persistent_menu": menu, "get_started": {"payload": "GET_STARTED"}}
    statuses = [(await edge(http, graph, "POST", "messenger_profile", both))[0] for _ in range(10)]
    assert statuses == [200] * 9 + [400]
    clock.passes(minutes=10)
    _, body = await asked(
        http, "GET", f"{graph.url}/v26.0/me/messenger_profile",
        params={"access_token": "page-token", "fields": "get_started,greeting"},
    )  # fmt: skip
    assert body == {"data": [{"get_started": {"payload": "GET_STARTED"}}]}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Phản ánh mã {{code}} của ông/bà đã có kết quả giải quyết.", "APPROVED"),
        ("{{code}} là mã phản ánh của ông/bà, đã có kết quả.", "REJECTED"),
        ("Phản ánh của ông/bà đã có kết quả, mã là {{code}}.", "REJECTED"),
        ("Mã {{code}} nay", "REJECTED"),
    ],
)
async def test_graph_looks_at_templates(graph: GraphPlatform, http: Http, text: str, status: str) -> None:
    body = {"type": "BODY", "text": text, "example": {"body_text_named_params": []}}
    template = {"name": "ket_qua", "language": "vi", "category": "UTILITY", "components": [body]}
    assert (await edge(http, graph, "POST", "message_templates", template))[1]["status"] == status
    assert (await edge(http, graph, "POST", "message_templates", template))[0] == 400


async def test_graph_wants_an_example_for_each_variable(graph: GraphPlatform, http: Http) -> None:
    body = {"type": "BODY", "text": "Phản ánh mã {{code}} của ông/bà đã có kết quả giải quyết."}
    template = {"name": "ket_qua", "language": "vi", "category": "UTILITY", "components": [body]}
    await edge(http, graph, "POST", "message_templates", template)
    assert graph.templates.known["ket_qua", "vi"]["reason"] == "TEMPLATE_VARIABLES_MISSING_SAMPLE_VALUES"


async def test_graph_schedules_between_ten_minutes_and_thirty_days(
    graph: GraphPlatform, clock: Clock, http: Http
) -> None:
    for ahead, status in ((9 * 60, 400), (11 * 60, 200), (29 * 86_400, 200), (31 * 86_400, 400)):
        later = {"message": "x", "published": False, "scheduled_publish_time": int(clock().timestamp()) + ahead}
        assert (await edge(http, graph, "POST", "feed", later))[0] == status
    assert (len(graph.wall.scheduled), graph.posts) == (2, [])


async def test_graph_refuses_the_same_words_at_once_again(graph: GraphPlatform, http: Http) -> None:
    assert (await edge(http, graph, "POST", "feed", {"message": "x"}))[0] == 200
    assert (await edge(http, graph, "POST", "feed", {"message": "x"}))[1]["error"]["code"] == 506


async def test_graph_lets_one_private_reply_to_a_comment_pass(graph: GraphPlatform, http: Http) -> None:
    graph.add_people(1)
    await graph.comments_on(MESSENGER_LAN, "Ở đâu?")
    (comment,) = graph.wall.comments
    status, body = await send(http, graph, {"text": "Dạ"}, recipient={"comment_id": comment})
    assert (status, body["recipient_id"]) == (200, MESSENGER_LAN)
    _, body = await send(http, graph, {"text": "Dạ"}, recipient={"comment_id": comment})
    assert body["error"]["code"] == 10900


async def test_graph_debugs_keys_for_the_app_alone(graph: GraphPlatform, http: Http) -> None:
    url = f"{graph.url}/v26.0/debug_token"
    _, body = await asked(http, "GET", url, params={"input_token": "page-token", "access_token": graph.app.token})
    assert (body["data"]["is_valid"], "pages_messaging" in body["data"]["scopes"]) == (True, True)
    assert (await asked(http, "GET", url, params={"access_token": "page-token"}))[0] == 400
    _, body = await asked(http, "GET", f"{graph.url}/v26.0/me/accounts", params={"access_token": "user-token"})
    assert body["data"][0]["access_token"] == "page-token"


async def test_graph_refuses_a_wrong_proof_beside_the_key(graph: GraphPlatform, http: Http) -> None:
    for proof, status in (("0" * 64, 400), (hmac.new(b"app-secret", b"page-token", "sha256").hexdigest(), 200)):
        params = {"access_token": "page-token", "appsecret_proof": proof}
        assert (await asked(http, "GET", f"{graph.url}/v26.0/me", params=params))[0] == status


async def edge(http: Http, graph: GraphPlatform, method: str, name: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {graph.page_token}"}
    return await asked(http, method, f"{graph.url}/v26.0/{graph.page_id}/{name}", json=body or {}, headers=headers)
