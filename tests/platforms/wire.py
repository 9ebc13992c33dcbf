"""Reading what callers send, answering it, and hanging up on them."""

import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

Json = dict[str, Any]


def answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON for an object; a text goes out as the HTML page of some gateway."""
    if isinstance(body, str):
        return web.Response(status=status, text=body, content_type="text/html", headers=headers)
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json", headers=headers)


def reset(request: web.Request) -> None:
    """Close with RST: the caller hears neither yes nor no."""
    transport = request.transport
    if transport is None:
        return
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def fields(request: web.Request) -> Json:
    """What a call carries, in the query, as JSON, as a form or as multipart; a file becomes its bytes."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        values |= orjson.loads(await request.read() or b"{}")
    elif request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        for name, value in (await request.post()).items():
            values[name] = value.file.read() if isinstance(value, web.FileField) else value
    return values


def decoded(value: Any) -> Any:
    """A form's field that holds JSON as text, or what was JSON already."""
    return json.loads(value) if isinstance(value, str) and value[:1] in "{[" and value else value
