"""The usual ways to find an entry, on the same entries: what understanding must beat to be worth its code."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log

import numpy as np
import numpy.typing as npt

from bot.vietnamese.fold import fold
from bot.vietnamese.retrieval import Entry

Scores = npt.NDArray[np.float64]
Documents = Mapping[str, Sequence[str]]  # code -> its texts
Rank = Callable[[str], list[str]]  # a question -> codes, best first
K1, B = 1.5, 0.75
MOST = 10
SHORTEST, LONGEST = 2, 4  # letters of an n-gram
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def ngrams_of(text: str) -> list[str]:
    """Of each word by itself with a space on both sides, as "char_wb" does it."""
    padded = [f" {word} " for word in words_of(text)]
    return [
        word[at : at + length]
        for word in padded
        for length in range(SHORTEST, LONGEST + 1)
        for at in range(max(1, len(word) - length + 1))
    ]


class Texts:
    """The texts of all entries in a row."""

    def __init__(self, documents: Documents) -> None:
        self.all = [text for texts in documents.values() for text in texts]
        self._codes = list(documents)
        self._starts = np.cumsum([0, *(len(texts) for texts in documents.values())])[:-1]

    def best(self, scores: Scores) -> list[str]:
        """Codes of the entries, the one with the best text first."""
        of_entry = np.maximum.reduceat(scores, self._starts)
        best = np.argpartition(-of_entry, min(MOST, len(of_entry)) - 1)[:MOST]
        return [self._codes[at] for at in best[np.argsort(-of_entry[best], kind="stable")] if of_entry[at] > 0]


class Postings:
    """For each term the documents that have it and how much it counts there."""

    def __init__(self, weights: Iterable[Mapping[str, float]]) -> None:
        found: dict[str, tuple[list[int], list[float]]] = {}
        self.documents = 0
        for at, terms in enumerate(weights):
            self.documents = at + 1
            for term, weight in terms.items():
                rows, values = found.setdefault(term, ([], []))
                rows.append(at)
                values.append(weight)
        self._found = {term: (np.array(rows), np.array(values)) for term, (rows, values) in found.items()}

    def scores(self, terms: Mapping[str, float]) -> Scores:
        total = np.zeros(self.documents)
        for term, weight in terms.items():
            if term in self._found:
                rows, values = self._found[term]
                total[rows] += weight * values
        return total


class Bm25:
    """Robertson's BM25 with Lucene's idf; a document is an entry, or `apart` one of its texts and the best counts."""

    def __init__(self, documents: Documents, *, apart: bool = False) -> None:
        self._texts = Texts(documents if apart else {code: (" ".join(texts),) for code, texts in documents.items()})
        counts = [Counter(words_of(text)) for text in self._texts.all]
        mean = sum(count.total() for count in counts) / len(counts)
        holding = Counter(word for count in counts for word in count)
        idf = {word: log(1 + (len(counts) - n + 0.5) / (n + 0.5)) for word, n in holding.items()}
        self._postings = Postings(
            {
                word: idf[word] * n * (K1 + 1) / (n + K1 * (1 - B + B * count.total() / mean))
                for word, n in count.items()
            }
            for count in counts
        )

    def rank(self, text: str) -> list[str]:
        return self._texts.best(self._postings.scores(Counter(words_of(text))))


class CharacterNgrams:
    """TF-IDF of letter n-grams, cosine to each name and phrasing; an entry is as near as its nearest."""

    def __init__(self, documents: Documents) -> None:
        self._texts = Texts(documents)
        counts = [Counter(ngrams_of(text)) for text in self._texts.all]
        holding = Counter(term for count in counts for term in count)
        self._idf = {term: log((1 + len(counts)) / (1 + n)) + 1 for term, n in holding.items()}
        self._postings = Postings(self._unit(count) for count in counts)

    def _unit(self, count: Counter[str]) -> dict[str, float]:
        weights = {term: n * self._idf[term] for term, n in count.items() if term in self._idf}
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        return {term: weight / length for term, weight in weights.items()}

    def rank(self, text: str) -> list[str]:
        return self._texts.best(self._postings.scores(self._unit(Counter(ngrams_of(text)))))


class FullText:
    """SQLite's FTS5, any of the words, by its own bm25()."""

    def __init__(self, documents: Documents) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE entry USING fts5(code UNINDEXED, said, tokenize='unicode61 remove_diacritics 2')"
        )
        rows = [(code, _plain_d(" ".join(texts))) for code, texts in documents.items()]
        self._database.executemany("INSERT INTO entry VALUES (?, ?)", rows)

    def rank(self, text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in _WORD.findall(_plain_d(text))) or '""'
        found = self._database.execute(
            "SELECT code FROM entry WHERE said MATCH ? ORDER BY bm25(entry) LIMIT ?", (asked, MOST)
        )
        return [code for (code,) in found]


def _plain_d(text: str) -> str:
    """FTS5 takes "đ" for a letter of its own."""
    return text.replace("đ", "d").replace("Đ", "D")


def baselines(entries: Sequence[Entry]) -> dict[str, Rank]:
    said = {entry.code: entry.texts for entry in entries}
    return {
        "BM25, official names only": Bm25({entry.code: entry.names[:1] for entry in entries}).rank,
        "BM25, names and phrasings in one": Bm25(said).rank,
        "BM25, nearest name or phrasing": Bm25(said, apart=True).rank,
        "character n-grams, nearest": CharacterNgrams(said).rank,
        "SQLite FTS5": FullText(said).rank,
    }
