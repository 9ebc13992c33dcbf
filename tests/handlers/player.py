"""Lan at her phone: says, presses and sends, and keeps between two turns what the database would keep."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any

from bot.messages import Attachment, Button, Incoming, Kind, Place, Reply
from bot.vietnamese.fold import fold
from data import knowledge as entries
from data.tables import Neighbour, Procedure
from handlers.citizens.learned import learn
from handlers.citizens.rules import decide
from handlers.citizens.talk import (
    Agree,
    AlertStaff,
    Change,
    ComplaintView,
    Conversation,
    Draft,
    FileComplaint,
    Filed,
    Forget,
    Knowledge,
    Situation,
    UnitProfile,
    after,
)
from tests.conftest import NOON

UNIT = UnitProfile(
    name="UBND phường Ayun Pa",
    province="tỉnh Gia Lai",
    centre="Trung tâm Phục vụ hành chính công phường Ayun Pa",
)
DUE = date(2026, 12, 9)


@cache
def procedures() -> tuple[Procedure, ...]:
    """The knowledge entries as they are shipped."""
    return tuple(entries.procedure(row, NOON) for row in entries.starter("procedures"))


@cache
def knowledge() -> Knowledge:
    neighbours = [Neighbour(**row, updated_at=NOON) for row in entries.starter("neighbours")]
    return learn(procedures(), neighbours)


@dataclass
class Player:
    unit: UnitProfile = UNIT
    known: Knowledge = field(default_factory=knowledge)
    now: datetime = NOON
    greeted: bool = True
    wants_news: bool = False
    complaints: tuple[ComplaintView, ...] = ()  # all there are; those marked as mine are the player's
    conversation: Conversation = field(default_factory=Conversation)
    replies: tuple[Reply, ...] = ()  # to the last thing said
    changes: list[Change] = field(default_factory=list)
    rule: str = ""  # the one that answered last
    means: str = ""
    _arrivals: Iterable[int] = field(default_factory=lambda: count(1))
    _files: Iterable[int] = field(default_factory=lambda: count(100))

    def says(self, text: str, *, photos: int = 0, place: Place | None = None, **more: Any) -> str:
        """What the bot answers, all of it in one text."""
        files = tuple(Attachment("image", f"https://x/{number}") for number in range(photos))
        return self.does(Kind.MESSAGE, text=text, attachments=files, place=place, **more)

    def presses(self, title: str) -> str:
        """The button of this title under the last answer."""
        found = [button for button in self.buttons if button.title == title]
        assert found, f"no button “{title}” among {[button.title for button in self.buttons]}"
        return self.does(Kind.PRESS, payload=found[0].payload)

    def does(self, kind: Kind, **what: Any) -> str:
        situation = self._situation(Incoming("lan", self.now, kind, **what))
        outcome = decide(situation)
        self.rule, self.means = outcome.note, outcome.means
        self.replies = (*outcome.replies, *(reply for reply in map(self._apply, outcome.changes) if reply))
        self.conversation = after(situation, replace(outcome, replies=self.replies))
        self.greeted = self.greeted or bool(outcome.replies)
        return self.heard

    @property
    def heard(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for reply in self.replies for button in reply.buttons)

    @property
    def forgotten(self) -> tuple[int, ...]:
        return tuple(number for change in self.changes if isinstance(change, Forget) for number in change.arrivals)

    @property
    def draft(self) -> Draft:
        """The complaint that was filed."""
        [filed] = [change for change in self.changes if isinstance(change, FileComplaint)]
        return filed.draft

    @property
    def alerts(self) -> list[str]:
        return [change.text for change in self.changes if isinstance(change, AlertStaff)]

    def _situation(self, incoming: Incoming) -> Situation:
        own = tuple(each for each in self.complaints if each.mine)
        return Situation(
            incoming=incoming,
            folded=fold(incoming.text),
            conversation=self.conversation,
            unit=self.unit,
            knowledge=self.known,
            now=self.now,
            is_greeted=self.greeted,
            wants_news=self.wants_news,
            complaint=self._named(incoming.text),
            complaints=own,
            attachments=tuple(next(iter(self._files)) for _ in incoming.attachments),
            arrival_id=next(iter(self._arrivals)),
        )

    def _named(self, text: str) -> ComplaintView | None:
        from handlers.citizens.progress import code_in

        return next((each for each in self.complaints if each.code == code_in(text)), None)

    def _apply(self, change: Change) -> Reply | None:
        self.changes.append(change)
        if isinstance(change, Agree) and change.purpose == "news":
            self.wants_news = change.given
        if isinstance(change, FileComplaint):
            return change.announce(Filed("PA-2026-00001", None if change.draft.kind == "suggestion" else DUE))
        return None


def play(player: Player, turns: Iterable[tuple[str, str]]) -> None:
    """Each turn is what the citizen does and a part of what the bot must answer ("" when it must keep silent).

    "[title]" presses a button, "(ảnh)" before the words sends a photo, anything else is typed.
    """
    for said, answer in turns:
        heard = _turn(player, said)
        assert (answer in heard) if answer else (heard == ""), f"{said!r} was answered with {heard!r}, not {answer!r}"


def _turn(player: Player, said: str) -> str:
    if said.startswith("["):
        return player.presses(said.strip("[]"))
    if said.startswith("(ảnh)"):
        return player.says(said.removeprefix("(ảnh)").strip(), photos=1)
    return player.says(said)


def filed(code: str = "PA-2026-00007", *, mine: bool = True, **about: Any) -> ComplaintView:
    """A complaint that is in the register."""
    given: dict[str, Any] = {
        "state": "working", "received_at": datetime(2026, 11, 20, 2, 0, tzinfo=UTC), "due_on": DUE, "answer": "",
        "answered_at": None, "contact_tail": "3456",
    }  # fmt: skip
    return ComplaintView(code=code, mine=mine, **given | about)
