"""What a message means after what was said before: it may lean on the last topic, go back, or choose."""

import re
from dataclasses import dataclass

from bot.vietnamese.intents import Guess
from bot.vietnamese.retrieval import Index, Kind
from bot.vietnamese.understanding import Found, Understood
from bot.vietnamese.words import Words


@dataclass(frozen=True, slots=True)
class Context:
    topic: str = ""  # code of the procedure talked about last
    recent: tuple[str, ...] = ()  # those before it, newest first
    choices: tuple[str, ...] = ()  # codes just offered


NOTHING_SAID = Context()

_BACK = re.compile(
    r"\b(?:(?:quay|tro) lai (?:cai|viec|vu|chuyen|thu tuc|cau|phan|luc)|quay lai|"
    r"luc nay|hoi nay|ban nay|nay gio|khi nay|"
    r"cai (?:dau tien|dau|truoc|cu|kia)|cai truoc do|ban dau|luc dau|vua nay)\b"
)
_BACK_WORDS = frozenset(
    "quay tro lai cai viec vu chuyen thu tuc cau phan luc hoi ban nay nay khi gio dau tien truoc cu kia".split()
)
_FIRST = re.compile(r"\b(?:dau tien|ban dau|cai dau|luc dau)\b")
_ORDINAL = re.compile(
    r"(?:^|\b(?:cai|so|thu|muc|chon|viec|dong) (?:thu |so )?)(\d|nhat|hai|ba|tu|nam|dau(?: tien)?|cuoi)\b"
)
_PLACE = {"nhat": 0, "dau": 0, "dau tien": 0, "hai": 1, "ba": 2, "tu": 3, "nam": 4, "cuoi": -1}
_LEANS = re.compile(
    r"\b(?:thi sao|the con|vay con|con .{1,40} (?:thi|sao)|the thi|neu|lo|nham|"
    r"y (?:toi|tui|em|minh|con) la|a khong|khong phai)\b"
)
_CORRECTION = re.compile(
    r"^\W*(?:(?:dạ|da|à|a|ủa|ua|ơ|khoan|thôi|thoi|ui|í|quên|quen)\b\W*)*"
    r"(?:(?:không phải|khong phai|không|khong|nhầm rồi|nham roi|nhầm|nham|lộn|lon|sai rồi|sai)(?: là| la)?\W+"
    r"(?:(?:ý|y) (?:tôi|toi|tui|em|e|mình|minh|con|cháu|chau) (?:là|la|nói|noi|hỏi|hoi)\b\W*)?|"
    r"(?:ý|y) (?:tôi|toi|tui|em|e|mình|minh|con|cháu|chau) (?:là|la|nói|noi|hỏi|hoi)\b\W*)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:gi|sao|dau|nao|may|bao|khong|chua|ha|muon|xin|lam|dang ky|can|hoi|cap|nop|phi|rang|mo|chi|giup|the|tim|"
    r"doi)\b"
)
_CHECKS = re.compile(r"^(?:co|phai|can|the co|vay co|co can|co phai) .*\b(?:khong|ha|chu|a)$")
LONG = 6  # words of content; who says so many asks anew
BY_ITSELF = 0.6  # so like a phrasing a short question stands by itself
LITTLE = 3.1  # so little matter beside an asked facet has no topic of its own
TOLD = 3  # words of content in something told
THEIRS = 0.5  # likeness to what is another authority's
FOREIGN = 0.85  # so surely another authority's, it is not about the topic
CIRCUMSTANCE = 0.5  # so much of what is said the topic must know
VERY_SURE = 0.95  # a question that needs nothing before it
AHEAD = 0.12  # lead of one choice over the others, when words name it
AS_MUCH = 0.7  # so much of what the question itself would mean a sister must say it
NAMED = 0.4  # score of an earlier topic that is named again
OWN_WORD, OWN_WORD_MORE = 0.3, 1.5  # how usual what was said is for a choice, and how much more so than for the others
INTERRUPTS = 0.5  # so much clearer must other talk be in the middle of a topic


def corrected(text: str) -> str:
    """What is meant after an "à không, ý tôi là"; the text itself when nothing would be left."""
    return text[len(found[0]) :] if (found := _CORRECTION.match(text)) and text[len(found[0]) :].strip() else text


def lean(index: Index, found: Found, guess: Guess, context: Context) -> Understood | None:
    """The meaning in context; None when the message stands by itself."""
    picked = _picked(index, found, context.choices)
    topic = context.topic or picked
    if picked or not topic:
        return _told(found, picked) if picked else None
    if _goes_back(found.words, guess):
        return _told(found, _earlier(index, found, context))
    if _only_asks(index, found):
        return _told(found, topic)
    return _after(index, found, guess, topic)


def _only_asks(index: Index, found: Found) -> bool:
    """A facet, and of what it is asked is not said."""
    return bool(found.words.facets) and index.matter(found.words) <= LITTLE


def _after(index: Index, found: Found, guess: Guess, topic: str) -> Understood | None:
    """A message with some matter of its own, right after a topic."""
    if _interrupts(found, guess):
        return None
    if _is_circumstance(found):
        return _told(found, topic)
    if _is_foreign(found):
        return None
    sister = "" if found.words.facets and not _leans(found) else index.sister(topic, found.words)
    if sister and not _is_rather_itself(index, found, sister):
        return _told(found, sister)
    stays = not _stands_alone(found) and _stays(index, found, topic)
    return _told(found, topic) if stays else None


def _is_rather_itself(index: Index, found: Found, sister: str) -> bool:
    """The question names another of the field itself, or says what it means by itself much more than the sister."""
    if found.sureness < found.by.sure or found.hits[0].entry.kind is not Kind.PROCEDURE:
        return False
    own = found.hits[0].entry
    is_of_field = own.field == index.entry(sister).field and found.hits[0].likeness >= BY_ITSELF
    return is_of_field or index.use(found.words, index.entry(sister)) < AS_MUCH * index.use(found.words, own)


def _told(found: Found, code: str) -> Understood:
    others = tuple(hit.code for hit in found.procedures if hit.code != code)
    words = found.words
    return Understood(
        "answer", (code, *others), words.facet, round(max(found.sureness, found.by.sure), 3), facets=words.facets
    )


def _picked(index: Index, found: Found, choices: tuple[str, ...]) -> str:
    """One of the choices offered: by its place, or by words that name it best."""
    if len(choices) < 2:
        return ""
    place = _ORDINAL.search(found.words.folded)
    if place and len(found.words.content) <= 2:
        at = int(place[1]) - 1 if place[1].isdigit() else _PLACE[place[1]]
        return choices[at] if -1 <= at < len(choices) else ""
    if _only_asks(index, found):
        return choices[0]  # the likeliest of them; the others are still under the menu
    if _stands_alone(found) and found.hits[0].code not in choices:
        return ""
    uses = sorted(((index.use(found.words, index.entry(code)), code) for code in choices), reverse=True)
    if uses[0][0] >= OWN_WORD and uses[0][0] >= OWN_WORD_MORE * uses[1][0]:
        return uses[0][1]
    ranked = index.rank(found.words, choices)
    clear = ranked[0].score >= NAMED and ranked[0].score - ranked[1].score >= AHEAD
    return ranked[0].code if clear else ""


def _goes_back(words: Words, guess: Guess) -> bool:
    return _BACK.search(words.folded) is not None or (guess.intent == "back" and guess.lead > 0 and not words.facets)


def _earlier(index: Index, found: Found, context: Context) -> str:
    """The topic before, or the one of those before that is named."""
    words = tuple(word for word in found.words.words if word.folded not in _BACK_WORDS)
    named = Words(words, found.words.facets, " ".join(word.folded for word in words))
    ranked = index.rank(named, (context.topic, *context.recent))
    if index.matter(named) > LITTLE and ranked and ranked[0].score >= NAMED:
        return ranked[0].code
    if not context.recent:
        return context.topic
    return context.recent[-1] if _FIRST.search(found.words.folded) else context.recent[0]


def _leans(found: Found) -> bool:
    return _LEANS.search(found.words.folded) is not None


def _stands_alone(found: Found) -> bool:
    if found.sureness < found.by.sure:
        return False
    if found.hits[0].entry.kind is Kind.NEIGHBOUR and not found.words.facets:
        return not _leans(found)
    if found.sureness >= VERY_SURE:
        return True
    content = len(found.words.content)
    return found.hits[0].likeness >= BY_ITSELF or (content >= LONG and not _leans(found))


def _is_circumstance(found: Found) -> bool:
    """Something told of oneself, or asked whether it is needed: "em ly hôn năm ngoái rồi", "có cần sổ đỏ không"."""
    if found.named or (found.hits and found.hits[0].likeness >= BY_ITSELF) or found.words.facets or _leans(found):
        return False
    content = len(found.words.content)
    tells = _ASKS.search(found.words.folded) is None
    return content >= TOLD if tells else content <= LONG and _CHECKS.search(found.words.folded) is not None


def _interrupts(found: Found, guess: Guess) -> bool:
    """Other talk in the middle of a topic; what asks for nothing in particular is about the topic."""
    return guess.lead > found.by.talk + INTERRUPTS and guess.intent not in ("vague", "who", "back")


def _is_foreign(found: Found) -> bool:
    if not found.hits or found.hits[0].entry.kind is not Kind.NEIGHBOUR or found.hits[0].likeness < THEIRS:
        return False
    return found.sureness >= FOREIGN and not _leans(found) and not found.words.facets


def _stays(index: Index, found: Found, topic: str) -> bool:
    """A circumstance that the topic knows, or too little to be anything else."""
    content = len(found.words.content)
    return content <= TOLD or index.coverage(found.words, index.entry(topic)) >= CIRCUMSTANCE
