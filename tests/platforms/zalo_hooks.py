"""How Zalo writes and signs a webhook, and how it may come out wrong."""

import hashlib
import json

import orjson

from tests.platforms.wire import Json


class ZaloHooks:
    def __init__(self, app_id: str) -> None:
        self.app_id = app_id
        self.spaces = False  # between the parts of the JSON
        self.escapes = False  # \\uXXXX and \\/ in place of the letters
        self.wrong_signature = False
        self.timestamp_in_header = False  # the signed time is then only there, as some receivers claim
        self.duplicates = False
        self.reorders = False  # each second event overtakes the one before it
        self.held: list[tuple[bytes, dict[str, str]]] = []

    def written(self, event: Json, secret: str) -> tuple[bytes, dict[str, str]]:
        body = self._body(event)
        signed_at = str(int(event["timestamp"]) + 1) if self.timestamp_in_header else event["timestamp"]
        key = "another secret" if self.wrong_signature else secret
        header = {"X-ZEvent-Timestamp": signed_at} if self.timestamp_in_header else {}
        return body, {"X-ZEvent-Signature": self.signature(body, signed_at, key), **header}

    def signature(self, body: bytes, timestamp: str, secret: str) -> str:
        signed = self.app_id.encode() + body + timestamp.encode() + secret.encode()
        return f"mac={hashlib.sha256(signed).hexdigest()}"

    def in_turn(self, body: bytes, headers: dict[str, str]) -> list[tuple[bytes, dict[str, str]]]:
        """What is to be delivered now, in order."""
        if self.duplicates:
            return [(body, headers), (body, headers)]
        if self.reorders and not self.held:
            self.held.append((body, headers))
            return []
        now = [(body, headers), *self.held]
        self.held = []
        return now

    def _body(self, event: Json) -> bytes:
        if not self.spaces and not self.escapes:
            return orjson.dumps(event)
        separators = (", ", ": ") if self.spaces else (",", ":")
        text = json.dumps(event, ensure_ascii=self.escapes, separators=separators)
        return (text.replace("/", "\\/") if self.escapes else text).encode()
