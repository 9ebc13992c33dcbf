"""The accounts on the platforms: how they are, what they may do, what went out by them, and a look at them now."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from aiohttp import web
from sqlmodel import Session
from yarl import URL

from bot.abilities import Connects, Finding, Inspects, Probes
from bot.channel import Channel, SendError
from data import accounts, console_queries
from data.audit import Actor, note
from data.clock import to_ms
from data.tables import Account
from handlers.staff import words
from handlers.staff.guard import SAFE_HEADERS
from handlers.staff.visit import Refusal, Visit

PATIENCE_SECONDS = 20.0
LOOKED_BACK = timedelta(days=30)
TOO_SLOW = Finding(
    "Trả lời", False, f"chưa trả lời sau {PATIENCE_SECONDS:g} giây", "Xin thử lại sau ít phút; xem mạng của máy chủ."
)

Heard = TypeVar("Heard")


@dataclass(frozen=True, slots=True)
class Card:
    account: Account
    traffic: accounts.Traffic
    is_on: bool
    can_be_asked: bool
    can_connect: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act on one account came to, shown in its card."""

    account_id: int = 0
    findings: Sequence[Finding] = ()
    trouble: str = ""  # with the code that was brought


async def show(visit: Visit) -> web.Response:
    return await page(visit, Outcome())


async def page(visit: Visit, outcome: Outcome, status: int = 200) -> web.Response:
    cards = [_card(visit, *row) for row in await visit.database.read(_rows, visit.now)]
    shown = visit.page("channels.html", status=status, cards=cards, outcome=outcome, words=words)
    shown.headers["Content-Security-Policy"] = _policy(visit)
    return shown


def _rows(session: Session, now: datetime) -> list[tuple[Account, accounts.Traffic]]:
    since_ms = to_ms(now - LOOKED_BACK)
    return [(row, accounts.traffic(session, row.id or 0, since_ms)) for row in console_queries.accounts(session)]


def _card(visit: Visit, account: Account, traffic: accounts.Traffic) -> Card:
    channel = visit.console.channels.get(account.id or 0)
    return Card(
        account, traffic, channel is not None, isinstance(channel, Inspects | Probes), isinstance(channel, Connects)
    )


def _policy(visit: Visit) -> str:
    """A browser follows the way to a consent page only when the form's own page names where it leads."""
    to_us = "form-action 'self'"
    offered = [each for each in visit.console.channels.values() if isinstance(each, Connects)]
    origins = [str(URL(each.consent_link("", "")).origin()) for each in offered]
    return SAFE_HEADERS["Content-Security-Policy"].replace(to_us, " ".join([to_us, *origins]))


def chosen(visit: Visit) -> Channel:
    """The channel of the account in the path. Raises `Refusal` when it is off."""
    channel = visit.console.channels.get(visit.number("id"))
    if channel is None:
        raise Refusal(409, "Kênh này đang tắt", "Xin điền đủ khoá của kênh trong tệp .env rồi khởi động lại Loa.")
    return channel


async def check(visit: Visit) -> web.Response:
    channel, account_id = chosen(visit), visit.number("id")
    found, known = await asyncio.gather(_inspected(channel, visit), _probed(channel))
    findings = found if isinstance(known, dict) or known in found else [*found, known]
    abilities = known if isinstance(known, dict) else {}
    await visit.database.write(_keep, account_id, abilities, findings, visit.actor, visit.now)
    return await page(visit, Outcome(account_id, findings))


async def _inspected(channel: Channel, visit: Visit) -> list[Finding]:
    if not isinstance(channel, Inspects):
        return []
    found = await patiently(channel.inspect(webhook(visit, channel.name), visit.now))
    return [found] if isinstance(found, Finding) else found


async def _probed(channel: Channel) -> dict[str, str] | Finding:
    return await patiently(channel.probe()) if isinstance(channel, Probes) else {}


async def patiently(answer: Awaitable[Heard], seconds: float = PATIENCE_SECONDS) -> Heard | Finding:
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except SendError as error:
        return Finding("Trả lời", False, words.reason(str(error)), error.advice)
    except TimeoutError:
        return TOO_SLOW


def webhook(visit: Visit, channel: str) -> str:
    """Where the platform finds us; "" when it cannot, or need not."""
    return visit.console.webhook(channel)


def _keep(
    session: Session, account_id: int, abilities: dict[str, str], findings: list[Finding], actor: Actor, now: datetime
) -> None:
    if abilities:
        accounts.keep_abilities(session, account_id, abilities, now)
    well = sum(each.ok for each in findings)
    channel = session.get_one(Account, account_id).channel
    note(session, now, actor, "channel.check", channel, well=well, faults=len(findings) - well)
