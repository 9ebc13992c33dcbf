"""Rights over one's own data, and what must not be kept at all."""

from dataclasses import replace

from bot.messages import Reply
from handlers.citizens import texts
from handlers.citizens.facts import phone_in_words
from handlers.citizens.talk import Agree, AlertStaff, Conversation, Forget, KeepQuestion, Outcome, Situation


def shown(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.PRIVACY),))


def erasure(situation: Situation) -> Outcome:
    """A request with a clock of its own: staff carry it out, since the register must be kept and the rest must not."""
    changes = (
        KeepQuestion("staff", "Yêu cầu xoá dữ liệu cá nhân"),
        AlertStaff("Có yêu cầu xoá dữ liệu cá nhân. Phải trả lời trong 2 ngày làm việc."),
        Agree("news", False, "xoá dữ liệu"),
    )
    return Outcome((Reply(texts.ERASE),), changes, Conversation())


def withdrawn(situation: Situation) -> Outcome:
    """Asked through the platform: no reply can be expected to arrive."""
    return Outcome((), erasure(situation).changes, Conversation())


FORGOT = "guided"  # what the inbox keeps of it: not even that it was a denunciation


def denunciation(situation: Situation) -> Outcome:
    """Guide to the right desk and keep nothing, nor what was typed into the form on the way here."""
    earlier = tuple(situation.conversation.slots.get("arrivals", ()))
    return Outcome(
        (Reply(_guided(situation, texts.DENUNCIATION)),),
        (Forget((*earlier, situation.arrival_id)),),
        Conversation(),
        is_secret=True,
    )


def perhaps_denunciation(situation: Situation) -> Outcome:
    """The same for what only sounds like one; whoever meant a complaint can still send it as such."""
    outcome = denunciation(situation)
    [reply] = outcome.replies
    return replace(outcome, replies=(replace(reply, buttons=texts.COMPLAIN_BUTTONS[:1]),))


def _guided(situation: Situation, words: str) -> str:
    address = f", {situation.unit.address}" if situation.unit.address else ""
    return words.format(unit=situation.unit.name, address=address, phone=phone_in_words(situation))
