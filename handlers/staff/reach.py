"""Whether a message to a citizen would be delivered now, and if not, what to do instead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channel import Limits
from data.exports import CHANNELS
from data.tables import Account, Citizen
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


def reach_of(session: Session, console: Console, citizen_id: int | None, now: datetime) -> Reach:
    citizen = session.get(Citizen, citizen_id) if citizen_id else None
    if citizen is None:
        return NO_CITIZEN
    account = session.get_one(Account, citizen.account_id)
    return reach(citizen, account, console.limits(citizen.account_id), now)


def reach(citizen: Citizen, account: Account, limits: Limits | None, now: datetime) -> Reach:
    name = CHANNELS.get(account.channel, account.channel)
    if limits is None:
        return Reach(False, False, f"{name} hiện không được kết nối: câu trả lời chỉ được ghi vào sổ, {CALL}.")
    if citizen.blocked_at:
        return Reach(False, True, f"Người dân đã chặn tài khoản {name}: tin sẽ không gửi được, {CALL}.")
    hours = limits.reply_window_hours.value
    if hours is None:
        return _unless_trouble(account, name, f"Gửi được ngay qua {name}.")
    left = _left(citizen, hours, now)
    if left <= timedelta():
        return Reach(False, True, f"Ngoài khung {hours:g} giờ của {name}: tin sẽ không gửi được, {CALL}.")
    return _unless_trouble(account, name, f"Gửi được ngay qua {name}: còn {_span(left)} trong khung {hours:g} giờ.")


def _left(citizen: Citizen, hours: float, now: datetime) -> timedelta:
    if citizen.last_incoming_at is None:
        return timedelta()
    return citizen.last_incoming_at + timedelta(hours=hours) - now


def _span(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    return f"{hours} giờ" if hours else f"{max(1, int(left.total_seconds() // 60))} phút"


def _unless_trouble(account: Account, name: str, words: str) -> Reach:
    if account.trouble:
        return Reach(False, True, f"{name} đang gặp sự cố: tin sẽ được gửi khi kết nối lại. Nếu gấp, {CALL}.")
    return Reach(True, True, words)
