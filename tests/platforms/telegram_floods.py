"""Too many messages: of the whole bot, to one person, to one group. By the platform's own clock."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from math import ceil

from tests.platforms.server import Clock
from tests.platforms.telegram_messages import TelegramRefusal

MINUTE = timedelta(minutes=1)


class Floods:
    """Switched off at first, since Telegram lets short bursts pass."""

    def __init__(self, clock: Clock) -> None:
        self.person_gap_seconds = 0.0
        self.group_per_minute: int | None = None  # 20 on the real one
        self.account_until: datetime | None = None
        self._clock = clock
        self._sent: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def account(self, seconds: float) -> None:
        """Refuse everything for so long."""
        self.account_until = self._clock() + timedelta(seconds=seconds)

    def check(self, chat: str) -> None:
        now = self._clock()
        until = max(filter(None, (self.account_until, self._chat_until(chat, now))), default=now)
        if until > now:
            wait = ceil((until - now).total_seconds())
            raise TelegramRefusal(429, f"retry after {wait}", retry_after=wait)

    def sent(self, chat: str) -> None:
        self._sent[chat].append(self._clock())

    def _chat_until(self, chat: str, now: datetime) -> datetime | None:
        sent = self._sent[chat]
        while sent and now - sent[0] >= MINUTE:
            sent.popleft()
        if not chat.startswith("-"):
            return sent[-1] + timedelta(seconds=self.person_gap_seconds) if sent else None
        full = self.group_per_minute is not None and len(sent) >= self.group_per_minute
        return sent[0] + MINUTE if full else None
