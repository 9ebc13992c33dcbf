"""What Meta permits a Page on Messenger, as dated data."""

from datetime import date

from bot.channel import Limits, Rule

_CHECKED = date(2026, 11, 24)

LIMITS = Limits(
    text=Rule(1999, "Messenger Send API reference: less than 2000 characters", _CHECKED),
    buttons=Rule(13, "Messenger Platform, quick replies", _CHECKED),
    button_title=Rule(20, "Messenger Platform, quick replies and buttons", _CHECKED),
    campaign_window_hours=Rule(24, "Messenger Platform, send messages: standard messaging window", _CHECKED),
    # HUMAN_AGENT would allow 7 days, but only for what a person writes and after an App Review.
    reply_window_hours=Rule(24, "Messenger Platform, send messages: standard messaging window", _CHECKED),
    sends_per_second=Rule(20, "Graph API rate limiting: above 40 a second the Page inbox stops; half of it", _CHECKED),
)

TEMPLATE_TEXT = 640  # a button template's text; from an older reference
TEMPLATE_BUTTONS = 3
