"""How much one person, and one address, may send in a minute."""

from collections import deque
from collections.abc import Mapping

_MINUTE = 60.0
_MANY = 10_000


class Pace:
    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._seen: dict[str, deque[float]] = {}

    def knows(self, key: str) -> bool:
        """Whether it was counted of late."""
        return key in self._seen

    def wait_seconds(self, key: str, now: float) -> float:
        """0 when one more is welcome (and counted), else how long until it will be."""
        times = self._seen.get(key)
        if times is None:
            self._forget(now)
            times = self._seen[key] = deque(maxlen=self._per_minute)
        if len(times) == self._per_minute and now - times[0] < _MINUTE:
            return _MINUTE - (now - times[0])
        times.append(now)
        return 0.0

    def _forget(self, now: float) -> None:
        if len(self._seen) >= _MANY:
            self._seen = {key: times for key, times in self._seen.items() if now - times[-1] < _MINUTE}


def address(remote: str | None, headers: Mapping[str, str], proxies: frozenset[str]) -> str:
    """Where a request comes from. Behind our own proxy that is what the proxy saw, its last word in the list."""
    if remote and remote not in proxies:
        return remote
    return headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or remote or ""
