"""What staff can do about a refusal of Zalo's, by its code."""

_LOG_IN = "Xin người quản trị OA cấp quyền lại cho Loa: mục Kênh, nút “Nối lại tài khoản”."
_WALLET = "Xin nối ví Zalo Cloud Account (ZCA) với ứng dụng và nạp tiền, hoặc ngừng gửi tin có phí."

OA_ADVICE = {
    -32: "Loa đang gọi Zalo nhanh hơn gói cho phép và sẽ tự chậm lại. Nếu gặp thường xuyên, xin giảm sends_per_second.",
    -204: "OA đang bị khóa. Xin liên hệ Zalo.",
    -205: "OA không còn tồn tại. Xin xem lại ZALO_OA_ID.",
    -209: "Ứng dụng chưa được kích hoạt. Xin bật trạng thái “Đang hoạt động” ở developers.zalo.me.",
    -211: "Đã hết hạn mức của gói trong kỳ này. Xin chờ kỳ sau, hoặc nâng gói.",
    -212: "Ứng dụng chưa thêm sản phẩm Official Account API. Xin thêm ở developers.zalo.me.",
    -216: _LOG_IN,
    -219: "Ứng dụng đã bị gỡ hoặc bị khóa. Xin xem lại ở developers.zalo.me.",
    -220: _LOG_IN,
    -221: "OA chưa được xác thực. Xin làm thủ tục xác thực OA trong trang quản lý OA.",
    -223: "OA chưa cấp quyền này cho ứng dụng. " + _LOG_IN,
    -224: "Gói dịch vụ của OA chưa có tính năng này. Xin nâng gói, hoặc hỏi Zalo về gói cho cơ quan nhà nước.",
    -234: "Zalo không nhận loại tin này từ 22 giờ đến 6 giờ sáng. Loa sẽ gửi lại sau 6 giờ.",
    -235: "Loại OA này không được dùng tính năng này. Xin đăng bằng tay trong trang quản lý OA, hoặc hỏi Zalo.",
    -242: "Ứng dụng đang bật yêu cầu appsecret_proof. Xin tắt yêu cầu này ở developers.zalo.me.",
    -244: "Người dân đã chặn loại tin này của OA.",
    -248: "Zalo cho rằng nội dung vi phạm quy định. Xin xem lại nội dung; không gửi lại khi chưa sửa.",
    -249: "Mẫu tin này không gửi được theo tài khoản Zalo. Xin tạo mẫu mới, hoặc gửi theo số điện thoại.",
    -320: _WALLET,
    -321: _WALLET,
}
ARTICLE_QUOTA = "Đã hết số bài viết của gói trong tháng. Xin chờ tháng sau, hoặc đăng bằng tay trong trang quản lý OA."

_TEMPLATE = "Xin xem lại mẫu tin ở trang quản lý mẫu ZBS của Zalo."
_PERMISSION = "OA hoặc ứng dụng chưa được gửi tin mẫu (ZBS). Xin xem quyền ở trang quản lý ZBS của Zalo."

BUSINESS_ADVICE = {
    **dict.fromkeys((-109, -111, -112, -1121, -1122, -1124, -113, -131, -145, -146), _TEMPLATE),
    **dict.fromkeys((-101, -102, -103, -104, -105, -117, -120, -121, -122, -123, -1241, -125, -135, -138), _PERMISSION),
    **dict.fromkeys((-115, -136, -137), _WALLET),
    **dict.fromkeys((-126, -144, -1441, -147, -160), "Đã hết hạn mức tin mẫu. Xin chờ ngày hoặc tháng sau."),
    -108: "Số điện thoại không hợp lệ. Xin gọi hỏi lại người dân.",
    -118: "Số điện thoại này không dùng Zalo. Xin gọi điện.",
    -124: _LOG_IN,
}

OAUTH_ADVICE = {
    -14002: "Sai ZALO_APP_ID, hoặc ứng dụng chưa được kích hoạt. Xin xem lại ở developers.zalo.me.",
    -14003: "Địa chỉ nhận mã chưa được khai báo. Xin khai đúng địa chỉ đó ở mục Official Account của ứng dụng.",
    -14004: "Sai ZALO_APP_SECRET (khóa bí mật của ứng dụng). Xin sửa trong tệp .env rồi khởi động lại Loa.",
    -14005: "Mã đã dùng rồi hoặc đã quá 10 phút. Xin mở lại liên kết cấp quyền để lấy mã mới.",
}
LOG_IN = _LOG_IN
