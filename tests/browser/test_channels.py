"""Channels, platform rules and one's own account in a real browser: on a phone and on a desk, without any script."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Page, expect

from bot.channel import Rule
from bot.channels.terminal.terminal import LIMITS
from data.clock import utc_now
from data.database import Database
from handlers.staff.console import Console, routes
from tests.browser import test_story
from tests.browser.test_story import DESK, PHONE
from tests.handlers.test_console_channels import CHECKED, PASSWORD, OfficialAccount, furnish
from tests.postgres import free_port

pytestmark = pytest.mark.browser
browser = test_story.browser

PAGES = ("/staff/channels", "/staff/rules", "/staff/me")
RULES = {
    "free_hours": Rule(48, "Zalo OA API, since 2026-01-01: unlimited and free within 48 h", CHECKED),
    "sends_per_second": Rule(80 / 60, "Zalo OA package Growth: 100 calls a minute, a fifth kept free", CHECKED),
    "quiet_from": Rule(22, "Zalo OA API, error -234", CHECKED),
}
# WCAG's contrast of each piece of text with what is painted behind it
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("main *, .top *")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((one) => one.checkVisibility() && !one.closest(".unseen"))
    .map((one) => {
      const [a, b] = [light(parts(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), one.textContent.trim().slice(0, 60)];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""


class Town:
    """The console at 127.0.0.1 and the platform's consent page at localhost: two sites to a browser."""

    def __init__(self, folder: Path, database: Database) -> None:
        ports = [free_port() for _ in range(2)]
        self.address, self.platform = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
        self.oa = _Oa(self.platform)
        console = Console(
            database, folder, {1: self.oa}, print, utc_now, public_url=self.address,
            staff_link=lambda secret: f"https://t.me/AyunPaBot?start={secret}",
        )  # fmt: skip
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        tables = (routes(console), [web.get("/permission", _consent)])
        self._runners = [self._run(_open(table, port)) for table, port in zip(tables, ports, strict=True)]

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def stop(self) -> None:
        for runner in self._runners:
            self._run(runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _Oa(OfficialAccount):
    def __init__(self, platform: str) -> None:
        super().__init__(limits=LIMITS.changed(RULES))
        self._platform = platform

    def consent_link(self, redirect: str, state: str) -> str:
        return f"{self._platform}/permission?{urlencode({'redirect_uri': redirect, 'state': state})}"


async def _consent(request: web.Request) -> web.Response:
    back = urlencode({"code": "code-1", "oa_id": "oa-1", "state": request.query["state"]})
    text = f'<!doctype html><title>Zalo</title><a href="{request.query["redirect_uri"]}?{back}">Cho phép</a>'
    return web.Response(text=text.replace("&", "&amp;"), content_type="text/html")


async def _open(table: list[web.RouteDef], port: int) -> web.AppRunner:
    app = web.Application()
    app.add_routes(table)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, None, port).start()  # localhost may be ::1
    return runner


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    database = Database(sqlite_url)
    database.open()
    database.write_now(furnish)
    town = Town(tmp_path, database)
    yield town
    town.stop()
    database.close()


@pytest.fixture
def at(browser: Browser, town: Town) -> Iterator[Callable[..., Page]]:
    """Quân, signed in at a screen of some size."""
    opened = []

    def sit_down(size: dict[str, int], **options: Any) -> Page:
        context = browser.new_context(viewport=size, locale="vi-VN", **options)  # type: ignore[arg-type]
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.goto(f"{town.address}/staff/sign-in")
        page.locator("#username").fill("quan")
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
        return page

    yield sit_down
    for context in opened:
        context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_consent_goes_to_the_platform_and_comes_back_connected(
    town: Town, at: Callable[..., Page], script: bool
) -> None:
    page = at(PHONE, java_script_enabled=script)
    page.goto(f"{town.address}/staff/channels")
    page.get_by_role("button", name="Nối lại tài khoản").click()
    expect(page).to_have_title("Zalo")
    page.get_by_text("Cho phép").click()

    expect(page.get_by_text("Đã nối lại tài khoản.")).to_be_visible()
    assert town.oa.accepted == ["code-1"]
    assert "code-1" not in page.url


def test_a_rule_is_corrected_without_any_script(town: Town, at: Callable[..., Page]) -> None:
    page = at(PHONE, java_script_enabled=False)
    page.goto(f"{town.address}/staff/rules")
    rule = page.locator("#rule-zalo-free_hours")
    rule.get_by_text("Sửa").click()
    rule.locator("[name=value]").fill("hai ngày")
    rule.locator("[name=source]").fill("Thông báo của Zalo")
    rule.get_by_role("button", name="Lưu").click()
    expect(rule.get_by_text("“hai ngày” không phải là số.")).to_be_visible()
    expect(rule.locator("[name=source]")).to_have_value("Thông báo của Zalo")
    rule.locator("[name=value]").fill("24")
    rule.get_by_role("button", name="Lưu").click()

    expect(rule.get_by_text("24 giờ")).to_be_visible()
    expect(rule.get_by_text("Căn cứ: Thông báo của Zalo.")).to_be_visible()


@pytest.mark.parametrize("dark", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_and_can_be_read(town: Town, at: Callable[..., Page], size: dict[str, int], dark: str) -> None:
    page = at(size, color_scheme=dark)
    for path in PAGES:
        page.goto(town.address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        assert page.evaluate(CONTRASTS) == [], path
    page.goto(f"{town.address}/staff/channels")
    page.get_by_role("button", name="Kiểm tra ngay").click()
    expect(page.get_by_text("Xin gia hạn gói.")).to_be_visible()
    assert page.evaluate(CONTRASTS) == []


def test_a_link_for_telegram_is_made_and_a_phone_is_signed_out(town: Town, at: Callable[..., Page]) -> None:
    phone, desk = at(PHONE), at(DESK)
    desk.get_by_role("link", name="Lê Quân").click()
    desk.get_by_role("button", name="Tạo liên kết nối Telegram").click()
    expect(desk.get_by_role("link", name="Mở Telegram")).to_be_visible()
    desk.goto(f"{town.address}/staff/me")
    desk.get_by_role("button", name="Đăng xuất máy").click()
    expect(desk.get_by_text("Đã đăng xuất khỏi máy khác.")).to_be_visible()

    phone.goto(f"{town.address}/staff/me")
    expect(phone.get_by_role("button", name="Đăng nhập")).to_be_visible()
