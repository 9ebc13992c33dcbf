"""The doors of the platforms, knocked on over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import webhooks
from bot.channel import PLAIN, Forged, Limits, Malformed, Sending, Way
from bot.channels.webchat import WebChat
from bot.messages import Attachment, Event, Ignored, Incoming, Reply
from bot.webhooks import MAX_BODY_BYTES, NotSafe

NOON_MS = 1_795_582_800_000
PROOF = {"X-Proof": "right"}


@dataclass
class Line:
    """A platform of our own: a header is its proof, a list of numbers its events."""

    name: str = "zalo"
    account: str = "1"
    limits: Limits = WebChat.limits
    ways: tuple[Way, ...] = ()

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        if headers.get("X-Proof") != "right":
            raise Forged
        try:
            return [Event(str(each["id"]), each["at"], "lan", body) for each in json.loads(body)]
        except (ValueError, TypeError, KeyError) as error:
            raise Malformed("not a list of events") from error

    def parse(self, body: bytes) -> Incoming | Ignored:
        return Ignored("not asked for")

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        return ""

    async def fetch(self, attachment: Attachment) -> bytes:
        return b""

    async def open(self) -> None:
        return

    async def close(self) -> None:
        return


@dataclass
class Store:
    """Where events are kept; it can be slow, and it can be full."""

    kept: list[Event] = field(default_factory=list)
    gate: asyncio.Event | None = None
    full: bool = False

    async def __call__(self, event: Event) -> None:
        if self.gate:
            await self.gate.wait()
        if self.full:
            raise NotSafe("disk full")
        self.kept.append(event)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def platform(store: Store) -> AsyncIterator[ClientSession]:
    async with serving(store) as session:
        yield session


def serving(store: Store) -> "Serving":
    return Serving(webhooks.post(Line(), store))


class Serving:
    """A real server with one door, and a client in front of it."""

    def __init__(self, door: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        app = web.Application(client_max_size=12_000_000)
        app.router.add_post("/webhooks/zalo", door)
        app.router.add_get("/webhooks/zalo", webhooks.get(challenge))
        self.server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> ClientSession:
        await self.server.start_server()
        self.session = ClientSession(self.server.make_url("/"))
        return self.session

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        await self.server.close()


def challenge(query: Mapping[str, str]) -> str | None:
    return query.get("challenge") if query.get("token") == "right" else None


def events(*numbers: int, **about: object) -> bytes:
    return json.dumps([{"id": f"event-{number}", "at": NOON_MS} | about for number in numbers]).encode()


async def knock(platform: ClientSession, body: bytes, headers: Mapping[str, str] = PROOF) -> int:
    async with platform.post("/webhooks/zalo", data=body, headers=headers) as response:
        return response.status


async def test_an_event_is_kept_and_only_then_acknowledged(platform: ClientSession, store: Store) -> None:
    status = await knock(platform, events(1))

    assert status == 200
    assert [event.id for event in store.kept] == ["event-1"]


async def test_no_answer_leaves_before_the_event_is_safe(platform: ClientSession, store: Store) -> None:
    store.gate = asyncio.Event()
    knocking = asyncio.create_task(knock(platform, events(1)))

    await asyncio.sleep(0.1)
    early = knocking.done()
    store.gate.set()

    assert early is False
    assert await knocking == 200


async def test_all_events_of_a_delivery_are_kept(platform: ClientSession, store: Store) -> None:
    assert await knock(platform, events(1, 2, 3)) == 200

    assert sorted(event.id for event in store.kept) == ["event-1", "event-2", "event-3"]


async def test_a_probe_without_events_is_welcome(platform: ClientSession, store: Store) -> None:
    assert await knock(platform, b"[]") == 200

    assert store.kept == []


async def test_the_bytes_are_kept_as_they_came(platform: ClientSession, store: Store) -> None:
    body = b'[ {"id":"event-1",  "at":' + str(NOON_MS).encode() + b', "text":"x\xc3\xadn ch\xc3\xa0o"} ]\n'

    await knock(platform, body)

    assert store.kept[0].body == body


@pytest.mark.parametrize("headers", [{}, {"X-Proof": "wrong"}])
async def test_a_forged_delivery_is_refused(platform: ClientSession, store: Store, headers: dict[str, str]) -> None:
    assert await knock(platform, events(1), headers) == 403

    assert store.kept == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"not json",
        b'{"id": 1}',
        b"[1]",
        events(1, id=""),
        events(1, id="a\0b"),
        events(1, at=-1),
        events(1, at=9_999_999_999_999),
    ],
)
async def test_a_malformed_delivery_is_refused(platform: ClientSession, store: Store, body: bytes) -> None:
    assert await knock(platform, body) == 400

    assert store.kept == []


async def test_a_delivery_is_kept_whole_or_refused(platform: ClientSession, store: Store) -> None:
    body = json.dumps([{"id": "event-1", "at": NOON_MS}, {"id": "", "at": NOON_MS}]).encode()

    assert await knock(platform, body) == 400

    assert store.kept == []


async def test_an_event_that_can_be_kept_nowhere_is_to_be_delivered_again(
    platform: ClientSession, store: Store
) -> None:
    store.full = True

    assert await knock(platform, events(1)) == 503


async def test_a_delivery_of_the_greatest_size_is_taken(platform: ClientSession, store: Store) -> None:
    body = events(1, text="")
    padded = body.replace(b'"text": ""', b'"text": "' + b"a" * (MAX_BODY_BYTES - len(body)) + b'"')

    assert len(padded) == MAX_BODY_BYTES
    assert await knock(platform, padded) == 200


async def test_a_delivery_that_is_too_large_is_refused(platform: ClientSession, store: Store) -> None:
    assert await knock(platform, b" " * (MAX_BODY_BYTES + 1)) == 413

    assert store.kept == []


async def test_a_large_delivery_that_hides_its_size_is_refused_too(platform: ClientSession, store: Store) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield events(1)[:-1]
        for _ in range(20):
            yield b" " * 100_000
        yield b"]"

    async with platform.post("/webhooks/zalo", data=pieces(), headers=PROOF) as response:
        status = response.status

    assert status == 413
    assert store.kept == []


async def test_many_deliveries_at_once_are_all_kept(platform: ClientSession, store: Store) -> None:
    statuses = await asyncio.gather(*(knock(platform, events(number)) for number in range(50)))

    assert set(statuses) == {200}
    assert len(store.kept) == 50


async def test_the_address_is_verified_with_the_right_word(platform: ClientSession) -> None:
    async with platform.get("/webhooks/zalo", params={"token": "right", "challenge": "12345"}) as response:
        assert (response.status, await response.text()) == (200, "12345")


async def test_the_address_is_not_verified_with_a_wrong_word(platform: ClientSession) -> None:
    async with platform.get("/webhooks/zalo", params={"token": "wrong", "challenge": "12345"}) as response:
        assert (response.status, await response.text()) == (403, "")
