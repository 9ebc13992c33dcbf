"""The people of a Zalo OA, played: who they are, their tags, and what may still be sent to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.platforms.server import Clock, Person
from tests.platforms.wire import Json, decoded
from tests.platforms.zalo_answers import ZaloRefusal

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FREE = timedelta(hours=48)
_MOST, _LAST_OFFSET = 50, 9951
_PERIODS = {"TODAY": 1, "YESTERDAY": 2, "L7D": 7, "L30D": 30}


@dataclass(slots=True)
class Traits:
    """What Zalo knows of a person; the numbers are those of a broadcast's target."""

    ages: int = 3
    gender: int = 1
    locations: int = 0
    cities: int = 9
    platform: int = 2
    refuses: set[str] = field(default_factory=set)  # kinds of message: "cs", "template", "broadcast"
    tags: set[str] = field(default_factory=set)
    got: list[datetime] = field(default_factory=list)  # broadcasts


class ZaloUsers:
    def __init__(self, people: dict[str, Person], clock: Clock) -> None:
        self.people, self.clock = people, clock
        self.paid_quota = 500  # messages after the free hours, a month
        self.paid_sent: list[datetime] = []
        self._traits: dict[str, Traits] = {}

    def traits(self, person: str) -> Traits:
        return self._traits.setdefault(person, Traits())

    def followers(self) -> list[Person]:
        return [person for person in self.people.values() if person.follows and not person.gone]

    def pay_for(self, person: Person) -> str:
        """The kind of quota that a consultation message takes now."""
        now = self.clock()
        if person.last_at and now - person.last_at <= FREE:
            return "reply"
        if self.paid_left() <= 0:
            raise ZaloRefusal(-211)
        self.paid_sent.append(now)
        return "sub_quota"

    def paid_left(self) -> int:
        month = self.clock().astimezone(VIETNAM).strftime("%Y-%m")
        return self.paid_quota - sum(at.astimezone(VIETNAM).strftime("%Y-%m") == month for at in self.paid_sent)

    # the calls

    def detail(self, asked: Json) -> Json:
        found = self._asked(asked)
        if found.last_at is None and not found.follows:
            raise ZaloRefusal(-213)
        last = found.last_at.astimezone(VIETNAM).strftime("%d/%m/%Y") if found.last_at else ""
        about = {"user_id": found.id, "display_name": found.name, "user_is_follower": found.follows}
        tags = {"notes": [], "tag_names": sorted(self.traits(found.id).tags)}
        return about | {"user_last_interaction_date": last, "tags_and_notes_info": tags}

    def getlist(self, asked: Json) -> Json:
        wanted = decoded(asked.get("data", "{}"))
        offset, count = int(wanted.get("offset", 0)), int(wanted.get("count", _MOST))
        if not 0 <= offset <= _LAST_OFFSET or not 0 < count <= _MOST:
            raise ZaloRefusal(-210)
        found = [person.id for person in self.people.values() if self._matches(person, wanted)]
        page = [{"user_id": id} for id in found[offset : offset + count]]
        return {"total": len(found), "count": count, "offset": offset, "users": page}

    def tag(self, asked: Json) -> Json:
        self._asked(asked)
        self.traits(str(asked["user_id"])).tags.add(asked["tag_name"])
        return {}

    def untag(self, asked: Json) -> Json:
        self._asked(asked)
        self.traits(str(asked["user_id"])).tags.discard(asked["tag_name"])
        return {}

    def remove_tag(self, asked: Json) -> Json:
        for traits in self._traits.values():
            traits.tags.discard(asked["tag_name"])
        return {}

    def tags(self, _asked: Json) -> list[str]:
        return sorted(set().union(*(traits.tags for traits in self._traits.values())))

    def quota(self, asked: Json) -> Json | list[Json]:
        if "user_id" in asked:
            last = self._asked(asked).last_at
            told = str(int(last.timestamp() * 1000)) if last else ""
            return {"last_interaction": told, "cs_reply": {"remain": 0, "total": 0}}
        if asked.get("quota_owner") not in ("OA", "App"):
            raise ZaloRefusal(-201, "quota_owner is invalid")
        kind = {"product_type": asked.get("product_type", "cs"), "quota_type": asked.get("quota_type", "sub_quota")}
        return [{"asset_id": "8c27", **kind, "total": self.paid_quota, "remain": self.paid_left()}]

    def _asked(self, asked: Json) -> Person:
        wanted = asked if "user_id" in asked else decoded(asked.get("data", "{}"))
        found = self.people.get(str(wanted.get("user_id", "")))
        if found is None:
            raise ZaloRefusal(-201)
        return found

    def _matches(self, person: Person, wanted: Json) -> bool:
        tag, follows = wanted.get("tag_name"), wanted.get("is_follower")
        if tag and tag not in self.traits(person.id).tags:
            return False
        if follows is not None and str(follows).lower() != str(person.follows).lower():
            return False
        return self._spoke_within(person, wanted.get("last_interaction_period", ""))

    def _spoke_within(self, person: Person, period: str) -> bool:
        if not period:
            return True
        if person.last_at is None:
            return False
        if period in _PERIODS:
            return self.clock() - person.last_at <= timedelta(days=_PERIODS[period])
        first, last = period.split(":")
        return first <= person.last_at.astimezone(VIETNAM).strftime("%Y_%m_%d") <= last

    def aimed_at(self, target: Json) -> Iterator[Person]:
        """`target` values come as numbers, comma-joined texts or lists: all are seen in the wild, all are taken."""
        wanted = {_KEYS.get(name, name): _numbers(value) for name, value in target.items()}
        wanted.pop("telcos", None)
        if "cities" in wanted:
            wanted.pop("locations", None)  # cities override
        if 0 in wanted.get("gender", {0}):
            wanted.pop("gender", None)
        for person in self.followers():
            traits = self.traits(person.id)
            if all(getattr(traits, name, None) in numbers for name, numbers in wanted.items()):
                yield person


_KEYS = {"platforms": "platform"}


def _numbers(value: object) -> set[int]:
    parts = value if isinstance(value, list) else str(value).split(",")
    return {int(part) for part in parts}
