"""Renews rotating tokens long before they end; the staff hear of a refusal while there is time to log in again."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from bot.channel import Channel, SendError
from schedules.trouble import Troubles


class Tokens(Protocol):
    async def current(self) -> str: ...


@runtime_checkable
class HasTokens(Protocol):
    tokens: Tokens


async def keep_fresh(channels: Mapping[int, Channel], troubles: Troubles) -> None:
    for account_id, channel in channels.items():
        if not isinstance(channel, HasTokens):
            continue
        try:
            await channel.tokens.current()
        except SendError as error:
            await troubles.note(account_id, channel.name, str(error))
