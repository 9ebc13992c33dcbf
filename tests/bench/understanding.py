"""How fast a message is understood among 10,000 entries: `taskset -c 0 python -m tests.bench.understanding`."""

import gc
import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import thread_time

from bot.vietnamese.meaning import understand
from bot.vietnamese.retrieval import Entry, Index, Kind
from data import knowledge
from tests.bench.load import SERVER_CPU
from tests.evaluation.baselines import Bm25
from tests.evaluation.sets import SHARED, golden, rows, shipped

ENTRIES = 10_000
ROUNDS = 3
SETS = ("exam", "rehearsal", "procedures", "talk")
Figures = dict[str, float]


def understanding_times() -> Figures:
    """Measured in a process of its own, on one core."""
    command = ["taskset", "-c", SERVER_CPU, sys.executable, "-m", "tests.bench.understanding"]
    figures: Figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return figures


def section(found: Figures) -> list[str]:
    national = f"{found['national']:,.0f} bare names"
    return [
        f"## Understanding: {found['questions']:,.0f} messages among {found['entries']:,.0f} entries",
        "",
        f"The golden messages, in {ROUNDS} rounds on one core, against the shipped entries, the national catalogue",
        f"({national}) and made-up names up to that number. BM25 took the same messages in turn in the same",
        "process: numpy, one document an entry with its names and phrasings, the ten best. Processor time, so that",
        "other work on the machine does not count.",
        "",
        "| | p50 ms | p99 ms |",
        "|---|---|---|",
        f"| understood | {found['p50_ms']:.2f} | {found['p99_ms']:.2f} |",
        f"| BM25 | {found['bm25_p50_ms']:.2f} | {found['bm25_p99_ms']:.2f} |",
        "",
        f"Understanding takes {found['ratio']:.1f} times as long as BM25 (median of the pairs). The index is built in",
        f"{found['build_s']:.1f} s and takes {found['index_mib']:.0f} MiB.",
        "",
    ]


def measure() -> Figures:
    entries, national = _entries()
    texts = [case.text for name in SETS for case in golden(name)]
    gc.collect()
    before, started = _resident_mib(), thread_time()
    index = Index(entries)
    built = thread_time() - started
    gc.collect()
    size = _resident_mib() - before
    bm25 = Bm25({entry.code: entry.texts for entry in index.entries})
    ours, theirs = _in_turn(lambda text: understand(index, text), bm25.rank, texts)
    return {
        "questions": len(texts), "entries": len(index.entries), "national": national, "build_s": built,
        "index_mib": size, "p50_ms": _cut(ours, 50), "p99_ms": _cut(ours, 99), "bm25_p50_ms": _cut(theirs, 50),
        "bm25_p99_ms": _cut(theirs, 99),
        "ratio": statistics.median(one / other for one, other in zip(ours, theirs, strict=True)),
    }  # fmt: skip


def _entries() -> tuple[list[Entry], int]:
    """What is shipped, the catalogue where it lies beside, and names made of two others' halves."""
    procedures, neighbours = shipped()
    entries = {
        each.code: Entry(each.code, (each.name, each.short, *each.aliases), tuple(each.phrasings), field=each.field)
        for each in procedures
    }
    entries |= {
        each.key: Entry(each.key, (each.name, *each.aliases), tuple(each.phrasings), Kind.NEIGHBOUR)
        for each in neighbours
    }
    known = len(entries)
    for row in rows(SHARED / "national_names.jsonl"):
        entries.setdefault(row["code"], Entry(row["code"], (row["name"],), field=row["field"]))
    national = len(entries) - known
    names = [entry.names[0].split() for entry in entries.values()]
    chance = random.Random(0)
    for number in range(ENTRIES - len(entries)):
        one, other = chance.choice(names), chance.choice(names)
        name = " ".join((*one[: len(one) // 2 + 1], *other[len(other) // 2 :]))
        entries[f"made-up-{number}"] = Entry(f"made-up-{number}", (name,))
    talk = [Entry(row["intent"], (), tuple(row["phrasings"]), Kind.INTENT) for row in knowledge.starter("intents")]
    return [*entries.values(), *talk], national


def _in_turn(
    one: Callable[[str], object], other: Callable[[str], object], texts: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Milliseconds of both on each text, one right after the other."""
    times: tuple[list[float], list[float]] = [], []
    for _ in range(ROUNDS):
        for text in texts:
            for run, found in zip((one, other), times, strict=True):
                started = thread_time()
                run(text)
                found.append((thread_time() - started) * 1000)
    return times


def _cut(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def _resident_mib() -> float:
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    print(json.dumps(measure()))
