"""The Page on Messenger: webhook in, Send API out."""

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from bot.channel import Failure, Forged, Limits, SendError
from bot.channels.messenger import payloads
from bot.channels.messenger.errors import DEAD_ATTACHMENT, Refused, fields
from bot.channels.messenger.limits import LIMITS, TEMPLATE_BUTTONS, TEMPLATE_TEXT
from bot.channels.messenger.signature import app_secret_proof, proves
from bot.messages import Attachment, Button, Event, Ignored, Incoming, Reply
from bot.outgoing import Outgoing, may_fetch
from bot.text import shorten

log = logging.getLogger(__name__)

MEDIA_HOSTS = ("fbcdn.net", "fbsbx.com", "facebook.com")
MAX_DOWNLOAD_BYTES = 20_000_000
SUBSCRIBED = (
    "messages",
    "message_echoes",
    "message_edits",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "standby",
)


async def _no_pictures(name: str) -> bytes:
    raise SendError(Failure.REJECTED, f"no stored picture {name}")


@dataclass(eq=False, repr=False)
class Messenger:
    page_id: str
    page_token: str
    app_secret: str
    verify_token: str
    api_url: str  # with the version: https://graph.facebook.com/v26.0
    outgoing: Outgoing
    picture: Callable[[str], Awaitable[bytes]] = _no_pictures
    hosts: Collection[str] = MEDIA_HOSTS
    limits: Limits = LIMITS
    app_id: str = ""  # beside our mark, another way to know our own echoes
    name: str = field(default="messenger", init=False)
    _introduced: bool = field(default=False, init=False)
    _attachment_ids: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def account(self) -> str:
        return self.page_id

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """What to answer Meta's GET when the webhook is set up; None refuses it."""
        given = query.get("hub.verify_token", "").encode()
        known = bool(self.verify_token) and hmac.compare_digest(given, self.verify_token.encode())
        return query.get("hub.challenge") if known and query.get("hub.mode") == "subscribe" else None

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        if not proves(headers.get("X-Hub-Signature-256", ""), body, self.app_secret):
            raise Forged("X-Hub-Signature-256")
        return list(payloads.events(body))

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.parse(body, self.page_id, self.app_id)

    async def send(self, person: str, reply: Reply) -> str:
        if not reply.image:
            return await self._send(person, self._message(reply))
        try:
            return await self._send_picture(person, reply)
        except Refused as refused:
            if refused.codes != DEAD_ATTACHMENT or not self._attachment_ids.pop(reply.image, None):
                raise
            return await self._send_picture(person, reply)

    async def fetch(self, attachment: Attachment) -> bytes:
        if not may_fetch(attachment.source, self.hosts):
            raise SendError(Failure.REJECTED, "attachment not on a host of Facebook")
        return await self.outgoing.download(attachment.source, max_bytes=MAX_DOWNLOAD_BYTES)

    async def open(self) -> None:
        """Subscribes the Page each time: Meta drops the subscription by itself after an hour of failed webhooks."""
        await self._harmless("subscribed_apps", {"subscribed_fields": ",".join(SUBSCRIBED)})
        if not self._introduced:
            await self._introduce()

    async def close(self) -> None: ...

    async def _introduce(self) -> None:
        # The Get Started button is an ornament; and Meta allows ten such calls in ten minutes.
        try:
            await self._harmless("messenger_profile", {"get_started": {"payload": payloads.GET_STARTED}})
            self._introduced = True
        except SendError as error:
            log.warning("Messenger's Get Started button could not be set: %s", error)

    async def _send(self, person: str, message: dict[str, Any]) -> str:
        sent = await self._call("messages", _envelope(person, message))
        return str(sent.get("message_id", ""))

    def _message(self, reply: Reply) -> dict[str, Any]:
        longest = int(self.limits.button_title.value or 0)
        if _fits_template(reply):
            buttons = [_template_button(button, longest) for button in reply.buttons]
            payload = {"template_type": "button", "text": reply.text, "buttons": buttons}
            return {"attachment": {"type": "template", "payload": payload}}
        return {"text": reply.text} | self._quick_replies(reply)

    def _quick_replies(self, reply: Reply) -> dict[str, Any]:
        most, longest = int(self.limits.buttons.value or 0), int(self.limits.button_title.value or 0)
        choices = [button for button in reply.buttons if button.payload][:most]
        return {"quick_replies": [_quick_reply(button, longest) for button in choices]} if choices else {}

    async def _send_picture(self, person: str, reply: Reply) -> str:
        known = self._attachment_ids.get(reply.image)
        if known or reply.image.startswith("https://"):
            payload = {"attachment_id": known} if known else {"url": reply.image, "is_reusable": True}
            sent = await self._call("messages", _envelope(person, _image(payload)))
        else:
            sent = await self._call("messages", await self._picture_form(person, reply.image))
        if sent.get("attachment_id"):
            self._attachment_ids[reply.image] = str(sent["attachment_id"])
        return str(sent.get("message_id", ""))

    async def _picture_form(self, person: str, name: str) -> aiohttp.FormData:
        picture = await self.picture(name)
        kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
        form = aiohttp.FormData()
        for key, value in _envelope(person, _image({"is_reusable": True})).items():
            form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
        form.add_field("filedata", picture, filename=f"picture.{kind}", content_type=f"image/{kind}")
        return form

    async def _harmless(self, edge: str, body: dict[str, Any]) -> None:
        """A call the citizen never sees, and which may be repeated when its answer is lost."""
        try:
            await self._call(edge, body)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNAVAILABLE, error.detail) from error

    async def _call(self, edge: str, body: dict[str, Any] | aiohttp.FormData) -> dict[str, Any]:
        # The token goes in a header because addresses end in the logs of proxies; the proof is worth nothing alone.
        headers = {"Authorization": f"Bearer {self.page_token}"}
        params = {"appsecret_proof": app_secret_proof(self.app_secret, self.page_token)}
        content: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body}
        url = f"{self.api_url.rstrip('/')}/{self.page_id}/{edge}"
        return fields(await self.outgoing.call("POST", url, headers=headers, params=params, **content))


def _envelope(person: str, message: dict[str, Any]) -> dict[str, Any]:
    marked = message | {"metadata": payloads.OUR_MARK}
    return {"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": marked}


def _image(payload: dict[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": "image", "payload": payload}}


def _fits_template(reply: Reply) -> bool:
    """Only a template can open a page; elsewhere the address stands in the text's own menu."""
    opens_page = any(button.url for button in reply.buttons)
    return opens_page and len(reply.buttons) <= TEMPLATE_BUTTONS and len(reply.text) <= TEMPLATE_TEXT


def _template_button(button: Button, longest: int) -> dict[str, str]:
    title = shorten(button.title, longest)
    if button.url:
        return {"type": "web_url", "url": button.url, "title": title}
    return {"type": "postback", "title": title, "payload": button.payload}


def _quick_reply(button: Button, longest: int) -> dict[str, str]:
    return {"content_type": "text", "title": shorten(button.title, longest), "payload": button.payload}
