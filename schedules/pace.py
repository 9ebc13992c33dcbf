"""A steady pace for sends: the generic cell rate algorithm, with a second's worth of burst."""

import asyncio
from time import monotonic


class Pace:
    def __init__(self, per_second: float | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._burst = max(1.0, per_second or 1.0) * self._gap
        self._next = 0.0

    async def wait(self) -> None:
        """Return when one more send is within the pace."""
        if not self._gap:
            return
        now = monotonic()
        self._next = max(self._next, now - self._burst + self._gap) + self._gap
        ahead = self._next - now - self._gap
        if ahead > 0:
            await asyncio.sleep(ahead)
