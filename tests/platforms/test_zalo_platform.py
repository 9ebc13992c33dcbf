"""The played Zalo keeps to what is known of the real one."""

import hashlib
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.platforms import ZaloPlatform
from tests.platforms.calls import HUNG, LAN, Http, asked, cs
from tests.platforms.clock import Clock
from tests.platforms.receiver import Receiver
from tests.platforms.zalo_oauth import challenge_of


async def refreshed(http: Http, zalo: ZaloPlatform, refresh: str, secret: str = "app-secret") -> Any:
    form = {"refresh_token": refresh, "app_id": zalo.app_id, "grant_type": "refresh_token"}
    url = f"{zalo.url}/v4/oa/access_token"
    return (await asked(http, "POST", url, data=form, headers={"secret_key": secret}))[1]


def test_zalo_signs_like_the_published_vector() -> None:
    zalo = ZaloPlatform(app_id="X", oa_secret="Y")
    assert zalo.signature(b"BODY", "1234567890") == (
        "mac=2f1ef5aabe67e8396a459ca89562e108ad541f82ba5022c85f645bd6b7220cb9"
    )


async def test_zalo_delivers_compact_signed_utf8(zalo: ZaloPlatform, receiver: Receiver) -> None:
    assert await zalo.says(LAN, "Đăng ký khai sinh / đất đai") == [200]
    body, event = receiver.bodies[-1], receiver.last
    signed = zalo.app_id.encode() + body + event["timestamp"].encode() + b"oa-secret"
    assert receiver.headers[-1]["X-ZEvent-Signature"] == f"mac={hashlib.sha256(signed).hexdigest()}"
    assert "Đăng ký khai sinh / đất đai".encode() in body
    assert event["sender"]["id"] == LAN
    assert event["recipient"]["id"] == zalo.oa_id
    assert event["event_name"] == "user_send_text"


async def test_zalo_probes_unsigned(zalo: ZaloPlatform, receiver: Receiver) -> None:
    assert await zalo.probe() == 200
    assert receiver.bodies == [b"{}"]
    assert "X-ZEvent-Signature" not in receiver.headers[0]


async def test_zalo_sends_photos_that_can_be_downloaded(zalo: ZaloPlatform, receiver: Receiver, http: Http) -> None:
    await zalo.sends_photo(LAN, "Hố ga mất nắp")
    message = receiver.last["message"]
    async with http.get(message["attachments"][0]["payload"]["url"]) as response:
        picture = Image.open(BytesIO(await response.read()))
    assert (picture.format, message["text"]) == ("JPEG", "Hố ga mất nắp")


async def test_zalo_accepts_within_seven_days(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    zalo.add_people(1)
    clock.passes(days=7)
    zalo.oauth.issue("access-token-2", "refresh-token-2")
    sent = await cs(http, zalo, {"text": "Chào bà"})
    assert sent["error"] == 0
    assert sent["data"]["user_id"] == LAN
    clock.passes(seconds=1)
    assert (await cs(http, zalo, {"text": "Chào bà"}))["error"] == -230
    assert [letter.text for letter in zalo.letters_to(LAN)] == ["Chào bà"]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": "x" * 2000}, 0),
        ({"text": "x" * 2001}, -210),
        ({"text": ""}, -201),
        ({"text": "x", "attachment": {"type": "template", "payload": {"buttons": [{}] * 6}}}, -201),
        (
            {
                "text": "x",
                "attachment": {
                    "type": "template",
                    "payload": {"buttons": [{"title": "a", "type": "oa.query.show", "payload": {"no": "text"}}]},
                },
            },
            -201,
        ),
    ],
)
async def test_zalo_checks_messages(zalo: ZaloPlatform, http: Http, message: dict[str, Any], error: int) -> None:
    zalo.add_people(1)
    assert (await cs(http, zalo, message))["error"] == error


async def test_zalo_keeps_buttons_and_a_tap_comes_back_as_text(
    zalo: ZaloPlatform, receiver: Receiver, http: Http
) -> None:
    zalo.add_people(1)
    buttons = [{"title": "Gửi phản ánh", "type": "oa.query.hide", "payload": "#complaint"}]
    await cs(http, zalo, {"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": buttons}}})
    (choice,) = zalo.letters[0].buttons
    await zalo.presses(LAN, choice.payload)
    assert receiver.last["message"]["text"] == "#complaint"


async def test_zalo_knows_who_blocked_and_who_is_unknown(zalo: ZaloPlatform, receiver: Receiver, http: Http) -> None:
    await zalo.says(HUNG, "Chào")
    await zalo.blocks(HUNG)
    assert receiver.last["event_name"] == "unfollow"
    assert (await cs(http, zalo, {"text": "x"}, HUNG))["error"] == -217
    zalo.blocked_answer = -244
    assert (await cs(http, zalo, {"text": "x"}, HUNG))["error"] == -244
    assert (await cs(http, zalo, {"text": "x"}, "1"))["error"] == -201


async def test_a_zalo_refresh_token_works_once_and_ends_the_old_access_token(zalo: ZaloPlatform, http: Http) -> None:
    zalo.add_people(1)
    old = zalo.oauth.access
    pair = await refreshed(http, zalo, "refresh-token-1")
    assert pair["expires_in"] == "90000"
    assert (await cs(http, zalo, {"text": "x"}, token=old))["error"] == -216
    assert (await cs(http, zalo, {"text": "x"}, token=pair["access_token"]))["error"] == 0
    assert (await refreshed(http, zalo, "refresh-token-1"))["error"] == -14014
    zalo.oauth.numbered_errors = False
    assert "error" not in await refreshed(http, zalo, "refresh-token-1")


async def test_a_zalo_access_token_ends_after_25_hours(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    zalo.add_people(1)
    clock.passes(hours=25)
    assert (await cs(http, zalo, {"text": "x"}))["error"] == -220
    assert (await refreshed(http, zalo, "refresh-token-1", "wrong"))["error"] == -14004


async def test_a_zalo_refresh_can_be_lost_after_rotating(zalo: ZaloPlatform, http: Http) -> None:
    zalo.oauth.drop_after_refreshing = 1
    with pytest.raises(aiohttp.ClientError):
        await refreshed(http, zalo, "refresh-token-1")
    assert (await refreshed(http, zalo, "refresh-token-1"))["error"] == -14014
    assert zalo.oauth.refreshes == 1


async def test_zalo_consent_gives_a_code_for_a_pair(zalo: ZaloPlatform, http: Http) -> None:
    query = {"app_id": zalo.app_id, "redirect_uri": "http://loa/back", "code_challenge": challenge_of("v" * 43)}
    async with http.get(f"{zalo.url}/v4/oa/permission", params=query, allow_redirects=False) as response:
        code = response.headers["Location"].partition("code=")[2].partition("&")[0]
    form = {"code": code, "app_id": zalo.app_id, "grant_type": "authorization_code", "code_verifier": "v" * 43}
    url, headers = f"{zalo.url}/v4/oa/access_token", {"secret_key": "app-secret"}
    _, pair = await asked(http, "POST", url, data=form, headers=headers)
    assert pair["access_token"] == zalo.oauth.access
    _, again = await asked(http, "POST", url, data=form, headers=headers)
    assert again["error"] == -14005


async def test_zalo_retries_what_nobody_answers_and_then_unsubscribes(zalo: ZaloPlatform, receiver: Receiver) -> None:
    receiver.statuses = [401]
    assert await zalo.says(LAN, "một") == [401]
    port = int(receiver.url.rpartition(":")[2].removesuffix("/hook"))
    await receiver.stop()
    assert await zalo.says(LAN, "hai") == [0, 0, 0]
    assert zalo.unsubscribed
    await receiver.start(port)
    assert await zalo.says(LAN, "ba") == []
    zalo.unsubscribed = False
    assert await zalo.says(LAN, "bốn") == [200]
    assert await zalo.repeats() == [200]
    assert receiver.bodies[-1] == receiver.bodies[-2]


async def test_zalo_articles_take_a_while_and_broadcasts_reach_followers(
    zalo: ZaloPlatform, clock: Clock, http: Http
) -> None:
    zalo.add_people(7)
    headers = {"access_token": zalo.oauth.access}
    article = {"type": "normal", "title": "Tin", "cover": {"cover_type": "photo"}, "body": [{"type": "text"}]}

    async def call(path: str, value: dict[str, Any]) -> Any:
        return (await asked(http, "POST", f"{zalo.url}/v2.0/{path}", json=value, headers=headers))[1]

    token = (await call("article/create", article))["data"]
    assert (await call("article/verify", token))["error"] == -214
    id = (await call("article/verify", token))["data"]["id"]
    elements = [{"media_type": "article", "attachment_id": id}]
    message = {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": elements}}}
    broadcast = {"recipient": {"target": {"gender": "0"}}, "message": message}
    assert (await call("oa/message", broadcast))["error"] == 0
    assert [sent.reached for sent in zalo.publishing.broadcasts] == [7]
    assert (await call("oa/message", {"recipient": {"user_id": LAN}, "message": {"text": "x"}}))["error"] == -240
    clock.passes(hours=13)
    assert (await call("oa/message", broadcast))["error"] == -234


async def test_zalo_uploads_expire(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    form = aiohttp.FormData()
    form.add_field("file", b"\xff\xd8 a picture", filename="a.jpg", content_type="image/jpeg")
    headers = {"access_token": zalo.oauth.access}
    _, body = await asked(http, "POST", f"{zalo.url}/v2.0/oa/upload/image", data=form, headers=headers)
    elements = [{"media_type": "image", "attachment_id": body["data"]["attachment_id"]}]
    message = {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": elements}}}
    zalo.add_people(1)
    assert (await cs(http, zalo, message))["error"] == 0
    assert zalo.letters[0].image == body["data"]["attachment_id"]
    clock.passes(days=8)
    zalo.oauth.issue("access-token-2", "refresh-token-2")
    zalo.add_people(1)
    assert (await cs(http, zalo, message))["error"] == -100
