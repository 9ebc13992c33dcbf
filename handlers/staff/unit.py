"""The commune's own data: every name, phone and address a citizen reads."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from data.accounts import change_unit
from data.audit import note
from handlers.staff.visit import Visit

FIELDS = ("name", "province", "centre", "address", "phone", "hours", "website", "portal")
NEEDED = ("name", "province", "centre", "portal")


async def show(visit: Visit) -> web.Response:
    values = {name: getattr(visit.unit, name) for name in FIELDS}
    return visit.page("unit.html", values=values, troubles={})


async def save(visit: Visit) -> web.Response:
    values = {name: visit.form.line(name) for name in FIELDS}
    troubles = _troubles(values)
    if troubles:
        return visit.page("unit.html", status=422, values=values, troubles=troubles)
    await visit.database.write(_save, visit, {**values, "confirmed": visit.form.ticked("confirmed")})
    return visit.back("/staff/unit", "saved")


def _save(session: Session, visit: Visit, values: dict[str, Any]) -> None:
    change_unit(session, values)
    note(session, visit.now, visit.actor, "unit.change", confirmed=values["confirmed"])


def _troubles(values: dict[str, str]) -> dict[str, str]:
    troubles = {name: "Xin điền mục này." for name in NEEDED if not values[name]}
    for name in ("website", "portal"):
        if values[name] and not values[name].startswith("https://"):
            troubles[name] = "Địa chỉ cần bắt đầu bằng https://"
    return troubles
