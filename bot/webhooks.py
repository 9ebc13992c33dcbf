"""The doors of the platforms: limit, verify, store, and only then 200. Understanding comes later, elsewhere."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.channel import Channel, Forged, Malformed
from bot.messages import Event

MAX_BODY_BYTES = 1_000_000
READ_SECONDS = 10
_LATEST_MS = 4_102_444_800_000  # the year 2100: a later time is nonsense

log = logging.getLogger(__name__)

Store = Callable[[Event], Awaitable[None]]
"""Returns when the event is safe: in the database, or in the spool. Raises `NotSafe` when it is in neither."""


class NotSafe(Exception):
    """The event could not be kept anywhere: the platform must deliver it again."""


def post(channel: Channel, store: Store) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of a platform's deliveries."""

    async def receive(request: web.Request) -> web.Response:
        started = time.monotonic()
        try:
            body = await _read(request)
            events = [_checked(event) for event in channel.events(request.headers, body)]
            await _store_all(events, store)
        except Forged:
            log.warning("%s: a webhook with a wrong signature was refused", channel.name)
            return web.Response(status=403)
        except Malformed as error:
            log.warning("%s: a malformed webhook was refused: %s", channel.name, error)
            return web.Response(status=400)
        except NotSafe:
            log.error("%s: an event could not be kept anywhere, the platform will send it again", channel.name)
            return web.Response(status=503)
        if time.monotonic() - started > 1:
            log.warning("%s: storing a webhook took %.1f s", channel.name, time.monotonic() - started)
        return web.Response()

    return receive


async def _store_all(events: list[Event], store: Store) -> None:
    if len(events) == 1:
        await store(events[0])
    elif events:
        await asyncio.gather(*(store(event) for event in events))


async def _read(request: web.Request) -> bytes:
    """The raw bytes that the signature is about, within a size and a time."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length or 0)
    body = await _body(request)
    if len(body) > MAX_BODY_BYTES:  # sent in chunks, without a length to look at before
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(body))
    return body


async def _body(request: web.Request) -> bytes:
    if request.content.is_eof():
        return await request.read()  # already here: no need for a timer
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


def _checked(event: Event) -> Event:
    if "\0" in event.id or "\0" in event.person or not event.id:
        raise Malformed("an id that no platform gives")
    if not 0 <= event.at_ms < _LATEST_MS:
        raise Malformed("a time that no clock shows")
    return event


def get(answer: Callable[[Mapping[str, str]], str | None]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of a platform's verification of the address."""

    async def verify(request: web.Request) -> web.Response:
        challenge = answer(request.query)
        return web.Response(text=challenge) if challenge is not None else web.Response(status=403)

    return verify
