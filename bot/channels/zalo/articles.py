"""A publication as Zalo knows it: an article within its limits, and the broadcast of it."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.abilities import Post
from bot.channel import Failure, SendError
from bot.channels.zalo import shapes
from bot.channels.zalo.errors import whole
from bot.text import shorten
from bot.wire import at, word

TITLE, AUTHOR, DESCRIPTION = 150, 50, 300
_DATES = ("create_date", "created_date")


def check(post: Post) -> None:
    """Raises `SendError` for what Zalo would refuse."""
    faults = {
        f"Tiêu đề phải có, và không quá {TITLE} ký tự.": not 0 < len(_nfc(post.title)) <= TITLE,
        f"Tên đơn vị đứng bài không quá {AUTHOR} ký tự.": len(_nfc(post.author)) > AUTHOR,
        "Bài viết chưa có nội dung.": not post.text.strip(),
        "Bài viết trên Zalo phải có ảnh bìa mà Zalo tải được: xin thêm ảnh, và đặt LOA_PUBLIC_URL.": (
            not post.picture_url.startswith("http")
        ),
    }
    found = [fault for fault, is_there in faults.items() if is_there]
    if found:
        raise SendError(Failure.REJECTED, "not an article", advice=" ".join(found))


def article(post: Post) -> dict[str, Any]:
    lines = [line.strip() for line in _nfc(post.text).splitlines() if line.strip()]
    link = [f"Xem thêm: {post.link}"] if post.link else []
    return {
        "type": "normal",
        "title": _nfc(post.title),
        "author": _nfc(post.author),
        "description": shorten(lines[0], DESCRIPTION),
        "cover": {"cover_type": "photo", "photo_url": post.picture_url, "status": "show"},
        "body": [{"type": "text", "content": line} for line in (*lines, *link)],
        "status": "show",  # whether a hidden one can be broadcast, nobody knows
        "comment": "hide",
    }


def broadcast(article_id: str, target: Mapping[str, str]) -> dict[str, Any]:
    payload = shapes.media("article", attachment_id=article_id)
    return {"recipient": {"target": dict(target)}, "message": shapes.message("", payload)}


def found(slice_: object, post: Post, since: datetime) -> str:
    """The id of the article in a slice that is this post, made since then; "" when there is none."""
    listed = at(slice_, "medias")
    medias = [media for media in listed if isinstance(media, dict)] if isinstance(listed, list) else []
    title, since_ms = _nfc(post.title), since.timestamp() * 1000
    ids = [word(each.get("id")) for each in medias if _nfc(word(each.get("title"))) == title and _made(each, since_ms)]
    return ids[0] if ids else ""


def _made(media: Mapping[str, Any], since_ms: float) -> bool:
    made = next((value for name in _DATES if (value := whole(media.get(name))) is not None), None)
    return made is None or made >= since_ms


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
