"""Whom the player of the sandbox may be, and who that is on each platform."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.platforms.server import Platform


@dataclass(frozen=True, slots=True)
class Card:
    """A person's contact details."""

    name: str
    phone: str

    def __str__(self) -> str:
        return f"Họ tên, điện thoại: {self.name}, {self.phone}"


@dataclass(frozen=True, slots=True)
class Player:
    name: str
    label: str
    card: Card


PLAYERS = (
    Player("lan", "Lan", Card("Nguyễn Thị Lan", "0905123451")),
    Player("hung", "Hùng", Card("Trần Văn Hùng", "0905123452")),
    Player("stranger", "Người lạ", Card("Người lạ", "0905123453")),
)
STRANGER = PLAYERS[-1]


def id_on(platform: Platform, player: Player) -> str:
    return str(platform.first_person + PLAYERS.index(player))


def cards_on(platform: Platform) -> Callable[[str], Card]:
    """The card of a person there."""
    return {id_on(platform, player): player.card for player in PLAYERS}.__getitem__


def named(name: str) -> Player | None:
    return next((player for player in PLAYERS if player.name == name), None)
