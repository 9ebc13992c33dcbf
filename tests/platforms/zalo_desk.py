"""Zalo's front desk, played: every call's token, the rate of calls, and the headers of every answer."""

from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.platforms.server import Clock
from tests.platforms.wire import Json, answer, fields, reset
from tests.platforms.zalo_answers import ZaloRefusal, refusal, success
from tests.platforms.zalo_oauth import ZaloOAuth

BUSINESS_TOKEN = -124  # the other host's word for a bad token
Handler = Callable[[web.Request], Awaitable[web.Response]]


class ZaloDesk:
    def __init__(self, oauth: ZaloOAuth, clock: Clock) -> None:
        self.oauth, self.clock = oauth, clock
        self.calls_per_minute = 4000
        self.drop_after: list[str] = []  # paths whose next call is carried out, and then ends in a reset connection
        self.fail_next: dict[str, tuple[int, Any]] = {}  # path -> a prepared answer to its next call
        self.seen: list[tuple[str, Json]] = []  # path and fields of every call that was let through
        self._minute = (0, 0)

    def checked(self, act: Callable[[Json], Any], *, business: bool = False) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            asked = await fields(request)
            if request.path in self.fail_next:
                return self.dressed(answer(*self.fail_next.pop(request.path)))
            response = self.answered(request, lambda: act(asked), asked, business=business)
            if request.path in self.drop_after:
                self.drop_after.remove(request.path)
                reset(request)
            return self.dressed(response)

        return handle

    def answered(
        self, request: web.Request, act: Callable[[], Any], asked: Json, *, business: bool = False
    ) -> web.Response:
        try:
            self._check(request.headers.get("access_token"), business)
            self.seen.append((request.path, asked))
            return success(act())
        except ZaloRefusal as error:
            return refusal(error)

    def dressed(self, response: web.Response) -> web.Response:
        response.headers["X-RateLimit-Limit"] = str(self.calls_per_minute)
        response.headers["X-RateLimit-Remain"] = str(max(0, self.calls_per_minute - self._minute[1]))
        response.headers["Date"] = format_datetime(self.clock(), usegmt=True)
        return response

    def asked(self, path: str) -> list[Json]:
        return [asked for seen, asked in self.seen if seen == path]

    def _check(self, token: str | None, business: bool) -> None:
        minute = int(self.clock().timestamp()) // 60
        start, calls = self._minute
        self._minute = (minute, calls + 1 if start == minute else 1)
        if self._minute[1] > self.calls_per_minute:
            raise ZaloRefusal(-32)
        try:
            self.oauth.check(token)
        except ZaloRefusal as error:
            raise ZaloRefusal(BUSINESS_TOKEN if business else error.code) from error
