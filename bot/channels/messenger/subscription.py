"""Which events Meta sends us: asked for anew when it has forgotten, as it does after an hour of failed webhooks."""

import logging
from typing import Any

from bot.channels.messenger.errors import DEAD_TOKEN, Refused
from bot.channels.messenger.graph import Graph

NEEDED = (
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "standby",
)

log = logging.getLogger(__name__)


class Subscription:
    def __init__(self, graph: Graph, wished: tuple[str, ...]) -> None:
        self._graph = graph
        self._wished = wished  # what Meta may refuse for want of a permission, without harm to the rest
        self.granted: tuple[str, ...] = NEEDED

    async def renew(self) -> None:
        for count in range(len(self._wished), 0, -1):
            try:
                return await self._ask(NEEDED + self._wished[:count])
            except Refused as refused:
                if refused.codes[0] == DEAD_TOKEN:
                    raise
                log.warning("Messenger gives no events of %s: %s", self._wished[count - 1], refused)
        await self._ask(NEEDED)

    async def is_lost(self) -> bool:
        """By the one field that always comes back under its own name."""
        return "messages" in await self.missing()

    async def missing(self) -> tuple[str, ...]:
        """What we had been granted, and Meta no longer sends."""
        answer = await self._graph.read("/subscribed_apps")
        found = next((row for row in _rows(answer.get("data")) if self._is_ours(row)), {})
        return tuple(name for name in self.granted if name not in _names(found))

    async def _ask(self, fields: tuple[str, ...]) -> None:
        await self._graph.post_unseen("subscribed_apps", {"subscribed_fields": ",".join(fields)})
        self.granted = fields

    def _is_ours(self, row: dict[str, Any]) -> bool:
        if self._graph.app_id:
            return str(row.get("id")) == self._graph.app_id
        return "messages" in _names(row)


def _names(row: dict[str, Any]) -> list[Any]:
    names = row.get("subscribed_fields")
    return names if isinstance(names, list) else []


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
