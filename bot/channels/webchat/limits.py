"""What our own page can show, and how much it takes."""

from datetime import date

from bot.channel import Limits, Purpose, Rule, Way

_SET_ON = date(2026, 11, 24)

LIMITS = Limits(
    text=Rule(4000, "trang của đơn vị: khoảng hai màn hình chữ", _SET_ON),
    buttons=Rule(10, "trang của đơn vị: nhiều hơn thì khó chọn", _SET_ON),
    button_title=Rule(40, "trang của đơn vị: một dòng trên điện thoại rộng 390 px", _SET_ON),
    campaign_window_hours=Rule(None, "trang của đơn vị: không giới hạn", _SET_ON),
    reply_window_hours=Rule(None, "trang của đơn vị: không giới hạn", _SET_ON),
    sends_per_second=Rule(200, "trang của đơn vị: không qua nền tảng nào", _SET_ON),
)

WAYS = (Way("page", frozenset(Purpose)),)  # at any time and free: whoever is away reads it at the next visit

TEXT = 4000
PHOTOS = 5  # in one message
PHOTO_BYTES = 10_000_000
BODY_BYTES = 100_000  # 4000 characters, all of them escaped, and the rest
CLOCK_MS = 86_400_000  # how far a citizen's clock may be from ours

PERSON_PER_MINUTE = 30
ADDRESS_PER_MINUTE = 120
NEWCOMERS_PER_MINUTE = 40  # a phone company shows a whole street behind one address
STREAMS_PER_PERSON = 4
STREAMS = 1000
HISTORY_LINES = 300

AGAIN_SECONDS = 1.0
BEAT_SECONDS = 15.0
OVERLAP_MS = 60_000  # a line is recorded a little after the moment that it bears
TYPING_SECONDS = 30.0
