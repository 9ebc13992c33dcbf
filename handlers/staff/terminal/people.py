"""`staff add|reset` and `rules set`."""

import argparse

from sqlmodel import Session

from data import accounts, audit, staff
from data.clock import local_day, utc_now
from data.database import Database
from data.settings import Settings
from data.tables import PlatformRule
from handlers.staff.rule_values import Unfit, value_of
from handlers.staff.terminal.words import Mistake


def add(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    def new_member(session: Session) -> str:
        if staff.by_username(session, options.username):
            raise Mistake(f"Đã có tên đăng nhập {options.username}. Cấp lại: staff reset {options.username}")
        member = staff.add(session, options.username, options.name, options.role, utc_now())
        audit.note(session, utc_now(), audit.COMMAND_LINE, "person.new", member.username, role=member.role)
        return staff.new_link(session, member, utc_now())

    _print_link(settings, database.write_now(new_member))
    return 0


def reset(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    def new_link(session: Session) -> str:
        member = staff.by_username(session, options.username)
        if member is None:
            raise Mistake(f"Không có tên đăng nhập {options.username}.")
        staff.end_sessions(session, member, utc_now())
        audit.note(session, utc_now(), audit.COMMAND_LINE, "person.link", member.username)
        return staff.new_link(session, member, utc_now())

    _print_link(settings, database.write_now(new_link))
    return 0


def _print_link(settings: Settings, secret: str) -> None:
    print(f"Địa chỉ đặt mật khẩu (dùng một lần, trong 3 ngày): {settings.address}/staff/link/{secret}")


def _value(name: str, given: str) -> float | None:
    if given == "none":
        return None
    try:
        return value_of(name, given)
    except Unfit as unfit:
        raise Mistake(f"{unfit} Không có giới hạn thì ghi: none.") from unfit


def set_rule(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    value = _value(options.name, options.value)
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
