"""From a question to knowledge: choose the entry it belongs to, see what that changes, and only then save."""

import asyncio
from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from data import knowledge
from data.tables import Neighbour, Procedure, Question
from handlers.staff import learning, neighbours
from handlers.staff.forms import tidy
from handlers.staff.knowledge import names_of, nearness
from handlers.staff.learning import Near, Target, near
from handlers.staff.visit import Refusal, Visit, not_found

MOST = 20  # entries found by a search that are shown
LONGEST = 300
_TABLES: dict[str, type[Procedure] | type[Neighbour]] = {"procedure": Procedure, "neighbour": Neighbour}


@dataclass(frozen=True, slots=True)
class Choice:
    question: Question
    near: list[Near]
    found: list[Near]
    total: int  # of those found


async def choose(visit: Visit) -> web.Response:
    """Which procedure the question belongs to."""
    return await _choose(visit, "teach.html", "procedure")


async def choose_neighbour(visit: Visit) -> web.Response:
    """Whose matter it is, when it is not the commune's."""
    return await _choose(visit, "scope.html", "neighbour")


async def _choose(visit: Visit, template: str, kind: str) -> web.Response:
    words = tidy(visit.request.query.get("q", "")).strip()[:100]
    choice = await visit.database.read(_choice, visit.number("id"), kind, words)
    return visit.page(template, choice=choice, words=words)


def _choice(session: Session, question_id: int, kind: str, words: str) -> Choice:
    question = _question(session, question_id)
    entries = near(session, question.codes)
    close = [entries[code] for code in question.codes if code in entries and entries[code].kind == kind]
    found = _found(session, kind, words) if words else []
    return Choice(question, close, found[:MOST], len(found))


def _found(session: Session, kind: str, words: str) -> list[Near]:
    """The entries of that name, the nearest first."""
    ours = knowledge.answering(session) if kind == "procedure" else []
    theirs = knowledge.neighbours(session) if kind == "neighbour" else []
    called = [
        *((nearness(names_of(row), words), Near(kind, row.code, row.name, row.code)) for row in ours),
        *((nearness(neighbours.names_of(row), words), Near(kind, row.key, row.name, row.owner)) for row in theirs),
    ]
    return [entry for how, entry in sorted(called, key=lambda one: (-one[0], one[1].name)) if how]


def _question(session: Session, question_id: int) -> Question:
    return session.get_one(Question, question_id)


async def try_out(visit: Visit) -> web.Response:
    query = visit.request.query
    target = _target(query.get("kind", ""), query.get("key", ""))
    question = await visit.database.read(_question, visit.number("id"))
    return await _effect(visit, question, target, question.text[:LONGEST])


async def _effect(visit: Visit, question: Question, target: Target, phrasing: str) -> web.Response:
    row = await visit.database.read(knowledge.entry, target.table, target.key)
    known, before = await visit.database.read(learning.known), visit.console.learned()
    effect = await asyncio.to_thread(learning.effect, known, target, phrasing, before)
    return visit.page(
        "effect.html", question=question, target=target, row=row, phrasing=phrasing, effect=effect,
        names=known.names(), keeps=visit.form.ticked("keep") or visit.request.method == "GET",
    )  # fmt: skip


async def save(visit: Visit) -> web.Response:
    """Words that were changed after they were tried are tried again first."""
    form, question_id = visit.form, visit.number("id")
    target, phrasing = _target(form.raw("kind"), form.raw("key")), form.line("words", LONGEST)
    if not phrasing:
        raise Refusal(400, "Câu hỏi còn trống", "Xin quay lại và viết câu hỏi như người dân gõ.")
    if phrasing != form.line("tried", LONGEST):
        return await _effect(visit, await visit.database.read(_question, question_id), target, phrasing)
    await visit.database.write(learning.teach, visit, question_id, target, phrasing, keeps=form.ticked("keep"))
    return visit.back("/staff/questions", "taught")


def _target(kind: str, key: str) -> Target:
    if kind not in _TABLES:
        raise not_found()
    return Target(_TABLES[kind], key)


async def remember(visit: Visit) -> web.Response:
    await visit.database.write(_remember, visit)
    return visit.back("/staff/questions", "foreign")


def _remember(session: Session, visit: Visit) -> None:
    question = _question(session, visit.number("id"))
    learning.remember_as_foreign(session, visit, visit.number("id"), question.text[:LONGEST])
