"""What a clerk does with a complaint: take it on, pass it on, note, answer."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from data import complaints, console_queries
from data.audit import note
from data.clock import time_in_words
from data.tables import Complaint, ComplaintState, Staff
from handlers.citizens import texts
from handlers.staff import words
from handlers.staff.notices import tell_citizen
from handlers.staff.visit import Refusal, Visit

Change = Callable[[Session, Complaint], str]
"""The name of the sentence in words.DONE that says what was done."""

LONGEST_ANSWER = 6000


async def move(visit: Visit) -> web.Response:
    state = visit.form.raw("state")
    if state not in words.MOVES:
        raise Refusal(400, "Chưa chọn trạng thái", "Xin quay lại và bấm một nút trạng thái.")

    def change(session: Session, complaint: Complaint) -> str:
        complaints.move(session, complaint, ComplaintState(state), visit.actor, visit.now)
        notice = texts.STATE_NOTICE.format(code=complaint.code, state=texts.STATES[state])
        return "told" if visit.form.ticked("tell") and _tell(session, visit, complaint, notice) else "moved"

    return await _changed(visit, change)


async def assign(visit: Visit) -> web.Response:
    wanted = visit.form.raw("to")

    def change(session: Session, complaint: Complaint) -> str:
        member = session.get(Staff, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
        if member is None or not member.active:
            raise Refusal(400, "Chưa chọn người xử lý", "Xin quay lại và chọn một người trong danh sách.")
        console_queries.assign(session, complaint, member, visit.actor, visit.now)
        return "assigned"

    return await _changed(visit, change)


async def categorise(visit: Visit) -> web.Response:
    category = visit.form.line("category", 60)
    if category not in words.CATEGORIES:
        raise Refusal(400, "Chưa chọn lĩnh vực", "Xin quay lại và chọn một lĩnh vực trong danh sách.")

    def change(session: Session, complaint: Complaint) -> str:
        if complaint.category != category:
            console_queries.categorise(session, complaint, category, visit.actor, visit.now)
        return "categorised"

    return await _changed(visit, change)


async def jot(visit: Visit) -> web.Response:
    text = visit.form.text("words")
    if not text:
        raise Refusal(400, "Ghi chú còn trống", "Xin quay lại và viết ghi chú.")

    def change(session: Session, complaint: Complaint) -> str:
        console_queries.jot(session, complaint, text, visit.actor, visit.now)
        note(session, visit.now, visit.actor, "complaint.note", complaint.code, characters=len(text))
        return "noted"

    return await _changed(visit, change)


async def answer(visit: Visit) -> web.Response:
    text = visit.form.text("words", LONGEST_ANSWER)
    if not text:
        raise Refusal(400, "Câu trả lời còn trống", "Xin quay lại và viết câu trả lời.")

    def change(session: Session, complaint: Complaint) -> str:
        complaints.answer(session, complaint, text, visit.actor, visit.now)
        unit = visit.unit.name
        notice = texts.ANSWERED_NOTICE.format(unit=unit, code=complaint.code, answer=text)
        return "answered" if _tell(session, visit, complaint, notice) else "recorded"

    return await _changed(visit, change)


async def _changed(visit: Visit, change: Change) -> web.Response:
    """Make a change to the complaint of this address, in one transaction, unless another came before it."""
    code = visit.request.match_info["code"]
    done = await visit.database.write(_held_and_changed, visit, code, change)
    if done in ("told", "answered"):
        visit.console.wake()
    return visit.back(f"/staff/complaints/{code}", done)


def _held_and_changed(session: Session, visit: Visit, code: str, change: Change) -> str:
    complaint = console_queries.held_complaint(session, code)
    text = visit.form.text("words", LONGEST_ANSWER)
    if visit.form.raw("seen") != complaint.updated_at.isoformat():
        if text and text == complaint.answer:
            return "answered"  # the button was pressed twice
        raise _overtaken(complaint.updated_at, text)
    return change(session, complaint)


def _overtaken(at: datetime, typed: str) -> Refusal:
    return Refusal(
        409,
        "Phản ánh này vừa có người khác thay đổi",
        f"Lần đổi gần nhất: {time_in_words(at)}. Việc vừa rồi chưa được lưu; xin mở lại phản ánh để xem rồi làm tiếp.",
        typed=typed,
    )


def _tell(session: Session, visit: Visit, complaint: Complaint, text: str) -> bool:
    return tell_citizen(session, complaint, text, visit.console, visit.member_id, visit.now)
