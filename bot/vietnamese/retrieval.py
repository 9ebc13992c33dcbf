"""Which knowledge entry a question is about: the nearest phrasing, and what the words of all phrasings speak for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, islice, pairwise
from math import sqrt
from operator import itemgetter

import numpy as np

from bot.vietnamese.fold import fold, fold_word
from bot.vietnamese.intents import Intents
from bot.vietnamese.nearest import Nearest, Numbers
from bot.vietnamese.ranking import Example, train
from bot.vietnamese.spelling import Lexicon
from bot.vietnamese.words import Words, interpret, read, words_in

PAIR = 0.6  # two neighbours are a Vietnamese word more often than not, but dialects and fillers break them up
HALF_CONTENT, NO_CONTENT = 0.5, 0.1  # of a pair, one or both of which are fillers
LEARNED = 0.5  # how much what was learned counts beside the nearest phrasing
QUESTIONS = 6  # every sixth phrasing is enough to tell a question from talk
ALIKE = 0.3  # how much being like the topic counts beside what was said
ASKED = 0.15  # how much answering the question by itself counts
OWN_WORD = 0.08  # how much more usual for a sister what was said must be
TELLING = 0.1  # terms of less content teach nothing
TAUGHT = 4  # an entry with fewer texts teaches nothing


class Kind(StrEnum):
    PROCEDURE = "procedure"
    NEIGHBOUR = "neighbour"  # another authority's matter
    INTENT = "intent"  # no question at all


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a knowledge entry: its names and the ways in which citizens say it."""

    code: str
    names: tuple[str, ...]  # the official name first
    phrasings: tuple[str, ...] = ()
    kind: Kind = Kind.PROCEDURE
    field: str = ""

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


class Index:
    """Everything a message may mean, in memory. Building it takes seconds; asking, a fraction of a thousandth."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        known = [entry for entry in entries if entry.texts]
        self.entries = tuple(entry for entry in known if entry.kind is not Kind.INTENT)
        self.fields = _fields(self.entries)
        texts = [(at, words_in(text)) for at, entry in enumerate(self.entries) for text in entry.texts]
        self.lexicon = Lexicon([fold_word(word) for word in text] for _, text in texts)
        owners = [at for at, _ in texts]
        read = [interpret(text, self.lexicon) for _, text in texts]
        phrasings = [terms_of(words) for words in read]
        self._nearest = Nearest(phrasings, owners, len(self.entries))
        self._taught = [at for at, entry in enumerate(self.entries) if len(entry.texts) >= TAUGHT]
        self._learned = self._learn(owners)
        self._named = _names(self.entries, owners, read)
        self._places = {entry.code: at for at, entry in enumerate(self.entries)}
        self.intents = Intents(self._talk(known), read[::QUESTIONS])

    def _talk(self, known: Iterable[Entry]) -> dict[str, list[Words]]:
        talk = [entry for entry in known if entry.kind is Kind.INTENT]
        return {entry.code: [interpret(words_in(text), self.lexicon) for text in entry.texts] for entry in talk}

    def _learn(self, owners: Sequence[int]) -> Numbers:
        label = {at: number for number, at in enumerate(self._taught)}
        taught = [(at, label[owner]) for at, owner in enumerate(owners) if owner in label]
        examples = [self._example(at, number) for at, number in taught]
        return train(examples, self._nearest.shared, len(label))

    def _example(self, phrasing: int, label: int) -> Example:
        ids, contents = self._nearest.terms_of(phrasing)
        telling = (contents >= TELLING) & (ids < self._nearest.shared)  # what one phrasing has tells of no other
        values = contents[telling]
        return Example(ids[telling], values / max(float(np.sqrt(values @ values)), 1e-9), label)

    def _unit(self, terms: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        """The terms something was learned of, scaled so that all of them, known or not, have length one."""
        length = sqrt(sum(content * content for content in terms.values())) or 1.0
        ids, shared = self._nearest.ids, self._nearest.shared
        known = [(at, content / length) for term, content in terms.items() if (at := ids.get(term, shared)) < shared]
        places = np.fromiter((at for at, _ in known), np.int32, len(known))
        return places, np.fromiter((value for _, value in known), np.float32, len(known))

    def search(self, words: Words, limit: int = 8) -> list[Hit]:
        """The entries nearest to a question, best first."""
        terms = terms_of(words)
        if not terms or not self.entries:
            return []
        score, like = self._scores(terms)
        best = np.argpartition(-score, min(limit, len(score)) - 1)[:limit]
        best = best[np.argsort(-score[best], kind="stable")]
        return [Hit(self.entries[at], float(score[at]), float(like[at])) for at in best if like[at]]

    def _scores(self, terms: dict[str, float]) -> tuple[Numbers, Numbers]:
        like = self._nearest.likeness(terms)
        score = like.copy()
        ids, values = self._unit(terms)
        score[self._taught] += LEARNED * (values @ self._learned[ids])
        return score, like

    def rank(self, words: Words, codes: Sequence[str]) -> list[Hit]:
        """These entries alone, best first."""
        score, like = self._scores(terms_of(words))
        places = [self._places[code] for code in codes if code in self._places]
        hits = [Hit(self.entries[at], float(score[at]), float(like[at])) for at in places]
        return sorted(hits, key=lambda hit: -hit.score)

    def entry(self, code: str) -> Entry:
        return self.entries[self._places[code]]

    def name_of(self, code: str) -> str:
        """The short name, which says what tells it from the others."""
        names = self.entry(code).names
        return names[1] if len(names) > 1 else names[0]

    def sister(self, code: str, words: Words) -> str:
        """Another procedure of the same field, like this one, whose own word was said; or ""."""
        entry, said = self.entry(code), self._scores(terms_of(words))[0]
        alike = self._scores(terms_of(read(" ".join(entry.names[:2]), self.lexicon)))[0]
        here = self._uses(words, entry)
        gains = {
            at: self._gain(here, self._uses(words, other))
            for at, other in enumerate(self.entries)
            if other.field == entry.field != "" and other.code != code
        }
        sisters = [at for at, gain in gains.items() if gain >= OWN_WORD]
        best = max(sisters, key=lambda at: gains[at] + ALIKE * alike[at] + ASKED * said[at], default=None)
        return "" if best is None else self.entries[best].code

    def _uses(self, words: Words, entry: Entry) -> list[float]:
        """How usual each term of what was said is for the entry, weighted by how telling it is; 1 in all at most."""
        place = self._places[entry.code]
        said = {term: content * self._nearest.weight(term) for term, content in terms_of(words).items()}
        total = sum(said.values()) or 1.0
        return [weight * self._nearest.rate(term, place) / total for term, weight in said.items()]

    @staticmethod
    def _gain(here: Sequence[float], there: Sequence[float]) -> float:
        """How much more usual what was said is there; losses count double."""
        return sum(other - one if other > one else 2 * (other - one) for one, other in zip(here, there, strict=True))

    def use(self, words: Words, entry: Entry) -> float:
        """0..1, how much of what was said is what the entry's phrasings usually say."""
        return sum(self._uses(words, entry))

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
        known = total = 0.0
        for word in words.words:
            weight = word.content * self._nearest.weight(word.folded)
            total += weight
            known += weight if word.content and self._nearest.rate(word.folded, self._places[entry.code]) else 0.0
        return known / total if total else 0.0


def _names(entries: Sequence[Entry], owners: Sequence[int], read: Sequence[Words]) -> dict[tuple[str, ...], set[str]]:
    """What each entry is called, without the words that say nothing, and which entries are called so."""
    named: dict[tuple[str, ...], set[str]] = {}
    for at, group in groupby(zip(owners, read, strict=True), key=itemgetter(0)):
        names = dict.fromkeys(name for name in entries[at].names if name)
        for _, words in islice(group, len(names)):
            named.setdefault(words.content, set()).add(entries[at].code)
    return named


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
    for word in words.words:
        if word.content > terms.get(word.folded, 0):
            terms[word.folded] = word.content
    for one, other in pairwise(words.words):
        content = bool(one.content) + bool(other.content)
        terms[f"{one.folded} {other.folded}"] = PAIR * (NO_CONTENT, HALF_CONTENT, 1.0)[content]
    return terms
