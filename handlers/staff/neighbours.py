"""Matters that are not the commune's: whose they are, and what a citizen is told."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from aiohttp import web
from sqlmodel import Session

from bot.vietnamese.fold import fold
from data import knowledge
from data.tables import Neighbour, Question
from handlers.staff import knowledge_fields as fields
from handlers.staff.forms import tidy
from handlers.staff.knowledge import nearness
from handlers.staff.knowledge_entry import Editor, approves, overtaken
from handlers.staff.knowledge_fields import NEIGHBOUR
from handlers.staff.knowledge_saving import MovedOn, Wish, change, create
from handlers.staff.visit import Visit
from handlers.staff.words import KNOWLEDGE

PAGE = 50


def path_of(key: str) -> str:
    return f"/staff/knowledge/neighbours/{key}"


async def show_all(visit: Visit) -> web.Response:
    words, page = tidy(visit.request.query.get("q", "")).strip()[:100], max(1, visit.number("page"))
    rows = [row for row in await visit.database.read(knowledge.all_neighbours) if nearness(names_of(row), words)]
    here = rows[(page - 1) * PAGE : page * PAGE]
    pages = max(1, -(-len(rows) // PAGE))
    return visit.page("neighbours.html", rows=here, total=len(rows), words=words, page=page, pages=pages)


def names_of(row: Neighbour) -> tuple[str, ...]:
    return row.name, row.owner, *row.aliases


async def show(visit: Visit) -> web.Response:
    row = await visit.database.read(knowledge.entry, Neighbour, visit.request.match_info["key"])
    return _page(visit, Editor(fields.of(row, NEIGHBOUR), row, row.version, key=row.key))


async def ask(visit: Visit) -> web.Response:
    question_id = visit.number("question")
    values: dict[str, Any] = {each.name: "" for each in fields.fields_of(NEIGHBOUR)}
    if question_id:
        values["phrasings"] = [await visit.database.read(_words_of, question_id)]
    return _page(visit, Editor(values, question_id=question_id))


def _words_of(session: Session, question_id: int) -> str:
    return session.get_one(Question, question_id).text


def _page(visit: Visit, editor: Editor, status: int = 200) -> web.Response:
    return visit.page("neighbour.html", status=status, editor=editor, sections=NEIGHBOUR, states=KNOWLEDGE)


async def save(visit: Visit) -> web.Response:
    key, wish = visit.request.match_info["key"], _wish(visit)
    row = await visit.database.read(knowledge.entry, Neighbour, key)
    troubles = fields.troubles(wish.values, visit.form, NEIGHBOUR)
    if troubles:
        return _page(visit, Editor(dict(wish.values), row, wish.version, key=key, troubles=troubles), 422)
    try:
        done = await visit.database.write(_save, visit, key, wish)
    except MovedOn as moved:
        return _page(visit, overtaken(wish, moved.row), 409)
    return visit.back(path_of(key), done)


def _save(session: Session, visit: Visit, key: str, wish: Wish) -> str:
    return change(session, visit, knowledge.held_entry(session, Neighbour, key), wish, NEIGHBOUR)


def _wish(visit: Visit) -> Wish:
    return Wish(fields.read(visit.form, NEIGHBOUR), visit.form.count("version"), approves(visit))


async def add(visit: Visit) -> web.Response:
    wish, question_id = _wish(visit), visit.form.count("question")
    troubles = fields.troubles(wish.values, visit.form, NEIGHBOUR)
    if troubles:
        return _page(visit, Editor(dict(wish.values), question_id=question_id, troubles=troubles), 422)
    key, done = await visit.database.write(_add, visit, wish, question_id)
    return visit.back(path_of(key), done)


def _add(session: Session, visit: Visit, wish: Wish, question_id: int) -> tuple[str, str]:
    key = next(key for key in keys_for(wish.values["name"]) if session.get(Neighbour, key) is None)
    row = Neighbour(key=key, updated_at=visit.now, **wish.values)
    return key, create(session, visit, row, wish, question_id, "scope")


def keys_for(name: str) -> Iterator[str]:
    """The name without marks, "cap-ho-chieu"; a second one of the same name is "cap-ho-chieu-2"."""
    key = re.sub(r"[^a-z0-9]+", "-", fold(name))[:60].strip("-") or "viec"
    yield key
    yield from (f"{key}-{number}" for number in count(2))
