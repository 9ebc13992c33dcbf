"""Our app at Meta, played: what the Page's key may do, which events are sent, and to which address."""

from dataclasses import dataclass, field

from tests.platforms.graph_refusals import GraphRefusal, invalid
from tests.platforms.wire import Json

EVENTS = {
    "messages", "message_echoes", "message_edits", "message_reactions", "message_deliveries", "message_reads",
    "messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_optouts", "messaging_handovers",
    "messaging_policy_enforcement", "messaging_account_linking", "messaging_feedback", "response_feedback", "standby",
    "message_template_status_update", "feed", "inbox_labels", "mention", "ratings", "leadgen",
}  # fmt: skip
SCOPES = (
    "pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_manage_posts", "pages_read_engagement",
    "pages_utility_messaging",
)  # fmt: skip


@dataclass
class App:
    id: int
    secret: str
    permissions: set[str] = field(default_factory=lambda: set(SCOPES))
    expires_at: int = 0  # 0: never
    unknown: set[str] = field(default_factory=set)  # events that this version of the API does not have
    fields: set[str] | None = None  # None: nobody has asked for any yet, and all are sent

    @property
    def token(self) -> str:
        return f"{self.id}|{self.secret}"

    def hears(self, event: str) -> bool:
        return self.fields is None or event in self.fields

    def need(self, *permissions: str) -> None:
        for name in permissions:
            if name not in self.permissions:
                raise GraphRefusal(200, f"(#200) Requires {name} permission to manage the object")

    def subscribe(self, asked: Json) -> Json:
        self.need("pages_messaging", "pages_manage_metadata")
        wished = set(str(asked.get("subscribed_fields", "")).split(",")) - {""}
        if not wished or not wished <= EVENTS - self.unknown:
            raise invalid(f"Param subscribed_fields must be one of {', '.join(sorted(EVENTS))}")
        if "feed" in wished:
            self.need("pages_read_engagement")
        self.fields = wished
        return {"success": "true"}

    def subscriptions(self, _asked: Json) -> Json:
        row = {
            "category": "Business",
            "name": "Loa",
            "id": str(self.id),
            "subscribed_fields": sorted(self.fields or ()),
        }
        return {"data": [row] if self.fields else []}

    def debugged(self, token: str, page_token: str, page_id: str) -> Json:
        told = {"app_id": str(self.id), "type": "PAGE", "profile_id": page_id}
        if token != page_token:
            error = {"code": 190, "message": "The access token could not be decrypted"}
            return {"data": {**told, "is_valid": False, "error": error, "scopes": []}}
        scopes = sorted(self.permissions)
        return {"data": {**told, "is_valid": True, "expires_at": self.expires_at, "scopes": scopes}}

    def addresses(self, webhook: str) -> Json:
        row = {"object": "page", "callback_url": webhook, "active": True, "fields": []}
        return {"data": [row] if webhook else []}
