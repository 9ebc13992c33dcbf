"""The value of a platform's rule: as it is typed, kept and said."""

import re

from handlers.staff.words import RULES, UNLIMITED, amount

HOURS = ("quiet_from", "quiet_to", "posts_from", "posts_to")  # of the day
MAY_BE_NOTHING = ("paid_cost", "template_cost", "phone_template_cost", "posts_lead_minutes")
WHOLE = ("text", "buttons", "button_title", "paid_monthly", "posts_monthly")
_MOST = 1_000_000_000

_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d{1,12})?")


class Unfit(ValueError):
    """This rule cannot be what was typed; the text says what can, in Vietnamese."""


def value_of(name: str, typed: str) -> float:
    """What a person typed as the value of a rule. Raises `Unfit`."""
    value = _number(name, typed.strip())
    if value is None:
        example = "Ví dụ: 22:00" if name in HOURS else "Ví dụ: 48 hoặc 19,5"
        raise Unfit(f"“{typed}” không phải là số. {example}.")
    if name in HOURS and value > 24:
        raise Unfit("Giờ trong ngày là từ 00:00 đến 24:00.")
    if name in WHOLE and value != int(value):
        raise Unfit("Mục này cần số nguyên.")
    if value == 0 and name not in (*HOURS, *MAY_BE_NOTHING):
        raise Unfit("Cần số lớn hơn 0.")
    if value > _MOST:
        raise Unfit("Số này lớn quá. Xin xem lại.")
    return value


def _number(name: str, typed: str) -> float | None:
    clock = _CLOCK.fullmatch(typed)
    if name in HOURS and clock:
        return int(clock[1]) + int(clock[2]) / 60
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(".", "")
    return float(typed.replace(",", ".")) if _PLAIN.fullmatch(typed) else None


def in_words(name: str, value: float | None) -> str:
    if value is None:
        return UNLIMITED
    return as_typed(name, value) if name in HOURS else f"{amount(value)} {RULES[name][1]}"


def as_typed(name: str, value: float | None) -> str:
    """A value as it stands in the form."""
    if value is None:
        return ""
    if name in HOURS:
        minutes = round(value * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return amount(value, 6)
