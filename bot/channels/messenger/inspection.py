"""What Meta can be asked about the Page, its key and our app, told in Vietnamese with the next step."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.abilities import Finding
from bot.channel import SendError
from bot.channels.messenger.bodies import Template
from bot.channels.messenger.errors import Refused
from bot.channels.messenger.graph import Fields, Graph
from bot.channels.messenger.subscription import Subscription
from bot.wire import at, word

TALKING = ("pages_messaging", "pages_manage_metadata")
POSTING = ("pages_manage_posts", "pages_read_engagement")
UTILITY = ("pages_utility_messaging", "page_utility_messaging")  # Meta itself spells it in both ways
SOON_DAYS, MOST_SKEW_SECONDS, MUCH_PERCENT = 14, 60, 80
NO_APP_ID = "chưa hỏi được vì chưa ghi MESSENGER_APP_ID"
_YES_NO: dict[object, str] = {True: "có", False: "không"}
PAGE_FIELDS = "name,category,link,is_published,followers_count"


class Inspection:
    def __init__(self, graph: Graph, subscription: Subscription, *, publishes: bool, template: Template | None) -> None:
        self._graph, self._subscription = graph, subscription
        self._publishes, self._template = publishes, template

    async def page(self) -> dict[str, str]:
        """Raises `SendError`."""
        page = await self._page()
        told = {
            "Trang": word(page.get("name")),
            "Hạng mục": word(page.get("category")),
            "Địa chỉ": word(page.get("link")),
            "Người theo dõi": word(page.get("followers_count")),
            "Đang công khai": _YES_NO.get(page.get("is_published"), ""),
        }
        return {label: said for label, said in told.items() if said} | await self._rights()

    async def findings(self, webhook: str, now: datetime) -> list[Finding]:
        looks: list[tuple[str, Callable[[], Awaitable[Finding]]]] = [
            ("Khoá của Trang", lambda: self._token(now)),
            ("Quyền của khoá", self._permissions),
            ("Trang", self._published),
            ("Đăng ký nhận tin", self._subscribed),
            ("Địa chỉ webhook", lambda: self._address(webhook)),
            *([("Mẫu tin", self._approved)] if self._template else []),
        ]
        return [await _looked(what, look) for what, look in looks] + [self._usage(), self._clocks(now)]

    async def _page(self) -> Fields:
        try:
            return await self._graph.read("", fields=PAGE_FIELDS)
        except Refused as refused:
            if refused.codes[0] != 100:
                raise
            return await self._graph.read("", fields="name")  # one field more than this version knows

    async def _rights(self) -> dict[str, str]:
        if not self._graph.app_id:
            return {"Quyền của khoá": NO_APP_ID}
        scopes = _scopes(await self._debugged())
        may = {"Nhắn tin với người dân": set(TALKING) <= scopes, "Đăng bài lên Trang": set(POSTING) <= scopes}
        return {label: "có" if ok else "không" for label, ok in may.items()} | {"Quyền": ", ".join(sorted(scopes))}

    async def _debugged(self) -> Fields:
        answer = await self._graph.read_as_app("debug_token", input_token=self._graph.page_token)
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    async def _token(self, now: datetime) -> Finding:
        what = "Khoá của Trang"
        if not self._graph.app_id:
            await self._graph.read("", fields="name")
            return Finding(what, True, f"dùng được; ngày hết hạn {NO_APP_ID}")
        token = await self._debugged()
        if not token.get("is_valid"):
            said = word(at(token, "error", "message")) or "không còn hiệu lực"
            return Finding(what, False, said, "Tạo khoá mới, ghi vào MESSENGER_PAGE_TOKEN rồi khởi động lại.")
        ends = token.get("expires_at")
        if not isinstance(ends, int) or ends <= 0:
            return Finding(what, True, "dùng được, không có ngày hết hạn")
        days = (datetime.fromtimestamp(ends, UTC) - now).days
        todo = "Lấy khoá của người dùng hệ thống, là khoá không hết hạn." if days < SOON_DAYS else ""
        return Finding(what, not todo, f"dùng được, còn {days} ngày", todo)

    async def _permissions(self) -> Finding:
        what = "Quyền của khoá"
        if not self._graph.app_id:
            return Finding(what, True, NO_APP_ID)
        scopes = _scopes(await self._debugged())
        missing = [name for name in TALKING + (POSTING if self._publishes else ()) if name not in scopes]
        if self._template and not scopes & set(UTILITY):
            missing.append(UTILITY[0])
        if not missing:
            return Finding(what, True, "đủ")
        return Finding(
            what, False, f"thiếu {', '.join(missing)}", "Cấp lại khoá với các quyền này, và xin duyệt nếu cần."
        )

    async def _published(self) -> Finding:
        page = await self._page()
        name = word(page.get("name"))
        hidden = page.get("is_published") is False
        return Finding("Trang", not hidden, name, "Công khai Trang: người dân chưa tìm thấy Trang." if hidden else "")

    async def _subscribed(self) -> Finding:
        missing = await self._subscription.missing()
        if not missing:
            return Finding("Đăng ký nhận tin", True, f"đủ {len(self._subscription.granted)} loại")
        todo = "Khởi động lại Loa để đăng ký lại; nếu vẫn vậy, xem webhook có lỗi liền một giờ không."
        return Finding("Đăng ký nhận tin", False, f"thiếu {', '.join(missing)}", todo)

    async def _address(self, webhook: str) -> Finding:
        what = "Địa chỉ webhook"
        if not self._graph.app_id or not webhook:
            return Finding(what, True, NO_APP_ID if webhook else "chưa có địa chỉ công khai (LOA_PUBLIC_URL)")
        answer = await self._graph.read_as_app(f"{self._graph.app_id}/subscriptions")
        found = next((row for row in _rows(answer) if row.get("object") == "page"), {})
        address = word(found.get("callback_url"))
        if address == webhook and found.get("active") is not False:
            return Finding(what, True, address)
        todo = f"Trong cài đặt Webhooks của ứng dụng, khai báo {webhook} rồi bấm xác minh."
        return Finding(what, False, address or "chưa khai báo", todo)

    async def _approved(self) -> Finding:
        assert self._template
        answer = await self._graph.read("/message_templates", name=self._template.name)
        found = [row for row in _rows(answer) if _is(row, self._template)]
        status = word(found[0].get("status")) if found else "không có"
        todo = "" if status == "APPROVED" else "Xem mẫu tin trong phần quản lý mẫu của Trang; sửa thì phải tạo mẫu mới."
        return Finding("Mẫu tin", not todo, f"{self._template.name} ({self._template.language}): {status}", todo)

    def _usage(self) -> Finding:
        percent = self._graph.usage.percent
        busy = percent >= MUCH_PERCENT
        return Finding("Mức dùng", not busy, f"{percent:.0f} %", "Chờ ít phút; Loa tự gửi chậm lại." if busy else "")

    def _clocks(self, now: datetime) -> Finding:
        if self._graph.their_clock is None:
            return Finding("Đồng hồ", True, "Meta không báo giờ")
        seconds = abs((self._graph.their_clock - now).total_seconds())
        wrong = seconds > MOST_SKEW_SECONDS
        todo = "Chỉnh giờ máy chủ (bật đồng bộ giờ qua mạng)." if wrong else ""
        return Finding("Đồng hồ", not wrong, f"lệch {seconds:.0f} giây so với Meta", todo)


async def _looked(what: str, look: Callable[[], Awaitable[Finding]]) -> Finding:
    try:
        return await look()
    except SendError as error:
        return Finding(what, False, f"không hỏi được: {error}", error.advice or "Thử lại sau ít phút.")


def _scopes(token: Fields) -> set[str]:
    scopes = token.get("scopes")
    return {word(scope) for scope in scopes} if isinstance(scopes, list) else set()


def _rows(answer: Fields) -> list[Fields]:
    rows = answer.get("data")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _is(row: Fields, template: Template) -> bool:
    return word(row.get("name")) == template.name and word(row.get("language")) in (template.language, "")
