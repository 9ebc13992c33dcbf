"""Our Zalo channel before the played Zalo, over real HTTP; the webhook only remembers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.channel import PLAIN, SendError, Sending
from bot.channels.zalo import TokenPair, Tokens, Zalo
from bot.messages import Ignored, Incoming, Reply
from bot.outgoing import Outgoing
from tests.platforms import ZaloPlatform
from tests.platforms.clock import Clock
from tests.platforms.receiver import Receiver

LAN, HUNG, STRANGER = "4000000000000001", "4000000000000002", "4999999999999999"
JPEG = b"\xff\xd8 a picture"


class Store:
    """Where tokens are kept, shared by all who are given it; `seconds` of a claim pass by `clock`."""

    def __init__(self, pair: TokenPair | None, clock: Clock) -> None:
        self.pair, self.clock = pair, clock
        self.broken = 0  # the next n times, the disk is full
        self.claimed_until = clock()

    async def read(self) -> TokenPair | None:
        return self.pair

    async def claim(self, seconds: int) -> bool:
        if self.clock() < self.claimed_until or self.pair is None:  # like the table: no row, no claim
            return False
        self.claimed_until = self.clock() + timedelta(seconds=seconds)
        return True

    async def keep(self, pair: TokenPair) -> None:
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")
        self.pair, self.claimed_until = pair, self.clock()

    async def release(self) -> None:
        self.claimed_until = self.clock()


@dataclass
class Meeting:
    platform: ZaloPlatform
    receiver: Receiver
    store: Store
    clock: Clock
    outgoing: Outgoing
    channel: Zalo

    def another(self, **settings: Any) -> Zalo:
        """The channel of another process, or of the same one started anew, on the same store."""
        return _channel(self.platform, self.store, self.clock, self.outgoing, **settings)

    async def hears(self, count: int) -> None:
        """Return when the webhook has been told `count` things; what follows a send comes a little later."""
        async with asyncio.timeout(5):
            while len(self.receiver.bodies) < count:
                await asyncio.sleep(0.01)

    def heard(self, index: int = -1) -> Incoming | Ignored:
        """What the webhook was told last, proved and understood."""
        (event,) = self.channel.events(self.receiver.headers[index], self.receiver.bodies[index])
        return self.channel.parse(event.body)

    async def failure(self, reply: Reply, person: str = LAN, sending: Sending = PLAIN) -> SendError:
        try:
            await self.channel.send(person, reply, sending)
        except SendError as error:
            return error
        raise AssertionError("it was sent")


async def picture(name: str) -> bytes:
    return JPEG


def _channel(platform: ZaloPlatform, store: Store, clock: Clock, outgoing: Outgoing, **settings: Any) -> Zalo:
    given: dict[str, Any] = {"app_secret": "app-secret", "code_verifier": ""} | settings
    secret, verifier = given.pop("app_secret"), given.pop("code_verifier")
    tokens = Tokens(platform.app_id, secret, platform.url, store, outgoing, clock, verifier)
    given.setdefault("business_url", platform.url)
    given.setdefault("picture", picture)
    return Zalo(
        app_id=platform.app_id, oa_secrets=(platform.oa_secret,), oa_id=platform.oa_id, tokens=tokens,
        api_url=platform.url, outgoing=outgoing, **given,
    )  # fmt: skip


def first_pair(platform: ZaloPlatform, clock: Clock) -> TokenPair:
    now, oauth = clock(), platform.oauth
    return TokenPair(oauth.access, oauth.refresh, now + timedelta(hours=25), now, now)


@asynccontextmanager
async def meeting(**settings: Any) -> AsyncIterator[Meeting]:
    """`settings` are those of the channel; Lan has just written, Hùng too."""
    clock, receiver, outgoing = Clock(), Receiver(), Outgoing()
    await receiver.start()
    platform = ZaloPlatform(webhook=receiver.url, retry_delays=(0.01,), clock=clock)
    await platform.start()
    await outgoing.open()
    store = Store(first_pair(platform, clock), clock)
    platform.add_people(2)
    met = Meeting(platform, receiver, store, clock, outgoing, _channel(platform, store, clock, outgoing, **settings))
    try:
        yield met
    finally:
        await met.channel.close()
        await outgoing.close()
        await platform.stop()
        await receiver.stop()


def later(pair: TokenPair, **time: float) -> TokenPair:
    """The same pair, having aged."""
    aged = timedelta(**time)
    granted = pair.granted_at - aged if pair.granted_at else None
    return replace(
        pair, expires_at=pair.expires_at - aged, refresh_issued_at=pair.refresh_issued_at - aged, granted_at=granted
    )
