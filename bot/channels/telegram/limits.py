"""What Telegram allows a bot, as read in its own server's source (tdlib/telegram-bot-api)."""

from datetime import date

from bot.channel import Limits, Rule

_READ_ON = date(2026, 11, 24)

LIMITS = Limits(
    # 4096 is counted in UTF-16 units, where an emoji is two: the rest is kept for those.
    text=Rule(4000, "Telegram Bot API, sendMessage: 4096", _READ_ON),
    buttons=Rule(100, "Telegram Bot API, InlineKeyboardMarkup", _READ_ON),
    button_title=Rule(64, "no documented limit; what a phone still shows on one line or two", _READ_ON),
    campaign_window_hours=Rule(None, "Telegram: none once the citizen has pressed Start", _READ_ON),
    reply_window_hours=Rule(None, "Telegram: none once the citizen has pressed Start", _READ_ON),
    sends_per_second=Rule(25, "Telegram Bots FAQ, broadcasting: about 30 a second over all chats", _READ_ON),
)

PAYLOAD_BYTES = 64
CAPTION = 1024
FILE_BYTES = 20_000_000
POLL_SECONDS = 25
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
