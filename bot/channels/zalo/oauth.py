"""Zalo's OAuth v4 for an OA: the consent link, and the two ways to a pair of tokens.

A code and a refresh token are good once, so whoever asks must store the answer before anything else.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.channel import Failure, SendError
from bot.channels.zalo.advice import LOG_IN, OAUTH_ADVICE
from bot.channels.zalo.codes import TOO_MANY_CALLS
from bot.channels.zalo.errors import whole
from bot.outgoing import Answer, Outgoing

SPARE = timedelta(hours=5)
_LIFE_SECONDS = 90_000
_WORDS = ("error_name", "error_reason", "error_description")


@dataclass(frozen=True, slots=True)
class TokenPair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    refresh_issued_at: datetime
    granted_at: datetime | None = None  # when an administrator agreed; None: not known, not before the refresh token

    def ends_soon(self, now: datetime) -> bool:
        # Half the life when that is shorter, or a short-lived token would be renewed at every call.
        life = self.expires_at - self.refresh_issued_at
        return self.expires_at - now < min(SPARE, life / 2)

    def grant_age(self, now: datetime) -> timedelta:
        return now - (self.granted_at or self.refresh_issued_at)


class Denied(SendError):
    """Zalo's final no: the same question gets the same answer."""

    def __init__(self, detail: str, code: int | None) -> None:
        super().__init__(Failure.NOT_CONNECTED, detail, advice=OAUTH_ADVICE.get(code or 0, LOG_IN))


@dataclass(frozen=True, slots=True)
class OAuth:
    app_id: str
    app_secret: str = field(repr=False)
    url: str
    outgoing: Outgoing
    clock: Callable[[], datetime]
    verifier: str = ""  # PKCE, only where the console has its challenge

    def consent_link(self, redirect: str, state: str) -> str:
        query = {"app_id": self.app_id, "redirect_uri": redirect, "state": state}
        if self.verifier:
            query["code_challenge"] = challenge_of(self.verifier)
        return f"{self.url.rstrip('/')}/v4/oa/permission?{urlencode(query)}"

    async def by_refresh(self, pair: TokenPair) -> TokenPair:
        form = {"refresh_token": pair.refresh, "grant_type": "refresh_token"}
        return await self._heard(form, "token refresh", pair.granted_at)

    async def by_code(self, code: str) -> TokenPair:
        form = {"code": code, "grant_type": "authorization_code"}
        verifier = {"code_verifier": self.verifier} if self.verifier else {}
        return await self._heard(form | verifier, "code", self.clock())

    async def _heard(self, form: Mapping[str, str], what: str, granted_at: datetime | None) -> TokenPair:
        """Unheard: Zalo may have spent the token or not. Only asking again can tell."""
        try:
            return await self._ask(form, what, granted_at)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
        try:
            return await self._ask(form, what, granted_at)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNAVAILABLE, f"{what}: {error.detail}") from error

    async def _ask(self, form: Mapping[str, str], what: str, granted_at: datetime | None) -> TokenPair:
        url, headers = f"{self.url.rstrip('/')}/v4/oa/access_token", {"secret_key": self.app_secret}
        answer = await self.outgoing.call("POST", url, data={**form, "app_id": self.app_id}, headers=headers)
        fields = answer.json()
        # Some refusals carry no numeric code, so only the token itself means success.
        if not fields.get("access_token"):
            raise _failure(answer, fields, form, what)
        now = self.clock()
        seconds = whole(fields.get("expires_in")) or _LIFE_SECONDS
        following = str(fields.get("refresh_token") or form.get("refresh_token", ""))
        return TokenPair(str(fields["access_token"]), following, now + timedelta(seconds=seconds), now, granted_at)


def _failure(answer: Answer, fields: Mapping[str, Any], form: Mapping[str, str], what: str) -> SendError:
    code = whole(fields.get("error"))
    if code == TOO_MANY_CALLS or answer.status == 429 or answer.status >= 500:
        return SendError(Failure.UNAVAILABLE, f"{what}: HTTP {answer.status}, code {code}")
    words = "; ".join(dict.fromkeys(str(fields[key]) for key in _WORDS if fields.get(key)))
    for name in ("refresh_token", "code", "code_verifier"):
        words = words.replace(form[name], "…") if form.get(name) else words
    return Denied(f"{what} refused: {code} {words}", code)


def code_in(pasted: str, oa_id: str) -> str:
    """The code in a pasted callback address, or the bare code itself. Raises `SendError` when it is not for us."""
    text = pasted.strip()
    if "://" not in text and "=" not in text:
        return text or _no_code()
    query = parse_qs(urlsplit(text).query or text.partition("?")[2] or text)
    owner = query.get("oa_id", [oa_id])[0]
    if owner != oa_id:
        advice = f"Mã này là của OA {owner}, không phải OA {oa_id}. Xin chọn đúng OA khi cấp quyền."
        raise SendError(Failure.REJECTED, f"the code is for OA {owner}", advice=advice)
    return query.get("code", [""])[0] or _no_code(query.get("error_description", [""])[0])


def _no_code(why: str = "") -> str:
    advice = f"Không thấy mã trong địa chỉ này. {why}".strip() + " Xin dán nguyên địa chỉ mà Zalo chuyển tới."
    raise SendError(Failure.REJECTED, "no code", advice=advice)


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
