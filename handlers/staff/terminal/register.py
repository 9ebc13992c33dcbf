"""`complaints export`."""

import argparse
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.text import mask
from data import accounts, audit, complaints, exports
from data.clock import day_bounds, utc_now
from data.database import Database
from data.settings import Settings
from handlers.staff.terminal.words import Mistake, bar


def export(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    if options.with_personal_data and not options.reason:
        raise Mistake("Xuất kèm thông tin cá nhân thì phải nêu lý do: --reason “…”")
    if options.to < options.start:
        raise Mistake(f"Ngày cuối {options.to} sớm hơn ngày đầu {options.start}.")
    request = exports.Request(options.start, options.to, options.format, options.with_personal_data)
    folder = Path(options.folder) if options.folder else settings.home / "exports"
    total = database.read_now(complaints.count_between, *day_bounds(request.from_on, request.to_on))
    with bar("Phản ánh") as shown:
        task = shown.add_task("", total=total)
        made = database.read_now(_write, request, folder, partial(shown.advance, task))
    database.write_now(
        audit.note, utc_now(), audit.COMMAND_LINE, "export", made.file.name,
        rows=made.rows, sha256=made.sha256, personal=options.with_personal_data, reason=options.reason,
    )  # fmt: skip
    print(f"Đã xuất {made.rows} phản ánh: {made.file}")
    return 0


def _write(session: Session, request: exports.Request, folder: Path, advance: Callable[[int], None]) -> exports.Made:
    return exports.write_register(session, request, folder, mask, accounts.channel_names(session), advance)


def day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"ngày “{given}” không đúng, ví dụ đúng: 2026-11-30") from error
