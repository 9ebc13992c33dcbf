"""Two matters in one message: cut where people join them, each half understood by itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from operator import itemgetter

from bot.vietnamese.calibration import Calibration
from bot.vietnamese.retrieval import Index, Kind
from bot.vietnamese.understanding import Found, Understood, look_up
from bot.vietnamese.words import read

_JOINT = re.compile(
    r"\s*(?:[+;&\n]|\? ?(?=\S)|\b(?:với lại|voi lai|tiện thể|tien the|sẵn tiện|san tien|tiện|tien|sẵn|san|"
    r"ngoài ra|ngoai ra|đồng thời|dong thoi|rồi|roi|rùi|và|va|với|voi|vs|còn|con(?= .* (?:thi|sao))|"
    r"luôn|luon|cùng|lẫn|kèm|thêm|them|(?<=\w )(?:vừa|vua)(?= (?:làm|lam|xin|đăng|dang|hỏi|hoi|chuyển|chuyen)))\b)\s*",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"\s*(?:, ?|\. )\s*")  # parts a story from what is wanted more often than two matters
_CLEAR = re.compile(
    r"với lại|voi lai|tiện|tien|sẵn|san|ngoài ra|ngoai ra|đồng thời|dong thoi|[+;?]|cùng|lẫn|kèm|thêm|them",
    re.IGNORECASE,
)
_AND_THEN = re.compile(r"rồi|roi|rùi", re.IGNORECASE)
_WANTS = re.compile(
    r"\b(?:gi|sao|dau|nao|may|bao|xin|lam|dang ky|can|hoi|cap|nop|muon|doi|mo|sua|chung|gia han|huy|rang|chi|xoa|khai|"
    r"tach|huong dan)\b"
)
_BOTH = re.compile(
    r"\b(?:(?:hai|2) (?:viec|cai|thu|don|loai|giay|chuyen|thu tuc|ho so)|ca hai|ca 2|"
    r"(?:cung|mot|1) (?:luc|lan|buoi|buoc|luot|ngay)|luon|nua|mot the|vua .* vua|lan)\b"
)
SHORTEST = 4  # words with content that two matters need together
SHORTEST_HALF, LEAST_MATTER = 2, 3.0
MOST_CUTS = 4
MUCH, MUCH_HALF = 8.0, 6  # matter, and words of content; more of it does not make it surer


@dataclass(frozen=True, slots=True)
class Cut:
    whole: Found
    halves: tuple[Found, Found]
    features: tuple[float, ...]

    def both(self) -> Understood:
        firsts = [half.hits[0] for half in self.halves]
        codes = tuple(hit.code for hit in firsts if hit.entry.kind is Kind.PROCEDURE)
        neighbour = next((hit.code for hit in firsts if hit.entry.kind is Kind.NEIGHBOUR), "")
        words = self.whole.words
        return Understood("several", codes, words.facet, neighbour=neighbour, facets=words.facets)


def several(ways: Iterable[Cut], by: Calibration) -> Understood | None:
    """Both, in their order, when each half is about something else and clearly so."""
    sure = ((by.sureness_of_both(way.features), way) for way in ways)
    likeliest, best = max(sure, key=itemgetter(0), default=(0.0, None))
    return replace(best.both(), score=round(likeliest, 3)) if best and likeliest >= by.both else None


def cuts(index: Index, text: str, whole: Found) -> Iterator[Cut]:
    if sum(1 for word in whole.words.words if word.content) < SHORTEST:
        return
    for found in islice(chain(_JOINT.finditer(text), _PAUSE.finditer(text)), MOST_CUTS):
        cut = _cut(index, text[: found.start()], text[found.end() :], found[0], whole)
        if cut:
            yield cut


def _cut(index: Index, left: str, right: str, joint: str, whole: Found) -> Cut | None:
    one, other = (read(text, index.lexicon) for text in (left, right))
    if any(len(half.content) < SHORTEST_HALF or index.matter(half) < LEAST_MATTER for half in (one, other)):
        return None
    halves = look_up(index, one, whole.by), look_up(index, other, whole.by)
    if not all(half.hits for half in halves) or not _differ(*halves):
        return None
    return Cut(whole, halves, (*_of_halves(index, halves), *_of_whole(index, whole, halves), *_of_joint(joint, whole)))


def _differ(one: Found, other: Found) -> bool:
    first, second = one.hits[0], other.hits[0]
    return first.code != second.code and Kind.PROCEDURE in (first.entry.kind, second.entry.kind)


def _of_halves(index: Index, halves: tuple[Found, Found]) -> Iterator[float]:
    """Two matters stand by themselves, and neither knows what the other is about."""
    one, other = halves
    firsts = first, second = one.hits[0], other.hits[0]
    yield min(half.sureness for half in halves)
    yield max(half.sureness for half in halves)
    yield min(hit.likeness for hit in firsts)
    yield max(hit.likeness for hit in firsts)
    yield min(MUCH, *(index.matter(half.words) for half in halves))
    yield min(len(half.words.content) for half in halves) / MUCH_HALF
    yield min(index.use(half.words, hit.entry) for half, hit in zip(halves, firsts, strict=True))
    yield sum(_WANTS.search(half.words.folded) is not None for half in halves)
    across = index.coverage(other.words, first.entry), index.coverage(one.words, second.entry)
    yield from (max(across), min(across))
    yield float(first.entry.field == second.entry.field)
    yield float(Kind.NEIGHBOUR in (first.entry.kind, second.entry.kind))


def _of_whole(index: Index, whole: Found, halves: tuple[Found, Found]) -> Iterator[float]:
    """The whole is like both, and unlike a third."""
    best = whole.hits[0]
    near = {hit.code: hit.score for hit in whole.hits}
    scores = [near.get(half.hits[0].code, 0.0) for half in halves]
    is_third = best.code not in {half.hits[0].code for half in halves}
    yield from (whole.features[1], best.likeness, best.score, min(scores), max(scores))
    yield float(is_third)
    yield best.likeness * is_third


def _of_joint(joint: str, whole: Found) -> Iterator[float]:
    yield float(_BOTH.search(whole.words.folded) is not None)
    yield float(_CLEAR.search(joint) is not None)
    yield float(_AND_THEN.search(joint) is not None)
    yield float(joint.strip() in (",", "."))
