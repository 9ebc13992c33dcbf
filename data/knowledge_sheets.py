"""The knowledge as sheets: which columns there are, for every format and in both directions."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlmodel import Session, SQLModel, select

from data import cells
from data.tables import GoldenQuestion, Neighbour, Procedure, Staff

STATES = {
    "listed": "Chỉ có tên",
    "draft": "Nháp",
    "sample": "Mẫu (chưa duyệt)",
    "approved": "Đã duyệt",
}
_NEIGHBOUR_STATES = {name: words for name, words in STATES.items() if name != "listed"}
OUTCOMES = {
    "answer": "Trả lời",
    "choices": "Hỏi lại",
    "not_ours": "Việc của nơi khác",
    "unknown": "Không có trong danh mục",
}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    name: str  # of the field, and of the key in JSON
    title: str
    read: cells.Read
    width: int = 30
    needed: bool = False  # never empty
    only_shown: bool = False  # written, and not read back
    also: tuple[str, ...] = ()  # other headings
    words: dict[str, str] | None = None  # the Vietnamese of a value that is one of a few

    def is_headed(self, heading: str) -> bool:
        return cells.plain(heading) in {cells.plain(known) for known in (self.name, self.title, *self.also)}

    def shown(self, value: Any) -> str:
        """The value as the text of a cell."""
        return self.words.get(value, value) if self.words else cells.shown(value)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    title: str
    table: type[SQLModel]
    key: str
    columns: tuple[Column, ...]
    marks: tuple[str, ...]  # the columns by which it is known

    @property
    def read(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.only_shown)

    @lru_cache  # noqa: B019 - there are four sheets, and they live as long as the program
    def column(self, heading: str) -> Column | None:
        return next((column for column in self.columns if column.is_headed(heading)), None)

    def titled(self, name: str) -> str:
        return next(column.title for column in self.columns if column.name == name)


def _state(words: dict[str, str]) -> Column:
    return Column("state", "Trạng thái", cells.one_of(words), 16, also=("Tình trạng",), words=words)


_VERSION = Column("version", "Phiên bản", cells.text, 10, only_shown=True)
_ALIASES = Column("aliases", "Tên gọi khác", cells.items, 36, also=("Tên khác",))
_PHRASINGS = Column("phrasings", "Cách người dân hỏi", cells.items, 60, also=("Cách hỏi", "Câu người dân hỏi"))

# New columns are added at the end of what is read: a clerk's own sheet may count them.
PROCEDURES = Sheet("Thủ tục", Procedure, "code", (
    Column("code", "Mã thủ tục", cells.code, 12, needed=True, also=("Mã", "Mã TTHC")),
    Column("name", "Tên", cells.text, 44, needed=True, also=("Tên thủ tục", "Tên thủ tục hành chính")),
    Column("short", "Tên ngắn", cells.text, 24, also=("Tên gọn",)),
    Column("field", "Lĩnh vực", cells.text, 20),
    _ALIASES,
    Column("summary", "Tóm tắt", cells.text, 44, also=("Dùng để làm gì, ai cần",)),
    Column("conditions", "Điều kiện", cells.maybe, also=("Yêu cầu, điều kiện", "Điều kiện, thời điểm cần biết")),
    Column("documents", "Giấy tờ cần có", cells.items, 60, also=("Thành phần hồ sơ", "Hồ sơ", "Giấy tờ")),
    Column("where", "Nơi nộp", cells.text, 36, also=("Nộp ở đâu",)),
    Column("how", "Cách nộp", cells.items, 16, also=("Cách thức thực hiện",)),
    Column("time_limit", "Thời hạn giải quyết", cells.maybe, also=("Thời hạn",)),
    Column("fee", "Phí, lệ phí", cells.maybe, also=("Lệ phí", "Phí")),
    Column("result", "Kết quả", cells.text, 24, also=("Kết quả nhận được",)),
    Column("legal_basis", "Căn cứ pháp lý", cells.items, 44, also=("Căn cứ",)),
    Column("note", "Ghi chú", cells.maybe, 44, also=("Lưu ý",)),
    Column("valid_from", "Áp dụng từ ngày", cells.day, 13, also=("Hiệu lực từ ngày", "Từ ngày")),
    Column("valid_to", "Áp dụng đến hết ngày", cells.day, 13, also=("Đến hết ngày", "Ngày cuối còn áp dụng")),
    Column("source_name", "Nguồn", cells.text, also=("Tên nguồn",)),
    Column("source_url", "Địa chỉ nguồn", cells.maybe, also=("Địa chỉ của nguồn", "Link nguồn")),
    Column("checked_on", "Ngày kiểm tra", cells.day, 13, also=("Kiểm tra ngày",)),
    _PHRASINGS,
    Column("related", "Mã thủ tục liên quan", cells.codes, 14, also=("Thủ tục liên quan", "Liên quan")),
    _state(STATES),
    Column("approved_by", "Người duyệt", cells.text, 20, only_shown=True),
    _VERSION,
), marks=("code",))  # fmt: skip

NEIGHBOURS = Sheet("Việc của nơi khác", Neighbour, "key", (
    Column("key", "Mã việc", cells.code, 20, needed=True, also=("Khoá",)),
    Column("name", "Tên việc", cells.text, 36, needed=True, also=("Tên",)),
    Column("owner", "Nơi giải quyết", cells.text, 36, also=("Cơ quan giải quyết", "Cơ quan")),
    Column("advice", "Lời chỉ dẫn", cells.text, 60, needed=True, also=("Lời hướng dẫn", "Hướng dẫn")),
    _ALIASES,
    _PHRASINGS,
    _state(_NEIGHBOUR_STATES),
    _VERSION,
), marks=("key",))  # fmt: skip

GOLDEN = Sheet("Câu hỏi kiểm tra", GoldenQuestion, "text", (
    Column("text", "Câu hỏi", cells.text, 60, needed=True, also=("question",)),
    Column("outcome", "Phải hiểu là", cells.one_of(OUTCOMES), 26, also=("Kết quả mong đợi",), words=OUTCOMES),
    Column("codes", "Mã được chấp nhận", cells.codes, 20, also=("Mã chấp nhận", "Mã đúng")),
), marks=("text",))  # fmt: skip

# Names and links as the national catalogue gives them. They fill gaps, and change no entry that is there.
CATALOGUE = Sheet("Danh mục quốc gia", Procedure, "code", (
    Column("code", "code", cells.code, needed=True),
    Column("name", "name", cells.text, needed=True),
    Column("field", "field", cells.text),
    Column("where", "agency", cells.text),
    Column("source_url", "url", cells.maybe),
    Column("issuer", "issuer", cells.text, only_shown=True),
), marks=("code", "name", "where", "source_url"))  # fmt: skip
CATALOGUE_NAME = "Cơ sở dữ liệu quốc gia về thủ tục hành chính"

SHEETS = {"procedures": PROCEDURES, "neighbours": NEIGHBOURS, "golden": GOLDEN}


@lru_cache
def recognised(headings: tuple[str, ...]) -> Sheet | None:
    """The sheet these headings are of; the catalogue only under its own names, as "url" is no heading of ours."""
    if {"code", "name", "agency", "url"} <= {heading.strip().lower() for heading in headings}:
        return CATALOGUE
    return next((sheet for sheet in SHEETS.values() if set(sheet.marks) <= _found(sheet, headings)), None)


def _found(sheet: Sheet, headings: tuple[str, ...]) -> set[str]:
    return {column.name for column in map(sheet.column, headings) if column}


def entries(session: Session, sheet: Sheet) -> list[Any]:
    """All rows of a sheet's table, drafts included, in a steady order."""
    order = sheet.table.__table__.c["id" if sheet is GOLDEN else sheet.key]  # type: ignore[attr-defined]
    return list(session.exec(select(sheet.table).order_by(order)))


def staff_names(session: Session) -> dict[int | None, str]:
    return {member.id: member.name for member in session.exec(select(Staff))}
