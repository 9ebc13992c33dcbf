"""The Messenger profile of a Page, played: greeting, Get Started, ice breakers, menu; ten calls in ten minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.platforms.graph_refusals import GraphRefusal, invalid
from tests.platforms.server import Clock
from tests.platforms.wire import Json, decoded

FIELDS = (
    "get_started", "greeting", "ice_breakers", "persistent_menu", "commands", "whitelisted_domains",
    "account_linking_url",
)  # fmt: skip
CALLS, WITHIN = 10, timedelta(minutes=10)
GREETING, QUESTIONS, ITEMS, TITLE, PAYLOAD = 160, 4, 20, 30, 1000


class MessengerProfile:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.set_to: Json = {}
        self.calls: list[datetime] = []

    def read(self, asked: Json) -> Json:
        self._count()
        names = str(asked.get("fields", "")).split(",")
        found = {name: self.set_to[name] for name in names if name in self.set_to}
        return {"data": [found] if found else []}

    def write(self, asked: Json) -> Json:
        self._count()
        given = {name: decoded(asked[name]) for name in FIELDS if name in asked}
        if not given:
            raise invalid("Requires one of the params: " + ",".join(FIELDS))
        for name, value in given.items():
            _CHECKS.get(name, _anything)(value)
        if "persistent_menu" in given and "get_started" not in self.set_to | given:
            raise GraphRefusal(100, "(#100) You must set a Get Started button if you also wish to use persistent menu")
        self.set_to |= given
        return {"result": "success"}

    def delete(self, asked: Json) -> Json:
        self._count()
        for name in decoded(asked.get("fields", [])):
            self.set_to.pop(name, None)
        return {"result": "success"}

    def _count(self) -> None:
        now = self.clock()
        self.calls = [call for call in self.calls if now - call < WITHIN]
        if len(self.calls) >= CALLS:
            raise GraphRefusal(613, "(#613) Calls to this api have exceeded the rate limit.")
        self.calls.append(now)


def _anything(value: object) -> None:
    """No rule is known."""


def _get_started(value: Json) -> None:
    if not 0 < len(value.get("payload", "")) <= PAYLOAD:
        raise invalid("get_started needs a payload")


def _greeting(value: list[Json]) -> None:
    _check_locales(value)
    if any(len(each["text"]) > GREETING for each in value):
        raise invalid(f"greeting is longer than {GREETING}")


def _ice_breakers(value: list[Json]) -> None:
    _check_locales(value)
    if any(not 0 < len(each["call_to_actions"]) <= QUESTIONS for each in value):
        raise invalid(f"1 to {QUESTIONS} ice breakers")


def _menu(value: list[Json]) -> None:
    _check_locales(value)
    for each in value:
        items = each["call_to_actions"]
        if not 0 < len(items) <= ITEMS or any(not 0 < len(item["title"]) <= TITLE for item in items):
            raise invalid("items of the persistent menu")
        if any(item["type"] not in ("postback", "web_url") for item in items):
            raise invalid("type of a persistent menu's item")


def _check_locales(value: list[Json]) -> None:
    if "default" not in [each.get("locale") for each in value]:
        raise invalid("the default locale is required")


_CHECKS: dict[str, Callable[..., None]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "ice_breakers": _ice_breakers,
    "persistent_menu": _menu,
}
