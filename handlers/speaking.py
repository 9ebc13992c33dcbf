"""Laying down what we say: a reply becomes the rows of the outbox that carry it on its channel."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from bot.channel import Limits
from bot.messages import Reply
from bot.text import parts, to_body
from data.outbox import enqueue
from data.tables import Citizen, Delivery, DeliveryKind


@dataclass(frozen=True, slots=True)
class About:
    """Why something is said: the arrival it answers, the complaint it is about, who wrote it."""

    kind: DeliveryKind
    arrival_id: int | None = None
    complaint_id: int | None = None
    staff_id: int | None = None
    is_secret: bool = False  # not to be kept once it is sent


def say(
    session: Session, citizen: Citizen, replies: Iterable[Reply], limits: Limits, about: About, now_ms: int
) -> None:
    """Enqueue replies to a citizen in order, in this transaction."""
    pieces = [piece for reply in replies for piece in parts(reply, limits)]
    for ordinal, piece in enumerate(pieces):
        enqueue(
            session,
            Delivery(
                account_id=citizen.account_id,
                citizen_id=citizen.id,
                person=citizen.person,
                kind=about.kind,
                arrival_id=about.arrival_id,
                ordinal=ordinal,
                complaint_id=about.complaint_id,
                staff_id=about.staff_id,
                body={**to_body(piece), "once": True} if about.is_secret else to_body(piece),
                created_at_ms=now_ms,
            ),
        )
