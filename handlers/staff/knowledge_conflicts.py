"""What in the knowledge contradicts itself."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from bot.vietnamese.fold import fold
from data.tables import Neighbour, Procedure
from handlers.staff.findings import Finding
from handlers.staff.knowledge_age import has_figures

SHOWN = 3  # texts two entries share

_CLAUSE = re.compile(r"[;,\n]|\.(?!\d)")
_FREE = re.compile(r"(?:duoc )?(?:mien|khong thu|khong mat)(?: le)?(?: phi)?(?: tien)?(?: \(0 dong\))?|0 dong")
_AMOUNT = re.compile(r"\b([1-9][\d.]*) ?(?:dong|d|vnd|nghin|ngan|trieu)\b")

Entry = Procedure | Neighbour


def at_odds(entry: Procedure, codes: set[str]) -> Iterator[Finding]:
    """What an entry says against itself, and what it names that is not there."""
    wrongs = [
        (_is_free_for_money(entry.fee or ""), f"ghi là miễn phí mà lại nêu số tiền: “{entry.fee}”"),
        (_ends_before_it_begins(entry), f"áp dụng từ {entry.valid_from} mà chỉ đến {entry.valid_to}"),
        (entry.state == "approved" and not entry.approved_by, "ghi là đã duyệt mà không có người duyệt"),
        (has_figures(entry) and not entry.source_name.strip(), "trả lời người dân mà không ghi nguồn"),
    ]
    wrongs += [(code not in codes, f"nêu thủ tục liên quan {code} không có trong danh mục") for code in entry.related]
    for is_wrong, words in wrongs:
        if is_wrong:
            yield Finding(entry.code, "contradictory", f"{words}.", entry.name, must=entry.state != "listed")


def _ends_before_it_begins(entry: Procedure) -> bool:
    return bool(entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to)


def _is_free_for_money(fee: str) -> bool:
    """A whole clause says "free", with no condition, and another names an amount."""
    clauses = [fold(clause).strip() for clause in _CLAUSE.split(fee)]
    return any(map(_FREE.fullmatch, clauses)) and any(map(_AMOUNT.search, clauses))


def shared(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Two entries that go by the same name, or are asked for in the same words."""
    owners: defaultdict[str, dict[str, str]] = defaultdict(dict)
    known = {key_of(entry): entry for entry in entries if entry.state != "draft"}
    for key, entry in known.items():
        for text in texts_of(entry):
            owners[fold(text)].setdefault(key, text)
    for (one, other), texts in _pairs(owners.values()).items():
        words = f"có cùng tên gọi hoặc câu hỏi với {other} ({known[other].name}): {_some(texts)}. Bỏ bớt ở một bên."
        must = "listed" not in (known[one].state, known[other].state)
        yield Finding(one, "contradictory", words, known[one].name, must=must)


def _pairs(owners: Iterable[dict[str, str]]) -> dict[tuple[str, str], list[str]]:
    pairs: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for texts in owners:
        for one, other in combinations(texts, 2):
            pairs[one, other].append(texts[one])
    return pairs


def _some(texts: list[str]) -> str:
    more = f" và {len(texts) - SHOWN} câu nữa" if len(texts) > SHOWN else ""
    return ", ".join(f"“{text}”" for text in texts[:SHOWN]) + more


def key_of(entry: Entry) -> str:
    return entry.code if isinstance(entry, Procedure) else entry.key


def texts_of(entry: Entry) -> list[str]:
    """All by which it can be asked for: the name first."""
    return [text for text in dict.fromkeys((entry.name, *entry.aliases, *entry.phrasings)) if text.strip()]
