"""What every played platform has: a local server, people, a transcript, a way to the webhook, faults to switch on."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple

import aiohttp
from aiohttp import web

from tests.platforms import photo
from tests.platforms.control import control_routes
from tests.platforms.wire import answer, reset

Clock = Callable[[], datetime]
NOBODY_ANSWERED = 0  # in a list of statuses: refused, reset or too slow


class Choice(NamedTuple):
    title: str
    payload: str  # what comes back when it is pressed, or the address it opens


@dataclass(frozen=True, slots=True)
class Letter:
    """What arrived on a citizen's phone."""

    person: str
    text: str
    buttons: tuple[Choice, ...]
    image: str  # an address, the id of an upload, or "upload: <n> bytes"
    at: datetime
    id: str


@dataclass(slots=True)
class Person:
    id: str
    name: str
    last_at: datetime | None = None  # the last words to us
    follows: bool = False
    blocked: bool = False
    gone: bool = False  # account closed or banned


def utc_now() -> datetime:
    return datetime.now(UTC)


class Platform(ABC):
    name: ClassVar[str]
    first_person: ClassVar[int]
    patience_seconds: float
    unsubscribed = False

    def __init__(self, webhook: str, retry_delays: tuple[float, ...], clock: Clock) -> None:
        self.url = ""
        self.webhook = webhook
        self.retry_delays = retry_delays
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.letters: list[Letter] = []
        self.delay_seconds = 0.0  # between accepting a send and answering it
        self.drop_after_accepting = 0  # the next n accepted sends end in a reset connection
        self.fail_next: list[tuple[int, Any]] = []  # prepared answers for the next sends, which are not accepted
        self.sends_per_second: int | None = None
        self.last_event: tuple[bytes, Mapping[str, str]] | None = None
        self._second = (0, 0)
        self._photos = 0
        self._count = 0
        self._run = secrets.token_hex(4)  # ids differ from those of an earlier run
        self._tasks: set[asyncio.Task[Any]] = set()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=30_000_000)
        app.add_routes([*self.routes(), *control_routes(self), web.get(r"/media/{number:\d+}.jpg", photo.serve)])
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    # people

    def person(self, person: str) -> Person:
        return self.people.setdefault(person, Person(person, f"Người dân {person[-4:]}"))

    def add_people(self, count: int, first: int | None = None) -> list[str]:
        """`count` people who wrote just now, with the ids from `first` on; nothing is delivered."""
        start, now = first or self.first_person, self.clock()
        ids = [str(number) for number in range(start, start + count)]
        self.people.update((id, Person(id, f"Người dân {id[-4:]}", last_at=now, follows=True)) for id in ids)
        return ids

    def letters_to(self, person: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.person == person]

    async def waits_for(self, count: int, person: str = "", seconds: float = 10) -> list[Letter]:
        """The letters (to `person`), once there are `count` of them; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(found := self.letters_to(person) if person else self.letters) < count:
                await asyncio.sleep(0.01)
        return list(found)

    @abstractmethod
    async def says(self, person: str, text: str) -> list[int]: ...

    @abstractmethod
    async def presses(self, person: str, payload: str) -> list[int]:
        """`payload` as it stands in the letter's button."""

    @abstractmethod
    async def sends_photo(self, person: str, caption: str = "") -> list[int]: ...

    @abstractmethod
    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]: ...

    @abstractmethod
    async def follows(self, person: str) -> list[int]: ...

    @abstractmethod
    async def blocks(self, person: str) -> list[int]: ...

    async def repeats(self) -> list[int]:
        """Deliver the last event once more, as after a lost answer."""
        return await self.deliver(*self.last_event) if self.last_event else []

    # the platform's own side

    @abstractmethod
    def routes(self) -> list[web.RouteDef]: ...

    def next_number(self) -> int:
        self._count += 1
        return self._count

    def new_photo(self) -> str:
        self._photos += 1
        return f"{self.url}/media/{self._photos}.jpg"

    def now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)

    def heard_from(self, person: str) -> Person:
        found = self.person(person)
        found.last_at = self.clock()
        return found

    def write(self, person: str, id: str, text: str, buttons: tuple[Choice, ...] = (), image: str = "") -> Letter:
        letter = Letter(person, text, buttons, image, self.clock(), id)
        self.letters.append(letter)
        return letter

    def too_fast(self) -> bool:
        second = int(asyncio.get_running_loop().time())
        start, sent = self._second
        self._second = (second, sent + 1 if start == second else 1)
        return self.sends_per_second is not None and self._second[1] > self.sends_per_second

    async def take(self, request: web.Request, accept: Callable[[], web.Response]) -> web.Response:
        """Answer one send, through the faults that are switched on."""
        if self.fail_next:
            status, body = self.fail_next.pop(0)
            await asyncio.sleep(self.delay_seconds)
            return answer(status, body)
        before = len(self.letters)
        response = accept()
        if len(self.letters) > before and self.drop_after_accepting > 0:
            self.drop_after_accepting -= 1
            reset(request)
        await asyncio.sleep(self.delay_seconds)
        return response

    # to the webhook

    async def deliver(self, body: bytes, headers: Mapping[str, str]) -> list[int]:
        """The statuses of all tries, the last one being the receiver's yes or the platform's end of patience."""
        self.last_event = (body, headers)
        statuses: list[int] = []
        if not self.webhook or self.unsubscribed:
            return statuses
        for attempt, delay in enumerate((0.0, *self.retry_delays)):
            await asyncio.sleep(delay)
            statuses.append(await self._post(body, {**headers, **self.retry_headers(attempt)}))
            if not self.tries_again(statuses[-1]):
                break
        self.after_delivery(statuses[-1])
        return statuses

    def retry_headers(self, attempt: int) -> dict[str, str]:
        return {}

    def tries_again(self, status: int) -> bool:
        return not 200 <= status < 300

    def after_delivery(self, status: int) -> None:  # noqa: B027 - most platforms draw no conclusion
        """`status` is that of the last try."""

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def fetch(self, method: str, url: str, **request: Any) -> tuple[int, str]:
        assert self._session, "start() comes first"
        timeout = aiohttp.ClientTimeout(total=self.patience_seconds)
        try:
            async with self._session.request(
                method, url, allow_redirects=False, timeout=timeout, **request
            ) as response:
                return response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return NOBODY_ANSWERED, ""

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        sent = {"Content-Type": "application/json", **headers}
        status, _ = await self.fetch("POST", self.webhook, data=body, headers=sent)
        return status
