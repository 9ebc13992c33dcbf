"""`make bench`: measure, print, and write `docs/performance.md`."""

import argparse
import asyncio
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from data import accounts
from data.clock import local_day, utc_now
from data.database import Database
from data.migrate import migrate
from tests.bench.answer import answer_times
from tests.bench.load import LOAD_CPU, Measured, measure, server, write_events
from tests.bench.understanding import Figures, section, understanding_times
from tests.postgres import Cluster

ROOT = Path(__file__).parent.parent.parent
EVENTS = 160_000  # more than the fastest durable server takes in a round


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--understanding", action="store_true", help="measure and print this part only")
    given = options.parse_args()
    if given.understanding:
        print("\n".join(section(understanding_times())))
        return
    if not shutil.which("wrk") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        folder.chmod(0o755)
        (folder / "postgres").mkdir()
        cluster = Cluster(folder / "postgres")
        cluster.start()
        stack.callback(cluster.stop)
        os.sched_setaffinity(cluster.pid, {int(LOAD_CPU)})  # its children inherit it
        results = _webhooks(folder, cluster, given.rounds, given.seconds)
        answers = asyncio.run(answer_times(folder))
        understood = understanding_times()
    report = _report(results, answers, understood, given.rounds, given.seconds)
    (ROOT / "docs" / "performance.md").write_text(report, "utf-8")
    print(report)


Results = dict[tuple[str, int], list[Measured]]


def _webhooks(folder: Path, cluster: Cluster, rounds: int, seconds: int) -> Results:
    """Every server in every round, one after the other, so that a slow minute hits all alike."""
    fresh = iter(range(1_000_000))
    results: Results = {}

    def sqlite() -> str:
        return _migrated(f"sqlite:///{folder / f'{next(fresh)}.db'}")

    def postgres() -> str:
        return _migrated(cluster.create(f"bench_{next(fresh)}"))

    cases: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("bare", "bare", lambda: ""),
        ("unstored", "unstored", lambda: ""),
        ("SQLite", "durable", sqlite),
        ("PostgreSQL", "durable", postgres),
        ("SQLite, one ORM commit each", "one commit each", sqlite),
    )
    for turn in range(rounds):
        for connections in (64, 256):
            events = folder / f"events-{turn}.txt"
            write_events(events, EVENTS, turn * EVENTS)
            for title, name, database in cases:
                with server(name, database()) as port:
                    found = measure(port, events, connections=connections, seconds=seconds)
                results.setdefault((title, connections), []).append(found)
                print(f"{turn + 1}. {title} {connections}: {found}", flush=True)
    return results


def _migrated(url: str) -> str:
    database = Database(url)
    migrate(database.engine)
    database.write_now(accounts.account_id, "zalo", "bench")
    database.close()
    return url


def _report(results: Results, answers: dict[str, float], understood: Figures, rounds: int, seconds: int) -> str:
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; not by hand. Ratios count, not seconds: every server ran in every round, one after",
        "the other, on one core, with the load (`wrk`, signed webhooks, each a new event) and PostgreSQL on the other.",
        "",
        f"Machine: {_machine()}. {local_day(utc_now()):%d %B %Y}. {rounds} rounds of {seconds} s, medians.",
        "",
        "## A webhook: read, verified, de-duplicated, on the disk, then 200",
        "",
        "| server | connections | requests/s | of bare aiohttp (paired) | p50 ms | p99 ms | refused |",
        "|---|---|---|---|---|---|---|",
        *(_row(results, title, connections) for title, connections in sorted(results, key=lambda key: key[1])),
        "",
        "*bare* is an aiohttp handler that does nothing; *unstored* verifies and parses but keeps nothing, the ceiling",
        "of any stored webhook. SQLite runs with WAL and synchronous=FULL, PostgreSQL with fsync on.",
        "",
        "## An answer: from the platform's webhook to the reply at the platform",
        "",
        "One citizen after the other against a local Zalo, through the whole server: stored, understood, decided,",
        "enqueued, sent.",
        "",
        "| | ms |",
        "|---|---|",
        *(f"| {name} | {value:.1f} |" for name, value in answers.items()),
        "",
        *section(understood),
    ]
    return "\n".join(lines)


def _row(results: Results, title: str, connections: int) -> str:
    found, base = results[title, connections], results["bare", connections]
    ratios = [one.per_second / other.per_second for one, other in zip(found, base, strict=True)]
    middle = statistics.median
    return (
        f"| {title} | {connections} | {middle(one.per_second for one in found):,.0f} | {middle(ratios):.2f} "
        f"| {middle(one.p50_ms for one in found):.1f} | {middle(one.p99_ms for one in found):.1f} "
        f"| {sum(one.refused for one in found)} |"
    )


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.0f} s")
