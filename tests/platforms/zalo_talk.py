"""What Zalo remembers of an OA's talks, played."""

from tests.platforms.server import Clock
from tests.platforms.wire import Json, decoded
from tests.platforms.zalo_answers import ZaloRefusal

_MOST = 10
CITIZEN, OA = 1, 0


class ZaloTalk:
    def __init__(self, oa_id: str, clock: Clock) -> None:
        self.oa_id, self.clock = oa_id, clock
        self.lists_every_message = True  # or only the last one of each talk: the sources do not say
        self._items: list[Json] = []

    def remember(self, src: int, person: str, id: str, text: str, message: Json) -> None:
        ends = (person, self.oa_id) if src == CITIZEN else (self.oa_id, person)
        self._items.append(
            {
                "src": src,
                "time": int(self.clock().timestamp() * 1000),
                "message": text,
                "message_id": id,
                "from_id": ends[0],
                "to_id": ends[1],
                "from_display_name": f"Người dân {person[-4:]}" if src == CITIZEN else "UBND phường Mẫu",
                **_listed(message),
            }
        )

    def recent(self, asked: Json) -> list[Json]:
        newest = self._items[::-1]
        if not self.lists_every_message:
            newest = list({_person(item): item for item in self._items}.values())[::-1]
            newest.sort(key=lambda item: -item["time"])
        return _page(newest, asked)

    def conversation(self, asked: Json) -> list[Json]:
        person = str(decoded(asked.get("data", "{}")).get("user_id", ""))
        return _page([item for item in self._items[::-1] if _person(item) == person], asked)


def _person(item: Json) -> str:
    return str(item["from_id"] if item["src"] == CITIZEN else item["to_id"])


def _listed(message: Json) -> Json:
    """The lists name things otherwise than the webhooks do."""
    attachments = message.get("attachments") or []
    if not attachments:
        return {"type": "text"}
    kind, payload = attachments[0]["type"], attachments[0]["payload"]
    if kind == "location":
        return {"type": kind, "location": str(payload["coordinates"]).replace("'", '"')}
    if kind == "link":
        return {"type": "links", "links": [payload]}
    return {"type": {"image": "photo", "audio": "voice"}.get(kind, kind), "url": payload.get("url", "")}


def _page(items: list[Json], asked: Json) -> list[Json]:
    wanted = decoded(asked.get("data", "{}"))
    offset, count = int(wanted.get("offset", 0)), int(wanted.get("count", _MOST))
    if count > _MOST:
        raise ZaloRefusal(-210)
    return items[offset : offset + count]
