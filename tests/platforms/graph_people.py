"""What people do on Messenger and on the Page's wall, as webhooks."""

from typing import Any

from tests.platforms.graph_hooks import PAGE_INBOX_APP, GraphHooks
from tests.platforms.graph_posts import Wall
from tests.platforms.server import Letter
from tests.platforms.wire import Json


class GraphPeople(GraphHooks):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.wall = Wall(self.page_id, self.clock)
        self.get_started = "GET_STARTED"
        self._quick: set[str] = set()  # letters whose buttons are quick replies

    async def says(self, person: str, text: str) -> list[int]:
        return await self._message(person, {"text": text})

    async def presses(self, person: str, payload: str) -> list[int]:
        """A quick reply comes as a message with its title, any other button as a postback."""
        letter = self._offering(person, payload)
        title = next((choice.title for choice in letter.buttons if choice.payload == payload), "") if letter else ""
        if letter and letter.id in self._quick:
            return await self._message(person, {"quick_reply": {"payload": payload}, "text": title})
        return await self._postback(person, title or payload, payload)

    async def shares_phone(self, person: str, phone: str) -> list[int]:
        return await self._message(person, {"quick_reply": {"payload": phone}, "text": phone})

    async def sends_photo(self, person: str, caption: str = "") -> list[int]:
        """Messenger sends words under a photo as a message of their own."""
        attachment = {"type": "image", "payload": {"url": self.new_photo()}}
        statuses = await self._message(person, {"attachments": [attachment]})
        return statuses + (await self.says(person, caption) if caption else [])

    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]:
        """There is no place to share any more: people send a link to a map."""
        url = f"https://maps.google.com/?q={latitude},{longitude}"
        return await self._message(
            person, {"text": url, "attachments": [{"type": "fallback", "payload": {"url": url, "title": "Map"}}]}
        )

    async def edits(self, person: str, message_id: str, text: str) -> list[int]:
        return await self.tells(person, {"message_edit": {"mid": message_id, "text": text, "num_edit": 1}})

    async def reacts(self, person: str, message_id: str) -> list[int]:
        self.heard_from(person)
        reaction = {"reaction": "love", "emoji": "❤️", "action": "react", "mid": message_id}
        return await self.tells(person, {"reaction": reaction})

    async def reads(self, person: str) -> list[int]:
        return await self.tells(person, {"read": {"watermark": self.now_ms()}})

    async def follows_link(self, person: str, ref: str) -> list[int]:
        """An m.me link into a conversation that exists."""
        self.heard_from(person)
        return await self.tells(person, {"referral": {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}})

    async def follows(self, person: str) -> list[int]:
        found = self.person(person)
        found.follows, found.blocked = True, False
        return await self._postback(person, "Bắt đầu", self.get_started)

    async def blocks(self, person: str) -> list[int]:
        """No webhook tells of it: the next send does."""
        self.person(person).blocked = True
        return []

    async def comments_on(self, person: str, text: str, post_id: str = "") -> list[int]:
        """Under a post of the Page, for all to read. Who writes there has another id than in a conversation."""
        comment = self.wall.comment(person, post_id or f"{self.page_id}_1")
        author = {"id": f"9{person[1:]}", "name": self.person(person).name}
        told = {"comment_id": comment.id, "post_id": comment.post_id, "parent_id": comment.post_id, "from": author}
        seconds = self.now_ms() // 1000
        value = {"item": "comment", "verb": "add", **told, "created_time": seconds, "message": text}
        return await self.tells_change("feed", value)

    async def staff_writes(self, person: str, text: str) -> list[int]:
        """Somebody of the office answers in the Page's inbox."""
        letter = self.write(person, self.mid(), text)
        return await self.echo(letter, PAGE_INBOX_APP)

    async def another_app_takes(self, person: str) -> list[int]:
        self.elsewhere.add(person)
        change = {"previous_owner_app_id": str(self.app.id), "new_owner_app_id": "263902037430900"}
        return await self.tells(person, {"take_thread_control": change})

    async def is_handed_back(self, person: str) -> list[int]:
        self.elsewhere.discard(person)
        change = {"previous_owner_app_id": "263902037430900", "new_owner_app_id": str(self.app.id)}
        return await self.tells(person, {"pass_thread_control": change})

    async def is_enforced(self, action: str, reason: str = "") -> list[int]:
        """`action`: warning, block or unblock."""
        told = {"reason": reason} if reason else {}
        return await self.tells_of_page({"policy_enforcement": {"action": action, **told}})

    def mid(self) -> str:
        return f"m_{self._run}{self.next_number():012d}"

    async def _message(self, person: str, message: Json) -> list[int]:
        self.heard_from(person)
        return await self.tells(person, {"message": {"mid": self.mid(), **message}})

    async def _postback(self, person: str, title: str, payload: str) -> list[int]:
        self.heard_from(person)
        return await self.tells(person, {"postback": {"mid": self.mid(), "title": title, "payload": payload}})

    def _offering(self, person: str, payload: str) -> Letter | None:
        """The last letter with this button."""
        letters = reversed(self.letters_to(person))
        return next((letter for letter in letters if payload in (choice.payload for choice in letter.buttons)), None)
