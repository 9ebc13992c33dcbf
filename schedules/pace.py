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


BURST = 3  # messages to one person at once that no platform minds
FORGOTTEN_ABOVE = 10_000  # people


class PersonPaces:
    """The pace of what one person gets: a short burst is an answer in pieces, more is a flood."""

    def __init__(self, gap_seconds: float | None) -> None:
        self._gap = gap_seconds or 0.0
        self._next: dict[str, float] = {}

    async def wait(self, person: str) -> None:
        if not self._gap:
            return
        now = monotonic()
        due = max(self._next.get(person, 0.0), now - (BURST - 1) * self._gap)
        self._next[person] = due + self._gap
        if due > now:
            await asyncio.sleep(due - now)
        if len(self._next) > FORGOTTEN_ABOVE:
            self._next = {each: at for each, at in self._next.items() if at > now}
