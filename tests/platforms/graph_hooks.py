"""Meta's webhooks, played for one Page: what it tells us, signed, escaped, and with its own disorder."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.platforms.graph_app import App
from tests.platforms.server import Clock, Letter, Platform
from tests.platforms.wire import Json

PAGE_INBOX_APP = 26390203743090
UNSUBSCRIBED_AFTER = timedelta(hours=1)
# A key in an event -> the field that must be subscribed for it.
_FIELDS = {
    "message_edit": "message_edits",
    "reaction": "message_reactions",
    "postback": "messaging_postbacks",
    "referral": "messaging_referrals",
    "optin": "messaging_optins",
    "delivery": "message_deliveries",
    "read": "message_reads",
    "policy_enforcement": "messaging_policy_enforcement",
    "pass_thread_control": "messaging_handovers",
    "take_thread_control": "messaging_handovers",
}


class GraphHooks(Platform):
    patience_seconds = 5

    def __init__(
        self, webhook: str, retry_delays: tuple[float, ...], clock: Clock, page_id: str, app: App, verify_token: str
    ) -> None:
        super().__init__(webhook, retry_delays, clock)
        self.page_id = page_id
        self.app = app
        self.verify_token = verify_token
        self.escapes_more = False  # also the signs that older documentation names
        self.signs_wrongly = False
        self.elsewhere: set[str] = set()  # people whose conversation another app holds
        self._held: list[tuple[bytes, Mapping[str, str]]] | None = None
        self._failing_since: datetime | None = None

    async def verify(self) -> tuple[int, str]:
        """The handshake before a webhook is saved; the right answer is (200, "1158201444")."""
        query = {"hub.mode": "subscribe", "hub.verify_token": self.verify_token, "hub.challenge": "1158201444"}
        return await self.fetch("GET", self.webhook, params=query)

    def signature(self, body: bytes) -> str:
        key = b"another key" if self.signs_wrongly else self.app.secret.encode()
        return f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"

    def holds_back(self) -> None:
        """Deliver nothing until `lets_go`."""
        self._held = []

    async def lets_go(self) -> list[list[int]]:
        """Deliver what was held back, the latest first, as after a failure."""
        held, self._held = self._held or [], None
        return [await self.deliver(body, headers) for body, headers in reversed(held)]

    def after_delivery(self, status: int) -> None:
        """An hour without one success, and the app is taken off the Page."""
        if not self.tries_again(status):
            self._failing_since = None
            return
        self._failing_since = self._failing_since or self.clock()
        self.unsubscribed = self.clock() - self._failing_since >= UNSUBSCRIBED_AFTER

    async def tells(self, person: str, what: Json) -> list[int]:
        """An event of this person's, such as {"message": …}."""
        return await self._event({"sender": {"id": person}, "recipient": {"id": self.page_id}}, what, person)

    async def tells_of_page(self, what: Json) -> list[int]:
        """An event about the Page itself: nobody sent it."""
        return await self._event({"recipient": {"id": self.page_id}}, what, "")

    async def tells_change(self, field: str, value: Json) -> list[int]:
        """A change on the Page; its entry counts in seconds."""
        if not self.app.hears(field):
            return []
        return await self._entry(self.now_ms() // 1000, "changes", {"field": field, "value": value})

    async def echo(self, letter: Letter, app_id: int, metadata: str = "") -> list[int]:
        told = {"metadata": metadata} if metadata else {}
        message = {"is_echo": True, "app_id": app_id, **told, "mid": letter.id, "text": letter.text}
        between = {"sender": {"id": self.page_id}, "recipient": {"id": letter.person}}
        return await self._event(between, {"message": message}, letter.person)

    async def _event(self, between: Json, what: Json, person: str) -> list[int]:
        if not self.app.hears(_field(what)):
            return []
        now = self.now_ms()
        array = "standby" if person in self.elsewhere and "pass_thread_control" not in what else "messaging"
        return await self._entry(now, array, {**between, "timestamp": now, **what})

    async def _entry(self, time: int, array: str, item: Json) -> list[int]:
        body = escaped({"object": "page", "entry": [{"id": self.page_id, "time": time, array: [item]}]})
        if self.escapes_more:
            for sign in "<%@":
                body = body.replace(sign.encode(), f"\\u{ord(sign):04X}".encode())
        headers = {"X-Hub-Signature-256": self.signature(body)}
        if self._held is not None:
            self._held.append((body, headers))
            return []
        return await self.deliver(body, headers)


def _field(what: Json) -> str:
    if what.get("message", {}).get("is_echo"):
        return "message_echoes"
    return next((_FIELDS[key] for key in what if key in _FIELDS), "messages")


def escaped(value: Any) -> bytes:
    """As Meta writes JSON: nothing but ASCII, and a slash as `\\\\/`. These bytes are what it signs."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
