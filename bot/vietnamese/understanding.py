"""From a message to what is meant: an entry, a few to choose from, two matters, another's matter, talk, or a no."""

from dataclasses import dataclass, replace

from bot.vietnamese.calibration import CALIBRATION, Calibration
from bot.vietnamese.retrieval import Hit, Index, Kind, Near, terms_of
from bot.vietnamese.words import Words

CHOICES = 5
BROAD = 0.3  # so much nearer may a procedure be
JUST_THAT = 0.85  # so like what many say, it is broad whatever else is called so
FEWEST = 3  # choices when several fit
MUCH = 6  # words of content; more do not make it surer
MUCH_MATTER = 12.0
FIELD_LEAD = 0.5  # so far ahead of all others a procedure is meant, and not its field


@dataclass(frozen=True, slots=True)
class Understood:
    outcome: str  # answer | choices | several | not_ours | unknown, or an intent
    codes: tuple[str, ...] = ()  # procedures, best first
    facet: str = ""
    score: float = 0.0  # 0..1, how likely the first is right
    choices: tuple[str, ...] = ()
    neighbour: str = ""  # key of the neighbour's matter
    intent: str = ""  # when it is no question
    facets: tuple[str, ...] = ()
    accuses: float = -1.0  # how far ahead of all else it is that somebody is accused


@dataclass(frozen=True, slots=True)
class Found:
    """A question and the entries near to it."""

    words: Words
    hits: tuple[Hit, ...]
    features: tuple[float, ...]
    by: Calibration
    near: Near
    named: str = ""  # code of the entry that has just this for a name
    broad: Hit | None = None  # what is said by many who mean different things

    @property
    def sureness(self) -> float:
        return self.by.sureness(self.features) if self.hits else 0.0

    @property
    def procedures(self) -> list[Hit]:
        return [hit for hit in self.hits if hit.entry.kind is Kind.PROCEDURE]


def look_up(index: Index, words: Words, by: Calibration = CALIBRATION) -> Found:
    near = index.near(terms_of(words))
    best = near.best()
    hits = tuple(hit for hit in best if hit.entry.kind is not Kind.BROAD)
    broad = next((hit for hit in best if hit.entry.kind is Kind.BROAD), None)
    return Found(words, hits, _features(index, words, hits), by, near, index.named(words), broad)


def _features(index: Index, words: Words, hits: tuple[Hit, ...]) -> tuple[float, ...]:
    """What tells a right first hit from a wrong one: how near it is, its lead, how much it knows, how much was said."""
    if not hits:
        return ()
    first, second = hits[0], hits[1] if len(hits) > 1 else None
    content = sum(1 for word in words.words if word.content)
    return (
        first.score,
        first.score - (second.score if second else 0.0),
        index.coverage(words, first.entry),
        min(content, MUCH) / MUCH,
        first.likeness,
        index.coverage(words, second.entry) if second else 0.0,
    )


def vague_features(index: Index, found: Found) -> tuple[float, ...]:
    """What tells that several procedures fit: little said, a close second that knows it all."""
    first, second = found.procedures[:2]
    words, broad = found.words, found.broad
    return (
        first.score,
        first.score - second.score,
        min(len(words.content), MUCH) / MUCH,
        index.coverage(words, second.entry),
        index.use(words, second.entry),
        float(bool(words.facets)),
        min(index.matter(words), MUCH_MATTER) / MUCH_MATTER,
        broad.likeness if broad else 0.0,
        broad.score - first.score if broad else -1.0,
        float(broad is not None and first.code in broad.entry.choices),
    )


def decide(index: Index, found: Found) -> Understood:
    """What a question by itself means."""
    codes = tuple(hit.code for hit in found.procedures)
    if not found.hits:
        return _of(found, "unknown", codes)
    if choices := _field(index, found) or _may_be_meant(index, found):
        return _of(found, "choices", tuple(dict.fromkeys((*codes, *choices))), choices)
    if found.hits[0].entry.kind is Kind.NEIGHBOUR and found.sureness >= found.by.foreign:
        return not_ours(found, found.hits[0].code)
    if found.hits[0].entry.kind is Kind.PROCEDURE and found.sureness >= found.by.sure:
        return _of(found, "answer", codes)
    if codes and (found.hits[0].entry.kind is Kind.NEIGHBOUR or found.sureness >= found.by.possible):
        return _of(found, "choices", codes, _near(found))
    return _of(found, "unknown", codes)


def _may_be_meant(index: Index, found: Found) -> tuple[str, ...]:
    """What a clerk would ask back; nothing where it is clear, as when one just says what a procedure is called."""
    broad = found.broad
    is_just_that = broad is not None and broad.likeness >= JUST_THAT
    if len(found.procedures) < 2 or (not is_just_that and (found.named or found.procedures[0] is not found.hits[0])):
        return ()
    if found.by.vagueness(vague_features(index, found)) < found.by.asks:
        return ()
    if broad is None or (not is_just_that and broad.score < found.hits[0].score - BROAD):
        return _near(found)
    codes = [hit.code for hit in found.procedures]
    usual, nearest = broad.entry.choices, found.named if found.named in codes else codes[0]
    return tuple(dict.fromkeys((*usual[: CHOICES - 1], nearest, *usual)))[:CHOICES]


def _of(found: Found, outcome: str, codes: tuple[str, ...], choices: tuple[str, ...] = ()) -> Understood:
    words = found.words
    return Understood(outcome, codes, words.facet, round(found.sureness, 3), choices, facets=words.facets)


def not_ours(found: Found, neighbour: str) -> Understood:
    codes = tuple(hit.code for hit in found.procedures)
    return replace(_of(found, "not_ours", codes), neighbour=neighbour)


def _near(found: Found) -> tuple[str, ...]:
    """The procedures so close behind the best that any of them may be meant."""
    least = found.hits[0].score - found.by.near
    near = sum(hit.score >= least for hit in found.procedures)
    return tuple(hit.code for hit in found.procedures[: min(max(near, FEWEST), CHOICES)])


def _field(index: Index, found: Found) -> tuple[str, ...]:
    """Only a field of the administration is named: its most asked procedures."""
    content, said = set(found.words.content), f" {found.words.folded} "
    if not 1 <= len(content) <= MUCH or found.named or found.features[1] >= FIELD_LEAD:
        return ()
    fields = (field for field in index.fields if f" {field} " in said and content <= set(field.split()))
    return next((index.fields[field][:CHOICES] for field in fields), ())
