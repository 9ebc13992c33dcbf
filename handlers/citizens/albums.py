"""Photos sent together come one by one: they are handled as one message, when no more of them come."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.messages import Ignored, Incoming
from data import inbox
from data.clock import to_ms
from data.tables import Arrival, ArrivalState

SETTLES_AFTER_MS = 1_500  # with nothing new, an album is whole
LARGEST = 20

Parse = Callable[[int, bytes], Incoming | Ignored]


def joined(session: Session, first: Arrival, incoming: Incoming, parse: Parse, now: datetime) -> Incoming | None:
    """The whole album as one message; None while more of it may come, and then it is looked at again."""
    parts = list(_rest(session, first, incoming.album, parse))
    newest_ms = max([first.received_at_ms, *(arrival.received_at_ms for arrival, _ in parts)])
    if to_ms(now) < newest_ms + SETTLES_AFTER_MS:
        first.retry_at_ms = newest_ms + SETTLES_AFTER_MS
        session.add(first)
        return None
    for arrival, _ in parts:
        inbox.finish(session, arrival, ArrivalState.HANDLED, "part of an album")
        inbox.redact(session, arrival.id or 0)  # its words are kept with the first, and forgotten with them
    said = [incoming, *(part for _, part in parts)]
    return replace(
        incoming,
        text="\n".join(part.text for part in said if part.text),
        attachments=tuple(file for part in said for file in part.attachments),
    )


def _rest(session: Session, first: Arrival, album: str, parse: Parse) -> Iterator[tuple[Arrival, Incoming]]:
    query = select(Arrival).where(
        Arrival.state == ArrivalState.WAITING,
        Arrival.account_id == first.account_id,
        Arrival.person == first.person,
        col(Arrival.id) > (first.id or 0),
    )
    for arrival in session.exec(query.order_by(col(Arrival.id)).limit(LARGEST)):
        part = parse(arrival.account_id, arrival.body) if arrival.body else Ignored("empty")
        if isinstance(part, Incoming) and part.album == album:
            yield arrival, part
