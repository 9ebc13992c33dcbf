"""What we do not accept, said to the citizen as a sentence."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

log = logging.getLogger(__name__)

BEGUN = web.RequestKey("begun", web.StreamResponse)  # where a handler leaves a response that is already under way
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

UNREADABLE = "Chúng tôi không đọc được tin này. Xin ông/bà tải lại trang rồi gửi lại."
TOO_LONG = "Tin dài quá 4.000 chữ cái. Xin ông/bà chia thành nhiều tin ngắn hơn."
TOO_MANY_PHOTOS = "Mỗi tin gửi được nhiều nhất 5 ảnh. Xin ông/bà bớt ảnh."
WRONG_CLOCK = "Ngày giờ trên máy của ông/bà đang lệch quá một ngày. Xin chỉnh lại đồng hồ rồi gửi lại."
NO_COOKIE = "Trình duyệt chưa cho phép trang này nhớ ông/bà (cookie). Xin cho phép cookie rồi tải lại trang."
FOREIGN = "Tin này không được gửi từ trang của chúng tôi nên không được nhận."
TOO_FAST = "Ông/bà gửi hơi nhanh. Xin chờ một chút rồi gửi lại."
BUSY = "Hệ thống đang bận, chúng tôi chưa nhận được tin. Xin ông/bà gửi lại sau ít phút."
NO_PHOTO = "Không có ảnh này."
PHOTO_MISSING = "Chúng tôi chưa nhận được ảnh. Xin ông/bà chọn lại ảnh."
PHOTO_TOO_LARGE = "Ảnh lớn quá 10 MB. Xin ông/bà chọn ảnh nhỏ hơn."


class Refused(Exception):
    def __init__(self, status: int, sentence: str, *, retry_after_seconds: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after_seconds = retry_after_seconds

    def response(self) -> web.Response:
        answer = web.json_response({"error": self.sentence}, status=self.status)
        if self.retry_after_seconds:
            answer.headers["Retry-After"] = str(self.retry_after_seconds)
        return answer


def courteous(handler: Handler) -> Handler:
    """The door's own catch-all: the citizen's page keeps what was not accepted, and tries again."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            return refused.response()
        except Exception as error:  # noqa: BLE001 - whatever the store raises, the citizen reads a sentence
            # The error's own text may hold the citizen's words.
            log.error("web chat: %s %s failed: %s", request.method, request.rel_url.path, type(error).__name__)
            begun = request.get(BEGUN)
            return begun or Refused(503, BUSY, retry_after_seconds=5).response()

    return answer
