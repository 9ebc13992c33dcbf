"""Calls to the Graph API, in the Page's name or in the app's."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import aiohttp

from bot.channel import Failure, SendError
from bot.channels.messenger.errors import fields
from bot.channels.messenger.signature import app_secret_proof
from bot.channels.messenger.usage import Usage, told
from bot.outgoing import Answer, Outgoing

Fields = dict[str, Any]


@dataclass(eq=False, repr=False)
class Graph:
    page_id: str
    page_token: str
    app_secret: str
    app_id: str
    api_url: str  # with the version: https://graph.facebook.com/v26.0
    outgoing: Outgoing
    usage: Usage = field(default_factory=Usage, init=False)
    their_clock: datetime | None = field(default=None, init=False)  # as the last answer told it
    _rests_until: float = field(default=0.0, init=False)

    @property
    def rest_seconds(self) -> float:
        return max(0.0, self._rests_until - monotonic())

    async def post(self, edge: str, body: Fields | aiohttp.FormData) -> Fields:
        content: Fields = {"json": body} if isinstance(body, dict) else {"data": body}
        return await self._call("POST", f"{self.page_id}/{edge}", self.page_token, **content)

    async def post_unseen(self, edge: str, body: Fields) -> Fields:
        """A call that nobody sees, and which may be repeated when its answer is lost."""
        return await self._unseen("POST", f"{self.page_id}/{edge}", self.page_token, json=body)

    async def read(self, path: str, **params: str) -> Fields:
        """`path` is an edge of the Page's behind a slash, or a node of its own."""
        node = f"{self.page_id}{path}" if path.startswith("/") or not path else path
        return await self._unseen("GET", node, self.page_token, params=params)

    async def read_as_app(self, path: str, **params: str) -> Fields:
        return await self._unseen("GET", path, f"{self.app_id}|{self.app_secret}", params=params)

    async def _unseen(self, method: str, path: str, token: str, **content: Any) -> Fields:
        try:
            return await self._call(method, path, token, **content)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNAVAILABLE, error.detail) from error

    async def _call(self, method: str, path: str, token: str, **content: Any) -> Fields:
        # The token goes in a header because addresses end in the logs of proxies; the proof is worth nothing alone.
        headers = {"Authorization": f"Bearer {token}"}
        proof = {"appsecret_proof": app_secret_proof(self.app_secret, token)} if token == self.page_token else {}
        url = f"{self.api_url.rstrip('/')}/{path}"
        params = content.pop("params", {}) | proof
        answer = await self.outgoing.call(method, url, headers=headers, params=params, **content)
        self._listen(answer)
        return fields(answer)

    def _listen(self, answer: Answer) -> None:
        if usage := told(answer.headers):
            self.usage, self._rests_until = usage, monotonic() + usage.rest_seconds
        try:
            self.their_clock = parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
        except ValueError:
            self.their_clock = None
