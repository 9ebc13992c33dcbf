"""Telegram's refusals as our few kinds of failure."""

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.channel import Failure, SendError


class NotAnswered(NetworkError):
    """No answer of the Bot API came back, or one that says how long to wait; `failed` says what is known."""

    def __init__(self, failed: SendError) -> None:
        super().__init__(failed.detail)
        self.failed = failed


# The first row whose class and words fit. BadRequest is a NetworkError: its rows come first.
_TABLE: tuple[tuple[type[TelegramError], str, Failure], ...] = (
    (Forbidden, "blocked by the user", Failure.BLOCKED),
    (Forbidden, "user is deactivated", Failure.GONE),
    (Forbidden, "can't initiate conversation", Failure.OUTSIDE_WINDOW),
    (Forbidden, "", Failure.GONE),  # put out of this channel or group; the bot itself is well
    (ChatMigrated, "", Failure.GONE),
    (InvalidToken, "", Failure.NOT_CONNECTED),
    (Conflict, "", Failure.NOT_CONNECTED),
    (BadRequest, "chat not found", Failure.GONE),
    (BadRequest, "user not found", Failure.GONE),
    (BadRequest, "peer_id_invalid", Failure.GONE),
    (BadRequest, "user_is_blocked", Failure.BLOCKED),
    (BadRequest, "not enough rights", Failure.NOT_CONNECTED),
    (BadRequest, "administrator rights", Failure.NOT_CONNECTED),
    (BadRequest, "", Failure.REJECTED),
    (TelegramError, "", Failure.UNSURE),
)


def send_error(error: TelegramError) -> SendError:
    if isinstance(error, NotAnswered):
        return error.failed
    said = str(error)
    failure = next(row[2] for row in _TABLE if isinstance(error, row[0]) and row[1] in said.lower())
    return SendError(failure, f"{type(error).__name__}: {said}")
