"""Files that citizens sent, until their bytes are with us, and until they must go."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from data.tables import Attachment


def waiting(session: Session, accounts: Collection[int], now_ms: int, limit: int) -> list[Attachment]:
    """Those that are due, of accounts whose channel is on."""
    query = select(Attachment).where(Attachment.state == "waiting", Attachment.retry_at_ms <= now_ms)
    query = query.where(col(Attachment.account_id).in_(accounts))
    return list(session.exec(query.order_by(col(Attachment.id)).limit(limit)))


def named(session: Session) -> set[str]:
    """Every file that belongs to a row."""
    rows = session.exec(select(Attachment.stored, Attachment.source))
    return {name for row in rows for name in row if name}


def stored(session: Session, attachment_id: int, name: str, size: int) -> None:
    row = session.get_one(Attachment, attachment_id)
    row.stored, row.size, row.reason = name, size, ""
    if row.state == "waiting":  # it may have been forgotten meanwhile
        row.state = "stored"
    session.add(row)


def failed(session: Session, attachment_id: int, reason: str, retry_at_ms: int, *, final: bool) -> None:
    row = session.get_one(Attachment, attachment_id)
    row.attempts += 1
    row.reason, row.retry_at_ms = reason[:300], retry_at_ms
    if final and row.state == "waiting":
        row.state = "failed"
    session.add(row)


def to_erase(session: Session) -> list[Attachment]:
    return list(session.exec(select(Attachment).where(Attachment.state == "erase")))


def erased(session: Session, attachment_id: int) -> None:
    row = session.get_one(Attachment, attachment_id)
    row.state, row.source, row.stored, row.name = "erased", "", "", ""
    session.add(row)
