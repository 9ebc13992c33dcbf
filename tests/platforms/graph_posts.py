"""The Page's wall, played: posts, photos, what is to appear later, comments, and the one private answer to each."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.platforms.graph_refusals import GraphRefusal, invalid
from tests.platforms.server import Clock
from tests.platforms.wire import Json

SOONEST, LATEST = timedelta(minutes=10), timedelta(days=30)
PRIVATE_REPLY_WITHIN = timedelta(days=7)
SAME_WORDS_WITHIN = timedelta(minutes=10)


@dataclass
class Comment:
    id: str
    post_id: str
    person: str
    at: datetime
    is_answered: bool = False


@dataclass
class Wall:
    page_id: str
    clock: Clock
    posts: list[Json] = field(default_factory=list)  # published, oldest first
    scheduled: list[Json] = field(default_factory=list)
    unpublished_photos: set[str] = field(default_factory=set)
    comments: dict[str, Comment] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def publish(self, asked: Json) -> Json:
        if not asked.get("message") and not asked.get("link") and not asked.get("attached_media"):
            raise invalid("Missing message or attachment")
        post = self._post(asked)
        if _is_now(asked):
            self._put_up(post)
        else:
            self._schedule(post, asked)
        return {"id": post["id"]}

    def photo(self, asked: Json) -> Json:
        source = asked.get("source")
        if not isinstance(source, bytes) and not asked.get("url"):
            raise GraphRefusal(324, "(#324) Missing or invalid image file")
        photo = f"{next(self._numbers) + 900_000}"
        if not _is_now(asked):
            self.unpublished_photos.add(photo)
            return {"id": photo}
        picture = f"upload: {len(source)} bytes" if isinstance(source, bytes) else asked["url"]
        post = {**self._post(asked), "message": asked.get("message") or asked.get("caption", ""), "picture": picture}
        self._put_up(post)
        return {"id": photo, "post_id": post["id"]}

    def listed(self, asked: Json) -> Json:
        """Newest first, as the wall shows them."""
        since = int(asked.get("since") or 0)
        wanted = ["id", *str(asked.get("fields", "message,created_time")).split(",")]
        found = [post for post in reversed(self.posts) if _seconds(post["created_time"]) >= since]
        return {"data": [_shown(post, wanted) for post in found[: int(asked.get("limit") or 25)]]}

    def listed_later(self, asked: Json) -> Json:
        wanted = ["id", *str(asked.get("fields", "message,scheduled_publish_time")).split(",")]
        return {"data": [_shown(post, wanted) for post in self.scheduled]}

    def comment(self, person: str, post_id: str) -> Comment:
        number = next(self._numbers) + 288_738_774_877_602
        comment = Comment(f"{post_id.rpartition('_')[2]}_{number}", post_id, person, self.clock())
        self.comments[comment.id] = comment
        return comment

    def answered_in_private(self, comment_id: str) -> Comment:
        comment = self.comments.get(comment_id)
        if comment is None:
            raise GraphRefusal(100, "(#100) Unsupported post request.", 33)
        if comment.is_answered:
            raise GraphRefusal(10900, "(#10900) Activity already replied to")
        if self.clock() - comment.at > PRIVATE_REPLY_WITHIN:
            raise GraphRefusal(10, "(#10) This message is sent outside of allowed window.", 2018278)
        return comment

    def _post(self, asked: Json) -> Json:
        kept: Json = {key: asked[key] for key in ("message", "link", "alt_text_custom") if key in asked}
        id = f"{self.page_id}_{next(self._numbers)}"
        return {**kept, "id": id, "created_time": f"{self.clock().astimezone(UTC):%Y-%m-%dT%H:%M:%S+0000}"}

    def _put_up(self, post: Json) -> None:
        recent = self.clock().timestamp() - SAME_WORDS_WITHIN.total_seconds()
        words = [each.get("message") for each in self.posts if _seconds(each["created_time"]) > recent]
        if post.get("message") and post["message"] in words:
            raise GraphRefusal(506, "(#506) Duplicate status message")
        self.posts.append(post)

    def _schedule(self, post: Json, asked: Json) -> None:
        when = int(asked.get("scheduled_publish_time") or 0)
        if when:
            ahead = timedelta(seconds=when - self.clock().timestamp())
            if not SOONEST <= ahead <= LATEST:
                raise invalid("The specified scheduled publish time is invalid.")
        self.scheduled.append({**post, "scheduled_publish_time": when})


def _is_now(asked: Json) -> bool:
    return str(asked.get("published", True)).lower() != "false"


def _shown(post: Json, wanted: list[str]) -> Json:
    return {key: post[key] for key in wanted if key in post}


def _seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()
