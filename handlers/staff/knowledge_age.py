"""What of the knowledge is out of date, will be, or was not looked at for long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data.tables import Procedure
from handlers.staff.findings import Finding

SOON = timedelta(days=60)
OLD = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that ends, or another that begins: what rests on it is right until its last day."""

    sign: str  # as it is written in a legal basis or a note
    last_on: date
    words: str


RULE_CHANGES = (
    RuleChange("66.18/2026", date(2027, 2, 28), "Nghị quyết 66.18/2026/NQ-CP chỉ có hiệu lực đến hết ngày 28/02/2027"),
    RuleChange("66.19/2026", date(2027, 2, 28), "Nghị quyết 66.19/2026/NQ-CP chỉ có hiệu lực đến hết ngày 28/02/2027"),
    RuleChange("Luật Hộ tịch", date(2027, 2, 28), "Luật Hộ tịch 03/2026/QH16 có hiệu lực từ ngày 01/3/2027"),
)


def has_figures(entry: Procedure) -> bool:
    """Whether citizens hear more of it than its name and its place."""
    facts = (entry.conditions, entry.documents, entry.time_limit, entry.fee)
    return entry.state in ("sample", "approved") and any(facts)


def aged(entry: Procedure, today: date) -> Iterator[Finding]:
    yield from _ended(entry, today)
    yield from _overtaken(entry)
    if today - entry.checked_on > OLD:
        words = f"kiểm tra lần cuối ngày {entry.checked_on:%d/%m/%Y}, đã {(today - entry.checked_on).days} ngày."
        yield Finding(entry.code, "old", f"{words} Đối chiếu lại với nguồn.", entry.name)


def _ended(entry: Procedure, today: date) -> Iterator[Finding]:
    if entry.valid_to is None:
        return
    if entry.valid_to < today:
        words = f"chỉ áp dụng đến hết ngày {entry.valid_to:%d/%m/%Y}. Cập nhật theo quy định mới rồi duyệt lại."
        yield Finding(entry.code, "expired", words, entry.name, must=has_figures(entry))
    elif entry.valid_to - today <= SOON:
        left = (entry.valid_to - today).days
        words = f"còn {left} ngày, áp dụng đến hết ngày {entry.valid_to:%d/%m/%Y}. Chuẩn bị nội dung mới."
        yield Finding(entry.code, "ending", words, entry.name)


def _overtaken(entry: Procedure) -> Iterator[Finding]:
    named = "\n".join((*entry.legal_basis, entry.note or ""))
    changes = [change for change in RULE_CHANGES if change.sign in named and not _is_prepared(entry, change)]
    if changes:
        why = "; ".join(change.words for change in changes)
        day = f"{min(change.last_on for change in changes):%d/%m/%Y}"
        words = f"{why}. Mục này chưa ghi “Áp dụng đến hết ngày” {day}: ghi thêm, hoặc cập nhật theo quy định mới."
        yield Finding(entry.code, "ahead", words, entry.name, must=has_figures(entry))


def _is_prepared(entry: Procedure, change: RuleChange) -> bool:
    """It ends in time, begins only afterwards, or was looked at when the new rule was there."""
    ends = entry.valid_to is not None and entry.valid_to <= change.last_on
    begins = entry.valid_from is not None and entry.valid_from > change.last_on
    return ends or begins or entry.checked_on > change.last_on
