"""The sandbox's page by its HTTP: what the player does arrives as the platform's own webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from data.clock import VIET_NAM
from data.settings import read
from tests.platforms.calls import asked
from tests.platforms.photo import photo
from tests.platforms.receiver import Receiver
from tests.platforms.sandbox import FACTS, Sandbox, _next_month
from tests.platforms.sandbox_played import Played
from tests.postgres import free_port

Http = aiohttp.ClientSession
ZALO_LAN, MESSENGER_LAN, TELEGRAM_LAN = "4000000000000001", "7000000000000001", "100000001"


class Playground:
    """The sandbox, its page's HTTP, and a receiver in the place of the house."""

    def __init__(self, sandbox: Sandbox, http: Http, receiver: Receiver) -> None:
        self.sandbox, self.http, self.receiver = sandbox, http, receiver

    async def post(self, path: str, origin: str = "", **fields: str) -> tuple[int, Any]:
        headers = {"Origin": origin or self.sandbox.url.rstrip("/")}
        url = f"{self.sandbox.url.rstrip('/')}{path}"
        async with self.http.post(url, json=fields, headers=headers) as response:
            text = await response.text()
            return response.status, orjson.loads(text) if text.startswith("{") else text

    async def does(self, phone: str, act: str, words: str = "", **more: str) -> Any:
        """What the webhook then hears; nothing else may be under way."""
        before = len(self.receiver.bodies)
        status, body = await self.post("/act", phone=phone, player="lan", act=act, words=words, **more)
        assert (status, body) == (202, {})
        await until(lambda: len(self.receiver.bodies) > before)
        await until(lambda: "Đang gửi…" not in [item["receipt"] for item in self.items(phone)])
        return self.receiver.last

    async def state(self, player: str = "lan") -> Any:
        async with self.http.get(f"{self.sandbox.url}events?player={player}") as stream:
            line = await stream.content.readline()
            return orjson.loads(line.removeprefix(b"data: "))

    def items(self, phone: str) -> list[Any]:
        phones = {each["name"]: each for each in self.sandbox.state("lan")["phones"]}
        found: list[Any] = phones[phone]["items"]
        return found

    def shown(self, phone: str) -> Any:
        return next(each for each in self.sandbox.state("lan")["phones"] if each["name"] == phone)


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():
            await asyncio.sleep(0.01)


@pytest.fixture
async def play(receiver: Receiver, http: Http) -> AsyncIterator[Playground]:
    sandbox = Sandbox(free_port(), free_port())
    await sandbox.start()
    for platform in (sandbox.zalo, sandbox.messenger):
        platform.webhook, platform.retry_delays = receiver.url, (0.01,)
    sandbox.telegram.hook_up(receiver.url)
    yield Playground(sandbox, http, receiver)
    await sandbox.stop()


# the acts


@pytest.mark.parametrize(
    ("act", "event"),
    [
        ("say", "user_send_text"),
        ("press", "user_send_text"),
        ("photo", "user_send_image"),
        ("place", "user_send_location"),
        ("phone", "user_submit_info"),
        ("follow", "follow"),
    ],
)
async def test_what_lan_does_on_zalo_is_the_event_of_that_name(play: Playground, act: str, event: str) -> None:
    heard = await play.does("zalo", act, "xin chào")

    assert heard["event_name"] == event
    assert ZALO_LAN in (heard.get("sender", {}).get("id"), heard.get("follower", {}).get("id"))


async def test_who_leaves_on_zalo_is_heard_and_can_come_back(play: Playground) -> None:
    await play.does("zalo", "follow")
    assert (await play.does("zalo", "block"))["event_name"] == "unfollow"
    refused = await play.post("/act", phone="zalo", player="lan", act="say", words="alo")

    assert refused[0] == 409
    assert (await play.does("zalo", "follow"))["event_name"] == "follow"


@pytest.mark.parametrize(
    ("act", "key"),
    [
        ("say", "message"),
        ("press", "postback"),
        ("photo", "message"),
        ("place", "message"),
        ("phone", "message"),
        ("link", "referral"),
        ("read", "read"),
        ("follow", "postback"),
    ],
)
async def test_what_lan_does_on_messenger_is_the_event_of_that_kind(play: Playground, act: str, key: str) -> None:
    heard = await play.does("messenger", act, "xin chào")

    event = heard["entry"][0]["messaging"][0]
    assert event["sender"]["id"] == MESSENGER_LAN
    assert key in event


async def test_a_comment_stands_under_the_last_post_of_the_page(play: Playground) -> None:
    play.sandbox.messenger.wall.publish({"message": "Lịch tiếp dân tháng 12"})
    heard = await play.does("messenger", "comment", "Mấy giờ vậy?")

    change = heard["entry"][0]["changes"][0]["value"]
    assert change["message"] == "Mấy giờ vậy?"
    assert change["post_id"] == play.sandbox.messenger.posts[-1]["id"]


async def test_blocking_the_page_is_told_to_nobody_and_ends_by_unblocking(play: Playground) -> None:
    for act, blocked in (("block", True), ("unblock", False)):
        await play.post("/act", phone="messenger", player="lan", act=act)
        await until(lambda wanted=blocked: play.shown("messenger")["blocked"] is wanted)  # type: ignore[misc]

    assert play.receiver.bodies == []


@pytest.mark.parametrize(
    ("act", "key"),
    [
        ("say", "text"),
        ("photo", "photo"),
        ("place", "location"),
        ("phone", "contact"),
        ("follow", "text"),
    ],
)
async def test_what_lan_does_on_telegram_is_a_message_with_it(play: Playground, act: str, key: str) -> None:
    heard = await play.does("telegram", act, "xin chào")

    assert str(heard["message"]["from"]["id"]) == TELEGRAM_LAN
    assert key in heard["message"]


async def test_a_press_and_a_block_on_telegram_are_updates_of_their_own(play: Playground) -> None:
    assert "callback_query" in await play.does("telegram", "press", "Lệ phí", payload="fee")
    assert (await play.does("telegram", "block"))["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await play.does("telegram", "follow")

    statuses = [update.get("my_chat_member", {}).get("new_chat_member", {}).get("status") for update in _all(play)]
    assert statuses[-2:] == ["member", None]


async def test_an_album_is_three_updates_of_one_group_and_one_line_on_the_phone(play: Playground) -> None:
    await play.does("telegram", "album", "hố ga")
    await until(lambda: len(play.receiver.bodies) == 3)

    messages = [update["message"] for update in _all(play)]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["hố ga", None, None]
    (item,) = play.items("telegram")
    assert len(item["images"]) == 3
    async with play.http.get(play.sandbox.url.rstrip("/") + item["images"][2]) as answer:
        assert await answer.read() == photo(3)


def _all(play: Playground) -> list[Any]:
    return [orjson.loads(body) for body in play.receiver.bodies]


async def test_an_edit_names_the_last_message_and_changes_it_on_the_phone(play: Playground) -> None:
    said = (await play.does("messenger", "say", "cấp 3"))["entry"][0]["messaging"][0]["message"]["mid"]
    edited = (await play.does("messenger", "edit", "cấp 2"))["entry"][0]["messaging"][0]["message_edit"]
    first = (await play.does("telegram", "say", "cấp 3"))["message"]["message_id"]
    changed = (await play.does("telegram", "edit", "cấp 2"))["edited_message"]

    assert (edited["mid"], edited["text"]) == (said, "cấp 2")
    assert (changed["message_id"], changed["text"]) == (first, "cấp 2")
    for phone in ("messenger", "telegram"):
        (item,) = play.items(phone)
        assert (item["text"], item["edited"]) == ("cấp 2", True)


@pytest.mark.parametrize("words", ["staff-abc", "https://t.me/phuong_bot?start=staff-abc"])
async def test_a_link_opens_the_bot_with_what_stands_in_it(play: Playground, words: str) -> None:
    heard = await play.does("telegram", "link", words)

    assert heard["message"]["text"] == "/start staff-abc"


async def test_a_press_in_the_staff_group_comes_from_the_group(play: Playground) -> None:
    await play.post("/staff", player="lan", payload="accept:PA-2026-00001")
    await until(lambda: bool(play.receiver.bodies))

    query = play.receiver.last["callback_query"]
    assert query["message"]["chat"]["type"] == "supergroup"
    assert str(query["message"]["chat"]["id"]) == play.sandbox.staff.id


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"phone": "zalo", "act": "say"}, "Xin viết"),
        ({"phone": "zalo", "act": "say", "words": "a" * 4001}, "4000"),
        ({"phone": "zalo", "act": "dance"}, "thao tác"),
        ({"phone": "viber", "act": "say"}, "điện thoại"),
        ({"phone": "telegram", "act": "edit", "words": "x"}, "để sửa"),
        ({"phone": "messenger", "act": "comment", "words": "x"}, "chưa có bài nào"),
        ({"phone": "zalo", "act": "say", "words": "x", "player": "minh"}, "người đó"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_a_sentence(
    play: Playground, fields: dict[str, str], sentence: str
) -> None:
    status, body = await play.post("/act", **{"player": "lan", **fields})

    assert status == 409
    assert sentence in body["error"]


# what is shown


async def test_letters_stand_between_the_words_they_came_between(play: Playground) -> None:
    await play.does("zalo", "say", "một")
    play.sandbox.zalo.write(ZALO_LAN, "a", "Dạ, một.")
    await play.does("zalo", "say", "hai")
    waited = (await play.state())["phones"][0]["waits"]
    play.sandbox.zalo.write("84905123451", "b", "Mẫu tin gửi theo số điện thoại.")

    texts = [item["text"] for item in play.items("zalo")]
    assert texts == ["một", "Dạ, một.", "hai", "Mẫu tin gửi theo số điện thoại."]
    assert waited is True
    assert play.shown("zalo")["waits"] is False


async def test_people_have_conversations_of_their_own(play: Playground) -> None:
    await play.does("zalo", "say", "một")

    assert (await play.state("hung"))["phones"][0]["items"] == []


async def test_quick_replies_pass_with_the_next_message(play: Playground) -> None:
    graph = play.sandbox.messenger
    await play.does("messenger", "say", "khai sinh")
    quick = {"content_type": "text", "title": "Lệ phí", "payload": "fee"}
    await _send(play, graph, "v26.0/me/messages", {"text": "Dạ", "quick_replies": [quick]})
    assert play.items("messenger")[-1]["buttons"] == [{"title": "Lệ phí", "payload": "fee"}]

    heard = await play.does("messenger", "press", "Lệ phí", payload="fee")

    assert heard["entry"][0]["messaging"][0]["message"]["quick_reply"] == {"payload": "fee"}
    assert [item["buttons"] for item in play.items("messenger")] == [[], [], []]


async def _send(play: Playground, graph: Any, path: str, message: Any) -> None:
    body = {"recipient": {"id": MESSENGER_LAN}, "message": message, "messaging_type": "RESPONSE"}
    headers = {"Authorization": f"Bearer {graph.page_token}"}
    status, _ = await asked(play.http, "POST", f"{graph.url}/{path}", json=body, headers=headers)
    assert status == 200


async def test_a_picture_that_was_uploaded_is_seen_on_each_phone(play: Playground) -> None:
    sandbox, pictures = play.sandbox, [photo(number) for number in (1, 2, 3)]
    for phone in sandbox.phones:
        await play.does(phone, "say", "ảnh đâu")
    access = {"access_token": sandbox.zalo.oauth.access}
    _, kept = await asked(
        play.http, "POST", f"{sandbox.zalo.url}/v2.0/oa/upload/image", headers=access, data=_form("file", pictures[0])
    )
    media = {"template_type": "media", "elements": [{"media_type": "image", **kept["data"]}]}
    message = {"text": "Dạ", "attachment": {"type": "template", "payload": media}}
    sent = {"recipient": {"user_id": ZALO_LAN}, "message": message}
    await asked(play.http, "POST", f"{sandbox.zalo.url}/v3.0/oa/message/cs", headers=access, json=sent)
    form = _form("filedata", pictures[1])
    form.add_field("recipient", f'{{"id":"{MESSENGER_LAN}"}}')
    form.add_field("message", '{"attachment":{"type":"image","payload":{}}}')
    bearer = {"Authorization": f"Bearer {sandbox.messenger.page_token}"}
    await asked(play.http, "POST", f"{sandbox.messenger.url}/v26.0/me/messages", headers=bearer, data=form)
    form = _form("photo", pictures[2])
    form.add_field("chat_id", TELEGRAM_LAN)
    await asked(play.http, "POST", f"{sandbox.telegram.url}/bot{sandbox.telegram.bot_token}/sendPhoto", data=form)

    for phone, picture in zip(sandbox.phones, pictures, strict=True):
        (address,) = play.items(phone)[-1]["images"]
        async with play.http.get(sandbox.url.rstrip("/") + address) as answer:
            assert await answer.read() == picture, phone


def _form(name: str, file: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field(name, file, filename="anh.jpg", content_type="image/jpeg")
    return form


async def test_a_broadcast_is_listed_and_seen_by_those_it_reached(play: Playground) -> None:
    sandbox = play.sandbox
    await play.does("zalo", "follow")
    article = {
        "title": "Lịch tháng 12",
        "body": [{"type": "text", "content": "Nghỉ lễ ngày 01/01."}],
        "cover": {"x": 1},
    }
    sandbox.zalo.publishing.articles["a1"] = {**article, "at": sandbox.clock()}
    hours = (12 - sandbox.clock().astimezone(VIET_NAM).hour) % 24
    for _ in range(hours):
        await play.post("/clock", step="hour")
    elements = [{"media_type": "article", "attachment_id": "a1"}]
    message = {"attachment": {"payload": {"elements": elements}}}
    body = {"recipient": {"target": {"gender": "0"}}, "message": message}
    sandbox.zalo.oauth.issue("access-token-1", "refresh-token-1")
    headers = {"access_token": sandbox.zalo.oauth.access}
    await asked(play.http, "POST", f"{sandbox.zalo.url}/v2.0/oa/message", headers=headers, json=body)

    lists = {each["name"]: each["items"] for each in (await play.state())["lists"]}
    assert "Nghỉ lễ" in lists["articles"][0]["text"]
    assert "Tới 1 người" in lists["broadcasts"][0]["text"]
    assert play.items("zalo")[-1]["text"] == "Lịch tháng 12"


async def test_a_message_that_is_not_taken_says_so(play: Playground) -> None:
    play.receiver.statuses += [401, 401]
    await play.does("messenger", "say", "một")
    await play.post("/faults", phone="zalo", fault="unsubscribed", on="yes")
    await play.post("/act", phone="zalo", player="lan", act="say", words="hai")
    await until(lambda: play.items("zalo")[-1]["receipt"] != "Đang gửi…")

    assert play.items("messenger")[0]["receipt"] == "Loa không nhận: 401, 401"
    assert play.items("zalo")[0]["receipt"] == "Đã gửi, nền tảng không chuyển cho Loa"


async def test_what_waits_to_be_fetched_from_telegram_is_seen_as_waiting(play: Playground) -> None:
    telegram = play.sandbox.telegram
    telegram.hook_up("")
    await play.post("/act", phone="telegram", player="lan", act="say", words="một")
    await until(lambda: play.items("telegram")[0]["receipt"] == "Đã gửi, Loa chưa lấy về")
    at = telegram.updates.waiting[0].id
    await asked(play.http, "GET", f"{telegram.url}/bot{telegram.bot_token}/getUpdates?offset={at + 1}")

    assert play.items("telegram")[0]["receipt"] == "Loa đã nhận"


# the faults and the clock


async def test_every_fault_goes_on_and_off_again(play: Playground) -> None:
    for phone in play.sandbox.phones.values():
        for name, fault in phone.faults.items():
            for on in ("yes", "no"):
                assert (await play.post("/faults", phone=phone.name, fault=name, on=on))[0] == 202
                assert fault.is_on() is (on == "yes"), (phone.name, name)


@pytest.mark.parametrize("phone", ["zalo", "messenger", "telegram"])
async def test_a_duplicate_arrives_twice(play: Playground, phone: str) -> None:
    await play.post("/faults", phone=phone, fault="duplicate", on="yes")
    await play.does(phone, "say", "một")
    await until(lambda: len(play.receiver.bodies) == 2)

    assert play.receiver.bodies[0] == play.receiver.bodies[1]


async def test_what_was_held_back_on_messenger_arrives_the_latest_first(play: Playground) -> None:
    await play.post("/faults", phone="messenger", fault="reorder", on="yes")
    for words in ("một", "hai"):
        await play.post("/act", phone="messenger", player="lan", act="say", words=words)
    await until(lambda: len(play.sandbox.messenger._held or []) == 2)
    await play.post("/faults", phone="messenger", fault="reorder", on="no")
    await until(lambda: len(play.receiver.bodies) == 2)

    texts = [each["entry"][0]["messaging"][0]["message"]["text"] for each in _all(play)]
    assert texts == ["hai", "một"]


async def test_a_send_is_taken_and_then_the_line_is_cut_once(play: Playground) -> None:
    graph = play.sandbox.messenger
    await play.does("messenger", "say", "một")
    await play.post("/faults", phone="messenger", fault="reset", on="yes")

    with pytest.raises(aiohttp.ClientError):
        await _send(play, graph, "v26.0/me/messages", {"text": "Dạ"})

    assert play.items("messenger")[-1]["text"] == "Dạ"
    assert play.sandbox.phones["messenger"].faults["reset"].is_on() is False


async def test_the_clock_moves_all_platforms_forward_and_is_told_in_words(play: Playground) -> None:
    before = play.sandbox.clock()
    for step in ("hour", "day", "week"):
        await play.post("/clock", step=step)

    moved = play.sandbox.clock() - before
    assert timedelta(days=8, hours=1) <= moved < timedelta(days=8, hours=1, minutes=1)
    assert play.sandbox.zalo.now_ms() >= int((before + moved).timestamp() * 1000)
    assert (await play.state())["now"].endswith("giờ Việt Nam")
    assert (await play.post("/clock", step="year"))[0] == 409


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    at = datetime(2027, 1, 31, 9, tzinfo=VIET_NAM)

    assert _next_month(at) == datetime(2027, 2, 28, 9, tzinfo=VIET_NAM)
    assert _next_month(at - timedelta(days=31)) == datetime(2027, 1, 31, 9, tzinfo=VIET_NAM)


async def test_the_platforms_answers_carry_the_moved_clock(play: Playground) -> None:
    await play.post("/clock", step="month")
    telegram: Played = play.sandbox.telegram
    async with play.http.get(f"{telegram.url}/bot{play.sandbox.telegram.bot_token}/getMe") as answer:
        told = answer.headers["Date"]

    assert play.sandbox.clock().strftime("%b %Y") in told


# who may ask


async def test_only_the_pages_own_requests_do_anything(play: Playground) -> None:
    before = play.sandbox.clock()
    for origin in ("http://evil.example", play.sandbox.house, "null"):
        assert (await play.post("/clock", origin, step="month"))[0] == 403
    url = play.sandbox.url
    async with play.http.post(f"{url}clock", json={"step": "month"}) as bare:
        assert bare.status == 403
    async with play.http.get(url, headers={"Host": "evil.example"}) as other:
        assert other.status == 421

    assert play.sandbox.clock() - before < timedelta(minutes=1)


async def test_the_page_needs_nothing_from_elsewhere(play: Playground) -> None:
    async with play.http.get(play.sandbox.url) as page:
        html, policy = await page.text(), page.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "https://" not in html
    for name in ("sandbox.js", "phone.js", "bubble.js", "dom.js", "sandbox.css", "sandbox.svg"):
        async with play.http.get(f"{play.sandbox.url}static/{name}") as file:
            assert file.status == 200
            assert "//" not in (await file.text()).replace("// ", "").replace("http://www.w3.org", "")
    async with play.http.get(f"{play.sandbox.url}static/sandbox.py") as secret:
        assert secret.status == 404


async def test_an_open_page_does_not_hold_up_the_end(receiver: Receiver, http: Http) -> None:
    sandbox = Sandbox(free_port(), free_port())
    await sandbox.start()
    async with http.get(f"{sandbox.url}events?player=lan") as stream:
        await stream.content.readline()
        async with asyncio.timeout(2):
            await sandbox.stop()


async def test_the_house_is_told_where_everything_is(play: Playground, tmp_path: Path) -> None:
    settings = read(play.sandbox.environment(tmp_path))

    assert settings.address == play.sandbox.house
    assert settings.zalo
    assert settings.messenger
    assert settings.telegram
    assert settings.zalo.template_id in play.sandbox.zalo.templates.templates
    template = play.sandbox.messenger.templates.known[settings.messenger.utility_template, "vi"]
    assert template["status"] == "APPROVED"
    assert all(f"{{{{{fact}}}}}" in str(template["asked"]) for fact in FACTS)
    assert play.sandbox.telegram.chats.find(settings.telegram.staff_chat_id) is play.sandbox.staff
    assert play.sandbox.telegram.chats.find(settings.telegram.channel_id) is play.sandbox.channel
