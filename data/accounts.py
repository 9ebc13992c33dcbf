"""The commune, and its accounts on the platforms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from data.clock import from_ms, local_day
from data.tables import Account, Arrival, Counter, Delivery, DeliveryState, PlatformRule, Unit


def the_unit(session: Session) -> Unit:
    """The commune this installation serves; the example when nobody has set one yet."""
    found = session.exec(select(Unit).order_by(Unit.id)).first()  # type: ignore[arg-type]
    if found:
        return found
    unit = Unit(
        name="UBND phường Ayun Pa",
        province="tỉnh Gia Lai",
        centre="Trung tâm Phục vụ hành chính công phường Ayun Pa",
    )
    session.add(unit)
    session.flush()
    return unit


def change_unit(session: Session, values: dict[str, Any]) -> Unit:
    unit = the_unit(session)
    for name, value in values.items():
        setattr(unit, name, value)
    session.add(unit)
    return unit


def account_id(session: Session, channel: str, external_id: str) -> int:
    """The row of a platform account, made when new."""
    query = select(Account).where(Account.channel == channel, Account.external_id == external_id)
    found = session.exec(query).first()
    if found is None:
        unit = the_unit(session)
        assert unit.id
        found = Account(unit_id=unit.id, channel=channel, external_id=external_id)
        session.add(found)
        session.flush()
    assert found.id
    return found.id


def note_trouble(session: Session, account: int, trouble: str, now: datetime) -> bool:
    """Remember what is wrong with an account ("" when all is well again); True when that is news."""
    row = session.get_one(Account, account)
    if row.trouble == trouble:
        return False
    row.trouble, row.trouble_since = trouble, now if trouble else None
    session.add(row)
    return True


def is_first_today(session: Session, name: str, now: datetime) -> bool:
    """True for the first who asks under this name on a day of Viet Nam, whichever process that is."""
    key = f"{name}-{local_day(now)}"
    if session.get(Counter, key):
        return False
    session.add(Counter(name=key, last=1))
    return True


def is_unprobed(session: Session, account: int, since: datetime) -> bool:
    """Whether the platform was not asked since then what this account may do."""
    probed_at = session.get_one(Account, account).probed_at
    return probed_at is None or probed_at < since


def keep_abilities(session: Session, account: int, abilities: dict[str, str], now: datetime) -> None:
    row = session.get_one(Account, account)
    row.abilities, row.probed_at = abilities, now
    session.add(row)


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages of an account that went one way."""

    way: str
    count: int
    cost: float  # đồng


@dataclass(frozen=True, slots=True)
class Traffic:
    heard_at: datetime | None  # the newest arrival of all
    sent: list[Sent]
    held: int  # of all times; the others are counted since an instant
    unsure: int
    failed: int


def traffic(session: Session, account: int, since_ms: int) -> Traffic:
    theirs, state = Delivery.account_id == account, col(Delivery.state)
    held = select(func.count()).where(theirs, state == DeliveryState.HELD)
    done = (theirs, col(Delivery.done_at_ms) >= since_ms)
    ways = select(Delivery.way, func.count(), func.sum(Delivery.cost)).where(*done, state == DeliveryState.SENT)
    undone = select(Delivery.state, func.count()).where(*done, state.in_((DeliveryState.UNSURE, DeliveryState.FAILED)))
    counts = dict(session.exec(undone.group_by(state)).all())
    return Traffic(
        heard_at=_newest_arrival(session, account),
        sent=[Sent(*row) for row in session.exec(ways.group_by(col(Delivery.way)).order_by(func.count().desc()))],
        held=session.exec(held).one(),
        unsure=counts.get(DeliveryState.UNSURE, 0),
        failed=counts.get(DeliveryState.FAILED, 0),
    )


def _newest_arrival(session: Session, account: int) -> datetime | None:
    # by the event's own time: the unique key begins with it, and is walked from its end
    query = select(Arrival.received_at_ms).where(Arrival.account_id == account)
    found = session.exec(query.order_by(col(Arrival.event_at_ms).desc()).limit(1)).first()
    return from_ms(found) if found else None


def platform_rules(session: Session, channel: str) -> list[PlatformRule]:
    return list(session.exec(select(PlatformRule).where(PlatformRule.channel == channel)))


def change_rule(session: Session, rule: PlatformRule) -> None:
    session.merge(rule)


def platform_rule(session: Session, channel: str, name: str) -> PlatformRule | None:
    return session.get(PlatformRule, (channel, name))


def forget_rule(session: Session, channel: str, name: str) -> PlatformRule | None:
    """Back to the shipped value; the correction that stood there."""
    found = platform_rule(session, channel, name)
    if found:
        session.delete(found)
    return found


def channel_names(session: Session) -> dict[int | None, str]:
    """Account ids to channels; None, for what came over the counter, is not in it."""
    return {row.id: row.channel for row in session.exec(select(Account))}
