"""Coming in and going out: sign-in, the one-time link that sets a password, sign-out."""

import asyncio
import re
import unicodedata
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from data import staff
from data.audit import Actor, note
from data.tables import Staff
from handlers.staff.guard import COOKIE
from handlers.staff.visit import Refusal, Visit

LONGEST_PASSWORD = 256
_OUR_PATH = re.compile(r"/staff/[\w\-/?=&.%+]*", re.ASCII)

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
LOCKED = "Sai quá nhiều lần nên tài khoản tạm khoá 15 phút. Xin chờ rồi thử lại, hoặc nhờ quản trị tạo liên kết mới."
TOO_OFTEN = "Máy này vừa thử đăng nhập quá nhiều lần. Xin chờ một phút rồi thử lại."


async def ask(visit: Visit) -> web.Response:
    return await _ask(visit)


async def _ask(visit: Visit, *, status: int = 200, trouble: str = "") -> web.Response:
    anyone = await visit.database.read(staff.anyone)
    username, onwards = visit.form.line("username", 64), _onwards(visit)
    return visit.page("sign_in.html", status=status, trouble=trouble, anyone=anyone, username=username, onwards=onwards)


def _onwards(visit: Visit) -> str:
    """Where to go after signing in: a page of ours, nowhere else."""
    wanted = visit.form.raw("next") or visit.request.query.get("next", "")
    return wanted if _OUR_PATH.fullmatch(wanted) else "/staff/"


async def sign_in(visit: Visit) -> web.Response:
    if visit.pace.wait_seconds(visit.address, visit.now.timestamp()):
        return await _ask(visit, status=429, trouble=TOO_OFTEN)
    username, password = visit.form.line("username", 64), typed_password(visit, "password")
    stored = await visit.database.read(staff.stored_hash, username)
    genuine = await asyncio.to_thread(staff.matches, stored, password)
    found = await visit.database.write(_open_session, username, genuine, visit.address, visit.now)
    if isinstance(found, staff.Refused):
        return await _ask(visit, status=403, trouble=LOCKED if found.locked else WRONG)
    answer = visit.back(_onwards(visit))
    answer.set_cookie(COOKIE, found, path="/staff", httponly=True, samesite="Strict", secure=_is_secure(visit.request))
    return answer


def typed_password(visit: Visit, name: str) -> str:
    # composed, so that one keyboard's "ế" is another's
    return unicodedata.normalize("NFC", visit.form.raw(name))[:LONGEST_PASSWORD]


def _open_session(session: Session, username: str, genuine: bool, address: str, now: datetime) -> str | staff.Refused:
    """A new session's secret, or the refusal."""
    found = staff.signing_in(session, username, genuine, now)
    if isinstance(found, staff.Refused):
        actor = _known(staff.by_username(session, username), address)
        note(session, now, actor, "sign-in.failed", locked=found.locked)
        return found
    note(session, now, _known(found, address), "sign-in")
    return staff.begin_session(session, found, now)


def _known(member: Staff | None, address: str) -> Actor:
    # a name nobody has may be a password typed in the wrong field: it is not kept
    return Actor(member.username, member.id, address) if member else Actor("stranger", None, address)


def _is_secure(request: web.Request) -> bool:
    return request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


async def sign_out(visit: Visit) -> web.Response:
    assert visit.entered
    await visit.database.write(_close_session, visit.entered.session.digest, visit.actor, visit.now)
    answer = visit.back("/staff/sign-in", "out")
    answer.del_cookie(COOKIE, path="/staff", httponly=True, samesite="Strict", secure=_is_secure(visit.request))
    return answer


def _close_session(session: Session, digest: str, actor: Actor, now: datetime) -> None:
    staff.end_session(session, digest, now)
    note(session, now, actor, "sign-out")


async def ask_password(visit: Visit) -> web.Response:
    return await _ask_password(visit)


async def _ask_password(visit: Visit, *, status: int = 200, trouble: str = "") -> web.Response:
    member = await visit.database.read(staff.by_link, visit.request.match_info["secret"], visit.now)
    if member is None or not member.active:
        raise _dead_link()
    return visit.page("password.html", status=status, trouble=trouble, person=member, length=staff.PASSWORD_LENGTH)


async def set_password(visit: Visit) -> web.Response:
    trouble = password_trouble(visit.form.raw("password"), visit.form.raw("again"))
    if trouble:
        return await _ask_password(visit, status=422, trouble=trouble)
    secret, password = visit.request.match_info["secret"], typed_password(visit, "password")
    if await visit.database.read(staff.by_link, secret, visit.now) is None:  # before the slow hash
        raise _dead_link()
    hashed = await asyncio.to_thread(staff.hash_password, password)
    if not await visit.database.write(_keep_password, secret, hashed, visit.address, visit.now):
        raise _dead_link()
    return visit.back("/staff/sign-in", "password")


def _dead_link() -> Refusal:
    advice = "Mỗi liên kết chỉ dùng một lần và hết hạn sau 3 ngày. Xin nhờ quản trị tạo liên kết mới."
    return Refusal(410, "Liên kết này không còn dùng được", advice)


def password_trouble(password: str, again: str) -> str:
    if len(password) < staff.PASSWORD_LENGTH:
        return (
            f"Mật khẩu cần ít nhất {staff.PASSWORD_LENGTH} ký tự; vừa gõ {len(password)}. Một câu dễ nhớ là tốt nhất."
        )
    if len(password) > LONGEST_PASSWORD:
        return f"Mật khẩu dài nhất {LONGEST_PASSWORD} ký tự."
    return "" if password == again else "Hai lần gõ mật khẩu không giống nhau. Xin gõ lại."


def _keep_password(session: Session, secret: str, password_hash: str, address: str, now: datetime) -> bool:
    member = staff.by_link(session, secret, now)
    if member is None or not member.active:
        return False
    staff.set_password(session, secret, password_hash, now)
    note(session, now, _known(member, address), "password.set")
    return True
