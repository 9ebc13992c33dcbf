"""`getUpdates` or a webhook, never both: the methods that choose between them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.platforms.telegram_messages import TelegramRefusal, check_webhook
from tests.platforms.wire import Json, decoded

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramPlatform

EVERY_UPDATE = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member", "chat_member")
DEFAULT_UPDATES = EVERY_UPDATE[:-1]
SETTING_GAP = timedelta(seconds=1)


class WebhookMethods:
    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform = platform
        self._hooked_at: datetime | None = None

    async def fetched(self, asked: Json) -> list[Json]:
        if self._platform.webhook:
            use = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise TelegramRefusal(409, use)
        self._allow(asked)
        return await self._platform.updates.get(asked)

    def set(self, asked: Json) -> bool:
        url, secret = str(asked.get("url", "")), str(asked.get("secret_token", ""))
        if not url:
            return self.delete(asked)
        check_webhook(asked)
        self._allow(asked)
        if (url, secret) != (self._platform.webhook, self._platform.secret):
            self._not_too_often()
            self._platform.secret = secret
            self._drop_if_asked(asked)
            self._platform.hook.connect(int(asked.get("max_connections", 40)))
            self._platform.hook_up(url)
        return True

    def _not_too_often(self) -> None:
        now = self._platform.clock()
        if self._hooked_at and now - self._hooked_at < SETTING_GAP:
            raise TelegramRefusal(429, "retry after 1", retry_after=1)
        self._hooked_at = now

    def delete(self, asked: Json) -> bool:
        self._drop_if_asked(asked)
        self._platform.hook_up("")
        return True

    def _drop_if_asked(self, asked: Json) -> None:
        if str(asked.get("drop_pending_updates")).lower() == "true":
            self._platform.updates.take_all()
            self._platform.hook.take_all()

    def info(self, _: Json) -> Json:
        platform = self._platform
        pending = len(platform.updates.waiting) + platform.hook.count
        info = {"url": platform.webhook, "has_custom_certificate": False, "pending_update_count": pending}
        if platform.webhook:
            info |= {"max_connections": platform.hook.connections, "ip_address": "127.0.0.1", **platform.hook.info()}
        unusual = set(platform.allowed_updates) != set(DEFAULT_UPDATES)
        return info | ({"allowed_updates": list(platform.allowed_updates)} if unusual else {})

    def _allow(self, asked: Json) -> None:
        """Left out, the list stays as it was; empty or of unknown names only, it is the default again."""
        if "allowed_updates" in asked:
            known = [name for name in decoded(asked["allowed_updates"]) if name in EVERY_UPDATE]
            self._platform.allowed_updates = tuple(known) or DEFAULT_UPDATES
