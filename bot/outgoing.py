"""The one HTTP caller: every platform is reached through one long-lived aiohttp session."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from yarl import URL

from bot.channel import Failure, SendError

CONNECT_SECONDS = 5
TOTAL_SECONDS = 15
MAX_ANSWER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises `SendError` for a gateway's HTML page or anything else.

        429 and 503 are said before the work is begun; after a 500, 502 or 504 it may have been done.
        """
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            value = None
        if not isinstance(value, dict):
            refused = self.status in (429, 503)
            failure = Failure.UNAVAILABLE if refused else Failure.UNSURE
            raise SendError(failure, f"HTTP {self.status} without a JSON object")
        return value


class Outgoing:
    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        # The keep-alive is short because a platform that closes an idle connection while we write on it leaves
        # us not knowing whether it heard.
        connector = aiohttp.TCPConnector(limit=0, limit_per_host=64, keepalive_timeout=15)
        timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, json_serialize=lambda value: orjson.dumps(value).decode()
        )

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def call(self, method: str, url: str, **request: Any) -> Answer:
        """One request; `request` as aiohttp takes it (json, data, headers, params, timeout).

        Raises `SendError`: UNAVAILABLE when the platform surely did not get it, UNSURE when it may have.
        """
        assert self._session, "open() comes first"
        try:
            async with self._session.request(method, url, allow_redirects=False, **request) as response:
                body = await response.content.read(MAX_ANSWER_BYTES)
                return Answer(response.status, response.headers, body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise SendError(Failure.UNAVAILABLE, type(error).__name__) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SendError(Failure.UNSURE, type(error).__name__) from error

    async def download(self, url: str, *, max_bytes: int, headers: Mapping[str, str] | None = None) -> bytes:
        """The bytes behind `url`, which the caller has checked. Raises `SendError`."""
        assert self._session, "open() comes first"
        try:
            async with self._session.get(url, allow_redirects=False, headers=headers) as response:
                if response.status != 200:
                    raise SendError(_download_failure(response.status), f"HTTP {response.status}")
                return await _read_at_most(response, max_bytes)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SendError(Failure.UNAVAILABLE, type(error).__name__) from error


def _download_failure(status: int) -> Failure:
    return Failure.UNAVAILABLE if status == 429 or status >= 500 else Failure.REJECTED


async def _read_at_most(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    chunks = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        chunks += chunk
        if len(chunks) > max_bytes:
            raise SendError(Failure.REJECTED, f"more than {max_bytes} bytes")
    return bytes(chunks)


def may_fetch(address: str, hosts: Collection[str]) -> bool:
    """Whether `address` is on one of `hosts` or below it, by https (or on this machine, in a test)."""
    try:
        url = URL(address)
    except ValueError:
        return False
    host = url.host or ""
    known = any(host == one or host.endswith(f".{one}") for one in hosts)
    return known and (url.scheme == "https" or host == "127.0.0.1")
