"""What is said to all, and what Meta says about us: comments under our posts, policies, the state of templates."""

from datetime import datetime
from typing import Any

from bot.messages import Ignored, Incoming, Kind
from bot.wire import at, word

Fields = dict[str, Any]

COMMENT = "comment:"  # before a comment's id, where else a person's id stands: who wrote it has none that we could use

_ENFORCED = {
    "warning": "Meta cảnh báo Trang về chính sách nhắn tin.{reason} Xin ngừng bản tin và xem phần Chất lượng Trang.",
    "block": "Meta đã chặn Trang gửi tin qua Messenger.{reason} Xin xem phần Chất lượng Trang và gửi khiếu nại ở đó.",
    "unblock": "Meta đã cho Trang gửi tin qua Messenger trở lại.",
}
_STATUSES = {
    "APPROVED": "đã được duyệt",
    "PENDING": "đang chờ duyệt",
    "REJECTED": "bị từ chối",
    "PAUSED": "bị tạm dừng",
    "DISABLED": "bị tắt hẳn",
    "IN_APPEAL": "đang được xem lại",
    "LIMIT_EXCEEDED": "đã vượt giới hạn gửi",
    "ARCHIVED": "đã được cất đi",
    "PENDING_DELETION": "sắp bị xoá",
    "DELETED": "đã bị xoá",
}
# The documentation spells it in two ways.
_TEMPLATE_FIELDS = ("message_template_status_update", "messenger_template_status_update")


def enforcement(item: Fields, now: datetime) -> Incoming | None:
    """None when `item` is about something else. Meta names no person here."""
    if not isinstance(item.get("policy_enforcement"), dict):
        return None
    action, reason = (word(at(item, "policy_enforcement", key)) for key in ("action", "reason"))
    words = _ENFORCED.get(action) or f"Meta báo một việc về chính sách của Trang: {action or 'không rõ'}.{{reason}}"
    return Incoming("", now, Kind.ACCOUNT, words.replace("{reason}", f" Lý do: {reason}" if reason else ""))


def changed(change: Fields, page: str, now: datetime) -> Incoming | Ignored:
    about, value = word(change.get("field")), change.get("value")
    if about in _TEMPLATE_FIELDS:
        return Incoming("", now, Kind.ACCOUNT, _template(value))
    if comment_of(change):
        return _comment(value, page, now)
    return Ignored(" ".join(filter(None, ("page", about, word(at(value, "item")), word(at(value, "verb"))))))


def comment_of(change: Fields) -> str:
    """The id of the new comment that `change` tells of; "" when it tells of anything else."""
    value = change.get("value")
    is_new = (change.get("field"), at(value, "item"), at(value, "verb")) == ("feed", "comment", "add")
    return word(at(value, "comment_id")) if is_new else ""


def _comment(value: Any, page: str, now: datetime) -> Incoming | Ignored:
    author = word(at(value, "from", "id")) or word(at(value, "sender_id"))
    if author == page:
        return Ignored("a comment of our own")
    id, post = word(at(value, "comment_id")), word(at(value, "post_id"))
    name = word(at(value, "from", "name")) or word(at(value, "sender_name"))
    text = word(at(value, "message"))
    return Incoming(COMMENT + id, now, Kind.COMMENT, text, name=name, message_id=id, about=post)


def _template(value: Any) -> str:
    """The shape is not documented; these are the names that it has on Meta's other platform."""
    status = word(at(value, "event")) or word(at(value, "status"))
    name = word(at(value, "message_template_name")) or word(at(value, "name"))
    reason = word(at(value, "reason"))
    told = f"Mẫu tin “{name}” trên Messenger {_STATUSES.get(status, f'có trạng thái mới: {status}')}."
    return f"{told} Lý do: {reason}." if reason not in ("", "NONE") else told
