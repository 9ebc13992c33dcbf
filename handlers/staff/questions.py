"""What citizens asked, and what was made of it: answered, closed, or turned into knowledge."""

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
from handlers.staff.learning import Near, near
from handlers.staff.reach import Reach, reach_of
from handlers.staff.visit import Console, Refusal, Visit

PAGE = 50
SHOWS = {"waiting": "Cần xem", "all": "Tất cả"}
WITHOUT_WORDS = "(bấm nút)"


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    channel: str
    near: list[Near]
    reach: Reach

    @property
    def has_words(self) -> bool:
        return self.question.text != WITHOUT_WORDS

    @property
    def is_waiting(self) -> bool:
        return self.question.closed_at is None and self.question.outcome in knowledge.WAITING


@dataclass(frozen=True, slots=True)
class Listing:
    asked: list[Asked]
    counts: dict[str, int]  # by what may be shown


async def show(visit: Visit) -> web.Response:
    page, shown = max(1, visit.number("page")), visit.request.query.get("show", "")
    shown = shown if shown in SHOWS else "waiting"
    listing = await visit.database.read(_listing, visit.console, shown, page, visit.now)
    pages = max(1, -(-listing.counts[shown] // PAGE))
    return visit.page("questions.html", listing=listing, shows=SHOWS, shown=shown, page=page, pages=pages)


def _listing(session: Session, console: Console, shown: str, page: int, now: datetime) -> Listing:
    questions = knowledge.questions(session, PAGE, (page - 1) * PAGE, waiting=shown == "waiting")
    entries = near(session, {code for question in questions for code in question.codes})
    channels = {account.id: account.channel for account in console_queries.accounts(session)}
    asked = [
        Asked(
            question,
            channels.get(question.account_id, ""),
            [entries[code] for code in question.codes if code in entries],
            reach_of(session, console, question.citizen_id, now),
        )
        for question in questions
    ]
    return Listing(asked, {each: knowledge.question_count(session, waiting=each == "waiting") for each in SHOWS})


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
