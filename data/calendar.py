"""Working days, and the dates on which a monthly campaign is aired.

The staff's own table of days off and made-up working days is the truth; the `holidays` package only fills it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import holidays
from sqlmodel import Session, select

from data.clock import VIET_NAM, local_day
from data.tables import DayOff

THURSDAY = 3

# The package lacks these two (notice 12729/VPCP-KGVX of 25 December 2025).
_AMENDED = (
    DayOff(day=date(2026, 1, 2), works=False, note="Nghỉ bù Tết Dương lịch", source="12729/VPCP-KGVX"),
    DayOff(day=date(2026, 1, 10), works=True, note="Làm bù ngày 02/01/2026", source="12729/VPCP-KGVX"),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that differ from an ordinary week: True where a Saturday or Sunday is worked, False for a day off."""

    differs: Mapping[date, bool]

    def works(self, day: date) -> bool:
        return self.differs.get(day, day.weekday() < 5)

    def add_working_days(self, day: date, count: int) -> date:
        while count > 0:
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def load(session: Session) -> Calendar:
    return Calendar({row.day: row.works for row in session.exec(select(DayOff))})


def prefill(session: Session, years: Iterable[int]) -> int:
    """Fill in the years of which the table knows nothing yet; the number of rows added."""
    known = {row.day.year for row in session.exec(select(DayOff))}
    rows = [row for year in years if year not in known for row in _computed(year)]
    session.add_all(rows)
    return len(rows)


def _computed(year: int) -> list[DayOff]:
    viet_nam = holidays.country_holidays("VN", years=year, language="vi")
    rows = {day: DayOff(day=day, note=name, source="tính sẵn") for day, name in viet_nam.items() if day.year == year}
    for day in (day for day in viet_nam.weekend_workdays if day.year == year):
        rows[day] = DayOff(day=day, works=True, note="Làm bù", source="tính sẵn")
    rows.update({row.day: DayOff(**row.model_dump()) for row in _AMENDED if row.day.year == year})
    return list(rows.values())


def fourth_week(year: int, month: int, calendar: Calendar) -> tuple[date, date] | None:
    """The fourth Thursday and the Friday after it; where either is off, the last earlier such pair of the month.

    None when the month has no Thursday and Friday that are both worked: then a person has to choose.
    """
    first = date(year, month, 1)
    thursday = first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 21)
    while thursday.month == month:
        friday = thursday + timedelta(days=1)
        if friday.month == month and calendar.works(thursday) and calendar.works(friday):
            return thursday, friday
        thursday -= timedelta(days=7)
    return None


@dataclass(frozen=True, slots=True)
class Airing:
    at: datetime  # aware UTC
    moved: bool  # a day off moved it from the fourth week


def airings(times: list[str], after: datetime, calendar: Calendar) -> Iterator[Airing]:
    """The airings after an instant, without end: `times` are "HH:MM" of the Thursday and, if two, the Friday."""
    if not times:
        raise ValueError("an airing needs an hour")
    month = local_day(after).replace(day=1)
    while True:
        pair = fourth_week(month.year, month.month, calendar)
        plain = fourth_week(month.year, month.month, Calendar({}))
        for day, hour in zip(pair or (), times, strict=False):
            at = _at(day, hour)
            if at > after:
                yield Airing(at, moved=pair != plain)
        month = (month + timedelta(days=32)).replace(day=1)


def _at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), VIET_NAM).astimezone(UTC)
