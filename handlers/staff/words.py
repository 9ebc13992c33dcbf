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
    "held": "đang giữ, chờ người dân nhắn lại",
}

CAMPAIGNS = {"draft": "Chờ duyệt", "approved": "Đã duyệt, đặt lịch", "cancelled": "Đã huỷ", "done": "Đã phát xong"}
ISSUES = {
    "laying": "Đang lập danh sách người nhận",
    "sending": "Đang gửi",
    "paused": "Tạm dừng",
    "done": "Xong",
    "cancelled": "Đã huỷ",
}

OUTLETS = {
    "zalo_broadcast": "Bài viết và tin quảng bá Zalo OA",
    "page_post": "Bài đăng trang Facebook",
    "telegram_channel": "Kênh Telegram",
}
PUBLICATIONS = {
    "waiting": "đang chờ đăng",
    "working": "đang đăng",
    "published": "đã đăng",
    "failed": "chưa đăng được",
    "unsure": "không rõ đã đăng hay chưa",
    "cancelled": "không đăng nữa",
}

REASONS = {
    "quiet_hours": "chờ hết giờ nghỉ đêm",
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

WAYS = {
    "free": "tin tư vấn miễn phí",
    "paid": "tin tư vấn trả phí",
    "template": "tin theo mẫu",
    "template_phone": "tin theo mẫu, gửi tới số điện thoại",
    "standard": "tin trả lời thông thường",
    "human_agent": "tin do cán bộ đứng tên",
    "utility": "tin theo mẫu",
    "chat": "tin nhắn",
    "page": "tin trên trang web",
    "terminal": "tin gõ thử",
    "": "không ghi cách gửi",
}

# where a channel's webhook address goes, or why it goes nowhere
WEBHOOKS = {
    "zalo": "Dán vào developers.zalo.me: chọn ứng dụng, mục Webhook.",
    "messenger": "Dán vào developers.facebook.com: chọn ứng dụng, mục Messenger, Webhooks, ô Callback URL.",
    "telegram": "Không phải dán ở đâu: Loa tự báo địa chỉ này cho Telegram, hoặc tự hỏi tin khi chạy kiểu polling.",
}

UNLIMITED = "không giới hạn"
RULES = {  # what it is called, and its unit
    "text": ("Độ dài một tin", "ký tự"),
    "buttons": ("Số nút dưới một tin", "nút"),
    "button_title": ("Độ dài chữ trên nút", "ký tự"),
    "campaign_window_hours": ("Thời gian được gửi tin tuyên truyền, tính từ lời nhắn cuối của người dân", "giờ"),
    "reply_window_hours": ("Thời gian được trả lời, tính từ lời nhắn cuối của người dân", "giờ"),
    "sends_per_second": ("Tốc độ gửi", "tin mỗi giây"),
    "free_hours": ("Cửa sổ miễn phí, tính từ lời nhắn cuối của người dân", "giờ"),
    "paid_cost": ("Giá một tin tư vấn ngoài cửa sổ miễn phí", "đồng"),
    "paid_monthly": ("Số tin tư vấn trả phí trong một tháng", "tin"),
    "human_hours": ("Thời gian cán bộ đứng tên còn được trả lời", "giờ"),
    "template_cost": ("Giá một tin theo mẫu", "đồng"),
    "phone_template_cost": ("Giá một tin theo mẫu gửi tới số điện thoại", "đồng"),
    "person_gap_seconds": ("Khoảng cách giữa hai tin tới cùng một người", "giây"),
    "quiet_from": ("Tin tuyên truyền tạm nghỉ từ", "giờ trong ngày"),
    "quiet_to": ("Tin tuyên truyền gửi lại từ", "giờ trong ngày"),
    "posts_monthly": ("Số bài đăng trong một tháng", "bài"),
    "posts_from": ("Được đăng bài từ", "giờ trong ngày"),
    "posts_to": ("Được đăng bài đến", "giờ trong ngày"),
    "posts_lead_minutes": ("Phải nộp bài trước giờ đăng", "phút"),
}

RIGHTS = {
    "complaints": "xem phản ánh, kiến nghị",
    "answer": "xử lý, trả lời phản ánh và câu hỏi của người dân",
    "personal": "xem số liên hệ, thông tin cá nhân (mỗi lần xem có ghi nhật ký)",
    "export": "xuất sổ theo dõi",
    "campaigns": "soạn chiến dịch tuyên truyền",
    "approve": "duyệt chiến dịch và mục kiến thức do người khác soạn",
    "knowledge": "thêm, sửa kiến thức của bot",
    "audit": "xem nhật ký",
    "people": "quản lý đơn vị, cán bộ, kênh và quy định nền tảng",
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
    "password.change": "Đổi mật khẩu",
    "password.failed": "Đổi mật khẩu không được: sai mật khẩu cũ",
    "session.end": "Đăng xuất máy khác",
    "chat.link": "Tạo liên kết nối Telegram",
    "chat.linked": "Nối Telegram với tài khoản cán bộ",
    "chat.unlink": "Bỏ nối Telegram",
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
    "publication.retry": "Cho đăng lại một bài",
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
    "rule.default": "Trả quy định của nền tảng về mặc định",
    "channel.check": "Kiểm tra kênh",
    "channel.consent": "Mở trang cấp quyền của nền tảng",
    "channel.connect": "Nối lại tài khoản của kênh",
    "channel.failed": "Nối lại tài khoản của kênh không được",
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
    "value": "giá trị",
    "before": "trước đó",
    "source": "căn cứ",
    "well": "số điều ổn",
    "faults": "số điều cần xem lại",
    "sessions": "số máy",
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
    "published-again": "Đã cho đăng lại. Kết quả hiện ở trang này sau ít phút.",
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
    "connected": "Đã nối lại tài khoản. Tình trạng kênh được cập nhật trong vòng một phút.",
    "rule-saved": "Đã lưu. Quy định mới được dùng ngay.",
    "rule-default": "Đã trả về mặc định.",
    "password-changed": "Đã đổi mật khẩu và đăng xuất khỏi các máy khác.",
    "sessions-ended": "Đã đăng xuất khỏi máy khác.",
    "unlinked": "Đã bỏ liên kết Telegram. Các nút bấm trong nhóm cán bộ không còn được tính là của ông/bà.",
}


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def amount(value: float, places: int = 2) -> str:
    """A number as it is written here: "1.204", "19,5"."""
    whole, _, part = f"{value:,.{places}f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


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
    if value is None:
        return UNLIMITED
    if isinstance(value, float):
        return amount(value)
    known = {"state": {**STATES, **KNOWLEDGE}, "role": ROLES, "outcome": EXPECTED, "reason": REASONS}.get(name, {})
    return known.get(value, str(value))


def hidden(contact: str, masked: str) -> str:
    """A contact with all but its end hidden: `masked` when that already hides something."""
    if "@" in contact:
        name, _, host = contact.partition("@")
        return f"{name[:1]}***@{host}"
    return masked if masked != contact else "*" * max(0, len(contact) - 3) + contact[-3:]
