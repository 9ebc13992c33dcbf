"""The platforms' rules as the house keeps them: what each is, where it comes from, and its correction."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from aiohttp import web
from sqlmodel import Session

from bot.channel import Limits, Rule
from data import accounts
from data.audit import note
from data.clock import local_day
from data.tables import PlatformRule
from handlers.staff.rule_values import Unfit, as_typed, in_words, value_of
from handlers.staff.visit import Visit, not_found
from handlers.staff.words import RULES


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it is shown; `typed`, `source`, `day` and `unlimited` are what stands in its form."""

    name: str
    title: str
    unit: str
    said: str
    rule: Rule
    changed_by: str  # "" for the shipped value
    typed: str
    unlimited: bool
    source: str
    day: str
    troubles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that was not accepted."""

    channel: str = ""
    name: str = ""
    troubles: Mapping[str, str] = field(default_factory=dict)


async def show(visit: Visit) -> web.Response:
    return await _page(visit, Wrong())


async def _page(visit: Visit, wrong: Wrong) -> web.Response:
    corrected = await visit.database.read(_corrected, list(_limits(visit)))
    channels = {name: _lines(visit, name, corrected[name], wrong) for name in corrected}
    status, today = 422 if wrong.troubles else 200, local_day(visit.now)
    return visit.page("platform_rules.html", status=status, channels=channels, wrong=wrong, today=today)


def _limits(visit: Visit) -> dict[str, Limits]:
    """By channel: all accounts on one platform are under the same rules."""
    return {channel.name: channel.limits for channel in visit.console.channels.values()}


def _corrected(session: Session, channels: list[str]) -> dict[str, dict[str, PlatformRule]]:
    return {channel: {row.name: row for row in accounts.platform_rules(session, channel)} for channel in channels}


def _lines(visit: Visit, channel: str, corrected: Mapping[str, PlatformRule], wrong: Wrong) -> list[Line]:
    rules = _limits(visit)[channel].named()
    lines = [_line(visit, name, rule, corrected.get(name)) for name, rule in rules.items()]
    here = [wrong.channel == channel and wrong.name == line.name for line in lines]
    return [_typed_again(visit, line, wrong) if it else line for line, it in zip(lines, here, strict=True)]


def _line(visit: Visit, name: str, rule: Rule, row: PlatformRule | None) -> Line:
    now = Rule(row.value, row.source, row.checked_on) if row else rule
    title, unit = RULES[name]
    return Line(
        name, title, unit, in_words(name, now.value), now, row.changed_by if row else "",
        as_typed(name, now.value), now.value is None, row.source if row else "", str(local_day(visit.now)),
    )  # fmt: skip


def _typed_again(visit: Visit, line: Line, wrong: Wrong) -> Line:
    form = visit.form
    return replace(
        line, typed=form.raw("value"), unlimited=form.ticked("unlimited"), source=form.raw("source"),
        day=form.raw("day"), troubles=wrong.troubles,
    )  # fmt: skip


def _named(visit: Visit) -> tuple[str, str, Rule]:
    """The channel and the rule in the path. Raises `Refusal` when there is none."""
    channel, name = visit.request.match_info["channel"], visit.request.match_info["rule"]
    limits = _limits(visit).get(channel)
    rule = limits.named().get(name) if limits else None
    if rule is None:
        raise not_found()
    return channel, name, rule


async def save(visit: Visit) -> web.Response:
    channel, name, rule = _named(visit)
    read = _read(visit, name)
    if isinstance(read, dict):
        return await _page(visit, Wrong(channel, name, read))
    await visit.database.write(_save, visit, channel, name, read, rule.value)
    await visit.console.rules_changed(channel)
    return visit.back("/staff/rules", "rule-saved")


def _read(visit: Visit, name: str) -> Rule | dict[str, str]:
    """The rule that was typed, or what is wrong by field."""
    form, troubles, value = visit.form, dict[str, str](), None
    source, day = form.line("source"), form.day("day")
    try:
        value = None if form.ticked("unlimited") else value_of(name, form.line("value", 40))
    except Unfit as unfit:
        troubles["value"] = str(unfit)
    if not source:
        troubles["source"] = "Xin ghi căn cứ: văn bản, trang hướng dẫn, hoặc ai của nền tảng trả lời."
    troubles |= _day_trouble(day, local_day(visit.now))
    return troubles or Rule(value, source, day or local_day(visit.now))


def _day_trouble(day: date | None, today: date) -> dict[str, str]:
    if day is None:
        return {"day": "Xin chọn ngày đã kiểm tra."}
    return {"day": "Ngày đã kiểm tra không thể ở sau hôm nay."} if day > today else {}


def _save(session: Session, visit: Visit, channel: str, name: str, rule: Rule, shipped: float | None) -> None:
    old = accounts.platform_rule(session, channel, name)
    before = old.value if old else shipped
    accounts.change_rule(
        session, PlatformRule(
            channel=channel, name=name, value=rule.value, source=rule.source, checked_on=rule.checked_on,
            changed_by=visit.member.username,
        )
    )  # fmt: skip
    subject = f"{channel}.{name}"
    note(session, visit.now, visit.actor, "rule.set", subject, value=rule.value, before=before, source=rule.source)


async def reset(visit: Visit) -> web.Response:
    channel, name, _ = _named(visit)
    await visit.database.write(_reset, visit, channel, name)
    await visit.console.rules_changed(channel)
    return visit.back("/staff/rules", "rule-default")


def _reset(session: Session, visit: Visit, channel: str, name: str) -> None:
    old = accounts.forget_rule(session, channel, name)
    if old:
        note(session, visit.now, visit.actor, "rule.default", f"{channel}.{name}", before=old.value)
