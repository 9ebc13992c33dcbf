"""The monthly news: asked for by itself, stopped by one word, and by leaving us on the platform."""

from bot.messages import Kind, Reply
from handlers.citizens import texts
from handlers.citizens.talk import Agree, Block, Conversation, Outcome, Situation

_NO = Agree("news", False, "dừng")


def offered(situation: Situation) -> Outcome:
    if situation.wants_news:
        return Outcome((Reply(texts.NEWS_YES),))
    return Outcome((Reply(texts.NEWS_ASK.format(unit=situation.unit.name), texts.NEWS_BUTTONS),))


def accepted(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.NEWS_YES),), (Agree("news", True, texts.NEWS_WORDING),))


def declined(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.NEWS_NO),), (_NO,))


def stopped(situation: Situation) -> Outcome:
    """“Dừng” is obeyed at once and never asks why; a form that is open is left alone."""
    if not situation.wants_news:
        return Outcome((Reply(texts.ALREADY_STOPPED),))
    return Outcome((Reply(texts.STOPPED),), (_NO,))


def left(situation: Situation) -> Outcome:
    """Unfollowed or blocked: no word back, no news any more, no half-filled form kept."""
    changes = (Block(True), _NO) if situation.wants_news else (Block(True),)
    return Outcome((), changes, Conversation())


def came_back(situation: Situation) -> Outcome:
    greeting = (Reply(texts.MENU, texts.MENU_BUTTONS),) if situation.incoming.kind is not Kind.RETURN else ()
    return Outcome(greeting, (Block(False),))
