"""Members of staff, how they sign in, and for how long."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update
from sqlmodel import Session, col, select

from data.accounts import the_unit
from data.tables import SignInLink, Staff, StaffSession

LINK_LIVES = timedelta(days=3)
SESSION_LIVES = timedelta(hours=12)
IDLE_LIMIT = timedelta(minutes=60)
FAILURES, LOCK = 5, timedelta(minutes=15)
PASSWORD_LENGTH = 14  # without a second factor (TCVN 14423:2026)

RIGHTS = {
    "admin": {"complaints", "answer", "personal", "export", "campaigns", "approve", "knowledge", "audit", "people"},
    "leader": {"complaints", "answer", "personal", "export", "campaigns", "approve", "knowledge", "audit"},
    "clerk": {"complaints", "answer", "personal", "export", "campaigns", "knowledge"},
}

_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Refused:
    """A sign-in that did not succeed; `locked` when it will not for a while."""

    locked: bool = False


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def add(session: Session, username: str, name: str, role: str, now: datetime) -> Staff:
    unit = the_unit(session)
    assert unit.id
    if role not in RIGHTS:
        raise ValueError(f"role must be one of {', '.join(RIGHTS)}")
    member = Staff(unit_id=unit.id, username=username.strip().lower(), name=name, role=role, created_at=now)
    session.add(member)
    session.flush()
    return member


def by_username(session: Session, username: str) -> Staff | None:
    return session.exec(select(Staff).where(Staff.username == username.strip().lower())).first()


def anyone(session: Session) -> bool:
    return session.exec(select(Staff.id).where(Staff.password_hash != "").limit(1)).first() is not None


def new_link(session: Session, member: Staff, now: datetime) -> str:
    """A one-time secret with which a member sets a password; earlier ones of theirs die."""
    assert member.id
    session.execute(
        update(SignInLink)
        .where(col(SignInLink.staff_id) == member.id, col(SignInLink.used_at).is_(None))
        .values(used_at=now)
    )
    secret = secrets.token_urlsafe(32)
    session.add(SignInLink(digest=digest(secret), staff_id=member.id, expires_at=now + LINK_LIVES))
    return secret


def first_link(session: Session, now: datetime) -> str | None:
    """A new link for the first administrator, while nobody has set a password yet."""
    if anyone(session):
        return None
    member = by_username(session, "admin") or add(session, "admin", "Quản trị", "admin", now)
    return new_link(session, member, now)


def by_link(session: Session, secret: str, now: datetime) -> Staff | None:
    link = session.get(SignInLink, digest(secret))
    if link is None or link.used_at or link.expires_at < now:
        return None
    return session.get(Staff, link.staff_id)


def set_password(session: Session, secret: str, password_hash: str, now: datetime) -> Staff | None:
    """Use up a link; None when it is no longer good. Ends the member's open sessions."""
    link = session.get(SignInLink, digest(secret), with_for_update=True)  # two who use it at once: one does
    member = by_link(session, secret, now)
    if link is None or member is None:
        return None
    link.used_at = now
    member.password_hash, member.failures, member.locked_until = password_hash, 0, None
    session.add_all([link, member])
    end_sessions(session, member, now)
    return member


def end_sessions(session: Session, member: Staff, now: datetime) -> None:
    session.execute(
        update(StaffSession)
        .where(col(StaffSession.staff_id) == member.id, col(StaffSession.ended_at).is_(None))
        .values(ended_at=now)
    )


# Hashing is slow on purpose, so it happens in a thread of its own and never in a transaction:
# `stored_hash` is read, `matches` is asked, and `signing_in` records the outcome.


@cache
def _nobody() -> str:
    return hash_password("the password of nobody")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def stored_hash(session: Session, username: str) -> str:
    """The hash to compare with; nobody's when there is none: an unknown name takes as long as a wrong password."""
    member = by_username(session, username)
    return member.password_hash if member and member.password_hash else _nobody()


def matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def signing_in(session: Session, username: str, genuine: bool, now: datetime) -> Staff | Refused:
    """The member who may come in, or why not. Returned and not raised, so that the failures counted are committed."""
    named = select(Staff).where(Staff.username == username.strip().lower())
    member = session.exec(named.with_for_update()).first()  # guesses at once are all counted
    if member is None or not member.active or not member.password_hash:
        return Refused()
    if member.locked_until and member.locked_until > now:
        return Refused(locked=True)
    session.add(member)
    if not genuine:
        member.failures += 1
        if member.failures < FAILURES:
            return Refused()
        member.failures, member.locked_until = 0, now + LOCK
        return Refused(locked=True)
    member.failures, member.locked_until, member.last_signed_in_at = 0, None, now
    return member


def begin_session(session: Session, member: Staff, now: datetime) -> str:
    """The secret of a new session."""
    assert member.id
    secret = secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(24)
    session.add(StaffSession(digest=digest(secret), staff_id=member.id, csrf=csrf, created_at=now, seen_at=now))
    return secret


def resume_session(session: Session, secret: str, now: datetime) -> tuple[StaffSession, Staff] | None:
    found = session.get(StaffSession, digest(secret))
    if found is None or found.ended_at or now - found.created_at > SESSION_LIVES or now - found.seen_at > IDLE_LIMIT:
        return None
    member = session.get_one(Staff, found.staff_id)
    return (found, member) if member.active else None


def saw(session: Session, session_digest: str, now: datetime) -> None:
    session.execute(update(StaffSession).where(col(StaffSession.digest) == session_digest).values(seen_at=now))


def end_session(session: Session, session_digest: str, now: datetime) -> None:
    session.execute(update(StaffSession).where(col(StaffSession.digest) == session_digest).values(ended_at=now))
