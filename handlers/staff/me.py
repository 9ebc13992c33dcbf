"""A member's own account: what they may do, where they are signed in, their password, their Telegram."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from data import staff
from data.audit import Actor, note
from data.tables import Staff, StaffSession
from handlers.staff import entry, words
from handlers.staff.visit import Refusal, Visit

HERE = "/staff/me"
SHOWN_OF_DIGEST = 16  # names a session in a form; its digest stays here
WRONG = "Mật khẩu hiện tại không đúng."


@dataclass(frozen=True, slots=True)
class Open:
    """A session in force."""

    key: str
    row: StaffSession
    address: str
    is_here: bool


async def show(visit: Visit) -> web.Response:
    return await _page(visit)


async def _page(
    visit: Visit, *, status: int = 200, troubles: Mapping[str, str] | None = None, link: str = ""
) -> web.Response:
    sessions = await visit.database.read(_sessions, visit)
    rights = [words.RIGHTS[name] for name in words.RIGHTS if visit.may(name)]
    return visit.page(
        "me.html", status=status, sessions=sessions, rights=rights, troubles=troubles or {}, link=link,
        has_chat=bool(visit.console.staff_link("-")), length=staff.PASSWORD_LENGTH,
    )  # fmt: skip


def _sessions(session: Session, visit: Visit) -> list[Open]:
    rows = staff.open_sessions(session, visit.member, visit.now)
    return [Open(row.digest[:SHOWN_OF_DIGEST], row, address, row.digest == _digest(visit)) for row, address in rows]


def _digest(visit: Visit) -> str:
    assert visit.entered
    return visit.entered.session.digest


# sessions


async def end_sessions(visit: Visit) -> web.Response:
    """The one that is named, or all but this."""
    await visit.database.write(_end, visit, visit.form.raw("session"))
    return visit.back(HERE, "sessions-ended")


def _end(session: Session, visit: Visit, key: str) -> None:
    others = [each for each in _sessions(session, visit) if not each.is_here]
    ended = [each for each in others if key in ("", each.key)]
    for each in ended:
        staff.end_session(session, each.row.digest, visit.now)
    if ended:
        note(session, visit.now, visit.actor, "session.end", sessions=len(ended))


# password


async def change_password(visit: Visit) -> web.Response:
    trouble = entry.password_trouble(visit.form.raw("password"), visit.form.raw("again"))
    if trouble:
        return await _page(visit, status=422, troubles={"password": trouble})
    if visit.pace.wait_seconds(visit.address, visit.now.timestamp()):
        return await _page(visit, status=429, troubles={"current": entry.TOO_OFTEN})
    stored = await visit.database.read(staff.stored_hash, visit.member.username)
    if not await asyncio.to_thread(staff.matches, stored, entry.typed_password(visit, "current")):
        await visit.database.write(_noted_failure, visit.actor, visit.now)
        return await _page(visit, status=422, troubles={"current": WRONG})
    hashed = await asyncio.to_thread(staff.hash_password, entry.typed_password(visit, "password"))
    await visit.database.write(_keep_password, visit, hashed)
    return visit.back(HERE, "password-changed")


def _noted_failure(session: Session, actor: Actor, now: datetime) -> None:
    note(session, now, actor, "password.failed")


def _keep_password(session: Session, visit: Visit, hashed: str) -> None:
    member = session.get_one(Staff, visit.member_id)
    staff.change_password(session, member, hashed, visit.now, here=_digest(visit))
    note(session, visit.now, visit.actor, "password.change")


# Telegram


async def ask_chat(visit: Visit) -> web.Response:
    """A link that is shown once: whoever opens it in Telegram is this member there."""
    if not visit.console.staff_link("-"):
        raise Refusal(409, "Chưa nối được Telegram", "Loa chưa dùng bot Telegram nào. Xin nhờ quản trị cài đặt trước.")
    secret = await visit.database.write(_chat_secret, visit)
    return await _page(visit, link=visit.console.staff_link(secret))


def _chat_secret(session: Session, visit: Visit) -> str:
    note(session, visit.now, visit.actor, "chat.link")
    return staff.new_chat_secret(session, session.get_one(Staff, visit.member_id), visit.now)


async def leave_chat(visit: Visit) -> web.Response:
    await visit.database.write(_leave_chat, visit)
    return visit.back(HERE, "unlinked")


def _leave_chat(session: Session, visit: Visit) -> None:
    member = session.get_one(Staff, visit.member_id)
    if member.chat_person:
        staff.unlink_chat(session, member)
        note(session, visit.now, visit.actor, "chat.unlink")
