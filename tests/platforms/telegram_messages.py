"""What is in a message, what the Bot API accepts as one, and its refusals."""

from typing import Any
from urllib.parse import urlsplit

from tests.platforms.server import Choice, Letter
from tests.platforms.wire import Json, decoded

TEXT, CAPTION, CALLBACK_BYTES, BUTTONS, SECRET = 4096, 1024, 64, 100, 256
PHOTO_BYTES = 10_000_000
_NAMES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class TelegramRefusal(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(code, description)
        self.code = code
        self.body = telegram_error(code, description, **parameters)


def telegram_error(code: int, description: str, **parameters: Any) -> Json:
    """`telegram_error(429, "retry after 7", retry_after=7)`, with the name of the code put in front."""
    name = "Too Many Requests" if code == 429 else _NAMES.get(code, "")
    full = ": ".join(part for part in (name, description) if part)
    body: Json = {"ok": False, "error_code": code, "description": full}
    return body | ({"parameters": parameters} if parameters else {})


def text_of(asked: Json) -> str:
    text = str(asked.get("text", ""))
    if not text.strip():
        raise TelegramRefusal(400, "message text is empty")
    return _within(text, TEXT, "message is too long")


def caption_of(asked: Json) -> str:
    return _within(str(asked.get("caption", "")), CAPTION, "message caption is too long")


def image_of(asked: Json) -> str:
    photo = asked.get("photo")
    if not isinstance(photo, bytes):
        # A file sent along is named by "attach://<field>".
        photo = asked.get(str(photo).removeprefix("attach://"), photo)
    if isinstance(photo, bytes):
        if len(photo) > PHOTO_BYTES:
            raise TelegramRefusal(400, "file is too big")
        return f"upload: {len(photo)} bytes"
    if not photo:
        raise TelegramRefusal(400, "there is no photo in the request")
    return str(photo)


def buttons_of(asked: Json) -> tuple[Choice, ...]:
    rows = (decoded(asked.get("reply_markup")) or {}).get("inline_keyboard", [])
    choices = tuple(_choice(button) for row in rows for button in row)
    if len(choices) > BUTTONS:
        raise TelegramRefusal(400, "REPLY_MARKUP_TOO_LONG")
    return choices


def check_webhook(asked: Json) -> None:
    """Telegram takes https on few ports only; here loopback is let through as well."""
    address, secret = urlsplit(str(asked.get("url", ""))), str(asked.get("secret_token", ""))
    loopback = address.hostname in ("127.0.0.1", "localhost")
    if address.scheme != "https" and not loopback:
        raise TelegramRefusal(400, "bad webhook: An HTTPS URL must be provided for webhook")
    if not loopback and (address.port or 443) not in (80, 88, 443, 8443):
        raise TelegramRefusal(400, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > SECRET:
        raise TelegramRefusal(400, "secret token is too long")
    if not all(char.isascii() and (char.isalnum() or char in "_-") for char in secret):
        raise TelegramRefusal(400, "secret token contains unallowed characters")


def _within(text: str, limit: int, description: str) -> str:
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise TelegramRefusal(400, description)
    return text


def _choice(button: Json) -> Choice:
    payload = str(button.get("callback_data") or button.get("url") or "")
    if "url" not in button and not 0 < len(payload.encode()) <= CALLBACK_BYTES:
        raise TelegramRefusal(400, "BUTTON_DATA_INVALID")
    return Choice(str(button["text"]), payload)


def offers(letter: Letter, payload: str) -> bool:
    return any(choice.payload == payload for choice in letter.buttons)


def entities(text: str) -> Json:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"offset": 0, "length": len(text.split()[0]), "type": "bot_command"}]}


def is_command(text: str, username: str) -> bool:
    head = text.split(maxsplit=1)[0]
    return head.startswith("/") and ("@" not in head or head.endswith(f"@{username}"))
