"""Zalo's tokens: the access token lives 25 hours, the refresh token 3 months and is good for one use.

Losing the new pair means that an administrator of the OA must log in again, so: one refresh at a time in all
processes, both tokens stored before anyone uses them, and a refresh once begun is never cancelled.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.channel import Failure, SendError
from bot.channels.zalo.errors import whole
from bot.outgoing import TOTAL_SECONDS, Answer, Outgoing

log = logging.getLogger(__name__)

CLAIM_SECONDS = 4 * TOTAL_SECONDS  # two calls may time out under it, and the pair must still be stored
SPARE = timedelta(hours=5)
PAUSE = timedelta(minutes=5)
_LIFE_SECONDS = 90_000
_LOOK_AGAIN_SECONDS = 0.5
_LOOKS = 40
_TOO_MANY_CALLS = -32


@dataclass(frozen=True, slots=True)
class TokenPair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    refresh_issued_at: datetime

    def ends_soon(self, now: datetime) -> bool:
        # Half the life when that is shorter, or a short-lived token would be renewed at every call.
        life = self.expires_at - self.refresh_issued_at
        return self.expires_at - now < min(SPARE, life / 2)


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
    ) -> None:
        self._app_id, self._app_secret = app_id, app_secret
        self._url = f"{oauth_url.rstrip('/')}/v4/oa/access_token"
        self._store, self._outgoing, self._clock = store, outgoing, clock
        self._renewal: asyncio.Task[None] | None = None
        self._unkept: TokenPair | None = None
        self._refused = ""
        self._not_before: datetime | None = None

    @property
    def refused(self) -> bool:
        """Zalo took our refresh token for spent: an administrator must log in, and store a new pair."""
        return bool(self._refused)

    async def current(self) -> str:
        pair = await self._stored()
        if pair.ends_soon(self._clock()):
            await self._renew_early(pair)
            pair = await self._stored()
        return pair.access

    async def refresh(self, stale: str | None) -> None:
        """A new pair in the store, unless its access token is no longer `stale`. Raises `SendError`."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(stale))
        await asyncio.shield(self._renewal)

    async def close(self) -> None:
        if self._renewal and not self._renewal.done():
            await asyncio.wait({self._renewal})

    async def _stored(self) -> TokenPair:
        pair = await self._store.read()
        if pair is None:
            raise SendError(Failure.NOT_CONNECTED, "no Zalo token is stored")
        if pair.refresh != self._refused:
            self._refused = ""
        return pair

    async def _renew_early(self, pair: TokenPair) -> None:
        """Before the end of the old token a failed refresh is only a warning, and not repeated at every send."""
        now = self._clock()
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
        if not await self._claimed(stale):
            return
        kept = False
        try:
            fresh = self._unkept or await self._fresh(stale)
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
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            pair = await self._store.read()
            if pair and stale is not None and pair.access != stale:
                return False
        raise SendError(Failure.UNAVAILABLE, "another process holds the token refresh")

    async def _fresh(self, stale: str | None) -> TokenPair | None:
        pair = await self._stored()
        if stale is not None and pair.access != stale:
            return None
        if self._refused:
            raise SendError(Failure.NOT_CONNECTED, "the refresh token was refused before: log in to Zalo again")
        return await self._exchange(pair.refresh)

    async def _exchange(self, refresh: str) -> TokenPair:
        try:
            return await self._ask(refresh)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
        # Unheard: Zalo may have spent the token or not. Only asking again can tell.
        try:
            return await self._ask(refresh)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNAVAILABLE, f"token refresh: {error.detail}") from error

    async def _ask(self, refresh: str) -> TokenPair:
        form = {"refresh_token": refresh, "app_id": self._app_id, "grant_type": "refresh_token"}
        answer = await self._outgoing.call("POST", self._url, data=form, headers={"secret_key": self._app_secret})
        fields = answer.json()
        # Some refusals carry no numeric code, so only the token itself means success.
        if not fields.get("access_token"):
            raise self._failure(answer, fields, refresh)
        now = self._clock()
        seconds = whole(fields.get("expires_in")) or _LIFE_SECONDS
        following = str(fields.get("refresh_token") or refresh)
        return TokenPair(str(fields["access_token"]), following, now + timedelta(seconds=seconds), now)

    def _failure(self, answer: Answer, fields: dict[str, Any], refresh: str) -> SendError:
        code = whole(fields.get("error"))
        if code == _TOO_MANY_CALLS or answer.status == 429 or answer.status >= 500:
            return SendError(Failure.UNAVAILABLE, f"token refresh: HTTP {answer.status}, code {code}")
        self._refused = refresh
        names = [str(fields.get(key) or "") for key in ("error_name", "error_reason", "error_description")]
        said = "; ".join(name for name in names if name).replace(refresh, "…")
        return SendError(Failure.NOT_CONNECTED, f"token refresh refused: {code} {said}")
