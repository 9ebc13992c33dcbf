"""The web chat's door, spoken to as a browser would, over real sockets."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channel import Failure, Forged, Malformed, Purpose, SendError, Way
from bot.channels.webchat import Line, Page, WebChat
from bot.messages import Attachment, Button, Event, Incoming, Kind, Reply
from bot.text import with_menu

SECRET = b"a secret of the test's own, 32 b"
SITE, BEARER = "https://ayunpa.gialai.gov.vn", {"Authorization": "Bearer " + "b" * 43}
JPEG = b"\xff\xd8\xff\xe0 a small picture"


class Album:
    """Photos in memory, by their own fingerprint."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, data: bytes) -> str:
        if not data.startswith(b"\xff\xd8"):
            raise ValueError("Tệp này không phải là ảnh.")
        name = sha256(data).hexdigest()[:16]
        self.kept[name] = data
        return name

    async def read(self, name: str) -> bytes:
        if name not in self.kept:
            raise FileNotFoundError(name)
        return self.kept[name]


@dataclass
class House:
    """What stands behind the door: it remembers, and it can be out of order."""

    events: list[Event] = field(default_factory=list)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    page: Page = field(default_factory=lambda: Page("UBND phường <Lan>", "0269 385 2345", "", "", "/staff"))
    album: Album = field(default_factory=Album)
    broken: bool = False

    async def arrive(self, event: Event) -> None:
        if self.broken:
            raise OSError("disk full")
        self.events.append(event)

    async def history(self, person: str, after_ms: int) -> list[Line]:
        if self.broken:
            raise OSError("disk full")
        return [line for line in self.lines.get(person, []) if line.at_ms >= after_ms]

    async def read_page(self) -> Page:
        return self.page


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def chat(house: House) -> WebChat:
    return WebChat(
        account="web",
        secret=SECRET,
        arrive=house.arrive,
        history=house.history,
        photos=house.album,
        page=house.read_page,
        sites=frozenset({SITE, "http://xa.example:8000"}),
    )


@pytest.fixture
async def server(chat: WebChat) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.add_routes(chat.routes())
    app.on_shutdown.append(chat.end_streams)
    running = TestServer(app, host="127.0.0.1")
    await running.start_server()
    yield running
    await running.close()


@pytest.fixture
async def nobody(server: TestServer) -> AsyncIterator[ClientSession]:
    async with ClientSession(server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as browser:
        yield browser


@pytest.fixture
async def lan(server: TestServer) -> AsyncIterator[ClientSession]:
    async with ClientSession(server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as browser:
        await browser.get("/")
        yield browser


@pytest.fixture
async def stranger(server: TestServer) -> AsyncIterator[ClientSession]:
    async with ClientSession(server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as browser:
        await browser.get("/")
        yield browser


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def token(browser: ClientSession) -> str:
    return next(cookie.value for cookie in browser.cookie_jar if cookie.key == "loa_chat")


def person(browser: ClientSession) -> str:
    return new(SECRET, token(browser).encode(), sha256).hexdigest()[:32]


def said(text: str = "xin chào", **more: Any) -> dict[str, Any]:
    return {"id": "0123456789abcdef", "at": now_ms(), "text": text} | more


def line(identity: str, text: str, at_ms: int, author: str = "bot") -> Line:
    return Line(identity, author, text, (), (), "", at_ms)


async def post(browser: ClientSession, message: dict[str, Any], **headers: str) -> ClientResponse:
    return await browser.post("/chat/messages", json=message, headers={"Sec-Fetch-Site": "same-origin"} | headers)


async def as_citizen(browser: ClientSession, number: int, address: str) -> int:
    headers = {"Cookie": f"loa_chat={number:043}", "X-Forwarded-For": f"10.9.9.9, {address}"}
    return (await post(browser, said(), **headers)).status


async def post_photo(browser: ClientSession, data: bytes, name: str = "photo") -> ClientResponse:
    form = FormData()
    form.add_field(name, io.BytesIO(data), filename="photo.jpg", content_type="image/jpeg")
    return await browser.post("/chat/photos", data=form, headers={"Sec-Fetch-Site": "same-origin"})


async def sentence(answer: ClientResponse) -> str:
    error = (await answer.json())["error"]
    assert isinstance(error, str)
    return error


async def heard(stream: ClientResponse, until: str) -> list[dict[str, Any]]:
    """The stream's events up to the first one named `until`."""
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while not events or events[-1]["event"] != until:
            head = (await stream.content.readuntil(b"\n")).decode().strip()
            if head:
                data = (await stream.content.readuntil(b"\n")).decode()
                events.append({"event": head.removeprefix("event: ")} | orjson.loads(data.removeprefix("data: ")))
    return events


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [line["text"] for event in events for line in event.get("lines", [])]


class TestThePage:
    async def test_gives_a_cookie_that_scripts_and_other_sites_cannot_use(self, nobody: ClientSession) -> None:
        answer = await nobody.get("/", headers={"X-Forwarded-Proto": "https"})
        cookie = answer.headers["Set-Cookie"]

        assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=31536000"))

    async def test_keeps_the_cookie_that_a_citizen_already_has(self, lan: ClientSession) -> None:
        before = token(lan)
        await lan.get("/")

        assert token(lan) == before

    async def test_shows_what_the_staff_changed_at_once(self, lan: ClientSession, house: House) -> None:
        house.page = Page("UBND phường Ayun Pa", "0269 111 222", "", "https://ayunpa.example", "")
        html = await (await lan.get("/")).text()

        assert 'href="tel:0269111222"' in html
        assert "https://ayunpa.example" in html

    async def test_writes_the_units_name_as_text(self, lan: ClientSession) -> None:
        assert "<h1>UBND phường &lt;Lan&gt;</h1>" in await (await lan.get("/")).text()

    async def test_allows_no_script_but_its_own(self, lan: ClientSession) -> None:
        answer = await lan.get("/")
        policy = answer.headers["Content-Security-Policy"]

        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert " style=" not in await answer.text()

    @pytest.mark.parametrize("name", ["chat.css", "chat.js", "words.js", "chat.svg"])
    async def test_asks_for_a_file_only_once_until_it_changes(self, lan: ClientSession, name: str) -> None:
        first = await lan.get(f"/static/{name}")
        again = await lan.get(f"/static/{name}", headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status, again.status) == (200, 304)


class TestAMessage:
    async def test_arrives_as_its_person_and_never_with_the_bearer(self, lan: ClientSession, house: House) -> None:
        message = said("làm khai sinh")
        answer = await post(lan, message)

        assert (answer.status, await answer.json()) == (202, {"at": message["at"]})
        assert [event.person for event in house.events] == [person(lan)]
        assert token(lan).encode() not in house.events[0].body

    async def test_sent_twice_is_the_same_event(self, lan: ClientSession, house: House) -> None:
        message = said()
        for _ in range(2):
            await post(lan, message)

        first, second = house.events
        assert (first.id, first.at_ms, first.person) == (second.id, second.at_ms, second.person)

    async def test_that_the_house_cannot_store_is_refused_kindly(self, lan: ClientSession, house: House) -> None:
        house.broken = True
        answer = await post(lan, said())

        assert answer.status == 503
        assert "gửi lại" in await sentence(answer)

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
    async def test_from_another_site_is_refused(
        self, lan: ClientSession, house: House, headers: dict[str, str]
    ) -> None:
        answer = await post(lan, said(), **headers)

        assert (answer.status, house.events) == (403, [])

    @pytest.mark.parametrize(
        ("origin", "status"), [("http://{host}", 202), ("http://evil.example", 403), ("null", 403), ("", 403)]
    )
    async def test_of_an_older_browser_is_judged_by_its_origin(
        self, lan: ClientSession, server: TestServer, origin: str, status: int
    ) -> None:
        headers = {"Origin": origin.format(host=f"{server.host}:{server.port}")} if origin else {}
        answer = await lan.post("/chat/messages", json=said(), headers=headers)

        assert answer.status == status

    async def test_that_a_form_could_have_posted_is_refused(self, lan: ClientSession) -> None:
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}
        answer = await lan.post("/chat/messages", data=orjson.dumps(said()), headers=headers)

        assert answer.status == 415

    async def test_without_a_cookie_is_told_so(self, nobody: ClientSession) -> None:
        answer = await post(nobody, said())

        assert answer.status == 401
        assert "cookie" in await sentence(answer)

    @pytest.mark.parametrize(
        ("message", "status"),
        [
            (said("a" * 4000), 202),
            (said("a" * 4001), 413),
            (said("ế" * 90_000), 413),
            (said(""), 400),
            (said(" \0 "), 400),
            (said(id="no"), 400),
            (said(at="soon"), 400),
            (said(at=True), 400),
            (said() | {"text": 5}, 400),
            (said(photos="p"), 400),
            (said(photos=["somebody's.0123456789"]), 400),
            (said(photos=["p"] * 6), 413),
        ],
    )
    async def test_is_taken_or_refused_with_a_sentence(
        self, lan: ClientSession, message: dict[str, Any], status: int
    ) -> None:
        answer = await post(lan, message)

        assert answer.status == status
        assert status == 202 or (await sentence(answer)).endswith(".")

    @pytest.mark.parametrize(("hours", "status"), [(-23, 202), (23, 202), (-25, 400), (25, 400)])
    async def test_bears_a_time_within_a_day_of_ours(self, lan: ClientSession, hours: int, status: int) -> None:
        answer = await post(lan, said(at=now_ms() + hours * 3_600_000))

        assert answer.status == status

    async def test_is_refused_when_one_person_sends_too_many(self, lan: ClientSession, stranger: ClientSession) -> None:
        taken = [(await post(lan, said())).status for _ in range(30)]
        refused = await post(lan, said())

        assert set(taken) == {202}
        assert (refused.status, (await post(stranger, said())).status) == (429, 202)
        assert 0 < int(refused.headers["Retry-After"]) <= 60

    async def test_is_refused_when_one_address_sends_too_many(self, nobody: ClientSession) -> None:
        statuses = [await as_citizen(nobody, number % 10, "192.0.2.1") for number in range(121)]

        assert statuses == [202] * 120 + [429]
        assert await as_citizen(nobody, 0, "192.0.2.2") == 202

    async def test_is_refused_when_one_address_brings_too_many_new_people(self, nobody: ClientSession) -> None:
        statuses = [await as_citizen(nobody, number, "192.0.2.1") for number in range(41)]

        assert statuses == [202] * 40 + [429]
        assert await as_citizen(nobody, 0, "192.0.2.1") == 202
        assert await as_citizen(nobody, 41, "192.0.2.2") == 202


class TestAPhoto:
    async def test_is_kept_and_shown_to_its_owner_only(self, lan: ClientSession, stranger: ClientSession) -> None:
        photo = (await (await post_photo(lan, JPEG)).json())["photo"]
        mine, theirs = await lan.get(f"/chat/photos/{photo}"), await stranger.get(f"/chat/photos/{photo}")

        assert (mine.status, await mine.read(), mine.content_type) == (200, JPEG, "image/jpeg")
        assert theirs.status == 404

    async def test_travels_by_its_stored_name(self, lan: ClientSession, house: House, chat: WebChat) -> None:
        photo = (await (await post_photo(lan, JPEG)).json())["photo"]
        await post(lan, said("", photos=[photo]))

        understood = chat.parse(house.events[0].body)
        assert isinstance(understood, Incoming)
        assert await chat.fetch(understood.attachments[0]) == JPEG

    async def test_of_somebody_else_cannot_be_sent(self, lan: ClientSession, stranger: ClientSession) -> None:
        photo = (await (await post_photo(lan, JPEG)).json())["photo"]

        assert (await post(stranger, said(photos=[photo]))).status == 400

    @pytest.mark.parametrize(
        ("data", "name", "status"),
        [(b"no image", "photo", 400), (JPEG, "file", 400), (JPEG + b"0" * 10_000_000, "photo", 413)],
    )
    async def test_that_is_none_is_refused(self, lan: ClientSession, data: bytes, name: str, status: int) -> None:
        answer = await post_photo(lan, data, name)

        assert answer.status == status
        assert "ảnh" in await sentence(answer)

    async def test_must_come_as_a_form(self, lan: ClientSession) -> None:
        answer = await lan.post("/chat/photos", data=JPEG, headers={"Sec-Fetch-Site": "same-origin"})

        assert answer.status == 415

    async def test_no_longer_there_is_said_to_be_so(self, lan: ClientSession, house: House, chat: WebChat) -> None:
        photo = (await (await post_photo(lan, JPEG)).json())["photo"]
        house.album.kept.clear()

        assert (await lan.get(f"/chat/photos/{photo}")).status == 404
        with pytest.raises(SendError) as refused:
            await chat.fetch(Attachment("image", photo.partition(".")[0]))
        assert refused.value.failure is Failure.REJECTED


class TestTheConversation:
    async def test_is_read_back_by_its_person_only(
        self, lan: ClientSession, stranger: ClientSession, house: House
    ) -> None:
        house.lines[person(lan)] = [line("1", "chào ông/bà", 1000), line("2", "", 2000)]

        mine = await (await lan.get("/chat/history")).json()
        theirs = await (await stranger.get("/chat/history")).json()
        assert ([shown["id"] for shown in mine["lines"]], theirs["lines"]) == (["1"], [])

    async def test_hides_the_menu_that_its_buttons_repeat(self, lan: ClientSession, house: House) -> None:
        buttons = (Button("Giấy tờ", "papers"), Button("Cổng", url="https://dichvucong.gov.vn"))
        spoken = with_menu(Reply("Ông/bà hỏi gì?", buttons))
        house.lines[person(lan)] = [Line("1", "bot", spoken.text, buttons, (), "", 1000)]

        shown = (await (await lan.get("/chat/history")).json())["lines"][0]
        assert shown["text"] == "Ông/bà hỏi gì?"
        assert [button["title"] for button in shown["buttons"]] == ["Giấy tờ", "Cổng"]

    async def test_shows_stored_pictures_by_addresses_that_open(self, lan: ClientSession, house: House) -> None:
        name = await house.album.keep(JPEG)
        house.lines[person(lan)] = [Line("1", "bot", "", (), (name, "https://a.example/b.jpg"), "Áp phích", 1000)]

        stored, foreign = (await (await lan.get("/chat/history")).json())["lines"][0]["images"]
        assert foreign == "https://a.example/b.jpg"
        assert await (await lan.get(stored)).read() == JPEG

    async def test_that_cannot_be_read_now_says_so(self, lan: ClientSession, house: House) -> None:
        house.broken = True

        assert (await lan.get("/chat/history")).status == 503

    async def test_ends_on_a_shared_computer(self, lan: ClientSession) -> None:
        before = person(lan)
        await lan.post("/chat/leave", headers={"Sec-Fetch-Site": "same-origin"})
        await lan.get("/")

        assert person(lan) != before


class TestTheFrame:
    async def test_is_for_the_named_sites_only(self, nobody: ClientSession) -> None:
        answer = await nobody.get("/widget")

        policy = answer.headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors http://xa.example:8000 {SITE}")
        assert "default-src 'self'" in policy

    async def test_is_for_nobody_when_none_is_named(self, house: House) -> None:
        chat = WebChat(
            account="web", secret=SECRET, arrive=house.arrive, history=house.history, photos=house.album,
            page=house.read_page,
        )  # fmt: skip
        app = web.Application()
        app.add_routes(chat.routes())

        async with TestClient(TestServer(app)) as browser:
            answer = await browser.get("/widget")

        assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")

    @pytest.mark.parametrize("site", ["ayunpa.gialai.gov.vn", f"{SITE}/", "https://*", f"{SITE} *", f"{SITE}\r\nX: y"])
    def test_takes_nothing_but_origins(self, house: House, site: str) -> None:
        with pytest.raises(ValueError, match="not the origin"):
            WebChat(
                account="web", secret=SECRET, arrive=house.arrive, history=house.history, photos=house.album,
                page=house.read_page, sites=frozenset({site}),
            )  # fmt: skip

    async def test_gives_a_cookie_that_each_site_keeps_apart(self, nobody: ClientSession) -> None:
        cookie = (await nobody.get("/widget")).headers["Set-Cookie"]

        assert cookie.startswith("__Host-loa_frame=")
        assert all(part in cookie for part in ("HttpOnly", "SameSite=None", "Secure", "Partitioned", "Path=/;"))
        assert "Domain" not in cookie

    async def test_on_our_own_domain_is_the_same_citizen_as_the_page(self, lan: ClientSession) -> None:
        cookie = (await lan.get("/widget")).headers["Set-Cookie"]

        assert token(lan) in cookie

    async def test_shows_no_way_to_the_console(self, nobody: ClientSession) -> None:
        assert "/staff" in await (await nobody.get("/")).text()
        assert "/staff" not in await (await nobody.get("/widget")).text()

    async def test_without_any_cookie_is_known_by_its_header(self, nobody: ClientSession, house: House) -> None:
        answer = await post(nobody, said("chào"), **BEARER)
        history = await nobody.get("/chat/history", headers=BEARER)

        assert (answer.status, history.status) == (202, 200)
        assert house.events[0].person == new(SECRET, b"b" * 43, sha256).hexdigest()[:32]

    @pytest.mark.parametrize("shown", ["", "Bearer", f"Bearer {'b' * 42}", f"Basic {'b' * 43}", f"Bearer {'ế' * 43}"])
    async def test_with_an_odd_header_is_nobody(self, nobody: ClientSession, shown: str) -> None:
        answer = await nobody.get("/chat/history", headers={"Authorization": shown})

        assert answer.status == 401

    async def test_posts_from_our_own_page_only(self, nobody: ClientSession, house: House) -> None:
        answer = await post(nobody, said(), **BEARER, **{"Sec-Fetch-Site": "cross-site", "Origin": SITE})

        assert (answer.status, house.events) == (403, [])

    async def test_forgets_both_cookies(self, lan: ClientSession) -> None:
        answer = await lan.post("/chat/leave", headers={"Sec-Fetch-Site": "same-origin"})

        gone = answer.headers.getall("Set-Cookie")
        assert [cookie.partition("=")[0] for cookie in gone] == ["__Host-loa_frame", "loa_chat"]
        assert all("Max-Age=0" in cookie for cookie in gone)


class TestTheScript:
    async def test_may_be_fetched_by_any_site(self, nobody: ClientSession) -> None:
        answer = await nobody.get("/widget.js", headers={"Sec-Fetch-Site": "cross-site"})

        assert (answer.status, answer.content_type) == (200, "text/javascript")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers

    async def test_names_the_office_and_its_sites(self, nobody: ClientSession, house: House) -> None:
        house.page = Page('UBND "phường"\n', "", "", "", "")
        script = await (await nobody.get("/widget.js")).text()

        assert (
            r'{"name":"UBND \"phường\"\n","sites":["http://xa.example:8000","https://ayunpa.gialai.gov.vn"]}' in script
        )

    async def test_is_light_and_fetched_again_only_when_it_changed(self, nobody: ClientSession, house: House) -> None:
        first = await nobody.get("/widget.js")
        known = {"If-None-Match": first.headers["ETag"]}
        again = await nobody.get("/widget.js", headers=known)
        house.page = Page("UBND phường Ayun Pa", "", "", "", "")

        assert len(await first.read()) < 6 * 1024
        assert (again.status, (await nobody.get("/widget.js", headers=known)).status) == (304, 200)


class TestTheStream:
    async def test_tells_history_and_pushes_once_each(self, lan: ClientSession, house: House, chat: WebChat) -> None:
        mine = house.lines[person(lan)] = [line("old", "hôm qua", 1000), line("new", "vừa xong", now_ms())]
        async with lan.get("/chat/stream?after=2000") as stream:
            first = await heard(stream, "lines")
            pushed = await chat.send(person(lan), Reply("đây ạ"))
            mine += [line(pushed, "đây ạ", now_ms()), line("elsewhere", "từ máy khác", now_ms())]
            rest = await heard(stream, "beat")

        assert texts(first) == ["vừa xong"]
        assert texts(rest) == ["đây ạ", "từ máy khác"]

    async def test_corrects_who_spoke(self, lan: ClientSession, house: House, chat: WebChat) -> None:
        async with lan.get("/chat/stream") as stream:
            pushed = await chat.send(person(lan), Reply("Minh đây"))
            house.lines[person(lan)] = [line(pushed, "Minh đây", now_ms(), "staff")]
            events = await heard(stream, "beat")

        assert [shown["author"] for event in events for shown in event.get("lines", [])] == ["bot", "staff"]

    async def test_never_tells_somebody_else(self, lan: ClientSession, stranger: ClientSession, chat: WebChat) -> None:
        async with stranger.get("/chat/stream") as stream:
            await chat.send(person(lan), Reply("chỉ cho Lan"))
            events = await heard(stream, "beat")

        assert texts(events) == []

    async def test_shows_another_page_the_message_and_that_an_answer_is_coming(self, lan: ClientSession) -> None:
        async with lan.get("/chat/stream") as stream:
            await post(lan, said("từ trang kia"))
            events = await heard(stream, "typing")

        assert texts(events) == ["từ trang kia"]

    async def test_tells_a_page_opened_later_that_an_answer_is_coming(self, lan: ClientSession, chat: WebChat) -> None:
        await post(lan, said())
        async with lan.get("/chat/stream") as stream:
            assert [event["event"] for event in await heard(stream, "typing")] == ["typing"]
        await chat.send(person(lan), Reply("đây ạ"))

        async with lan.get("/chat/stream") as stream:
            assert [event["event"] for event in await heard(stream, "beat")] == ["beat"]

    async def test_gives_the_fifth_page_the_place_of_the_first(self, lan: ClientSession, chat: WebChat) -> None:
        streams = [await lan.get("/chat/stream") for _ in range(5)]

        await heard(streams[0], "retire")
        await chat.send(person(lan), Reply("đây ạ"))
        assert texts(await heard(streams[4], "lines")) == ["đây ạ"]
        for stream in streams:
            stream.close()

    async def test_breaks_off_when_the_history_cannot_be_read(self, lan: ClientSession, house: House) -> None:
        house.broken = True
        async with lan.get("/chat/stream") as stream, asyncio.timeout(5):
            assert await stream.read() == b""

    async def test_ends_at_once_when_the_server_stops(
        self, lan: ClientSession, server: TestServer, chat: WebChat
    ) -> None:
        async with lan.get("/chat/stream") as stream:
            began = time.monotonic()
            await chat.close()
            await asyncio.wait_for(stream.read(), 5)
        assert time.monotonic() - began < 0.5
        assert (await lan.get("/chat/stream")).status == 503


class TestTheChannel:
    def test_reaches_everyone_at_any_time_and_free(self, chat: WebChat) -> None:
        (way,) = chat.ways

        assert way == Way("page", frozenset(Purpose), hours=None, cost=0, monthly=None)

    def parsed(self, chat: WebChat, **message: Any) -> Incoming:
        headers = {"Cookie": f"a=b; loa_chat={'t' * 43}", "Sec-Fetch-Site": "same-origin"}
        (event,) = chat.events(headers, orjson.dumps(said(**message)))
        understood = chat.parse(event.body)
        assert isinstance(understood, Incoming)
        assert (understood.person, int(understood.at.timestamp() * 1000)) == (event.person, event.at_ms)
        return understood

    @pytest.mark.parametrize(
        ("message", "kind", "text", "payload"),
        [
            ({"text": " làm\nkhai sinh "}, Kind.MESSAGE, "làm\nkhai sinh", ""),
            ({"text": "Giấy tờ", "payload": "papers"}, Kind.PRESS, "Giấy tờ", "papers"),
            ({"text": "", "payload": "start"}, Kind.START, "", ""),
            ({"text": "start"}, Kind.MESSAGE, "start", ""),
        ],
    )
    def test_understands_what_the_page_posts(
        self, chat: WebChat, message: dict[str, Any], kind: Kind, text: str, payload: str
    ) -> None:
        understood = self.parsed(chat, **message)

        assert (understood.kind, understood.text, understood.payload) == (kind, text, payload)

    def test_understands_no_strange_body_and_says_so(self, chat: WebChat) -> None:
        for body in (
            b"",
            b"[]",
            b"{}",
            b'{"person":1}',
            b'{"payload":"","text":"","at":9e99,"person":"p","photos":[]}',
        ):
            assert not isinstance(chat.parse(body), Incoming)

    def test_believes_only_its_own_page(self, chat: WebChat) -> None:
        body = orjson.dumps(said())
        for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Cookie": f"loa_chat={'t' * 43}"}):
            with pytest.raises(Forged):
                chat.events(headers, body)

    def test_calls_nonsense_malformed(self, chat: WebChat) -> None:
        headers = {"Cookie": f"loa_chat={'t' * 43}", "Sec-Fetch-Site": "same-origin"}
        for body in (b"", b"[]", b"{", b'{"id":"0123456789"}'):
            with pytest.raises(Malformed):
                chat.events(headers, body)

    async def test_sends_to_nobody_without_complaint(self, chat: WebChat) -> None:
        first, second = await chat.send("nobody", Reply("a")), await chat.send("nobody", Reply("a"))

        assert first != second
