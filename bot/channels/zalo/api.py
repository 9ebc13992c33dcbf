"""The authorised caller of one OA, on both of Zalo's hosts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from bot.channel import Failure, SendError
from bot.channels.zalo.codes import TOO_MANY_CALLS
from bot.channels.zalo.errors import BUSINESS, OA, Host, Refused, said
from bot.channels.zalo.throttle import Throttle
from bot.channels.zalo.tokens import Tokens
from bot.outgoing import Answer, Outgoing

BUSINESS_URL = "https://business.openapi.zalo.me"


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    host: Host = OA
    json: Mapping[str, Any] | None = None
    params: Mapping[str, str] | None = None
    picture: bytes = b""


class Api:
    def __init__(self, tokens: Tokens, url: str, business_url: str, outgoing: Outgoing) -> None:
        self._tokens, self._outgoing = tokens, outgoing
        self._urls = {OA: url.rstrip("/"), BUSINESS: (business_url or BUSINESS_URL).rstrip("/")}
        self.throttle = Throttle()
        self.date = ""  # the platform's own time, as its last answer gave it

    async def post(self, path: str, asked: Mapping[str, Any], host: Host = OA) -> Any:
        return await self._call(_Call("POST", path, host, json=asked))

    async def look(
        self, path: str, asked: Mapping[str, Any] | None = None, *, flat: Mapping[str, str] | None = None
    ) -> Any:
        """A question; `asked` goes as one JSON parameter, and `flat` as the articles want it."""
        params = {"data": orjson.dumps(asked).decode()} if asked is not None else flat
        return await self._harmless(_Call("GET", path, params=params))

    async def ask(self, path: str, asked: Mapping[str, Any]) -> Any:
        """A question that Zalo wants as a POST: it may be repeated."""
        return await self._harmless(_Call("POST", path, json=asked))

    async def upload(self, path: str, picture: bytes) -> Any:
        return await self._harmless(_Call("POST", path, picture=picture))

    async def with_token(self, token: str, path: str) -> Any:
        """A question asked with a token that is not ours yet."""
        return await self._once(token, _Call("GET", path))

    async def _harmless(self, call: _Call) -> Any:
        """A call the citizen never sees: when its answer is lost, the message was surely not sent."""
        try:
            return await self._call(call)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNAVAILABLE, error.detail) from error

    async def _call(self, call: _Call) -> Any:
        token = await self._tokens.current()
        try:
            return await self._once(token, call)
        except Refused as refused:
            if refused.code not in call.host.stale:
                raise
        await self._tokens.refresh(token)
        return await self._once(await self._tokens.current(), call)

    async def _once(self, token: str, call: _Call) -> Any:
        answer = await self._outgoing.call(
            call.method,
            self._urls[call.host] + call.path,
            headers={"access_token": token},
            json=call.json,
            params=call.params,
            data=_form(call.picture) if call.picture else None,
        )
        return self._heard(answer, call.host)

    def _heard(self, answer: Answer, host: Host) -> Any:
        self.date = answer.headers.get("Date", "")
        try:
            value = said(answer, host)
        except Refused as refused:
            if refused.code != TOO_MANY_CALLS:
                raise
            rest = self.throttle.refused()
            raise Refused(refused.code, refused.message, host, rest_seconds=rest) from refused
        self.throttle.heard(answer.headers)
        return value


def _form(picture: bytes) -> aiohttp.FormData:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    form = aiohttp.FormData()
    form.add_field("file", picture, filename=f"picture.{kind}", content_type=f"image/{kind}")
    return form
