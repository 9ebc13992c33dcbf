"""What became of a complaint, by its code."""

import re

from bot.messages import Reply
from data.clock import day_in_words, short_time
from handlers.citizens import texts
from handlers.citizens.facts import phone_in_words
from handlers.citizens.talk import ComplaintView, Conversation, Outcome, Situation

_CODE = re.compile(r"\bpa[ \-–_.]?(\d{4})[ \-–_.]?(\d{1,6})\b(?:\D{1,12}(\d{4})\b)?", re.IGNORECASE)


def code_in(text: str) -> str:
    """The complaint code a text names, however it was typed ("pa 2026 123"); "" when none."""
    found = _CODE.search(text)
    return f"PA-{found[1]}-{int(found[2]):05d}" if found else ""


def _proof_in(text: str) -> str:
    found = _CODE.search(text)
    return (found[3] or "") if found else ""


def asked(situation: Situation) -> Outcome:
    if situation.complaints:
        lines = "\n".join(f"• {_line(complaint)}" for complaint in situation.complaints)
        return Outcome((Reply(f"Dạ, phản ánh ông/bà đã gửi từ đây:\n{lines}\n\n{_ask(situation)}"),))
    return Outcome((Reply(_ask(situation)),))


def _ask(situation: Situation) -> str:
    return texts.TRACK_ASK.format(example=f"PA-{situation.now.year}-00123")


def looked_up(situation: Situation) -> Outcome:
    code = code_in(situation.incoming.text)
    complaint = situation.complaint
    if complaint is None:
        return Outcome((Reply(texts.TRACK_UNKNOWN.format(code=code)),))
    proof = _proof_in(situation.incoming.text)
    if not complaint.mine and (not proof or proof != complaint.contact_tail):
        return Outcome((Reply(f"Dạ, {_line(complaint)}.\n\n{texts.TRACK_PROOF.format(code=code)}"),))
    return Outcome((Reply(_full(complaint)),), conversation=Conversation())


def _line(complaint: ComplaintView) -> str:
    due = f", hạn trả lời {day_in_words(complaint.due_on)}" if complaint.due_on and not complaint.answered_at else ""
    return f"{complaint.code}: {texts.STATES[complaint.state]}{due}"


def _full(complaint: ComplaintView) -> str:
    lines = [f"Dạ, {_line(complaint)}.", f"Ngày nhận: {short_time(complaint.received_at)}."]
    if complaint.answer and complaint.answered_at:
        lines.append(f"Trả lời ngày {short_time(complaint.answered_at)}:\n{complaint.answer}")
    return "\n\n".join(lines)


def file_status(situation: Situation) -> Outcome:
    unit = situation.unit
    text = texts.FILE_STATUS.format(portal=unit.portal, centre=unit.centre, phone=phone_in_words(situation))
    return Outcome((Reply(text),))
