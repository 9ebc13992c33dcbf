"""Sees that the platforms still deliver to us: they drop who was slow, and others may have told them an address."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.channel import SendError
from schedules.trouble import Troubles

log = logging.getLogger(__name__)

LOST = "Kênh {channel} đã ngừng chuyển tin về đây; hệ thống vừa nối lại. Xem trang “Kênh”."


async def watch(checks: Mapping[int, tuple[str, Callable[[], Awaitable[bool]]]], troubles: Troubles) -> None:
    """`checks`: of an account its channel's name, and what is False when delivering had stopped and was set right."""
    for account_id, (channel, is_delivering) in checks.items():
        try:
            if await is_delivering():
                continue
        except SendError as error:
            log.warning("%s cannot be asked where it delivers: %s", channel, error)
            continue
        log.error("%s had stopped delivering to us; it was set right", channel)
        await troubles.tell(account_id, LOST.format(channel=channel), "/channels")
