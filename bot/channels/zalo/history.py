"""What Zalo remembers of our talks, as the webhook would have told it, and as we said it ourselves."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bot.abilities import Said
from bot.channels.zalo import payloads
from bot.channels.zalo.api import Api
from bot.channels.zalo.errors import whole
from bot.messages import Event
from bot.wire import at, word

PAGE, PAGES, TALK_PAGES = 10, 100, 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FROM_CITIZEN = 1
_KINDS = {"photo": "image", "voice": "audio", "links": "link"}  # as listed -> as in a webhook
_ATTACHED = ("image", "gif", "audio", "video", "file", "sticker", "link")

Item = dict[str, Any]


class History:
    def __init__(self, api: Api, app_id: str, oa_id: str) -> None:
        self._api, self._app_id, self._oa_id = api, app_id, oa_id

    async def missed(self, since: datetime) -> list[Event]:
        recent = [item async for item in self._newer("/v2.0/oa/listrecentchat", {}, since, PAGES)]
        # Whether all messages are listed or each talk's last one, no source says: who is there once is asked about.
        counts = Counter(_citizen(item) for item in recent)
        for person in [person for person, count in counts.items() if person and count == 1]:
            asked = {"user_id": person}
            recent += [item async for item in self._newer("/v2.0/oa/conversation", asked, since, TALK_PAGES)]
        theirs = {word(item.get("message_id")): item for item in recent if whole(item.get("src")) == _FROM_CITIZEN}
        return sorted((self._event(item) for item in theirs.values()), key=lambda event: event.at_ms)

    async def said_to(self, person: str) -> list[Said]:
        talk = self._newer("/v2.0/oa/conversation", {"user_id": person}, _EPOCH, 2)
        ours = [item async for item in talk if whole(item.get("src")) != _FROM_CITIZEN]
        return [Said(word(item.get("message_id")), word(item.get("message")), _at(item)) for item in reversed(ours)]

    async def _newer(self, path: str, asked: dict[str, str], since: datetime, pages: int) -> AsyncIterator[Item]:
        """The items after `since`, newest first, in pages of ten and at the pace that Zalo asks for."""
        for page in range(pages):
            await asyncio.sleep(self._api.throttle.rest_seconds)
            found = await self._api.look(path, {**asked, "offset": page * PAGE, "count": PAGE})
            items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
            newer = [item for item in items if _at(item) > since]
            for item in newer:
                yield item
            if len(newer) < PAGE:
                return

    def _event(self, item: Item) -> Event:
        kind = word(item.get("type")).lower()
        kind = _KINDS.get(kind, kind)
        fields = {
            "app_id": self._app_id,
            "event_name": f"user_send_{kind or 'text'}",
            "sender": {"id": _citizen(item)},
            "recipient": {"id": self._oa_id},
            "message": {
                "msg_id": word(item.get("message_id")),
                "text": word(item.get("message")),
                "attachments": _attachments(kind, item),
            },
            "timestamp": word(item.get("time")),
        }
        return payloads.event(fields, orjson.dumps(fields))


def _citizen(item: Item) -> str:
    return word(item.get("from_id" if whole(item.get("src")) == _FROM_CITIZEN else "to_id"))


def _at(item: Item) -> datetime:
    return _EPOCH + timedelta(milliseconds=whole(item.get("time")) or 0)


def _attachments(kind: str, item: Item) -> list[Item]:
    if kind == "location":
        return [{"type": kind, "payload": {"coordinates": _coordinates(item.get("location"))}}]
    links = item.get("links")
    parts = links if isinstance(links, list) else [item]
    urls = [word(at(part, "url")) for part in parts]
    return [{"type": kind, "payload": {"url": url}} for url in urls if url and kind in _ATTACHED]


def _coordinates(value: object) -> object:
    """An object, or one written as text."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
