"""To whom we wrote a moment ago: a flood there is that chat's, and not the whole account's."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

SECONDS = 1.0


class Lately:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._wrote: OrderedDict[str, float] = OrderedDict()  # the oldest first

    def add(self, person: str) -> None:
        self._wrote.pop(person, None)
        self._wrote[person] = self._clock()

    def holds(self, person: str) -> bool:
        since = self._clock() - SECONDS
        while self._wrote and next(iter(self._wrote.values())) < since:
            self._wrote.popitem(last=False)
        return person in self._wrote
