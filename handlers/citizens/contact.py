"""Small things: the menu, hello and thanks, where the office is."""

from bot.messages import Reply
from handlers.citizens import texts
from handlers.citizens.talk import Conversation, Outcome, Situation


def menu(situation: Situation) -> Outcome:
    if situation.conversation.topic:
        return cancelled(situation)
    return Outcome((Reply(texts.MENU, texts.MENU_BUTTONS),), conversation=Conversation())


def shared(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.CONTACT_SHARED),))


def cancelled(situation: Situation) -> Outcome:
    words = texts.CANCELLED if situation.conversation.topic else texts.NOTHING_TO_CANCEL
    return Outcome((Reply(words), Reply(texts.MENU, texts.MENU_BUTTONS)), conversation=Conversation())


def ask(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.ASK),), conversation=Conversation())


def hello(situation: Situation) -> Outcome:
    return Outcome((Reply(f"{texts.HELLO}\n\n{texts.MENU}", texts.MENU_BUTTONS),))


def thanks(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.THANKS),))


def goodbye(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.GOODBYE),))


def who(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.WHO.format(unit=situation.unit.name), texts.MENU_BUTTONS),))


def heard(situation: Situation) -> Outcome:
    """“Ok”, “haha”, “không phải”: nothing is asked, and silence would be rude."""
    return Outcome((Reply(texts.HEARD),))


def abuse(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.ABUSE, (*texts.COMPLAIN_BUTTONS[:1], *texts.UNKNOWN_BUTTONS[:1])),))


def card(situation: Situation) -> Outcome:
    unit = situation.unit
    lines = [
        f"{title}: {value}"
        for title, value in (("Địa chỉ", unit.address), ("Điện thoại", unit.phone), ("Giờ làm việc", unit.hours))
        if value
    ]
    if not lines:
        return Outcome((Reply(texts.CONTACT_UNKNOWN.format(unit=unit.name), texts.UNKNOWN_BUTTONS),))
    return Outcome((Reply("\n".join([texts.CONTACT_CARD.format(unit=unit.name), *lines])),))


def emergency(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.EMERGENCY, texts.PHOTO_BUTTONS),))


def unreadable(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.UNREADABLE, (texts.BACK_TO_MENU,)),))
