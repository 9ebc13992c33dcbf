"""The register as a spreadsheet: three choices, personal data hidden unless there is a right and a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlmodel import Session

from bot.text import mask
from data import complaints, console_queries, exports
from data.audit import Actor, note
from data.clock import day_bounds, day_in_words, local_day
from data.tables import Export
from handlers.staff.forms import Form
from handlers.staff.visit import Refusal, Visit

SHORTEST_REASON = 10
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Span:
    from_on: date
    to_on: date

    @property
    def words(self) -> str:
        return f"{day_in_words(self.from_on)} đến {day_in_words(self.to_on)}"


def this_month(today: date) -> Span:
    return Span(today.replace(day=1), today)


def last_month(today: date) -> Span:
    end = today.replace(day=1) - timedelta(days=1)
    return Span(end.replace(day=1), end)


def _span(form: Form, today: date) -> Span | None:
    """The days asked for; None when they are no span."""
    period = form.raw("period")
    if period == "last":
        return last_month(today)
    if period != "days":
        return this_month(today)
    start, end = form.day("from_on"), form.day("to_on")
    return Span(start, end) if start and end and start <= end else None


async def ask(visit: Visit) -> web.Response:
    return await _ask(visit, {})


async def _ask(visit: Visit, troubles: Mapping[str, str]) -> web.Response:
    today = local_day(visit.now)
    spans = {"this": this_month(today), "last": last_month(today)}
    chosen = _span(visit.form, today) if visit.form.raw("period") == "days" else None
    if chosen:
        spans["days"] = chosen
    counts = await visit.database.read(_counts, spans)
    status = 422 if troubles else 200
    return visit.page("export.html", status=status, spans=spans, counts=counts, troubles=troubles, today=today)


def _counts(session: Session, spans: Mapping[str, Span]) -> dict[str, int]:
    return {
        name: complaints.count_between(session, *day_bounds(span.from_on, span.to_on)) for name, span in spans.items()
    }


async def make(visit: Visit) -> web.StreamResponse:
    form, span = visit.form, _span(visit.form, local_day(visit.now))
    troubles = _troubles(form, span)
    if span is None or troubles or form.raw("act") == "count":
        return await _ask(visit, troubles)
    personal = not form.ticked("hide")
    if personal and not visit.may("personal"):
        raise Refusal(403, "Tài khoản này không được xuất thông tin cá nhân", "Xin để nguyên ô “Ẩn thông tin cá nhân”.")
    file_format = "csv" if form.raw("format") == "csv" else "xlsx"
    request = exports.Request(span.from_on, span.to_on, file_format, personal=personal)
    made = await _write(visit, request, form.line("reason") if personal else "")
    disposition = f'attachment; filename="{made.file.name}"'
    return web.FileResponse(made.file, headers={"Content-Type": TYPES[file_format], "Content-Disposition": disposition})


def _troubles(form: Form, span: Span | None) -> dict[str, str]:
    troubles = {}
    if span is None:
        troubles["days"] = "Xin chọn ngày bắt đầu và ngày kết thúc, ngày bắt đầu trước."
    if form.raw("act") != "count" and not form.ticked("hide") and len(form.line("reason")) < SHORTEST_REASON:
        troubles["reason"] = "Xuất kèm thông tin cá nhân thì xin ghi rõ lý do (ít nhất 10 ký tự)."
    return troubles


async def _write(visit: Visit, request: exports.Request, reason: str) -> exports.Made:
    """Write the file and leave its line in the trail before anyone gets it."""
    export = await visit.database.write(_begin, visit, request, reason)
    folder = visit.console.home / "exports" / str(export.id)  # its own: two people may ask for the same days
    made = await visit.database.read(_register, request, folder)
    assert export.id
    await visit.database.write(_finish, export.id, request, made, visit.actor, visit.now)
    return made


def _begin(session: Session, visit: Visit, request: exports.Request, reason: str) -> Export:
    export = Export(
        unit_id=visit.member.unit_id,
        staff_id=visit.member_id,
        from_on=request.from_on,
        to_on=request.to_on,
        format=request.format,
        personal=request.personal,
        reason=reason,
        state="working",
        requested_at=visit.now,
    )
    session.add(export)
    session.flush()
    return export


def _register(session: Session, request: exports.Request, folder: Path) -> exports.Made:
    channels: dict[int | None, str] = {account.id: account.channel for account in console_queries.accounts(session)}
    return exports.write_register(session, request, folder, mask, channels)


def _finish(
    session: Session, export_id: int, request: exports.Request, made: exports.Made, actor: Actor, now: datetime
) -> None:
    export = session.get_one(Export, export_id)
    export.state, export.file, export.rows = "ready", f"{export_id}/{made.file.name}", made.rows
    export.digest, export.finished_at = made.sha256, now
    session.add(export)
    note(
        session, now, actor, "export", str(export_id),
        from_on=str(request.from_on), to_on=str(request.to_on), format=request.format,
        personal=request.personal, reason=export.reason, rows=made.rows, sha256=made.sha256,
    )  # fmt: skip
