"""From a question to a decision: one entry, a few to choose from, or an honest no."""

from dataclasses import dataclass

from bot.vietnamese.retrieval import Hit, Index
from bot.vietnamese.words import read

# The best of a grid over third-party questions, a wrong answer counted five times an unnecessary choice.
SURE = 0.6
MARGIN = 0.1
POSSIBLE = 0.4
CHOICES = 3


@dataclass(frozen=True, slots=True)
class Understood:
    outcome: str  # answer | choices | unknown
    codes: tuple[str, ...]  # best first
    facet: str
    score: float  # 0..1


def understand(index: Index, text: str) -> Understood:
    words = read(text)
    hits = index.search(words.content)
    if not hits or hits[0].likeness < POSSIBLE:
        return Understood("unknown", tuple(hit.code for hit in hits[:CHOICES]), words.facet, _score(hits))
    near = [hit for hit in hits if hit.likeness >= max(hits[0].likeness - MARGIN, POSSIBLE)]
    outcome = "answer" if len(near) == 1 and hits[0].likeness >= SURE else "choices"
    shown = near if len(near) > 1 else [hit for hit in hits if hit.likeness >= POSSIBLE]
    return Understood(outcome, tuple(hit.code for hit in shown[:CHOICES]), words.facet, _score(hits))


def _score(hits: list[Hit]) -> float:
    return round(hits[0].likeness, 3) if hits else 0.0
