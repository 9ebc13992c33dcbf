"""A town of citizens before one house, and both sides' books of what was said.

Every citizen asks one question and gets two messages, a welcome and an answer. Hùng asks too, and has blocked us.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from data.tables import Arrival, ArrivalState, Citizen, Delivery, DeliveryState, Message
from tests.platforms import Platform
from tests.platforms.clock import Clock
from tests.stories.conftest import Street, built_at, corrected
from tests.stories.road import Road

CITIZENS = 60  # a thousand pass too, in twenty seconds each
AT_ONCE = 64
QUESTION = "lam giay khai sinh cho con can gi"
ANSWER_HAS = "1.001193"
POLLED = "telegram, asked for its news"
QUICK = (
    corrected("messenger", "sends_per_second", 200),
    corrected("telegram", "sends_per_second", 200),
)


@dataclass(frozen=True)
class Books:
    """What our tables say happened, beside what the platform's people have on their phones."""

    heard: Counter[str]  # person -> messages of theirs that were handled
    unhandled: int
    states: Counter[str]  # of deliveries to citizens who have not blocked us
    unshown: int  # sent, and on nobody's phone
    unasked: int  # on a phone, and no delivery of ours in any state
    silent: list[str]  # people who lack the welcome or the answer
    doubled: int  # letters beyond the first of the same words to the same person


@dataclass
class Town:
    street: Street
    platform: Platform
    road: Road
    people: list[str]

    @property
    def hung(self) -> str:
        return self.people[-1]

    async def asks(self, people: Sequence[str] = ()) -> None:
        """All of them, or these, side by side; returns when the platform has had its answers."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def ask(person: str) -> None:
            async with gate:
                await self.platform.says(person, QUESTION)

        await asyncio.gather(*map(ask, people or self.people))

    async def calms_down(self, heard: int = 0) -> None:
        """Return when `heard` events (everybody's, if not said) are handled and nothing waits, however late."""
        await self.is_heard(heard)
        await self.street.settles_for_now()
        for _ in range(60):
            if not await self.street.database.read(waits):
                return
            await self.street.passes(seconds=30)
        raise AssertionError(await self.street.database.read(waits))

    async def is_heard(self, count: int = 0) -> None:
        async with asyncio.timeout(60):
            while await self.street.database.read(_handled) < (count or len(self.people)):
                await asyncio.sleep(0.01)

    async def books(self) -> Books:
        return await self.street.database.read(_books, self)


@asynccontextmanager
async def town(folder: Path, name: str, citizens: int = CITIZENS, **settings: str) -> AsyncIterator[Town]:
    hooked = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "by-this-we-know"}
    how = hooked if name != POLLED else {}
    async with built_at(Clock(), folder, *QUICK, **how, **settings) as street:
        platform = street.platform(name.partition(",")[0])
        road = Road(platform.webhook)
        await road.open()
        platform.webhook = platform.webhook and road.url
        people = platform.add_people(citizens)
        platform.person(people[-1]).blocked = True
        try:
            yield Town(street, platform, road, people)
        finally:
            await road.close()


def waits(session: Session) -> int:
    query = select(Delivery.id).where(col(Delivery.state).in_([DeliveryState.WAITING, DeliveryState.SENDING]))
    return len(session.exec(query).all())


def _handled(session: Session) -> int:
    return len(session.exec(select(Message.id)).all())


def _books(session: Session, town: Town) -> Books:
    them = {citizen.id: citizen.person for citizen in session.exec(select(Citizen))}
    open_states = [ArrivalState.WAITING, ArrivalState.ASIDE]
    query = select(Delivery).where(col(Delivery.citizen_id).is_not(None), Delivery.person != town.hung)
    deliveries = session.exec(query).all()
    told: dict[str, list[str]] = {person: [] for person in town.people if person != town.hung}
    letters = [letter for letter in town.platform.letters if letter.person in told]
    for letter in letters:
        told[letter.person].append(letter.text)
    sent = {each.platform_id for each in deliveries if each.state == DeliveryState.SENT}
    laid = {_begins(each.person, str((each.body or {}).get("text"))) for each in deliveries}
    return Books(
        heard=Counter(them[message.citizen_id] for message in session.exec(select(Message))),
        unhandled=len(session.exec(select(Arrival.id).where(col(Arrival.state).in_(open_states))).all()),
        states=Counter(DeliveryState(delivery.state).value for delivery in deliveries),
        unshown=len(sent - {letter.id for letter in letters}),
        unasked=sum(_begins(letter.person, letter.text) not in laid for letter in letters),
        silent=[person for person, texts in told.items() if not _is_answered(texts)],
        doubled=sum(len(texts) - len(set(texts)) for texts in told.values()),
    )


def _begins(person: str, text: str) -> tuple[str, str]:
    """A letter may end in the menu of its buttons."""
    return person, text[:40]


def _is_answered(told: Sequence[str]) -> bool:
    return len(set(told)) == 2 and any(ANSWER_HAS in text for text in told)


async def is_right(town: Town, *, doubled: range = range(1)) -> None:
    """Each was heard once, and has each of our messages: once, or as often as is said here."""
    books = await town.books()
    assert books.heard == Counter(town.people)
    assert (books.unhandled, books.unshown, books.unasked, books.silent) == (0, 0, 0, [])
    assert books.doubled in doubled
    assert books.states == {"sent": 2 * (len(town.people) - 1)}
    assert await town.street.database.read(_fate, town.hung) == {("skipped", "blocked")}
    assert town.platform.letters_to(town.hung) == []


def _fate(session: Session, person: str) -> set[tuple[str, str]]:
    query = select(Delivery.state, Delivery.reason).where(Delivery.person == person)
    return {(DeliveryState(state).value, reason) for state, reason in session.exec(query)}
