"""What the command line says in the staff's language, and how a mistake is told."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Mistake(Exception):
    """What was typed cannot be done; the text says why and what to do, in Vietnamese."""


STATES = {"draft": "nháp", "approved": "đã duyệt", "cancelled": "đã huỷ", "done": "xong"}
ISSUE_STATES = {
    "laying": "đang lập danh sách",
    "sending": "đang gửi",
    "paused": "tạm dừng",
    "done": "xong",
    "cancelled": "đã huỷ",
}
DELIVERIES = {
    "waiting": "chờ",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "lỗi",
    "skipped": "bỏ qua",
    "unsure": "không rõ",
}
REASONS = {
    "opted_out": "đã thôi nhận tin",
    "outside_window": "ngoài thời gian nền tảng cho gửi",
    "blocked": "đã chặn hoặc bỏ quan tâm",
    "gone": "tài khoản không còn",
    "interrupted": "máy dừng giữa lúc gửi",
    "cancelled": "chiến dịch bị huỷ",
    "late": "quá giờ hơn 4 tiếng",
}


def reason(word: str) -> str:
    return REASONS.get(word, word)


def bar(unit: str) -> Progress:
    return Progress(TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
