"""Bring a database to the newest shape; harmless when it already is, and when two processes do it at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7_305_681  # any number that is ours: PostgreSQL's name for "only one migrates"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() == head


def new_revision(engine: Engine, message: str) -> None:
    """Write a migration from the difference between the tables and an up-to-date database."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=_next_id())


def _next_id() -> str:
    return f"{len(list((_SCRIPTS / 'versions').glob('*.py'))) + 1:04d}"
