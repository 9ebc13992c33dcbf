"""Where a unit that no longer exists went: people still say "phường Cheo Reo" and "thị xã Ayun Pa"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.vietnamese.fold import fold

_ASKS = re.compile(
    r"\b(?:sap nhap|nhap vao|nhap voi|(?:gio|nay|bay gio|hien nay) (?:la|thuoc|ve|o|goi)|"
    r"thuoc (?:phuong|xa|don vi) nao|ten moi|doi ten|doi thanh|thanh (?:phuong|xa) (?:nao|gi)|"
    r"con (?:khong|nua khong|ton tai)|ve (?:phuong|xa) nao)\b"
)


@dataclass(frozen=True, slots=True)
class Move:
    old: str  # "Phường Cheo Reo"
    district: str  # "Thị xã Ayun Pa"
    new: tuple[str, ...]  # one, or several when it was divided


class Places:
    def __init__(self, moves: Iterable[Move]) -> None:
        self._by_name: dict[str, list[Move]] = {}
        for move in moves:
            self._by_name.setdefault(fold(move.old), []).append(move)
            self._by_name.setdefault(fold(move.district), []).append(move)
        names = sorted(self._by_name, key=len, reverse=True)
        self._named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b") if names else None

    def moved(self, folded: str) -> tuple[str, list[Move]]:
        """The former unit asked after and where it went; "" when the text does not ask that."""
        found = self._named.search(folded) if self._named and _ASKS.search(folded) else None
        return (found[0], self._by_name[found[0]]) if found else ("", [])
