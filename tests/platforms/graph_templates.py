"""Utility templates, played: proposed, looked at, approved or not, and filled."""

import itertools
import re
from typing import Any

from tests.platforms.graph_refusals import GraphRefusal, invalid
from tests.platforms.wire import Json

BODY, BUTTONS = 1024, 3
STATUSES = (
    "PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "LIMIT_EXCEEDED", "ARCHIVED",
    "PENDING_DELETION", "DELETED",
)  # fmt: skip
SHAPES = ("message", "attachment", "top_level")
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class Templates:
    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Json] = {}  # by name and language
        self.shapes: set[str] = set(SHAPES)  # of a send, as this Page takes them
        self.is_allowed = True  # the app's permission
        self.approves_at_once = True
        self._ids = itertools.count(104_595_129_340_398)

    def create(self, asked: Json) -> Json:
        self._check_allowed()
        name, language = str(asked.get("name", "")), str(asked.get("language", ""))
        if not re.fullmatch(r"[a-z0-9_]{1,512}", name) or not language or asked.get("category") != "UTILITY":
            raise invalid("name, language or category of a template")
        if (name, language) in self.known:
            raise GraphRefusal(100, "(#100) Content in this language already exists", 2388024)
        template = {"id": str(next(self._ids)), "name": name, "language": language, "category": "UTILITY"}
        fault = _fault(asked)
        status = "REJECTED" if fault else "APPROVED" if self.approves_at_once else "PENDING"
        self.known[name, language] = {**template, "status": status, "reason": fault or "NONE", "asked": asked}
        return {"id": template["id"], "status": status, "category": "UTILITY"}

    def listed(self, asked: Json) -> Json:
        self._check_allowed()
        shown = ("id", "name", "language", "category", "status")
        found = [each for each in self.known.values() if asked.get("name") in (None, each["name"])]
        return {"data": [{key: each[key] for key in shown} for each in found]}

    def delete(self, asked: Json) -> Json:
        """All languages of a name, or one by its id."""
        self._check_allowed()
        id = asked.get("template_id") or asked.get("hsm_id")
        gone = [key for key, each in self.known.items() if (each["id"] == id if id else key[0] == asked.get("name"))]
        if not gone:
            raise invalid("no such template")
        for key in gone:
            del self.known[key]
        return {"success": True}

    def becomes(self, name: str, language: str, status: str) -> Json:
        """The status as Meta's reviewers set it; what the webhook tells of it."""
        assert status in STATUSES
        template = self.known[name, language]
        template["status"] = status
        told = {"event": status, "message_template_id": template["id"], "message_template_name": name}
        return {**told, "message_template_language": language, "reason": template["reason"]}

    def filled(self, asked: Json) -> str:
        """The words a citizen gets."""
        self._check_allowed()
        shape, sent = _sent(asked)
        if shape not in self.shapes:
            raise invalid(f"the shape {shape} of a utility message")
        template = self.known.get((sent.get("name", ""), sent.get("language", {}).get("code", "")))
        if not template or template["status"] != "APPROVED":
            raise invalid("no such template, or it is not approved")
        return _fill(_body(template["asked"])["text"], sent.get("components", []))

    def _check_allowed(self) -> None:
        if not self.is_allowed:
            raise GraphRefusal(10, "(#10) Application does not have permission for this action")


def is_utility(asked: Json) -> bool:
    return asked.get("messaging_type") == "UTILITY" or "template" in asked


def _sent(asked: Json) -> tuple[str, Json]:
    message = asked.get("message") or {}
    if "template" in asked:
        return "top_level", asked["template"]
    if "template" in message:
        return "message", message["template"]
    payload = (message.get("attachment") or {}).get("payload") or {}
    return "attachment", payload if payload.get("template_type") == "utility_messages" else {}


def _body(asked: Json) -> Json:
    return next((part for part in asked.get("components", []) if part.get("type", "").upper() == "BODY"), {"text": ""})


def _fault(asked: Json) -> str:
    body = _body(asked)
    text, names = body["text"], _VARIABLE.findall(body["text"])
    buttons: list[Any] = next((p["buttons"] for p in asked.get("components", []) if p.get("type") == "BUTTONS"), [])
    if not 0 < len(text) <= BODY or len(buttons) > BUTTONS:
        return "INVALID_FORMAT"
    if any(button.get("type") == "QUICK_REPLY" for button in buttons):
        raise GraphRefusal(100, "(#100) Fatal", 2018416)
    if names and "example" not in body:
        return "TEMPLATE_VARIABLES_MISSING_SAMPLE_VALUES"
    if re.match(r"\s*\{\{", text) or re.search(r"\}\}\W*$", text):
        return "LEADING_TRAILING_PARAMS_NOT_ALLOWED"
    if len(names) * 3 > len(_VARIABLE.sub("", text).split()):
        return "PARAMS_TO_WORD_RATIO_EXCEED_LIMIT"
    return ""


def _fill(text: str, components: list[Json]) -> str:
    given = [one for part in components if part.get("type", "").lower() == "body" for one in part["parameters"]]
    values = {str(one.get("parameter_name", at)): str(one["text"]) for at, one in enumerate(given, 1)}
    if set(values) != set(_VARIABLE.findall(text)):
        raise invalid("Number or names of parameters do not match the expected ones")
    if any("\n" in value or "\t" in value for value in values.values()):
        raise invalid("a parameter holds a new line")
    return _VARIABLE.sub(lambda found: values[found[1]], text)
