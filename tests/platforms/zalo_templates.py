"""Zalo's approved templates (ZBS, once ZNS), played: by UID on the OA's host, by phone on the business host."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.platforms.server import Clock
from tests.platforms.wire import Json
from tests.platforms.zalo_answers import ZaloRefusal
from tests.platforms.zalo_users import VIETNAM, ZaloUsers

_TRACKING = 48
_PHONE = re.compile(r"84\d{9}")


@dataclass(slots=True)
class Template:
    parameters: frozenset[str]
    status: str = "ENABLE"
    by_uid: bool = True  # templates of before 2025-12-10 cannot


@dataclass(frozen=True, slots=True)
class Filled:
    to: str  # a user, or a phone number
    template: str
    data: Json
    tracking: str
    id: str
    at: datetime


@dataclass
class ZaloTemplates:
    users: ZaloUsers
    clock: Clock
    write: Callable[[str, str, str], None]  # to, id, text: what arrives on the phone
    received: Callable[[Filled], None]  # the phone's receipt
    wallet: int | None = 100_000  # đồng; None: no Zalo Cloud Account is linked
    price: int = 150
    daily_quota: int = 500
    without_zalo: set[str] = field(default_factory=set)  # phone numbers
    templates: dict[str, Template] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)

    def approve(self, template: str, *parameters: str, by_uid: bool = True) -> None:
        self.templates[template] = Template(frozenset(parameters), by_uid=by_uid)

    def by_uid(self, asked: Json) -> Json:
        person = self.users.people.get(str(asked.get("user_id", "")))
        if person is None:
            raise ZaloRefusal(-201)
        if person.blocked or "template" in self.users.traits(person.id).refuses:
            raise ZaloRefusal(-244)
        template = self.templates.get(str(asked.get("template_id")))
        if template is None or template.status != "ENABLE":
            raise ZaloRefusal(-201, "template_id is invalid")
        if not template.by_uid:
            raise ZaloRefusal(-249)
        if set(asked.get("template_data", {})) != template.parameters:
            raise ZaloRefusal(-201, "template_data is invalid")
        self._pay(-320, -321)
        sent = self._fill(person.id, asked)
        quota = {"quota_type": "sub_quota", "remain": str(self._left())}
        return {"message_id": sent.id, "user_id": person.id, "sent_time": _ms(sent.at), "quota": quota}

    def by_phone(self, asked: Json) -> Json:
        phone, template = str(asked.get("phone", "")), self.templates.get(str(asked.get("template_id")))
        if not _PHONE.fullmatch(phone):
            raise ZaloRefusal(-108, "Phone number invalid")
        if template is None:
            raise ZaloRefusal(-109, "Template ID invalid")
        if template.status != "ENABLE":
            raise ZaloRefusal(-131, "Template not approved")
        if set(asked.get("template_data", {})) != template.parameters:
            raise ZaloRefusal(-1122, "Template data invalid")
        if len(str(asked.get("tracking_id", ""))) > _TRACKING:
            raise ZaloRefusal(-132, "tracking_id invalid")
        if phone in self.without_zalo:
            raise ZaloRefusal(-118, "Zalo account does not exist")
        if self._left() <= 0:
            raise ZaloRefusal(-144, "OA out of daily quota")
        self._pay(-136, -115)
        sent = self._fill(phone, asked)
        quota = {"dailyQuota": str(self.daily_quota), "remainingQuota": str(self._left())}
        mode = "3" if asked.get("mode") == "development" else "1"
        return {"msg_id": sent.id, "sent_time": _ms(sent.at), "sending_mode": mode, "quota": quota}

    def status(self, asked: Json) -> Json:
        found = next((each for each in self.filled if each.id == asked.get("message_id")), None)
        if found is None:
            raise ZaloRefusal(-107, "Message ID invalid")
        return {"delivery_time": _ms(found.at), "message": "The message was delivered to user", "status": 1}

    def quota(self, _asked: Json) -> Json:
        return {"dailyQuota": str(self.daily_quota), "remainingQuota": str(self._left())}

    def all(self, _asked: Json) -> list[Json]:
        return [{"templateId": id, "status": each.status} for id, each in self.templates.items()]

    def info(self, asked: Json) -> Json:
        found = self.templates.get(str(asked.get("template_id")))
        if found is None:
            raise ZaloRefusal(-109, "Template ID invalid")
        parameters = [{"name": name, "require": True, "type": "STRING"} for name in sorted(found.parameters)]
        return {"templateId": asked["template_id"], "status": found.status, "listParams": parameters}

    def _fill(self, to: str, asked: Json) -> Filled:
        data, tracking = dict(asked["template_data"]), str(asked.get("tracking_id", ""))
        sent = Filled(to, str(asked["template_id"]), data, tracking, secrets.token_hex(10), self.clock())
        self.filled.append(sent)
        self.write(to, sent.id, "; ".join(f"{name}: {value}" for name, value in data.items()))
        self.received(sent)
        return sent

    def _pay(self, no_wallet: int, empty: int) -> None:
        if self.wallet is None:
            raise ZaloRefusal(no_wallet)
        if self.wallet < self.price:
            raise ZaloRefusal(empty)
        self.wallet -= self.price

    def _left(self) -> int:
        today = self.clock().astimezone(VIETNAM).date()
        return self.daily_quota - sum(each.at.astimezone(VIETNAM).date() == today for each in self.filled)


def _ms(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
