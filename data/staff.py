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
from data.tables import Audit, SignInLink, Staff, StaffSession

LINK_LIVES = timedelta(days=3)
CHAT_SECRET_LIVES = timedelta(minutes=15)
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
    return _new_secret(session, member, "password", now, LINK_LIVES)


def _new_secret(session: Session, member: Staff, purpose: str, now: datetime, lives: timedelta) -> str:
    assert member.id
    theirs = (col(SignInLink.staff_id) == member.id, col(SignInLink.purpose) == purpose)
    session.execute(update(SignInLink).where(*theirs, col(SignInLink.used_at).is_(None)).values(used_at=now))
    secret = secrets.token_urlsafe(32)
    session.add(SignInLink(digest=digest(secret), staff_id=member.id, expires_at=now + lives, purpose=purpose))
    return secret


def first_link(session: Session, now: datetime) -> str | None:
    """A new link for the first administrator, while nobody has set a password yet."""
    if anyone(session):
        return None
    member = by_username(session, "admin") or add(session, "admin", "Quản trị", "admin", now)
    return new_link(session, member, now)


def by_link(session: Session, secret: str, now: datetime) -> Staff | None:
    link = _living(session, secret, "password", now)
    return session.get(Staff, link.staff_id) if link else None


def _living(session: Session, secret: str, purpose: str, now: datetime, *, held: bool = False) -> SignInLink | None:
    """The link of a secret while it is good; `held` by whoever uses it, so that of two at once one does."""
    link = session.get(SignInLink, digest(secret), with_for_update=held)
    if link is None or link.purpose != purpose or link.used_at or link.expires_at < now:
        return None
    return link


def set_password(session: Session, secret: str, password_hash: str, now: datetime) -> Staff | None:
    """Use up a link; None when it is no longer good. Ends the member's open sessions."""
    link = _living(session, secret, "password", now, held=True)
    if link is None:
        return None
    member = session.get_one(Staff, link.staff_id)
    link.used_at = now
    member.password_hash, member.failures, member.locked_until = password_hash, 0, None
    session.add_all([link, member])
    end_sessions(session, member, now)
    return member


def change_password(session: Session, member: Staff, password_hash: str, now: datetime, *, here: str) -> None:
    """A member's own change; all sessions end but the one whose digest is `here`."""
    member.password_hash = password_hash
    session.add(member)
    end_sessions(session, member, now, but=here)


def new_chat_secret(session: Session, member: Staff, now: datetime) -> str:
    """A one-time secret by which a member is known in a chat; earlier ones of theirs die."""
    return _new_secret(session, member, "chat", now, CHAT_SECRET_LIVES)


def link_chat(session: Session, secret: str, account_id: int, person: str, now: datetime) -> Staff | None:
    """Use up a secret: whoever said it in a chat is its member. None when it is no longer good.

    A chat belongs to one member at most, and the latest link wins.
    """
    link = _living(session, secret, "chat", now, held=True)
    member = session.get_one(Staff, link.staff_id) if link else None
    if link is None or member is None or not member.active:
        return None
    here = (col(Staff.chat_account_id) == account_id, col(Staff.chat_person) == person)
    session.execute(update(Staff).where(*here).values(chat_account_id=None, chat_person=""))
    link.used_at = now
    member.chat_account_id, member.chat_person = account_id, person
    session.add_all([link, member])
    return member


def by_chat(session: Session, account_id: int, person: str) -> Staff | None:
    query = select(Staff).where(Staff.chat_account_id == account_id, Staff.chat_person == person, col(Staff.active))
    return session.exec(query).first()


def unlink_chat(session: Session, member: Staff) -> None:
    member.chat_account_id, member.chat_person = None, ""
    session.add(member)


def end_sessions(session: Session, member: Staff, now: datetime, *, but: str = "") -> None:
    """All of a member's, except the one whose digest is `but`."""
    theirs = (col(StaffSession.staff_id) == member.id, col(StaffSession.digest) != but)
    session.execute(update(StaffSession).where(*theirs, col(StaffSession.ended_at).is_(None)).values(ended_at=now))


def open_sessions(session: Session, member: Staff, now: datetime) -> list[tuple[StaffSession, str]]:
    """A member's sessions in force, and the address from which each was begun; the one last seen first."""
    address = select(Audit.address).where(
        Audit.staff_id == member.id, Audit.action == "sign-in", Audit.at == StaffSession.created_at
    )
    query = select(StaffSession, address.limit(1).correlate(StaffSession).scalar_subquery()).where(
        StaffSession.staff_id == member.id,
        col(StaffSession.ended_at).is_(None),
        StaffSession.created_at >= now - SESSION_LIVES,
        StaffSession.seen_at >= now - IDLE_LIMIT,
    )
    return [(row, found or "") for row, found in session.exec(query.order_by(col(StaffSession.seen_at).desc()))]


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
