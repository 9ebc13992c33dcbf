"""What every test may ask for. Nothing here plays a part of Loa: the databases are real, and so is the network."""

import itertools
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql

from data.database import Database
from data.migrate import migrate
from tests.postgres import Cluster

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # Wednesday, twelve o'clock in Viet Nam
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in os.environ if name.startswith(("LOA_", "ZALO_", "MESSENGER_", "TELEGRAM_", "WEBCHAT_"))
    ]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A throw-away PostgreSQL of this worker's own, with a migrated database to copy from.

    Not in pytest's folder: another run of root's would close that to the user as whom the server runs.
    """
    with TemporaryDirectory(prefix="loa-postgres-") as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        template = Database(cluster.create("loa_template"))
        migrate(template.engine)
        template.close()
        yield cluster
        cluster.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    template = Database(f"sqlite:///{path}")
    migrate(template.engine)
    template.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "loa.db")
    return f"sqlite:///{tmp_path / 'loa.db'}"


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    name = f"loa_{next(_numbers)}"
    yield cluster.create(name, template="loa_template")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, migrated, empty database: each test that asks for it runs on SQLite and on PostgreSQL."""
    database = Database(database_url)
    database.open()
    yield database
    database.close()
