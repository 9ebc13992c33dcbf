"""Log lines without secrets and without people's numbers, whatever a library puts into them."""

import logging
import re
import sys
from collections.abc import Iterable

_NAMES = "access_token|refresh_token|appsecret_proof|secret_key|authorization|password"
_PATTERNS = (
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"), "<bot token>"),  # in an address it follows a letter: bot123:AA
    (re.compile(r"(?i)bearer\s+[^\s\"']+"), "Bearer <secret>"),
    (re.compile(rf"(?i)({_NAMES})([\"']?\s*(?:[=:]|%3D)\s*[\"']?)(?!bearer )[^\s&\"']+"), r"\1\2<secret>"),
    (re.compile(r"(?<![\d.])(?:\+?84|0)\d{8,10}(?!\d)"), "<phone>"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<number>"),
)


class Scrubber(logging.Formatter):
    """The last hands a line passes through, traceback and all."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if len(secret) >= 6]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "<secret>")
        for pattern, instead in _PATTERNS:
            line = pattern.sub(instead, line)
        return line


def begin(secrets: Iterable[str], level: int = logging.INFO) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Scrubber(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
