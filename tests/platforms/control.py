"""The remote control of a platform that runs as a process of its own: JSON under /_control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from tests.platforms.server import Letter, Platform

Handler = Callable[[web.Request], Awaitable[web.Response]]
_FAULTS = ("delay_seconds", "drop_after_accepting", "fail_next", "sends_per_second")


def control_routes(platform: Platform) -> list[web.RouteDef]:
    acts: dict[str, Callable[[dict[str, Any]], Awaitable[list[int]]]] = {
        "says": lambda asked: platform.says(asked["person"], asked["text"]),
        "presses": lambda asked: platform.presses(asked["person"], asked["payload"]),
        "photo": lambda asked: platform.sends_photo(asked["person"], asked.get("caption", "")),
        "place": lambda asked: platform.sends_place(asked["person"], asked["latitude"], asked["longitude"]),
        "follows": lambda asked: platform.follows(asked["person"]),
        "blocks": lambda asked: platform.blocks(asked["person"]),
        "repeats": lambda asked: platform.repeats(),
    }
    return [
        *(web.post(f"/_control/{name}", _act(act)) for name, act in acts.items()),
        web.post("/_control/people", _people(platform)),
        web.post("/_control/faults", _faults(platform)),
        web.post("/_control/webhook", _webhook(platform)),
        web.get("/_control/letters", _letters(platform)),
        web.get("/_control/count", _count(platform)),
    ]


def _json(value: Any) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def _act(act: Callable[[dict[str, Any]], Awaitable[list[int]]]) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read() or b"{}")
        return _json({"statuses": await act(asked)})

    return handle


def _people(platform: Platform) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        asked = await request.json()
        first = asked.get("first")
        ids = platform.add_people(int(asked["count"]), int(first) if first else None)
        return _json({"first": ids[0], "last": ids[-1], "count": len(ids)} if ids else {"count": 0})

    return handle


def _faults(platform: Platform) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        for name, value in (await request.json()).items():
            if name not in _FAULTS:
                raise web.HTTPBadRequest(text=f"no such fault: {name}")
            setattr(platform, name, value)
        return _json({name: getattr(platform, name) for name in _FAULTS})

    return handle


def _webhook(platform: Platform) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        platform.webhook = (await request.json())["url"]
        platform.unsubscribed = False
        return _json({"webhook": platform.webhook})

    return handle


def _letters(platform: Platform) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        """`after` is the number of the last letter already seen: the first has number 1."""
        person, after = request.query.get("person"), int(request.query.get("after", 0))
        numbered = enumerate(islice(platform.letters, after, None), after + 1)
        found = [_letter(number, letter) for number, letter in numbered if person in (None, letter.person)]
        return _json({"letters": found, "last": len(platform.letters)})

    return handle


def _letter(number: int, letter: Letter) -> dict[str, Any]:
    return {
        "number": number,
        "person": letter.person,
        "text": letter.text,
        "buttons": [choice._asdict() for choice in letter.buttons],
        "image": letter.image,
        "at": letter.at,
        "id": letter.id,
    }


def _count(platform: Platform) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        by_person = Counter(letter.person for letter in platform.letters)
        most = max(by_person.values(), default=0)
        return _json({"letters": by_person.total(), "people_written_to": len(by_person), "max_per_person": most})

    return handle
