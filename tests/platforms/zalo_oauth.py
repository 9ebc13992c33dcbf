"""Zalo's OAuth v4 for an OA: access tokens of 25 hours, refresh tokens that work once."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from tests.platforms.server import Clock
from tests.platforms.wire import Json, answer, fields, reset
from tests.platforms.zalo_answers import ZaloRefusal, oauth_error

ACCESS_LIFE = timedelta(seconds=90_000)
REFRESH_LIFE = timedelta(days=90)
CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Code:
    challenge: str
    expires_at: datetime


class ZaloOAuth:
    def __init__(self, app_id: str, app_secret: str, oa_id: str, clock: Clock) -> None:
        self.app_id = app_id
        self.app_secret = app_secret
        self.oa_id = oa_id
        self.clock = clock
        self.access = ""
        self.access_expires_at = clock()
        self.refresh = ""
        self.refresh_expires_at = clock()
        self.refreshes = 0
        self.redirects: set[str] = set()  # the callback addresses in the console; empty: any
        self.keeps_state = True  # whether the state comes back to the callback
        self.numbered_errors = True
        self.drop_after_refreshing = 0  # rotate, then reset the connection: the new pair is lost
        self.fail_next: list[tuple[int, Json | str]] = []
        self._codes: dict[str, Code] = {}

    def issue(self, access: str, refresh: str) -> None:
        """A new pair; the old access token stops working at once."""
        now = self.clock()
        self.access, self.access_expires_at = access, now + ACCESS_LIFE
        self.refresh, self.refresh_expires_at = refresh, now + REFRESH_LIFE

    def check(self, access: str | None) -> None:
        if not access or not self.access or access != self.access:
            raise ZaloRefusal(-216)
        if self.clock() >= self.access_expires_at:
            raise ZaloRefusal(-220)

    def revoke(self) -> None:
        """As after a removed grant: neither token works any more."""
        self.access = self.refresh = ""

    async def permission(self, request: web.Request) -> web.Response:
        """The consent page, already agreed to by the OA's administrator."""
        query = request.query
        if query.get("app_id") != self.app_id:
            return answer(200, oauth_error(-14002))
        if self.redirects and query["redirect_uri"] not in self.redirects:
            return answer(200, oauth_error(-14003))
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(query.get("code_challenge", ""), self.clock() + CODE_LIFE)
        back = {"code": code, "oa_id": self.oa_id} | (
            {"state": query["state"]} if self.keeps_state and "state" in query else {}
        )
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(back)}")

    async def token(self, request: web.Request) -> web.Response:
        if self.fail_next:
            return answer(*self.fail_next.pop(0))
        try:
            self._grant(request.headers.get("secret_key"), await fields(request))
        except ZaloRefusal as error:
            return answer(200, oauth_error(error.code, numbered=self.numbered_errors))
        if self.drop_after_refreshing > 0:
            self.drop_after_refreshing -= 1
            reset(request)
        pair = {"access_token": self.access, "refresh_token": self.refresh}
        return answer(200, pair | {"expires_in": str(int(ACCESS_LIFE.total_seconds()))})

    def _grant(self, secret: str | None, form: Json) -> None:
        if form.get("app_id") != self.app_id:
            raise ZaloRefusal(-14002)
        if secret != self.app_secret:
            raise ZaloRefusal(-14004)
        match form.get("grant_type"):
            case "refresh_token":
                self._use_refresh(form.get("refresh_token", ""))
            case "authorization_code":
                self._use_code(form.get("code", ""), form.get("code_verifier", ""))
            case _:
                raise ZaloRefusal(-14018)
        self.issue(secrets.token_urlsafe(40), secrets.token_urlsafe(40))

    def _use_refresh(self, refresh: str) -> None:
        if not refresh or refresh != self.refresh or self.clock() >= self.refresh_expires_at:
            raise ZaloRefusal(-14014)
        self.refreshes += 1

    def _use_code(self, code: str, verifier: str) -> None:
        found = self._codes.pop(code, None)
        if found is None or self.clock() >= found.expires_at:
            raise ZaloRefusal(-14005)
        if found.challenge and found.challenge != challenge_of(verifier):
            raise ZaloRefusal(-14005)


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
