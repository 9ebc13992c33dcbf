"""What can go wrong with each platform, as switches."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.platforms.graph_refusals import graph_error
from tests.platforms.sandbox_played import Played, PlayedMessenger, PlayedTelegram, PlayedZalo
from tests.platforms.telegram_messages import telegram_error
from tests.platforms.zalo_answers import zalo_error

DELAY_SECONDS = 5.0
GATEWAY = (500, "<html><head><title>500</title></head><body>Internal Server Error</body></html>")
LOST = (502, "<html><head><title>502</title></head><body>Bad Gateway</body></html>")


@dataclass(frozen=True, slots=True)
class Fault:
    label: str
    is_on: Callable[[], bool]
    switch: Callable[[bool], Awaitable[None]]


def of_zalo(zalo: PlayedZalo) -> dict[str, Fault]:
    return {
        **_of_sends(zalo, (200, zalo_error(-32))),
        "reorder": _value("Đảo thứ tự: tin sau tới trước", zalo.hooks, "reorders", True),
        "signature": _value("Ký sai", zalo.hooks, "wrong_signature", True),
        "token": _value("Mất câu trả lời khi đổi khoá (một lần)", zalo.oauth, "drop_after_refreshing", 1),
        "unsubscribed": _value("Ngừng chuyển tin (webhook bị ngắt)", zalo, "unsubscribed", True),
    }


def of_messenger(graph: PlayedMessenger) -> dict[str, Fault]:
    async def hold(on: bool) -> None:
        if on:
            graph.holds_back()
        else:
            graph.in_background(graph.lets_go())

    return {
        **_of_sends(graph, (400, graph_error(613, "(#613) Calls to this api have exceeded the rate limit."))),
        "reorder": Fault("Giữ tin lại; khi tắt, tin sau tới trước", lambda: graph._held is not None, hold),
        "signature": _value("Ký sai", graph, "signs_wrongly", True),
        "unsubscribed": _value("Ngừng chuyển tin (webhook bị ngắt)", graph, "unsubscribed", True),
    }


def of_telegram(telegram: PlayedTelegram) -> dict[str, Fault]:
    async def deafen(on: bool) -> None:
        if on:
            telegram.api.refusals["getupdates"] = LOST
            telegram.updates.close()  # whoever waits now goes away with nothing
        else:
            telegram.api.refusals.pop("getupdates", None)

    return {
        **_of_sends(telegram, (429, telegram_error(429, "retry after 7", retry_after=7))),
        "unsubscribed": Fault("Loa không lấy được tin về", lambda: "getupdates" in telegram.api.refusals, deafen),
    }


def _of_sends(platform: Played, too_fast: tuple[int, Any]) -> dict[str, Fault]:
    return {
        "reset": _value("Nhận tin rồi ngắt kết nối (một lần)", platform, "drop_after_accepting", 1),
        "delay": _value(f"Trả lời chậm {DELAY_SECONDS:.0f} giây", platform, "delay_seconds", DELAY_SECONDS),
        "too_fast": _prepared("Báo gửi quá nhanh, 429 (một lần)", platform, too_fast),
        "gateway": _prepared("Báo lỗi 500, trang HTML (một lần)", platform, GATEWAY),
        "duplicate": _value("Chuyển mỗi tin hai lần", platform, "duplicates", True),
    }


def _value(label: str, owner: object, name: str, on: float) -> Fault:
    """A fault that is a value of `owner`, and none when it is zero."""

    async def switch(wanted: bool) -> None:
        setattr(owner, name, on if wanted else type(on)())

    return Fault(label, lambda: bool(getattr(owner, name)), switch)


def _prepared(label: str, platform: Played, answer: tuple[int, Any]) -> Fault:
    """An answer to the next send, in place of taking it."""

    async def switch(wanted: bool) -> None:
        if wanted:
            platform.fail_next.append(answer)
        elif answer in platform.fail_next:
            platform.fail_next.remove(answer)

    return Fault(label, lambda: answer in platform.fail_next, switch)
