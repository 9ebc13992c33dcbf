"""Whom a request comes from, and whether it may come in now."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from bot.channels.webchat import refusal
from bot.channels.webchat.identity import Seals, from_our_page, token
from bot.channels.webchat.limits import ADDRESS_PER_MINUTE, NEWCOMERS_PER_MINUTE, PERSON_PER_MINUTE
from bot.channels.webchat.pace import Pace, address
from bot.channels.webchat.refusal import Refused


class Admission:
    def __init__(self, seals: Seals, proxies: frozenset[str]) -> None:
        self._seals = seals
        self._proxies = proxies
        self._people = Pace(PERSON_PER_MINUTE)
        self._addresses = Pace(ADDRESS_PER_MINUTE)
        self._newcomers = Pace(NEWCOMERS_PER_MINUTE)

    def reader(self, request: web.Request) -> str:
        """The person who looks. Raises `Refused`."""
        bearer = token(request.headers)
        if not bearer:
            raise Refused(401, refusal.NO_COOKIE)
        return self._seals.person(bearer)

    def writer(self, request: web.Request) -> str:
        """The person who writes, counted. Raises `Refused`."""
        person = origin(request.headers, self._seals)
        place = address(request.remote, request.headers, self._proxies)
        now = asyncio.get_running_loop().time()
        wait = self._newcomer_waits(person, place, now) or max(
            self._people.wait_seconds(person, now), self._addresses.wait_seconds(place, now)
        )
        if wait:
            raise Refused(429, refusal.TOO_FAST, retry_after_seconds=int(wait) + 1)
        return person

    def _newcomer_waits(self, person: str, place: str, now: float) -> float:
        """A bearer is free, so that one who sends under ever new ones must be counted by where they come from."""
        return 0.0 if self._people.knows(person) else self._newcomers.wait_seconds(place, now)


def origin(headers: Mapping[str, str], seals: Seals) -> str:
    """The person who writes from our own page. Raises `Refused`."""
    if not from_our_page(headers):
        raise Refused(403, refusal.FOREIGN)
    bearer = token(headers)
    if not bearer:
        raise Refused(401, refusal.NO_COOKIE)
    return seals.person(bearer)
