"""Lan, Minh and a real browser: asked, complained, answered, exported - on a phone and on a desk."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from python_calamine import CalamineWorkbook

from tests.faults.processes import Process
from tests.postgres import free_port

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PASSWORD = "mot cau de nho va rat dai"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


class Office:
    """A server of the commune's, and where its log is."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        environment = {"LOA_HOME": str(folder / "home"), "LOA_PORT": str(port)}
        self.server = Process("main.py", "serve", ready=f"{self.address}/health", environment=environment, log=self.log)

    def first_link(self) -> str:
        found = re.search(r"http\S+/staff/link/\S+", self.log.read_text("utf-8"))
        assert found
        return found.group()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.server.stop()


def _page(browser: Browser, size: dict[str, int]) -> Page:
    page = browser.new_context(viewport=size, locale="vi-VN").new_page()  # type: ignore[arg-type]
    page.set_default_timeout(8_000)
    return page


def _say(page: Page, words: str, answer: str) -> None:
    page.get_by_label("Tin nhắn của ông/bà").fill(words)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("log").get_by_text(answer).last).to_be_visible()


def _press(page: Page, title: str, answer: str) -> None:
    page.get_by_role("button", name=title).last.click()
    expect(page.get_by_role("log").get_by_text(answer).last).to_be_visible()


def _file_complaint(page: Page, photo: Path) -> str:
    _say(page, "gửi phản ánh", "muốn phản ánh về việc gì")
    _press(page, "Đường sá, rác", "kể rõ việc cần phản ánh")
    _say(page, "Hố ga mất nắp trước nhà văn hóa thôn 3, rất nguy hiểm cho trẻ em.", "việc này ở đâu")
    _say(page, "thôn 3, gần nhà văn hóa", "tối đa 10 ảnh")
    page.locator("#file").set_input_files(photo)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("log").get_by_text("đã nhận 1 ảnh")).to_be_visible()
    _press(page, "Tiếp tục", "họ và tên")
    _say(page, "Nguyễn Thị Lan", "địa chỉ của ông/bà")
    _say(page, "thôn 3, phường Ayun Pa", "số điện thoại")
    _say(page, "0905123456", "xem lại trước khi gửi")
    _press(page, "Đồng ý gửi", "Mã tra cứu")
    found = re.search(r"PA-\d{4}-\d{5}", page.get_by_role("log").inner_text())
    assert found
    return found.group()


def _sign_in(page: Page, office: Office) -> None:
    page.goto(office.first_link())
    page.get_by_label("Mật khẩu", exact=False).first.fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.locator("#username").fill("admin")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def test_a_complaint_goes_from_a_phone_to_the_console_and_its_answer_back(
    browser: Browser, office: Office, tmp_path: Path
) -> None:
    photo = tmp_path / "ho-ga.jpg"
    Image.new("RGB", (800, 600), "gray").save(photo)
    lan = _page(browser, PHONE)
    lan.goto(office.address)
    _say(lan, "lam giay khai sinh cho con can gi", "Giấy chứng sinh")
    code = _file_complaint(lan, photo)

    minh = _page(browser, DESK)
    _sign_in(minh, office)
    minh.goto(f"{office.address}/staff/complaints/{code}")
    expect(minh.get_by_text("Hố ga mất nắp")).to_be_visible()
    expect(minh.get_by_text("0905123456")).to_have_count(0)
    minh.locator("#answer").fill("Tổ công trình đã đậy nắp hố ga trong sáng nay. Cảm ơn ông/bà đã báo.")
    minh.get_by_role("button", name="Gửi trả lời").click()

    expect(lan.get_by_role("log").get_by_text("đã đậy nắp hố ga")).to_be_visible()
    lan.reload()
    expect(lan.get_by_role("log").get_by_text("đã đậy nắp hố ga")).to_be_visible()
    book = _exported(minh, office, tmp_path)
    assert book[1][1] == code
    assert "Hố ga mất nắp trước nhà văn hóa thôn 3" in str(book[1][6])
    assert "0905123456" not in str(book)


def _exported(page: Page, office: Office, folder: Path) -> list[list[object]]:
    page.goto(f"{office.address}/staff/export")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tải sổ về").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_scrolls_sideways(browser: Browser, office: Office, size: dict[str, int]) -> None:
    page = _page(browser, size)
    _sign_in(page, office)
    paths = [
        "/",
        *(f"/staff/{name}" for name in ("", "complaints", "campaigns", "questions", "export", "audit", "unit")),
    ]

    for path in paths:
        page.goto(office.address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


def test_a_message_typed_without_a_network_leaves_when_it_is_back(browser: Browser, office: Office) -> None:
    lan = _page(browser, PHONE)
    lan.goto(office.address)
    expect(lan.get_by_role("log").get_by_text("đây là hệ thống trả lời tự động")).to_be_visible()

    lan.context.set_offline(True)
    lan.get_by_label("Tin nhắn của ông/bà").fill("địa chỉ ủy ban ở đâu")
    lan.get_by_role("button", name="Gửi", exact=True).click()
    expect(lan.get_by_text("Đang mất mạng")).to_be_visible()
    lan.context.set_offline(False)

    expect(lan.get_by_role("log").get_by_text("thông tin liên hệ")).to_be_visible()
