"""Telegram's refusals as our few kinds of failure, with what staff can do about them."""

from collections.abc import Awaitable
from typing import NamedTuple, TypeVar

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

Result = TypeVar("Result")


class NotAnswered(NetworkError):
    """No answer of the Bot API came back, or one that says how long to wait; `failed` says what is known."""

    def __init__(self, failed: SendError) -> None:
        super().__init__(failed.detail)
        self.failed = failed


_BACK_INTO_CHANNEL = "Bot không còn ở trong kênh: xin mở kênh, mục Quản trị viên, thêm lại bot với quyền đăng bài."
_BACK_INTO_GROUP = "Bot không còn ở trong nhóm: xin thêm lại bot vào nhóm."
_NEW_KEY = "Khoá của bot sai hoặc đã bị thu hồi: xin gửi /token cho BotFather rồi điền lại TELEGRAM_BOT_TOKEN."
_ONE_PLACE = "Có nơi khác đang dùng khoá của bot này: mỗi bot chỉ chạy ở một nơi, xin tắt nơi kia."
_LOOK_AT_NUMBER = "Telegram không thấy nơi nhận này. Nếu là nhóm hay kênh: xin xem lại số đã điền, và thêm bot vào đó."
_MORE_RIGHTS = "Bot chưa được viết ở nhóm hay kênh này: xin cho bot làm quản trị viên với quyền đăng bài."
_OTHER_PICTURE = "Telegram không dùng được ảnh này: xin chọn ảnh JPEG hoặc PNG khác, không quá 10 MB."
TOO_LONG = "Nội dung dài quá mức Telegram cho phép: xin rút ngắn."


class _Row(NamedTuple):
    kind: type[TelegramError]
    words: str
    failure: Failure
    advice: str = ""


# The first row whose class and words fit. BadRequest is a NetworkError: its rows come first.
_TABLE = (
    _Row(Forbidden, "blocked by the user", Failure.BLOCKED),
    _Row(Forbidden, "user is deactivated", Failure.GONE),
    _Row(Forbidden, "can't initiate conversation", Failure.OUTSIDE_WINDOW),
    _Row(Forbidden, "channel", Failure.GONE, _BACK_INTO_CHANNEL),
    _Row(Forbidden, "group", Failure.GONE, _BACK_INTO_GROUP),
    _Row(Forbidden, "", Failure.GONE),  # put out of somewhere; the bot itself is well
    _Row(ChatMigrated, "", Failure.GONE),
    _Row(InvalidToken, "", Failure.NOT_CONNECTED, _NEW_KEY),
    _Row(Conflict, "", Failure.NOT_CONNECTED, _ONE_PLACE),
    _Row(BadRequest, "chat not found", Failure.GONE, _LOOK_AT_NUMBER),
    _Row(BadRequest, "user not found", Failure.GONE),
    _Row(BadRequest, "peer_id_invalid", Failure.GONE, _LOOK_AT_NUMBER),
    _Row(BadRequest, "user_is_blocked", Failure.BLOCKED),
    # The bot is well, and one group or channel is closed to it.
    _Row(BadRequest, "not enough rights", Failure.REJECTED, _MORE_RIGHTS),
    _Row(BadRequest, "no rights", Failure.REJECTED, _MORE_RIGHTS),
    _Row(BadRequest, "administrator rights", Failure.REJECTED, _MORE_RIGHTS),
    _Row(BadRequest, "chat_write_forbidden", Failure.REJECTED, _MORE_RIGHTS),
    _Row(BadRequest, "too long", Failure.REJECTED, TOO_LONG),
    _Row(BadRequest, "photo", Failure.REJECTED, _OTHER_PICTURE),
    _Row(BadRequest, "image", Failure.REJECTED, _OTHER_PICTURE),
    _Row(BadRequest, "http url", Failure.REJECTED, _OTHER_PICTURE),
    _Row(BadRequest, "web page content", Failure.REJECTED, _OTHER_PICTURE),
    _Row(BadRequest, "too big", Failure.REJECTED, _OTHER_PICTURE),
    _Row(BadRequest, "", Failure.REJECTED),
    _Row(TelegramError, "", Failure.UNSURE),
)


def send_error(error: TelegramError) -> SendError:
    if isinstance(error, NotAnswered):
        return error.failed
    said = str(error)
    row = next(row for row in _TABLE if isinstance(error, row.kind) and row.words in said.lower())
    advice = _moved(error) if isinstance(error, ChatMigrated) else row.advice
    return SendError(row.failure, f"{type(error).__name__}: {said}", advice=advice)


def _moved(error: ChatMigrated) -> str:
    return f"Nhóm đã được nâng cấp và có số mới: xin điền {error.new_chat_id} thay cho số cũ."


async def asked(work: Awaitable[Result]) -> Result:
    """The library's answer. Raises `SendError`."""
    try:
        return await work
    except TelegramError as error:
        raise send_error(error) from error


async def harmless(work: Awaitable[Result]) -> Result:
    """For calls that may be repeated: not having heard is no worse than not having reached. Raises `SendError`."""
    try:
        return await asked(work)
    except SendError as error:
        if error.failure is not Failure.UNSURE:
            raise
        raise SendError(Failure.UNAVAILABLE, error.detail) from error
