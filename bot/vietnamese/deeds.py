"""What a story of wrongdoing is made of: who, what of, and what was done. A word few examples have stands for many.

Only kinds of words, no verdict: which kinds, in which order, make an accusation is learned with the intents. "Cán bộ
giữ tiền" and "trưởng buôn ôm bò giống" have no word in common, and both have an official who takes goods.
"""

from collections import defaultdict

from bot.vietnamese.fold import fold

_KINDS = {
    "official": """
    cán bộ|chủ tịch|trưởng thôn|thôn trưởng|trưởng buôn|buôn trưởng|trưởng làng|tổ trưởng|trưởng khu|trưởng xóm|bí thư|
    kế toán|thủ quỹ|địa chính|hộ tịch|tư pháp|văn thư|giám đốc|hiệu trưởng|hiệu phó|công an|cảnh sát|dân phòng|
    kiểm lâm|ban quản lý|đội quản lý|lãnh đạo|sếp|quan|quan chức|trưởng ban|phó ban|hội trưởng|đội trưởng|trưởng phòng|
    phó phòng|ông phó|bà phó|chủ nhiệm|trưởng trạm|trạm trưởng|thanh tra|trật tự|đoàn kiểm tra|công chức|nhân viên|
    quản trang|khuyến nông|bác sĩ|y tá|thầy giáo|cô giáo|hội đồng|mặt trận|xã đội|chỉ huy|thú y|uỷ ban""",
    "they": """
    ổng|nó|tụi nó|bọn nó|bọn|chúng nó|mấy ổng|mấy ông|lão|thằng|họ|người ta|gã|kẻ|ông đó|ông ấy|ông ta|ông này|
    bà ấy|bà đó|bà này|anh ta|chị ta|đứa|hắn""",
    "their own": """
    em vợ|em rể|con rể|con cháu|người nhà|người quen|người thân|dâu rể|họ hàng|thông gia|con trai|em trai|vợ con|
    sân sau|đàn em|nhà mình""",
    "money": """
    tiền|triệu|trăm|ngàn|nghìn|chục|tỷ|phong bì|quỹ|vốn|phần trăm|hoa hồng|lại quả|bồi dưỡng|ngân sách|chênh lệch|
    trăm ngàn|chục triệu|trăm triệu|tiền mặt""",
    "goods": "gạo|mì tôm|bò|giống|phân bón|quà|thuốc|tôn|xăng|gỗ|cát|vật tư|hàng|xi măng|suất ăn",
    "land": "đất|rẫy|ruộng|lô|lô đất|đất công|sổ đỏ|rừng|sạp|suất",
    "aid": """
    trợ cấp|hỗ trợ|cứu trợ|đền bù|bồi thường|chế độ|chính sách|hộ nghèo|người nghèo|dân nghèo|người già|thương binh|
    liệt sĩ|từ thiện|ủng hộ|dự án|bảo trợ|mai táng|da cam|khuyết tật|tái định cư|công trình|của dân|bà con""",
    "takes": """
    lấy|lấy bớt|lấy riêng|nhận|giữ|giữ lại|bỏ túi|nhét túi|rút|rút ruột|ăn tiền|ăn bớt|ăn chặn|ăn bẩn|ăn chia|cắt xén|
    bớt xén|xà xẻo|ém|ỉm|ôm|cầm|nuốt|chia chác|chia nhau|chiếm|chiếm đoạt|biển thủ|tham ô|tham nhũng|thụt két|moi|
    đục khoét|vòi|vòi vĩnh|đòi|thu thêm|hưởng|trục lợi|bòn rút|bóc lột|hối lộ|tư túi|đem bán|bán lại""",
    "gives": """
    đưa|đưa tiền|chi|chung|chung chi|chung tiền|biếu|dúi|lót tay|đút lót|kẹp|lo lót|lo cho|chạy|mua chuộc|cúng|
    bôi trơn|nộp thêm|quà cáp""",
    "false": """
    giả|giả mạo|giả chữ ký|làm giả|bằng giả|khống|khai khống|ký khống|lập khống|khai tăng|khai man|khai gian|mạo danh|
    ký thay|chữ ký|sổ sách|sửa sổ|tẩy xoá|tráo|dỏm|danh sách ma|hồ sơ ma|thông đồng|gian lận|lừa|lừa đảo""",
    "covers": """
    bao che|che giấu|che|làm ngơ|làm lơ|bưng bít|ém nhẹm|chìm xuồng|bảo kê|bịt miệng|im lặng|báo trước|dàn xếp""",
    "forces": """
    doạ|đe doạ|hăm|ép|bắt ép|ức hiếp|trả thù|trù dập|cưỡng chế|đánh|hành hung|đâm|chém|tát|bóp cổ|giam|
    sàm sỡ|gạ tình|sờ soạng|hiếp|xâm hại|quấy rối|tống tiền|lạm quyền|lộng quyền|lợi dụng|chức quyền""",
    "crime": """
    trộm|cướp|ma tuý|hàng trắng|đánh bạc|sòng bạc|số đề|cá độ|nặng lãi|hụi|giết|hàng lậu|buôn lậu|hàng cấm|mại dâm|
    súng|buôn người|trốn thuế""",
    "reports": """
    bằng chứng|chứng cứ|ghi âm|quay phim|clip|video|làm chứng|tố cáo|tố giác|khiếu tố|vạch mặt|vạch trần|ra ánh sáng|
    khởi tố|đích danh|sai phạm|hành vi|phạm pháp|giấu tên|lộ tên|ẩn danh""",
}
_BY_FIRST: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
for _kind, _words in _KINDS.items():
    for _said in sorted(_words.split("|"), key=len, reverse=True):
        _BY_FIRST[fold(_said).split()[0]].append((fold(_said).split(), f"<{_kind}>"))
for _ways in _BY_FIRST.values():
    _ways.sort(key=lambda way: -len(way[0]))


def deeds(words: list[str]) -> list[str]:
    """The kinds of the folded words that have one, in their order; the longest that is said counts."""
    found, reached = [], 0
    for at, word in enumerate(words):
        if at >= reached and word in _BY_FIRST:
            length, kind = _longest(words, at)
            found += [kind] if kind else []
            reached = at + length
    return found


def _longest(words: list[str], at: int) -> tuple[int, str]:
    for said, kind in _BY_FIRST[words[at]]:
        if words[at : at + len(said)] == said:
            return len(said), kind
    return 1, ""
