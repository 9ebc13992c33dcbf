"""From a message to what is meant: an entry, a few to choose from, two matters, another's matter, talk, or a no."""

from dataclasses import dataclass, replace

from bot.vietnamese.calibration import CALIBRATION, Calibration
from bot.vietnamese.retrieval import Hit, Index, Kind
from bot.vietnamese.words import Words

CHOICES = 5
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


@dataclass(frozen=True, slots=True)
class Found:
    """A question and the entries near to it."""

    words: Words
    hits: tuple[Hit, ...]
    features: tuple[float, ...]
    by: Calibration
    named: str = ""  # code of the entry that has just this for a name

    @property
    def sureness(self) -> float:
        return self.by.sureness(self.features) if self.hits else 0.0

    @property
    def procedures(self) -> list[Hit]:
        return [hit for hit in self.hits if hit.entry.kind is Kind.PROCEDURE]


def look_up(index: Index, words: Words, by: Calibration = CALIBRATION) -> Found:
    hits = tuple(index.search(words))
    return Found(words, hits, _features(index, words, hits), by, index.named(words))


def _features(index: Index, words: Words, hits: tuple[Hit, ...]) -> tuple[float, ...]:
    """What tells a right first hit from a wrong one: its score, its lead, how much it knows, how much was said."""
    if not hits:
        return ()
    lead = hits[0].score - (hits[1].score if len(hits) > 1 else 0.0)
    content = sum(1 for word in words.words if word.content)
    return hits[0].score, lead, index.coverage(words, hits[0].entry), min(content, MUCH) / MUCH


def vague_features(index: Index, found: Found) -> tuple[float, ...]:
    """What tells that several procedures fit: little said, a close second that knows it all."""
    first, second = found.procedures[:2]
    words = found.words
    return (
        first.score,
        first.score - second.score,
        min(len(words.content), MUCH) / MUCH,
        index.coverage(words, second.entry),
        index.use(words, second.entry),
        float(bool(words.facets)),
        min(index.matter(words), MUCH_MATTER) / MUCH_MATTER,
    )


def decide(index: Index, found: Found) -> Understood:
    """What a question by itself means."""
    field = _field(index, found.words)
    if field and found.hits and found.features[1] < FIELD_LEAD and not found.named:
        return _of(found, "choices", field, field)
    if not found.hits:
        return _of(found, "unknown", ())
    if found.hits[0].entry.kind is Kind.NEIGHBOUR:
        return _foreign(found)
    codes, is_vague = tuple(hit.code for hit in found.procedures), _is_vague(index, found)
    if found.sureness >= found.by.sure and not is_vague:
        return _of(found, "answer", codes)
    if found.sureness >= found.by.possible or is_vague:
        return _of(found, "choices", codes, _near(found, FEWEST if is_vague else 1))
    return _of(found, "unknown", codes)


def _is_vague(index: Index, found: Found) -> bool:
    """Would a clerk ask back? Never of one who just says what a procedure is called."""
    if found.named or len(found.procedures) < 2:
        return False
    return found.by.vagueness(vague_features(index, found)) >= found.by.asks


def _of(found: Found, outcome: str, codes: tuple[str, ...], choices: tuple[str, ...] = ()) -> Understood:
    words = found.words
    return Understood(outcome, codes, words.facet, round(found.sureness, 3), choices, facets=words.facets)


def _foreign(found: Found) -> Understood:
    codes = tuple(hit.code for hit in found.procedures)
    if found.sureness < found.by.foreign:
        near = _near(found)
        return _of(found, "choices", near, near) if near else _of(found, "unknown", codes)
    return replace(_of(found, "not_ours", codes), neighbour=found.hits[0].code)


def _near(found: Found, fewest: int = 1) -> tuple[str, ...]:
    """The procedures so close behind the best that any of them may be meant."""
    least = found.hits[0].score - found.by.near
    near = sum(hit.score >= least for hit in found.procedures)
    shown = max(near, fewest) if near else 0
    return tuple(hit.code for hit in found.procedures[: min(shown, CHOICES)])


def _field(index: Index, words: Words) -> tuple[str, ...]:
    """Only a field of the administration is named: its most asked procedures."""
    content, said = set(words.content), f" {words.folded} "
    if not 1 <= len(content) <= MUCH:
        return ()
    fields = (field for field in index.fields if f" {field} " in said and content <= set(field.split()))
    return next((index.fields[field][:CHOICES] for field in fields), ())
