"""A file a citizen sent: pictures are shown, anything else is only handed over."""

import asyncio
from datetime import datetime
from pathlib import Path

from aiohttp import web
from sqlmodel import Session

from data import console_queries
from data.audit import Actor, note
from data.tables import Attachment, Complaint
from handlers.staff.visit import Visit, not_found

_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}


async def show(visit: Visit) -> web.StreamResponse:
    attachment = await visit.database.read(_stored, visit.number("id"))
    path = visit.console.home / "attachments" / Path(attachment.stored).name
    kind = await asyncio.to_thread(_kind, path)
    assert visit.entered
    since = visit.entered.session.created_at
    await visit.database.write(_note_view, attachment, visit.actor, since, visit.now)
    shown = kind.startswith("image/") and attachment.kind == "image"
    return web.FileResponse(path, headers=_headers(kind if shown else "", attachment.id or 0))


def _stored(session: Session, attachment_id: int) -> Attachment:
    """A file of a complaint; what was sent outside one is not the office's to look at."""
    attachment = session.get_one(Attachment, attachment_id)
    if attachment.state != "stored" or not attachment.stored or attachment.complaint_id is None:
        raise not_found()
    return attachment


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise not_found() from error
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "application/octet-stream")


def _headers(kind: str, number: int) -> dict[str, str]:
    disposition = "inline" if kind else f'attachment; filename="tep-{number}"'
    return {
        "Content-Type": kind or "application/octet-stream",
        "Content-Disposition": disposition,
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    }


def _note_view(session: Session, attachment: Attachment, actor: Actor, since: datetime, now: datetime) -> None:
    """Once a session: the page shows the same picture each time it is opened."""
    subject = str(attachment.id)
    if not console_queries.was_noted(session, actor, "attachment.view", subject, since):
        complaint = session.get_one(Complaint, attachment.complaint_id)
        note(session, now, actor, "attachment.view", subject, complaint=complaint.code)
