"""A person of the office: called by the citizen, or already speaking."""

from dataclasses import replace
from datetime import timedelta

from bot.messages import Reply
from handlers.citizens import texts
from handlers.citizens.talk import AlertStaff, KeepQuestion, Outcome, Situation

QUIET_FOR = timedelta(minutes=30)


def called(situation: Situation) -> Outcome:
    urgent = texts.STAFF_URGENT.format(phone=situation.unit.phone) if situation.unit.phone else ""
    words = " ".join(part for part in (texts.STAFF, urgent) if part)
    alert = AlertStaff("Có người dân muốn gặp cán bộ. Xem mục “Câu hỏi” trong trang làm việc.")
    return Outcome((Reply(words),), (KeepQuestion("staff", situation.incoming.text or "(bấm nút)"), alert))


def spoke(situation: Situation) -> Outcome:
    """A member of staff answered in the platform's own inbox: we keep quiet for a while."""
    quiet = replace(situation.conversation, human_until=situation.now + QUIET_FOR)
    return Outcome(conversation=quiet)


def is_speaking(situation: Situation) -> bool:
    until = situation.conversation.human_until
    return until is not None and until > situation.now


def silent(situation: Situation) -> Outcome:
    return Outcome()
