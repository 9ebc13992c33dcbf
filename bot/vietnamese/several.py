"""Two matters in one message: cut where people join them, each half understood by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.vietnamese.retrieval import Index, Kind
from bot.vietnamese.understanding import Found, Understood, look_up
from bot.vietnamese.words import read

_JOINT = re.compile(
    r"\s*(?:[+;&\n]|\? ?(?=\S)|\b(?:với lại|voi lai|tiện thể|tien the|sẵn tiện|san tien|tiện|tien|sẵn|san|"
    r"ngoài ra|ngoai ra|đồng thời|dong thoi|rồi|roi|rùi|và|va|với|voi|vs|còn|con(?= .* (?:thi|sao))|"
    r"luôn|luon|cùng|lẫn|kèm|thêm|them)\b)\s*",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"\s*(?:, ?|\. )\s*")  # parts a story from what is wanted more often than two matters
SHORTEST = 5  # words with content that two matters need together
SHORTEST_HALF = 2
MOST_CUTS = 3
MUCH = 8.0  # matter; more of it does not make it surer


@dataclass(frozen=True, slots=True)
class Cut:
    whole: Found
    halves: tuple[Found, Found]
    features: tuple[float, ...]

    @property
    def sureness(self) -> float:
        """0..1, that these are two matters."""
        return self.whole.by.sureness_of_both(self.features)


def several(index: Index, text: str, whole: Found) -> Understood | None:
    """Both, in their order, when each half is about something else and clearly so."""
    best = max(cuts(index, text, whole), key=lambda cut: cut.sureness, default=None)
    return _both(best) if best and best.sureness >= whole.by.both else None


def cuts(index: Index, text: str, whole: Found) -> Iterator[Cut]:
    if sum(1 for word in whole.words.words if word.content) < SHORTEST:
        return
    for pattern in (_JOINT, _PAUSE):
        for found in list(pattern.finditer(text))[:MOST_CUTS]:
            cut = _cut(index, text[: found.start()], text[found.end() :], whole, is_joint=pattern is _JOINT)
            if cut:
                yield cut


def _cut(index: Index, left: str, right: str, whole: Found, *, is_joint: bool) -> Cut | None:
    one, other = (read(text, index.lexicon) for text in (left, right))
    if min(len(one.content), len(other.content)) < SHORTEST_HALF:
        return None
    halves = look_up(index, one, whole.by), look_up(index, other, whole.by)
    if not all(half.hits for half in halves) or not _differ(*halves):
        return None
    return Cut(whole, halves, (*_features(index, whole, halves), float(is_joint)))


def _differ(one: Found, other: Found) -> bool:
    first, second = one.hits[0], other.hits[0]
    return first.code != second.code and Kind.PROCEDURE in (first.entry.kind, second.entry.kind)


def _features(index: Index, whole: Found, halves: tuple[Found, Found]) -> Iterator[float]:
    """What tells two matters from one with its story."""
    yield min(half.sureness for half in halves)
    yield whole.features[1]
    yield whole.hits[0].likeness
    yield min(half.hits[0].likeness for half in halves)
    yield min(MUCH, *(index.matter(half.words) for half in halves))
    yield min(index.use(half.words, half.hits[0].entry) for half in halves)


def _both(cut: Cut) -> Understood:
    firsts = [half.hits[0] for half in cut.halves]
    codes = tuple(hit.code for hit in firsts if hit.entry.kind is Kind.PROCEDURE)
    neighbour = next((hit.code for hit in firsts if hit.entry.kind is Kind.NEIGHBOUR), "")
    words = cut.whole.words
    return Understood("several", codes, words.facet, round(cut.sureness, 3), neighbour=neighbour, facets=words.facets)
