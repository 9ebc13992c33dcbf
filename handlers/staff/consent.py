"""An account connected anew: to the platform's consent page, and back with a code that we exchange for tokens."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from aiohttp import web
from sqlmodel import Session

from bot.abilities import Connects
from bot.channel import Channel, SendError
from data.audit import Actor, note
from handlers.staff import words
from handlers.staff.channels import Outcome, chosen, page
from handlers.staff.visit import Refusal, Visit, not_found

STATE_LIVES = timedelta(hours=1)
_AGAIN = "again"  # in the address when our own page sent the browser here, and not the platform's

WRONG_STATE = "Địa chỉ này không phải của lần bấm “Nối lại tài khoản” vừa rồi. Xin bấm nút ấy lần nữa."
NO_STATE = "Địa chỉ quay về thiếu mã kiểm tra. Nếu chính ông/bà vừa cấp quyền, xin dán nguyên địa chỉ ấy vào ô này."
NO_CODE = "Không thấy mã trong nội dung vừa dán. Xin dán nguyên địa chỉ mà nền tảng chuyển tới, hoặc chỉ riêng mã."
DECLINED = "Nền tảng chưa cấp quyền. Xin bấm “Nối lại tài khoản” và chọn đồng ý."


@dataclass(frozen=True, slots=True)
class Brought:
    """What a consent page sends back."""

    code: str = ""
    owner: str = ""  # the account that consented
    state: str = ""
    declined: bool = False


def _brought(query: Mapping[str, str]) -> Brought:
    declined = "error" in query or "error_description" in query
    return Brought(query.get("code", ""), query.get("oa_id", ""), query.get("state", ""), declined)


def _pasted(text: str) -> Brought:
    """From a callback address, or the bare code."""
    if "://" in text or "code=" in text:
        return _brought(dict(parse_qsl(text.partition("#")[0].rpartition("?")[2])))
    return Brought(text)


# A state is bound to the session that asked for it, so that nobody else's consent can be slipped in.


def _state(visit: Visit, channel: str, issued: str) -> str:
    assert visit.entered
    said = f"consent:{channel}:{issued}"
    return f"{issued}.{hmac.new(visit.entered.session.digest.encode(), said.encode(), 'sha256').hexdigest()}"


def _is_ours(visit: Visit, channel: str, state: str) -> bool:
    issued = state.partition(".")[0]
    if not (issued.isascii() and issued.isdigit() and len(issued) < 12):
        return False
    alive = timedelta() <= visit.now - datetime.fromtimestamp(int(issued), visit.now.tzinfo) <= STATE_LIVES
    return alive and hmac.compare_digest(state.encode(), _state(visit, channel, issued).encode())


# there


async def leave(visit: Visit) -> web.Response:
    channel = chosen(visit)
    if not isinstance(channel, Connects):
        raise not_found()
    here = visit.console.public_url
    if not here:
        raise Refusal(409, "Chưa có địa chỉ https công khai", "Xin đặt LOA_PUBLIC_URL rồi khởi động lại Loa.")
    state = _state(visit, channel.name, str(int(visit.now.timestamp())))
    await visit.database.write(_noted_leaving, channel.name, visit.actor, visit.now)
    link = channel.consent_link(f"{here}/staff/channels/{channel.name}/callback", state)
    return web.Response(status=303, headers={"Location": link})


def _noted_leaving(session: Session, channel: str, actor: Actor, now: datetime) -> None:
    note(session, now, actor, "channel.consent", channel)


# and back


async def come_back(visit: Visit) -> web.Response:
    if visit.entered is None:
        return _once_more(visit)
    if not visit.may("people"):
        raise Refusal(403, "Tài khoản này không có quyền làm việc đó", "Xin nhờ quản trị nối lại tài khoản của kênh.")
    account_id, channel = _by_name(visit, visit.request.match_info["channel"])
    brought = _brought(visit.request.query)
    trouble = _trouble(visit, channel, brought)
    if not (brought.state or trouble):
        trouble = NO_STATE
    return await _take(visit, account_id, brought, trouble)


def _once_more(visit: Visit) -> web.Response:
    """Coming from the platform's page, a browser keeps our strict cookie back; from ours it does not."""
    if visit.request.query.get(_AGAIN):
        advice = "Mã vừa nhận không được giữ lại. Xin đăng nhập, vào mục Kênh và bấm “Nối lại tài khoản” lần nữa."
        raise Refusal(401, "Phiên làm việc đã hết", advice)
    return visit.page("consent.html", onwards=str(visit.request.rel_url.update_query({_AGAIN: "1"})))


def _by_name(visit: Visit, name: str) -> tuple[int, Channel]:
    for account_id, channel in visit.console.channels.items():
        if channel.name == name and isinstance(channel, Connects):
            return account_id, channel
    raise not_found()


async def paste(visit: Visit) -> web.Response:
    brought = _pasted(visit.form.raw("pasted").strip())
    return await _take(visit, visit.number("id"), brought, _trouble(visit, chosen(visit), brought))


def _trouble(visit: Visit, channel: Channel, brought: Brought) -> str:
    if brought.state and not _is_ours(visit, channel.name, brought.state):
        return WRONG_STATE
    if brought.owner and brought.owner != channel.account:
        return f"Mã này là của tài khoản {brought.owner}, không phải {channel.account}. Xin chọn đúng tài khoản."
    if not brought.code:
        return DECLINED if brought.declined else NO_CODE
    return ""


async def _take(visit: Visit, account_id: int, brought: Brought, trouble: str) -> web.Response:
    channel = visit.console.channels[account_id]
    if not isinstance(channel, Connects):
        raise not_found()
    if trouble:
        return await page(visit, Outcome(account_id, trouble=trouble), 422)
    try:
        await channel.accept(brought.code)
    except SendError as error:
        await visit.database.write(_noted, channel.name, error.failure.word, visit.actor, visit.now)
        said = error.advice or f"Chưa nối được: {words.reason(error.failure.word)}."
        return await page(visit, Outcome(account_id, trouble=said), 422)
    await visit.database.write(_noted, channel.name, "", visit.actor, visit.now)
    return visit.back("/staff/channels", "connected")


def _noted(session: Session, channel: str, failure: str, actor: Actor, now: datetime) -> None:
    if failure:
        note(session, now, actor, "channel.failed", channel, reason=failure)
    else:
        note(session, now, actor, "channel.connect", channel)
