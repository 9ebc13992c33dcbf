"""Zalo's tokens: the access token lives 25 hours, the refresh token 3 months and is good for one use.

Losing the new pair means that an administrator of the OA must log in again, so: one refresh at a time in all
processes, both tokens stored before anyone uses them, and a refresh once begun is never cancelled.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.channel import Failure, SendError
from bot.channels.zalo.advice import LOG_IN
from bot.channels.zalo.oauth import Denied, OAuth, TokenPair
from bot.outgoing import TOTAL_SECONDS, Outgoing

log = logging.getLogger(__name__)

CLAIM_SECONDS = 4 * TOTAL_SECONDS  # two calls may time out under it, and the pair must still be stored
PAUSE = timedelta(minutes=5)
OLD_GRANT = timedelta(days=80)  # of about 90: whether a refresh prolongs the grant itself, no source says surely
_LOOK_AGAIN_SECONDS = 0.5
_LOOKS = 40

Check = Callable[[str], Awaitable[None]]
"""Raises `SendError` when an access token is not for our OA."""


class TokenStore(Protocol):
    async def read(self) -> TokenPair | None: ...

    async def claim(self, seconds: int) -> bool:
        """The right to refresh, for every process on this store; it lapses after `seconds`."""

    async def keep(self, pair: TokenPair) -> None:
        """Stores both tokens and gives the claim back, together."""

    async def release(self) -> None: ...


class Tokens:
    def __init__(
        self,
        app_id: str,
        app_secret: str,
        oauth_url: str,
        store: TokenStore,
        outgoing: Outgoing,
        clock: Callable[[], datetime],
        code_verifier: str = "",
    ) -> None:
        self.oauth = OAuth(app_id, app_secret, oauth_url, outgoing, clock, code_verifier)
        self.clock = clock
        self._store = store
        self._renewal: asyncio.Task[None] | None = None
        self._begun: set[asyncio.Task[None]] = set()
        self._unkept: TokenPair | None = None
        self._refused = ""
        self._denial: Denied | None = None
        self._not_before: datetime | None = None

    @property
    def refused(self) -> bool:
        """Zalo took our refresh token for spent: an administrator must log in, and store a new pair."""
        return bool(self._refused)

    async def stored(self) -> TokenPair | None:
        """The living pair, with the times until when it is good and since when we are allowed."""
        pair = await self._store.read()
        if pair and pair.refresh != self._refused:
            self._refused, self._denial = "", None
        return pair

    async def warning(self) -> str:
        """What an administrator should do while there is time, in Vietnamese; "" when all is well."""
        pair = await self.stored()
        if self._denial:
            return self._denial.advice
        age = pair.grant_age(self.clock()) if pair else timedelta()
        if age < OLD_GRANT:
            return ""
        return f"Quyền mà OA cấp cho Loa đã {age.days} ngày, có thể hết hạn sau 90 ngày. {LOG_IN}"

    async def current(self) -> str:
        if self._unkept:
            await self.refresh(None)
        pair = await self._stored()
        if pair.ends_soon(self.clock()):
            await self._renew_early(pair)
            pair = await self._stored()
        return pair.access

    async def refresh(self, stale: str | None) -> None:
        """A new pair in the store, unless its access token is no longer `stale`. Raises `SendError`."""
        if self._renewal is None or self._renewal.done():
            self._renewal = self._begin(self._renew(stale))
        await asyncio.shield(self._renewal)

    async def accept(self, code: str, check: Check) -> None:
        """Exchange an administrator's code for a pair, and store it when `check` does not object."""
        await asyncio.shield(self._begin(self._accept(code, check)))

    async def close(self) -> None:
        if self._begun:
            await asyncio.wait(self._begun)

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return task

    async def _stored(self) -> TokenPair:
        pair = await self.stored()
        if pair is None:
            raise SendError(Failure.NOT_CONNECTED, "no Zalo token is stored", advice=LOG_IN)
        return pair

    async def _renew_early(self, pair: TokenPair) -> None:
        """Before the end of the old token a failed refresh is only a warning, and not repeated at every send."""
        now = self.clock()
        alive = pair.expires_at > now
        if alive and (self._refused or (self._not_before and now < self._not_before)):
            return
        try:
            await self.refresh(pair.access)
        except SendError as error:
            if not alive:
                raise
            self._not_before = now + PAUSE
            log.warning("Zalo token not refreshed, the old one has time left: %s", error)

    async def _renew(self, stale: str | None) -> None:
        if await self._claimed(stale):
            await self._kept(lambda: self._fresh(stale))

    async def _accept(self, code: str, check: Check) -> None:
        async def exchanged() -> TokenPair:
            pair = await self.oauth.by_code(code)
            try:
                await check(pair.access)
            except SendError as error:
                if error.failure is Failure.NOT_CONNECTED:
                    raise
                log.warning("the new Zalo token could not be tried: %s", error)
            return pair

        if await self._store.read():  # the first pair there is has nobody to contend with
            await self._claimed(None)
        await self._kept(exchanged)

    async def _kept(self, new: Callable[[], Awaitable[TokenPair | None]]) -> None:
        """Store what `new` brings, under the claim, and give the claim back in any case."""
        kept = False
        try:
            fresh = self._unkept or await new()
            if fresh:
                # Held until stored: a database that fails here must not cost us the only good token.
                self._unkept = fresh
                await self._store.keep(fresh)
                self._unkept, kept = None, True
        finally:
            if not kept:
                await self._store.release()

    async def _claimed(self, stale: str | None) -> bool:
        """True with the claim in hand, False when another process has renewed meanwhile."""
        for _ in range(_LOOKS):
            if await self._store.claim(CLAIM_SECONDS):
                return True
            pair = await self._store.read()
            if pair is None:
                return True  # the first pair of all: nobody else can be renewing
            if stale is not None and pair.access != stale:
                return False
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        raise SendError(Failure.UNAVAILABLE, "another process holds the token refresh")

    async def _fresh(self, stale: str | None) -> TokenPair | None:
        pair = await self._stored()
        if stale is not None and pair.access != stale:
            return None
        if self._denial:
            raise self._denial.with_traceback(None)
        try:
            return await self.oauth.by_refresh(pair)
        except Denied as denial:
            self._refused, self._denial = pair.refresh, denial
            raise
