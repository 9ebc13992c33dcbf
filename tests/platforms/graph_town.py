"""Our Page between the played Graph API and a webhook of its own: both directions over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot import webhooks
from bot.channel import Failure, SendError
from bot.channels.messenger import Messenger
from bot.messages import Event, Ignored, Incoming, Kind
from bot.outgoing import Outgoing
from tests.platforms.clock import Clock
from tests.platforms.graph import GraphPlatform

LAN, HUNG = "7000000000000001", "7000000000000002"


@dataclass
class Town:
    graph: GraphPlatform
    page: Messenger
    clock: Clock
    outgoing: Outgoing
    pictures: dict[str, bytes]
    events: list[Event] = field(default_factory=list)

    @property
    def understood(self) -> list[Incoming | Ignored]:
        return [self.page.parse(event.body) for event in self.events]

    @property
    def heard(self) -> Incoming:
        """The last event, which must be one that asks something of us."""
        last = self.understood[-1]
        assert isinstance(last, Incoming)
        return last

    @property
    def reason(self) -> str:
        """Why the last event was ignored."""
        last = self.understood[-1]
        assert isinstance(last, Ignored)
        return last.reason

    def of_kind(self, kind: Kind) -> list[Incoming]:
        return [each for each in self.understood if isinstance(each, Incoming) and each.kind is kind]


@asynccontextmanager
async def town(**settings: Any) -> AsyncIterator[Town]:
    """`settings` are the channel's. Lan and Hùng wrote just now."""
    clock = Clock()
    outgoing, graph = Outgoing(), GraphPlatform(clock=clock)
    async with AsyncExitStack() as stack:
        await graph.start()
        stack.push_async_callback(graph.stop)
        await outgoing.open()
        stack.push_async_callback(outgoing.close)
        made = _made(graph, outgoing, clock, settings)
        runner = web.AppRunner(_doors(made), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        graph.webhook = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/messenger"
        graph.add_people(2)
        yield made


def _made(graph: GraphPlatform, outgoing: Outgoing, clock: Clock, settings: dict[str, Any]) -> Town:
    pictures: dict[str, bytes] = {}

    async def picture(name: str) -> bytes:
        if name not in pictures:
            raise SendError(Failure.REJECTED, f"no stored picture {name}")
        return pictures[name]

    proofs = (graph.page_id, graph.page_token, graph.app_secret, graph.verify_token)
    given = {"picture": picture, "hosts": ("127.0.0.1",), "clock": clock, "app_id": str(graph.app_id), **settings}
    page = Messenger(*proofs, f"{graph.url}/v26.0", outgoing, **given)
    return Town(graph, page, clock, outgoing, pictures)


def _doors(town: Town) -> web.Application:
    async def store(event: Event) -> None:
        town.events.append(event)

    app = web.Application()
    app.router.add_post("/webhooks/messenger", webhooks.post(town.page, store))
    app.router.add_get("/webhooks/messenger", webhooks.get(town.page.challenge))
    return app
