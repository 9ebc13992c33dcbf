"""The Send API, played: who may be written to, when, and in which words."""

import secrets
from typing import Any

from tests.platforms.graph_messages import buttons_of, check_person, check_window, image_of, is_reusable, text_of
from tests.platforms.graph_people import GraphPeople
from tests.platforms.graph_refusals import GraphRefusal, invalid
from tests.platforms.graph_templates import Templates, is_utility
from tests.platforms.server import Letter
from tests.platforms.wire import Json, decoded


class GraphSends(GraphPeople):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.templates = Templates()
        self.uploads: set[str] = set()
        self.echoes = False  # a message_echoes webhook after each send
        self.receipts = ""  # after each send a delivery: with "mids", or with the "watermark" alone
        self.human_agent = True  # the feature is granted
        self.testers: set[str] | None = None  # the app is in development: only these can be written to
        self.usage_percent, self.regain_minutes = 1, 0

    async def template_becomes(self, name: str, status: str, language: str = "vi") -> list[int]:
        told = self.templates.becomes(name, language, status)
        return await self.tells_change("message_template_status_update", told)

    def accept(self, asked: Json) -> Json:
        if self.too_fast():
            raise GraphRefusal(613, "(#613) Calls to this api have exceeded the rate limit.")
        if self.usage_percent >= 100:
            raise GraphRefusal(80006, "(#80006) There have been too many calls to this Messenger account.")
        self.app.need("pages_messaging")
        recipient, message = decoded(asked.get("recipient", {})), decoded(asked.get("message", {}))
        if "comment_id" in recipient:
            return self._answer_comment(str(recipient["comment_id"]), message)
        return self._write_to(str(recipient.get("id", "")), asked | {"message": message})

    def _write_to(self, person: str, asked: Json) -> Json:
        found = check_person(self.people.get(person))
        self._check_reach(person)
        if "sender_action" in asked:
            if asked["message"]:
                raise GraphRefusal(100, "(#100) Message and sender action together", 2018014)
            return {"recipient_id": person}
        if is_utility(asked):
            return self._sent(self.write(person, self.mid(), self.templates.filled(asked)), asked["message"])
        check_window(asked, found, self.clock(), human_agent=self.human_agent)
        return self._compose(person, asked["message"], asked.get("filedata"))

    def _compose(self, person: str, message: Json, file: bytes | None) -> Json:
        image = image_of(message, file, self.uploads)
        letter = self.write(person, self.mid(), text_of(message), buttons_of(message), image)
        if "quick_replies" in message:
            self._quick.add(letter.id)
        kept = {"attachment_id": self._keep()} if image and is_reusable(message) else {}
        return self._sent(letter, message) | kept

    def _answer_comment(self, comment_id: str, message: Json) -> Json:
        comment = self.wall.answered_in_private(comment_id)
        check_person(self.people.get(comment.person))
        self._check_reach(comment.person)
        if not message.get("text") or message.get("attachment"):
            raise invalid("a private reply is a text")
        letter = self.write(comment.person, self.mid(), text_of(message))
        comment.is_answered = True
        return self._sent(letter, message)

    def _check_reach(self, person: str) -> None:
        if self.testers is not None and person not in self.testers:
            words = "(#200) Cannot message users who are not admins, developers or testers of the app"
            raise GraphRefusal(200, words, 2018028)
        if person in self.elsewhere:
            raise GraphRefusal(10, "(#10) Message not sent because another app controls this thread now.", 2018300)

    def _sent(self, letter: Letter, message: Json) -> Json:
        if self.echoes:
            self.in_background(self.echo(letter, self.app.id, message.get("metadata", "")))
        if self.receipts:
            mids = {"mids": [letter.id]} if self.receipts == "mids" else {}
            self.in_background(self.tells(letter.person, {"delivery": {**mids, "watermark": self.now_ms() + 1}}))
        return {"recipient_id": letter.person, "message_id": letter.id}

    def upload(self, asked: Json) -> Json:
        if not isinstance(asked.get("filedata"), bytes) and "url" not in str(asked.get("message")):
            raise GraphRefusal(100, "(#100) Upload attachment failure.", 2018047)
        return {"attachment_id": self._keep()}

    def _keep(self) -> str:
        id = str(secrets.randbelow(10**15) + 10**15)
        self.uploads.add(id)
        return id
