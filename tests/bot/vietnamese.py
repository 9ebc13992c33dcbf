"""The shipped knowledge, learned once, and what a message means to it."""

from functools import cache

from hypothesis import strategies as st

from bot.vietnamese.meaning import understand
from bot.vietnamese.moves import NOTHING_SAID, Context
from bot.vietnamese.retrieval import Index
from bot.vietnamese.understanding import Understood
from data.tables import Procedure
from tests.handlers.player import knowledge, procedures

OUTCOMES = {
    "answer", "choices", "several", "not_ours", "unknown", "smalltalk", "contact", "complaint", "denunciation",
    "status", "staff", "abuse", "menu",
}  # fmt: skip
ANYTHING = st.text(max_size=300) | st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệ .,?0123456789", max_size=200)


@cache
def index() -> Index:
    return knowledge().index


def understood(text: str, context: Context = NOTHING_SAID) -> Understood:
    return understand(index(), text, context)


def reaches(found: Understood, code: str) -> bool:
    """The entry is answered, or it is among those to choose from."""
    return code in found.choices or (found.outcome in ("answer", "several") and found.codes[0] == code)


def entry(code: str) -> Procedure:
    return next(each for each in procedures() if each.code == code)
