"""A look at everything that may keep an OA from working, with the next step for each fault."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.abilities import Finding
from bot.channel import SendError
from bot.channels.zalo import oa
from bot.channels.zalo.advice import LOG_IN
from bot.channels.zalo.api import Api
from bot.channels.zalo.tokens import OLD_GRANT, Tokens
from bot.planner import VIETNAM

_PACKAGE_ENDS = timedelta(days=30)
_CLOCKS = timedelta(minutes=2)
_LITTLE = 0.1
_SEE = "Xin xem docs/setup/zalo.md, mục “Khi có sự cố”."


async def inspect(api: Api, tokens: Tokens, oa_id: str, webhook: str, now: datetime) -> list[Finding]:
    findings = [finding async for finding in _tokens(tokens, now)]
    try:
        about = await oa.about(api)
    except SendError as error:
        return [*findings, Finding("Gọi Zalo", False, error.detail, error.advice or _SEE)]
    findings += [_owner(about, oa_id), _verified(about), _package(about, now), _clock(api.date, now)]
    return [*findings, await _quota(api), _webhook(webhook)]


async def _tokens(tokens: Tokens, now: datetime) -> AsyncIterator[Finding]:
    pair = await tokens.stored()
    if pair is None:
        yield Finding("Khóa truy cập", False, "chưa có", LOG_IN)
        return
    until = f"còn hạn đến {pair.expires_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}; Loa tự đổi trước khi hết hạn"
    if tokens.refused:
        yield Finding("Khóa truy cập", False, "Zalo không cho đổi khóa nữa", await tokens.warning() or LOG_IN)
    else:
        yield Finding("Khóa truy cập", True, until)
    age = pair.grant_age(now)
    old = age >= OLD_GRANT
    yield Finding("Quyền của ứng dụng", not old, f"được cấp {age.days} ngày trước", LOG_IN if old else "")


def _owner(about: oa.About, oa_id: str) -> Finding:
    ours = about.id in ("", oa_id)
    todo = "" if ours else f"Khóa là của OA {about.id}. Xin lấy khóa của đúng OA, hoặc sửa ZALO_OA_ID."
    return Finding("Đúng OA", ours, f"{about.name} ({about.id or oa_id})", todo)


def _verified(about: oa.About) -> Finding:
    todo = "" if about.is_verified else "Xin làm thủ tục xác thực OA; chưa xác thực thì không gửi bài hằng tháng được."
    return Finding(
        "Xác thực", about.is_verified, f"{about.kind}, {'đã' if about.is_verified else 'chưa'} xác thực", todo
    )


def _package(about: oa.About, now: datetime) -> Finding:
    left = about.good_until - now.astimezone(VIETNAM).date() if about.good_until else None
    ends = left is not None and left < _PACKAGE_ENDS
    todo = "Xin gia hạn gói trong trang quản lý OA trước ngày này." if ends else ""
    return Finding("Gói dịch vụ", not ends, oa.package_words(about), todo)


def _clock(date: str, now: datetime) -> Finding:
    try:
        theirs = parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return Finding("Đồng hồ máy chủ", True, "Zalo không cho biết giờ")
    off = abs(theirs - now)
    todo = "" if off < _CLOCKS else "Xin bật đồng bộ giờ (NTP) trên máy chủ."
    return Finding("Đồng hồ máy chủ", off < _CLOCKS, f"lệch {off.total_seconds():.0f} giây so với Zalo", todo)


async def _quota(api: Api) -> Finding:
    try:
        found = await oa.quota(api)
    except SendError as error:
        return Finding("Hạn mức tin", False, error.detail, error.advice or _SEE)
    if found is None:
        return Finding("Hạn mức tin", True, "Zalo không cho biết")
    left, total = found
    few = left < total * _LITTLE
    todo = "Tin ngoài 48 giờ sắp hết trong kỳ này: xin nâng gói, hoặc gọi điện cho người dân." if few else ""
    return Finding("Hạn mức tin", not few, f"còn {left} trên {total} tin ngoài 48 giờ", todo)


def _webhook(webhook: str) -> Finding:
    """Zalo has no call that tells it."""
    if not webhook:
        return Finding("Webhook", False, "chưa có địa chỉ công khai", "Xin đặt LOA_PUBLIC_URL.")
    return Finding("Webhook", True, f"Zalo không cho hỏi; ở developers.zalo.me phải ghi {webhook}")
