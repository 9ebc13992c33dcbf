"""A complaint's due day in words."""

from dataclasses import dataclass
from datetime import date

from data.calendar import Calendar
from data.clock import day_in_words, local_day
from data.console_queries import OPEN
from data.tables import Complaint

SOON = 2  # working days


@dataclass(frozen=True, slots=True)
class Due:
    tone: str  # late | soon | fine | done | none
    text: str
    day: str = ""


def due_of(complaint: Complaint, calendar: Calendar, today: date) -> Due:
    if complaint.due_on is None:
        return Due("none", "không có hạn (góp ý)")
    day = day_in_words(complaint.due_on)
    if complaint.state not in OPEN:
        return _kept(complaint, complaint.due_on, calendar, day)
    return _running(complaint.due_on, calendar, today, day)


def _running(due_on: date, calendar: Calendar, today: date, day: str) -> Due:
    left = calendar.working_days_between(today, due_on)
    if due_on < today:
        return Due("late", f"quá hạn {-left} ngày làm việc" if left else "đã quá hạn", day)
    if due_on == today:
        return Due("soon", "hạn là hôm nay", day)
    return Due("soon" if left <= SOON else "fine", f"còn {left} ngày làm việc", day)


def _kept(complaint: Complaint, due_on: date, calendar: Calendar, day: str) -> Due:
    if complaint.answered_at is None:
        return Due("done", "không còn tính hạn", day)
    answered_on = local_day(complaint.answered_at)
    late = calendar.working_days_between(due_on, answered_on)
    if answered_on <= due_on:
        return Due("done", "trả lời đúng hạn", day)
    return Due("late", f"trả lời trễ {late} ngày làm việc" if late else "trả lời sau hạn", day)
