"""Once on a working day, at eight: what is overdue and what is due today, to the staff group."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from data import calendar
from data.clock import VIET_NAM, local_day
from data.database import Database
from data.tables import Complaint, ComplaintState, Counter
from schedules.trouble import Troubles

HOUR = 8
_OPEN = [ComplaintState.NEW, ComplaintState.ACCEPTED, ComplaintState.WORKING]


async def remind(database: Database, now: datetime, troubles: Troubles) -> bool:
    """True when the staff were told; a second process, or a second time, finds it done."""
    if now.astimezone(VIET_NAM).hour < HOUR:
        return False
    due = await database.write(_due_once, now)
    if due is None or not any(due):
        return False
    overdue, today = due
    page = f"/complaints?show={'overdue' if overdue else 'soon'}"
    await troubles.tell(None, f"Phản ánh: {overdue} vụ quá hạn, {today} vụ đến hạn hôm nay. Xem mục “Phản ánh”.", page)
    return True


def _due_once(session: Session, now: datetime) -> tuple[int, int] | None:
    """Overdue and due today; None on a day off, and when today's reminder has been sent."""
    day = local_day(now)
    name = f"reminder-{day}"
    told = session.exec(select(Counter.last).where(Counter.name == name)).first()
    if told or not calendar.load(session).works(day):
        return None
    session.add(Counter(name=name, last=1))
    counted = select(func.count()).where(col(Complaint.state).in_(_OPEN))
    overdue = session.exec(counted.where(col(Complaint.due_on) < day)).one()
    return overdue, session.exec(counted.where(Complaint.due_on == day)).one()
