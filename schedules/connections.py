"""Keeps the channels connected: opens those that are not, and says to staff what hinders one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.channel import Channel, SendError
from schedules.trouble import Troubles

log = logging.getLogger(__name__)


@dataclass
class Connections:
    channels: Mapping[int, Channel]  # by account id
    troubles: Troubles
    opened: Callable[[int, Channel], Awaitable[None]]  # what remains to be done after `open`; may raise SendError
    connected: set[int] = field(default_factory=set)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def connect(self) -> None:
        async with self._one_at_a_time:  # a channel opened twice would be listened to twice
            for account_id, channel in self.channels.items():
                if account_id not in self.connected:
                    await self._connect(account_id, channel)

    async def _connect(self, account_id: int, channel: Channel) -> None:
        try:
            await channel.open()
            await self.opened(account_id, channel)
        except SendError as error:
            await self.troubles.note(account_id, channel.name, str(error))
            return
        self.connected.add(account_id)
        await self.troubles.note(account_id, channel.name, "")
        log.info("%s connected", channel.name)

    def lost(self, account_id: int) -> None:
        """A send was refused for want of a token or a permission: the channel is to be opened anew."""
        self.connected.discard(account_id)

    def states(self) -> dict[str, str]:
        """Channel -> "connected", "connecting" or "off"."""
        states = dict.fromkeys(("zalo", "messenger", "telegram", "webchat"), "off")
        for account_id, channel in self.channels.items():
            states[channel.name] = "connected" if account_id in self.connected else "connecting"
        return states
