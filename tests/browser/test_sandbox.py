"""`main.py sandbox` in a real browser: one person plays Lan on three phones, by hand and by keyboard."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser import test_story
from tests.browser.test_channels import CONTRASTS
from tests.browser.test_story import DESK, PHONE
from tests.faults.processes import Process
from tests.postgres import free_port

pytestmark = pytest.mark.browser
browser = test_story.browser

PHONES = ("Zalo", "Messenger", "Telegram")
ANSWER = "Giấy chứng sinh"
SMALLEST = """() => Math.min(...[...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && one.textContent.trim())
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its page's address."""
    folder, house, port = tmp_path_factory.mktemp("sandbox"), free_port(), free_port()
    environment = {"LOA_HOME": str(folder), "LOA_PORT": str(house)}
    ready, log = f"http://127.0.0.1:{house}/health", folder / "log"
    command = ("main.py", "sandbox", "--page-port", str(port))
    running = Process(*command, ready=ready, environment=environment, log=log)
    yield f"http://127.0.0.1:{port}/"
    assert running.stop() == 0
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def at(browser: Browser, sandbox: str) -> Iterator[Callable[..., Page]]:
    """The page as seen by this player at a screen of some size; it must not complain in the console."""
    opened, complaints = [], list[str]()

    def sit_down(size: dict[str, int], player: str = "lan", **options: Any) -> Page:
        context = browser.new_context(viewport=size, locale="vi-VN", **options)  # type: ignore[arg-type]
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: complaints.append(said.text) if _is_fault(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{sandbox}?player={player}")
        expect(_phone(page, "Telegram")).to_be_visible()
        return page

    yield sit_down
    for context in opened:
        context.close()
    assert complaints == []


def _is_fault(said: ConsoleMessage) -> bool:
    """What the page refuses (409) is told to the player; Chromium writes it down all the same."""
    return said.type == "error" and "409" not in said.text


def _phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Điện thoại: {name}")


def _say(phone: Locator, words: str) -> None:
    phone.get_by_role("textbox").fill(words)
    phone.get_by_role("textbox").press("Enter")


def _log(phone: Locator) -> Locator:
    return phone.get_by_role("log")


def _more(phone: Locator, title: str) -> None:
    if not phone.get_by_role("button", name=title).is_visible():
        phone.get_by_text("Thao tác khác").click()
    phone.get_by_role("button", name=title).click()


@pytest.mark.parametrize(("size", "player"), [(PHONE, "lan"), (DESK, "hung")], ids=["phone", "desk"])
def test_a_question_has_the_same_answer_on_all_three(
    at: Callable[..., Page], size: dict[str, int], player: str
) -> None:
    page = at(size, player)
    answers = []
    for name in PHONES:
        phone = _phone(page, name)
        _say(phone, "làm giấy khai sinh cho con cần gì")
        expect(_log(phone).get_by_text(ANSWER)).to_be_visible()
        expect(_log(phone).get_by_text("Loa đã nhận").first).to_be_visible()
        answers.append(_log(phone).locator(".bot .text").last.inner_text())
        _log(phone).get_by_role("button", name="Lệ phí").press("Enter")
        expect(_log(phone).locator(".citizen .text").last).to_have_text("Lệ phí")
        expect(_log(phone).locator(".bot .text").last).to_contain_text(re.compile("lệ phí", re.IGNORECASE))

    assert len(set(answers)) == 1
    assert page.evaluate(SIDEWAYS) <= 0
    side = "top" if size is DESK else "left"
    assert len({_phone(page, name).evaluate(f"(one) => one.getBoundingClientRect().{side}") for name in PHONES}) == 1


def test_nobody_sees_what_another_said(at: Callable[..., Page]) -> None:
    page = at(DESK, "stranger")
    zalo = _phone(page, "Zalo")
    _say(zalo, "tôi là người lạ")
    expect(_log(zalo).get_by_text("tôi là người lạ")).to_be_visible()
    page.get_by_label("Hùng").check()
    expect(_log(zalo).get_by_text("tôi là người lạ")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Hùng")).to_be_checked()


def test_photos_edits_and_blocking_look_as_on_a_phone(at: Callable[..., Page]) -> None:
    page = at(PHONE)
    telegram = _phone(page, "Telegram")
    _say(telegram, "cấp 3")
    expect(_log(telegram).get_by_text("cấp 3")).to_be_visible()
    telegram.get_by_role("textbox").fill("cấp 2")
    _more(telegram, "Sửa tin cuối")
    expect(_log(telegram).get_by_text("cấp 2")).to_be_visible()
    expect(_log(telegram).get_by_text("đã sửa")).to_be_visible()
    _more(telegram, "Gửi 3 ảnh một lượt")
    expect(_log(telegram).get_by_role("img")).to_have_count(3)
    assert (
        _log(telegram).get_by_role("img").last.evaluate("async (one) => (await one.decode(), one.naturalWidth)") == 64
    )
    _more(telegram, "Chặn bot")
    expect(telegram.get_by_role("button", name="Gửi", exact=True)).to_be_disabled()
    _more(telegram, "Bấm Start")
    expect(telegram.get_by_role("button", name="Gửi", exact=True)).to_be_enabled()


def test_a_slow_platform_is_waited_for_and_a_lost_answer_comes_back(at: Callable[..., Page]) -> None:
    page = at(DESK)
    zalo = _phone(page, "Zalo")
    zalo.get_by_text("Gây lỗi").click()
    zalo.get_by_label("Báo lỗi 500").check()
    expect(zalo.get_by_text("Gây lỗi (1 đang bật)")).to_be_visible()
    before = _log(zalo).locator(".bot").count()
    _say(zalo, "lệ phí kết hôn")
    expect(zalo.get_by_text("Đang chờ trả lời…")).to_be_visible()
    expect(_log(zalo).locator(".bot")).to_have_count(before + 1, timeout=20_000)
    expect(zalo.get_by_label("Báo lỗi 500")).not_to_be_checked()


def test_what_is_written_and_held_is_not_disturbed_by_what_comes(at: Callable[..., Page]) -> None:
    page = at(DESK)
    zalo, messenger = _phone(page, "Zalo"), _phone(page, "Messenger")
    _say(messenger, "xin chào")
    zalo.get_by_role("textbox").fill("đang viết dở")
    before = page.locator("#now").inner_text()
    page.get_by_role("button", name="+1 ngày").click()
    expect(page.locator("#now")).not_to_have_text(before)

    expect(page.get_by_role("button", name="+1 ngày")).to_be_focused()
    expect(zalo.get_by_role("textbox")).to_have_value("đang viết dở")


def test_the_keyboard_reaches_everything_in_order(at: Callable[..., Page]) -> None:
    page = at(DESK)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến ba điện thoại")).to_be_focused()
    page.keyboard.press("Enter")
    zalo, messenger = _phone(page, "Zalo"), _phone(page, "Messenger")
    for _ in range(60):
        page.keyboard.press("Tab")
        if zalo.get_by_role("textbox").evaluate("(one) => one === document.activeElement"):
            break
    page.keyboard.type("xin chào")
    page.keyboard.press("Enter")
    expect(_log(zalo).get_by_text("xin chào").first).to_be_visible()
    messenger.locator(".faults summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(messenger.get_by_text("Gây lỗi (1 đang bật)")).to_be_visible()
    page.keyboard.press("Space")
    expect(messenger.get_by_text("đang bật")).to_have_count(0)


@pytest.mark.parametrize("dark", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_fits_and_can_be_read(at: Callable[..., Page], size: dict[str, int], dark: str) -> None:
    page = at(size, color_scheme=dark)
    _say(_phone(page, "Zalo"), "xin chào")
    expect(_log(_phone(page, "Zalo")).locator(".bot").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")

    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CONTRASTS) == []
    assert page.evaluate(SMALLEST) >= 16


def test_what_concerns_the_office_is_read_in_the_staff_group(at: Callable[..., Page]) -> None:
    page = at(DESK)
    _say(_phone(page, "Zalo"), "cho tôi gặp cán bộ")

    group = page.locator(".list").filter(has_text="Nhóm cán bộ trên Telegram")
    expect(group.get_by_text("Có người dân muốn gặp cán bộ").first).to_be_visible()


def test_what_cannot_be_done_is_said_at_that_phone_and_the_words_stay(at: Callable[..., Page]) -> None:
    page = at(PHONE)
    messenger = _phone(page, "Messenger")
    messenger.get_by_role("textbox").fill("mấy giờ tiếp dân vậy")
    _more(messenger, "Bình luận dưới bài")

    expect(messenger.get_by_text("Trang chưa có bài nào.")).to_be_visible()
    expect(messenger.get_by_role("textbox")).to_have_value("mấy giờ tiếp dân vậy")
