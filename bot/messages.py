"""The inner words: what a citizen says and what we answer, the same on every channel.

Platform payloads become these at the door (`Channel.parse`) and these become platform calls at the way out
(`Channel.send`); nothing in between knows a platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Event:
    """One raw arrival, cut out of a webhook body, before anyone has understood it.

    `at_ms` is the event's own time in epoch milliseconds: a platform that delivers again repeats it, so that
    (account, at_ms, id) finds the repeat. `person` is the platform's id of the citizen ("" when there is none).
    """

    id: str
    at_ms: int
    person: str
    body: bytes


class Kind(StrEnum):
    MESSAGE = "message"  # text, attachments, a place: any mix of them
    PRESS = "press"  # a button; `payload` says which
    START = "start"  # the citizen opened the conversation; `payload` may carry a deep link
    FOLLOW = "follow"
    STOP = "stop"  # unfollowed or blocked us: news, not an error
    RETURN = "return"  # unblocked us
    EDIT = "edit"  # changed an earlier message; `payload` is that message's id
    WITHDRAW = "withdraw"  # asked the platform to have personal data erased
    STAFF = "staff"  # a person of the office answered in the platform's own inbox
    FORM = "form"  # shared contact details through the platform's own form
    SENT = "sent"  # our own message, seen on the platform; `payload` is the mark we gave it
    REACTED = "reacted"  # an emoji under a message of ours: says nothing, and may open the window
    COMMENT = "comment"  # under a post of ours, for all to read; `about` is that post
    ACCOUNT = "account"  # the platform about our own account; `text` says it to staff


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo, voice note, video or file.

    `source` is where its bytes are: an https address, a platform's file id, or a stored name.
    """

    kind: str  # image | audio | video | file
    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Incoming:
    person: str
    at: datetime
    kind: Kind
    text: str = ""
    payload: str = ""
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    name: str = ""  # the citizen's name, where the platform tells it
    phone: str = ""  # only when the platform vouches that it is the sender's own
    message_id: str = ""  # the platform's id of this message
    album: str = ""  # photos sent together share it, and come one by one
    chat: str = ""  # the group in which it was said; "" between the two of us
    about: str = ""  # the post that a comment stands under


@dataclass(frozen=True, slots=True)
class Ignored:
    """An arrival that asks nothing of us; `reason` is kept with it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply: `payload` comes back as a press, or `url` opens a page."""

    title: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: str = ""  # https address, or a stored name the channel can read
    image_alt: str = ""
    spoken_buttons: tuple[str, ...] = field(default=())  # titles already numbered inside `text`
    facts: Mapping[str, str] = field(default_factory=dict)  # what the text says, for a platform's approved template
    asks_contact: bool = False  # the platform's own way to share one's phone is offered, where it has one
