"""What Zalo permits an Official Account, as dated data."""

from datetime import date

from bot.channel import Limits, Rule

_CHECKED = date(2026, 11, 24)

LIMITS = Limits(
    text=Rule(2000, "Zalo OA API, tin tư vấn dạng văn bản", _CHECKED),
    buttons=Rule(5, "Zalo PHP SDK 4.0.4, MAX_ELEMENT", _CHECKED),
    button_title=Rule(100, "manuals of Zalo resellers; not in the official documentation", _CHECKED),
    campaign_window_hours=Rule(48, "Zalo OA API, điều kiện gửi tin tư vấn: free for 48 h, billed after", _CHECKED),
    reply_window_hours=Rule(168, "Zalo OA API, error -230: no interaction in 7 days", _CHECKED),
    # The smaller packages are said to allow 100 calls a minute for the whole OA; uploads and tokens need some.
    sends_per_second=Rule(80 / 60, "Zalo OA package Growth: 100 calls a minute, a fifth kept free", _CHECKED),
)

PICTURE_BYTES = 1_000_000  # /v2.0/oa/upload/image takes 1 MB
PICTURE_SECONDS = 6 * 86_400  # uploads live 7 days
