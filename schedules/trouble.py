"""What is wrong with an account: kept for the console, and told to the staff group when it begins."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.messages import Button, Reply
from bot.text import to_body
from data import accounts, outbox
from data.clock import to_ms
from data.database import Database
from data.tables import Delivery, DeliveryKind
from data.writer import Unwritable

TOLD_AGAIN = timedelta(hours=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass
class Troubles:
    database: Database
    clock: Callable[[], datetime]
    staff_chat: Callable[[], tuple[int, str] | None]  # account id and chat of the staff group
    console: str = ""  # its address
    _told_at: dict[int, datetime] = field(default_factory=dict)
    _known: dict[int, str] = field(default_factory=dict)  # so that a healthy send costs no question to the database

    async def note(self, account_id: int, channel: str, trouble: str) -> None:
        """Remember the trouble of an account; "" says that all is well again."""
        if self._known.get(account_id) == trouble:
            return
        self._known[account_id] = trouble
        try:
            await self._note(account_id, channel, trouble)
        except Unwritable as error:  # the result of a send is still to be recorded, and not to be lost for this
            self._known.pop(account_id)
            log.error("the trouble of %s could not be noted: %s", channel, error)

    async def _note(self, account_id: int, channel: str, trouble: str) -> None:
        if not await self.database.write(accounts.note_trouble, account_id, trouble, self.clock()):
            return
        if not trouble:
            log.info("%s is well again", channel)
            return
        log.error("%s is in trouble: %s", channel, trouble)
        if self.clock() - self._told_at.get(account_id, LONG_AGO) > TOLD_AGAIN:  # a trouble that comes and goes
            self._told_at[account_id] = self.clock()
            await self.tell(
                account_id, f"Kênh {channel} gặp trục trặc: {trouble.rstrip('.')}. Xem trang làm việc.", "/channels"
            )

    async def tell(self, about: int | None, words: str, page: str = "") -> None:
        """Say something to the staff group, with a button to a page of the console.

        Not if it is about the very account that would have to carry it.
        """
        chat = self.staff_chat()
        if chat and chat[0] != about:
            # platforms open no address that only this machine knows
            opens = (Button("Mở trang làm việc", url=f"{self.console}{page}"),)
            buttons = opens if page and self.console.startswith("https://") else ()
            await self.database.write(_alert, chat, Reply(words, buttons), to_ms(self.clock()))


def _alert(session: Session, chat: tuple[int, str], reply: Reply, now_ms: int) -> None:
    account_id, person = chat
    kind, body = DeliveryKind.ALERT, to_body(reply)
    outbox.enqueue(session, Delivery(account_id=account_id, person=person, kind=kind, body=body, created_at_ms=now_ms))
