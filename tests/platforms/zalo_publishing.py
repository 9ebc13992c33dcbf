"""Zalo's publications, played: articles, which take a while to exist, and broadcasts of them to followers."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.platforms.server import Clock, Person
from tests.platforms.wire import Json
from tests.platforms.zalo_answers import ZaloRefusal
from tests.platforms.zalo_users import VIETNAM, ZaloUsers

_LENGTHS = {"title": 150, "author": 50, "description": 300}
_SLICE = 10


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: str
    articles: tuple[str, ...]
    target: Json
    reached: int
    at: datetime


@dataclass(slots=True)
class _Draft:
    id: str
    article: Json
    checks: int


class ZaloPublishing:
    def __init__(self, clock: Clock, users: ZaloUsers) -> None:
        self.clock = clock
        self.users = users
        self.verified = True
        self.supports_the_type = True  # -235 for all publications otherwise
        self.package_allows = True  # -224 otherwise
        self.broadcast_quota = 4
        self.monthly_per_person = 4
        self.followers_in_package: int | None = None  # those above are dropped without a word
        self.article_quota = 15
        self.article_checks = 1  # how often `verify` answers -214 before the article is there
        self.articles: dict[str, Json] = {}
        self.broadcasts: list[Broadcast] = []
        self._processing: dict[str, _Draft] = {}

    # articles

    def create(self, asked: Json) -> Json:
        self._check_rights()
        _check(asked)
        made = [*self.articles.values(), *(draft.article for draft in self._processing.values())]
        if sum(_month(article["at"]) == _month(self.clock()) for article in made) >= self.article_quota:
            raise ZaloRefusal(-223)
        token = secrets.token_urlsafe(40)
        self._processing[token] = _Draft(secrets.token_hex(10), {**asked, "at": self.clock()}, self.article_checks)
        return {"token": token}

    def verify(self, asked: Json) -> Json:
        draft = self._processing.get(asked.get("token", ""))
        if draft is None:
            raise ZaloRefusal(-201, "token is invalid")
        if draft.checks > 0:
            draft.checks -= 1
            raise ZaloRefusal(-214)
        del self._processing[asked["token"]]
        self.articles[draft.id] = draft.article
        return {"id": draft.id}

    def getslice(self, asked: Json) -> Json:
        """An article is listed once it is processed, whoever asks for its id; asking lets time pass."""
        self._check_rights()
        if asked.get("type") not in ("normal", "video"):
            raise ZaloRefusal(-201, "type accept only 2 value normal and video.")
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", _SLICE))
        if limit > _SLICE:
            raise ZaloRefusal(-210)
        done = {draft.id: draft.article for draft in self._processing.values() if draft.checks <= 0}
        for draft in self._processing.values():
            draft.checks -= 1
        medias = [_media(id, article) for id, article in (self.articles | done).items()]
        medias.sort(key=lambda media: -media["create_date"])
        return {"total": len(medias), "medias": medias[offset : offset + limit]}

    def getdetail(self, asked: Json) -> Json:
        return {"id": asked["id"], **_told(self._article(asked))}

    def update(self, asked: Json) -> Json:
        _check(asked)
        self._article(asked).update(asked)
        return {"token": secrets.token_urlsafe(40)}

    def remove(self, asked: Json) -> Json:
        self._article(asked)
        del self.articles[asked["id"]]
        return {}

    def _article(self, asked: Json) -> Json:
        found = self.articles.get(asked.get("id", ""))
        if found is None:
            raise ZaloRefusal(-201, "id is invalid")
        return found

    # broadcasts

    def broadcast(self, asked: Json) -> Json:
        elements = asked.get("message", {}).get("attachment", {}).get("payload", {}).get("elements", [])
        ids = tuple(str(element.get("attachment_id")) for element in elements if element.get("media_type") == "article")
        self._check_rights()
        if not ids or not set(ids) <= self._known():
            raise ZaloRefusal(-201, "attachment_id is invalid")
        if not 6 <= self.clock().astimezone(VIETNAM).hour < 22:
            raise ZaloRefusal(-234)
        if sum(_month(sent.at) == _month(self.clock()) for sent in self.broadcasts) >= self.broadcast_quota:
            raise ZaloRefusal(-211)
        target, now = asked["recipient"]["target"], self.clock()
        reached = list(self._reached(target, now))[: self.followers_in_package]
        for person in reached:
            self.users.traits(person.id).got.append(now)
        sent = Broadcast(secrets.token_hex(10), ids, target, len(reached), now)
        self.broadcasts.append(sent)
        return {"message_id": sent.id}

    def _known(self) -> set[str]:
        return {*self.articles, *(draft.id for draft in self._processing.values() if draft.checks <= 0)}

    def _reached(self, target: Json, now: datetime) -> Iterator[Person]:
        """At most one a day and some a month for each; who has had enough is left out without a word."""
        for person in self.users.aimed_at(target):
            traits = self.users.traits(person.id)
            days = [at.astimezone(VIETNAM).date() for at in traits.got]
            today = now.astimezone(VIETNAM).date()
            monthly = sum((day.year, day.month) == (today.year, today.month) for day in days)
            if "broadcast" not in traits.refuses and today not in days and monthly < self.monthly_per_person:
                yield person

    def _check_rights(self) -> None:
        if not self.supports_the_type:
            raise ZaloRefusal(-235)
        if not self.verified:
            raise ZaloRefusal(-221)
        if not self.package_allows:
            raise ZaloRefusal(-224)


def _check(asked: Json) -> None:
    if any(len(asked.get(name, "")) > most for name, most in _LENGTHS.items()):
        raise ZaloRefusal(-210)
    if not asked.get("title") or not asked.get("body") or not asked.get("cover"):
        raise ZaloRefusal(-201, "article is invalid")


def _month(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%Y-%m")


def _media(id: str, article: Json) -> Json:
    at = int(article["at"].timestamp() * 1000)
    return {"id": id, "type": "normal", "create_date": at, "update_date": at, **_told(article, "title", "status")}


def _told(article: Json, *names: str) -> Json:
    return {name: value for name, value in article.items() if name != "at" and (not names or name in names)}
