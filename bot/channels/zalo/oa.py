"""What can be asked of Zalo about our own OA: who it is, what it may do, what is left of its quotas."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.channel import SendError
from bot.channels.zalo import articles
from bot.channels.zalo.api import Api
from bot.channels.zalo.codes import NO_SUCH_FIELD
from bot.channels.zalo.errors import Refused, whole
from bot.wire import at, word

_TYPES = {1: "OA Nội dung", 2: "OA Doanh nghiệp", 4: "OA Cơ quan nhà nước"}
_QUOTA = {"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"}
_NO_ARTICLE = "0"
WORKS = "dùng được"


@dataclass(frozen=True, slots=True)
class About:
    id: str
    name: str
    avatar: str
    kind: str
    is_verified: bool
    followers: int
    package: str
    good_until: date | None  # of the package
    has_wallet: bool


async def about(api: Api) -> About:
    return understood(await api.look("/v2.0/oa/getoa"))


def understood(fields: Any) -> About:
    kind = whole(at(fields, "oa_type"))
    return About(
        id=word(at(fields, "oaid") or at(fields, "oa_id")),
        name=word(at(fields, "name")),
        avatar=word(at(fields, "avatar")),
        kind=_TYPES.get(kind or 0, f"loại {kind}" if kind else "không rõ loại"),
        is_verified=at(fields, "is_verified") is True,
        followers=whole(at(fields, "num_follower")) or 0,
        package=word(at(fields, "package_name")),
        good_until=_day(word(at(fields, "package_valid_through_date"))),
        has_wallet=bool(word(at(fields, "linked_ZCA"))),
    )


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None


async def quota(api: Api) -> tuple[int, int] | None:
    """What is left of the messages that count, and of how many; None when Zalo does not tell."""
    found = await api.ask("/v3.0/oa/quota/message", _QUOTA)
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    counts = [(whole(row.get("remain")), whole(row.get("total"))) for row in rows]
    known = [(left, total) for left, total in counts if left is not None and total is not None]
    return (sum(left for left, _ in known), sum(total for _, total in known)) if known else None


async def may_write_articles(api: Api) -> str:
    """In words for staff."""
    try:
        await api.look("/v2.0/article/getslice", flat={"offset": "0", "limit": "1", "type": "normal"})
    except Refused as refused:
        return refused.advice or f"bị từ chối ({refused.detail})"
    return WORKS


async def may_broadcast(api: Api) -> str:
    """In words for staff: asked with an article that does not exist, so that nothing can go out."""
    try:
        await api.ask("/v2.0/oa/message", articles.broadcast(_NO_ARTICLE, {"gender": "0"}))
    except Refused as refused:
        if refused.code == NO_SUCH_FIELD:
            return f"{WORKS} (Zalo chỉ từ chối bài thử không có thật)"
        return refused.advice or f"bị từ chối ({refused.detail})"
    return WORKS


async def probe(api: Api) -> dict[str, str]:
    """Vietnamese label -> Vietnamese words."""
    ours = await about(api)
    left = await _quota_words(api)
    return {
        "Tên": ours.name,
        "Loại": ours.kind,
        "Xác thực": "đã xác thực" if ours.is_verified else "chưa xác thực",
        "Gói dịch vụ": package_words(ours),
        "Ví ZCA": "đã nối" if ours.has_wallet else "chưa nối",
        "Người quan tâm": str(ours.followers),
        "Tin có tính hạn mức": left,
        "Bài viết": await may_write_articles(api),
        "Gửi bài tới người quan tâm": await may_broadcast(api),
    }


def package_words(about: About) -> str:
    until = f", đến {about.good_until:%d/%m/%Y}" if about.good_until else ""
    return f"{about.package}{until}" if about.package else "không rõ"


async def _quota_words(api: Api) -> str:
    try:
        found = await quota(api)
    except SendError as error:
        return error.advice or f"không hỏi được ({error.detail})"
    return f"còn {found[0]} trên {found[1]}" if found else "Zalo không cho biết"
