"""What the page shows, as JSON: three phones, what was published, and what the staff group reads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from data.clock import short_time
from tests.platforms.sandbox_phone import Line, Phone
from tests.platforms.sandbox_played import Played, PlayedMessenger, PlayedTelegram, PlayedZalo
from tests.platforms.server import Choice, Letter
from tests.platforms.telegram_chats import Chat
from tests.platforms.wire import Json

MOST = 200  # items of a list
FORM = "(Mẫu để gửi họ tên và số điện thoại)"
SENDING, RECEIVED = "Đang gửi…", "Loa đã nhận"
FETCHING, HELD = "Đã gửi, Loa chưa lấy về", "Đã gửi, nền tảng không chuyển cho Loa"


def phone(phone: Phone, person: str) -> Json:
    items = conversation(phone, person)
    known = phone.platform.person(person)
    return {
        "name": phone.name,
        "title": phone.title,
        "items": items,
        "waits": bool(items) and items[-1]["author"] == "citizen",
        "keyboard": _keyboard(phone.platform, person),
        "acts": [_act(name, phone) for name, act in phone.acts.items() if act.label and act.when(known)],
        "blocked": known.blocked,
        "faults": [
            {"name": name, "label": fault.label, "on": fault.is_on()} for name, fault in phone.faults.items()
        ],
    }  # fmt: skip


def _act(name: str, phone: Phone) -> Json:
    act = phone.acts[name]
    return {"name": name, "label": act.label, "words": act.words}


def _keyboard(platform: Played, person: str) -> list[str]:
    """What lies over the phone's own keyboard."""
    return list(platform.keyboards.shown.get(person, ())) if isinstance(platform, PlayedTelegram) else []


def conversation(phone: Phone, person: str) -> list[Json]:
    own = [((line.after, 0, line.number), _line(phone, line)) for line in phone.lines if line.person == person]
    addresses = (person, _phone_84(phone.card(person).phone))  # a template may go to the number
    letters = [each for each in enumerate(phone.platform.letters) if each[1].person in addresses]
    came = [((at, 1, 0), _letter(phone, at, letter)) for at, letter in letters]
    items = [item for _, item in sorted([*own, *came], key=lambda each: each[0])][-MOST:]
    for item in items[:-1]:
        if item.pop("passes", False):
            item["buttons"] = []
    return items


def _phone_84(phone: str) -> str:
    return f"84{phone[1:]}"


def _item(key: str, author: str, text: str, at: datetime, images: Iterable[str] = (), **more: Any) -> Json:
    item = {"key": key, "author": author, "text": text, "images": [*filter(None, images)], "at": short_time(at)}
    return item | {"receipt": "", "edited": False, "buttons": []} | more


def _line(phone: Phone, line: Line) -> Json:
    photos = [f"/photos/{number}.jpg" for number in line.photos]
    author = "citizen" if line.is_said else "note"
    receipt = _receipt(phone, line) if line.is_said else ""
    return _item(f"c{line.number}", author, line.text, line.at, photos, receipt=receipt, edited=line.is_edited)


def _receipt(phone: Phone, line: Line) -> str:
    if line.statuses is None:
        return SENDING
    if phone.platform.is_polled:
        return FETCHING if line.waits() else RECEIVED
    if not line.statuses:
        return HELD
    if any(200 <= status < 300 for status in line.statuses):
        return RECEIVED
    return f"Loa không nhận: {', '.join(str(status or 'không trả lời') for status in line.statuses)}"


def _letter(phone: Phone, at: int, letter: Letter) -> Json:
    passing = isinstance(phone.platform, PlayedMessenger) and phone.platform.has_quick_replies(letter)
    return _written(phone.name, phone.platform, at, letter) | {"passes": passing}


def _written(name: str, platform: Played, at: int, letter: Letter) -> Json:
    picture = platform.picture_of(letter)
    address = f"/pictures/{name}/{picture}" if picture in platform.pictures else picture
    text = letter.text if letter.text or letter.image or letter.buttons else FORM
    return _item(f"b{at}", "bot", text, letter.at, [address], buttons=[_button(choice) for choice in letter.buttons])


def _button(choice: Choice) -> Json:
    opens = choice.payload.startswith(("http://", "https://"))
    return {"title": choice.title, "url" if opens else "payload": choice.payload}


# what everybody, or the office, reads


def articles(zalo: PlayedZalo) -> list[Json]:
    return _newest(_article(id, article) for id, article in zalo.publishing.articles.items())


def _article(id: str, article: Json) -> Json:
    words = [article["title"], *(part.get("content", "") for part in article.get("body", []))]
    return _item(id, "post", "\n".join(words), article["at"], [article["cover"].get("photo_url", "")])


def broadcasts(zalo: PlayedZalo) -> list[Json]:
    return _newest(
        _item(sent.id, "post", f"{zalo.titles_of(sent)}\nTới {sent.reached} người quan tâm.", sent.at)
        for sent in zalo.publishing.broadcasts
    )


def posts(graph: PlayedMessenger) -> list[Json]:
    return _newest(_post(graph, post) for post in graph.posts)


def _post(graph: PlayedMessenger, post: Json) -> Json:
    words = "\n".join(str(post[name]) for name in ("message", "link") if post.get(name))
    kept, address = f"/pictures/messenger/{post['id']}", str(post.get("picture", ""))
    picture = kept if post["id"] in graph.pictures else address if address.startswith("http") else ""
    return _item(post["id"], "post", words, datetime.fromisoformat(post["created_time"]), [picture])


def chat(telegram: PlayedTelegram, chat: Chat) -> list[Json]:
    return _newest(
        _written("telegram", telegram, at, letter)
        for at, letter in enumerate(telegram.letters)
        if letter.person == chat.id
    )


def _newest(items: Iterable[Json]) -> list[Json]:
    return list(items)[::-1][:MOST]


def lists(zalo: PlayedZalo, graph: PlayedMessenger, telegram: PlayedTelegram, channel: Chat, staff: Chat) -> list[Json]:
    return [
        {"name": "articles", "title": "Bài viết trên Zalo", "items": articles(zalo)},
        {"name": "broadcasts", "title": "Bản tin Zalo đã gửi", "items": broadcasts(zalo)},
        {"name": "posts", "title": "Bài trên Trang Facebook", "items": posts(graph)},
        {"name": "channel", "title": "Bài trong kênh Telegram", "items": chat(telegram, channel)},
        {"name": "staff", "title": "Nhóm cán bộ trên Telegram", "items": chat(telegram, staff)},
    ]
