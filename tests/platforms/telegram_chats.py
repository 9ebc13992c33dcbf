"""Groups and channels: who is in them, and what the bot may do there."""

from dataclasses import dataclass, field
from typing import Any

from tests.platforms.telegram_messages import TelegramRefusal
from tests.platforms.wire import Json

_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories "
    "can_post_messages can_edit_messages can_pin_messages"
).split()
_MAY_SEND = (
    "is_member can_change_info can_invite_users can_pin_messages can_send_messages can_send_polls can_manage_topics "
    "can_send_other_messages can_add_web_page_previews can_send_audios can_send_documents can_send_photos "
    "can_send_videos can_send_video_notes can_send_voice_notes can_react_to_messages can_edit_tag"
).split()
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@dataclass(slots=True)
class Chat:
    id: str
    title: str
    type: str  # group | supergroup | channel
    username: str = ""
    status: str = "member"  # the bot's: member | administrator | restricted | left | kicked
    posts: bool = False  # as an administrator of a channel
    moved_to: str = ""
    members: set[str] = field(default_factory=set)

    def short(self) -> Json:
        name = {"username": self.username} if self.username else {}
        return {"id": int(self.id), "title": self.title, "type": self.type, **name}

    def check_open(self) -> None:
        """Raises the refusal of one who may not write here."""
        if self.moved_to:
            moved = "group chat was upgraded to a supergroup chat"
            raise TelegramRefusal(400, moved, migrate_to_chat_id=int(self.moved_to))
        if self.status == "kicked":
            raise TelegramRefusal(403, f"bot was kicked from the {self.type} chat")
        if self.status == "left":
            raise TelegramRefusal(403, f"bot is not a member of the {self.type} chat")
        if self.type == "channel" and not (self.status == "administrator" and self.posts):
            raise TelegramRefusal(400, "need administrator rights in the channel chat")
        if self.status == "restricted":
            raise TelegramRefusal(400, "not enough rights to send text messages to the chat")

    def bot_as_member(self, bot: Json) -> Json:
        more: dict[str, Any] = {}
        if self.status == "administrator":
            more = dict.fromkeys(_RIGHTS, False) | {"can_post_messages": self.posts}
        elif self.status == "restricted":
            more = dict.fromkeys(_MAY_SEND, False) | {"is_member": True, "until_date": 0}
        elif self.status == "kicked":
            more = {"until_date": 0}
        return {"user": bot, "status": self.status, **more}


class Chats:
    def __init__(self) -> None:
        self._known: dict[str, Chat] = {}

    def group(self, title: str, *members: str, type: str = "supergroup") -> Chat:
        number = len(self._known) + 1
        id = f"-100{1_000_000_000 + number}" if type == "supergroup" else f"-{4_000_000 + number}"
        return self._keep(Chat(id, title, type, members=set(members)))

    def channel(self, title: str, username: str = "", *, posts: bool = True) -> Chat:
        id = f"-100{2_000_000_000 + len(self._known) + 1}"
        return self._keep(Chat(id, title, "channel", username, "administrator" if posts else "left", posts))

    def upgrade(self, group: Chat) -> Chat:
        """A basic group becomes a supergroup with a new id."""
        new = self.group(group.title, *group.members)
        new.status, group.moved_to = group.status, new.id
        return new

    def find(self, id: str) -> Chat | None:
        if id.startswith("@"):
            return next((chat for chat in self._known.values() if chat.username == id[1:]), None)
        return self._known.get(id)

    def _keep(self, chat: Chat) -> Chat:
        self._known[chat.id] = chat
        return chat


def full(short: Json) -> Json:
    """A chat as `getChat` tells of it."""
    return {
        **short,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
