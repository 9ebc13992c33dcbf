"""Meta's Graph API, played for one Page: the Send API, the edges around it, the wall, and the signed webhooks."""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.platforms.graph_app import App
from tests.platforms.graph_hooks import escaped
from tests.platforms.graph_messages import check_person
from tests.platforms.graph_profile import MessengerProfile
from tests.platforms.graph_refusals import GraphRefusal, graph_error, invalid
from tests.platforms.graph_sends import GraphSends
from tests.platforms.server import Clock, utc_now
from tests.platforms.wire import Json, answer, fields, reset

__all__ = ["GraphPlatform", "escaped"]

Act = Callable[[Json], Json]
Handler = Callable[[web.Request], Awaitable[web.Response]]


class GraphPlatform(GraphSends):
    name = "graph"
    first_person = 7_000_000_000_000_001

    def __init__(
        self,
        *,
        page_id: str = "682498171943165",
        page_token: str = "page-token",
        app_id: int | str = 1517776481860111,
        app_secret: str = "app-secret",
        verify_token: str = "verify-token",
        webhook: str = "",
        retry_delays: tuple[float, ...] = (0.0, 0.0, 0.0),
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(webhook, retry_delays, clock, page_id, App(int(app_id), app_secret), verify_token)
        self.page_token = page_token
        self.user_token = "user-token"
        self.profile = MessengerProfile(clock)
        self.dies_of = 0  # the subcode with which every token is refused
        self.tells_names = True  # Business Asset User Profile Access
        self.phone_only: set[str] = set()  # people without a profile

    @property
    def app_id(self) -> int:
        return self.app.id

    @property
    def app_secret(self) -> str:
        return self.app.secret

    @property
    def posts(self) -> list[Json]:
        return self.wall.posts

    def routes(self) -> list[web.RouteDef]:
        version = r"/{version:v\d+\.\d+}"
        edges: list[tuple[str, str, Act]] = [
            ("POST", "message_attachments", self.upload),
            ("GET", "subscribed_apps", lambda asked: {"data": []} if self.unsubscribed else self._rows(asked)),
            ("POST", "subscribed_apps", self._subscribe),
            ("GET", "messenger_profile", self.profile.read),
            ("POST", "messenger_profile", self.profile.write),
            ("DELETE", "messenger_profile", self.profile.delete),
            ("GET", "message_templates", self.templates.listed),
            ("POST", "message_templates", self.templates.create),
            ("DELETE", "message_templates", self.templates.delete),
            ("GET", "feed", self._posting("pages_read_engagement", self.wall.listed)),
            ("GET", "scheduled_posts", self._posting("pages_read_engagement", self.wall.listed_later)),
        ]
        return [
            web.post(version + "/{page}/messages", self._messages),
            web.post(version + "/{page}/feed", self._on_the_wall(self.wall.publish)),
            web.post(version + "/{page}/photos", self._on_the_wall(self.wall.photo)),
            *(web.route(method, f"{version}/{{page}}/{edge}", self._checked(act)) for method, edge, act in edges),
            web.get(version + "/me/accounts", self._accounts),
            web.get(version + "/debug_token", self._as_app(self._debug)),
            web.get(version + "/{app}/subscriptions", self._as_app(lambda _: self.app.addresses(self.webhook))),
            web.get(version + "/{node}", self._node),
        ]

    # the Page and the app

    async def _messages(self, request: web.Request) -> web.Response:
        asked = await fields(request)
        return await self.take(request, lambda: self._answered(request, asked, self.accept))

    def _rows(self, asked: Json) -> Json:
        return self.app.subscriptions(asked)

    def _subscribe(self, asked: Json) -> Json:
        done = self.app.subscribe(asked)
        self.unsubscribed, self._failing_since = False, None
        return done

    def _posting(self, permission: str, act: Act) -> Act:
        def allowed(asked: Json) -> Json:
            self.app.need(permission)
            return act(asked)

        return allowed

    def _on_the_wall(self, act: Act) -> Handler:
        """Through the same faults as a message."""

        async def handle(request: web.Request) -> web.Response:
            asked = await fields(request)
            if self.fail_next:
                return answer(*self.fail_next.pop(0))
            before = len(self.posts)
            response = self._answered(request, asked, self._posting("pages_manage_posts", act))
            if len(self.posts) > before and self.drop_after_accepting > 0:
                self.drop_after_accepting -= 1
                reset(request)
            return response

        return handle

    def _debug(self, asked: Json) -> Json:
        alive = "" if self.dies_of else self.page_token
        return self.app.debugged(str(asked.get("input_token", "")), alive, self.page_id)

    async def _accounts(self, request: web.Request) -> web.Response:
        if _token(request, await fields(request)) != self.user_token:
            return answer(400, graph_error(190, "Invalid OAuth access token."))
        tasks = ["MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]
        page = {"id": self.page_id, "name": "UBND phường Mẫu", "access_token": self.page_token, "tasks": tasks}
        return answer(200, {"data": [page]})

    async def _node(self, request: web.Request) -> web.Response:
        return self._answered(request, await fields(request), lambda _: self._about(request.match_info["node"]))

    def _about(self, node: str) -> Json:
        if node in ("me", self.page_id):
            told = {"category": "Cơ quan chính phủ", "link": f"https://www.facebook.com/{self.page_id}"}
            return {
                "id": self.page_id,
                "name": "UBND phường Mẫu",
                **told,
                "is_published": True,
                "followers_count": 3120,
            }
        person = check_person(self.people.get(node))
        if node in self.phone_only:
            raise GraphRefusal(100, "(#2018218) No profile available for this user.", 2018218)
        return {"id": node, "first_name": person.name, "last_name": ""} if self.tells_names else {}

    # who asks

    def _checked(self, act: Act) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            return self._answered(request, await fields(request), act)

        return handle

    def _as_app(self, act: Act) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            asked = await fields(request)
            if _token(request, asked) != self.app.token:
                return answer(400, graph_error(190, "Invalid OAuth access token signature."))
            return answer(200, act(asked))

        return handle

    def _answered(self, request: web.Request, asked: Json, act: Act) -> web.Response:
        try:
            self._check_caller(request, asked)
            return answer(200, act(asked), self._usage())
        except GraphRefusal as error:
            return answer(400, error.body, self._usage())

    def _check_caller(self, request: web.Request, asked: Json) -> None:
        token, proof = _token(request, asked), asked.get("appsecret_proof")
        if token != self.page_token or self.dies_of:
            raise GraphRefusal(190, "Invalid OAuth access token.", self.dies_of or None)
        if proof and proof != hmac.new(self.app.secret.encode(), token.encode(), hashlib.sha256).hexdigest():
            raise invalid("Invalid appsecret_proof provided in the API argument")
        if request.match_info.get("page", "me") not in ("me", self.page_id):
            raise GraphRefusal(100, "Unsupported post request.", 33)

    def _usage(self) -> dict[str, str]:
        shares = {"call_count": self.usage_percent, "total_time": 1, "total_cputime": 1}
        told = {"type": "messenger", **shares, "estimated_time_to_regain_access": self.regain_minutes}
        page = {self.page_id: [told]} if self.regain_minutes else {}
        return {"X-App-Usage": json.dumps(shares), "X-Business-Use-Case-Usage": json.dumps(page)}


def _token(request: web.Request, asked: Json) -> str:
    return str(asked.get("access_token") or request.headers.get("Authorization", "").removeprefix("Bearer "))
