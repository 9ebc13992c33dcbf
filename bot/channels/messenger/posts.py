"""A campaign's month as a post on the Page's wall. When it goes is our own clock's matter, not Facebook's."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import aiohttp

from bot.abilities import Post, Step
from bot.channel import Failure, SendError
from bot.channels.messenger.errors import DUPLICATE_POST, LACKS_PERMISSION, Refused
from bot.channels.messenger.graph import Fields, Graph
from bot.channels.messenger.limits import PICTURE_BYTES
from bot.channels.messenger.pictures import form
from bot.wire import word

CLOCKS_DIFFER_SECONDS = 300
LOOKS_AGAIN_SECONDS = 60.0
UNHEARD = "Chưa nghe Facebook trả lời. Loa xem lại trên Trang trước khi đăng lần nữa."
NO_RIGHT = (
    "Khoá của Trang thiếu quyền đăng bài hoặc xem bài (pages_manage_posts, pages_read_engagement). "
    "Xin cấp lại khoá rồi cho đăng lại."
)
TOO_LARGE = "Ảnh lớn hơn 10 MB, Facebook không nhận. Xin chọn ảnh nhỏ hơn."
NOT_TAKEN = "Facebook không nhận bài này. Xin xem lại lời và ảnh, hoặc đăng bằng tay trên Trang."


class Posts:
    def __init__(self, graph: Graph, picture: Callable[[str], Awaitable[bytes]], clock: Callable[[], datetime]) -> None:
        self._graph, self._picture, self._clock = graph, picture, clock

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        """The first call only notes the hour, so that after any interruption we can see whether the post is there."""
        if not kept:
            return Step({"since": str(int(self._clock().timestamp()))})
        try:
            published = await self._find(post, kept) or await self._publish(post)
        except Refused as refused:
            return await self._refused(post, kept, refused)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            published = ""
        return Step(kept, platform_id=published) if published else Step(kept, LOOKS_AGAIN_SECONDS, note=UNHEARD)

    async def _find(self, post: Post, kept: Mapping[str, str]) -> str:
        since = str(int(kept["since"]) - CLOCKS_DIFFER_SECONDS)
        answer = await self._graph.read("/feed", fields="id,message", since=since, limit="100")
        rows = answer.get("data")
        return next((word(row.get("id")) for row in rows if _same(row, post)), "") if isinstance(rows, list) else ""

    async def _publish(self, post: Post) -> str:
        if post.picture or post.picture_url:
            published = await self._graph.post("photos", await self._photo(post))
        else:
            linked = {"link": post.link} if post.link else {}
            published = await self._graph.post("feed", {"message": words(post)} | linked)
        return str(published.get("post_id") or published.get("id") or "")

    async def _photo(self, post: Post) -> Fields | aiohttp.FormData:
        fields = {"message": words(post)} | ({"alt_text_custom": post.picture_alt} if post.picture_alt else {})
        if not post.picture:
            return fields | {"url": post.picture_url}
        picture = await self._picture(post.picture)
        if len(picture) > PICTURE_BYTES:
            raise SendError(Failure.REJECTED, f"the picture {post.picture} is too large", advice=TOO_LARGE)
        return form(fields, "source", picture)

    async def _refused(self, post: Post, kept: Mapping[str, str], refused: Refused) -> Step:
        """A right to post that is missing does not end the talks with citizens."""
        if refused.codes[0] == DUPLICATE_POST and (found := await self._find(post, kept)):
            return Step(kept, platform_id=found)
        if refused.codes[0] in LACKS_PERMISSION and refused.failure is Failure.NOT_CONNECTED:
            raise SendError(Failure.REJECTED, refused.detail, advice=NO_RIGHT) from refused
        if refused.failure is Failure.REJECTED and not refused.advice:
            raise SendError(Failure.REJECTED, refused.detail, advice=NOT_TAKEN) from refused
        raise refused


def words(post: Post) -> str:
    """Beside a picture Facebook makes no preview of the link: there it stands in the words."""
    link = post.link if post.picture or post.picture_url else ""
    link = "" if link in post.text else link
    title = "" if post.text.startswith(post.title) else post.title
    return "\n\n".join(part.strip() for part in (title, post.text, link) if part.strip())


def _same(row: Fields, post: Post) -> bool:
    """Spaces and empty lines may come back otherwise than they went."""
    wanted = "".join(words(post).split())
    return bool(wanted) and "".join(word(row.get("message")).split()) == wanted
