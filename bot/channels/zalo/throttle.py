"""How long Zalo asks us to rest: the headers of its answers, and its -32, which was not executed."""

import time
from collections.abc import Callable, Mapping

from bot.channels.zalo.errors import whole

MINUTE = 60.0
_FEW = 10  # per cent of the limit
_FIRST_REST = 2.0


class Throttle:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0
        self._refused_for = 0.0

    @property
    def rest_seconds(self) -> float:
        return max(0.0, self._until - self._clock())

    def heard(self, headers: Mapping[str, str]) -> None:
        """What is left of the minute's calls is spread over a minute once it is little."""
        self._refused_for = 0.0
        left, limit = whole(headers.get("X-RateLimit-Remain")), whole(headers.get("X-RateLimit-Limit"))
        if left is not None and left * 100 < (limit or 100) * _FEW:
            self._rest(MINUTE / (max(left, 0) + 1))

    def refused(self) -> float:
        """The rest after a -32: 2, 4, 8 … 60 seconds. Calls that were under way together count as one."""
        if not self.rest_seconds:
            self._refused_for = min(self._refused_for * 2 or _FIRST_REST, MINUTE)
            self._rest(self._refused_for)
        return self.rest_seconds

    def _rest(self, seconds: float) -> None:
        self._until = max(self._until, self._clock() + seconds)
