"""A conversation as both sides see it: the citizen's messages and our deliveries, by time."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from data.clock import from_ms, to_ms
from data.tables import Arrival, Citizen, Delivery, DeliveryKind, DeliveryState, Issue, Message

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Said:
    id: str  # the event's id, or what the platform called our message
    author: str  # citizen | bot | staff
    body: dict[str, Any]  # as the outbox keeps a reply; of a citizen's message its text
    at_ms: int
    issue: tuple[str, str] | None = None  # text and link, where the issue has them and not the delivery


def since(session: Session, account_id: int, person: str, after_ms: int) -> list[Said]:
    """The last lines of a conversation from `after_ms` on, oldest first."""
    query = select(Citizen.id).where(Citizen.account_id == account_id, Citizen.person == person)
    citizen_id = session.exec(query).first()
    if citizen_id is None:
        return []
    lines = [*_heard(session, citizen_id, after_ms), *_told(session, citizen_id, after_ms)]
    return sorted(lines, key=lambda line: line.at_ms)[-LONGEST:]


def _heard(session: Session, citizen_id: int, after_ms: int) -> list[Said]:
    query = (
        select(Message, Arrival.event_id)
        .outerjoin(Arrival, col(Arrival.id) == col(Message.arrival_id))
        .where(Message.citizen_id == citizen_id, Message.at >= from_ms(after_ms))
        .order_by(col(Message.id).desc())
    )
    return [
        Said(
            event_id or f"m{message.id}",
            message.author,
            {"text": message.text, "files": message.attachments},
            to_ms(message.at),
        )
        for message, event_id in session.exec(query.limit(LONGEST))
    ]


def _told(session: Session, citizen_id: int, after_ms: int) -> list[Said]:
    query = (
        select(Delivery, Issue)
        .outerjoin(Issue, col(Issue.id) == col(Delivery.issue_id))
        .where(
            Delivery.citizen_id == citizen_id,
            Delivery.state == DeliveryState.SENT,
            col(Delivery.done_at_ms) >= after_ms,
        )
        .order_by(col(Delivery.id).desc())
    )
    return [
        Said(
            delivery.platform_id,
            "staff" if delivery.kind == DeliveryKind.NOTICE else "bot",
            delivery.body or {},
            delivery.done_at_ms or 0,
            (issue.text, issue.link) if issue else None,
        )
        for delivery, issue in session.exec(query.limit(LONGEST))
    ]
