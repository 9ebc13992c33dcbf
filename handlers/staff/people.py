"""Members of staff: who may come in, with which role, and their one-time links."""

import re
from collections.abc import Mapping
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from data import console_queries, staff
from data.audit import Actor, note
from data.tables import Staff
from handlers.staff.visit import Refusal, Visit

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
TAKEN = "Tên đăng nhập này đã có người dùng."


async def show(visit: Visit) -> web.Response:
    return await _show(visit)


async def _show(
    visit: Visit, troubles: Mapping[str, str] | None = None, link: str = "", person: Staff | None = None
) -> web.Response:
    members = await visit.database.read(console_queries.members)
    status = 422 if troubles else 200
    return visit.page(
        "people.html", status=status, members=members, troubles=troubles or {}, link=link, person=person,
        roles=list(staff.RIGHTS),
    )  # fmt: skip


async def add(visit: Visit) -> web.Response:
    troubles = _troubles(visit)
    if troubles:
        return await _show(visit, troubles)
    added = await visit.database.write(_add, visit)
    if added is None:
        return await _show(visit, {"username": TAKEN})
    return await _show(visit, link=_link(visit, added[1]), person=added[0])


def _troubles(visit: Visit) -> dict[str, str]:
    form, troubles = visit.form, {}
    if not _USERNAME.fullmatch(form.line("username").lower()):
        troubles["username"] = "Từ 3 đến 32 ký tự: chữ không dấu, số, dấu chấm hoặc gạch."
    if not form.line("name"):
        troubles["name"] = "Xin ghi họ và tên."
    if form.raw("role") not in staff.RIGHTS:
        troubles["role"] = "Xin chọn vai trò."
    return troubles


def _add(session: Session, visit: Visit) -> tuple[Staff, str] | None:
    form = visit.form
    username = form.line("username").lower()
    if staff.by_username(session, username):
        return None
    member = staff.add(session, username, form.line("name", 120), form.raw("role"), visit.now)
    note(session, visit.now, visit.actor, "person.new", username, role=member.role)
    return member, staff.new_link(session, member, visit.now)


def _link(visit: Visit, secret: str) -> str:
    secure = visit.request.secure or visit.request.headers.get("X-Forwarded-Proto", "").lower() == "https"
    host = visit.request.headers.get("X-Forwarded-Host") or visit.request.host
    return f"{'https' if secure else 'http'}://{host}/staff/link/{secret}"


async def renew_link(visit: Visit) -> web.Response:
    member, secret = await visit.database.write(_renew, visit.number("id"), visit.actor, visit.now)
    return await _show(visit, link=_link(visit, secret), person=member)


def _renew(session: Session, staff_id: int, actor: Actor, now: datetime) -> tuple[Staff, str]:
    member = session.get_one(Staff, staff_id)
    note(session, now, actor, "person.link", member.username)
    return member, staff.new_link(session, member, now)


async def switch_off(visit: Visit) -> web.Response:
    if visit.number("id") == visit.member_id:
        raise Refusal(409, "Không tự ngừng tài khoản của mình", "Xin nhờ một quản trị khác làm việc này.")
    await visit.database.write(_switch, visit.number("id"), visit.actor, visit.now, active=False)
    return visit.back("/staff/people", "off")


async def switch_on(visit: Visit) -> web.Response:
    await visit.database.write(_switch, visit.number("id"), visit.actor, visit.now, active=True)
    return visit.back("/staff/people", "on")


def _switch(session: Session, staff_id: int, actor: Actor, now: datetime, *, active: bool) -> None:
    member = session.get_one(Staff, staff_id)
    member.active = active
    session.add(member)
    if not active:
        staff.end_sessions(session, member, now)
    note(session, now, actor, "person.on" if active else "person.off", member.username)
