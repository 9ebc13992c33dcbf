"""`knowledge import|export|check`."""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from textwrap import shorten

from sqlmodel import Session

from data import audit, knowledge, staff
from data.clock import local_day, utc_now
from data.database import Database
from data.knowledge_export import NotExportable, write_knowledge
from data.knowledge_files import Table, Unreadable, read_tables
from data.knowledge_import import import_tables
from data.knowledge_plan import Change, Plan, Problem, plan_tables
from data.knowledge_sheets import SHEETS
from data.settings import Settings
from handlers.citizens.learned import learn
from handlers.staff.findings import KINDS, Finding
from handlers.staff.knowledge_check import check as all_findings
from handlers.staff.terminal.words import Mistake, bar

TOLD = 30  # of problems, of changes, of findings of a kind


def bring_in(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    """1 when something in the file is wrong: then nothing was changed."""
    try:
        tables = read_tables(Path(options.file))
    except Unreadable as error:
        raise Mistake(str(error)) from error
    approver = database.read_now(_approver, options.approver)
    with bar("Dòng") as shown:
        task = shown.add_task("", total=sum(len(table.rows) for table in tables))
        plan = _plan(database, tables, approver, lambda rows: shown.advance(task, rows), is_trial=options.dry_run)
    return _tell(plan, is_trial=options.dry_run)


def _approver(session: Session, username: str) -> int | None:
    if not username:
        return None
    member = staff.by_username(session, username)
    if member is None or not member.active:
        raise Mistake(f"Không có cán bộ nào đang hoạt động với tên đăng nhập {username}.")
    if "approve" not in staff.RIGHTS[member.role]:
        raise Mistake(f"{member.name} không có quyền duyệt. Người duyệt phải là lãnh đạo hoặc quản trị.")
    return member.id


def _plan(
    database: Database, tables: list[Table], approver: int | None, advance: Callable[[int], None], *, is_trial: bool
) -> Plan:
    if is_trial:
        return database.read_now(plan_tables, tables, utc_now(), approver, advance)
    return database.write_now(_import, tables, utc_now(), approver, advance)


def _import(
    session: Session, tables: list[Table], now: datetime, approver: int | None, advance: Callable[[int], None]
) -> Plan:
    plan = import_tables(session, tables, now, approver, advance)
    if (plan.new or plan.changed) and not plan.problems:
        new, changed = len(plan.new), len(plan.changed)
        audit.note(session, now, audit.COMMAND_LINE, "knowledge.import", "", new=new, changed=changed)
    return plan


def _tell(plan: Plan, *, is_trial: bool) -> int:
    if plan.unknown:
        print(f"Trong tệp có phần không dùng tới: {', '.join(plan.unknown)}.")
    if plan.problems:
        _print_some([_problem(problem) for problem in plan.problems])
        print(f"Có {len(plan.problems)} chỗ cần sửa. Chưa ghi gì cả: xin sửa trong tệp rồi nhập lại.")
        return 1
    _print_some([*(_new(change) for change in plan.new), *(_changed(change) for change in plan.changed)])
    kept = f", đã có sẵn và giữ nguyên {plan.kept}" if plan.kept else ""
    print(f"Mới {len(plan.new)}, thay đổi {len(plan.changed)}, như cũ {plan.same}{kept}.")
    if plan.unapproved:
        named = ", ".join(plan.unapproved[:TOLD])
        print(f"{len(plan.unapproved)} mục ghi “Đã duyệt” mà chưa có người duyệt, nên chưa được duyệt: {named}.")
        print("Mục mới hoặc có nội dung thay đổi thì thành “Nháp”. Người có quyền duyệt dùng: --approver TÊN_ĐĂNG_NHẬP")
    if is_trial:
        print("Mới là xem thử, chưa ghi gì cả.")
    return 0


def _problem(problem: Problem) -> str:
    where = [f"Trang “{problem.place}”" if problem.place else "", f"dòng {problem.row}"]
    where += [f"cột “{problem.column}”" if problem.column else ""]
    words = ", ".join(part for part in where if part)
    return f"{words[:1].upper()}{words[1:]}: {problem.words}"


def _new(change: Change) -> str:
    return f"+ {change.key} {_short(change.name)}"


def _changed(change: Change) -> str:
    return f"~ {change.key} {_short(change.name)}: {', '.join(change.titles)}"


def _short(name: str) -> str:
    return shorten(name, 90, placeholder="…")


def _print_some(lines: Sequence[str]) -> None:
    for line in lines[:TOLD]:
        print(line)
    if len(lines) > TOLD:
        print(f"… và {len(lines) - TOLD} dòng nữa.")


def take_out(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    file = Path(options.file)
    csv_kind = "procedures" if file.suffix.lower() == ".csv" else ""
    kinds = [options.kind or csv_kind] if options.kind or csv_kind else list(SHEETS)
    try:
        count = database.read_now(write_knowledge, file, kinds)
    except NotExportable as error:
        raise Mistake(str(error)) from error
    except OSError as error:
        raise Mistake(f"Không ghi được tệp {file}: {error.strerror or error}") from error
    named = ", ".join(SHEETS[kind].title.lower() for kind in kinds)
    print(f"Đã xuất {count} mục ({named}): {file}")
    return 0


def check(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    """1 when somebody must act."""
    if options.json:
        findings = database.read_now(_findings, lambda entries: None)
        print(json.dumps(_as_json(findings), ensure_ascii=False))
    else:
        with bar("Mục") as shown:
            task = shown.add_task("", total=database.read_now(knowledge.version)[2])
            findings = database.read_now(_findings, lambda entries: shown.advance(task, entries))
        _print_findings(findings)
    return 1 if any(finding.must for finding in findings) else 0


def _findings(session: Session, advance: Callable[[int], None]) -> list[Finding]:
    procedures, neighbours = knowledge.procedures(session), knowledge.all_neighbours(session)
    known = learn(knowledge.answering(session), knowledge.neighbours(session))
    return all_findings(procedures, neighbours, knowledge.golden(session), known, local_day(utc_now()), advance)


def _as_json(findings: Sequence[Finding]) -> dict[str, object]:
    counts = Counter(finding.kind for finding in findings)
    return {
        "ok": not any(finding.must for finding in findings),
        "counts": {kind: counts[kind] for kind in KINDS if counts[kind]},
        "findings": [asdict(finding) for finding in findings],
    }


def _print_findings(findings: Sequence[Finding]) -> None:
    must = sum(finding.must for finding in findings)
    if not findings:
        print("Không thấy điều gì cần xem lại.")
        return
    print(f"Cần xử lý: {must}. Nên xem: {len(findings) - must}.")
    for kind, title in KINDS.items():
        found = [finding for finding in findings if finding.kind == kind]
        if found:
            print(f"\n{title}: {len(found)}")
            _print_some(
                [f"  {'!' if each.must else '·'} {each.code} {_short(each.name)}: {each.words}" for each in found]
            )
    print("\nDấu ! là việc cần xử lý. Xem đủ: python main.py knowledge check --json")
