"""Every sentence a citizen can read, outside the knowledge entries."""

from bot.messages import Button

MENU_BUTTONS = (
    Button("Hỏi thủ tục", "ask"),
    Button("Gửi phản ánh, góp ý", "complain"),
    Button("Tra cứu phản ánh", "track"),
    Button("Nhận tin hằng tháng", "news"),
    Button("Gặp cán bộ", "staff"),
)
BACK_TO_MENU = Button("Về đầu trang", "menu")

WELCOME = (
    "Dạ, đây là hệ thống trả lời tự động của {unit}, {province}. "
    "Lúc nào ông/bà cũng có thể nhắn “gặp cán bộ” để gặp người thật.\n\n"
    "Chúng tôi lưu tin nhắn để trả lời ông/bà và không đưa cho người khác ngoài việc này. "
    "Ông/bà có thể nhắn “xoá dữ liệu” bất cứ lúc nào."
)
MENU = "Dạ, ông/bà cần việc gì? Xin bấm chọn, gõ số, hoặc nhắn thẳng câu hỏi, viết không dấu cũng được."
ASK = "Dạ, mời ông/bà nhắn việc cần làm, ví dụ: “làm giấy khai sinh cho con”, “xin xác nhận độc thân”."

STOPPED = "Dạ, chúng tôi đã dừng gửi tin hằng tháng cho ông/bà. Muốn nhận lại, xin nhắn “nhận tin”."
ALREADY_STOPPED = "Dạ, hiện chúng tôi không gửi tin hằng tháng cho ông/bà. Muốn nhận, xin nhắn “nhận tin”."
NEWS_ASK = (
    "Dạ, mỗi tháng một lần, {unit} có bản tin về cải cách hành chính: thủ tục mới, cách nộp hồ sơ, lịch làm việc. "
    "Ông/bà có đồng ý nhận bản tin này qua đây không? Lúc nào nhắn “dừng” là chúng tôi thôi gửi."
)
NEWS_YES = "Dạ, cảm ơn ông/bà. Chúng tôi sẽ gửi bản tin mỗi tháng một lần. Muốn thôi, xin nhắn “dừng”."
NEWS_NO = "Dạ, chúng tôi sẽ không gửi bản tin. Khi nào cần, ông/bà nhắn “nhận tin”."
NEWS_BUTTONS = (Button("Đồng ý nhận tin", "news:yes"), Button("Không nhận", "news:no"))
NEWS_WORDING = "Nhận bản tin cải cách hành chính mỗi tháng một lần qua kênh này; nhắn “dừng” để thôi."

CANCELLED = "Dạ, chúng tôi đã bỏ phần đang nhập, không lưu lại gì."
NOTHING_TO_CANCEL = "Dạ, hiện không có phần nào đang nhập dở."
FORM_WAITS = "Dạ, phản ánh của ông/bà đang nhập dở. Mời ông/bà tiếp tục, hoặc bấm “Huỷ”."
FORM_LAPSED = "Dạ, phần phản ánh ông/bà nhập dở đã quá một ngày nên chúng tôi không giữ lại."

STAFF = "Dạ, chúng tôi đã báo cán bộ. Cán bộ sẽ trả lời ông/bà tại đây trong giờ làm việc."
STAFF_URGENT = "Việc gấp xin gọi {phone}."
DANGER = (
    "Dạ, nếu đang có nguy hiểm, xin ông/bà gọi ngay: Công an 113, Cứu hoả 114, Cấp cứu 115. "
    "Kênh này không trực cấp cứu."
)
EMERGENCY = f"{DANGER}\n\nNếu muốn gửi phản ánh về việc này, xin bấm “Gửi phản ánh”."

DENUNCIATION = (
    "Dạ, nội dung này có thể là tố cáo. Theo Luật Tố cáo, tố cáo phải bằng đơn có chữ ký hoặc trình bày trực tiếp, "
    "và người tố cáo được giữ bí mật. Vì vậy chúng tôi không nhận và không lưu nội dung ấy ở đây.\n\n"
    "Xin ông/bà nộp đơn hoặc đến gặp người tiếp công dân của {unit}{address}{phone}. "
    "Ông/bà đừng nhắn thêm tên người hay chi tiết vụ việc vào kênh này."
)

KIND = (
    "Dạ, ông/bà muốn phản ánh về việc gì?\n\n"
    "Nếu muốn khiếu nại hay tố cáo thì cần nộp đơn hoặc đến gặp trực tiếp; xin đừng gửi ở đây."
)
KIND_BUTTONS = (
    Button("Cán bộ, cách phục vụ", "kind:conduct"),
    Button("Quy định, thủ tục", "kind:rule"),
    Button("Đường sá, rác, trật tự, việc chung", "kind:general"),
    Button("Huỷ", "cancel"),
)
CONTENT = "Dạ, mời ông/bà kể rõ việc cần phản ánh. Có thể gửi kèm ảnh. Xin đừng gửi ảnh căn cước."
CONTENT_MISSING = "Dạ, chúng tôi đã nhận ảnh. Xin ông/bà viết thêm vài lời về việc cần phản ánh."
CONTENT_SHORT = "Dạ, nội dung hơi ngắn. Xin ông/bà viết rõ hơn: việc gì, xảy ra khi nào."
PLACE = "Dạ, việc này ở đâu? Xin ghi thôn, tổ, tên đường, hoặc gửi vị trí."
PHOTOS = "Dạ, ông/bà có ảnh thì gửi tiếp vào đây, tối đa 10 ảnh. Không có thì bấm “Tiếp tục”."
PHOTOS_GOT = "Dạ, đã nhận {count} ảnh. Gửi thêm, hoặc bấm “Tiếp tục”."
PHOTOS_FULL = "Dạ, đã đủ 10 ảnh. Mời ông/bà bấm “Tiếp tục”."
NAME = (
    "Dạ, xin ông/bà cho biết họ và tên. Theo quy định, phản ánh cần có họ tên, địa chỉ và cách liên hệ thì chúng tôi "
    "mới trả lời chính thức được. Chỉ cán bộ xử lý mới xem được thông tin này.\n\n"
    "Không muốn nêu tên thì bấm “Không nêu tên”: chúng tôi vẫn đọc, nhưng ghi là góp ý và không có hạn trả lời."
)
ADDRESS = "Dạ, địa chỉ của ông/bà ở đâu? Chỉ cần thôn hoặc tổ, phường."
CONTACT = "Dạ, xin cho số điện thoại hoặc cách khác để liên hệ với ông/bà."
CONTACT_BAD = "Dạ, số này chúng tôi chưa đọc được. Xin ông/bà ghi lại số điện thoại, hoặc địa chỉ thư điện tử."
SKIP = Button("Bỏ qua", "skip")
NEXT = Button("Tiếp tục", "skip")
NAMELESS = Button("Không nêu tên", "skip")
CANCEL = Button("Huỷ", "cancel")

SUMMARY = "Dạ, xin ông/bà xem lại trước khi gửi:\n\n{lines}\n\n{notice}"
NOTICE = (
    "Khi bấm “Đồng ý gửi”, ông/bà đồng ý để {unit} lưu và dùng thông tin trên để xử lý, trả lời phản ánh này. "
    "Hồ sơ được giữ theo quy định về lưu trữ."
)
SUMMARY_BUTTONS = (Button("Đồng ý gửi", "send"), Button("Sửa nội dung", "edit"), CANCEL)
SUMMARY_AGAIN = "Dạ, phản ánh chưa được gửi. Xin ông/bà bấm “Đồng ý gửi”, “Sửa nội dung” hoặc “Huỷ”."
FILED = "Dạ, {unit} đã nhận phản ánh của ông/bà. Mã tra cứu: {code}. Hạn trả lời: {due}."
FILED_SUGGESTION = (
    "Dạ, {unit} đã nhận góp ý của ông/bà. Mã tra cứu: {code}. Góp ý không nêu tên thì không có hạn trả lời."
)
FILED_MORE = "Muốn biết tình hình, ông/bà nhắn mã này vào đây bất cứ lúc nào."

TRACK_ASK = "Dạ, xin ông/bà nhắn mã phản ánh, ví dụ {example}."
TRACK_UNKNOWN = "Dạ, chúng tôi không tìm thấy mã {code}. Xin ông/bà xem lại mã."
TRACK_PROOF = (
    "Dạ, mã {code} được gửi từ một tài khoản khác. Để xem nội dung trả lời, xin ông/bà nhắn mã kèm 4 số cuối "
    "điện thoại đã để lại, ví dụ “{code} 1234”."
)
STATES = {
    "new": "mới tiếp nhận, đang chờ cán bộ xem",
    "accepted": "đã tiếp nhận",
    "working": "đang xử lý",
    "answered": "đã trả lời",
    "closed": "đã xong",
    "referred": "đã chuyển cơ quan có thẩm quyền",
}
FILE_STATUS = (
    "Dạ, để biết hồ sơ của ông/bà đến đâu, xin xem mã số trên giấy hẹn rồi tra tại {portal}, "
    "mục “Tra cứu hồ sơ”, hoặc hỏi {centre}{phone}."
)
CONTACT_SHARED = "Dạ, cảm ơn ông/bà. Chúng tôi chỉ cần thông tin liên hệ khi ông/bà gửi phản ánh."
CONTACT_CARD = "Dạ, thông tin liên hệ của {unit}:"
CONTACT_UNKNOWN = "Dạ, thông tin liên hệ của {unit} đang được cập nhật. Xin ông/bà nhắn “gặp cán bộ”, chúng tôi sẽ báo."

HELLO = "Dạ, chúng tôi chào ông/bà."
THANKS = "Dạ, không có gì. Ông/bà cần việc gì nữa cứ nhắn."
GOODBYE = "Dạ, chúng tôi chào ông/bà. Khi cần, ông/bà cứ nhắn."

CHOICES = "Dạ, ý ông/bà là thủ tục nào?"
NONE_OF_THESE = Button("Không phải các việc trên", "none")
UNKNOWN = (
    "Dạ, việc này không có trong danh mục mà chúng tôi trả lời được, nên chúng tôi không dám trả lời bừa. "
    "Ông/bà có thể tìm tại Cổng Dịch vụ công quốc gia: {portal}\n\n"
    "Câu hỏi đã được ghi lại để cán bộ xem. Cần ngay, xin bấm “Gặp cán bộ”."
)
UNKNOWN_BUTTONS = (Button("Gặp cán bộ", "staff"), BACK_TO_MENU)
LISTED = (
    "Dạ, ông/bà hỏi về thủ tục {name} (mã {code}).{where} Chúng tôi chưa có thông tin đã kiểm tra về thủ tục này, nên "
    "không nêu giấy tờ, lệ phí hay thời hạn. Xin xem tại {portal} (tìm theo mã {code}), hoặc bấm “Gặp cán bộ”."
)
EXPIRED = (
    "Dạ, quy định về thủ tục {name} (mã {code}) chỉ áp dụng đến hết ngày {day}.{where} "
    "Chúng tôi đang cập nhật quy định mới, nên chưa nêu giấy tờ, lệ phí hay thời hạn. "
    "Xin xem tại {portal} (tìm theo mã {code}), hoặc bấm “Gặp cán bộ”."
)
NOT_YET = (
    "Dạ, quy định mà chúng tôi có về thủ tục {name} (mã {code}) chỉ áp dụng từ ngày {day}.{where} "
    "Trước ngày đó, xin xem giấy tờ, lệ phí và thời hạn tại {portal} (tìm theo mã {code}), hoặc bấm “Gặp cán bộ”."
)
FACET_UNKNOWN = "Dạ, về {facet} của thủ tục {name}, chúng tôi chưa có thông tin đã kiểm tra. Xin hỏi {centre}{phone}."
WHERE = "Nộp ở đâu: {where}"
RELATED = "Liên quan: {short}"
FACET_TITLES = {
    "documents": "Giấy tờ",
    "fee": "Lệ phí",
    "time": "Thời hạn",
    "where": "Nộp ở đâu",
    "online": "Nộp trực tuyến",
}
FACET_NAMES = {
    **FACET_TITLES,
    "result": "Kết quả",
    "conditions": "Điều kiện",
    "law": "Căn cứ pháp lý",
}
WHICH_PROCEDURE = (
    "Dạ, ông/bà cần việc gì ạ? Xin nhắn tên việc, ví dụ “khai sinh”, “tạm trú”, hoặc kể ngắn gọn chuyện đang cần làm."
)
SEVERAL = "Dạ, ông/bà hỏi hai việc. Chúng tôi xin trả lời lần lượt."
NOT_OURS = "Dạ, việc “{name}” không do {unit} giải quyết mà thuộc {owner}. {advice}"
NOBODYS = "Dạ, chúng tôi chỉ trả lời về thủ tục hành chính của {unit}. {advice}"
MOVED = "Dạ, từ ngày 01/7/2025 các đơn vị cũ đã sắp xếp lại:"
MOVED_MORE = "và một số đơn vị khác; ông/bà nhắn rõ tên phường hoặc xã, chúng tôi tìm giúp."
WHO = (
    "Dạ, đây là hệ thống trả lời tự động của {unit}, không phải người thật. Chúng tôi trả lời về thủ tục hành chính, "
    "nhận phản ánh, góp ý, và chuyển lời tới cán bộ khi ông/bà cần."
)
HEARD = "Dạ. Ông/bà cần việc gì nữa cứ nhắn."

PHOTO_ALONE = "Dạ, chúng tôi đã nhận ảnh. Ông/bà muốn gửi phản ánh kèm ảnh này không?"
PHOTO_BUTTONS = (Button("Gửi phản ánh", "complain"), BACK_TO_MENU)
UNREADABLE = "Dạ, chúng tôi chưa đọc được loại tin này. Xin ông/bà viết thành chữ."
COMPLAIN_OFFER = (
    "Dạ, chúng tôi rất tiếc về việc ông/bà gặp phải. Ông/bà có muốn gửi thành phản ánh để cán bộ xử lý không?"
)
COMPLAIN_BUTTONS = (Button("Gửi phản ánh", "complain"), Button("Không, tôi hỏi thủ tục", "ask"))
ABUSE = "Dạ, chúng tôi xin lỗi nếu làm ông/bà không vừa lòng. Ông/bà có thể gửi phản ánh hoặc gặp cán bộ."

ERASE = (
    "Dạ, chúng tôi đã ghi yêu cầu xoá dữ liệu của ông/bà và báo cán bộ phụ trách. Trong 2 ngày làm việc cán bộ sẽ "
    "trả lời tại đây. Phản ánh đã gửi được giữ theo quy định về lưu trữ."
)
PRIVACY = (
    "Dạ, chúng tôi lưu: mã tài khoản của ông/bà trên kênh này, tin nhắn, và phản ánh đã gửi; chỉ dùng để trả lời. "
    "Muốn xoá, xin nhắn “xoá dữ liệu”. Muốn thôi nhận tin, xin nhắn “dừng”."
)

EDIT_KEPT = "Dạ, chúng tôi đã ghi thêm nội dung ông/bà vừa sửa vào phản ánh {code}. Nội dung gửi lúc đầu vẫn được giữ."
COMMENT_COMPLAINT = (
    "Dạ, {unit} đã đọc bình luận của ông/bà và rất tiếc về việc này. "
    "Xin ông/bà nhắn “phản ánh” vào đây để chúng tôi tiếp nhận và trả lời chính thức."
)
COMMENT_QUESTION = (
    "Dạ, {unit} đã đọc bình luận của ông/bà. Xin ông/bà nhắn lại câu hỏi vào đây, chúng tôi trả lời ngay."
)
COMMENT_DENUNCIATION = (
    "Dạ, bình luận của ông/bà ai cũng đọc được. Nếu đây là tố cáo, xin nộp đơn có chữ ký hoặc đến gặp người tiếp công "
    "dân của {unit}; người tố cáo được giữ bí mật. Xin ông/bà cân nhắc xoá bình luận để giữ an toàn cho mình."
)
STAFF_LINKED = "Dạ, chúng tôi đã nhận ra {name}. Từ nay {name} bấm được các nút trong nhóm cán bộ."
STAFF_LINK_DEAD = "Dạ, đường dẫn này đã hết hạn hoặc đã dùng. Xin lấy đường dẫn mới trong “Tài khoản của tôi”."

ANSWERED_NOTICE = "Dạ, {unit} trả lời phản ánh {code} của ông/bà:\n\n{answer}"
STATE_NOTICE = "Dạ, phản ánh {code} của ông/bà: {state}."
STAFF_WRITES = "Dạ, cán bộ của {unit} trả lời ông/bà:\n\n{words}"
NEWS_FOOTER = "\n\n(Bản tin hằng tháng. Nhắn “dừng” nếu không muốn nhận.)"
