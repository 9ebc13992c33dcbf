"""The Vietnamese of the console: states, reasons and acts as a clerk would say them."""

import re
from collections.abc import Mapping
from typing import Any

from data.exports import STATES

CATEGORIES = (
    "thái độ, tinh thần phục vụ",
    "chậm hạn hồ sơ",
    "yêu cầu thêm giấy tờ",
    "phí, lệ phí",
    "dịch vụ công trực tuyến, VNeID",
    "quy định chưa phù hợp",
    "hạ tầng, giao thông, chiếu sáng",
    "môi trường, rác",
    "an ninh trật tự",
    "đất đai, xây dựng",
    "an sinh xã hội",
    "giáo dục, y tế",
    "khác",
)

MOVES = {
    "accepted": "Tiếp nhận",
    "working": "Chuyển xử lý",
    "referred": "Chuyển cơ quan có thẩm quyền",
    "closed": "Đóng phản ánh",
}
REOPEN = "Mở lại để xử lý"

DELIVERIES = {
    "waiting": "đang chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "gửi không được",
    "skipped": "không gửi",
    "unsure": "không rõ đã tới hay chưa",
}

CAMPAIGNS = {"draft": "Chờ duyệt", "approved": "Đã duyệt, đặt lịch", "cancelled": "Đã huỷ", "done": "Đã phát xong"}
ISSUES = {
    "laying": "Đang lập danh sách người nhận",
    "sending": "Đang gửi",
    "paused": "Tạm dừng",
    "done": "Xong",
    "cancelled": "Đã huỷ",
}

REASONS = {
    "blocked": "người dân đã chặn tài khoản",
    "gone": "tài khoản người nhận không còn",
    "outside_window": "ngoài khung giờ nền tảng cho gửi",
    "opted_out": "người dân đã thôi nhận tin",
    "quota": "hết lượt gửi của nền tảng",
    "too_fast": "nền tảng bảo gửi chậm lại, sẽ tự gửi tiếp",
    "unavailable": "nền tảng tạm thời không nhận, sẽ tự thử lại",
    "unsure": "đã gửi nhưng không nghe nền tảng trả lời",
    "interrupted": "máy dừng giữa lúc gửi, không rõ đã tới hay chưa",
    "not_connected": "mất kết nối với tài khoản, cần kết nối lại",
    "restricted": "nền tảng đang hạn chế tài khoản",
    "rejected": "nền tảng từ chối tin này",
    "cancelled": "chiến dịch đã huỷ",
    "erased": "người dân đã yêu cầu xoá dữ liệu",
    "superseded": "lần phát sau đã thay lần này",
    "late": "máy tắt lúc đến giờ phát; quá giờ nên chờ người quyết định",
}

ROLES = {"admin": "Quản trị", "leader": "Lãnh đạo", "clerk": "Cán bộ"}
ACTORS = {"clock": "Hệ thống (theo lịch)", "command line": "Dòng lệnh", "stranger": "Người lạ"}

OUTCOMES = {
    "answer": "Bot đã trả lời",
    "choices": "Bot chưa chắc ý, đã đưa ra vài lựa chọn",
    "several": "Bot hiểu là hỏi nhiều việc, đã trả lời từng việc",
    "not_ours": "Bot chỉ sang cơ quan có thẩm quyền",
    "unknown": "Bot trả lời rằng việc này không có trong danh mục",
    "staff": "Người dân muốn gặp cán bộ; bot hẹn cán bộ trả lời tại đây",
    "smalltalk": "Bot chào hỏi",
    "contact": "Bot cho thông tin liên hệ",
    "complaint": "Bot mời gửi phản ánh",
    "denunciation": "Bot hướng dẫn nơi nhận tố cáo",
    "status": "Bot hướng dẫn tra cứu hồ sơ",
    "abuse": "Lời lẽ không phù hợp",
    "menu": "Bot đưa ra các mục chính",
}
EXPECTED = {
    "answer": "trả lời bằng",
    "choices": "đưa ra lựa chọn, trong đó có",
    "not_ours": "chỉ sang nơi khác:",
    "unknown": "nói thật là không có trong danh mục",
}
CLOSED = {
    "phrasing": "đã thành một cách hỏi",
    "entry": "đã thành một thủ tục mới",
    "scope": "đã xếp vào việc ngoài phạm vi",
    "seen": "đã xem xong",
    "": "đã xem xong",
}

KNOWLEDGE = {
    "approved": "đã duyệt",
    "sample": "mẫu, chưa duyệt",
    "draft": "nháp",
    "listed": "chỉ tên và liên kết",
}

ACTS = {
    "sign-in": "Đăng nhập",
    "sign-in.failed": "Đăng nhập không được",
    "sign-out": "Đăng xuất",
    "password.set": "Đặt mật khẩu",
    "complaint.state": "Đổi trạng thái phản ánh",
    "complaint.answer": "Trả lời phản ánh",
    "complaint.assign": "Giao phản ánh",
    "complaint.category": "Đổi lĩnh vực phản ánh",
    "complaint.note": "Ghi chú phản ánh",
    "complaint.contact": "Xem số liên hệ",
    "attachment.view": "Xem tệp người dân gửi",
    "export": "Xuất sổ theo dõi",
    "question.close": "Xem xong câu hỏi",
    "question.answer": "Trả lời câu hỏi",
    "question.phrasing": "Thêm câu hỏi vào cách hỏi của một mục",
    "question.scope": "Ghi nhớ câu hỏi là ngoài phạm vi",
    "knowledge.new": "Thêm mục kiến thức",
    "knowledge.change": "Sửa mục kiến thức",
    "knowledge.approve": "Duyệt mục kiến thức",
    "knowledge.list": "Đưa thủ tục về chỉ tên và liên kết",
    "knowledge.import": "Nhập kiến thức từ tệp",
    "golden.new": "Thêm câu hỏi kiểm tra",
    "golden.delete": "Bỏ câu hỏi kiểm tra",
    "campaign.new": "Soạn chiến dịch",
    "campaign.change": "Sửa chiến dịch",
    "campaign.approve": "Duyệt chiến dịch",
    "campaign.cancel": "Huỷ chiến dịch",
    "issue.launch": "Phát bản tin",
    "issue.pause": "Bản tin tự tạm dừng",
    "issue.resume": "Cho gửi tiếp bản tin",
    "unit.change": "Sửa thông tin đơn vị",
    "person.new": "Thêm cán bộ",
    "person.link": "Tạo liên kết đăng nhập",
    "person.off": "Ngừng tài khoản cán bộ",
    "person.on": "Mở lại tài khoản cán bộ",
    "rule.set": "Sửa quy định của nền tảng",
    "denunciation.guided": "Đã hướng dẫn nơi nhận tố cáo",
}

DETAILS = {
    "state": "trạng thái",
    "characters": "số chữ",
    "to": "cho",
    "rows": "số vụ",
    "sha256": "mã kiểm",
    "from_on": "từ ngày",
    "to_on": "đến ngày",
    "format": "định dạng",
    "personal": "có thông tin cá nhân",
    "reason": "lý do",
    "locked": "bị khoá tạm",
    "stopped": "số tin bỏ",
    "failed": "gửi không được",
    "tried": "đã thử",
    "superseded": "lần phát sau đã thay lần này",
    "late": "trễ giờ",
    "role": "vai trò",
    "confirmed": "đã kiểm tra",
    "category": "lĩnh vực",
    "complaint": "phản ánh",
    "fields": "mục đã sửa",
    "entry": "mục kiến thức",
    "golden": "giữ làm câu hỏi kiểm tra",
    "outcome": "kết quả đúng",
    "new": "số mục mới",
    "changed": "số mục đã đổi",
}

DONE = {
    "moved": "Đã đổi trạng thái.",
    "told": "Đã đổi trạng thái và nhắn cho người dân.",
    "assigned": "Đã giao việc.",
    "categorised": "Đã đổi lĩnh vực.",
    "noted": "Đã lưu ghi chú nội bộ. Người dân không thấy ghi chú này.",
    "answered": "Đã ghi câu trả lời và chuyển đi gửi. Tình trạng gửi hiện ở phần Diễn biến.",
    "recorded": "Đã ghi câu trả lời. Không có tin nhắn nào được gửi: xin báo cho người dân bằng cách khác.",
    "closed": "Đã xếp câu hỏi vào mục xem xong.",
    "replied": "Đã chuyển câu trả lời đi gửi và xếp câu hỏi vào mục xem xong.",
    "created": "Đã lưu chiến dịch. Chiến dịch chỉ phát sau khi người khác duyệt.",
    "approved": "Đã duyệt và đặt lịch.",
    "cancelled": "Đã huỷ chiến dịch.",
    "resumed": "Đã cho gửi tiếp.",
    "saved": "Đã lưu thông tin đơn vị.",
    "entry-same": "Không có gì thay đổi nên không lưu gì.",
    "entry-said": "Đã lưu. Bot dùng cách gọi, cách hỏi mới trong vài giây tới; nội dung trả lời giữ nguyên.",
    "entry-draft": "Đã lưu thành bản nháp. Bot không trả lời người dân bằng mục này cho tới khi lãnh đạo duyệt.",
    "entry-approved": "Đã lưu và duyệt. Bot trả lời bằng nội dung mới trong vài giây tới.",
    "entry-listed": "Đã đưa về chỉ tên và liên kết. Bot thôi nói giấy tờ, thời hạn, lệ phí của thủ tục này.",
    "taught": "Đã thêm câu hỏi vào cách hỏi. Bot hiểu câu này trong vài giây tới.",
    "foreign": "Đã ghi nhớ là việc ngoài phạm vi. Câu hỏi này nay nằm trong các câu hỏi kiểm tra.",
    "golden-kept": "Đã giữ câu hỏi kiểm tra.",
    "golden-dropped": "Đã bỏ câu hỏi kiểm tra.",
    "off": "Đã ngừng tài khoản và đăng xuất người đó khỏi mọi máy.",
    "on": "Đã mở lại tài khoản.",
    "password": "Đã đặt mật khẩu. Mời đăng nhập.",
    "out": "Đã đăng xuất.",
}


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def reason(text: str) -> str:
    """A delivery's or an account's reason, "word" or "word: what the platform said", in plain words."""
    word, _, said = text.partition(":")
    if word.strip() not in REASONS:
        return text
    return f"{REASONS[word.strip()]} ({said.strip()})" if said.strip() else REASONS[word.strip()]


def issue_reason(text: str) -> str:
    found = re.fullmatch(r"(\d+) of (\d+) failed", text)
    if found:
        return f"{found[1]} trong {found[2]} tin đã thử không gửi được, nên bản tin tự dừng để chờ người xem"
    return reason(text)


def detail(values: Mapping[str, Any]) -> str:
    given = {name: value for name, value in values.items() if value != ""}
    return "; ".join(f"{DETAILS.get(name, name)}: {_said(name, value)}" for name, value in given.items())


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    known = {"state": {**STATES, **KNOWLEDGE}, "role": ROLES, "outcome": EXPECTED}.get(name, {})
    return known.get(value, str(value))


def hidden(contact: str, masked: str) -> str:
    """A contact with all but its end hidden: `masked` when that already hides something."""
    if "@" in contact:
        name, _, host = contact.partition("@")
        return f"{name[:1]}***@{host}"
    return masked if masked != contact else "*" * max(0, len(contact) - 3) + contact[-3:]
