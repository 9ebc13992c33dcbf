"""The facts of an entry as fields of a form: what each is called, and how it is read, shown and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from data.tables import Neighbour, Procedure
from handlers.staff.forms import Form, as_day

MOST_LINE, MOST_TEXT, MOST_LIST = 500, 4_000, 40_000
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{2,39}")
_BULLET = re.compile(r"^[•\-*+–]\s+")


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    LIST = "list"  # one item a line
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    title: str
    hint: str = ""
    is_needed: bool = False
    rows: int = 3


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    fields: tuple[Field, ...]


PROCEDURE = (
    Section(
        "Tên gọi",
        (
            Field("name", Kind.LINE, "Tên thủ tục", "Đúng như trên Cổng dịch vụ công.", True),
            Field("short", Kind.LINE, "Tên ngắn", "Hiện trên nút bấm. Ví dụ: Khai sinh.", True),
            Field("field", Kind.LINE, "Lĩnh vực", "Ví dụ: Hộ tịch.", True),
        ),
    ),
    Section(
        "Nội dung trả lời người dân",
        (
            Field("summary", Kind.TEXT, "Dùng để làm gì, ai cần"),
            Field("conditions", Kind.TEXT, "Điều kiện, thời điểm cần biết"),
            Field("documents", Kind.LIST, "Giấy tờ cần có", "Mỗi dòng một loại giấy tờ.", rows=6),
            Field("where", Kind.TEXT, "Nộp ở đâu"),
            Field("how", Kind.LIST, "Cách nộp", "Mỗi dòng một cách: trực tiếp, trực tuyến, bưu chính."),
            Field("time_limit", Kind.TEXT, "Thời hạn giải quyết", rows=2),
            Field("fee", Kind.TEXT, "Phí, lệ phí", rows=2),
            Field("result", Kind.LINE, "Kết quả nhận được"),
            Field("note", Kind.TEXT, "Lưu ý"),
        ),
    ),
    Section(
        "Căn cứ và hiệu lực",
        (
            Field("legal_basis", Kind.LIST, "Căn cứ pháp lý", "Mỗi dòng một văn bản.", rows=4),
            Field("source_name", Kind.LINE, "Nguồn", "Ví dụ: Cổng Dịch vụ công quốc gia."),
            Field("source_url", Kind.LINE, "Địa chỉ của nguồn", "Bắt đầu bằng https://"),
            Field("checked_on", Kind.DAY, "Ngày kiểm tra"),
            Field("valid_from", Kind.DAY, "Áp dụng từ ngày"),
            Field("valid_to", Kind.DAY, "Ngày cuối còn áp dụng", "Qua ngày này, bot thôi trả lời bằng số liệu ở trên."),
        ),
    ),
    Section(
        "Cách người dân gọi và hỏi",
        (
            Field("aliases", Kind.LIST, "Tên gọi khác", "Mỗi dòng một tên.", rows=5),
            Field("phrasings", Kind.LIST, "Cách người dân hỏi", "Mỗi dòng một câu, viết như người dân gõ.", rows=10),
            Field("related", Kind.LIST, "Thủ tục liên quan", "Mỗi dòng một mã. Ví dụ: 1.001193."),
        ),
    ),
)
NEIGHBOUR = (
    Section(
        "Nội dung trả lời người dân",
        (
            Field("name", Kind.LINE, "Tên việc", "Ví dụ: Cấp hộ chiếu.", True),
            Field("owner", Kind.LINE, "Cơ quan giải quyết", "Để trống nếu không cơ quan nào giải quyết."),
            Field("advice", Kind.TEXT, "Lời hướng dẫn", "Nói rõ việc này ai làm, và người dân cần đến đâu.", True, 4),
        ),
    ),
    Section(
        "Cách người dân gọi và hỏi",
        (
            Field("aliases", Kind.LIST, "Tên gọi khác", "Mỗi dòng một tên.", rows=5),
            Field("phrasings", Kind.LIST, "Cách người dân hỏi", "Mỗi dòng một câu, viết như người dân gõ.", rows=10),
        ),
    ),
)

# How citizens say it is not a fact: to change it needs nobody's approval.
HOW_IT_IS_SAID = ("aliases", "phrasings", "related")
_MAY_BE_MISSING = {"conditions", "time_limit", "fee", "note", "source_url", "valid_from", "valid_to"}
_MOST = {Kind.LINE: MOST_LINE, Kind.TEXT: MOST_TEXT, Kind.LIST: MOST_LIST, Kind.DAY: 20}


def fields_of(sections: tuple[Section, ...]) -> list[Field]:
    return [field for section in sections for field in section.fields]


def read(form: Form, sections: tuple[Section, ...]) -> dict[str, Any]:
    """What was typed, as the entry keeps it."""
    return {field.name: _read(form, field) for field in fields_of(sections)}


def _read(form: Form, field: Field) -> Any:
    if field.kind is Kind.DAY:
        return form.day(field.name)
    if field.kind is Kind.LIST:
        return lines(form.text(field.name, MOST_LIST))
    most = _MOST[field.kind]
    typed = form.line(field.name, most) if field.kind is Kind.LINE else form.text(field.name, most)
    return typed or (None if field.name in _MAY_BE_MISSING else "")


def lines(text: str) -> list[str]:
    """The items of a list, one a line, each once, without the bullets that come along when one copies."""
    items = (re.sub(r"\s+", " ", _BULLET.sub("", line.strip())) for line in text.split("\n"))
    return list(dict.fromkeys(item for item in items if item))


def of(row: Procedure | Neighbour, sections: tuple[Section, ...]) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields_of(sections)}


def shown(value: Any) -> str:
    """A value as its field shows it."""
    if isinstance(value, list):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def differing(kept: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    return [name for name in typed if typed[name] != kept[name]]


def troubles(values: Mapping[str, Any], form: Form, sections: tuple[Section, ...]) -> dict[str, str]:
    """What is wrong, by field, in the words shown beside it."""
    found = {}
    for field in fields_of(sections):
        if field.is_needed and not values[field.name]:
            found[field.name] = "Xin điền mục này."
        elif field.kind is Kind.DAY and form.raw(field.name).strip() and as_day(form.raw(field.name)) is None:
            found[field.name] = "Ngày chưa đúng. Xin chọn lại."
    return found


def troubles_of_procedure(values: Mapping[str, Any], today: date) -> dict[str, str]:
    since, until = values["valid_from"], values["valid_to"]
    checks = {
        "source_url": values["source_url"] and not values["source_url"].startswith("https://")
        and "Địa chỉ cần bắt đầu bằng https://",
        "valid_to": since and until and until < since and "Ngày cuối đứng trước ngày bắt đầu. Xin xem lại.",
        "checked_on": values["checked_on"] and values["checked_on"] > today and "Ngày kiểm tra chưa tới. Xin xem lại.",
    }  # fmt: skip
    return {name: trouble for name, trouble in checks.items() if trouble}


def troubles_before_approval(values: Mapping[str, Any]) -> dict[str, str]:
    """What an entry must have before it may answer with figures."""
    needed = {
        "summary": "Xin viết thủ tục này dùng để làm gì.",
        "where": "Xin ghi nơi nộp hồ sơ.",
        "result": "Xin ghi kết quả người dân nhận được.",
        "source_name": "Xin ghi nguồn: người dân đọc nguồn ở cuối câu trả lời.",
    }
    return {name: trouble for name, trouble in needed.items() if not values[name]}
