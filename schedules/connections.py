"""Keeps the channels connected: opens those that are not, and says to staff what hinders one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.channel import Channel, SendError
from data import accounts
from data.database import Database

log = logging.getLogger(__name__)


@dataclass
class Connections:
    database: Database
    channels: Mapping[int, Channel]  # by account id
    clock: Callable[[], datetime]
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
            if await self.database.write(accounts.note_trouble, account_id, str(error), self.clock()):
                log.error("%s is not connected: %s", channel.name, error)
            return
        self.connected.add(account_id)
        await self.database.write(accounts.note_trouble, account_id, "", self.clock())
        log.info("%s connected", channel.name)

    def states(self) -> dict[str, str]:
        """Channel -> "connected", "connecting" or "off"."""
        states = dict.fromkeys(("zalo", "messenger", "telegram", "webchat"), "off")
        for account_id, channel in self.channels.items():
            states[channel.name] = "connected" if account_id in self.connected else "connecting"
        return states
