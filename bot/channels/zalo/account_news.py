"""What Zalo tells about our own account, in a sentence for staff.

Of these events only `change_oa_daily_quota` is documented in full: of the others every shape is read that names an old
and a new value.
"""

from collections.abc import Callable
from typing import Any

from bot.wire import at, word

Fields = dict[str, Any]

_VALUES = {
    "ENABLE": "dùng được",
    "DISABLE": "bị khóa",
    "REJECT": "bị từ chối",
    "PENDING_REVIEW": "chờ duyệt",
    "DELETE": "đã xóa",
    "HIGH": "tốt",
    "MEDIUM": "trung bình",
    "LOW": "kém",
    "UNDEFINED": "chưa xác định",
}


def sentence(name: str, fields: Fields) -> str:
    return SENTENCES[name](fields)


def _daily_quota(fields: Fields) -> str:
    return f"Zalo đã đổi hạn mức tin mẫu mỗi ngày của OA{_change(fields)}."


def _about_template(what: str) -> Callable[[Fields], str]:
    def words(fields: Fields) -> str:
        template = word(fields.get("template_id") or at(fields, "template", "template_id"))
        reason = word(fields.get("reason"))
        why = f" Lý do Zalo nêu: {reason}." if reason else ""
        return f"Zalo đã đổi {what} của mẫu tin{f' {template}' if template else ''}{_change(fields)}.{why}"

    return words


def _tags(fields: Fields) -> str:
    return f"Zalo đã đổi các loại tin mẫu mà OA được gửi{_change(fields)}. Xin xem lại trang quản lý ZBS."


def _change(fields: Fields) -> str:
    """` từ … thành …`, from whichever part of the event holds the two values."""
    parts = [part for part in (*fields.values(), fields) if isinstance(part, dict)]
    pairs = [(_value(part, "prev", "old"), _value(part, "new", "current")) for part in parts]
    before, after = next(((before, after) for before, after in pairs if after), ("", ""))
    return (f" từ {before}" if before and after else "") + (f" thành {after}" if after else "")


def _value(part: Fields, *beginnings: str) -> str:
    value = next((value for key, value in part.items() if key.startswith(beginnings)), None)
    if isinstance(value, list):
        return ", ".join(word(each) for each in value)
    return _VALUES.get(word(value), word(value))


SENTENCES: dict[str, Callable[[Fields], str]] = {
    "change_oa_daily_quota": _daily_quota,
    "change_oa_template_tags": _tags,
    "change_template_quality": _about_template("mức chất lượng"),
    "change_template_quota": _about_template("hạn mức"),
    "change_template_status": _about_template("trạng thái"),
}
