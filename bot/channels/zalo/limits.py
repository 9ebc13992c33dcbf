"""What Zalo permits an Official Account, as dated data, and the ways to a person that follow from it."""

from collections.abc import Iterator
from datetime import date

from bot.channel import Limits, Purpose, Rule, Way

_CHECKED = date(2026, 11, 24)
_NIGHT = "Zalo OA API, lỗi -234: không gửi từ 22:00 đến 06:00; để dư một giờ"
FREE, PAID, TEMPLATE, TEMPLATE_PHONE = "free", "paid", "template", "template_phone"

LIMITS = Limits(
    text=Rule(2000, "Zalo OA API, tin tư vấn dạng văn bản", _CHECKED),
    buttons=Rule(5, "Zalo PHP SDK 4.0.4, MAX_ELEMENT", _CHECKED),
    button_title=Rule(100, "hướng dẫn của đại lý Zalo; tài liệu chính thức không nêu", _CHECKED),
    campaign_window_hours=Rule(48, "Zalo OA API, điều kiện gửi tin tư vấn: 48 giờ miễn phí, sau đó tính phí", _CHECKED),
    reply_window_hours=Rule(168, "Zalo OA API, lỗi -230: không tương tác trong 7 ngày", _CHECKED),
    # The smaller packages are said to allow 100 calls a minute for the whole OA; uploads and tokens need some.
    sends_per_second=Rule(80 / 60, "gói Growth: 100 lượt gọi một phút, để trống một phần năm", _CHECKED),
    free_hours=Rule(48, "Zalo OA API, từ 01/01/2026: miễn phí, không giới hạn trong 48 giờ", _CHECKED),
    paid_cost=Rule(55, "bảng giá của đại lý Zalo; tài liệu chính thức không nêu", _CHECKED),
    paid_monthly=Rule(500, "gói Growth, theo đại lý (Comprehensive: 2000)", _CHECKED),
    # By UID is said to cost less than by phone; how much less, no source says.
    template_cost=Rule(150, "tạm tính như tin qua số điện thoại, đến khi có hợp đồng với Zalo", _CHECKED),
    phone_template_cost=Rule(150, "bảng giá Zalo năm 2022, Dịch vụ Hành chính công, loại 3", _CHECKED),
    quiet_from=Rule(21, _NIGHT, _CHECKED),
    quiet_to=Rule(7, _NIGHT, _CHECKED),
    posts_monthly=Rule(4, "gói Zalo OA năm 2023: mỗi người quan tâm nhận 4 tin quảng bá một tháng", _CHECKED),
    posts_from=Rule(8, "trong khung 06:00–22:00 (lỗi -234) và 06:00–20:00 (trang quản trị), để dư", _CHECKED),
    posts_to=Rule(19.5, "trong khung 06:00–22:00 (lỗi -234) và 06:00–20:00 (trang quản trị), để dư", _CHECKED),
    posts_lead_minutes=Rule(30, "Zalo OA Manager: tin quảng bá được duyệt trong khoảng 30 phút", _CHECKED),
)

PICTURE_BYTES = 1_000_000  # /v2.0/oa/upload/image takes 1 MB
PICTURE_SECONDS = 6 * 86_400  # uploads live 7 days

_ANSWERS = frozenset({Purpose.REPLY, Purpose.NOTICE, Purpose.CAMPAIGN})
_NOTICES = frozenset({Purpose.NOTICE})


def ways(limits: Limits, *, by_template: bool, by_phone: bool) -> Iterator[Way]:
    """Cheapest first; the templates only where the commune has them approved."""
    window, free = limits.reply_window_hours.value, limits.free_hours.value
    hours = min((each for each in (free, window) if each is not None), default=None)
    yield Way(FREE, _ANSWERS | {Purpose.ALERT}, hours)
    yield Way(PAID, _ANSWERS, window, limits.paid_cost.value or 0.0, limits.paid_monthly.value)
    if by_template:
        yield Way(TEMPLATE, _NOTICES, cost=limits.template_cost.value or 0.0, template=True)
    if by_phone:
        yield Way(TEMPLATE_PHONE, _NOTICES, cost=limits.phone_template_cost.value or 0.0, template=True, phone=True)
