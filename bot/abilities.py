"""What a channel may be able to do besides talking: each ability is asked for with `isinstance`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.messages import Event


@dataclass(frozen=True, slots=True)
class Post:
    """A campaign's month as a publication: for everybody to read, and not sent to anyone in particular."""

    title: str
    text: str
    author: str  # the commune
    link: str = ""
    picture: str = ""  # a stored name
    picture_url: str = ""  # the same picture where a platform can fetch it
    picture_alt: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a publication has come. `kept` is stored before the next call and handed to it."""

    kept: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0  # before the next call
    platform_id: str = ""  # set: it is published
    note: str = ""  # for staff, in Vietnamese


@runtime_checkable
class Publishes(Protocol):
    outlet: str  # "zalo_broadcast", "page_post", "telegram_channel"; "" where this account has none

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        """One call towards publishing; `kept` is {} at first. Raises `SendError`, with `advice` for staff.

        `kept["unheard"]` says that the last call was made and nobody knows what became of it: look before making
        anything twice, and where that cannot be seen raise UNSURE.
        """


@runtime_checkable
class Probes(Protocol):
    async def probe(self) -> dict[str, str]:
        """What this account is and may do: Vietnamese label -> Vietnamese words. Raises `SendError`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at by `check`, in Vietnamese."""

    what: str
    ok: bool
    said: str
    todo: str = ""  # the next step, when it is not well


@runtime_checkable
class Inspects(Protocol):
    async def inspect(self, webhook: str, now: datetime) -> list[Finding]:
        """Everything that can be asked of the platform; `webhook` is our address there, "" when there is none."""


@runtime_checkable
class CatchesUp(Protocol):
    async def missed(self, since: datetime) -> list[Event]:
        """What was said since then as the platform remembers it, oldest first, with the ids that a webhook would
        bring (a repeat is harmless). Raises `SendError`."""


@dataclass(frozen=True, slots=True)
class Said:
    id: str
    text: str
    at: datetime


@runtime_checkable
class Recalls(Protocol):
    async def said_to(self, person: str) -> Sequence[Said]:
        """What this account said to a person lately. Raises `SendError`."""


@runtime_checkable
class KnowsPeople(Protocol):
    async def name_of(self, person: str) -> str:
        """The name a citizen shows on the platform; "" when it does not tell. Raises `SendError`."""


@runtime_checkable
class Connects(Protocol):
    def consent_link(self, redirect: str, state: str) -> str:
        """Where an administrator of the account goes to let us act for it."""

    async def accept(self, code: str) -> None:
        """Exchange the code that came back for tokens, and keep them. Raises `SendError`."""


@runtime_checkable
class Throttles(Protocol):
    @property
    def rest_seconds(self) -> float:
        """How long the platform's last headers ask this account to rest; 0.0 when they ask nothing."""
