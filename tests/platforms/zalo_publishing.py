"""Zalo's publications, played: articles, which take a while to exist, and broadcasts of them to followers."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.platforms.server import Clock
from tests.platforms.wire import Json
from tests.platforms.zalo_answers import ZaloRefusal

_LENGTHS = {"title": 150, "author": 50, "description": 300}
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: str
    articles: tuple[str, ...]
    target: Json
    reached: int
    at: datetime


class ZaloPublishing:
    def __init__(self, clock: Clock, followers: Callable[[], int]) -> None:
        self.clock = clock
        self.followers = followers
        self.verified = True
        self.broadcast_quota = 4
        self.article_quota = 15
        self.article_checks = 1  # how often `verify` answers -214 before the article is there
        self.articles: dict[str, Json] = {}
        self.broadcasts: list[Broadcast] = []
        self._processing: dict[str, tuple[Json, int]] = {}

    def create(self, asked: Json) -> Json:
        if any(len(asked.get(name, "")) > most for name, most in _LENGTHS.items()):
            raise ZaloRefusal(-210)
        if not asked.get("title") or not asked.get("body") or not asked.get("cover"):
            raise ZaloRefusal(-201, "article is invalid")
        if len(self.articles) + len(self._processing) >= self.article_quota:
            raise ZaloRefusal(-223)
        token = secrets.token_urlsafe(40)
        self._processing[token] = (asked, self.article_checks)
        return {"token": token}

    def verify(self, asked: Json) -> Json:
        token = asked.get("token", "")
        if token not in self._processing:
            raise ZaloRefusal(-201, "token is invalid")
        article, checks = self._processing[token]
        if checks > 0:
            self._processing[token] = (article, checks - 1)
            raise ZaloRefusal(-214)
        del self._processing[token]
        id = secrets.token_hex(10)
        self.articles[id] = article
        return {"id": id}

    def broadcast(self, asked: Json) -> Json:
        """`target` values come as numbers, comma-joined texts or lists: all are seen in the wild, all are taken."""
        elements = asked.get("message", {}).get("attachment", {}).get("payload", {}).get("elements", [])
        ids = tuple(str(element.get("attachment_id")) for element in elements if element.get("media_type") == "article")
        if not self.verified:
            raise ZaloRefusal(-221)
        if not ids or not set(ids) <= self.articles.keys():
            raise ZaloRefusal(-201, "attachment_id is invalid")
        if not 6 <= self.clock().astimezone(_VIETNAM).hour < 22:
            raise ZaloRefusal(-234)
        if len(self.broadcasts) >= self.broadcast_quota:
            raise ZaloRefusal(-211)
        sent = Broadcast(secrets.token_hex(10), ids, asked["recipient"]["target"], self.followers(), self.clock())
        self.broadcasts.append(sent)
        return {"message_id": sent.id}
