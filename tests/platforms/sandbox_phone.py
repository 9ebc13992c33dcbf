"""A citizen's phone: what was said on it, and where each message has got to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.platforms.sandbox_acts import Act, Words
from tests.platforms.sandbox_faults import Fault
from tests.platforms.sandbox_played import Played
from tests.platforms.sandbox_players import cards_on, id_on, named

MOST_WORDS = 4000


class Refused(Exception):
    """The phone cannot do that; the text is for the player."""


@dataclass(slots=True)
class Line:
    number: int
    person: str
    text: str
    photos: tuple[int, ...]
    is_said: bool
    after: int  # so many letters were there before it
    at: datetime
    is_edited: bool = False
    statuses: list[int] | None = None  # of the tries to deliver it; None while they last
    waits: Callable[[], bool] = field(default=lambda: False)  # to be fetched


@dataclass
class Phone:
    name: str
    title: str
    platform: Played
    acts: dict[str, Act]
    faults: dict[str, Fault]
    lines: list[Line] = field(default_factory=list)
    _photos: int = 0  # sent so far; the platform counts the same

    def __post_init__(self) -> None:
        self.card = cards_on(self.platform)

    def person(self, player: str) -> str:
        """Who this player is here. Raises `Refused`."""
        found = named(player)
        if found is None:
            raise Refused("Không có người đó.")
        return id_on(self.platform, found)

    def act(self, person: str, name: str, words: str = "", payload: str = "") -> None:
        """Begin it; how it ends is seen in its line. `words` of a press are the button's title. Raises `Refused`."""
        act = self.acts.get(name)
        if act is None:
            raise Refused("Điện thoại này không có thao tác đó.")
        self._check(act, person, words)
        line = self._edited(person, words) if act.edits else self._new(act, person, words)
        self.platform.in_background(self._do(act, line, payload or words))

    def _check(self, act: Act, person: str, words: str) -> None:
        if act.words is Words.MUST and not words.strip():
            raise Refused("Xin viết vào ô tin nhắn trước.")
        if len(words) > MOST_WORDS:
            raise Refused(f"Tin dài quá {MOST_WORDS} ký tự.")
        if not act.when(self.platform.person(person)):
            raise Refused("Lúc này chưa làm được: xin xem người này đã chặn hay đã quan tâm.")
        if hindrance := act.hindered():
            raise Refused(hindrance)

    def _new(self, act: Act, person: str, words: str) -> Line:
        first, card = self._photos + 1, self.card(person)
        self._photos += act.photos
        line = Line(
            number=len(self.lines) + 1,
            person=person,
            text=act.seen.format(words=words, card=card, phone=card.phone),
            photos=tuple(range(first, first + act.photos)),
            is_said=act.is_said,
            after=len(self.platform.letters),
            at=self.platform.clock(),
        )
        self.lines.append(line)
        return line

    def _edited(self, person: str, words: str) -> Line:
        last = next((line for line in reversed(self.lines) if line.person == person and line.is_said), None)
        if last is None or last.photos:
            raise Refused("Chưa có tin chữ nào để sửa.")
        at = self.lines.index(last)
        self.lines[at] = replace(last, text=words, is_edited=True, statuses=None)
        return self.lines[at]

    async def _do(self, act: Act, line: Line, words: str) -> None:
        statuses = await act.do(line.person, words)
        line.waits = self.platform.waits_for_fetching()
        line.statuses = statuses if isinstance(statuses, list) else []
