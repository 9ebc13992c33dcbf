"""Whether a message to a citizen would be delivered now, by which way, and if not, what to do instead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channel import Failure, Purpose, Way
from bot.planner import Plan, Standing, Wish, month_start, plan
from data import outbox
from data.clock import to_ms
from data.exports import CHANNELS
from data.tables import Account, Citizen, Complaint
from handlers.staff.visit import Console

CALL = "xin gọi điện hoặc mời đến trụ sở"


@dataclass(frozen=True, slots=True)
class Reach:
    is_open: bool  # the message can go now
    is_laid: bool  # a delivery is laid at all
    words: str


NO_CITIZEN = Reach(
    False, False, f"Phản ánh này không đến từ tin nhắn: câu trả lời chỉ được ghi vào sổ, {CALL} để báo người dân."
)
HELD = f"tin được giữ lại và tự gửi khi người dân nhắn lại. Nếu gấp, {CALL}."


def reach_of(
    session: Session, console: Console, citizen_id: int | None, now: datetime, complaint: Complaint | None = None
) -> Reach:
    """For the words of a member of staff; those about a complaint may also go as an approved template."""
    citizen = session.get(Citizen, citizen_id) if citizen_id else None
    if citizen is None:
        return NO_CITIZEN
    account = session.get_one(Account, citizen.account_id)
    limits, ways = console.limits(citizen.account_id), console.ways(citizen.account_id)
    name = CHANNELS.get(account.channel, account.channel)
    if limits is None:
        return Reach(False, False, f"{name} hiện không được kết nối: câu trả lời chỉ được ghi vào sổ, {CALL}.")
    phone = complaint.person_contact if complaint else ""
    standing = Standing(citizen.last_incoming_at, citizen.wants_news, citizen.blocked_at is not None, phone)
    used = outbox.used(session, citizen.account_id, to_ms(month_start(now)))
    wish = Wish(Purpose.NOTICE, by_person=True, has_facts=complaint is not None)
    found = plan(wish, standing, limits, ways, now, used)
    if found.way is None:
        return Reach(False, True, _refused(found, name))
    if account.trouble:
        return Reach(False, True, f"{name} đang gặp sự cố: tin sẽ được gửi khi kết nối lại. Nếu gấp, {CALL}.")
    return Reach(True, True, _opened(found.way, name, citizen.last_incoming_at, now))


def _refused(found: Plan, name: str) -> str:
    if found.refusal == Failure.BLOCKED.word:
        return f"Người dân đã chặn tài khoản {name}: tin sẽ không gửi được, {CALL}."
    if found.refusal == Failure.QUOTA.word:
        return f"Đã hết số tin trả phí trong tháng của {name}: {HELD}"
    return f"Ngoài khung giờ {name} cho phép nhắn: {HELD}"


def _opened(way: Way, name: str, last_words_at: datetime | None, now: datetime) -> str:
    if way.template:
        kind = "tới số điện thoại đã để lại" if way.phone else f"qua {name}"
        words = f"Gửi được {kind} bằng mẫu tin đã duyệt: người dân chỉ nhận mã và trạng thái, không nhận nguyên văn."
    elif way.by_person:
        words = f"Gửi được ngay qua {name} với tư cách cán bộ trả lời{_left(way, last_words_at, now)}."
    else:
        words = f"Gửi được ngay qua {name}{_left(way, last_words_at, now)}."
    return f"{words} Phí {_money(way.cost)} đồng một tin." if way.cost else words


def _left(way: Way, last_words_at: datetime | None, now: datetime) -> str:
    if way.hours is None or last_words_at is None:
        return ""
    left = last_words_at + timedelta(hours=way.hours) - now
    return f": còn {_span(left)} trong khung {way.hours:g} giờ"


def _span(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    return f"{hours} giờ" if hours else f"{max(1, int(left.total_seconds() // 60))} phút"


def _money(amount: float) -> str:
    return f"{amount:,.0f}".replace(",", ".")
