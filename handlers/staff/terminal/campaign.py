"""`campaign new|approve|list|show|cancel|resume`."""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from data import accounts, audit, calendar, campaigns
from data.clock import VIET_NAM, time_in_words, utc_now
from data.database import Database
from data.settings import Settings
from data.tables import Campaign, DeliveryState, Issue
from handlers.citizens.news import LONGEST
from handlers.staff.terminal.words import Mistake, bar
from handlers.staff.words import CAMPAIGNS, DELIVERIES, ISSUES, REASONS


def new(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    text = _text(options)
    once = options.rule == campaigns.ONCE
    campaign = Campaign(
        unit_id=0,
        name=options.name,
        text=text,
        link=options.link,
        rule=options.rule,
        times=[] if once else _hours(options.times),
        starts_at=_instant(options.at) if once else None,
        channels=[name for name in options.channels.split(",") if name],
        created_at=utc_now(),
    )
    made = database.write_now(_create, campaign)
    print(f"Đã lập chiến dịch số {made.id} “{made.name}” (nháp). Duyệt: python main.py campaign approve {made.id}")
    _print_dates(database, made)
    return 0


def _text(options: argparse.Namespace) -> str:
    try:
        text: str = options.text or Path(options.text_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(f"Không đọc được tệp {options.text_file}: {error}") from error
    except TypeError as error:
        raise Mistake("Chưa có nội dung: thêm --text “…” hoặc --text-file TỆP.") from error
    if len(text) + len(options.link) > LONGEST:
        raise Mistake(f"Nội dung dài {len(text)} ký tự, quá {LONGEST}. Xin rút gọn.")
    return text.strip()


def edit(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    values = {"text": _text(options), "link": options.link}
    try:
        database.write_now(_change, options.id, values)
    except campaigns.NotApproved as error:
        raise Mistake(f"Không sửa được: {error}") from error
    print(f"Đã sửa. Chiến dịch phải được duyệt lại: python main.py campaign approve {options.id}")
    return 0


def _change(session: Session, campaign_id: int, values: dict[str, Any]) -> None:
    campaigns.change(session, _campaign(session, campaign_id), values, audit.COMMAND_LINE, utc_now())


def _create(session: Session, campaign: Campaign) -> Campaign:
    campaign.unit_id = accounts.the_unit(session).id or 0
    return campaigns.create(session, campaign, audit.COMMAND_LINE)


def _hours(given: str) -> list[str]:
    hours = [hour.strip() for hour in given.split(",")]
    for hour in hours:
        try:
            datetime.strptime(hour, "%H:%M")  # noqa: DTZ007 - an hour of no day
        except ValueError as error:
            raise Mistake(f"Giờ “{hour}” không đúng. Ví dụ đúng: 16:30,07:30") from error
    return hours


def _instant(given: str) -> datetime:
    if given == "now":
        return utc_now()
    try:
        return datetime.fromisoformat(given).replace(tzinfo=VIET_NAM).astimezone(UTC)
    except ValueError as error:
        raise Mistake(
            f"Thời điểm “{given}” không đúng. Ví dụ đúng: 2026-12-24T16:30 (giờ Việt Nam) hoặc now"
        ) from error


def _print_dates(database: Database, campaign: Campaign) -> None:
    if campaign.rule == campaigns.ONCE:
        when = time_in_words(campaign.starts_at) if campaign.starts_at else ""
        print(f"Gửi một lần: {when}")
        return
    print("Sáu lần phát sắp tới:")
    days = database.read_now(calendar.load)
    dates = calendar.airings(campaign.times, utc_now(), days)
    for _ in range(6):
        airing = next(dates)
        print(f"  {time_in_words(airing.at)}" + (" (dời vì trùng ngày nghỉ)" if airing.moved else ""))


def approve(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    try:
        campaign = database.write_now(_approve_one, options.id)
    except campaigns.NotApproved as error:
        raise Mistake(f"Chưa duyệt được: {error}") from error
    print(f"Đã duyệt chiến dịch số {options.id}.")
    _print_dates(database, campaign)
    return 0


def _approve_one(session: Session, campaign_id: int) -> Campaign:
    campaign = _campaign(session, campaign_id)
    campaigns.approve(session, campaign, audit.COMMAND_LINE, utc_now())
    return campaign


def _campaign(session: Session, campaign_id: int) -> Campaign:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise Mistake(f"Không có chiến dịch số {campaign_id}. Xem: python main.py campaign list")
    return campaign


def listed(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    rows = database.read_now(lambda session: list(session.exec(select(Campaign).order_by(col(Campaign.id)))))
    if options.json:
        print(json.dumps([_as_json(campaign) for campaign in rows], ensure_ascii=False))
        return 0
    for campaign in rows:
        due = f", lần tới {time_in_words(campaign.next_at)}" if campaign.next_at else ""
        print(f"{campaign.id}. {campaign.name}: {CAMPAIGNS[campaign.state]}{due}")
    if not rows:
        print("Chưa có chiến dịch nào. Lập: python main.py campaign new --help")
    return 0


def _as_json(campaign: Campaign) -> dict[str, Any]:
    due = campaign.next_at.isoformat() if campaign.next_at else None
    return {"id": campaign.id, "name": campaign.name, "state": str(campaign.state), "next_at": due}


def show(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    campaign = database.read_now(_campaign, options.id)
    issues = database.read_now(_issues, options.id)
    if options.json:
        found = [_issue_json(database, issue) for issue in issues]
        print(json.dumps({**_as_json(campaign), "issues": found}, ensure_ascii=False))
        return 0
    print(f"{campaign.name}: {CAMPAIGNS[campaign.state]}\n\n{campaign.text}\n{campaign.link}\n")
    for issue in issues:
        _show_issue(database, issue, follow=options.follow)
    if campaign.next_at and campaign.rule != campaigns.ONCE:
        _print_dates(database, campaign)
    return 0


def _issues(session: Session, campaign_id: int) -> list[Issue]:
    return list(session.exec(select(Issue).where(Issue.campaign_id == campaign_id).order_by(col(Issue.id))))


def _issue_json(database: Database, issue: Issue) -> dict[str, Any]:
    found = database.read_now(campaigns.progress, issue.id or 0)
    return {"id": issue.id, "state": str(issue.state), "counts": found.counts, "reasons": found.reasons}


def _show_issue(database: Database, issue: Issue, *, follow: bool) -> None:
    print(f"Số phát {time_in_words(issue.due_at)}: {ISSUES[issue.state]} {REASONS.get(issue.reason, issue.reason)}")
    if follow:
        _follow(database, issue.id or 0)
    found = database.read_now(campaigns.progress, issue.id or 0)
    for state, count in found.counts.items():
        print(f"  {DELIVERIES[state]}: {count}")
    for word, count in found.reasons.items():
        print(f"    vì {REASONS.get(word, word)}: {count}")


def _follow(database: Database, issue_id: int) -> None:
    """A live bar until nothing waits any more, or the issue is paused."""
    with bar("Đã gửi") as shown:
        task = shown.add_task("")
        while True:
            found = database.read_now(campaigns.progress, issue_id)
            left = found.of(DeliveryState.WAITING, DeliveryState.SENDING)
            shown.update(task, total=found.total, completed=found.total - left)
            if database.read_now(campaigns.issue, issue_id).state not in ("laying", "sending"):
                return
            time.sleep(0.5)


def cancel(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    stopped = database.write_now(_cancel_one, options.id)
    print(f"Đã huỷ chiến dịch số {options.id}; {stopped} tin chưa gửi sẽ không gửi nữa.")
    return 0


def _cancel_one(session: Session, campaign_id: int) -> int:
    return campaigns.cancel(session, _campaign(session, campaign_id), audit.COMMAND_LINE, utc_now())


def resume(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    database.read_now(_campaign, options.id)

    def resume_paused(session: Session) -> int:
        paused = [issue for issue in _issues(session, options.id) if issue.state == "paused"]
        for issue in paused:
            campaigns.resume(session, issue, audit.COMMAND_LINE, utc_now())
        return len(paused)

    print(f"Đã cho gửi tiếp {database.write_now(resume_paused)} số.")
    return 0
