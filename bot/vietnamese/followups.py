"""What a message means after what was said before: it may lean on the last topic, go back, choose, or begin anew."""

import re

from bot.vietnamese.intents import Guess
from bot.vietnamese.moves import Candidate, Context, Move, candidates
from bot.vietnamese.retrieval import Index
from bot.vietnamese.understanding import Found, Understood
from bot.vietnamese.weights import MOVES
from bot.vietnamese.words import Words

_ORDINAL = re.compile(
    r"(?:^|\b(?:cai|so|thu|muc|chon|viec|dong) (?:thu |so )?)(\d|nhat|hai|ba|tu|nam|dau(?: tien)?|cuoi)\b"
)
_PLACE = {"nhat": 0, "dau": 0, "dau tien": 0, "hai": 1, "ba": 2, "tu": 3, "nam": 4, "cuoi": -1}
_FIRST = re.compile(r"\b(?:dau tien|ban dau|cai dau|luc dau)\b")
_POINTING = frozenset(
    "quay tro lai cai dau tien cuoi thu so viec vu chuyen luc hoi ban nay truoc cu kia do noi".split()
)
_CORRECTION = re.compile(
    r"^\W*(?:(?:dạ|da|à|a|ủa|ua|ơ|khoan|thôi|thoi|ui|í|quên|quen)\b\W*)*"
    r"(?:(?:không phải|khong phai|không|khong|nhầm rồi|nham roi|nhầm|nham|lộn|lon|sai rồi|sai)(?: là| la)?\W+"
    r"(?:(?:ý|y) (?:tôi|toi|tui|em|e|mình|minh|con|cháu|chau) (?:là|la|nói|noi|hỏi|hoi)\b\W*)?|"
    r"(?:ý|y) (?:tôi|toi|tui|em|e|mình|minh|con|cháu|chau) (?:là|la|nói|noi|hỏi|hoi)\b\W*)",
    re.IGNORECASE,
)


def corrected(text: str) -> str:
    """What is meant after an "à không, ý tôi là"; the text itself when nothing would be left."""
    return text[len(found[0]) :] if (found := _CORRECTION.match(text)) and text[len(found[0]) :].strip() else text


def follow(index: Index, found: Found, guess: Guess, context: Context, *, corrects: bool) -> Candidate | None:
    """What the message does to the talk; None where it stands by itself."""
    if not context.topic and len(context.choices) < 2:
        return None
    listed, place = _pointed_at(found.words, guess, context)
    if listed:
        return Candidate(Move.STAY, listed[place], {}) if -1 <= place < len(listed) else None
    moves = candidates(index, found, guess, context, corrects=corrects)
    return max(moves, key=lambda candidate: candidate.score(MOVES))


def _pointed_at(words: Words, guess: Guess, context: Context) -> tuple[tuple[str, ...], int]:
    """ "Cái thứ hai", "cái hồi nãy": the choices or topics it points to, and which of them; none when it names one."""
    if len(set(words.content) - _POINTING) > 2:
        return (), 0
    place = _ORDINAL.search(words.folded)
    if place and len(context.choices) > 1:
        return context.choices, int(place[1]) - 1 if place[1].isdigit() else _PLACE[place[1]]
    if context.recent and _FIRST.search(words.folded):
        return context.recent, -1
    goes_back = guess.intent == "back" and guess.lead > 0 and not set(words.content) - _POINTING
    return (context.recent, 0) if goes_back else ((), 0)


def told(found: Found, code: str) -> Understood:
    """About this procedure, whatever the message would be by itself."""
    others = tuple(hit.code for hit in found.procedures if hit.code != code)
    words = found.words
    return Understood(
        "answer", (code, *others), words.facet, round(max(found.sureness, found.by.sure), 3), facets=words.facets
    )
