"""The form that makes a campaign. Another person approves it before anything goes out."""

from datetime import UTC, datetime

from aiohttp import web
from sqlmodel import Session

from bot.abilities import Publishes
from data import campaigns, console_queries
from data.campaigns import FOURTH_WEEK, ONCE
from data.clock import VIET_NAM
from data.tables import Campaign
from handlers.citizens.changes import alert
from handlers.citizens.news import LONGEST, compose
from handlers.citizens.talk import AlertStaff
from handlers.staff.forms import Form
from handlers.staff.group import approve_button
from handlers.staff.visit import Console, Visit

APPROVAL = "Bản tin “{name}” do {author} soạn đang chờ duyệt. Người dân sẽ đọc:\n\n{text}"
THURSDAY, FRIDAY = "16:30", "07:30"  # the loudspeakers' hours in the article: Thursday afternoon, Friday morning


async def ask(visit: Visit) -> web.Response:
    return await _ask(visit, {})


async def _ask(visit: Visit, troubles: dict[str, str]) -> web.Response:
    channels = await visit.database.read(_channels)
    values = {
        "thursday": visit.form.raw("thursday") or THURSDAY,
        "friday": visit.form.raw("friday") if troubles else FRIDAY,
        "rule": visit.form.raw("rule") or FOURTH_WEEK,
        "channels": visit.form.all("channels") if troubles else channels,
        "outlets": visit.form.all("outlets") if troubles else outlets(visit.console),
    }
    return visit.page(
        "campaign_new.html", status=422 if troubles else 200, troubles=troubles, channels=channels,
        outlets=outlets(visit.console), values=values, longest=LONGEST,
    )  # fmt: skip


def outlets(console: Console) -> list[str]:
    """Where the accounts that are switched on publish for everybody."""
    return [one.outlet for one in console.channels.values() if isinstance(one, Publishes) and one.outlet]


def _channels(session: Session) -> list[str]:
    return sorted({account.channel for account in console_queries.accounts(session)})


async def create(visit: Visit) -> web.Response:
    troubles = _troubles(visit.form, visit.now)
    if troubles:
        return await _ask(visit, troubles)
    await visit.database.write(_create, _campaign(visit), visit)
    visit.console.wake()
    return visit.back("/staff/campaigns", "created")


def _create(session: Session, campaign: Campaign, visit: Visit) -> None:
    known = _channels(session)
    campaign.channels = [] if set(campaign.channels) >= set(known) else [c for c in known if c in campaign.channels]
    campaigns.create(session, campaign, visit.actor)
    words = APPROVAL.format(
        name=campaign.name, author=visit.member.name, text=compose(campaign.text, campaign.link).text
    )
    alert(session, visit.console, AlertStaff(words, (approve_button(campaign),)), visit.now)


def _campaign(visit: Visit) -> Campaign:
    form = visit.form
    once = form.raw("rule") == ONCE
    return Campaign(
        unit_id=visit.member.unit_id,
        name=form.line("name", 120),
        text=form.text("text", LONGEST),
        link=form.line("link", 500),
        rule=ONCE if once else FOURTH_WEEK,
        times=[] if once else _times(form),
        starts_at=_start(form) if once else None,
        channels=form.all("channels"),
        outlets=[outlet for outlet in outlets(visit.console) if outlet in form.all("outlets")],
        author_id=visit.member_id,
        created_at=visit.now,
    )


def _times(form: Form) -> list[str]:
    hours = [form.hour("thursday"), form.hour("friday")]
    return [f"{hour:%H:%M}" for hour in hours if hour]


def _start(form: Form) -> datetime | None:
    day, hour = form.day("day"), form.hour("hour")
    return datetime.combine(day, hour, VIET_NAM).astimezone(UTC) if day and hour else None


def _troubles(form: Form, now: datetime) -> dict[str, str]:
    """What is wrong, by field, in the words shown beside it."""
    link, start = form.line("link", 500), _start(form)
    once = form.raw("rule") == ONCE
    checks = {
        "name": "" if form.line("name") else "Xin đặt tên để dễ tìm lại.",
        "text": _text_trouble(form.text("text", LONGEST + 1)),
        "link": "" if not link or link.startswith("https://") else "Đường dẫn cần bắt đầu bằng https://",
        "channels": "" if form.all("channels") else "Xin chọn ít nhất một kênh.",
        "thursday": "" if once or form.hour("thursday") else "Xin ghi giờ phát chiều Thứ Năm.",
        "day": "" if not once or (start and start > now) else "Xin chọn ngày giờ phát trong thời gian tới.",
    }
    return {name: trouble for name, trouble in checks.items() if trouble}


def _text_trouble(text: str) -> str:
    if not text:
        return "Xin viết nội dung gửi đi."
    return f"Nội dung dài nhất {LONGEST} ký tự để vừa một tin trên mọi kênh." if len(text) > LONGEST else ""
