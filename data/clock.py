"""Times between the rooms: aware UTC inside, Viet Nam's clock in texts, epoch milliseconds in hot columns."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def utc_now() -> datetime:
    return datetime.now(UTC)


def to_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def local_day(at: datetime) -> date:
    return at.astimezone(VIET_NAM).date()


def day_bounds(from_on: date, to_on: date) -> tuple[datetime, datetime]:
    """The instants at which the first day begins and the last one ends, in Viet Nam."""
    start = datetime(from_on.year, from_on.month, from_on.day, tzinfo=VIET_NAM)
    end = datetime(to_on.year, to_on.month, to_on.day, tzinfo=VIET_NAM) + timedelta(days=1)
    return start.astimezone(UTC), end.astimezone(UTC)


def day_in_words(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def time_in_words(at: datetime) -> str:
    local = at.astimezone(VIET_NAM)
    return f"{day_in_words(local.date())}, {local:%H:%M} giờ Việt Nam"


def short_time(at: datetime) -> str:
    return f"{at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}"
