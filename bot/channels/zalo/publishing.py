"""A post made public: look, create, verify, broadcast; one call a step.

Nothing may be made twice, though an answer be lost or we be killed at any point. `kept` says with UNHEARD that nobody
knows what became of the last call: an article is then looked for, and a broadcast, of which Zalo lists none, is unsure.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.abilities import Post, Step
from bot.channel import Failure, SendError
from bot.channels.zalo import articles
from bot.channels.zalo.api import Api
from bot.channels.zalo.codes import CLOSED_TO_US, IN_PROCESS, NO_SUCH_FIELD
from bot.channels.zalo.errors import Refused
from bot.wire import at, word

UNHEARD = "unheard"
WAITS = (2.0, 4.0, 6.0, 8.0, 12.0)
_CHECKS = 60  # a quarter of an hour
_LOOKS, _LOOK_WAIT = 10, 12.0  # an article may take two minutes to be listed
_SLICE = {"offset": "0", "limit": "10", "type": "normal"}  # flat, or it is refused with -201
_SKEW = timedelta(minutes=10)
_LOST = "Không biết Zalo đã nhận lệnh gửi bài hay chưa. Xin xem mục Broadcast trong trang quản lý OA trước khi gửi lại."
_SENT = "Đã giao bài cho Zalo. Zalo duyệt trong khoảng 30 phút rồi mới gửi tới người quan tâm OA."
_LOOKING = "Chưa nghe được Zalo trả lời; đang tìm xem bài đã có chưa."

Kept = Mapping[str, str]


class Publisher:
    def __init__(self, api: Api, target: Mapping[str, str]) -> None:
        self._api, self._target = api, target

    async def step(self, post: Post, kept: Kept, now: datetime) -> Step:
        articles.check(post)
        try:
            return await self._step(post, kept, now)
        except Refused as refused:
            if refused.failure is Failure.NOT_CONNECTED and refused.code in CLOSED_TO_US:
                # waiting does not help: somebody must act, or publish by hand
                raise SendError(Failure.REJECTED, refused.detail, advice=refused.advice) from refused
            raise

    async def _step(self, post: Post, kept: Kept, now: datetime) -> Step:
        since = kept.get("since", "")
        if "article" in kept:
            return await self._broadcast(since, kept["article"], is_unheard=UNHEARD in kept)
        if "token" in kept:
            return await self._verify(kept)
        if not since:  # kept before anything is made: by it an article of ours is told from last month's
            return await self._look(post, now.isoformat(), 1)
        if UNHEARD in kept or "looks" in kept:
            return await self._look(post, since, int(kept.get("looks", _LOOKS)))
        return await self._create(post, since)

    async def _look(self, post: Post, since: str, looks: int) -> Step:
        slice_ = await self._api.look("/v2.0/article/getslice", flat=_SLICE)
        if article := articles.found(slice_, post, datetime.fromisoformat(since) - _SKEW):
            return Step({"since": since, "article": article})
        if looks > 1:
            return Step({"since": since, "looks": str(looks - 1)}, _LOOK_WAIT, note=_LOOKING)
        return Step({"since": since})

    async def _create(self, post: Post, since: str) -> Step:
        made = await self._api.post("/v2.0/article/create", articles.article(post))
        return Step({"since": since, "token": word(at(made, "token"))}, WAITS[0])

    async def _verify(self, kept: Kept) -> Step:
        since, token, checks = kept["since"], kept["token"], int(kept.get("checks", "0"))
        try:
            article = word(at(await self._api.ask("/v2.0/article/verify", {"token": token}), "id"))
        except Refused as refused:
            if refused.code == NO_SUCH_FIELD:  # verified before, and never heard
                return Step({"since": since, "looks": str(_LOOKS)}, note=_LOOKING)
            if refused.code != IN_PROCESS or checks >= _CHECKS:
                raise
            article = ""
        if article:
            return Step({"since": since, "article": article})
        checked = {"since": since, "token": token, "checks": str(checks + 1)}
        return Step(checked, WAITS[min(checks + 1, len(WAITS) - 1)], note="Zalo đang xử lý bài viết.")

    async def _broadcast(self, since: str, article: str, *, is_unheard: bool) -> Step:
        if is_unheard:
            raise SendError(Failure.UNSURE, "a broadcast may have been made", advice=_LOST)
        try:
            sent = await self._api.post("/v2.0/oa/message", articles.broadcast(article, self._target))
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNSURE, error.detail, advice=_LOST) from error
        message = word(at(sent, "message_id"))
        return Step({"since": since, "article": article}, platform_id=message or article, note=_SENT)
