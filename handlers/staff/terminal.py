"""The staff's commands on the command line: campaigns, the register, people, platform rules."""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlmodel import Session, col, select

from bot.text import mask
from bot.vietnamese.understanding import understand
from data import accounts, audit, calendar, campaigns, complaints, exports, staff
from data.clock import VIET_NAM, day_bounds, local_day, time_in_words, utc_now
from data.database import Database
from data.settings import Settings
from data.tables import Campaign, DeliveryState, Issue, PlatformRule
from handlers.citizens.news import LONGEST
from handlers.citizens.talk import Knowledge

Work = Callable[[Database, Settings, argparse.Namespace], int]


class Mistake(Exception):
    """What was typed cannot be done; the text says why and what to do, in Vietnamese."""


STATES = {"draft": "nháp", "approved": "đã duyệt", "cancelled": "đã huỷ", "done": "xong"}
ISSUE_STATES = {
    "laying": "đang lập danh sách",
    "sending": "đang gửi",
    "paused": "tạm dừng",
    "done": "xong",
    "cancelled": "đã huỷ",
}
DELIVERIES = {
    "waiting": "chờ",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "lỗi",
    "skipped": "bỏ qua",
    "unsure": "không rõ",
}
REASONS = {
    "opted_out": "đã thôi nhận tin",
    "outside_window": "ngoài thời gian nền tảng cho gửi",
    "blocked": "đã chặn hoặc bỏ quan tâm",
    "gone": "tài khoản không còn",
    "interrupted": "máy dừng giữa lúc gửi",
    "cancelled": "chiến dịch bị huỷ",
    "late": "quá giờ hơn 4 tiếng",
}


def add_commands(commands: Any, with_database: Callable[[Work], Any]) -> None:
    """Hang the staff's commands into the command line; `with_database` makes a command of a piece of work."""
    for name, text, work, arguments in _COMMANDS:
        group, _, action = name.partition(" ")
        parser = _group(commands, group).add_parser(action, help=text, description=text)
        for flags, options in arguments:
            parser.add_argument(*flags, **options)
        parser.set_defaults(command=with_database(work))


def _group(commands: Any, name: str) -> Any:
    titles = {"campaign": "chiến dịch", "complaints": "phản ánh", "staff": "cán bộ", "rules": "quy định của nền tảng"}
    if name not in commands.choices:
        parser = commands.add_parser(name, help=titles[name])
        parser.set_defaults(group=parser.add_subparsers(required=True, metavar="VIỆC"))
    return commands.choices[name].get_default("group")


# --- campaigns ---


def _new(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    text = options.text or Path(options.text_file).read_text(encoding="utf-8").strip()
    if len(text) + len(options.link) > LONGEST:
        raise Mistake(f"Nội dung dài {len(text)} ký tự, quá {LONGEST}. Xin rút gọn.")
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


def _approve(database: Database, settings: Settings, options: argparse.Namespace) -> int:
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


def _list(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    rows = database.read_now(lambda session: list(session.exec(select(Campaign).order_by(col(Campaign.id)))))
    if options.json:
        print(json.dumps([_as_json(campaign) for campaign in rows], ensure_ascii=False))
        return 0
    for campaign in rows:
        due = f", lần tới {time_in_words(campaign.next_at)}" if campaign.next_at else ""
        print(f"{campaign.id}. {campaign.name}: {STATES[campaign.state]}{due}")
    if not rows:
        print("Chưa có chiến dịch nào. Lập: python main.py campaign new --help")
    return 0


def _as_json(campaign: Campaign) -> dict[str, Any]:
    due = campaign.next_at.isoformat() if campaign.next_at else None
    return {"id": campaign.id, "name": campaign.name, "state": str(campaign.state), "next_at": due}


def _show(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    campaign = database.read_now(_campaign, options.id)
    issues = database.read_now(_issues, options.id)
    if options.json:
        found = [_issue_json(database, issue) for issue in issues]
        print(json.dumps({**_as_json(campaign), "issues": found}, ensure_ascii=False))
        return 0
    print(f"{campaign.name}: {STATES[campaign.state]}\n\n{campaign.text}\n{campaign.link}\n")
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
    print(f"Số phát {time_in_words(issue.due_at)}: {ISSUE_STATES[issue.state]} {_reason(issue.reason)}")
    if follow:
        _follow(database, issue.id or 0)
    found = database.read_now(campaigns.progress, issue.id or 0)
    for state, count in found.counts.items():
        print(f"  {DELIVERIES[state]}: {count}")
    for reason, count in found.reasons.items():
        print(f"    vì {_reason(reason)}: {count}")


def _reason(word: str) -> str:
    return REASONS.get(word, word)


def _bar(unit: str) -> Progress:
    return Progress(TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def _follow(database: Database, issue_id: int) -> None:
    """A live bar until nothing waits any more, or the issue is paused."""
    with _bar("Đã gửi") as bar:
        task = bar.add_task("")
        while True:
            found = database.read_now(campaigns.progress, issue_id)
            left = found.of(DeliveryState.WAITING, DeliveryState.SENDING)
            bar.update(task, total=found.total, completed=found.total - left)
            if database.read_now(campaigns.issue, issue_id).state not in ("laying", "sending"):
                return
            time.sleep(0.5)


def _cancel(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    stopped = database.write_now(_cancel_one, options.id)
    print(f"Đã huỷ chiến dịch số {options.id}; {stopped} tin chưa gửi sẽ không gửi nữa.")
    return 0


def _cancel_one(session: Session, campaign_id: int) -> int:
    return campaigns.cancel(session, _campaign(session, campaign_id), audit.COMMAND_LINE, utc_now())


def _resume(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    def resume(session: Session) -> int:
        paused = [issue for issue in _issues(session, options.id) if issue.state == "paused"]
        for issue in paused:
            campaigns.resume(session, issue, audit.COMMAND_LINE, utc_now())
        return len(paused)

    print(f"Đã cho gửi tiếp {database.write_now(resume)} số.")
    return 0


# --- the register ---


def _export(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    if options.with_personal_data and not options.reason:
        raise Mistake("Xuất kèm thông tin cá nhân thì phải nêu lý do: --reason “…”")
    if options.to < options.start:
        raise Mistake(f"Ngày cuối {options.to} sớm hơn ngày đầu {options.start}.")
    request = exports.Request(options.start, options.to, options.format, options.with_personal_data)
    folder = Path(options.folder) if options.folder else settings.home / "exports"
    total = database.read_now(complaints.count_between, *day_bounds(request.from_on, request.to_on))
    with _bar("Phản ánh") as bar:
        task = bar.add_task("", total=total)
        made = database.read_now(_write, request, folder, partial(bar.advance, task))
    database.write_now(
        audit.note, utc_now(), audit.COMMAND_LINE, "complaints.export", made.file.name,
        rows=made.rows, sha256=made.sha256, personal=options.with_personal_data, reason=options.reason,
    )  # fmt: skip
    print(f"Đã xuất {made.rows} phản ánh: {made.file}")
    return 0


def _write(session: Session, request: exports.Request, folder: Path, advance: Callable[[int], None]) -> exports.Made:
    return exports.write_register(session, request, folder, mask, accounts.channel_names(session), advance)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"ngày “{given}” không đúng, ví dụ đúng: 2026-11-30") from error


# --- people and rules ---


def _add_staff(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    def add(session: Session) -> str:
        if staff.by_username(session, options.username):
            raise Mistake(f"Đã có tên đăng nhập {options.username}. Cấp lại: staff reset {options.username}")
        member = staff.add(session, options.username, options.name, options.role, utc_now())
        audit.note(session, utc_now(), audit.COMMAND_LINE, "staff.add", member.username, role=member.role)
        return staff.new_link(session, member, utc_now())

    _print_link(settings, database.write_now(add))
    return 0


def _reset_staff(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    def reset(session: Session) -> str:
        member = staff.by_username(session, options.username)
        if member is None:
            raise Mistake(f"Không có tên đăng nhập {options.username}.")
        staff.end_sessions(session, member, utc_now())
        audit.note(session, utc_now(), audit.COMMAND_LINE, "staff.reset", member.username)
        return staff.new_link(session, member, utc_now())

    _print_link(settings, database.write_now(reset))
    return 0


def _print_link(settings: Settings, secret: str) -> None:
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    print(f"Địa chỉ đặt mật khẩu (dùng một lần, trong 3 ngày): {address}/staff/link/{secret}")


def _set_rule(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    value = None if options.value == "none" else float(options.value)
    rule = PlatformRule(
        channel=options.channel, name=options.name, value=value, source=options.source,
        checked_on=local_day(utc_now()), changed_by=audit.COMMAND_LINE.name,
    )  # fmt: skip
    database.write_now(accounts.change_rule, rule)
    database.write_now(
        audit.note, utc_now(), audit.COMMAND_LINE, "rule.set", f"{options.channel}.{options.name}", value=value
    )
    print(f"Đã ghi {options.channel}.{options.name} = {options.value}. Có hiệu lực khi máy chủ khởi động lại.")
    return 0


RULE_NAMES = (
    "text", "buttons", "button_title", "campaign_window_hours", "reply_window_hours", "sends_per_second",
)  # fmt: skip

Argument = tuple[tuple[str, ...], dict[str, Any]]
_ID: Argument = (("id",), {"type": int, "help": "số của chiến dịch"})
_JSON: Argument = (("--json",), {"action": "store_true", "help": "in dạng JSON"})

_COMMANDS: tuple[tuple[str, str, Work, tuple[Argument, ...]], ...] = (
    ("campaign new", "lập chiến dịch (nháp)", _new, (
        (("--name",), {"required": True, "help": "tên nội bộ"}),
        (("--text",), {"default": "", "help": "nội dung gửi cho người dân"}),
        (("--text-file",), {"help": "tệp chứa nội dung"}),
        (("--link",), {"default": "", "help": "địa chỉ trang để xem thêm"}),
        (("--rule",), {"choices": [campaigns.FOURTH_WEEK, campaigns.ONCE], "default": campaigns.FOURTH_WEEK,
                       "help": "thứ Năm tuần thứ tư và thứ Sáu kế tiếp hằng tháng, hoặc một lần"}),
        (("--times",), {"default": "16:30,07:30", "help": "giờ phát thứ Năm và thứ Sáu"}),
        (("--at",), {"default": "now", "help": "thời điểm phát, khi phát một lần"}),
        (("--channels",), {"default": "", "help": "ví dụ zalo,telegram; để trống là mọi kênh"}),
    )),
    ("campaign approve", "duyệt chiến dịch", _approve, (_ID,)),
    ("campaign list", "liệt kê chiến dịch", _list, (_JSON,)),
    ("campaign show", "xem một chiến dịch và kết quả gửi", _show, (
        _ID, _JSON, (("--follow",), {"action": "store_true", "help": "theo dõi đến khi gửi xong"}),
    )),
    ("campaign cancel", "huỷ chiến dịch và phần chưa gửi", _cancel, (_ID,)),
    ("campaign resume", "gửi tiếp các số đang tạm dừng", _resume, (_ID,)),
    ("complaints export", "xuất sổ theo dõi phản ánh", _export, (
        (("--from",), {"dest": "start", "type": _day, "required": True, "help": "từ ngày, ví dụ 2026-11-01"}),
        (("--to",), {"type": _day, "required": True, "help": "đến hết ngày"}),
        (("--format",), {"choices": ["xlsx", "csv"], "default": "xlsx", "help": "loại tệp"}),
        (("--with-personal-data",), {"action": "store_true", "help": "kèm họ tên, địa chỉ, liên hệ"}),
        (("--reason",), {"default": "", "help": "lý do cần thông tin cá nhân"}),
        (("--folder",), {"help": "thư mục ghi tệp (mặc định LOA_HOME/exports)"}),
    )),
    ("staff add", "thêm cán bộ", _add_staff, (
        (("username",), {"help": "tên đăng nhập"}),
        (("--name",), {"required": True, "help": "họ và tên"}),
        (("--role",), {"choices": sorted(staff.RIGHTS), "default": "clerk", "help": "vai trò"}),
    )),
    ("staff reset", "cấp lại địa chỉ đặt mật khẩu", _reset_staff, ((("username",), {"help": "tên đăng nhập"}),)),
    ("rules set", "sửa một quy định của nền tảng", _set_rule, (
        (("channel",), {"choices": ["zalo", "messenger", "telegram", "webchat"], "help": "kênh"}),
        (("name",), {"choices": RULE_NAMES, "help": "tên quy định"}),
        (("value",), {"help": "số mới, hoặc none nếu không có giới hạn"}),
        (("--source",), {"required": True, "help": "căn cứ"}),
    )),
)  # fmt: skip


# --- understanding and health ---


def ask(known: Knowledge, lines: Iterable[str], *, jsonl: bool) -> int:
    """Print how each question is understood."""
    for line in lines:
        asked: dict[str, Any] = json.loads(line) if jsonl else {"id": None, "question": line.strip()}
        found = understand(known.index, asked["question"])
        result = {"id": asked["id"], "outcome": found.outcome, "codes": list(found.codes), "facet": found.facet}
        if jsonl:
            print(json.dumps({**result, "score": found.score}, ensure_ascii=False))
        else:
            names = ", ".join(known.procedures[code].name for code in found.codes)
            print(f"{found.outcome} {found.score} {found.facet} {names}")
    return 0


def print_check(found: dict[str, str], *, as_json: bool) -> int:
    """Print what was found; 0 when all is well, else 1."""
    faults = {name: problem for name, problem in found.items() if problem != "ok"}
    if as_json:
        print(json.dumps({"ok": not faults, "found": found}, ensure_ascii=False))
    else:
        for name, problem in found.items():
            print(f"{name}: {'tốt' if problem == 'ok' else 'CÓ LỖI: ' + problem}")
    return 1 if faults else 0
