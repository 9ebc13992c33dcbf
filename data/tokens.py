"""Rotating platform tokens at rest: encrypted, with the pair before, and a claim so that only one process refreshes."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Generic, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import update
from sqlmodel import Session, col

from data.clock import to_ms, utc_now
from data.database import Database
from data.tables import TokenPair

log = logging.getLogger(__name__)

Pair = TypeVar("Pair")
SEED_LIVES = timedelta(hours=12)  # nobody knows how old a seed is: it is taken for half spent, and soon renewed
FIELDS = ("access", "refresh", "expires_at", "refresh_issued_at", "granted_at")


def read(session: Session, key: bytes, account_id: int) -> dict[str, Any] | None:
    """The living pair: `access`, `refresh`, and when it ends, was issued and was granted; None while there is none."""
    row = session.get(TokenPair, account_id)
    if row is None:
        return None
    try:
        secret = json.loads(Fernet(key).decrypt(row.sealed))
    except InvalidToken:
        log.error("the stored tokens were sealed with another key: put tokens into the settings anew")
        return None
    granted = secret.pop("granted_at", None)
    times = {"expires_at": row.expires_at, "refresh_issued_at": row.refresh_issued_at}
    return {**secret, **times, "granted_at": datetime.fromisoformat(granted) if granted else None}


def seed_of(session: Session, account_id: int) -> str:
    """The digest of the seed that the living pair descends from; "" when there is none."""
    row = session.get(TokenPair, account_id)
    return row.seed if row else ""


def plant(session: Session, key: bytes, account_id: int, pair: dict[str, Any], seed: str) -> None:
    """Begin anew from a pair that an administrator put into the settings."""
    keep(session, key, account_id, pair)
    session.flush()
    row = session.get_one(TokenPair, account_id)
    row.seed = seed
    session.add(row)


def keep(session: Session, key: bytes, account_id: int, pair: dict[str, Any]) -> None:
    """Store a new pair and end the claim on it."""
    granted_at = pair.get("granted_at")
    kept = {"access": pair["access"], "refresh": pair["refresh"]}
    secret = {**kept, "granted_at": granted_at.isoformat() if granted_at else None}
    sealed = Fernet(key).encrypt(json.dumps(secret).encode())
    times = {"expires_at": pair["expires_at"], "refresh_issued_at": pair["refresh_issued_at"]}
    row = session.get(TokenPair, account_id, with_for_update=True)
    if row is None:
        session.add(TokenPair(account_id=account_id, sealed=sealed, **times))
        return
    row.previous, row.sealed = row.sealed, sealed
    row.expires_at, row.refresh_issued_at = times["expires_at"], times["refresh_issued_at"]
    row.generation, row.claimed_until_ms = row.generation + 1, 0
    session.add(row)


def claim(session: Session, account_id: int, now: datetime, seconds: int) -> bool:
    """Become the only one who may refresh the pair, for `seconds`; False while another process is."""
    statement = (
        update(TokenPair)
        .where(col(TokenPair.account_id) == account_id, col(TokenPair.claimed_until_ms) < to_ms(now))
        .values(claimed_until_ms=to_ms(now + timedelta(seconds=seconds)))
    )
    return session.connection().execute(statement).rowcount == 1


def release(session: Session, account_id: int) -> None:
    session.execute(update(TokenPair).where(col(TokenPair.account_id) == account_id).values(claimed_until_ms=0))


class Kept(Generic[Pair]):
    """The store as a channel wants it: pairs of its own kind, `make` from the fields above."""

    def __init__(self, database: Database, key: bytes, account_id: int, make: Callable[..., Pair]) -> None:
        self._database, self._key, self._account_id, self._make = database, key, account_id, make

    async def read(self) -> Pair | None:
        found = await self._database.read(read, self._key, self._account_id)
        return self._make(**found) if found else None

    async def plant(self, access: str, refresh: str, now: datetime) -> None:
        """Begin from the pair in the settings, unless the living one descends from it already."""
        seed = sha256(refresh.encode()).hexdigest()
        is_descended = await self._database.read(seed_of, self._account_id) == seed
        if not refresh or (is_descended and await self.read()):
            return
        pair = {
            "access": access,
            "refresh": refresh,
            "expires_at": now + SEED_LIVES,
            "refresh_issued_at": now,
            "granted_at": now,
        }
        await self._database.write(plant, self._key, self._account_id, pair, seed)

    async def claim(self, seconds: int) -> bool:
        return await self._database.write(claim, self._account_id, utc_now(), seconds)

    async def keep(self, pair: Pair) -> None:
        fields = {name: getattr(pair, name) for name in FIELDS}
        await self._database.write(keep, self._key, self._account_id, fields)

    async def release(self) -> None:
        await self._database.write(release, self._account_id)
