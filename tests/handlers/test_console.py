"""The staff console over a real server: who gets in, what each role may do, and what every act leaves behind."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from argon2 import PasswordHasher
from python_calamine import CalamineWorkbook
from sqlmodel import Session, SQLModel, select
from yarl import URL

from bot.channel import Channel, Purpose, Way
from bot.channels.messenger.limits import LIMITS as FACEBOOK
from bot.channels.zalo.limits import LIMITS as ZALO
from bot.vietnamese.fold import fold
from data import complaints, staff
from data.accounts import the_unit
from data.database import Database
from data.staff import RIGHTS
from data.tables import (
    Account,
    Attachment,
    Audit,
    Campaign,
    Citizen,
    Complaint,
    ComplaintState,
    Delivery,
    DeliveryKind,
    Issue,
    IssueState,
    Question,
    Staff,
)
from handlers.citizens.complaint import category_of
from handlers.staff import words
from handlers.staff.console import SCREENS, Console, routes
from handlers.staff.guard import SAFE_HEADERS
from handlers.staff.reach import Reach, reach_of
from handlers.staff.visit import ANYONE, MEMBER
from tests.conftest import NOON
from tests.data.people import citizen
from tests.schedules.line import Line

PASSWORD = "mưa rừng đổ xuống Ayun"
HASH = PasswordHasher().hash(PASSWORD)
PHONE = "0905123456"
CODE = "PA-2026-00001"
HERE = f"/staff/complaints/{CODE}"
PEOPLE = {"minh": ("Nguyễn Văn Minh", "clerk"), "thu": ("Trần Thị Thu", "leader"), "quan": ("Lê Quân", "admin")}
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Desk:
    """A browser at which somebody sits."""

    client: ClientSession
    base: str

    async def get(self, path: str) -> tuple[int, str]:
        async with self.client.get(self.base + path, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **fields: str) -> ClientResponse:
        answer = await self.client.post(self.base + path, data=fields, headers=FROM_OUR_PAGE, allow_redirects=False)
        await answer.read()
        return answer

    async def press(self, page: str, path: str, **fields: str) -> ClientResponse:
        """Post a form of a page, with the hidden fields the page has now."""
        _, text = await self.get(page)
        hidden = dict(re.findall(r'type="hidden" name="(csrf|seen)" value="([^"]*)"', text))
        return await self.post(path, **{**hidden, **fields})


@dataclass
class Office:
    database: Database
    home: Path
    base: str = ""
    now: datetime = NOON
    woken: int = 0
    desks: AsyncExitStack = field(default_factory=AsyncExitStack)

    def wake(self) -> None:
        self.woken += 1

    async def desk(self) -> Desk:
        return Desk(await self.desks.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True))), self.base)

    async def desk_of(self, username: str) -> Desk:
        desk = await self.desk()
        answer = await desk.post("/staff/sign-in", username=username, password=PASSWORD)
        assert answer.status == 303
        return desk

    def all(self, table: type[SQLModel]) -> list[Any]:
        return self.database.read_now(lambda session: list(session.exec(select(table))))

    def acts(self, action: str) -> list[Audit]:
        return [row for row in self.all(Audit) if row.action == action]


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    office = Office(database, tmp_path)
    database.write_now(_furnish)
    console = Console(
        database, tmp_path, {1: Line(limits=ZALO), 2: Line(limits=FACEBOOK)}, office.wake, lambda: office.now
    )
    app = web.Application()
    app.add_routes(routes(console))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    office.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with office.desks:
        yield office
    await runner.cleanup()


def _furnish(session: Session) -> None:
    unit = the_unit(session)
    for username, (name, role) in PEOPLE.items():
        staff.add(session, username, name, role, NOON).password_hash = HASH
    for channel in ("zalo", "messenger"):
        session.add(Account(unit_id=unit.id or 0, channel=channel, external_id=channel))
    session.flush()
    lan = Citizen(account_id=1, person="lan", first_seen_at=NOON, last_incoming_at=NOON, wants_news=True)
    session.add(lan)
    session.flush()
    _file(session, "Rác thải đổ đầy đường trước nhà tôi, gọi 0912345678", citizen_id=lan.id, account_id=1)


def _file(session: Session, /, content: str, **values: Any) -> Complaint:
    filed = {
        "unit_id": 1, "kind": "general", "category": "môi trường, rác", "content": content, "place": "Tổ 3",
        "content_folded": fold(content), "person_name": "Nguyễn Thị Lan", "person_contact": PHONE,
        "received_at": NOON - timedelta(days=1), "updated_at": NOON - timedelta(days=1), "due_on": date(2026, 12, 7),
    }  # fmt: skip
    return complaints.file(session, Complaint(code="", **{**filed, **values}), [])


# coming in


async def test_a_member_signs_in_and_sees_what_waits(office: Office) -> None:
    desk = await office.desk_of("minh")
    status, text = await desk.get("/staff/")

    assert status == 200
    assert "Nguyễn Văn Minh" in text
    assert "mới, chưa tiếp nhận" in text
    assert [row.actor for row in office.acts("sign-in")] == ["minh"]


async def test_a_wrong_password_is_refused_and_an_unknown_name_is_not_kept(office: Office) -> None:
    desk = await office.desk()
    known = await desk.post("/staff/sign-in", username="minh", password="not this one")
    stranger = await desk.post("/staff/sign-in", username="oops my password", password="x")

    assert (known.status, stranger.status) == (403, 403)
    assert [row.actor for row in office.acts("sign-in.failed")] == ["minh", "stranger"]


async def test_five_wrong_passwords_lock_the_right_one_out(office: Office) -> None:
    desk = await office.desk()
    for _ in range(5):
        await desk.post("/staff/sign-in", username="minh", password="wrong")
    answer = await desk.post("/staff/sign-in", username="minh", password=PASSWORD)

    assert answer.status == 403
    assert "tạm khoá 15 phút" in await answer.text()


async def test_an_address_may_try_ten_times_a_minute(office: Office) -> None:
    desk = await office.desk()
    tries = [(await desk.post("/staff/sign-in", username="nobody", password="x")).status for _ in range(11)]
    office.now += timedelta(minutes=1)
    later = await desk.post("/staff/sign-in", username="minh", password=PASSWORD)

    assert tries == [403] * 10 + [429]
    assert later.status == 303


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_a_sign_in_from_a_foreign_page_is_refused(office: Office, headers: dict[str, str]) -> None:
    desk = await office.desk()
    form = {"username": "minh", "password": PASSWORD}
    async with desk.client.post(office.base + "/staff/sign-in", data=form, headers=headers) as answer:
        assert answer.status == 403
        assert "loa_staff" not in answer.cookies


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/staff/../..//evil", "javascript:1"])
async def test_signing_in_leads_nowhere_but_to_our_pages(office: Office, wanted: str) -> None:
    desk = await office.desk()
    answer = await desk.post("/staff/sign-in", username="minh", password=PASSWORD, next=wanted)

    assert answer.headers["Location"].startswith("/staff/")


async def test_the_cookie_is_closed_to_scripts_and_other_sites(office: Office) -> None:
    desk = await office.desk()
    form = {"username": "minh", "password": PASSWORD}
    headers = {**FROM_OUR_PAGE, "X-Forwarded-Proto": "https"}
    async with desk.client.post(
        office.base + "/staff/sign-in", data=form, headers=headers, allow_redirects=False
    ) as answer:
        cookie = answer.headers["Set-Cookie"]

    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/staff", "Secure"))


async def test_a_link_sets_a_password_once(office: Office) -> None:
    thu = office.database.write_now(lambda session: staff.new_link(session, session.get_one(Staff, 2), NOON))
    desk, words_ = await office.desk(), "một câu rất dài và dễ nhớ"
    short = await desk.post(f"/staff/link/{thu}", password="ngắn", again="ngắn")
    unlike = await desk.post(f"/staff/link/{thu}", password=words_, again=words_ + "!")
    good = await desk.post(f"/staff/link/{thu}", password=words_, again=words_)
    again = await desk.post(f"/staff/link/{thu}", password=words_, again=words_)
    in_ = await desk.post("/staff/sign-in", username="thu", password=words_)

    assert [answer.status for answer in (short, unlike, good, again, in_)] == [422, 422, 303, 410, 303]
    assert [row.actor for row in office.acts("password.set")] == ["thu"]


# staying in


async def test_an_old_session_cannot_act_after_sign_out(office: Office) -> None:
    desk = await office.desk_of("minh")
    _, text = await desk.get(HERE)
    csrf = re.findall(r'name="csrf" value="([^"]*)"', text)[0]
    cookie = {"loa_staff": desk.client.cookie_jar.filter_cookies(URL(office.base + "/staff/"))["loa_staff"].value}
    await desk.press("/staff/", "/staff/sign-out")
    thief = await office.desk()
    async with thief.client.post(
        office.base + HERE + "/contact", data={"csrf": csrf}, cookies=cookie, headers=FROM_OUR_PAGE
    ) as answer:
        assert answer.status == 401
    assert office.acts("complaint.contact") == []


async def test_an_idle_hour_ends_the_session_and_typed_words_are_shown_again(office: Office) -> None:
    desk = await office.desk_of("minh")
    office.now += timedelta(minutes=59)
    assert (await desk.get("/staff/"))[0] == 200
    office.now += timedelta(minutes=59)
    assert (await desk.get("/staff/"))[0] == 200, "a page looked at keeps the session alive"
    office.now += timedelta(minutes=61)
    answer = await desk.post(f"{HERE}/answer", words="Phường đã dọn sạch.")

    assert answer.status == 401
    assert "Phường đã dọn sạch." in await answer.text()


async def test_switching_a_member_off_ends_what_they_are_doing(office: Office) -> None:
    minh, quan = await office.desk_of("minh"), await office.desk_of("quan")
    done = await quan.press("/staff/people", "/staff/people/1/off")

    assert done.status == 303
    assert (await minh.get("/staff/complaints"))[0] == 303
    assert (await minh.post("/staff/sign-in", username="minh", password=PASSWORD)).status == 403


async def test_a_form_without_its_token_changes_nothing(office: Office) -> None:
    desk = await office.desk_of("minh")
    without = await desk.post(f"{HERE}/move", state="accepted")
    wrong = await desk.post(f"{HERE}/move", state="accepted", csrf="x" * 32)

    assert (without.status, wrong.status) == (403, 403)
    assert office.all(Complaint)[0].state == ComplaintState.NEW


async def test_every_page_leaves_with_the_safe_headers(office: Office) -> None:
    desk = await office.desk_of("quan")
    for path in ("/staff/", "/staff/sign-in", HERE, "/staff/nowhere"):
        async with desk.client.get(office.base + path) as answer:
            assert {name: answer.headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS
            assert not re.search(r"<style|style=|<script>|onclick", await answer.text())


# who may do what

_FIELDS = {
    "{id:\\d{1,9}}": "3", "{code:PA-\\d{4}-\\d{5,7}}": CODE, "{rest:.*}": "nowhere", "{name}": "staff.css",
    "{code}": "1.001193", "{key}": "ly-hon", "{channel}": "zalo", "{rule}": "text",
}  # fmt: skip


def _path(pattern: str) -> str:
    for part, value in _FIELDS.items():
        pattern = pattern.replace(part, value)
    return pattern


@pytest.mark.parametrize("username", PEOPLE)
async def test_each_role_reaches_what_its_rights_allow_and_nothing_else(office: Office, username: str) -> None:
    desk, rights = await office.desk_of(username), {MEMBER} | RIGHTS[PEOPLE[username][1]]
    _, text = await desk.get("/staff/")
    csrf = re.findall(r'name="csrf" value="([^"]*)"', text)[0]
    for screen in SCREENS:
        if screen.right == ANYONE or screen.path == "/staff/sign-out":
            continue
        path = _path(screen.path)
        status = (await desk.get(path))[0] if screen.method == "GET" else (await desk.post(path, csrf=csrf)).status
        assert (status == 403) == (screen.right not in rights), (screen.method, path)
        assert status < 500, (screen.method, path)


async def test_a_stranger_reaches_nothing(office: Office) -> None:
    desk = await office.desk()
    for screen in SCREENS:
        path = _path(screen.path)
        if screen.right == ANYONE:
            continue
        status = (await desk.get(path))[0] if screen.method == "GET" else (await desk.post(path)).status
        assert status == (303 if screen.method == "GET" else 401), (screen.method, path)


# complaints


async def test_an_answer_is_kept_and_laid_for_its_citizen_in_one_go(office: Office) -> None:
    desk = await office.desk_of("minh")
    answer = await desk.press(HERE, f"{HERE}/answer", words="Phường đã dọn sạch.\r\nCảm ơn bà.")
    delivery, complaint = office.all(Delivery)[0], office.all(Complaint)[0]

    assert answer.headers["Location"] == f"{HERE}?done=answered"
    assert (complaint.state, complaint.answer) == (ComplaintState.ANSWERED, "Phường đã dọn sạch.\nCảm ơn bà.")
    assert (delivery.kind, delivery.person, delivery.complaint_id, delivery.staff_id) == (
        DeliveryKind.NOTICE,
        "lan",
        1,
        1,
    )
    assert delivery.body["text"].endswith(f"{CODE} của ông/bà:\n\nPhường đã dọn sạch.\nCảm ơn bà.")
    assert office.woken == 1
    assert [row.subject for row in office.acts("complaint.answer")] == [CODE]


async def test_a_button_pressed_twice_sends_once(office: Office) -> None:
    desk = await office.desk_of("minh")
    _, text = await desk.get(HERE)
    hidden = dict(re.findall(r'type="hidden" name="(csrf|seen)" value="([^"]*)"', text))
    first = await desk.post(f"{HERE}/answer", words="Đã dọn.", **hidden)
    second = await desk.post(f"{HERE}/answer", words="Đã dọn.", **hidden)

    assert (first.status, second.status) == (303, 303)
    assert len(office.all(Delivery)) == 1


async def test_who_comes_second_loses_neither_words_nor_the_other_change(office: Office) -> None:
    minh, thu = await office.desk_of("minh"), await office.desk_of("thu")
    _, text = await minh.get(HERE)
    hidden = dict(re.findall(r'type="hidden" name="(csrf|seen)" value="([^"]*)"', text))
    office.now += timedelta(minutes=2)
    await thu.press(HERE, f"{HERE}/move", state="accepted")
    late = await minh.post(f"{HERE}/answer", words="Việc này đã xong.", **hidden)

    assert late.status == 409
    assert "Việc này đã xong." in await late.text()
    assert office.all(Delivery) == []


async def test_a_complaint_taken_by_phone_is_answered_without_a_message(office: Office) -> None:
    office.database.write_now(_file, "Đèn đường hỏng ba hôm nay ở tổ 5")
    desk, here = await office.desk_of("minh"), "/staff/complaints/PA-2026-00002"
    answer = await desk.press(here, f"{here}/answer", words="Đã sửa đèn.")

    assert answer.headers["Location"].endswith("done=recorded")
    assert (office.all(Delivery), office.woken) == ([], 0)


async def test_a_move_tells_the_citizen_only_when_asked_to(office: Office) -> None:
    desk = await office.desk_of("minh")
    await desk.press(HERE, f"{HERE}/move", state="accepted")
    quiet = len(office.all(Delivery))
    office.now += timedelta(minutes=1)
    await desk.press(HERE, f"{HERE}/move", state="working", tell="1")

    assert quiet == 0
    assert office.all(Delivery)[0].body["text"] == f"Dạ, phản ánh {CODE} của ông/bà: đang xử lý."


async def test_a_clerk_takes_on_sorts_and_notes(office: Office) -> None:
    desk = await office.desk_of("minh")
    await desk.press(HERE, f"{HERE}/assign", to="1")
    await desk.press(HERE, f"{HERE}/category", category="khác")
    await desk.press(HERE, f"{HERE}/note", words="Đã gọi, bà Lan hẹn chiều.")
    complaint, (_, text) = office.all(Complaint)[0], await desk.get(HERE)

    assert (complaint.assignee_id, complaint.category) == (1, "khác")
    assert "Đã gọi, bà Lan hẹn chiều." in text
    assert office.all(Delivery) == []


async def test_a_contact_is_hidden_until_asked_for_and_the_look_is_noted(office: Office) -> None:
    desk = await office.desk_of("minh")
    _, before = await desk.get(HERE)
    shown = await desk.press(HERE, f"{HERE}/contact")
    _, after = await desk.get(HERE)

    assert PHONE not in before
    assert PHONE in await shown.text()
    assert PHONE not in after
    assert [(row.actor, row.subject, row.address) for row in office.acts("complaint.contact")] == [
        ("minh", CODE, "127.0.0.1")
    ]


async def test_the_list_puts_the_overdue_first_and_finds_without_marks(office: Office) -> None:
    office.database.write_now(_file, "Đèn đường hỏng, buổi tối rất tối", due_on=date(2026, 11, 20))
    desk = await office.desk_of("minh")
    _, everything = await desk.get("/staff/complaints")
    _, found = await desk.get("/staff/complaints?q=RAC+thai")
    _, overdue = await desk.get("/staff/complaints?show=overdue")

    assert re.findall(r">(PA-2026-\d+)</a>", everything) == ["PA-2026-00002", CODE]
    assert re.findall(r">(PA-2026-\d+)</a>", found) == [CODE]
    assert re.findall(r">(PA-2026-\d+)</a>", overdue) == ["PA-2026-00002"]
    assert "quá hạn 3 ngày làm việc" in overdue
    assert "(Thứ Sáu 20/11/2026)" in overdue


async def test_what_a_citizen_typed_is_never_markup(office: Office) -> None:
    office.database.write_now(_file, "<script>alert(1)</script> xin xem giúp", place="<b>Tổ 1</b>")
    desk = await office.desk_of("minh")
    for path in ("/staff/complaints", "/staff/complaints/PA-2026-00002"):
        _, text = await desk.get(path)
        assert "<script>alert" not in text
        assert "<b>Tổ 1" not in text


def test_every_first_guess_is_a_category_staff_can_choose() -> None:
    assert {category_of(words_) for words_ in ("rac", "o ga", "thai do", "karaoke", "le phi", "gi do")} <= {
        *words.CATEGORIES
    }


# files


def _attach(session: Session, stored: str, kind: str = "image", state: str = "stored") -> None:
    session.add(
        Attachment(
            account_id=1, citizen_id=1, complaint_id=1, kind=kind, source="x", stored=stored, size=9, state=state
        )
    )  # fmt: skip


async def test_a_photo_is_shown_safely_and_the_look_is_noted_once(office: Office) -> None:
    (office.home / "attachments").mkdir()
    (office.home / "attachments" / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    office.database.write_now(_attach, "a.jpg")
    desk = await office.desk_of("minh")
    for _ in range(2):
        async with desk.client.get(office.base + "/staff/attachments/1") as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert [row.detail for row in office.acts("attachment.view")] == [{"complaint": CODE}]


async def test_what_is_no_picture_is_only_handed_over(office: Office) -> None:
    (office.home / "attachments").mkdir()
    (office.home / "attachments" / "a.jpg").write_bytes(b"<html><script>alert(1)</script>")
    office.database.write_now(_attach, "a.jpg")
    desk = await office.desk_of("minh")
    async with desk.client.get(office.base + "/staff/attachments/1") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("stored", "state"), [("a.jpg", "waiting"), ("", "stored"), ("../loa.db", "stored")])
async def test_nothing_but_a_stored_file_of_a_complaint_is_served(office: Office, stored: str, state: str) -> None:
    office.database.write_now(_attach, stored, state=state)
    desk = await office.desk_of("minh")

    assert (await desk.get("/staff/attachments/1"))[0] == 404


# export


async def _export(desk: Desk, **fields: str) -> tuple[ClientResponse, bytes]:
    answer = await desk.press("/staff/export", "/staff/export", **fields)
    return answer, await answer.read()


def _rows(path: Path, data: bytes) -> list[dict[str, Any]]:
    path.write_bytes(data)
    rows: list[list[Any]]
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


async def test_the_register_comes_masked_and_is_noted_with_its_digest(office: Office, tmp_path: Path) -> None:
    desk = await office.desk_of("minh")
    answer, data = await _export(desk, period="this", format="xlsx", hide="1")
    (row,) = _rows(tmp_path / "register.xlsx", data)

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="so-theo-doi-phan-anh_2026-11-01_2026-11-25.xlsx"'
    )
    assert (row["Mã"], row["Người gửi"], row["Liên hệ"]) == (CODE, "(đã ẩn)", "(đã ẩn)")
    assert "0912345678" not in row["Nội dung"]
    (noted,) = office.acts("export")
    assert (noted.detail["rows"], noted.detail["personal"]) == (1, False)
    assert noted.detail["sha256"] == sha256(data).hexdigest()


async def test_personal_data_leave_only_with_a_reason(office: Office, tmp_path: Path) -> None:
    desk = await office.desk_of("minh")
    without, _ = await _export(desk, period="this", format="xlsx")
    _, data = await _export(desk, period="this", format="xlsx", reason="Đoàn kiểm tra của tỉnh yêu cầu")
    (row,) = _rows(tmp_path / "register.xlsx", data)

    assert without.status == 422
    assert (row["Người gửi"], row["Liên hệ"]) == ("Nguyễn Thị Lan", PHONE)
    assert [noted.detail["reason"] for noted in office.acts("export")] == ["Đoàn kiểm tra của tỉnh yêu cầu"]


async def test_the_dialog_counts_before_it_writes(office: Office) -> None:
    desk = await office.desk_of("minh")
    days = {"period": "days", "from_on": "2026-11-24", "to_on": "2026-11-24"}
    counted, page = await _export(desk, act="count", hide="1", **days)
    backwards, _ = await _export(desk, hide="1", period="days", from_on="2026-11-24", to_on="2026-11-01")

    assert counted.status == 200
    assert "Từ ngày đến ngày: 1 vụ" in page.decode()
    assert backwards.status == 422
    assert office.acts("export") == []


# questions, campaigns, people


def _ask(session: Session) -> None:
    session.add(Question(account_id=1, citizen_id=1, asked_at=NOON, text="gặp cán bộ hộ tịch", outcome="staff"))


async def test_a_question_is_answered_once_and_leaves_the_list(office: Office) -> None:
    office.database.write_now(_ask)
    desk = await office.desk_of("minh")
    _, before = await desk.get("/staff/questions")
    first = await desk.press("/staff/questions", "/staff/questions/1/answer", words="Mời bà đến quầy 2.")
    second = await desk.press("/staff/", "/staff/questions/1/answer", words="Mời bà đến quầy 3.")
    _, after = await desk.get("/staff/questions")

    assert "gặp cán bộ hộ tịch" in before
    assert (first.status, second.status) == (303, 409)
    assert [row.body["text"].split("\n\n")[1] for row in office.all(Delivery)] == ["Mời bà đến quầy 2."]
    assert "Không có câu hỏi nào đang chờ" in after


async def test_nobody_approves_their_own_campaign(office: Office) -> None:
    minh, thu, quan = [await office.desk_of(name) for name in PEOPLE]
    form = {"name": "CCHC tháng 12", "text": "Kính gửi bà con.", "rule": "fourth_week", "thursday": "16:30"}
    made = await thu.press("/staff/campaigns/new", "/staff/campaigns", channels="zalo", **form)
    own = await thu.press("/staff/", "/staff/campaigns/1/approve", agreed="1")
    clerk = await minh.press("/staff/", "/staff/campaigns/1/approve", agreed="1")
    unread = await quan.press("/staff/", "/staff/campaigns/1/approve")
    other = await quan.press("/staff/", "/staff/campaigns/1/approve", agreed="1")
    _, page = await minh.get("/staff/campaigns/1")

    assert [answer.status for answer in (made, own, clerk, unread, other)] == [303, 409, 403, 422, 303]
    assert office.all(Campaign)[0].channels == ["zalo"]
    assert re.findall(r"<li>(.+?)</li>", page[page.index("Sáu lần phát tới") :])[0] == (
        "Thứ Năm 26/11/2026, 16:30 giờ Việt Nam"
    )


async def test_a_campaign_that_cannot_be_sent_is_sent_back_with_reasons(office: Office) -> None:
    desk = await office.desk_of("minh")
    form = {"name": "", "text": "", "rule": "once", "day": "2026-11-01", "hour": "08:00", "link": "http://x.vn"}
    answer = await desk.press("/staff/campaigns/new", "/staff/campaigns", **form)

    assert answer.status == 422
    assert (await answer.text()).count('class="trouble"') == 5
    assert office.all(Campaign) == []


def _pause(session: Session) -> None:
    campaign = Campaign(unit_id=1, name="CCHC", text="Kính gửi", rule="fourth_week", created_at=NOON)
    session.add(campaign)
    session.flush()
    session.add(
        Issue(
            edition="2026-11",
            campaign_id=1,
            due_at=NOON,
            text="Kính gửi",
            state=IssueState.PAUSED,
            launched_at=NOON,
            reason="late",
        )
    )


async def test_a_paused_issue_goes_on_when_a_person_says_so(office: Office) -> None:
    office.database.write_now(_pause)
    desk = await office.desk_of("minh")
    first = await desk.press("/staff/campaigns/1", "/staff/issues/1/resume")
    second = await desk.press("/staff/campaigns/1", "/staff/issues/1/resume")

    assert (first.status, second.status) == (303, 409)
    assert (office.all(Issue)[0].state, office.woken) == (IssueState.SENDING, 1)


async def test_a_new_member_gets_a_link_that_is_shown_once(office: Office) -> None:
    desk = await office.desk_of("quan")
    form = {"username": "Mai.LT", "name": "Lê Thị Mai", "role": "clerk"}
    added = await desk.press("/staff/people", "/staff/people", **form)
    link = re.findall(r'value="(http://127[^"]+/staff/link/[^"]+)"', await added.text())[0]
    twice = await desk.press("/staff/people", "/staff/people", **form)
    _, later = await desk.get("/staff/people")

    assert (await (await office.desk()).get(link.removeprefix(office.base)))[0] == 200
    assert twice.status == 422
    assert "/staff/link/" not in later
    assert link.rpartition("/")[2] not in str([row.model_dump() for row in office.all(Audit)])


async def test_the_unit_is_confirmed_by_an_admin(office: Office) -> None:
    desk = await office.desk_of("quan")
    unit = {"name": "UBND phường Ayun Pa", "province": "tỉnh Gia Lai", "centre": "Trung tâm", "phone": "0269 3852 000"}
    bad = await desk.press("/staff/unit", "/staff/unit", portal="http://dichvucong.gov.vn", **unit)
    good = await desk.press("/staff/unit", "/staff/unit", portal="https://dichvucong.gov.vn", confirmed="1", **unit)
    _, home = await desk.get("/staff/")

    assert (bad.status, good.status) == (422, 303)
    assert "chưa được kiểm tra" not in home


async def test_the_trail_reads_as_sentences_a_page_at_a_time(office: Office) -> None:
    desk = await office.desk_of("thu")
    for _ in range(51):
        await desk.press(HERE, f"{HERE}/contact")
    _, first = await desk.get("/staff/audit")
    _, second = await desk.get("/staff/audit?before=2")

    assert first.count("Xem số liên hệ") == 50
    assert "Cũ hơn" in first
    assert "Đăng nhập" in second


# may it be delivered


def _reach(database: Database, channels: dict[int, Channel], hours_ago: float, **values: Any) -> Reach:
    last = NOON - timedelta(hours=hours_ago)
    lan = citizen(database, last_incoming_at=last, **values)
    console = Console(database, Path(), channels, lambda: None, lambda: NOON)
    return database.read_now(reach_of, console, lan.id, NOON)


LADDER = (
    Way("free", frozenset(Purpose), hours=48),
    Way("paid", frozenset(Purpose), hours=168, cost=55),
)


@pytest.mark.parametrize(
    ("hours", "values", "said", "is_open"),
    [
        (1, {}, "còn 47 giờ trong khung 48 giờ", True),
        (47.5, {}, "còn 30 phút", True),
        (60, {}, "Phí 55 đồng một tin", True),
        (169, {}, "Ngoài khung giờ Zalo cho phép nhắn: tin được giữ lại", False),
        (1, {"blocked_at": NOON}, "đã chặn", False),
    ],
)
def test_the_line_above_the_box_says_by_which_way_it_goes(
    database: Database, hours: float, values: dict[str, Any], said: str, is_open: bool
) -> None:
    found = _reach(database, {1: Line(ladder=LADDER)}, hours, **values)

    assert said in found.words
    assert found.is_open is is_open


def test_an_account_that_is_not_connected_lays_nothing(database: Database) -> None:
    assert not _reach(database, {}, 1).is_laid
