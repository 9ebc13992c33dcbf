"""Questions about a procedure: a fact with its source, a few choices, whose matter it is, or an honest no."""

from dataclasses import replace

from bot.messages import Button, Reply
from bot.vietnamese.understanding import Understood
from handlers.citizens import facts, texts
from handlers.citizens.talk import Conversation, KeepQuestion, Outcome, ProcedureFacts, Situation

NOTHING_IN_MIND = Conversation()
REMEMBERED = 4  # topics one can go back to
MOST_RELATED = 2


def asked(situation: Situation) -> Outcome:
    """A free question: what was understood decides."""
    understood = situation.understood
    outcome = _ANSWERS[understood.outcome](situation, understood)
    return replace(outcome, changes=(*outcome.changes, _question(situation, understood)))


def pressed(situation: Situation) -> Outcome:
    """`proc:CODE` or `proc:CODE:FACET`; the code stands in the press, so that an old button still means the same."""
    _, code, *rest = situation.payload.split(":")
    return told(situation, code, rest[0] if rest else "")


def none_of_these(situation: Situation) -> Outcome:
    return Outcome((_unknown_reply(situation),), conversation=_nothing_in_mind(situation))


def which(situation: Situation) -> Outcome:
    """Help is wanted, and not said with what."""
    return Outcome((Reply(texts.WHICH_PROCEDURE, texts.MENU_BUTTONS),))


def told(situation: Situation, code: str, facet: str) -> Outcome:
    known = situation.knowledge.procedures.get(code)
    if known is None:
        return which(situation)
    conversation = _about(situation.conversation, code)  # a form that is open stays open
    reply = facts.reply(situation, known, facet)
    if not facet and not known.listed_only:
        reply = replace(reply, buttons=(*reply.buttons, *_related(situation, known)))
    return Outcome((reply,), conversation=conversation)


def _about(conversation: Conversation, code: str) -> Conversation:
    before = (conversation.procedure, *conversation.recent)
    recent = tuple(dict.fromkeys(topic for topic in before if topic and topic != code))
    return replace(conversation, procedure=code, recent=recent[:REMEMBERED])


def _related(situation: Situation, known: ProcedureFacts) -> tuple[Button, ...]:
    """What people in the same situation of life also need."""
    also = [situation.knowledge.procedures[code] for code in known.related if code in situation.knowledge.procedures]
    return tuple(Button(texts.RELATED.format(short=other.short), f"proc:{other.code}") for other in also[:MOST_RELATED])


def _answer(situation: Situation, understood: Understood) -> Outcome:
    # who asks several things at once gets the whole
    return told(situation, understood.codes[0], understood.facet if len(understood.facets) < 2 else "")


def _several(situation: Situation, understood: Understood) -> Outcome:
    """Both matters, in the order in which they were asked."""
    outcomes = [told(situation, code, understood.facet) for code in reversed(understood.codes)]
    replies = tuple(reply for outcome in reversed(outcomes) for reply in outcome.replies)
    first, conversation = understood.codes[0], outcomes[-1].conversation or situation.conversation
    if len(understood.codes) > 1:
        conversation = _about(_about(conversation, understood.codes[1]), first)
    foreign = (_foreign_reply(situation, understood),) if understood.neighbour else ()
    return Outcome((Reply(texts.SEVERAL), *replies, *foreign), conversation=conversation)


def _not_ours(situation: Situation, understood: Understood) -> Outcome:
    return Outcome((_foreign_reply(situation, understood),))


def _foreign_reply(situation: Situation, understood: Understood) -> Reply:
    neighbour = situation.knowledge.neighbours[understood.neighbour]
    words = texts.NOT_OURS if neighbour.owner else texts.NOBODYS
    text = words.format(name=neighbour.name, unit=situation.unit.name, owner=neighbour.owner, advice=neighbour.advice)
    return Reply(text.strip(), texts.UNKNOWN_BUTTONS)


def _ask_back(situation: Situation, understood: Understood) -> Outcome:
    facet = f":{understood.facet}" if understood.facet in texts.FACET_TITLES else ""
    known = [situation.knowledge.procedures[code] for code in understood.choices]
    titles = distinguishing([each.short for each in known])
    buttons = tuple(Button(title, f"proc:{each.code}{facet}") for title, each in zip(titles, known, strict=True))
    conversation = _nothing_in_mind(situation)
    return Outcome((Reply(texts.CHOICES, (*buttons, texts.NONE_OF_THESE)),), conversation=conversation)


def distinguishing(titles: list[str]) -> list[str]:
    """The titles without the words that all of them begin with, where something is left of each."""
    words = [title.split() for title in titles]
    shared = 0
    while len(titles) > 1 and len({tuple(each[: shared + 1]) for each in words}) == 1:
        shared += 1
    if shared < 2 or any(len(each) <= shared for each in words):
        return titles
    rests = [" ".join(each[shared:]) for each in words]
    return [rest[0].upper() + rest[1:] for rest in rests]


def _honest_no(situation: Situation, understood: Understood) -> Outcome:
    return Outcome((_unknown_reply(situation),), conversation=_nothing_in_mind(situation))


def _nothing_in_mind(situation: Situation) -> Conversation:
    """No form; but what was talked about can still be gone back to."""
    kept = situation.conversation
    return replace(NOTHING_IN_MIND, procedure=kept.procedure, recent=kept.recent)


_ANSWERS = {
    "answer": _answer,
    "several": _several,
    "choices": _ask_back,
    "not_ours": _not_ours,
    "unknown": _honest_no,
}


def _question(situation: Situation, understood: Understood) -> KeepQuestion:
    text = situation.incoming.text
    codes = (understood.neighbour,) if understood.outcome == "not_ours" else understood.codes[:5]
    return KeepQuestion(understood.outcome, text, codes, understood.score, understood.facet)


def _unknown_reply(situation: Situation) -> Reply:
    return Reply(texts.UNKNOWN.format(portal=situation.unit.portal), texts.UNKNOWN_BUTTONS)
