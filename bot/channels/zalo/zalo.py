"""The Zalo Official Account as a channel: every ability stands here, and is done in a file of its own."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.abilities import Finding, Post, Said, Step
from bot.channel import PLAIN, Failure, Forged, Limits, SendError, Sending, Way
from bot.channels.zalo import inspection, oa, payloads
from bot.channels.zalo.anonymous import is_anonymous
from bot.channels.zalo.api import Api
from bot.channels.zalo.history import History
from bot.channels.zalo.letters import Letters
from bot.channels.zalo.limits import LIMITS, ways
from bot.channels.zalo.oauth import code_in
from bot.channels.zalo.pictures import Pictures
from bot.channels.zalo.publishing import Publisher
from bot.channels.zalo.signature import proves
from bot.channels.zalo.tokens import Tokens
from bot.messages import Attachment, Event, Ignored, Incoming, Reply
from bot.outgoing import Outgoing, may_fetch
from bot.wire import at, word

MEDIA_HOSTS = ("zdn.vn", "zadn.vn", "zalo.me", "zaloapp.com")
MAX_DOWNLOAD_BYTES = 20_000_000
EVERYBODY = {"gender": "0"}  # what an empty target would do, nobody has tried
_NAMELESS = (Failure.OUTSIDE_WINDOW, Failure.GONE)


async def _no_pictures(name: str) -> bytes:
    raise SendError(Failure.REJECTED, f"no stored picture {name}")


@dataclass(eq=False, repr=False)
class Zalo:
    app_id: str
    oa_secrets: tuple[str, ...]  # more than one while the key is being changed
    oa_id: str
    tokens: Tokens
    api_url: str
    outgoing: Outgoing
    picture: Callable[[str], Awaitable[bytes]] = _no_pictures
    hosts: Collection[str] = MEDIA_HOSTS
    limits: Limits = LIMITS
    template_id: str = ""  # ZBS, by UID
    phone_template_id: str = ""  # ZBS, by phone number
    business_url: str = ""  # "": Zalo's own
    publishes: bool = True
    target: Mapping[str, str] = field(default_factory=lambda: EVERYBODY)  # of broadcasts
    name: str = field(default="zalo", init=False)

    def __post_init__(self) -> None:
        self._api = Api(self.tokens, self.api_url, self.business_url, self.outgoing)
        self._pictures = Pictures(self.picture, self._upload)
        self._letters = Letters(self._api, self._pictures, self.template_id, self.phone_template_id)
        self._publisher = Publisher(self._api, self.target)
        self._history = History(self._api, self.app_id, self.oa_id)

    @property
    def account(self) -> str:
        return self.oa_id

    @property
    def ways(self) -> tuple[Way, ...]:
        return tuple(ways(self.limits, by_template=bool(self.template_id), by_phone=bool(self.phone_template_id)))

    @property
    def outlet(self) -> str:
        return "zalo_broadcast" if self.publishes else ""

    @property
    def rest_seconds(self) -> float:
        return self._api.throttle.rest_seconds

    # what comes in

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        fields = payloads.read(body)
        if not payloads.event_name(fields):
            return []  # the unsigned probe of the console, which must be answered 200 or the address is not saved
        self._prove(headers, fields, body)
        return [payloads.event(fields, body)]

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.parse(body, self.oa_id)

    def _prove(self, headers: Mapping[str, str], fields: payloads.Fields, body: bytes) -> None:
        if str(fields.get("app_id", self.app_id)) != self.app_id:
            raise Forged("event of another app")
        # The body's own timestamp is the documented one; the header is claimed by some receivers.
        timestamps = (payloads.timestamp(fields), headers.get("X-ZEvent-Timestamp", ""))
        if not proves(headers.get("X-ZEvent-Signature", ""), self.app_id, body, timestamps, self.oa_secrets):
            raise Forged("X-ZEvent-Signature")

    async def fetch(self, attachment: Attachment) -> bytes:
        if not may_fetch(attachment.source, self.hosts):
            raise SendError(Failure.REJECTED, "attachment not on a host of Zalo")
        return await self.outgoing.download(attachment.source, max_bytes=MAX_DOWNLOAD_BYTES)

    async def missed(self, since: datetime) -> list[Event]:
        return await self._history.missed(since)

    # what goes out

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        return await self._letters.send(person, reply, sending, self.limits)

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        return await self._publisher.step(post, kept, self.tokens.clock())

    async def _upload(self, picture: bytes) -> str:
        return word(at(await self._api.upload("/v2.0/oa/upload/image", picture), "attachment_id"))

    # whom we know

    async def said_to(self, person: str) -> Sequence[Said]:
        return [] if is_anonymous(person) else await self._history.said_to(person)

    async def name_of(self, person: str) -> str:
        if is_anonymous(person):
            return ""
        try:
            return word(at(await self._api.look("/v3.0/oa/user/detail", {"user_id": person}), "display_name"))
        except SendError as error:
            if error.failure not in _NAMELESS:
                raise
            return ""

    # the account itself

    async def open(self) -> None:
        about = await oa.about(self._api)
        self._check_owner(about)
        self._letters.introduce(about.name, about.avatar)

    async def close(self) -> None:
        await self.tokens.close()

    def consent_link(self, redirect: str, state: str) -> str:
        return self.tokens.oauth.consent_link(redirect, state)

    async def accept(self, code: str) -> None:
        """`code` may also be the whole address that Zalo sent the administrator to."""
        await self.tokens.accept(code_in(code, self.oa_id), self._check_token)

    async def probe(self) -> dict[str, str]:
        return await oa.probe(self._api)

    async def inspect(self, webhook: str, now: datetime) -> list[Finding]:
        return await inspection.inspect(self._api, self.tokens, self.oa_id, webhook, now)

    async def _check_token(self, access: str) -> None:
        self._check_owner(oa.understood(await self._api.with_token(access, "/v2.0/oa/getoa")))

    def _check_owner(self, about: oa.About) -> None:
        if about.id in ("", self.oa_id):
            return
        detail = f"the token belongs to OA {about.id}, not to {self.oa_id}"
        advice = f"Khóa là của OA {about.id}. Xin lấy khóa của OA {self.oa_id}, hoặc sửa ZALO_OA_ID."
        raise SendError(Failure.NOT_CONNECTED, detail, advice=advice)
