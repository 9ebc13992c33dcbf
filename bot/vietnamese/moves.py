"""What a message does to the talk: stay with the topic, go to one like it, to another matter, or to mere talk.

Every move the message could be is a candidate, and gets a score: what the candidate itself is like, and what the
message is like that would make this move. The weights are learned from dialogues (`tests/evaluation/tune_moves.py`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.vietnamese.intents import OUTCOMES, Guess
from bot.vietnamese.retrieval import Hit, Index, Kind, Near, terms_of
from bot.vietnamese.understanding import Found
from bot.vietnamese.words import Words, read

OWN, TOGETHER, SISTERS = 5, 6, 6  # candidates: of the message by itself, with the topic, and of the topic's field
TOPIC = 0.5  # how much of the topic's name is said without being said
MUCH, MUCH_MATTER = 8, 12.0
AIMLESS = frozenset({"vague", "who", "back"})  # in the middle of a talk these ask about the topic as often
LITTLE = 3.1  # so little matter has no topic of its own

CUES = {  # in folded text with a space at both ends
    "and what of": r"^ (?:(?:roi|the|vay|ok|ua|ma|a) )*con ",
    "besides": r" (?:nua|luon|them|tien the|voi lai|nhan tien|san) ",
    "what if": r" (?:sao|the nao|thi lam|thi can|thi phai) $",
    "supposing": r" (?:neu|lo|ma|nham) ",
    "denies": r"^ (?:(?:a|ui|ua|da) )*(?:khong|nham|lon|y toi|y tui|sai) ",
    "asks": r" (?:gi|sao|dau|nao|may|bao|khong|chua|ha|muon|xin|lam|dang ky|can|hoi|cap|nop|phi|rang|mo|chi|giup|tim) ",
    "checks": r"^ (?:co|phai|can|the co|vay co) .*(?:khong|ha|chu|a) $",
    "another": r" (?:cho hoi|hoi them|cai khac|chuyen khac|viec khac) ",
    "back": r" (?:(?:quay|tro) lai|(?:luc|hoi|ban|khi) nay|nay gio|dau tien|ban dau|luc dau|truoc do|vua nay|"
    r"cai (?:dau|truoc|cu|kia)) ",
}
_CUES = {name: re.compile(pattern) for name, pattern in CUES.items()}


class Move(StrEnum):
    STAY = "stay"
    SISTER = "sister"  # another procedure of the topic's field
    OTHER = "other"
    FOREIGN = "foreign"  # another authority's matter
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Context:
    topic: str = ""  # code of the procedure talked about last
    recent: tuple[str, ...] = ()  # talked about before the last message, newest first: after other talk the topic too
    choices: tuple[str, ...] = ()  # codes just offered


NOTHING_SAID = Context()


@dataclass(frozen=True, slots=True)
class Candidate:
    move: Move
    code: str  # of a procedure, or the key of a neighbour's matter
    features: Mapping[str, float]

    def score(self, weights: Mapping[str, float]) -> float:
        return sum(weights.get(name, 0.0) * value for name, value in self.features.items())


@dataclass(frozen=True, slots=True)
class _Said:
    """A message in its context, looked at from all sides once."""

    index: Index
    found: Found
    guess: Guess
    context: Context
    own: Near
    topic: Words  # the topic's name
    together: Near  # the message with the topic's name beside it
    traits: Mapping[str, float]


def candidates(index: Index, found: Found, guess: Guess, context: Context, *, corrects: bool) -> list[Candidate]:
    said = _said(index, found, guess, context, corrects=corrects)
    codes = _codes(said)
    firsts = [sorted(codes, key=lambda code: -near.score(code)) for near in (said.own, said.together)]
    others = [code for code in codes if code != context.topic]
    found_candidates = [_procedure(said, code, firsts, others) for code in codes]
    foreign = next((hit for hit in found.hits if hit.entry.kind is Kind.NEIGHBOUR), None)
    if foreign:
        found_candidates.append(_foreign(said, foreign))
    return [*found_candidates, _talk(said)] if guess.intent not in ("", "back") else found_candidates


def _said(index: Index, found: Found, guess: Guess, context: Context, *, corrects: bool) -> _Said:
    own = terms_of(found.words)
    topic = index.title_of(context.topic) if context.topic else read("")
    beside = {word.folded: word.content * TOPIC for word in topic.words if word.content}
    together = own | {word: max(content, own.get(word, 0.0)) for word, content in beside.items()}
    traits = _traits(index, found, guess, context) | {"corrects": float(corrects)}
    traits["back"] = max(traits["back"], float(guess.intent == "back" and guess.lead > 0))
    return _Said(index, found, guess, context, found.near, topic, index.near(together), traits)


def _traits(index: Index, found: Found, guess: Guess, context: Context) -> dict[str, float]:
    words = found.words
    matter = index.matter(words)
    text = f" {words.folded} "
    return {
        "": 1.0,
        "facet": float(bool(words.facets)),
        "content": min(len(words.content), MUCH) / MUCH,
        "matter": min(matter, MUCH_MATTER) / MUCH_MATTER,
        "bare": float(matter <= LITTLE),
        "bare facet": float(matter <= LITTLE and bool(words.facets)),
        "empty": float(not words.content and not words.facets),
        "talk like": min(max(guess.lead, 0.0), 1.0) * (guess.intent not in AIMLESS),
        "empty talk": float(not words.content and not words.facets and guess.lead > 0),
        "offered": float(bool(context.choices)),
        **{name: float(cue.search(text) is not None) for name, cue in _CUES.items()},
    }


def _codes(said: _Said) -> tuple[str, ...]:
    """The procedures that may be meant, each once."""
    index, topic = said.index, said.context.topic
    known = [code for code in (topic, *said.context.recent, *said.context.choices) if code]
    near = [*said.own.procedures(OWN), *said.together.procedures(TOGETHER)]
    field = index.field_of(topic) if topic else ()
    sisters = sorted(field, key=lambda code: -said.together.score(code))[:SISTERS]
    return tuple(dict.fromkeys((*known, *near, *sisters)))


def _procedure(said: _Said, code: str, firsts: list[list[str]], others: list[str]) -> Candidate:
    move = _move(said, code)
    by_itself, in_context = firsts
    features = {
        **_by_itself(said, code, said.own.score(code), said.own.likeness(code)),
        "together": said.together.score(code),
        "first by itself": 1 / (1 + by_itself.index(code)),
        "first together": 1 / (1 + in_context.index(code)),
        **_of_the_names(said, code),
        **dict(_of_the_past(said, code)),
    }
    if move is Move.STAY:
        features |= {
            "other by itself": max((said.own.score(other) for other in others), default=0.0),
            "other together": max((said.together.score(other) for other in others), default=0.0),
            "stay talk": said.guess.lead,
        }
    return Candidate(move, code, features | _crossed(move, said.traits))


def _move(said: _Said, code: str) -> Move:
    topic = said.context.topic
    if code == topic:
        return Move.STAY
    return Move.SISTER if topic and code in said.index.field_of(topic) else Move.OTHER


def _crossed(move: Move, traits: Mapping[str, float]) -> dict[str, float]:
    return {f"{move} {trait}".strip(): value for trait, value in traits.items() if value}


def _by_itself(said: _Said, code: str, score: float, likeness: float) -> dict[str, float]:
    found, entry = said.found, said.index.entry(code)
    return {
        "score": score,
        "likeness": likeness,
        "much alike": max(likeness - 0.5, 0.0),
        "alike": max(likeness - 0.8, 0.0) * 5,
        "sure": found.sureness * (found.hits[0].code == code if found.hits else False),
        "use": said.index.use(found.words, entry),
        "coverage": said.index.coverage(found.words, entry),
        "named": float(found.named == code),
    }


def _of_the_names(said: _Said, code: str) -> dict[str, float]:
    """What was said of the name's words that the topic's name has not."""
    mine, topics = set(said.index.title_of(code).content), set(said.topic.content)
    words = set(said.found.words.content)
    return {
        "new said": len(words & (mine - topics)) / max(len(words), 1),
        "new in name": len(words & (mine - topics)) / max(len(mine - topics), 1),
        "shared": len(mine & topics) / max(len(mine | topics), 1),
        "strange": 0.0 if code == said.context.topic else len(words - mine - topics) / max(len(words), 1),
    }


def _of_the_past(said: _Said, code: str) -> Iterator[tuple[str, float]]:
    past, traits = said.context, said.traits
    if code in past.recent:
        last = code == past.recent[0]
        yield from (("recent", 1.0), ("recent back", traits["back"]), ("last back", traits["back"] * last))
    if code in past.choices:
        yield from (("choice", 1.0), ("first choice", float(code == past.choices[0])), ("choice bare", traits["bare"]))
        yield "choice score", said.own.score(code)
        yield "choice use", said.index.use(said.found.words, said.index.entry(code))


def _foreign(said: _Said, hit: Hit) -> Candidate:
    features = _crossed(Move.FOREIGN, _by_itself(said, hit.code, hit.score, hit.likeness))
    return Candidate(Move.FOREIGN, hit.code, features | _crossed(Move.FOREIGN, said.traits))


def _talk(said: _Said) -> Candidate:
    lead, outcome = said.guess.lead, OUTCOMES.get(said.guess.intent, said.guess.intent)
    features = {
        "talk lead": lead,
        "talk clear": max(lead, 0.0),
        "talk very clear": max(lead - 0.3, 0.0),
        f"talk of {outcome}": 1.0,
        "talk alike": said.found.hits[0].likeness if said.found.hits else 0.0,
    }
    return Candidate(Move.TALK, "", features | _crossed(Move.TALK, said.traits))
