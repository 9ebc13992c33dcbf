"""Channels, platform rules and one's own account in the console, over a real server."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from sqlmodel import Session, SQLModel, select

from bot.abilities import Finding
from bot.channel import Failure, Limits, Rule, SendError
from bot.channels.terminal import Terminal
from bot.channels.terminal.terminal import LIMITS
from data import accounts, staff
from data.clock import to_ms
from data.database import Database
from data.staff import RIGHTS
from data.tables import Account, Arrival, Audit, Delivery, DeliveryKind, DeliveryState, PlatformRule, SignInLink, Staff
from handlers.staff import words
from handlers.staff.channels import TOO_SLOW, patiently
from handlers.staff.console import SCREENS, Console, routes
from handlers.staff.rule_values import Unfit, as_typed, in_words, value_of
from tests.conftest import NOON

PASSWORD = "mưa rừng đổ xuống Ayun"
HASH = staff.hash_password(PASSWORD)
PEOPLE = {"minh": ("Nguyễn Văn Minh", "clerk"), "thu": ("Trần Thị Thu", "leader"), "quan": ("Lê Quân", "admin")}
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
PUBLIC = "https://chat.ayunpa.example"
CHANNELS, RULES, ME = "/staff/channels", "/staff/rules", "/staff/me"
CALLBACK = "/staff/channels/zalo/callback"
CHECKED = date(2026, 11, 1)
RULES_OF_OA = {
    "free_hours": Rule(48, "tài liệu của Zalo", CHECKED),
    "paid_cost": Rule(55, "bảng giá", CHECKED),
    "quiet_from": Rule(22, "lỗi -234", CHECKED),
}


@dataclass
class OfficialAccount(Terminal):
    """An account that can be asked and connected; what it answers is set by the test."""

    person: str = ""
    show: Any = print
    name: str = "zalo"
    account: str = "oa-1"
    limits: Limits = field(default_factory=lambda: LIMITS.changed(RULES_OF_OA))
    failure: SendError | None = None
    seconds: float = 0.0
    accepted: list[str] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)

    async def _answers(self) -> None:
        await asyncio.sleep(self.seconds)
        if self.failure:
            raise self.failure

    async def probe(self) -> dict[str, str]:
        await self._answers()
        return {"Tên": "Phường Ayun Pa", "Gói": "Tăng trưởng"}

    async def inspect(self, webhook: str, now: datetime) -> list[Finding]:
        self.asked_for.append(webhook)
        await self._answers()
        return [Finding("Khoá", True, "còn 19 giờ"), Finding("Gói", False, "sắp hết hạn", "Xin gia hạn gói.")]

    def consent_link(self, redirect: str, state: str) -> str:
        return f"https://oauth.zalo.example/permission?{urlencode({'redirect_uri': redirect, 'state': state})}"

    async def accept(self, code: str) -> None:
        await self._answers()
        self.accepted.append(code)


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

    async def press(self, path: str, **fields: str) -> ClientResponse:
        """Post a form with the token that this person's pages have."""
        _, text = await self.get(ME)
        return await self.post(path, csrf=re.findall(r'name="csrf" value="([^"]*)"', text)[0], **fields)


@dataclass
class Office:
    database: Database
    home: Path
    oa: OfficialAccount
    base: str = ""
    now: datetime = NOON
    public_url: str = PUBLIC
    bot: str = "https://t.me/AyunPaBot?start="
    told: list[str] = field(default_factory=list)  # channels whose rules were to be read anew
    open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def rules_changed(self, channel: str) -> None:
        self.told.append(channel)

    def webhook(self, channel: str) -> str:
        return f"{self.public_url}/webhooks/{channel}" if self.public_url else ""

    def console(self) -> Console:
        return Console(
            self.database, self.home, {1: self.oa, 2: Terminal("", print, "webchat", "web")}, print, lambda: self.now,
            public_url=self.public_url, webhook=self.webhook, rules_changed=self.rules_changed,
            staff_link=lambda secret: self.bot and self.bot + secret,
        )  # fmt: skip

    async def serve(self) -> None:
        app = web.Application()
        app.add_routes(routes(self.console()))
        runner = web.AppRunner(app)
        await runner.setup()
        self.open.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def desk(self) -> Desk:
        return Desk(await self.open.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True))), self.base)

    async def desk_of(self, username: str, password: str = PASSWORD) -> Desk:
        desk = await self.desk()
        answer = await desk.post("/staff/sign-in", username=username, password=password)
        assert answer.status == 303
        return desk

    def all(self, table: type[SQLModel]) -> list[Any]:
        return self.database.read_now(lambda session: list(session.exec(select(table))))

    def acts(self, action: str) -> list[Audit]:
        return [row for row in self.all(Audit) if row.action == action]

    def account(self) -> Account:
        return self.database.read_now(lambda session: session.get_one(Account, 1))

    def member(self, username: str) -> Staff:
        found = self.database.read_now(staff.by_username, username)
        assert found
        return found


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    office = Office(database, tmp_path, OfficialAccount())
    database.write_now(furnish)
    async with office.open:
        await office.serve()
        yield office


def furnish(session: Session) -> None:
    for username, (name, role) in PEOPLE.items():
        staff.add(session, username, name, role, NOON).password_hash = HASH
    for channel, external in (("zalo", "oa-1"), ("webchat", "web"), ("messenger", "page")):
        accounts.account_id(session, channel, external)


# who may do what

NEW = [
    screen for screen in SCREENS
    if screen.path.startswith((CHANNELS, RULES, ME))
]  # fmt: skip


def _path(pattern: str) -> str:
    return pattern.replace(r"{id:\d{1,9}}", "1").replace("{channel}", "zalo").replace("{rule}", "free_hours")


@pytest.mark.parametrize("username", [*PEOPLE, ""])
async def test_every_new_route_looks_at_the_right(office: Office, username: str) -> None:
    desk = await (office.desk_of(username) if username else office.desk())
    for screen in NEW:
        path = _path(screen.path)
        if screen.method == "POST":
            status = (await (desk.press(path) if username else desk.post(path))).status
        else:
            status = (await desk.get(path))[0]
        is_own = screen.path.startswith(ME)
        if username:
            may = is_own or "people" in RIGHTS[PEOPLE[username][1]]
            assert (status == 403) == (not may), (screen.method, path)
            assert status < 500
        elif screen.path.endswith("/callback"):
            assert office.oa.accepted == []
        else:
            assert status == (401 if screen.method == "POST" else 303), (screen.method, path)


# channels


def _letter(state: DeliveryState, way: str = "", cost: float = 0.0, days_ago: float = 1.0) -> Delivery:
    at_ms = to_ms(NOON - timedelta(days=days_ago))
    return Delivery(
        account_id=1, person="lan", kind=DeliveryKind.REPLY, state=state, way=way, cost=cost, created_at_ms=at_ms,
        done_at_ms=None if state == DeliveryState.HELD else at_ms,
    )  # fmt: skip


def _lay(session: Session) -> None:
    session.add_all([
        *(_letter(DeliveryState.SENT, "free") for _ in range(3)), _letter(DeliveryState.SENT, "paid", 55),
        _letter(DeliveryState.SENT, "paid", 55), _letter(DeliveryState.SENT, "paid", 55, days_ago=31),
        _letter(DeliveryState.HELD, days_ago=40),
        _letter(DeliveryState.UNSURE), _letter(DeliveryState.FAILED), _letter(DeliveryState.FAILED, days_ago=31),
    ])  # fmt: skip
    session.add_all([
        Arrival(account_id=account, event_at_ms=at, event_id=f"{at}", person="lan", received_at_ms=to_ms(NOON) + at)
        for account, at in ((1, 0), (1, 60_000), (2, 600_000))
    ])  # fmt: skip
    accounts.note_trouble(session, 3, "restricted: code 10", NOON)


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_a_card_says_what_came_what_went_and_where_the_webhook_goes(office: Office) -> None:
    office.database.write_now(_lay)
    desk = await office.desk_of("quan")
    _, page = await desk.get(CHANNELS)
    oa, _, facebook = (_text(each) for each in page.split("<article")[1:])

    assert "gần nhất Thứ Tư 25/11/2026, 12:01 giờ Việt Nam" in oa
    assert "3 tin tư vấn miễn phí" in oa
    assert "2 tin tư vấn trả phí: 110 đồng" in oa
    assert "1 tin, chờ người dân nhắn lại" in oa
    assert "Không rõ 1 tin" in oa
    assert "Gửi không được 1 tin" in oa
    assert f'value="{PUBLIC}/webhooks/zalo"' in page
    assert "/webhooks/webchat" not in page
    assert "đang tắt" in facebook


async def test_a_trouble_is_told_in_words_with_its_beginning(office: Office) -> None:
    office.database.write_now(accounts.note_trouble, 1, "not_connected: token", NOON)
    _, page = await (await office.desk_of("quan")).get(CHANNELS)

    assert "mất kết nối với tài khoản, cần kết nối lại (token), từ Thứ Tư 25/11/2026, 12:00" in _text(page)


async def test_a_look_shows_each_finding_and_keeps_what_the_account_may_do(office: Office) -> None:
    desk = await office.desk_of("quan")
    answer = await desk.press(f"{CHANNELS}/1/check")
    said = _text(await answer.text())
    account = office.account()

    assert answer.status == 200
    assert "Gói: sắp hết hạn Việc cần làm: Xin gia hạn gói." in said
    assert office.oa.asked_for == [f"{PUBLIC}/webhooks/zalo"]
    assert (account.abilities, account.probed_at) == ({"Tên": "Phường Ayun Pa", "Gói": "Tăng trưởng"}, NOON)
    assert [(row.actor, row.detail) for row in office.acts("channel.check")] == [("quan", {"well": 1, "faults": 1})]
    assert "Zalo: Phường Ayun Pa" in _text((await desk.get(CHANNELS))[1])


async def test_a_platform_that_refuses_is_told_calmly_and_once(office: Office) -> None:
    office.database.write_now(accounts.keep_abilities, 1, {"Tên": "cũ"}, NOON)
    office.oa.failure = SendError(Failure.NOT_CONNECTED, "token", advice="Xin nối lại tài khoản.")
    answer = await (await office.desk_of("quan")).press(f"{CHANNELS}/1/check")
    said = _text(await answer.text())

    assert answer.status == 200
    assert said.count("mất kết nối với tài khoản") == 1
    assert "Việc cần làm: Xin nối lại tài khoản." in said
    assert office.account().abilities == {"Tên": "cũ"}


async def test_a_platform_that_does_not_answer_is_not_waited_for() -> None:
    found = await patiently(OfficialAccount(seconds=5).probe(), seconds=0.02)

    assert found == TOO_SLOW


async def test_a_channel_that_is_off_cannot_be_looked_at(office: Office) -> None:
    assert (await (await office.desk_of("quan")).press(f"{CHANNELS}/3/check")).status == 409


# connecting anew


async def _state(desk: Desk) -> str:
    left = await desk.press(f"{CHANNELS}/1/consent")
    assert left.status == 303
    link = urlsplit(left.headers["Location"])
    query = parse_qs(link.query)
    assert link.netloc == "oauth.zalo.example"
    assert query["redirect_uri"] == [PUBLIC + CALLBACK]
    return query["state"][0]


def _back(**query: str) -> str:
    return f"{CALLBACK}?{urlencode(query)}"


async def test_a_consent_comes_back_as_a_connected_account(office: Office) -> None:
    desk = await office.desk_of("quan")
    state = await _state(desk)
    status, _ = await desk.get(_back(code="code-1", oa_id="oa-1", state=state))

    assert status == 303
    assert office.oa.accepted == ["code-1"]
    assert [len(office.acts(each)) for each in ("channel.consent", "channel.connect")] == [1, 1]
    assert "code-1" not in str([row.model_dump() for row in office.all(Audit)])


async def test_the_page_lets_a_browser_go_to_the_consent_page_and_nowhere_else(office: Office) -> None:
    desk = await office.desk_of("quan")
    async with desk.client.get(office.base + CHANNELS) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert "form-action 'self' https://oauth.zalo.example;" in policy
    assert "default-src 'none'" in policy


async def test_a_browser_without_its_cookie_is_sent_once_more_from_our_own_page(office: Office) -> None:
    stranger = await office.desk()
    first, page = await stranger.get(_back(code="code-1", state="s"))
    onwards = re.findall(r'url=([^"]+)"', page)[0].replace("&amp;", "&")
    second, _ = await stranger.get(onwards)

    assert onwards.endswith("code=code-1&state=s&again=1")
    assert (first, second) == (200, 401)
    assert office.oa.accepted == []


def _bent(state: str) -> str:
    return state[:-1] + ("0" if state[-1] != "0" else "1")


async def _wrong_state(office: Office, desk: Desk, case: str) -> str:
    state = await _state(desk)
    if case == "another's":
        return await _state(await office.desk_of("quan"))
    if case == "old":
        office.now += timedelta(minutes=50)
        await desk.get(CHANNELS)
        office.now += timedelta(minutes=50)
    return {"bent": state[:-1] + ("0" if state[-1] != "0" else "1"), "word": "x", "future": "9" + state}.get(
        case, state
    )


@pytest.mark.parametrize("case", ["another's", "old", "bent", "word", "future"])
@pytest.mark.parametrize("pasted", [False, True])
async def test_a_wrong_state_is_never_accepted(office: Office, case: str, pasted: bool) -> None:
    desk = await office.desk_of("quan")
    address = _back(code="code-1", state=await _wrong_state(office, desk, case))
    if pasted:
        answer = await desk.press(f"{CHANNELS}/1/code", pasted=PUBLIC + address)
        status, page = answer.status, await answer.text()
    else:
        status, page = await desk.get(address)

    assert status == 422
    assert "không phải của lần bấm" in page
    assert office.oa.accepted == []


async def test_a_missing_state_is_accepted_only_from_the_box(office: Office) -> None:
    desk = await office.desk_of("quan")
    status, page = await desk.get(_back(code="code-1", oa_id="oa-1"))
    assert (status, office.oa.accepted) == (422, [])
    assert "dán nguyên địa chỉ ấy" in page

    for pasted in (PUBLIC + _back(code="code-1", oa_id="oa-1"), "code=code-2&oa_id=oa-1", "  code-3= "):
        assert (await desk.press(f"{CHANNELS}/1/code", pasted=pasted)).status == 303
    assert office.oa.accepted == ["code-1", "code-2", "code-3="]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("https://x.example/?code=secret-1&oa_id=oa-2", "của tài khoản oa-2"),
        ("https://x.example/?oa_id=oa-1", "Không thấy mã"),
        ("https://x.example/?error_description=denied", "chưa cấp quyền"),
        (" ", "Không thấy mã"),
    ],
)
async def test_what_is_no_code_of_ours_is_told_beside_the_box(office: Office, pasted: str, said: str) -> None:
    answer = await (await office.desk_of("quan")).press(f"{CHANNELS}/1/code", pasted=pasted)
    page = await answer.text()

    assert answer.status == 422
    assert said in page
    assert "secret-1" not in page
    assert office.oa.accepted == []


async def test_a_code_that_the_platform_refuses_is_told_with_what_to_do_and_noted(office: Office) -> None:
    office.oa.failure = SendError(Failure.NOT_CONNECTED, "code secret-1 used", advice="Mã đã dùng rồi.")
    answer = await (await office.desk_of("quan")).press(f"{CHANNELS}/1/code", pasted="secret-1")
    page = await answer.text()

    assert answer.status == 422
    assert "Mã đã dùng rồi." in page
    assert [row.detail for row in office.acts("channel.failed")] == [{"reason": "not_connected"}]
    assert "secret-1" not in page + str([row.model_dump() for row in office.all(Audit)])


async def test_without_a_public_address_only_the_box_is_offered(office: Office) -> None:
    office.public_url = ""
    await office.serve()
    desk = await office.desk_of("quan")
    _, page = await desk.get(CHANNELS)

    assert "LOA_PUBLIC_URL" in page
    assert "/1/consent" not in page
    assert "/1/code" in page
    assert (await desk.press(f"{CHANNELS}/1/consent")).status == 409


# platform rules

FREE = f"{RULES}/zalo/free_hours"
TYPED = {"value": "24", "source": "Thông báo của Zalo ngày 20/11", "day": "2026-11-20"}


async def test_a_rule_is_shown_with_its_unit_source_and_day(office: Office) -> None:
    said = _text((await (await office.desk_of("quan")).get(RULES))[1])

    assert "Cửa sổ miễn phí, tính từ lời nhắn cuối của người dân 48 giờ" in said
    assert "Mặc định của Loa. Căn cứ: tài liệu của Zalo. Kiểm tra ngày 01/11/2026." in said
    assert "Tin tuyên truyền tạm nghỉ từ 22:00" in said


async def test_a_corrected_rule_is_kept_noted_and_told(office: Office) -> None:
    desk = await office.desk_of("quan")
    first = await desk.press(FREE, **TYPED)
    second = await desk.press(FREE, unlimited="1", **{**TYPED, "value": ""})
    row = office.all(PlatformRule)[0]
    said = _text((await desk.get(RULES))[1])

    assert (first.status, second.status) == (303, 303)
    assert (row.value, row.source, row.checked_on) == (None, TYPED["source"], date(2026, 11, 20))
    assert [(each.detail["before"], each.detail["value"]) for each in office.acts("rule.set")] == [(48, 24), (24, None)]
    assert office.told == ["zalo", "zalo"]
    assert "không giới hạn Người sửa: quan. Căn cứ: Thông báo của Zalo ngày 20/11. Kiểm tra ngày 20/11/2026." in said


async def test_a_rule_goes_back_to_what_was_shipped(office: Office) -> None:
    desk = await office.desk_of("quan")
    await desk.press(FREE, **TYPED)
    await desk.press(f"{FREE}/default")
    again = await desk.press(f"{FREE}/default")

    assert again.status == 303
    assert office.all(PlatformRule) == []
    assert [row.detail for row in office.acts("rule.default")] == [{"before": 24}]
    assert "48 giờ" in _text((await desk.get(RULES))[1])


async def test_bad_input_is_told_beside_the_field_and_nothing_is_lost(office: Office) -> None:
    desk = await office.desk_of("quan")
    answer = await desk.press(FREE, value="hai ngày", source="", day="2026-11-26")
    page = await answer.text()

    assert answer.status == 422
    assert [f'id="trouble-{name}-zalo-free_hours"' in page for name in ("value", "source", "day")] == [True] * 3
    assert 'value="hai ngày"' in page
    assert 'value="2026-11-26"' in page
    assert (office.all(PlatformRule), office.told) == ([], [])


@pytest.mark.parametrize("path", [f"{RULES}/zalo/human_hours", f"{RULES}/zalo/nothing", f"{RULES}/fax/text"])
async def test_a_rule_that_the_platform_does_not_have_is_not_found(office: Office, path: str) -> None:
    assert (await (await office.desk_of("quan")).press(path, **TYPED)).status == 404


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("free_hours", "48", 48), ("free_hours", "19,5", 19.5), ("free_hours", "19.5", 19.5), ("text", "2.000", 2000),
        ("paid_cost", "0", 0), ("quiet_from", "22:30", 22.5), ("quiet_to", "6", 6), ("posts_to", "24:00", 24),
        ("quiet_to", "00:00", 0), ("paid_cost", "1.234,5", 1234.5),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_here_write_numbers(name: str, typed: str, value: float) -> None:
    assert value_of(name, typed) == value
    assert value_of(name, as_typed(name, value)) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("free_hours", ""), ("free_hours", "-1"), ("free_hours", "0"), ("free_hours", "nan"), ("free_hours", "1e3"),
        ("text", "19,5"), ("quiet_from", "25"), ("quiet_from", "24:30"), ("text", "9999999999"), ("text", "22:00"),
    ],
)  # fmt: skip
def test_what_no_rule_can_be_is_refused(name: str, typed: str) -> None:
    with pytest.raises(Unfit):
        value_of(name, typed)


def test_values_are_said_with_their_unit() -> None:
    said = [in_words("posts_to", 19.5), in_words("paid_cost", 1500), in_words("sends_per_second", 80 / 60)]

    assert said == ["19:30", "1.500 đồng", "1,33 tin mỗi giây"]
    assert in_words("text", None) == "không giới hạn"


def test_every_rule_has_a_vietnamese_name() -> None:
    assert set(words.RULES) == set(Limits.__dataclass_fields__)


# my account


async def test_a_member_sees_who_they_are_and_what_they_may_do(office: Office) -> None:
    minh, quan = [_text((await (await office.desk_of(name)).get(ME))[1]) for name in ("minh", "quan")]

    assert "Nguyễn Văn Minh" in minh
    assert "quản lý đơn vị, cán bộ" not in minh
    assert "quản lý đơn vị, cán bộ" in quan


async def test_other_sessions_are_ended_one_or_all_and_never_somebody_elses(office: Office) -> None:
    here, phone, tablet = [await office.desk_of("minh") for _ in range(3)]
    thu = await office.desk_of("thu")
    _, page = await here.get(ME)
    keys = re.findall(r'name="session" value="(\w+)"', page)
    foreign = re.findall(r'name="session" value="(\w+)"', (await (await office.desk_of("thu")).get(ME))[1])
    await here.press(f"{ME}/sessions", session=foreign[0])
    assert (await thu.get(ME))[0] == 200

    await here.press(f"{ME}/sessions", session=keys[0])
    assert sorted([(await phone.get(ME))[0], (await tablet.get(ME))[0]]) == [200, 303]
    await here.press(f"{ME}/sessions")
    assert [(await desk.get(ME))[0] for desk in (here, phone, tablet, thu)] == [200, 303, 303, 200]
    assert page.count("127.0.0.1") >= 3
    assert [row.detail for row in office.acts("session.end")] == [{"sessions": 1}, {"sessions": 1}]


NEW_PASSWORD = "suối chảy qua làng Ayun"


async def test_a_changed_password_ends_the_other_sessions(office: Office) -> None:
    here, phone = [await office.desk_of("minh") for _ in range(2)]
    form = {"current": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    done = await here.press(f"{ME}/password", **form)

    assert done.status == 303
    assert [(await desk.get(ME))[0] for desk in (here, phone)] == [200, 303]
    assert (await (await office.desk()).post("/staff/sign-in", username="minh", password=PASSWORD)).status == 403
    await office.desk_of("minh", NEW_PASSWORD)
    assert len(office.acts("password.change")) == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"current": "sai rồi", "password": NEW_PASSWORD, "again": NEW_PASSWORD}, "hiện tại không đúng"),
        ({"current": PASSWORD, "password": "ngắn", "again": "ngắn"}, "ít nhất 14 ký tự"),
        ({"current": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD + "!"}, "không giống nhau"),
    ],
)
async def test_a_password_is_changed_by_its_owner_and_the_usual_rules(
    office: Office, form: dict[str, str], said: str
) -> None:
    answer = await (await office.desk_of("minh")).press(f"{ME}/password", **form)

    assert answer.status == 422
    assert said in await answer.text()
    assert office.member("minh").password_hash == HASH


async def test_guessing_the_present_password_is_slowed_down(office: Office) -> None:
    desk = await office.desk_of("minh")
    form = {"current": "đoán", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    statuses = [(await desk.press(f"{ME}/password", **form)).status for _ in range(10)]

    assert statuses == [422] * 9 + [429]
    assert len(office.acts("password.failed")) == 9


# Telegram


async def _secret(desk: Desk) -> str:
    page = await (await desk.press(f"{ME}/chat")).text()
    return str(re.findall(r"t\.me/AyunPaBot\?start=([\w-]+)", page)[0])


async def test_a_chat_is_linked_by_a_secret_shown_once_and_unlinked_by_hand(office: Office) -> None:
    desk = await office.desk_of("minh")
    secret = await _secret(desk)
    linked = office.database.write_now(staff.link_chat, secret, 1, "tg-5", NOON)
    _, page = await desk.get(ME)

    assert linked
    assert linked.username == "minh"
    assert secret not in page + str([row.model_dump() for row in office.all(Audit)])
    assert secret not in str([row.model_dump() for row in office.all(SignInLink)])
    assert "mã tg-5" in page

    await desk.press(f"{ME}/chat/leave")
    assert office.database.read_now(staff.by_chat, 1, "tg-5") is None
    assert [len(office.acts(act)) for act in ("chat.link", "chat.unlink")] == [1, 1]


async def test_without_a_telegram_bot_the_page_says_so(office: Office) -> None:
    office.bot = ""
    desk = await office.desk_of("minh")

    assert "chưa dùng bot Telegram nào" in (await desk.get(ME))[1]
    assert (await desk.press(f"{ME}/chat")).status == 409
    assert office.all(SignInLink) == []


def _new(office: Office, username: str) -> str:
    return office.database.write_now(
        lambda session: staff.new_chat_secret(session, session.get_one(Staff, office.member(username).id), NOON)
    )


def _linked(office: Office, secret: str, person: str = "tg-5", now: datetime = NOON) -> str:
    found = office.database.write_now(staff.link_chat, secret, 1, person, now)
    return found.username if found else ""


async def test_a_chat_secret_is_good_once_and_for_a_quarter_of_an_hour(office: Office) -> None:
    first, second = _new(office, "minh"), _new(office, "minh")

    assert _linked(office, first) == "", "the later secret ends the earlier"
    assert _linked(office, second, now=NOON + timedelta(minutes=16)) == ""
    assert _linked(office, second, now=NOON + timedelta(minutes=15)) == "minh"
    assert _linked(office, second) == ""


async def test_a_link_for_a_password_links_no_chat_nor_the_other_way_round(office: Office) -> None:
    chat = _new(office, "minh")
    password = office.database.write_now(lambda session: staff.new_link(session, session.get_one(Staff, 1), NOON))

    assert _linked(office, password) == ""
    assert office.database.read_now(staff.by_link, chat, NOON) is None
    assert office.database.write_now(staff.set_password, chat, "hash", NOON) is None
    assert (await (await office.desk()).get(f"/staff/link/{chat}"))[0] == 410
    assert _linked(office, chat) == "minh", "neither link has ended the other"
    assert office.database.read_now(staff.by_link, password, NOON)


async def test_a_chat_belongs_to_one_member_and_to_nobody_who_left(office: Office) -> None:
    _linked(office, _new(office, "minh"))
    _linked(office, _new(office, "thu"))
    assert office.member("minh").chat_person == ""
    found = office.database.read_now(staff.by_chat, 1, "tg-5")
    assert found
    assert found.username == "thu"

    quan = await office.desk_of("quan")
    late = _new(office, "thu")
    await quan.press(f"/staff/people/{found.id}/off")
    assert office.database.read_now(staff.by_chat, 1, "tg-5") is None
    assert _linked(office, late) == ""
