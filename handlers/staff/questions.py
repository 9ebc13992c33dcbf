"""What the bot could not answer, and who asked for a person."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from bot.messages import Reply
from data import console_queries, knowledge
from data.audit import Actor, note
from data.clock import to_ms
from data.tables import Citizen, DeliveryKind, Question
from handlers.citizens import texts
from handlers.speaking import About, say
from handlers.staff.reach import Reach, reach_of
from handlers.staff.visit import Console, Refusal, Visit

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    channel: str
    guesses: list[str]
    reach: Reach


async def show(visit: Visit) -> web.Response:
    page = max(1, visit.number("page"))
    asked, total = await visit.database.read(_asked, visit.console, page, visit.now)
    return visit.page("questions.html", asked=asked, total=total, page=page, pages=max(1, -(-total // PAGE)))


def _asked(session: Session, console: Console, page: int, now: datetime) -> tuple[list[Asked], int]:
    questions = knowledge.open_questions(session, PAGE, (page - 1) * PAGE)
    names = console_queries.procedure_names(session, {code for question in questions for code in question.codes})
    channels = {account.id: account.channel for account in console_queries.accounts(session)}
    asked = [
        Asked(
            question,
            channels.get(question.account_id, ""),
            [names.get(code, code) for code in question.codes],
            reach_of(session, console, question.citizen_id, now),
        )
        for question in questions
    ]
    return asked, console_queries.open_question_count(session)


async def close(visit: Visit) -> web.Response:
    await visit.database.write(_close, visit.number("id"), visit.actor, visit.now)
    return visit.back("/staff/questions", "closed")


def _close(session: Session, question_id: int, actor: Actor, now: datetime) -> None:
    if console_queries.held_question(session, question_id).closed_at is None:
        assert actor.staff_id
        knowledge.close_question(session, question_id, actor.staff_id, now)
        note(session, now, actor, "question.close", str(question_id))


async def answer(visit: Visit) -> web.Response:
    text = visit.form.text("words")
    if not text:
        raise Refusal(400, "Câu trả lời còn trống", "Xin quay lại và viết câu trả lời.")
    await visit.database.write(_answer, visit, visit.number("id"), text)
    visit.console.wake()
    return visit.back("/staff/questions", "replied")


def _answer(session: Session, visit: Visit, question_id: int, text: str) -> None:
    question = console_queries.held_question(session, question_id)
    if question.closed_at:
        raise Refusal(409, "Câu hỏi này đã có người xem xong", "Câu trả lời vừa gõ chưa được gửi.", typed=text)
    citizen, limits = session.get_one(Citizen, question.citizen_id), visit.console.limits(question.account_id)
    if limits is None:
        raise Refusal(409, "Kênh này hiện không được kết nối", "Câu trả lời chưa được gửi.", typed=text)
    notice = texts.STAFF_WRITES.format(unit=visit.unit.name, words=text)
    about = About(DeliveryKind.NOTICE, staff_id=visit.member_id)
    say(session, citizen, [Reply(notice)], limits, about, to_ms(visit.now))
    knowledge.close_question(session, question_id, visit.member_id, visit.now)
    note(session, visit.now, visit.actor, "question.answer", str(question_id), characters=len(text))
