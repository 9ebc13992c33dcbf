"""Working days, and the dates of the monthly issue."""

import shutil
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from data import calendar
from data.calendar import Calendar, airings, fourth_week
from data.database import Database
from data.tables import DayOff
from tests.conftest import NOON
from tests.data.people import keep

TIMES = ["16:30", "07:30"]
# The fourth Thursday of each month (table A of the reference).
TABLE = {
    2026: (22, 26, 26, 23, 28, 25, 23, 27, 24, 22, 26, 24),
    2027: (28, 25, 25, 22, 27, 24, 22, 26, 23, 28, 25, 23),
}


@pytest.fixture(scope="module")
def days(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Calendar:
    """The calendar as it is pre-filled for the years of the tests."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('calendar'))}")
    database.write_now(calendar.prefill, range(2025, 2029))
    found = database.read_now(calendar.load)
    database.close()
    return found


@pytest.mark.parametrize("year", TABLE)
def test_the_issue_airs_on_the_fourth_thursday_and_the_day_after(days: Calendar, year: int) -> None:
    pairs = [fourth_week(year, month, days) for month in range(1, 13)]

    thursdays = [date(year, month, day) for month, day in enumerate(TABLE[year], 1)]
    assert pairs == [(thursday, thursday + timedelta(days=1)) for thursday in thursdays]


@pytest.mark.parametrize(
    ("month", "thursday"),
    [(1, 20), (11, 16)],
    ids=["Tết 2028 on 27-28 January", "Ngày Văn hoá on 24 November"],
)
def test_days_off_move_the_issue_a_week_forward(days: Calendar, month: int, thursday: int) -> None:
    assert fourth_week(2028, month, days) == (date(2028, month, thursday), date(2028, month, thursday + 1))


def test_a_long_tet_moves_the_issue_two_weeks(days: Calendar) -> None:
    off = {date(2027, 2, day): False for day in range(15, 27)}

    pair = fourth_week(2027, 2, Calendar({**days.differs, **off}))

    assert pair == (date(2027, 2, 11), date(2027, 2, 12))


def test_a_month_without_a_worked_pair_is_left_to_a_person() -> None:
    off = Calendar({date(2026, 11, day): False for day in (5, 13, 19, 27)})

    assert fourth_week(2026, 11, off) is None


def test_the_airings_after_noon_of_25_november(days: Calendar) -> None:
    first = [airing.at for airing in islice(airings(TIMES, NOON, days), 3)]

    assert first == [
        datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 27, 0, 30, tzinfo=UTC),
        datetime(2026, 12, 24, 9, 30, tzinfo=UTC),
    ]


def test_one_hour_means_the_thursday_only(days: Calendar) -> None:
    first = [airing.at.day for airing in islice(airings(["16:30"], NOON, days), 3)]

    assert first == [26, 24, 28]


def test_an_airing_that_has_begun_does_not_come_again(days: Calendar) -> None:
    thursday = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)

    assert next(airings(TIMES, thursday, days)).at == datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def test_an_airing_says_that_days_off_moved_it(days: Calendar) -> None:
    moved = next(airings(TIMES, datetime(2028, 1, 1, tzinfo=UTC), days))
    usual = next(airings(TIMES, datetime(2028, 3, 1, tzinfo=UTC), days))

    assert (moved.at.day, moved.moved, usual.moved) == (20, True, False)


def test_a_month_that_is_left_to_a_person_is_passed_over() -> None:
    off = Calendar({date(2026, 11, day): False for day in (5, 12, 19, 26)})

    assert next(airings(TIMES, NOON, off)).at == datetime(2026, 12, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 8, 22), True),  # a Saturday made up for 31 August
        (date(2026, 8, 31), False),
        (date(2026, 1, 2), False),  # 12729/VPCP-KGVX
        (date(2026, 1, 10), True),  # made up for it, a Saturday
        (date(2026, 11, 24), False),  # Ngày Văn hoá Việt Nam
        (date(2026, 9, 2), False),
        (date(2026, 4, 27), False),  # Giỗ Tổ fell on a Sunday
        *((date(2026, 2, day), False) for day in range(14, 23)),
        (date(2026, 2, 23), True),
        (date(2026, 2, 13), True),
        *((date(2027, 2, day), False) for day in range(4, 11)),
        (date(2027, 2, 11), True),
    ],
)
def test_a_day_is_worked_or_not(days: Calendar, day: date, worked: bool) -> None:
    assert days.works(day) is worked


def test_ten_working_days_from_noon(days: Calendar) -> None:
    assert days.add_working_days(date(2026, 11, 25), 10) == date(2026, 12, 9)


def test_a_made_up_saturday_counts(days: Calendar) -> None:
    assert days.add_working_days(date(2026, 8, 21), 1) == date(2026, 8, 22)
    assert days.add_working_days(date(2026, 8, 20), 10) == date(2026, 9, 7)


def test_tet_stands_still(days: Calendar) -> None:
    assert days.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_days_between_are_the_other_way_round_of_days_added(days: Calendar) -> None:
    start = date(2026, 8, 20)

    between = [days.working_days_between(start, days.add_working_days(start, count)) for count in range(30)]

    assert between == list(range(30))


def test_days_are_negative_when_the_end_has_passed(days: Calendar) -> None:
    assert days.working_days_between(date(2026, 12, 9), date(2026, 11, 25)) == -10


def test_filling_in_again_adds_nothing(database: Database) -> None:
    first, again = (database.write_now(calendar.prefill, [2026, 2027]) for _ in range(2))

    assert first > 0
    assert again == 0


def test_two_databases_are_filled_alike(database: Database, days: Calendar) -> None:
    database.write_now(calendar.prefill, range(2025, 2029))

    assert database.read_now(calendar.load) == days


def test_what_the_staff_have_entered_is_never_filled_over(database: Database) -> None:
    keep(database, DayOff(day=date(2027, 2, 12), note="Tết, theo thông báo", source="thông báo"))

    added = database.write_now(calendar.prefill, [2027])

    days = database.read_now(calendar.load)
    assert added == 0
    assert list(days.differs) == [date(2027, 2, 12)]
