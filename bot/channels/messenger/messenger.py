"""The Page on Messenger: webhook in, Send API out; and its wall."""

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.abilities import Finding, Post, Step
from bot.channel import PLAIN, Failure, Forged, Limits, SendError, Sending, Way
from bot.channels.messenger import bodies, payloads
from bot.channels.messenger.bodies import Shape, Template
from bot.channels.messenger.errors import DEAD_TOKEN, NO_PROFILE, Refused
from bot.channels.messenger.graph import Fields, Graph
from bot.channels.messenger.inspection import Inspection
from bot.channels.messenger.limits import LIMITS, STANDARD, UTILITY, ways
from bot.channels.messenger.news import COMMENT
from bot.channels.messenger.pictures import Pictures
from bot.channels.messenger.posts import Posts
from bot.channels.messenger.profile import Profile
from bot.channels.messenger.signature import proves
from bot.channels.messenger.subscription import Subscription
from bot.messages import Attachment, Button, Event, Ignored, Incoming, Reply
from bot.outgoing import Outgoing, may_fetch
from bot.wire import word

log = logging.getLogger(__name__)

MEDIA_HOSTS = ("fbcdn.net", "fbsbx.com", "facebook.com")
MAX_DOWNLOAD_BYTES = 20_000_000
GREETING = (
    "Kính chào ông/bà. Đây là kênh hỏi đáp tự động của UBND, có cán bộ cùng trực. "
    "Mời ông/bà bấm “Bắt đầu” hoặc nhắn điều cần hỏi."
)


async def _no_pictures(name: str) -> bytes:
    raise SendError(Failure.REJECTED, f"no stored picture {name}")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False, repr=False)
class Messenger:
    page_id: str
    page_token: str
    app_secret: str
    verify_token: str
    api_url: str  # with the version: https://graph.facebook.com/v26.0
    outgoing: Outgoing
    picture: Callable[[str], Awaitable[bytes]] = _no_pictures
    hosts: Collection[str] = MEDIA_HOSTS
    limits: Limits = LIMITS
    app_id: str = ""  # lets us ask about our key, and is another way to know our own echoes
    human_agent: bool = False  # Meta has granted the app "Human Agent"
    utility_template: str = ""  # the name of an approved template; "" while there is none
    utility_language: str = "vi"
    utility_shape: Shape = "message"
    publishes: bool = False  # on the Page's wall; and comments there are heard
    menu: tuple[Button, ...] = ()
    greeting: str = GREETING
    clock: Callable[[], datetime] = _utc_now
    name: str = field(default="messenger", init=False)
    outlet: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.outlet = "page_post" if self.publishes else ""
        self._template = self._approved_template()
        graph = Graph(self.page_id, self.page_token, self.app_secret, self.app_id, self.api_url, self.outgoing)
        self._graph = graph
        self._pictures = Pictures(graph, self.picture)
        self._posts = Posts(graph, self.picture, self.clock)
        self._profile = Profile(graph, self.greeting, self.menu)
        self._subscription = Subscription(graph, self._wished())
        self._inspection = Inspection(graph, self._subscription, publishes=self.publishes, template=self._template)

    @property
    def account(self) -> str:
        return self.page_id

    @property
    def ways(self) -> tuple[Way, ...]:
        return tuple(ways(self.limits, human_agent=self.human_agent, utility=self._template is not None))

    @property
    def rest_seconds(self) -> float:
        return self._graph.rest_seconds

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """What to answer Meta's GET when the webhook is set up; None refuses it."""
        given = query.get("hub.verify_token", "").encode()
        known = bool(self.verify_token) and hmac.compare_digest(given, self.verify_token.encode())
        return query.get("hub.challenge") if known and query.get("hub.mode") == "subscribe" else None

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        if not proves(headers.get("X-Hub-Signature-256", ""), body, self.app_secret):
            raise Forged("X-Hub-Signature-256")
        return list(payloads.events(body))

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.parse(body, self.page_id, self.app_id)

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        """To a person, or once and in text only to whoever wrote a comment (`comment:<id>`)."""
        try:
            sent = await self._send(person, reply, sending)
        except Refused as refused:
            raise _only_this_way(refused, sending.way) from refused
        return str(sent.get("message_id", ""))

    async def fetch(self, attachment: Attachment) -> bytes:
        if not may_fetch(attachment.source, self.hosts):
            raise SendError(Failure.REJECTED, "attachment not on a host of Facebook")
        return await self.outgoing.download(attachment.source, max_bytes=MAX_DOWNLOAD_BYTES)

    async def open(self) -> None:
        await self._subscription.renew()
        await self._profile.keep()

    async def close(self) -> None: ...

    async def still_subscribed(self) -> bool:
        """False: Meta had dropped us, and has been asked anew. Raises `SendError`."""
        if not await self._subscription.is_lost():
            return True
        await self._subscription.renew()
        return False

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        return await self._posts.publish(post, kept)

    async def probe(self) -> dict[str, str]:
        return await self._inspection.page()

    async def inspect(self, webhook: str, now: datetime) -> list[Finding]:
        return await self._inspection.findings(webhook, now)

    async def name_of(self, person: str) -> str:
        if person.startswith(COMMENT):
            return ""
        try:
            profile = await self._graph.read(person, fields="first_name,last_name")
        except Refused as refused:
            if refused.codes[1] not in NO_PROFILE and refused.codes[0] not in NO_PROFILE:
                raise
            return ""
        # as Vietnamese names are written: the family first
        return f"{word(profile.get('last_name'))} {word(profile.get('first_name'))}".strip()

    async def _send(self, person: str, reply: Reply, sending: Sending) -> Fields:
        if sending.way == UTILITY and self._template:
            filled = bodies.filled(person, self._template, reply.facts, sending.mark)
            return await self._graph.post("messages", filled)
        if person.startswith(COMMENT):
            text = {"text": reply.text or reply.image_alt}
            return await self._graph.post("messages", bodies.envelope(person, STANDARD, sending.mark, text))
        if not reply.image:
            message = bodies.message(reply, self.limits)
            return await self._graph.post("messages", bodies.envelope(person, sending.way, sending.mark, message))
        choices = bodies.quick_replies(reply, self.limits)
        return await self._pictures.send(
            reply.image, lambda image: bodies.envelope(person, sending.way, sending.mark, image | choices)
        )

    def _approved_template(self) -> Template | None:
        if not self.utility_template:
            return None
        return Template(self.utility_template, self.utility_language, self.utility_shape)

    def _wished(self) -> tuple[str, ...]:
        comments = ("feed",) if self.publishes else ()
        return (*comments, "message_template_status_update") if self._template else comments


def _only_this_way(refused: Refused, way: str) -> SendError:
    """A right or a template that is missing closes the one way that needs it, not the whole channel."""
    special = way not in ("", STANDARD) and refused.codes[0] != DEAD_TOKEN
    closed = (Failure.NOT_CONNECTED, Failure.REJECTED) if way == UTILITY else (Failure.NOT_CONNECTED,)
    if not special or refused.failure not in closed:
        return refused
    log.warning("Messenger refuses the way %s: %s", way, refused)
    return SendError(Failure.OUTSIDE_WINDOW, refused.detail, advice=refused.advice)
