"""Sends replies: consultation messages with their ornaments, and approved templates.

Buttons and the form for contact details are ornaments: what Zalo refuses of them is switched off, and the words go.
"""

import logging
from typing import Any

from bot.channel import Failure, Limits, SendError, Sending
from bot.channels.zalo import shapes
from bot.channels.zalo.anonymous import is_anonymous, recipient
from bot.channels.zalo.api import Api
from bot.channels.zalo.codes import EXPIRED_PICTURE, NO_SUCH_SHAPE
from bot.channels.zalo.errors import BUSINESS, OA, Host, Refused
from bot.channels.zalo.limits import PAID, TEMPLATE, TEMPLATE_PHONE
from bot.channels.zalo.pictures import Pictures
from bot.messages import Reply
from bot.wire import at, word

log = logging.getLogger(__name__)

_TRACKING = 48  # characters of a tracking id
_PAID_WAYS = (PAID, TEMPLATE, TEMPLATE_PHONE)


class Letters:
    def __init__(self, api: Api, pictures: Pictures, template_id: str, phone_template_id: str) -> None:
        self._api, self._pictures = api, pictures
        self._template_id, self._phone_template_id = template_id, phone_template_id
        self._buttons_pass = self._form_passes = True
        self._title = self._avatar = ""

    def introduce(self, title: str, avatar: str) -> None:
        """How the OA shows itself on the form for contact details."""
        self._title, self._avatar = title, avatar

    async def send(self, person: str, reply: Reply, sending: Sending, limits: Limits) -> str:
        try:
            return await self._by(sending, person, reply, limits)
        except Refused as refused:
            if sending.way in _PAID_WAYS and _closes_the_way(refused, sending.way):
                raise _closed(refused) from refused
            raise

    async def _by(self, sending: Sending, person: str, reply: Reply, limits: Limits) -> str:
        if sending.way == TEMPLATE:
            return await self._template(person, reply)
        if sending.way == TEMPLATE_PHONE:
            return await self._phone_template(reply, sending)
        sent = await self._words(person, reply, limits)
        if reply.asks_contact and self._form_passes and not is_anonymous(person):
            await self._contact_form(person)
        return sent

    async def _words(self, person: str, reply: Reply, limits: Limits) -> str:
        buttons = self._buttons(person, reply, limits)
        try:
            return await self._post(person, await self._message(reply, buttons))
        except Refused as refused:
            if refused.code == EXPIRED_PICTURE and self._pictures.forget(reply.image):
                return await self._post(person, await self._message(reply, buttons))
            if refused.code not in NO_SUCH_SHAPE or not buttons:
                raise
        sent = await self._post(person, await self._message(reply, None))
        # Only now is it sure that the buttons were the fault, and not the person or the text.
        self._buttons_pass = False
        log.warning("Zalo refuses buttons on cs messages: sending none until restart")
        return sent

    async def _contact_form(self, person: str) -> None:
        """Beside the words, which have arrived: whatever becomes of the form is no failure of theirs."""
        try:
            await self._post(person, shapes.message("", shapes.contact_form(self._title, self._avatar)))
        except SendError as error:
            self._form_passes = not (isinstance(error, Refused) and error.code in NO_SUCH_SHAPE)
            log.warning("the form for contact details was not sent: %s", error)

    async def _template(self, person: str, reply: Reply) -> str:
        if is_anonymous(person) or not self._template_id:
            raise SendError(Failure.OUTSIDE_WINDOW, "no template by UID for this person")
        asked = {"user_id": person, "template_id": self._template_id, "template_data": _facts(reply)}
        return word(at(await self._api.post("/v3.0/oa/message/template", asked), "message_id"))

    async def _phone_template(self, reply: Reply, sending: Sending) -> str:
        phone = shapes.phone_84(sending.phone)
        if not phone or not self._phone_template_id:
            raise SendError(Failure.OUTSIDE_WINDOW, "no template by phone for this person")
        asked = {"phone": phone, "template_id": self._phone_template_id, "template_data": _facts(reply)}
        tracked = {"tracking_id": sending.mark[:_TRACKING]} if sending.mark else {}
        return word(at(await self._api.post("/message/template", asked | tracked, BUSINESS), "msg_id"))

    async def _post(self, person: str, message: dict[str, Any]) -> str:
        path = "/v2.0/oa/message" if is_anonymous(person) else "/v3.0/oa/message/cs"
        sent = await self._api.post(path, {"recipient": recipient(person), "message": message})
        return word(at(sent, "message_id"))

    async def _message(self, reply: Reply, buttons: dict[str, Any] | None) -> dict[str, Any]:
        picture = shapes.media("image", **await self._picture(reply.image)) if reply.image else None
        return shapes.message(reply.text or reply.image_alt, picture or buttons)

    async def _picture(self, image: str) -> dict[str, str]:
        if image.startswith("https://"):
            return {"url": image}
        return {"attachment_id": await self._pictures.attachment_id(image)}

    def _buttons(self, person: str, reply: Reply, limits: Limits) -> dict[str, Any] | None:
        if reply.image or not reply.buttons or not self._buttons_pass or is_anonymous(person):
            return None
        most, longest = int(limits.buttons.value or 0), int(limits.button_title.value or 0)
        return shapes.buttons(reply.buttons[:most], longest)


def _facts(reply: Reply) -> dict[str, str]:
    if not reply.facts:
        raise SendError(Failure.REJECTED, "no facts for the template")
    return dict(reply.facts)


def _closes_the_way(refused: Refused, way: str) -> bool:
    """Money or a permission for this way alone: what goes free must not wait for it."""
    host: Host = BUSINESS if way == TEMPLATE_PHONE else OA
    if refused.failure is Failure.NOT_CONNECTED:
        return way != PAID and refused.code not in host.stale
    return refused.failure is Failure.QUOTA


def _closed(refused: Refused) -> SendError:
    return SendError(Failure.QUOTA, refused.detail, only_person=True, advice=refused.advice)
