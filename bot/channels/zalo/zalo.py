"""The Zalo Official Account: webhook in, `tin tư vấn` (cs messages) out."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.channel import Failure, Forged, Limits, SendError
from bot.channels.zalo import payloads
from bot.channels.zalo.errors import EXPIRED_PICTURE, NO_SUCH_SHAPE, STALE_TOKEN, Refused, data
from bot.channels.zalo.limits import LIMITS
from bot.channels.zalo.pictures import Pictures
from bot.channels.zalo.signature import proves
from bot.channels.zalo.tokens import Tokens
from bot.messages import Attachment, Button, Event, Ignored, Incoming, Reply
from bot.outgoing import Outgoing, may_fetch
from bot.text import shorten

log = logging.getLogger(__name__)

MEDIA_HOSTS = ("zdn.vn", "zadn.vn", "zalo.me", "zaloapp.com")
MAX_DOWNLOAD_BYTES = 20_000_000


async def _no_pictures(name: str) -> bytes:
    raise SendError(Failure.REJECTED, f"no stored picture {name}")


@dataclass(eq=False, repr=False)
class Zalo:
    app_id: str
    oa_secrets: tuple[str, ...]  # more than one while the key is being changed
    oa_id: str
    tokens: Tokens
    api_url: str
    outgoing: Outgoing
    picture: Callable[[str], Awaitable[bytes]] = _no_pictures
    hosts: Collection[str] = MEDIA_HOSTS
    limits: Limits = LIMITS
    name: str = field(default="zalo", init=False)
    _buttons_pass: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        self._pictures = Pictures(self.picture, self._upload)

    @property
    def account(self) -> str:
        return self.oa_id

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        fields = payloads.read(body)
        if not payloads.event_name(fields):
            return []  # the unsigned probe of the console, which must be answered 200 or the address is not saved
        self._prove(headers, fields, body)
        return [payloads.event(fields, body)]

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.parse(body, self.oa_id)

    async def send(self, person: str, reply: Reply) -> str:
        buttons = self._buttons(reply)
        try:
            return await self._send(person, await self._message(reply, buttons))
        except Refused as refused:
            if refused.code == EXPIRED_PICTURE and self._pictures.forget(reply.image):
                return await self._send(person, await self._message(reply, buttons))
            if refused.code not in NO_SUCH_SHAPE or not buttons:
                raise
        sent = await self._send(person, await self._message(reply, []))
        # Only now is it sure that the buttons were the fault, and not the person or the text.
        self._buttons_pass = False
        log.warning("Zalo refuses buttons on cs messages: sending none until restart")
        return sent

    async def fetch(self, attachment: Attachment) -> bytes:
        if not may_fetch(attachment.source, self.hosts):
            raise SendError(Failure.REJECTED, "attachment not on a host of Zalo")
        return await self.outgoing.download(attachment.source, max_bytes=MAX_DOWNLOAD_BYTES)

    async def open(self) -> None:
        oa = await self._harmless("GET", "/v2.0/oa/getoa")
        owner = str(oa.get("oaid") or oa.get("oa_id") or self.oa_id)
        if owner != self.oa_id:
            raise SendError(Failure.NOT_CONNECTED, f"the token belongs to OA {owner}, not to {self.oa_id}")

    async def close(self) -> None:
        await self.tokens.close()

    def _prove(self, headers: Mapping[str, str], fields: payloads.Fields, body: bytes) -> None:
        if str(fields.get("app_id", self.app_id)) != self.app_id:
            raise Forged("event of another app")
        # The body's own timestamp is the documented one; the header is claimed by some receivers.
        timestamps = (payloads.timestamp(fields), headers.get("X-ZEvent-Timestamp", ""))
        if not proves(headers.get("X-ZEvent-Signature", ""), self.app_id, body, timestamps, self.oa_secrets):
            raise Forged("X-ZEvent-Signature")

    async def _send(self, person: str, message: dict[str, Any]) -> str:
        sent = await self._call("POST", "/v3.0/oa/message/cs", {"recipient": {"user_id": person}, "message": message})
        return str(sent.get("message_id", ""))

    async def _message(self, reply: Reply, buttons: list[dict[str, Any]]) -> dict[str, Any]:
        text = reply.text or reply.image_alt
        message: dict[str, Any] = {"text": text} if text else {}
        if reply.image:
            payload = {"template_type": "media", "elements": [await self._media(reply.image)]}
            message["attachment"] = {"type": "template", "payload": payload}
        elif buttons:
            message["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
        return message

    async def _media(self, image: str) -> dict[str, str]:
        if image.startswith("https://"):
            return {"media_type": "image", "url": image}
        return {"media_type": "image", "attachment_id": await self._pictures.attachment_id(image)}

    def _buttons(self, reply: Reply) -> list[dict[str, Any]]:
        if reply.image or not self._buttons_pass:
            return []
        most, longest = int(self.limits.buttons.value or 0), int(self.limits.button_title.value or 0)
        return [_button(button, longest) for button in reply.buttons[:most]]

    async def _upload(self, picture: bytes) -> str:
        uploaded = await self._harmless("POST", "/v2.0/oa/upload/image", picture=picture)
        return str(uploaded.get("attachment_id", ""))

    async def _harmless(self, method: str, path: str, *, picture: bytes = b"") -> dict[str, Any]:
        """A call the citizen never sees: when its answer is lost, the message was surely not sent."""
        try:
            return await self._call(method, path, picture=picture)
        except SendError as error:
            if error.failure is not Failure.UNSURE:
                raise
            raise SendError(Failure.UNAVAILABLE, error.detail) from error

    async def _call(
        self, method: str, path: str, json: dict[str, Any] | None = None, *, picture: bytes = b""
    ) -> dict[str, Any]:
        token = await self.tokens.current()
        try:
            return await self._once(token, method, path, json, picture)
        except Refused as refused:
            if refused.code not in STALE_TOKEN:
                raise
        await self.tokens.refresh(token)
        return await self._once(await self.tokens.current(), method, path, json, picture)

    async def _once(
        self, token: str, method: str, path: str, json: dict[str, Any] | None, picture: bytes
    ) -> dict[str, Any]:
        body = _form(picture) if picture else None
        url = f"{self.api_url.rstrip('/')}{path}"
        return data(await self.outgoing.call(method, url, headers={"access_token": token}, json=json, data=body))


def _button(button: Button, longest: int) -> dict[str, Any]:
    title = shorten(button.title, longest)
    if button.url:
        return {"title": title, "type": "oa.open.url", "payload": {"url": button.url}}
    return {"title": title, "type": "oa.query.hide", "payload": payloads.PRESS_MARK + button.payload}


def _form(picture: bytes) -> aiohttp.FormData:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    form = aiohttp.FormData()
    form.add_field("file", picture, filename=f"picture.{kind}", content_type=f"image/{kind}")
    return form
