"""What a citizen sees before the first word: the greeting, the Get Started button, first questions, and the menu."""

import logging
from time import monotonic
from typing import Any

from bot.channel import SendError
from bot.channels.messenger.graph import Fields, Graph
from bot.channels.messenger.limits import GREETING, ICE_BREAKERS, MENU_ITEMS, MENU_TITLE, PROFILE_CALLS_APART_SECONDS
from bot.channels.messenger.readers import GET_STARTED
from bot.messages import Button
from bot.text import shorten

log = logging.getLogger(__name__)


class Profile:
    def __init__(self, graph: Graph, greeting: str, menu: tuple[Button, ...]) -> None:
        self._graph = graph
        self._wanted = wanted(greeting, menu)
        self._is_kept = False
        self._not_before = 0.0

    async def keep(self) -> None:
        """An ornament: it hinders nothing when it fails, and is tried again at the next `open`."""
        if self._is_kept or monotonic() < self._not_before:
            return
        self._not_before = monotonic() + PROFILE_CALLS_APART_SECONDS
        try:
            await self._set(differing(self._wanted, await self._found()))
            self._is_kept = True
        except SendError as error:
            log.warning("Messenger's greeting and menu could not be set: %s", error)

    async def _found(self) -> Fields:
        answer = await self._graph.read("/messenger_profile", fields=",".join(self._wanted))
        data = answer.get("data")
        return data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}

    async def _set(self, different: Fields) -> None:
        if different:
            await self._graph.post_unseen("messenger_profile", different)


def wanted(greeting: str, menu: tuple[Button, ...]) -> Fields:
    """Without a menu of ours, one that the office made by hand is left alone."""
    profile: Fields = {"get_started": {"payload": GET_STARTED}}
    if greeting:
        profile["greeting"] = [{"locale": "default", "text": shorten(greeting, GREETING)}]
    if menu:
        items = [_item(button) for button in menu[:MENU_ITEMS]]
        profile["persistent_menu"] = [{"locale": "default", "composer_input_disabled": False, "call_to_actions": items}]
    if questions := [button for button in menu if button.payload][:ICE_BREAKERS]:
        asked = [{"question": button.title, "payload": button.payload} for button in questions]
        profile["ice_breakers"] = [{"locale": "default", "call_to_actions": asked}]
    return profile


def differing(wanted: Fields, found: Fields) -> Fields:
    """What must be set. Meta adds keys of its own to what it gives back."""
    return {key: value for key, value in wanted.items() if not _holds(found.get(key), value)}


def _holds(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_holds(found.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        same_length = isinstance(found, list) and len(found) == len(wanted)
        return same_length and all(_holds(one, other) for one, other in zip(found, wanted, strict=True))
    return bool(found == wanted)


def _item(button: Button) -> Fields:
    title = shorten(button.title, MENU_TITLE)
    if button.url:
        return {"type": "web_url", "title": title, "url": button.url}
    return {"type": "postback", "title": title, "payload": button.payload}
