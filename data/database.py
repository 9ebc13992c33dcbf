"""The database and its three doors: `store` an arrival, `write` a change, `read` an answer.

A change or a question is a plain function that takes a `Session` first. It runs whole, in a thread, in one
transaction, and never while a platform is being called.

SQLite has one writer (`writer.py`) for everything, so that one sync to the disk serves all who wait and nobody in
this process meets a locked file. PostgreSQL has one for arrivals, for the same sync, and a pool for all else.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from data.writer import CONNECT_SECONDS, Job, NewArrival, PostgresArrivals, SqliteCommits, Writer, unwritable

P = ParamSpec("P")
T = TypeVar("T")

SQLITE_READERS = 4
POSTGRES_CONNECTIONS = 8


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine for a `sqlite:///` or `postgresql://` address, with the settings Loa relies on."""
    address = make_url(url)
    if not is_sqlite(url):
        drivername = "postgresql+psycopg"
        # hide_parameters: what a citizen wrote never gets into an error message
        return create_engine(
            address.set(drivername=drivername),
            pool_size=POSTGRES_CONNECTIONS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
    engine = create_engine(address, connect_args={"check_same_thread": False, "timeout": 1.0}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in _pragmas(read_only=read_only):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _pragmas(*, read_only: bool) -> list[str]:
    shared = ["busy_timeout=1000", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16000"]
    if read_only:
        return [*shared, "query_only=ON"]
    # FULL: a 200 that left is on the disk. secure_delete: what is erased is overwritten, not only unlinked.
    return [*shared, "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=8000", "secure_delete=ON"]


class Database:
    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.is_sqlite = is_sqlite(url)
        self._readers = open_engine(url, read_only=True) if self.is_sqlite else self.engine
        self._threads = ThreadPoolExecutor(SQLITE_READERS if self.is_sqlite else POSTGRES_CONNECTIONS, "loa-db")
        self._writer = Writer(SqliteCommits(self.engine) if self.is_sqlite else PostgresArrivals(url))

    def open(self) -> None:
        self._writer.start()

    def close(self) -> None:
        self._writer.stop()
        self._threads.shutdown()
        self._readers.dispose()
        self.engine.dispose()

    async def store(self, arrival: NewArrival) -> None:
        """Return when the arrival is on the disk; a repeat changes nothing. Raises `Unwritable`."""
        loop = asyncio.get_running_loop()
        await self._writer.submit(Job(loop, loop.create_future(), arrival=arrival))

    async def write(self, change: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change in one transaction and return its result once that is committed. Raises `Unwritable`."""
        loop = asyncio.get_running_loop()
        if not self.is_sqlite:
            return await loop.run_in_executor(self._threads, lambda: self.write_now(change, *args, **kwargs))
        job = Job(loop, loop.create_future(), change=lambda session: change(session, *args, **kwargs))
        result: T = await self._writer.submit(job)
        return result

    async def checkpoint(self) -> None:
        """Move what was written into the database file itself, and leave nothing behind in the log beside it."""
        if self.is_sqlite:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._checkpoint)

    def _checkpoint(self) -> None:
        with closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def read(self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self.read_now(question, *args, **kwargs))

    def read_now(self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """An answer, in the calling thread. Raises `Unwritable` when the database cannot even be read."""
        try:
            with Session(self._readers, expire_on_commit=False) as session:
                return question(session, *args, **kwargs)
        except DBAPIError as error:
            raise unwritable(error) from error

    def write_now(self, change: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A change in a transaction of the calling thread: for the command line, and for PostgreSQL's pool."""
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                result = change(session, *args, **kwargs)
                session.commit()
                return result
        except DBAPIError as error:
            raise unwritable(error) from error
