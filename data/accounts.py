"""The commune, and its accounts on the platforms."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from data.tables import Account, PlatformRule, Unit


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


def platform_rules(session: Session, channel: str) -> list[PlatformRule]:
    return list(session.exec(select(PlatformRule).where(PlatformRule.channel == channel)))


def change_rule(session: Session, rule: PlatformRule) -> None:
    session.merge(rule)


def channel_names(session: Session) -> dict[int | None, str]:
    """Account ids to channels; None, for what came over the counter, is not in it."""
    return {row.id: row.channel for row in session.exec(select(Account))}
