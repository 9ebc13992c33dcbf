"""What Telegram allows a bot, as read in its own server's source (tdlib/telegram-bot-api)."""

from datetime import date

from bot.channel import HOUSE_NIGHT, Limits, Purpose, Rule, Way

_READ_ON = date(2026, 11, 24)

LIMITS = Limits(
    # 4096 is counted in UTF-16 units, where an emoji is two: the rest is kept for those.
    text=Rule(4000, "Telegram Bot API, sendMessage: 4096", _READ_ON),
    buttons=Rule(100, "Telegram Bot API, InlineKeyboardMarkup", _READ_ON),
    button_title=Rule(64, "tài liệu không nêu; vừa một hai dòng trên điện thoại", _READ_ON),
    campaign_window_hours=Rule(None, "Telegram: không giới hạn khi người dân đã bấm Bắt đầu", _READ_ON),
    reply_window_hours=Rule(None, "Telegram: không giới hạn khi người dân đã bấm Bắt đầu", _READ_ON),
    sends_per_second=Rule(25, "Telegram Bots FAQ: khoảng 30 tin một giây cho mọi cuộc trò chuyện", _READ_ON),
    person_gap_seconds=Rule(1, "Telegram Bots FAQ: mỗi cuộc trò chuyện một tin một giây, dồn ngắn thì được", _READ_ON),
    quiet_from=Rule(21, HOUSE_NIGHT, _READ_ON),
    quiet_to=Rule(7, HOUSE_NIGHT, _READ_ON),
)

WAYS = (Way("chat", frozenset(Purpose)),)

TEXT_UNITS, CAPTION_UNITS = 4096, 1024
PAYLOAD_BYTES = 64
FILE_BYTES = 20_000_000
POLL_SECONDS = 25
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
