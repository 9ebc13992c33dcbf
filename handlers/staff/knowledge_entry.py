"""One procedure: what it says, what a citizen reads of it, and its way to being approved."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from sqlmodel import Session

from data import knowledge
from data.clock import local_day
from data.tables import Procedure, Question, Staff
from handlers.staff import knowledge_fields as fields
from handlers.staff.knowledge import Ending, ending
from handlers.staff.knowledge_fields import PROCEDURE
from handlers.staff.knowledge_saving import MovedOn, Row, Wish, change, create, take_back
from handlers.staff.preview import as_a_citizen_reads
from handlers.staff.visit import Refusal, Visit

NEW = "/staff/knowledge/procedures/new"


@dataclass(frozen=True, slots=True)
class Editor:
    """What stands in the form; `moved` holds what another person saved in the meantime, by field."""

    values: dict[str, Any]
    row: Row | None = None
    version: int = 0
    question_id: int = 0
    key: str = ""
    troubles: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        return fields.shown(self.values[name])


@dataclass(frozen=True, slots=True)
class Around:
    """What is told beside the form."""

    approver: str
    names: dict[str, str]  # of the related entries
    ending: Ending
    preview: str


def path_of(code: str) -> str:
    return f"/staff/knowledge/procedures/{code}"


async def show(visit: Visit) -> web.Response:
    row = await visit.database.read(knowledge.entry, Procedure, visit.request.match_info["code"])
    return await _page(visit, Editor(fields.of(row, PROCEDURE), row, row.version, key=row.code))


async def ask(visit: Visit) -> web.Response:
    """The empty form; with a question that a citizen asked, this is its first phrasing."""
    question_id = visit.number("question")
    values: dict[str, Any] = {each.name: "" for each in fields.fields_of(PROCEDURE)}
    values["checked_on"] = local_day(visit.now)
    if question_id:
        values["phrasings"] = [(await visit.database.read(_question, question_id)).text]
    return await _page(visit, Editor(values, question_id=question_id))


def _question(session: Session, question_id: int) -> Question:
    return session.get_one(Question, question_id)


async def _page(visit: Visit, editor: Editor, status: int = 200) -> web.Response:
    around = await visit.database.read(_around, visit, editor)
    return visit.page("knowledge_entry.html", status=status, editor=editor, around=around, sections=PROCEDURE)


def _around(session: Session, visit: Visit, editor: Editor) -> Around:
    row = editor.row
    if not isinstance(row, Procedure):
        return Around("", {}, Ending("", ""), "")
    approver = session.get(Staff, row.approved_by) if row.approved_by else None
    called = knowledge.procedure_names(session, row.related)
    related = {code: called.get(code, "") for code in row.related}
    preview = as_a_citizen_reads(row, visit.unit, visit.now)
    return Around(approver.name if approver else "", related, ending(row.valid_to, local_day(visit.now)), preview)


async def save(visit: Visit) -> web.Response:
    code, wish = visit.request.match_info["code"], _wish(visit)
    row = await visit.database.read(knowledge.entry, Procedure, code)
    troubles = await visit.database.read(_troubles, visit, wish)
    if troubles:
        return await _page(visit, Editor(dict(wish.values), row, wish.version, key=code, troubles=troubles), 422)
    try:
        done = await visit.database.write(_save, visit, code, wish)
    except MovedOn as moved:
        return await _page(visit, overtaken(wish, moved.row), 409)
    return visit.back(path_of(code), done)


def overtaken(wish: Wish, row: Row) -> Editor:
    """What was typed stays in the form, and what the other one saved stands beside it."""
    kept = {name: getattr(row, name) for name in wish.values}
    moved = {name: fields.shown(kept[name]) for name in fields.differing(kept, wish.values)}
    key = row.code if isinstance(row, Procedure) else row.key
    return Editor(dict(wish.values), row, row.version, key=key, moved=moved)


def _save(session: Session, visit: Visit, code: str, wish: Wish) -> str:
    return change(session, visit, knowledge.held_entry(session, Procedure, code), wish, PROCEDURE)


def _wish(visit: Visit) -> Wish:
    return Wish(fields.read(visit.form, PROCEDURE), visit.form.count("version"), approves(visit))


def approves(visit: Visit) -> bool:
    """Whether the press was the one that lets the entry answer. Raises `Refusal` when that is not theirs to decide."""
    if visit.form.raw("act") != "approve":
        return False
    if not visit.may("approve"):
        raise Refusal(403, "Việc này cần lãnh đạo duyệt", "Xin lưu lại, rồi nhờ lãnh đạo mở mục này và duyệt.")
    return True


def _troubles(session: Session, visit: Visit, wish: Wish) -> dict[str, str]:
    found = fields.troubles(wish.values, visit.form, PROCEDURE)
    found |= fields.troubles_of_procedure(wish.values, local_day(visit.now))
    related = wish.values["related"]
    unknown = sorted({*related} - {*knowledge.procedure_names(session, related)})
    if unknown:
        found["related"] = f"Không có mục nào mang mã {', '.join(unknown)}."
    return found | (fields.troubles_before_approval(wish.values) if wish.approves else {})


async def add(visit: Visit) -> web.Response:
    wish, code, question_id = _wish(visit), visit.form.line("code", 40), visit.form.count("question")
    troubles = await visit.database.read(_troubles_of_new, visit, wish, code)
    if troubles:
        editor = Editor(dict(wish.values), key=code, question_id=question_id, troubles=troubles)
        return await _page(visit, editor, 422)
    return visit.back(path_of(code), await visit.database.write(_add, visit, wish, code, question_id))


def _troubles_of_new(session: Session, visit: Visit, wish: Wish, code: str) -> dict[str, str]:
    found = _troubles(session, visit, wish)
    if not fields.CODE.fullmatch(code):
        found["code"] = "Mã gồm chữ không dấu, số, dấu chấm, gạch ngang. Ví dụ: 1.001193."
    elif session.get(Procedure, code):
        found["code"] = "Mã này đã có. Xin tìm trong danh sách và sửa ở đó."
    return found


def _add(session: Session, visit: Visit, wish: Wish, code: str, question_id: int) -> str:
    row = Procedure(code=code, updated_at=visit.now, **wish.values)
    return create(session, visit, row, wish, question_id, "entry")


async def list_only(visit: Visit) -> web.Response:
    code = visit.request.match_info["code"]
    await visit.database.write(_list_only, visit, code)
    return visit.back(path_of(code), "entry-listed")


def _list_only(session: Session, visit: Visit, code: str) -> None:
    row = knowledge.held_entry(session, Procedure, code)
    if row.version != visit.form.count("version"):
        raise Refusal(409, "Mục này vừa có người sửa", "Xin mở lại để xem bản mới nhất rồi làm lần nữa.")
    if row.state == "draft" and not visit.may("approve"):
        raise Refusal(403, "Việc này cần lãnh đạo duyệt", "Bản nháp chưa trả lời người dân. Xin nhờ lãnh đạo xem.")
    take_back(session, visit, row)
