"""The staff group: a press on a button under an alert, by somebody the office knows and who may."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, select

from bot.messages import Button, Incoming
from data import campaigns, complaints, staff
from data.audit import Actor
from data.campaigns import NotApproved
from data.complaints import NotAllowed
from data.staff import RIGHTS
from data.tables import Arrival, Campaign, Complaint, ComplaintState, Staff
from handlers.citizens import changes, texts
from handlers.citizens.talk import AlertStaff
from handlers.staff.notices import tell_citizen

ACCEPT, APPROVE = changes.ACCEPT, "office:approve:"
UNKNOWN = "Tài khoản vừa bấm chưa gắn với cán bộ nào. Xin vào trang làm việc, mục “Tài khoản của tôi”, để gắn."
NO_RIGHT = "{name} không có quyền làm việc này."
TOO_LATE = "Việc này đã được làm trước đó, hoặc không còn làm được."


def approve_button(campaign: Campaign) -> Button:
    return Button("Duyệt", f"{APPROVE}{campaign.id}:{_seal(campaign)}")


def _seal(campaign: Campaign) -> str:
    """What stood in the alert: a text that was changed since is not approved by its button."""
    return sha256(f"{campaign.text}\n{campaign.link}".encode()).hexdigest()[:12]


def acted(session: Session, arrival: Arrival, incoming: Incoming, office: changes.Office, now: datetime) -> str:
    """Carry out what was pressed and say so in the group; the note kept with the arrival."""
    act = next((act for mark, act in _ACTS.items() if incoming.payload.startswith(mark)), None)
    if act is None or office.staff_chat != (arrival.account_id, incoming.chat):
        return "talk of a group"
    member = staff.by_chat(session, arrival.account_id, incoming.person)
    words = act(session, member, incoming.payload, office, now) if member else UNKNOWN
    changes.alert(session, office, AlertStaff(words), now)
    return "pressed in the staff group"


def _accept(session: Session, member: Staff, payload: str, office: changes.Office, now: datetime) -> str:
    if "answer" not in RIGHTS[member.role]:
        return NO_RIGHT.format(name=member.name)
    query = select(Complaint).where(Complaint.code == payload.removeprefix(ACCEPT))
    complaint = session.exec(query.with_for_update()).first()
    if complaint is None or complaint.state != ComplaintState.NEW:
        return TOO_LATE
    try:
        complaints.move(session, complaint, ComplaintState.ACCEPTED, _actor(member), now)
    except NotAllowed:
        return TOO_LATE
    notice = texts.STATE_NOTICE.format(code=complaint.code, state=texts.STATES[complaint.state])
    tell_citizen(session, complaint, notice, office, member.id, now)
    return f"{member.name} đã tiếp nhận {complaint.code}."


def _approve(session: Session, member: Staff, payload: str, office: changes.Office, now: datetime) -> str:
    if "approve" not in RIGHTS[member.role]:
        return NO_RIGHT.format(name=member.name)
    number, _, seal = payload.removeprefix(APPROVE).partition(":")
    campaign = session.get(Campaign, int(number), with_for_update=True) if number.isdecimal() else None
    if campaign is None or seal != _seal(campaign):
        return "Nội dung bản tin đã đổi sau khi gửi lời nhắc. Xin mở trang làm việc để xem rồi duyệt."
    try:
        campaigns.approve(session, campaign, _actor(member), now)
    except NotApproved:
        return "Bản tin này đã được duyệt hoặc huỷ, hoặc do chính người bấm soạn."
    return f"{member.name} đã duyệt bản tin “{campaign.name}”."


def _actor(member: Staff) -> Actor:
    return Actor(member.username, member.id)


_ACTS: dict[str, Callable[[Session, Staff, str, changes.Office, datetime], str]] = {ACCEPT: _accept, APPROVE: _approve}
