"""python-telegram-bot's way out, through our one HTTP caller."""

from collections.abc import Awaitable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.channel import Failure, SendError
from bot.channels.telegram.errors import NotAnswered
from bot.outgoing import CONNECT_SECONDS, TOTAL_SECONDS, Answer, Outgoing

Result = TypeVar("Result")


class OverOutgoing(BaseRequest):
    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self.their_time: datetime | None = None  # by the platform's clock, at its last answer

    @property
    def read_timeout(self) -> float:
        return TOTAL_SECONDS

    async def initialize(self) -> None:
        """The session is opened and closed with `Outgoing`."""

    async def shutdown(self) -> None:
        """The session is opened and closed with `Outgoing`."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,  # seconds, or the library's mark for its default
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        seconds = read_timeout if isinstance(read_timeout, int | float) else TOTAL_SECONDS
        timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)
        call = self._outgoing.call(method, url, data=_form(request_data), timeout=timeout)
        try:
            answer = await without_address(call)
            self.their_time = _date(answer)
            _refuse_what_is_no_answer(answer)
        except SendError as error:
            failed = NotAnswered(error)
        else:
            return answer.status, answer.body
        raise failed


async def without_address(work: Awaitable[Result]) -> Result:
    """Telegram's addresses hold the token and aiohttp's errors hold the address: they stay behind."""
    try:
        return await work
    except SendError as error:
        bare = SendError(error.failure, error.detail, retry_after_seconds=error.retry_after_seconds)
    raise bare


def _date(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None


def _form(request_data: RequestData | None) -> Any:
    if not request_data:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form


def _refuse_what_is_no_answer(answer: Answer) -> None:
    """Also takes 429 from the library, whose RetryAfter warns of a deprecation whenever it is made."""
    value = answer.json()
    if answer.status == 429:
        wait = (value.get("parameters") or {}).get("retry_after")
        raise SendError(Failure.TOO_FAST, "HTTP 429", retry_after_seconds=wait)
    if answer.status == 503:
        raise SendError(Failure.UNAVAILABLE, "HTTP 503")
    if answer.status >= 500 or (answer.status < 300 and "result" not in value):
        raise SendError(Failure.UNSURE, f"HTTP {answer.status}")
