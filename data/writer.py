"""One thread that commits for many: it takes all that waits, does it in one transaction, and tells everyone.

No timer is needed to gather a batch: it forms while the previous one is being synced to the disk.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from time import monotonic
from typing import Any, Protocol

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

CHANGES_SECONDS = 0.004  # how long the changes of one commit may keep its arrivals waiting
ROWS_A_STATEMENT = 200
CONNECT_SECONDS = 5

NewArrival = tuple[int, str, int, str, int, bytes]
"""event_at_ms, event_id, account_id, person, received_at_ms, body"""

_COLUMNS = "event_at_ms, event_id, account_id, person, received_at_ms, body"
_INSERT_POSTGRES = (
    f"INSERT INTO arrival ({_COLUMNS}) SELECT * FROM unnest"  # noqa: S608
    "(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::bigint[], %s::bytea[]) ON CONFLICT DO NOTHING"
)


class Unwritable(Exception):
    """The database cannot be written now: locked by someone else, disk full, read-only, gone."""


@dataclass(slots=True, eq=False)
class Job:
    """An arrival to insert, or a change to run; then `result` or `error` for the one who waits."""

    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    arrival: NewArrival | None = None
    change: Callable[[Session], Any] | None = None
    result: Any = None
    error: Exception | None = None

    def tell(self) -> None:
        if self.future.done():  # whoever waited has gone
            return
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Commits(Protocol):
    def __call__(self, jobs: list[Job]) -> list[Job]:
        """Do what can be done of the jobs in one transaction; those left for the next."""

    def close(self) -> None: ...


class Writer:
    def __init__(self, commit: Commits) -> None:
        self._commit = commit
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="loa-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What was submitted before is done first."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def submit(self, job: Job) -> "asyncio.Future[Any]":
        self._queue.put(job)
        return job.future

    def _run(self) -> None:
        waiting: list[Job] = []
        going = True
        while going or waiting:
            arrived = self._drain(block=not waiting)
            going = going and None not in arrived
            waiting += [job for job in arrived if job]
            if waiting:
                waiting = self._do(waiting)
        self._commit.close()

    def _drain(self, *, block: bool) -> list[Job | None]:
        jobs = [self._queue.get()] if block else []
        while not self._queue.empty():
            jobs.append(self._queue.get())
        return jobs

    def _do(self, jobs: list[Job]) -> list[Job]:
        try:
            left = self._commit(jobs)
        except Exception as error:  # noqa: BLE001 - the thread must outlive anything, and everyone must be told
            self._commit.close()
            left = []
            for job in jobs:
                job.error = job.error or error
        done = [job for job in jobs if job not in left] if left else jobs
        for loop in {job.loop for job in done}:
            mine = [job for job in done if job.loop is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(_tell, mine)
        return left


def _tell(jobs: list[Job]) -> None:
    for job in jobs:
        job.tell()


def unwritable(error: Exception) -> Exception:
    """`Unwritable` for what a healthy disk or server would have taken; the error itself when the change is wrong."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError | psycopg.OperationalError):
        return Unwritable(str(cause).strip())
    return error


class SqliteCommits:
    """Arrivals and changes in one commit, each change in a savepoint of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def __call__(self, jobs: list[Job]) -> list[Job]:
        left: list[Job] = []
        try:
            connection = self._connection = self._connection or self._engine.connect()
            with connection.begin():
                _insert_sqlite(connection, [job.arrival for job in jobs if job.arrival])
                left = _run_changes(connection, [job for job in jobs if job.change])
        except (DBAPIError, sqlite3.Error) as error:
            left = []
            for job in jobs:
                job.error = job.error or unwritable(error)
        return left

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def _insert_sqlite(connection: Connection, arrivals: list[NewArrival]) -> None:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    for start in range(0, len(arrivals), ROWS_A_STATEMENT):
        rows = arrivals[start : start + ROWS_A_STATEMENT]
        raw.execute(_insert_rows(len(rows)), tuple(chain.from_iterable(rows)))


@cache
def _insert_rows(count: int) -> str:
    return f"INSERT OR IGNORE INTO arrival ({_COLUMNS}) VALUES " + ",".join(["(?,?,?,?,?,?)"] * count)  # noqa: S608


def _run_changes(connection: Connection, jobs: list[Job]) -> list[Job]:
    """Run changes until their time is up, at least one; return those left over."""
    until = monotonic() + CHANGES_SECONDS
    for done, job in enumerate(jobs):
        if done and monotonic() > until:
            return jobs[done:]
        _run_change(connection, job)
    return []


def _run_change(connection: Connection, job: Job) -> None:
    assert job.change
    try:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            job.result = job.change(session)
            session.commit()
    except Exception as error:  # noqa: BLE001 - whoever asked for the change is told
        job.error = unwritable(error)


class PostgresArrivals:
    """Arrivals only: the changes go through the pool."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[Any] | None = None

    def __call__(self, jobs: list[Job]) -> list[Job]:
        try:
            connection = self._connected()  # one statement, committed by itself: one round trip and not three
            connection.execute(_INSERT_POSTGRES, _columns([job.arrival for job in jobs if job.arrival]))
        except psycopg.Error as error:
            self.close()
            for job in jobs:
                job.error = unwritable(error)
        return []

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS)
        return self._connection

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def _columns(rows: list[NewArrival]) -> list[str]:
    """The rows as six array literals: cheaper than letting psycopg adapt six lists value by value."""
    at, ids, accounts, people, received, bodies = zip(*rows, strict=True)
    return [_numbers(at), _texts(ids), _numbers(accounts), _texts(people), _numbers(received), _bytes(bodies)]


def _numbers(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _texts(values: Iterable[str]) -> str:
    return "{" + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values) + "}"


def _bytes(values: Iterable[bytes]) -> str:
    return "{" + ",".join('"\\\\x' + value.hex() + '"' for value in values) + "}"
