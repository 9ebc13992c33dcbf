"""What the player can do on each phone, as a table: the buttons of the page and the platform's acts behind them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from tests.platforms.sandbox_played import PlayedMessenger, PlayedTelegram, PlayedZalo
from tests.platforms.sandbox_players import cards_on
from tests.platforms.server import Person

PLACE = 13.4019, 108.4417  # the middle of Ayun Pa
PLACE_SEEN = "Vị trí: 13.4019, 108.4417"
ALBUM = 3


class Words(StrEnum):
    """What stands in the box for messages goes along."""

    NONE = "none"
    MAY = "may"
    MUST = "must"


def _always(_: Person) -> bool:
    return True


def _open(person: Person) -> bool:
    return not person.blocked


def _blocked(person: Person) -> bool:
    return person.blocked


@dataclass(frozen=True, slots=True)
class Act:
    label: str  # "" when it has a place of its own on the phone
    do: Callable[[str, str], Awaitable[object]]  # person, words
    seen: str = "{words}"  # on the person's own screen
    words: Words = Words.NONE
    photos: int = 0
    is_said: bool = True  # a message, which is answered; otherwise a note
    edits: bool = False
    when: Callable[[Person], bool] = _open
    hindered: Callable[[], str] = str  # the sentence that says what must come before it; "" when nothing must


def on_zalo(zalo: PlayedZalo) -> dict[str, Act]:
    card = cards_on(zalo)

    async def fill(person: str, _: str) -> list[int]:
        return await zalo.fills_form(person, card(person).name, card(person).phone)

    return {
        "say": Act("", zalo.says, words=Words.MUST),
        "press": Act("", zalo.presses),
        "photo": Act("Gửi ảnh", zalo.sends_photo, words=Words.MAY, photos=1),
        "place": Act("Gửi vị trí", lambda person, _: zalo.sends_place(person, *PLACE), PLACE_SEEN),
        "phone": Act("Gửi số điện thoại", fill, "{card}"),
        "follow": Act("Quan tâm", lambda person, _: zalo.follows(person), "Đã bấm Quan tâm", when=_stays_away),
        "block": Act("Bỏ quan tâm", lambda person, _: zalo.blocks(person), "Đã bỏ quan tâm", is_said=False),
    }


def _stays_away(person: Person) -> bool:
    return person.blocked or not person.follows


def on_messenger(graph: PlayedMessenger) -> dict[str, Act]:
    card = cards_on(graph)

    async def edit(person: str, words: str) -> list[int]:
        return await graph.edits(person, graph.last_said[person], words)

    async def unblock(person: str, _: str) -> None:
        graph.person(person).blocked = False  # Meta tells nobody

    async def comment(person: str, words: str) -> list[int]:
        return await graph.comments_on(person, words, graph.posts[-1]["id"])

    def without_post() -> str:
        return "" if graph.posts else "Trang chưa có bài nào. Xin cho Loa đăng một bản tin trước."

    async def open_link(person: str, words: str) -> list[int]:
        return await graph.follows_link(person, parameter(words, "ref"))

    return {
        "say": Act("", graph.says, words=Words.MUST),
        "press": Act("", graph.presses),
        "photo": Act("Gửi ảnh", graph.sends_photo, words=Words.MAY, photos=1),
        "place": Act("Gửi vị trí", lambda person, _: graph.sends_place(person, *PLACE), PLACE_SEEN),
        "phone": Act("Gửi số điện thoại", lambda person, _: graph.shares_phone(person, card(person).phone), "{phone}"),
        "edit": Act("Sửa tin cuối", edit, words=Words.MUST, edits=True),
        "link": Act("Mở bằng liên kết m.me", open_link, "Mở liên kết: {words}", Words.MUST),
        "comment": Act(
            "Bình luận dưới bài",
            comment,
            "Bình luận công khai: {words}",
            Words.MUST,
            when=_always,
            hindered=without_post,
        ),
        "read": Act("Đã xem tin", lambda person, _: graph.reads(person), "Đã xem", is_said=False),
        "follow": Act("Bấm Bắt đầu", lambda person, _: graph.follows(person), "Bắt đầu"),
        "block": Act("Chặn Trang", lambda person, _: graph.blocks(person), "Đã chặn Trang", is_said=False),
        "unblock": Act("Bỏ chặn", unblock, "Đã bỏ chặn", is_said=False, when=_blocked),
    }


def on_telegram(telegram: PlayedTelegram) -> dict[str, Act]:
    card = cards_on(telegram)

    async def share(person: str, _: str) -> list[int]:
        try:
            return await telegram.shares_phone(person, card(person).phone)
        except KeyError:  # nobody asks for it
            return await telegram.sends_card(person, card(person).phone, owner=person)

    async def album(person: str, words: str) -> list[int]:
        return await telegram.sends_album(person, ALBUM, words)

    async def start(person: str, words: str) -> list[int]:
        return await telegram.says(person, f"/start {parameter(words, 'start')}")

    return {
        "say": Act("", telegram.says, words=Words.MUST),
        "press": Act("", telegram.presses),
        "photo": Act("Gửi ảnh", telegram.sends_photo, words=Words.MAY, photos=1),
        "album": Act(f"Gửi {ALBUM} ảnh một lượt", album, words=Words.MAY, photos=ALBUM),
        "place": Act("Gửi vị trí", lambda person, _: telegram.sends_place(person, *PLACE), PLACE_SEEN),
        "phone": Act("Gửi số điện thoại", share, "{card}"),
        "edit": Act("Sửa tin cuối", telegram.edits, words=Words.MUST, edits=True),
        "link": Act("Mở bằng liên kết t.me", start, "Mở liên kết: {words}", Words.MUST),
        "follow": Act("Bấm Start", lambda person, _: telegram.follows(person), "/start", when=_always),
        "block": Act("Chặn bot", lambda person, _: telegram.blocks(person), "Đã chặn bot", is_said=False),
    }


def parameter(link: str, name: str) -> str:
    """`abc` in `https://t.me/phuong_bot?start=abc`; what is no link is the parameter itself."""
    found = re.search(rf"[?&]{name}=([^&#\s]*)", link)
    return found.group(1) if found else link.strip()
