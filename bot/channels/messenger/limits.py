"""What Meta permits a Page, on Messenger and on its wall, as dated data."""

from collections.abc import Iterator
from datetime import date

from bot.channel import HOUSE_NIGHT, Limits, Purpose, Rule, Way

_CHECKED = date(2026, 11, 24)
_WINDOW = "Messenger Platform: cửa sổ nhắn tin tiêu chuẩn"

LIMITS = Limits(
    text=Rule(1999, "Messenger Send API: dưới 2000 ký tự", _CHECKED),
    buttons=Rule(13, "Messenger Platform: nút trả lời nhanh", _CHECKED),
    button_title=Rule(20, "Messenger Platform: nút và trả lời nhanh", _CHECKED),
    campaign_window_hours=Rule(24, _WINDOW, _CHECKED),
    reply_window_hours=Rule(24, _WINDOW, _CHECKED),
    sends_per_second=Rule(20, "Graph API: quá 40 tin một giây thì hộp thư của trang ngừng; lấy một nửa", _CHECKED),
    free_hours=Rule(24, _WINDOW, _CHECKED),
    human_hours=Rule(168, "Messenger Platform, thẻ HUMAN_AGENT: 7 ngày, sau khi Meta duyệt ứng dụng", _CHECKED),
    template_cost=Rule(0, "Messenger Platform, tin tiện ích: tài liệu không nêu phí", _CHECKED),
    quiet_from=Rule(21, HOUSE_NIGHT, _CHECKED),
    quiet_to=Rule(7, HOUSE_NIGHT, _CHECKED),
    posts_monthly=Rule(None, "Pages API: tài liệu không nêu số bài mỗi tháng", _CHECKED),
)

TEMPLATE_TEXT = 640  # a button template's text; from an older reference
TEMPLATE_BUTTONS = 3
PICTURE_BYTES = 10_000_000  # a photo on the wall
GREETING = 160
MENU_ITEMS, MENU_TITLE = 20, 30
ICE_BREAKERS = 4
PROFILE_CALLS_APART_SECONDS = 300.0  # two or three calls each time; Meta allows ten in ten minutes

STANDARD, HUMAN_AGENT, UTILITY = "standard", "human_agent", "utility"


def ways(limits: Limits, *, human_agent: bool, utility: bool) -> Iterator[Way]:
    yield Way(STANDARD, frozenset(Purpose), hours=limits.reply_window_hours.value)
    notice = frozenset({Purpose.NOTICE})
    if human_agent:
        yield Way(HUMAN_AGENT, notice, hours=limits.human_hours.value, by_person=True)
    if utility:
        yield Way(UTILITY, notice, cost=limits.template_cost.value or 0.0, template=True)
