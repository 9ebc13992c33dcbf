"""The played Zalo keeps to what is known of the real one."""

import hashlib
import json
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


# what is asked about people


async def call(http: Http, zalo: ZaloPlatform, method: str, path: str, asks: Any = None, **request: Any) -> Any:
    if asks is not None:
        request["params"] = {"data": json.dumps(asks)}
    headers = {"access_token": zalo.oauth.access}
    return (await asked(http, method, f"{zalo.url}{path}", headers=headers, **request))[1]


async def test_zalo_lists_people_by_tag_and_by_their_last_words(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    zalo.add_people(3)
    clock.passes(hours=20)
    await zalo.says(LAN, "chào")
    await call(http, zalo, "POST", "/v2.0/oa/tag/tagfollower", json={"user_id": HUNG, "tag_name": "thon-3"})
    zalo.person("9")

    def listed(answer: Any) -> list[str]:
        return [user["user_id"] for user in answer["data"]["users"]]

    path = "/v3.0/oa/user/getlist"
    assert listed(await call(http, zalo, "GET", path, {"tag_name": "thon-3"})) == [HUNG]
    assert len(listed(await call(http, zalo, "GET", path, {"last_interaction_period": "L7D"}))) == 3
    assert len(listed(await call(http, zalo, "GET", path, {"is_follower": "false"}))) == 1
    assert len(listed(await call(http, zalo, "GET", path, {"count": 2, "offset": 2}))) == 2
    assert (await call(http, zalo, "GET", path, {"count": 51}))["error"] == -210
    assert (await call(http, zalo, "GET", path, {"offset": 9952}))["error"] == -210
    assert (await call(http, zalo, "GET", "/v2.0/oa/tag/gettagsofoa"))["data"] == ["thon-3"]
    await call(http, zalo, "POST", "/v2.0/oa/tag/rmtag", json={"tag_name": "thon-3"})
    assert (await call(http, zalo, "GET", "/v2.0/oa/tag/gettagsofoa"))["data"] == []


async def test_zalo_tells_a_person_it_knows_and_no_other(zalo: ZaloPlatform, http: Http) -> None:
    zalo.add_people(1)
    zalo.person("9")
    path = "/v3.0/oa/user/detail"
    assert (await call(http, zalo, "GET", path, {"user_id": LAN}))["data"]["user_last_interaction_date"] == "24/11/2026"
    assert (await call(http, zalo, "GET", path, {"user_id": "9"}))["error"] == -213
    assert (await call(http, zalo, "GET", path, {"user_id": "8"}))["error"] == -201


async def test_zalo_counts_what_is_sent_after_two_days(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    zalo.add_people(1)
    zalo.users.paid_quota = 1
    assert (await cs(http, zalo, {"text": "x"}))["data"]["quota"] == {"quota_type": "reply"}
    clock.passes(hours=49)
    zalo.oauth.issue("access-token-2", "refresh-token-2")
    assert (await cs(http, zalo, {"text": "x"}))["data"]["quota"] == {"quota_type": "sub_quota"}
    assert (await cs(http, zalo, {"text": "x"}))["error"] == -211
    owner = {"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"}
    (left,) = (await call(http, zalo, "POST", "/v3.0/oa/quota/message", json=owner))["data"]
    assert (left["remain"], left["total"]) == (0, 1)


# the desk


async def test_zalo_counts_calls_by_the_minute(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    zalo.desk.calls_per_minute = 2
    headers = {"access_token": zalo.oauth.access}
    left = []
    for _ in range(2):
        async with http.get(f"{zalo.url}/v2.0/oa/getoa", headers=headers) as response:
            left.append(response.headers["X-RateLimit-Remain"])
            assert response.headers["Date"] == "Tue, 24 Nov 2026 02:00:00 GMT"
    assert left == ["1", "0"]
    assert (await call(http, zalo, "GET", "/v2.0/oa/getoa"))["error"] == -32
    clock.passes(minutes=1)
    assert (await call(http, zalo, "GET", "/v2.0/oa/getoa"))["error"] == 0


async def test_zalo_takes_the_token_from_its_own_header_alone(zalo: ZaloPlatform, http: Http) -> None:
    url = f"{zalo.url}/v2.0/oa/getoa"
    bearer = {"Authorization": f"Bearer {zalo.oauth.access}"}
    assert (await asked(http, "GET", url, headers=bearer))[1]["error"] == -216
    assert (await asked(http, "GET", url, params={"access_token": zalo.oauth.access}))[1]["error"] == -216
    answer = (await asked(http, "GET", f"{zalo.url}/message/quota", headers={"access_token": "old"}))[1]
    assert answer["error"] == -124, "the other host has other numbers"


# templates


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, 0),
        ({"phone": "0912345678"}, -108),
        ({"template_id": "X"}, -109),
        ({"template_data": {}}, -1122),
        ({"tracking_id": "x" * 49}, -132),
    ],
)
async def test_zalo_checks_templates_by_phone(
    zalo: ZaloPlatform, http: Http, change: dict[str, Any], error: int
) -> None:
    zalo.templates.approve("T", "ma")
    asks = {"phone": "84912345678", "template_id": "T", "template_data": {"ma": "1"}, "tracking_id": "1"} | change
    assert (await call(http, zalo, "POST", "/message/template", json=asks))["error"] == error


async def test_zalo_takes_money_for_templates(zalo: ZaloPlatform, http: Http) -> None:
    zalo.add_people(1)
    zalo.templates.approve("T", "ma")
    zalo.templates.wallet = 150
    asks = {"user_id": LAN, "template_id": "T", "template_data": {"ma": "1"}}
    sent = [(await call(http, zalo, "POST", "/v3.0/oa/message/template", json=asks))["error"] for _ in range(2)]
    assert (sent, zalo.templates.wallet) == ([0, -321], 0)


# publications


def news(**more: Any) -> dict[str, Any]:
    return {"type": "normal", "title": "Tin", "cover": {"cover_type": "photo"}, "body": [{"type": "text"}], **more}


async def published(http: Http, zalo: ZaloPlatform) -> str:
    zalo.publishing.article_checks = 0
    token = (await call(http, zalo, "POST", "/v2.0/article/create", json=news()))["data"]
    return str((await call(http, zalo, "POST", "/v2.0/article/verify", json=token))["data"]["id"])


def broadcast_of(id: str, target: Any) -> dict[str, Any]:
    payload = {"template_type": "media", "elements": [{"media_type": "article", "attachment_id": id}]}
    return {"recipient": {"target": target}, "message": {"attachment": {"type": "template", "payload": payload}}}


@pytest.mark.parametrize("target", [{"cities": 19}, {"cities": "19,20"}, {"cities": [19]}, {"platforms": "1"}])
async def test_zalo_takes_every_form_of_a_target(zalo: ZaloPlatform, http: Http, target: dict[str, Any]) -> None:
    zalo.add_people(3)
    zalo.users.traits(LAN).cities, zalo.users.traits(LAN).platform = 19, 1
    asks = broadcast_of(await published(http, zalo), target)
    await call(http, zalo, "POST", "/v2.0/oa/message", json=asks)
    assert [sent.reached for sent in zalo.publishing.broadcasts] == [1]


async def test_a_follower_gets_one_broadcast_a_day_and_some_a_month(
    zalo: ZaloPlatform, clock: Clock, http: Http
) -> None:
    zalo.add_people(2)
    zalo.publishing.broadcast_quota, zalo.publishing.monthly_per_person = 9, 2
    asks = broadcast_of(await published(http, zalo), {})
    for hours in (1, 24, 24, 24 * 7):
        zalo.oauth.issue(zalo.oauth.access, zalo.oauth.refresh)
        await call(http, zalo, "POST", "/v2.0/oa/message", json=asks)
        clock.passes(hours=hours)
    assert [sent.reached for sent in zalo.publishing.broadcasts] == [2, 0, 2, 0]
    zalo.publishing.followers_in_package = 1
    zalo.oauth.issue(zalo.oauth.access, zalo.oauth.refresh)
    await call(http, zalo, "POST", "/v2.0/oa/message", json=asks)
    assert zalo.publishing.broadcasts[-1].reached == 1, "a new month, and the package's cap"


@pytest.mark.parametrize(
    ("setting", "error"), [("verified", -221), ("package_allows", -224), ("supports_the_type", -235)]
)
async def test_zalo_refuses_publications_by_right(zalo: ZaloPlatform, http: Http, setting: str, error: int) -> None:
    setattr(zalo.publishing, setting, False)
    assert (await call(http, zalo, "POST", "/v2.0/article/create", json=news()))["error"] == error
    assert (await call(http, zalo, "POST", "/v2.0/oa/message", json=broadcast_of("x", {})))["error"] == error


async def test_zalo_lists_articles_by_flat_parameters_only(zalo: ZaloPlatform, http: Http) -> None:
    id = await published(http, zalo)
    path = "/v2.0/article/getslice"
    wrong = await call(http, zalo, "GET", path, {"offset": 0, "limit": 10, "type": "normal"})
    assert wrong["message"] == "type accept only 2 value normal and video."
    right = await call(http, zalo, "GET", path, params={"offset": "0", "limit": "10", "type": "normal"})
    assert [(media["id"], media["title"]) for media in right["data"]["medias"]] == [(id, "Tin")]
    assert (await call(http, zalo, "GET", path, params={"limit": "11", "type": "normal"}))["error"] == -210
    await call(http, zalo, "POST", "/v2.0/article/update", json=news(id=id, title="Tin mới"))
    detail = await call(http, zalo, "GET", "/v2.0/article/getdetail", params={"id": id})
    assert detail["data"]["title"] == "Tin mới"
    await call(http, zalo, "POST", "/v2.0/article/remove", json={"id": id})
    assert (await call(http, zalo, "GET", "/v2.0/article/getdetail", params={"id": id}))["error"] == -201


async def test_articles_are_counted_by_the_month(zalo: ZaloPlatform, clock: Clock, http: Http) -> None:
    zalo.publishing.article_quota = 1
    await published(http, zalo)
    assert (await call(http, zalo, "POST", "/v2.0/article/create", json=news()))["error"] == -223
    clock.passes(days=7)
    zalo.oauth.issue(zalo.oauth.access, zalo.oauth.refresh)
    assert (await call(http, zalo, "POST", "/v2.0/article/create", json=news()))["error"] == 0


# talks, visitors, retries


async def test_zalo_remembers_talks_ten_at_a_time(zalo: ZaloPlatform, http: Http) -> None:
    for number in range(12):
        await zalo.says(LAN, f"câu {number}")
    await cs(http, zalo, {"text": "Dạ"})
    path = "/v2.0/oa/listrecentchat"
    first = (await call(http, zalo, "GET", path, {"offset": 0, "count": 10}))["data"]
    rest = (await call(http, zalo, "GET", path, {"offset": 10, "count": 10}))["data"]
    assert [item["src"] for item in first][:2] == [0, 1]
    assert (len(first), [item["message"] for item in rest]) == (10, ["câu 2", "câu 1", "câu 0"])
    assert (await call(http, zalo, "GET", path, {"count": 11}))["error"] == -210
    zalo.talk.lists_every_message = False
    assert len((await call(http, zalo, "GET", path, {}))["data"]) == 1


async def test_a_visitor_is_answered_only_in_an_open_conversation(zalo: ZaloPlatform, http: Http) -> None:
    await zalo.visitor_says("v", "c", "chào")
    asks = {"recipient": {"anonymous_id": "v", "conversation_id": "c"}, "message": {"text": "Dạ"}}
    assert (await call(http, zalo, "POST", "/v2.0/oa/message", json=asks))["error"] == 0
    asks["recipient"]["conversation_id"] = "d"
    assert (await call(http, zalo, "POST", "/v2.0/oa/message", json=asks))["error"] == -201
    assert [letter.person for letter in zalo.letters] == ["anonymous:v:c"]


async def test_each_retry_is_numbered(zalo: ZaloPlatform, receiver: Receiver) -> None:
    zalo.retries_refusals = True
    receiver.statuses = [500, 500]
    assert await zalo.says(LAN, "một") == [500, 500, 200]
    assert [headers.get("num_retry") for headers in receiver.headers] == [None, "1", "2"]
    assert len(set(receiver.bodies)) == 1


async def test_the_consent_page_knows_its_callbacks(zalo: ZaloPlatform, http: Http) -> None:
    zalo.oauth.redirects, zalo.oauth.keeps_state = {"http://loa/back"}, False
    query = {"app_id": zalo.app_id, "redirect_uri": "http://elsewhere/", "state": "s"}
    url = f"{zalo.url}/v4/oa/permission"
    assert (await asked(http, "GET", url, params=query))[1]["error"] == -14003
    query["redirect_uri"] = "http://loa/back"
    async with http.get(url, params=query, allow_redirects=False) as response:
        assert "state=" not in response.headers["Location"]
