"""What all tables share.

Hot columns of the inbox and the outbox are epoch milliseconds (`…_ms`), written by plain SQL; all other times are
aware datetimes (SQLModel's UTCDateTime), all dates are dates of Asia/Ho_Chi_Minh.
"""

from typing import Any

from sqlalchemy import BigInteger, Integer, text
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite counts rows by itself only for a column that is exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


def only(state: str) -> dict[str, Any]:
    """A partial index: the rows in this state are few and the rest are many."""
    return {"sqlite_where": text(f"state = '{state}'"), "postgresql_where": text(f"state = '{state}'")}


def ms(default: int = 0) -> Any:
    return Field(default=default, sa_type=BigInteger, sa_column_kwargs={"server_default": str(default)})
