"""The chat inside the commune's own site: two sites over HTTPS, a real browser, a phone and a desk."""

import asyncio
import io
import ipaddress
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Locator,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from bot.channels.webchat import Line, WebChat
from bot.channels.webchat import Page as Office
from bot.messages import Button, Event, Incoming, Kind, Reply
from tests.browser.test_story import DESK, FLAGS, PHONE
from tests.postgres import free_port

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
GOODBYE_SECONDS = 0.1  # how long a closed connection waits for the other end of TLS
ZOOMED = {"width": 640, "height": 450}  # what 200 % leaves of 1280 x 900
UNIT = "UBND phường Ayun Pa"
# A site whose own rules would disfigure what is not shielded from them, and whose policy allows as little as can be.
HOST_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phường</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css">
<script src="{loa}/widget.js" async></script></head><body>
<h1>Phường Ayun Pa</h1><p>Thông báo lịch tiếp công dân.</p><button>Tìm kiếm</button>
<p class="tall">Văn bản chỉ đạo điều hành</p><a href="#cuoi">Liên hệ</a></body></html>"""
HOST_CSS = """* { letter-spacing: .3em; text-transform: uppercase; box-sizing: content-box }
body { display: grid; gap: 30px } body > * { margin: 20px; transform: translateX(1px) }
button, dialog, iframe { background: #e00 !important; width: 75% !important; border-radius: 0 !important }
.tall { min-height: 1500px }"""
MEASURES = (
    "[...document.querySelectorAll('html, body > :not(loa-chat)')].map(one => one.getBoundingClientRect().toJSON())"
)
ANSWER = "Dạ, chúng tôi đã nghe: "


class Ward:
    """A house behind the door that remembers, and says back what it heard."""

    def __init__(self, site: str) -> None:
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self.photos: dict[str, bytes] = {}
        self.chat = WebChat(
            account="web", secret=b"of the browser's tests only", arrive=self.arrive, history=self.history, photos=self,
            page=self.office, sites=frozenset({site}),
        )  # fmt: skip

    async def arrive(self, event: Event) -> None:
        said = self.chat.parse(event.body)
        assert isinstance(said, Incoming)
        photos = tuple(each.source for each in said.attachments)
        self.lines[event.person].append(Line(event.id, "citizen", said.text, (), photos, "", event.at_ms))
        if said.kind is Kind.START:
            await self.answer(event.person, "Dạ, chào ông/bà.", event.at_ms, Button("Giấy tờ", "papers"))
        else:
            await self.answer(event.person, ANSWER + said.text, event.at_ms)

    async def answer(self, person: str, text: str, at_ms: int, *buttons: Button) -> None:
        line_id = await self.chat.send(person, Reply(text, buttons))
        self.lines[person].append(Line(line_id, "bot", text, buttons, (), "", at_ms + 1))

    async def history(self, person: str, after_ms: int) -> list[Line]:
        return [line for line in self.lines.get(person, []) if line.at_ms >= after_ms]

    async def office(self) -> Office:
        return Office(UNIT, "0269 385 2345", "", "https://ayunpa.example", "/staff")

    async def keep(self, data: bytes) -> str:
        Image.open(io.BytesIO(data)).verify()
        self.photos[name := f"photo{len(self.photos)}"] = data
        return name

    async def read(self, name: str) -> bytes:
        if name not in self.photos:
            raise FileNotFoundError(name)
        return self.photos[name]


class Town:
    """Loa at 127.0.0.1, the commune's site at localhost, and a stranger's: different sites to a browser."""

    def __init__(self, folder: Path) -> None:
        ports = [free_port() for _ in range(3)]
        self.loa, self.site = f"https://127.0.0.1:{ports[0]}", f"https://localhost:{ports[1]}"
        self.stranger = f"https://localhost:{ports[2]}"
        self.ward = Ward(self.site)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._doors = [
            self.run(_open(application, port, _certificate(folder)))
            for application, port in zip((self._loa(), self._host(), self._host()), ports, strict=True)
        ]

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def stop(self) -> None:
        for runner, server in self._doors:
            server.close()
            self.run(runner.cleanup())
        self.run(asyncio.sleep(3 * GOODBYE_SECONDS))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _loa(self) -> web.Application:
        app = web.Application()
        app.add_routes(self.ward.chat.routes())
        app.on_shutdown.append(self.ward.chat.end_streams)
        return app

    def _host(self) -> web.Application:
        policy = (
            f"default-src 'none'; style-src 'self'; script-src {self.loa}; frame-src {self.loa}; "
            "require-trusted-types-for 'script'"
        )

        async def page(_request: web.Request) -> web.Response:
            headers = {"Content-Security-Policy": policy}
            return web.Response(text=HOST_PAGE.format(loa=self.loa), content_type="text/html", headers=headers)

        async def style(_request: web.Request) -> web.Response:
            return web.Response(text=HOST_CSS, content_type="text/css")

        app = web.Application()
        app.add_routes([web.get("/", page), web.get("/site.css", style)])
        return app


async def _open(
    application: web.Application, port: int, certificate: ssl.SSLContext
) -> tuple[web.AppRunner, asyncio.Server]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    assert runner.server
    server = await asyncio.get_running_loop().create_server(
        runner.server, "127.0.0.1", port, ssl=certificate, ssl_shutdown_timeout=GOODBYE_SECONDS
    )
    return runner, server


def _certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's: a page inside another site's has neither storage nor any cookie but a partitioned one."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def cookieless(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """One that has storage there and no cookie at all, as iPhones of before 2025."""
    profile = tmp_path / "profile"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text('{"profile": {"cookie_controls_mode": 0}}')
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=FLAGS, locale="vi-VN", ignore_https_errors=True
    )
    _refuse_cookies(context)
    yield context
    context.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.stop()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, town: Town) -> Iterator[Visit]:
    """Opens an address in a browser of its own; all are closed before the town."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, size: dict[str, int] = DESK, **more: Any) -> Page:
        context = browser.new_context(viewport=size, locale="vi-VN", ignore_https_errors=True, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _button(page: Page) -> Locator:
    return page.get_by_role("button", name=f"Nhắn tin với {UNIT}")


def _open_chat(page: Page) -> FrameLocator:
    _button(page).click()
    frame = page.frame_locator("loa-chat iframe")
    expect(frame.get_by_role("log").get_by_text("chào ông/bà")).to_be_visible()
    return frame


def _say(frame: FrameLocator, words: str) -> None:
    frame.get_by_label("Tin nhắn của ông/bà").fill(words)
    frame.get_by_role("button", name="Gửi", exact=True).click()
    expect(frame.get_by_role("log").get_by_text(ANSWER + words)).to_be_visible()


def _refuse_cookies(context: BrowserContext) -> None:
    """What a browser would not keep never comes."""

    def strip(route: Route) -> None:
        answer = route.fetch()
        context.clear_cookies()  # of Playwright's own request
        kept = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        route.fulfill(response=answer, headers=kept)

    context.route("**/widget", strip)


def _photo(folder: Path) -> Path:
    Image.new("RGB", (64, 48), "gray").save(folder / "ho-ga.png")
    return folder / "ho-ga.png"


@pytest.fixture(params=["cookie", "bearer"])
def lan(request: pytest.FixtureRequest, visit: Visit, town: Town) -> Page:
    """Lan on the commune's site, once with a cookie for the frame and once without."""
    if request.param == "cookie":
        return visit(town.site)
    context: BrowserContext = request.getfixturevalue("cookieless")
    page = context.new_page()
    page.goto(town.site)
    return page


def test_a_citizen_is_known_again_on_the_next_page(lan: Page, town: Town) -> None:
    _say(_open_chat(lan), "làm khai sinh")

    lan.goto(f"{town.site}/?trang=2")

    frame = _open_chat(lan)
    expect(frame.get_by_role("log").get_by_text(ANSWER + "làm khai sinh")).to_be_visible()
    assert len(town.ward.lines) == 1


def test_the_frame_has_its_own_cookie_or_a_bearer_and_never_both(lan: Page, request: pytest.FixtureRequest) -> None:
    frame = _open_chat(lan)

    cookies = {cookie["name"]: cookie for cookie in lan.context.cookies()}
    if request.node.callspec.params["lan"] == "cookie":
        assert set(cookies) == {"__Host-loa_frame"}
        assert cookies["__Host-loa_frame"]["partitionKey"] == "https://localhost"
    else:
        assert cookies == {}
        assert frame.locator("body").evaluate("() => localStorage.getItem('loa.bearer').length") == 43


def test_where_a_browser_keeps_nothing_at_all_the_talk_lasts_as_long_as_the_page(visit: Visit, town: Town) -> None:
    page = visit("about:blank")
    _refuse_cookies(page.context)
    page.goto(town.site)
    frame = _open_chat(page)

    _say(frame, "làm khai sinh")

    assert page.context.cookies() == []
    assert len(town.ward.lines) == 1


def test_buttons_photos_and_leaving_work_in_the_frame(lan: Page, town: Town, tmp_path: Path) -> None:
    frame = _open_chat(lan)
    frame.get_by_role("button", name="Giấy tờ").click()
    expect(frame.get_by_text(ANSWER + "Giấy tờ")).to_be_visible()
    frame.locator("#file").set_input_files(_photo(tmp_path))
    _say(frame, "hố ga mất nắp")
    lan.goto(f"{town.site}/?trang=2")
    frame = _open_chat(lan)
    picture = frame.get_by_role("img", name="Ảnh ông/bà đã gửi")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
    with lan.context.expect_page() as opened:
        frame.get_by_role("link", name="Ảnh ông/bà đã gửi").click()
    assert opened.value.locator("img").evaluate("image => image.naturalWidth") == 64

    frame.get_by_role("button", name="Rời khỏi máy này").click()
    frame.get_by_role("button", name="Xoá khỏi máy này").click()

    expect(frame.get_by_text("hố ga mất nắp")).to_have_count(0)
    expect(frame.get_by_role("log").get_by_text("chào ông/bà")).to_be_visible()
    assert len(town.ward.lines) == 2


def test_the_page_itself_asks_before_it_forgets(visit: Visit, town: Town) -> None:
    lan = visit(town.loa)
    lan.get_by_role("button", name="Rời khỏi máy này").click()
    lan.get_by_role("button", name="Giữ lại").click()
    assert len(lan.context.cookies()) == 1
    before = lan.context.cookies()[0]["value"]

    lan.get_by_role("button", name="Rời khỏi máy này").click()
    with lan.expect_navigation():
        lan.get_by_role("button", name="Xoá khỏi máy này").click()

    assert lan.context.cookies()[0]["value"] != before


def test_another_site_gets_neither_button_nor_frame(visit: Visit, town: Town) -> None:
    page = visit("about:blank")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(town.stranger, wait_until="networkidle")

    assert page.locator("loa-chat").count() == 0
    assert any("WEBCHAT_SITES" in line for line in said)
    frame = f"Object.assign(document.createElement('iframe'), {{src: '{town.loa}/widget'}})"
    with page.expect_event("framenavigated") as shown:
        page.evaluate(f"document.body.append({frame})")
    assert shown.value.url.startswith("chrome-error:")


@pytest.mark.parametrize("size", [PHONE, DESK, ZOOMED], ids=["phone", "desk", "zoomed"])
def test_the_keyboard_goes_in_and_comes_back(visit: Visit, town: Town, size: dict[str, int]) -> None:
    page = visit(town.site, size)
    button = _button(page)
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("loa-chat iframe")
    field = frame.get_by_label("Tin nhắn của ông/bà")

    for _ in range(2):  # the first time it is being loaded, the second it is there already
        expect(field).to_be_focused()
        expect(page.get_by_role("dialog", name=f"Nhắn tin với {UNIT}")).to_be_visible()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-expanded", "false")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Đóng khung nhắn tin").click()
    expect(button).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["phone", "zoomed"])
def test_a_small_screen_is_filled_and_what_lies_behind_is_out_of_reach(
    visit: Visit, town: Town, size: dict[str, int]
) -> None:
    page = visit(town.site, size)
    frame = _open_chat(page)

    assert page.locator("loa-chat iframe").bounding_box() == {"x": 0, "y": 0, **size}
    assert page.locator("loa-chat dialog").evaluate("one => one.matches(':modal')")
    overlap = frame.locator("body").evaluate("body => body.scrollWidth - body.clientWidth")
    assert overlap <= 0


def test_a_phone_shows_the_talk_before_its_keyboard(visit: Visit, town: Town) -> None:
    page = visit(town.site, PHONE, has_touch=True, is_mobile=True)
    _button(page).tap()

    expect(page.frame_locator("loa-chat iframe").get_by_role("region", name="Nội dung trò chuyện")).to_be_focused()


def test_a_turned_phone_keeps_the_chat_open(visit: Visit, town: Town) -> None:
    page = visit(town.site)
    frame = _open_chat(page)
    frame.get_by_label("Tin nhắn của ông/bà").fill("viết dở")

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    expect(page.locator("loa-chat dialog:modal")).to_be_visible()
    expect(frame.get_by_label("Tin nhắn của ông/bà")).to_have_value("viết dở")
    expect(frame.get_by_label("Tin nhắn của ông/bà")).to_be_focused()
    expect(_button(page)).to_have_attribute("aria-expanded", "true")


def test_the_site_looks_and_measures_as_without_us(visit: Visit, town: Town) -> None:
    page = visit("about:blank")
    page.context.route("**/widget.js", lambda route: route.abort())
    page.goto(town.site)
    before = page.evaluate(MEASURES)
    page.context.unroute("**/widget.js")
    page.reload()
    _open_chat(page)

    assert page.evaluate(MEASURES) == before
    assert page.evaluate("Object.keys(window).filter(name => /loa|office/i.test(name) && !/load/.test(name))") == []
    style = page.locator("loa-chat button").first.evaluate("one => ({...getComputedStyle(one)})")
    assert (style["borderRadius"], style["textTransform"]) == ("28px", "none")


def test_an_answer_to_a_closed_panel_is_announced(visit: Visit, town: Town) -> None:
    page = visit(town.site)
    _open_chat(page)
    page.keyboard.press("Escape")
    (person,) = town.ward.lines

    town.run(town.ward.answer(person, "Dạ, hồ sơ đã xong.", 2_000_000_000_000))

    expect(page.get_by_role("status")).to_have_text("Có câu trả lời mới")
    button = page.get_by_role("button", name=f"Có câu trả lời mới. Nhắn tin với {UNIT}")
    expect(button).to_have_text("Có câu trả lời mới")
    button.click()
    expect(page.get_by_role("button", name=f"Nhắn tin với {UNIT}", exact=True)).to_be_visible()


def test_a_still_screen_is_left_still(visit: Visit, town: Town) -> None:
    page = visit(town.site, reduced_motion="reduce")
    _open_chat(page)

    assert page.locator("loa-chat dialog").evaluate("one => one.getAnimations().length") == 0


def test_a_server_that_is_down_leaves_a_way_out(visit: Visit, town: Town) -> None:
    page = visit(town.site)
    page.context.route("**/widget", lambda route: route.abort())
    _button(page).click()

    expect(page.get_by_role("link", name="mở trang nhắn tin")).to_be_visible()
    page.keyboard.press("Escape")
    expect(_button(page)).to_be_focused()
