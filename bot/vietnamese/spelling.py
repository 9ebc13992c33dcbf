"""Words that were mistyped: glued together, letters doubled, dropped or swapped, marks left as keystrokes.

A Vietnamese syllable is an onset and a rime out of short lists, so most slips give something that is no syllable at
all. What it was meant to be is read from its neighbours: the pairs of syllables that the knowledge entries use.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

_ONSET = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x"
_RIME = (
    "a(?:c|ch|i|m|n|ng|nh|o|p|t|u|y)?|e(?:c|ch|m|n|ng|nh|o|p|t|u)?|i(?:a|c|ch|m|n|nh|p|t|u|ec|em|en|eng|ep|et|eu)?|"
    "o(?:a|ac|ach|ai|am|an|ang|anh|ao|at|ay|c|e|en|eo|et|i|m|n|ng|p|t)?|oong|"
    "u(?:a|an|ang|at|ay|c|e|ech|enh|i|m|n|ng|o|oc|oi|om|on|ong|op|ot|ou|p|t|u|y|ya|ych|yen|yet|ynh|yt|yu)?|"
    "y(?:em|en|eng|et|eu)?"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_RIME})")
_TELEX_SHAPE = re.compile(r"(?<=[uao])w|(?<=^)w|(?<=d)d|(?<=a)a|(?<=e)e|(?<=o)o")
LONGEST_SYLLABLE = 6  # "nghieng" has 7, and nobody glues it
SHORTEST_MENDED = 3


@lru_cache(maxsize=16_384)
def is_syllable(word: str) -> bool:
    """Could this folded word be a Vietnamese syllable?"""
    return _SYLLABLE.fullmatch(word) is not None


class Lexicon:
    """The folded syllables and neighbours that known texts use, and how often."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        self.words: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        for words in texts:
            self.words.update(words)
            self.pairs.update(pairwise(words))
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            for form in _shortened(word):
                self._shortened[form].append(word)

    def fits(self, before: str, word: str, after: str) -> int:
        """How often known texts have this word beside these neighbours."""
        return self.pairs[before, word] + self.pairs[word, after]

    def mended(self, before: str, word: str, after: str) -> tuple[str, ...]:
        """What a folded word was meant to be; the word itself when there is nothing better."""
        if word in self.words or len(word) < SHORTEST_MENDED or not word.isalpha():
            return (word,)
        if is_syllable(word):
            near = self._near(word)
            best = max(near, key=lambda other: self.fits(before, other, after), default=word)
            return (best,) if self.fits(before, best, after) else (word,)
        return self._unglued(before, word, after) or (self._respelt(before, word, after),)

    def _near(self, word: str) -> list[str]:
        """Known words one slip away, in a steady order."""
        found = dict.fromkeys(other for form in sorted(_shortened(word)) for other in self._shortened.get(form, ()))
        return [other for other in found if _is_one_slip(word, other)]

    def _respelt(self, before: str, word: str, after: str) -> str:
        """Telex keystrokes left standing ("dawng", "kys"), or the known word one slip away."""
        keys = _TELEX_SHAPE.sub("", word)
        typed = [form for form in (keys, keys.rstrip("sfrxj")) if form in self.words]
        near = typed or [other for other in self._near(word) if len(word) > SHORTEST_MENDED or other[0] == word[0]]
        if not near:
            return word
        return max(near, key=lambda other: (self.fits(before, other, after), self.words[other]))

    def _unglued(self, before: str, word: str, after: str) -> tuple[str, ...]:
        """ "giayto" is two words; of several ways to cut it, the one whose neighbours are known."""
        ways = [parts for parts in _cuts(word) if all(part in self.words for part in parts)]
        return max(ways, key=lambda parts: self._joined(before, parts, after), default=())

    def _joined(self, before: str, parts: Sequence[str], after: str) -> tuple[int, int]:
        inside = sum(self.pairs[pair] > 0 for pair in pairwise([before, *parts, after]))
        return inside - len(parts), min(self.words[part] for part in parts)


def _cuts(word: str) -> list[tuple[str, ...]]:
    """Every way to cut a word into two to four syllables."""
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[tuple[str, ...], str]] = [((), word)]
    while waiting:
        parts, rest = waiting.pop()
        for end in range(1, min(len(rest), LONGEST_SYLLABLE) + 1):
            if is_syllable(rest[:end]):
                more = (*parts, rest[:end])
                if end == len(rest):
                    found += [more] if len(more) > 1 else []
                elif len(more) < 4:
                    waiting.append((more, rest[end:]))
    return found


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_one_slip(one: str, other: str) -> bool:
    """One letter more, less, changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) == 1:
        long, short = (one, other) if len(one) > len(other) else (other, one)
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    differing = [at for at in range(min(len(one), len(other))) if one[at] != other[at]]
    if len(one) != len(other) or not 1 <= len(differing) <= 2:
        return False
    if len(differing) == 1:
        return True
    first, second = differing
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]
