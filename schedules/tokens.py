"""Renews rotating tokens long before they end; the staff hear of a refusal while there is time to log in again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.channel import Channel, SendError
from data import accounts
from data.database import Database
from schedules.trouble import Troubles


class Tokens(Protocol):
    async def current(self) -> str: ...

    async def warning(self) -> str:
        """What staff should do about the token soon, in Vietnamese; "" when all is well."""


@runtime_checkable
class HasTokens(Protocol):
    tokens: Tokens


async def keep_fresh(database: Database, channels: Mapping[int, Channel], troubles: Troubles, now: datetime) -> None:
    for account_id, channel in channels.items():
        if not isinstance(channel, HasTokens):
            continue
        try:
            await channel.tokens.current()
            words = await channel.tokens.warning()
        except SendError as error:
            await troubles.note(account_id, channel.name, error.advice or str(error))
            continue
        if words:
            await _warn_once_a_day(database, account_id, words, troubles, now)


async def _warn_once_a_day(database: Database, account_id: int, words: str, troubles: Troubles, now: datetime) -> None:
    is_first = await database.write(accounts.is_first_today, f"token-warning-{account_id}", now)
    if is_first:
        await troubles.tell(None, words)
