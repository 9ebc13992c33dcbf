"""The commune's own exam: questions, and what the bot must make of each."""

from aiohttp import web
from sqlmodel import Session

from data import knowledge
from data.audit import note
from data.tables import GoldenQuestion
from handlers.staff.knowledge_fields import lines
from handlers.staff.learning import OUTCOMES, Near, near
from handlers.staff.visit import Visit

PAGE = 50


async def show(visit: Visit) -> web.Response:
    return await _show(visit, {})


async def _show(visit: Visit, troubles: dict[str, str]) -> web.Response:
    page = max(1, visit.number("page"))
    exam, entries = await visit.database.read(_exam)
    here = exam[(page - 1) * PAGE : page * PAGE]
    pages = max(1, -(-len(exam) // PAGE))
    return visit.page(
        "golden.html", status=422 if troubles else 200, exam=here, total=len(exam), entries_of=entries, page=page,
        pages=pages, troubles=troubles,
    )  # fmt: skip


def _exam(session: Session) -> tuple[list[GoldenQuestion], dict[str, Near]]:
    exam = knowledge.golden(session)[::-1]
    return exam, near(session, {code for question in exam for code in question.codes})


async def add(visit: Visit) -> web.Response:
    troubles = await visit.database.read(_troubles, visit)
    if troubles:
        return await _show(visit, troubles)
    await visit.database.write(_add, visit)
    return visit.back("/staff/knowledge/golden", "golden-kept")


def _codes(visit: Visit) -> list[str]:
    return [] if visit.form.raw("outcome") == "unknown" else lines(visit.form.text("codes"))


def _troubles(session: Session, visit: Visit) -> dict[str, str]:
    codes, found = _codes(visit), {}
    entries = near(session, codes)
    unknown = [code for code in codes if code not in entries]
    if not visit.form.line("text"):
        found["text"] = "Xin viết câu hỏi như người dân gõ."
    if visit.form.raw("outcome") not in OUTCOMES:
        found["outcome"] = "Xin chọn kết quả đúng."
    if unknown:
        found["codes"] = f"Không có mục nào mang mã {', '.join(unknown)}."
    elif not codes and visit.form.raw("outcome") == "answer":
        found["codes"] = "Xin ghi mã thủ tục là câu trả lời đúng."
    return found


def _add(session: Session, visit: Visit) -> None:
    outcome = visit.form.raw("outcome")
    knowledge.keep_golden(session, visit.form.line("text"), outcome, _codes(visit), visit.now)
    note(session, visit.now, visit.actor, "golden.new", outcome=outcome)


async def drop(visit: Visit) -> web.Response:
    await visit.database.write(_drop, visit)
    return visit.back("/staff/knowledge/golden", "golden-dropped")


def _drop(session: Session, visit: Visit) -> None:
    found = session.get(GoldenQuestion, visit.number("id"))
    if found:
        session.delete(found)
        note(session, visit.now, visit.actor, "golden.delete", str(found.id))
