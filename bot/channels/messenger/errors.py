"""The Graph API's error codes as our few failures: by code and subcode, never by HTTP status or wording."""

from typing import Any

from bot.channel import Failure, SendError
from bot.channels.messenger import usage
from bot.outgoing import Answer

# (code, subcode); None stands for every subcode that has no line of its own.
FAILURES: dict[tuple[int, int | None], Failure] = {
    (1, None): Failure.UNAVAILABLE,
    (1, 2018382): Failure.REJECTED,
    (2, None): Failure.UNAVAILABLE,  # also given when the person has blocked the Page
    (4, None): Failure.TOO_FAST,
    (4, 2018354): Failure.QUOTA,
    (9, 2018352): Failure.QUOTA,
    (10, None): Failure.NOT_CONNECTED,
    (10, 1404170): Failure.REJECTED,
    (10, 1893015): Failure.OPTED_OUT,
    (10, 1893063): Failure.RESTRICTED,
    (10, 2018065): Failure.OUTSIDE_WINDOW,
    (10, 2018108): Failure.BLOCKED,
    (10, 2018278): Failure.OUTSIDE_WINDOW,
    (10, 2018336): Failure.REJECTED,
    (10, 2534022): Failure.OUTSIDE_WINDOW,
    (17, None): Failure.TOO_FAST,
    (32, None): Failure.TOO_FAST,
    (100, None): Failure.REJECTED,
    (100, 2018001): Failure.GONE,
    (100, 2018008): Failure.UNAVAILABLE,  # could not fetch our picture
    (100, 2018294): Failure.UNAVAILABLE,
    (190, None): Failure.NOT_CONNECTED,
    (200, None): Failure.NOT_CONNECTED,  # app not live, or a permission missing
    (200, 1545041): Failure.BLOCKED,
    (341, None): Failure.TOO_FAST,
    (368, None): Failure.RESTRICTED,
    (506, None): Failure.REJECTED,  # the same words were posted a moment ago
    (551, None): Failure.BLOCKED,
    (613, None): Failure.TOO_FAST,
    (613, 1893016): Failure.QUOTA,
    (613, 2018338): Failure.RESTRICTED,
    (10900, None): Failure.REJECTED,  # this comment has its private reply
    (10903, None): Failure.REJECTED,  # this comment may have none
    (80001, None): Failure.TOO_FAST,
    (80006, None): Failure.TOO_FAST,
}
# Another app, such as the Page inbox, holds the conversation: seen as code and as subcode.
THREAD_HELD = (2018300, 2018321, 2534037)
WAIT_SECONDS = {Failure.RESTRICTED: 1800.0, Failure.TOO_FAST: 60.0}
DEAD_ATTACHMENT = (100, 2018074)
NO_PROFILE = (2018218, 2018247)
DEAD_TOKEN, DUPLICATE_POST = 190, 506
LACKS_PERMISSION = (10, 200)

ADVICE: dict[tuple[int, int | None], str] = {
    (10, None): "Ứng dụng chưa được Meta cho quyền này. Xin xem lại các quyền đã duyệt (App Review).",
    (10, 1893063): "Meta đang hạn chế Trang. Xin mở phần Chất lượng Trang, xem lý do, và tạm ngừng gửi bản tin.",
    (190, None): "Khoá của Trang không còn hiệu lực. Xin tạo khoá mới, ghi vào MESSENGER_PAGE_TOKEN rồi khởi động lại.",
    (190, 460): "Người cấp khoá đã đổi mật khẩu nên khoá chết. Xin lấy khoá của người dùng hệ thống.",
    (190, 463): "Khoá của Trang đã hết hạn. Xin tạo khoá không có ngày hết hạn.",
    (200, None): "Khoá thiếu quyền. Xin cấp lại khoá với đủ các quyền trong tài liệu kết nối Facebook.",
    (200, 2018028): "Ứng dụng chưa được duyệt: mới trả lời được người có vai trò trong ứng dụng. Xin nộp App Review.",
    (368, None): "Meta đang chặn việc này vì cho là trái chính sách. Xin xem phần Hỗ trợ của Trang.",
    (506, None): "Trang vừa đăng đúng lời này rồi. Xin xem lại trên Trang trước khi đăng nữa.",
    (613, 2018338): "Meta cảnh báo Trang gửi quá dồn dập. Xin ngừng bản tin ít nhất một ngày.",
}


class Refused(SendError):
    def __init__(self, answer: Answer, error: dict[str, Any]) -> None:
        self.codes = (_whole(error.get("code")), _whole(error.get("error_subcode")))
        failure = _failure(*self.codes, transient=error.get("is_transient") is True)
        wait = WAIT_SECONDS.get(failure)
        if failure is Failure.TOO_FAST:
            said = usage.told(answer.headers)
            wait = (said.regain_seconds if said else 0.0) or wait
        super().__init__(failure, _detail(self.codes, error), retry_after_seconds=wait, advice=_advice(*self.codes))


def fields(answer: Answer) -> dict[str, Any]:
    """A success. Raises `Refused`, or `SendError` for an answer that is not the Graph API's."""
    value = answer.json()
    error = value.get("error")
    if isinstance(error, dict):
        raise Refused(answer, error)
    if answer.status >= 400 or error is not None:
        failure = Failure.UNAVAILABLE if answer.status in (429, 503) else Failure.UNSURE
        raise SendError(failure, f"HTTP {answer.status} without an error object")
    return value


def _failure(code: int, subcode: int, *, transient: bool) -> Failure:
    if code in THREAD_HELD or subcode in THREAD_HELD:
        return Failure.UNAVAILABLE
    known = FAILURES.get((code, subcode)) or FAILURES.get((code, None))
    return known or (Failure.UNAVAILABLE if transient else Failure.REJECTED)


def _advice(code: int, subcode: int) -> str:
    """None of what stands under a bare code for a subcode that means a person and not us."""
    if (code, subcode) in FAILURES and (code, subcode) not in ADVICE:
        return ""
    return ADVICE.get((code, subcode)) or ADVICE.get((code, None), "")


def _detail(codes: tuple[int, int], error: dict[str, Any]) -> str:
    # The trace id is what Meta's support asks for.
    return f"{codes[0]}/{codes[1]} {error.get('message', '')} (trace {error.get('fbtrace_id', '')})"


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
