"""Which knowledge entry a question is about: the nearest phrasing, and what the words of all phrasings speak for."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise
from math import sqrt

import numpy as np
import numpy.typing as npt

from bot.vietnamese.fold import fold, fold_word
from bot.vietnamese.intents import Intents
from bot.vietnamese.nearest import Nearest, Numbers
from bot.vietnamese.ranking import Examples, Ids, Ranker, train
from bot.vietnamese.spelling import Lexicon
from bot.vietnamese.words import Words, interpret, read, words_in

Places = npt.NDArray[np.int64]
PAIR = 0.6  # two neighbours are a Vietnamese word more often than not, but dialects and fillers break them up
HALF_CONTENT, NO_CONTENT = 0.5, 0.1  # of a pair, one or both of which are fillers
_OF_PAIR = (PAIR * NO_CONTENT, PAIR * HALF_CONTENT, PAIR)  # by how many of the two have content
LEARNED = 0.5  # how much what was learned counts beside the nearest phrasing
THE_SAME, SURPLUS = 0.98, 0.3  # what a clerk gave as a phrasing is its entry's, whatever its words speak for
QUESTIONS = 6  # every sixth phrasing is enough to tell a question from talk
TELLING = 0.1  # terms of less content teach nothing
TAUGHT = 4  # an entry with fewer texts teaches nothing


class Kind(StrEnum):
    PROCEDURE = "procedure"
    NEIGHBOUR = "neighbour"  # another authority's matter
    BROAD = "broad"  # said by many who mean different procedures
    INTENT = "intent"  # no question at all


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a knowledge entry: its names and the ways in which citizens say it."""

    code: str
    names: tuple[str, ...]  # the official name first
    phrasings: tuple[str, ...] = ()
    kind: Kind = Kind.PROCEDURE
    field: str = ""
    choices: tuple[str, ...] = ()  # of a broad one: the codes of what may be meant, the usual ones first

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for text in (*self.names, *self.phrasings) if text))


@dataclass(frozen=True, slots=True)
class Hit:
    entry: Entry
    score: float  # of both together; from about 0.6 on it is worth a look
    likeness: float  # 0..1, of the entry's nearest phrasing

    @property
    def code(self) -> str:
        return self.entry.code


@dataclass(frozen=True, slots=True)
class Near:
    """How near every entry is to some terms."""

    index: "Index"
    scores: Numbers
    likenesses: Numbers

    def score(self, code: str) -> float:
        return float(self.scores[self.index.place(code)])

    def likeness(self, code: str) -> float:
        return float(self.likenesses[self.index.place(code)])

    def best(self, limit: int = 10) -> list[Hit]:
        """The entries nearest to it, best first."""
        return [
            Hit(self.index.entries[at], float(self.scores[at]), float(self.likenesses[at]))
            for at in _highest(self.scores, limit)
            if self.likenesses[at]
        ]

    def procedures(self, limit: int) -> list[str]:
        """The codes of the nearest, best first."""
        scores = np.where(self.index.are_procedures, self.scores, -np.inf)
        return [self.index.entries[at].code for at in _highest(scores, limit) if scores[at] > -np.inf]


def _highest(scores: Numbers, limit: int) -> Places:
    """Where the highest scores stand, highest first."""
    if not len(scores):
        return np.zeros(0, np.int64)
    best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
    return best[np.argsort(-scores[best], kind="stable")]


class Index:
    """Everything a message may mean, in memory. Building it takes seconds; asking, a fraction of a thousandth."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        with _without_collecting():  # so many small objects at once are made faster while nobody looks for dead ones
            self._build(entries)

    def _build(self, entries: Iterable[Entry]) -> None:
        known = [entry for entry in entries if entry.texts]
        self.entries = tuple(entry for entry in known if entry.kind is not Kind.INTENT)
        self.are_procedures = np.array([entry.kind is Kind.PROCEDURE for entry in self.entries], bool)
        self.fields = _fields(self.entries)
        self._titles: dict[str, Words] = {}
        self._places = {entry.code: at for at, entry in enumerate(self.entries)}
        owners = [at for at, entry in enumerate(self.entries) for _ in entry.texts]
        typed = [words_in(text) for entry in self.entries for text in entry.texts]
        self.lexicon = Lexicon([fold_word(word) for word in words] for words in typed)
        self._named: dict[tuple[str, ...], set[str]] = {}
        questions: list[Words] = []
        self._nearest = Nearest(self._phrasings(typed, questions), owners, len(self.entries))
        taught = [at for at, entry in enumerate(self.entries) if len(entry.texts) >= TAUGHT]
        self._taught = np.array(sorted(taught, key=lambda at: self.entries[at].kind is Kind.BROAD), np.int32)
        self._learned = self._learn(np.array(owners, np.int32))
        self.intents = Intents(self._talk(known), questions)

    def _phrasings(self, typed: Iterable[list[str]], questions: list[Words]) -> Iterator[dict[str, float]]:
        """The terms of all texts; what is called what, and some of the questions, are kept aside on the way."""
        texts = iter(typed)
        at = 0
        for entry in self.entries:
            names = len(dict.fromkeys(name for name in entry.names if name))
            for number, text in enumerate(islice(texts, len(entry.texts))):
                words = interpret(text, self.lexicon)
                if number < names:
                    self._named.setdefault(words.content, set()).add(entry.code)
                if at % QUESTIONS == 0:
                    questions.append(words)
                at += 1
                yield terms_of(words)

    def _talk(self, known: Iterable[Entry]) -> dict[str, list[Words]]:
        talk = [entry for entry in known if entry.kind is Kind.INTENT]
        return {entry.code: [interpret(words_in(text), self.lexicon) for text in entry.texts] for entry in talk}

    def _learn(self, owners: Ids) -> Ranker:
        """From the phrasings of the entries that have many, and their telling terms that others have too."""
        nearest = self._nearest
        label = np.full(len(self.entries), -1, np.int32)
        label[self._taught] = np.arange(len(self._taught))
        rows = np.repeat(np.arange(len(owners), dtype=np.int32), nearest.lengths)
        telling = (nearest.contents >= TELLING) & (nearest.columns < nearest.shared) & (label[owners[rows]] >= 0)
        rows, values = rows[telling], nearest.contents[telling]
        lengths = np.sqrt(np.bincount(rows, values * values, len(owners))).astype(np.float32)
        counts = np.bincount(rows, minlength=len(owners)).astype(np.int32)
        taught = counts > 0
        examples = Examples(
            nearest.columns[telling], values / lengths[rows], counts[taught], label[owners[taught.nonzero()]]
        )
        plain = sum(self.entries[at].kind is not Kind.BROAD for at in self._taught)
        return train(examples, nearest.shared, len(self._taught), plain)

    def _unit(self, terms: Mapping[str, float]) -> tuple[list[int], list[float]]:
        """The terms something was learned of, scaled so that all of them, known or not, have length one."""
        length = sqrt(sum(content * content for content in terms.values())) or 1.0
        ids, shared = self._nearest.ids, self._nearest.shared
        known = [(at, content / length) for term, content in terms.items() if (at := ids.get(term, shared)) < shared]
        return [at for at, _ in known], [value for _, value in known]

    def near(self, terms: Mapping[str, float]) -> Near:
        like = self._nearest.likeness(terms)
        score = like.copy()
        score[self._taught] += LEARNED * self._learned.scores(*self._unit(terms))
        score[like >= THE_SAME] += SURPLUS
        return Near(self, score, like)

    def search(self, words: Words, limit: int = 10) -> list[Hit]:
        return self.near(terms_of(words)).best(limit)

    def entry(self, code: str) -> Entry:
        return self.entries[self._places[code]]

    def field_of(self, code: str) -> tuple[str, ...]:
        """The codes of the procedures of its field, itself among them; none when it is alone."""
        return self.fields.get(fold(self.entry(code).field), ())

    def name_of(self, code: str) -> str:
        """The short name, which says what tells it from the others."""
        names = self.entry(code).names
        return names[1] if len(names) > 1 else names[0]

    def title_of(self, code: str) -> Words:
        """The short name, read."""
        if code not in self._titles:
            self._titles[code] = read(self.name_of(code), self.lexicon)
        return self._titles[code]

    def place(self, code: str) -> int:
        return self._places[code]

    def use(self, words: Words, entry: Entry) -> float:
        """0..1, how much of what was said is what the entry's phrasings usually say."""
        said = {term: content * self._nearest.weight(term) for term, content in terms_of(words).items()}
        weights = np.fromiter(said.values(), np.float32, len(said))
        return float(weights @ self._nearest.rates(said, self._places[entry.code]) / (weights.sum() or 1.0))

    def named(self, words: Words) -> str:
        """The one entry that has just this for a name; "" when none or several have."""
        doubtful = tuple(word.folded for word in words.words if word.content)
        codes = self._named.get(words.content) or self._named.get(doubtful) or set()
        return next(iter(codes)) if len(codes) == 1 else ""

    def matter(self, words: Words) -> float:
        """How much the words tell of any entry; words that many entries use tell little."""
        return sum(word.content * self._nearest.weight(word.folded) for word in words.words)

    def coverage(self, words: Words, entry: Entry) -> float:
        """0..1, how much of what the question is about the entry knows in any of its phrasings."""
        said = [word for word in words.words if word.content]
        weights = np.array([word.content * self._nearest.weight(word.folded) for word in said], np.float32)
        known = self._nearest.rates([word.folded for word in said], self._places[entry.code]) > 0
        return float(weights @ known / weights.sum()) if said else 0.0


@contextmanager
def _without_collecting() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fields(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """The procedures of each field, those with the most phrasings first: they are the ones asked most."""
    fields: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.field:
            fields.setdefault(fold(entry.field), []).append(entry)
    return {
        field: tuple(entry.code for entry in sorted(members, key=lambda entry: -len(entry.phrasings)))
        for field, members in fields.items()
        if len(members) > 1
    }


def terms_of(words: Words) -> dict[str, float]:
    """The terms of a text, each with how much content it has: its words, and its pairs of neighbours."""
    terms: dict[str, float] = {}
    for word, content in words.words:
        if content > terms.get(word, 0):
            terms[word] = content
    for (one, is_one), (other, is_other) in pairwise(words.words):
        terms[f"{one} {other}"] = _OF_PAIR[bool(is_one) + bool(is_other)]
    return terms
