"""Words of a question: abbreviations opened, fillers dropped, and the asked facet read apart from the content."""

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.vietnamese.fold import fold, fold_word, normalise

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")

# As typed without diacritics -> what is meant. Only those that mean one thing in a question to a commune.
ABBREVIATIONS = {
    "dk": "dang ky", "dki": "dang ky", "đk": "dang ky", "dky": "dang ky", "ks": "khai sinh", "gks": "giay khai sinh",
    "kh": "ket hon", "dkkh": "dang ky ket hon", "gkh": "giay ket hon", "dkks": "dang ky khai sinh", "kt": "khai tu",
    "cccd": "can cuoc", "cmnd": "can cuoc", "cmt": "can cuoc", "cmtnd": "can cuoc", "gplx": "giay phep lai xe",
    "bhyt": "bao hiem y te", "bhxh": "bao hiem xa hoi", "shk": "so ho khau", "hk": "ho khau", "tt": "thu tuc",
    "tthc": "thu tuc hanh chinh", "gpxd": "giay phep xay dung", "qsdd": "quyen su dung dat", "qsd": "quyen su dung",
    "nvqs": "nghia vu quan su", "ubnd": "uy ban", "hkd": "ho kinh doanh", "gcn": "giay chung nhan",
    "dkkd": "dang ky kinh doanh", "tthn": "tinh trang hon nhan", "xn": "xac nhan", "ct": "chung thuc",
    "vk": "vo", "ck": "chong", "con nit": "tre em", "tnxh": "te nan xa hoi", "syll": "so yeu ly lich",
    "ko": "khong", "k": "khong", "hok": "khong", "hong": "khong", "kg": "khong", "khg": "khong", "hem": "khong",
    "dc": "duoc", "đc": "duoc", "dx": "duoc", "j": "gi", "z": "vay", "v": "vay", "zay": "vay", "bn": "bao nhieu",
    "nhiu": "nhieu", "ntn": "nhu the nao", "lm": "lam", "lam sao": "lam sao", "mik": "minh", "tui": "toi",
    "mih": "minh", "hsơ": "ho so", "hs": "ho so", "gt": "giay to", "vs": "voi", "r": "roi", "h": "gio",
    "pass": "ho chieu", "passport": "ho chieu", "visa": "thi thuc", "onl": "online", "xd": "xay dung",
    "sdt": "so dien thoai", "dt": "dien thoai",
    "dchi": "dia chi", "dvc": "dich vu cong",
}  # fmt: skip

# Dialect and everyday words -> the word the entries use.
EVERYDAY = {
    "man": "lam", "mo": "dau", "rang": "sao", "chung nao": "bao gio", "bua": "hom", "sap nho": "con", "be": "con",
    "chau": "con", "nhoc": "con", "bo": "ba", "cha": "ba", "tia": "ba", "cuoi": "ket hon",
    "lay chong": "ket hon", "lay vo": "ket hon", "chet": "mat",
    "qua doi": "mat", "tu tran": "mat", "photo": "ban sao", "foto": "ban sao", "sao y": "chung thuc ban sao",
    "cong chung": "chung thuc", "doc than": "tinh trang hon nhan", "cat nha": "xay nha", "xay nha": "xay dung nha",
    "nhap ngu": "nghia vu quan su", "di linh": "nghia vu quan su", "bo doi": "quan su", "tro": "thue",
}  # fmt: skip

# Words that carry no content of their own; a question is not about them.
FILLERS = frozenset(
    """a ạ ah oi ơi u uh vang da dạ thua thưa cho hoi hỏi xin chao chào cam on cảm ơn lam làm on ơn giup giúp voi với
    nhe nhé nha nhỉ nhi em anh chi chị co cô chú bac bác ong ông ba bà minh mình toi tôi ban bạn ad admin shop
    muon muốn can cần phai phải duoc được khong không co có thi thì la là va và roi rồi nay này kia do đó day đây gio
    giờ dang đang se sẽ da đã moi vua vừa bi bị ma mà nen nên the thế vay vậy nao nào sao gi gì nhu như ve về cua của
    cac các nhung những mot một hai tai tại den đến tu từ o ở trong ngoai ngoài khi neu nếu hay hoac hoặc cung cũng
    chua chưa biet biết huong hướng dan dẫn chi chỉ thu thủ tuc tục quy trinh trình viec việc di đi len lên qua quá
    nua nữa luon luôn het hết rat rất lai nhieu nhiều bao dau đâu ai ta nguoi người nha nhà chuyen bua hom hôm nay mai
    hien hiện nhung lieu liệu thay thấy nghe bao bảo ho họ phuong phường xa xã thon thôn to tổ dan dân gom gồm theo
    mang xong ngay ngày lan lần sau truoc trước lay lấy cau hỏi tim tìm hieu hiểu thong thông tin ra ay ấy sang sáng
    chieu chiều nam năm thang tháng tuan tuần truong trường hop hợp yeu yêu cau cầu nghi nghị de đề phan phận""".split()
)
# folded words which look like fillers but tell procedures apart, and must stay
KEPT = frozenset("lai chuyen doi moi di den ong ba nguoi nha con mat".split())
# pairs that are one word: typed without marks "khai tử" is no "khai từ", and "chữ ký" has no uncle in it
WHOLE = frozenset(
    """khai tu|chu ky|yeu to|giam ho|ho tich|ho khau|ho ngheo|can ngheo|thua ke|le hoi|tam vang|bao vang|can cuoc|to cao
    |bo sung|ban chinh|ban sao|khai bao|to truong|chu tich|nghe nhan|uu tu|tho cung|ho kinh|bao hiem|dien tu|dau do"""
    .replace("\n    ", "").split("|")
)  # fmt: skip

FACETS: tuple[tuple[str, str], ...] = (
    ("online", r"truc tuyen|online|qua mang|tren mang|qua internet|vneid|dich vu cong|tai nha"),
    ("fee", r"le phi|chi phi|(?:mat )?phi|ton (?:bao nhieu|tien|nhieu)|(?:mat |het )?(?:bao nhieu|may) tien|"
            r"het bao nhieu|mat tien|mien phi|gia|tien"),
    ("time", r"(?:mat )?(?:bao lau|may ngay|bao nhieu ngay)|thoi han|thoi gian|khi nao (?:co|xong|lay)|"
             r"bao gio (?:co|xong|lay)|may hom|may bua|mat may ngay|lau khong|trong ngay"),
    ("where", r"o dau|cho nao|noi nao|nop dau|lam dau|den dau|gap ai|co quan nao|ai giai quyet|ai lam|dia diem"),
    ("documents", r"giay to gi|can (?:nhung )?gi|giay to|ho so (?:gom|can|gi)|can giay|mang (?:theo )?gi|chuan bi|"
                  r"nhung gi|thanh phan ho so|bieu mau|mau don|to khai|mau"),
    ("result", r"duoc cap gi|nhan duoc gi|ket qua"),
    ("law", r"can cu|luat nao|nghi dinh nao|quy dinh o dau"),
)  # fmt: skip
_FACETS = tuple((name, re.compile(rf"\b(?:{pattern})\b")) for name, pattern in FACETS)


@dataclass(frozen=True, slots=True)
class Words:
    content: tuple[str, ...]  # folded syllables that say what the question is about, in order
    facet: str  # documents | fee | time | where | online | result | law | ""
    folded: str  # the whole question, folded, abbreviations opened


def read(text: str) -> Words:
    typed = normalise(text)
    marked = typed != fold(typed)
    opened = _opened(_WORD.findall(typed))
    facet, asked = _facet([folded for folded, _ in opened])
    whole = _whole([folded for folded, _ in opened])
    content = (
        folded
        for at, (folded, word) in enumerate(opened)
        if at not in asked and (at in whole or _is_content(folded, word if marked else folded))
    )
    return Words(tuple(content), facet, " ".join(folded for folded, _ in opened))


def _whole(words: list[str]) -> set[int]:
    """The places of pairs that are one word."""
    return {place for at, pair in enumerate(pairwise(words)) if " ".join(pair) in WHOLE for place in (at, at + 1)}


def _is_content(folded: str, typed: str) -> bool:
    """Whoever types marks tells "thì" from "thị"; of someone who does not we drop both."""
    if folded in KEPT:
        return True
    return typed not in FILLERS and not folded.isdigit() and not (typed == folded and folded in _FOLDED_FILLERS)


_FOLDED_FILLERS = frozenset(fold_word(word) for word in FILLERS)
_TWO = {key: value for table in (ABBREVIATIONS, EVERYDAY) for key, value in table.items() if " " in key}
_ONE = {key: value for table in (ABBREVIATIONS, EVERYDAY) for key, value in table.items() if " " not in key}


def _opened(typed: list[str]) -> list[tuple[str, str]]:
    """Folded words, each with the word as typed; abbreviations and everyday words replaced, two-word ones first."""
    words = [fold_word(word) for word in typed]
    opened: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        pair = " ".join(words[at : at + 2])
        meant, step = (_TWO[pair], 2) if pair in _TWO else (_ONE.get(words[at], ""), 1)
        opened += [(word, word) for word in meant.split()] or [(words[at], typed[at])]
        at += step
    return opened


def _facet(words: list[str]) -> tuple[str, set[int]]:
    """The first facet asked about, and the places of all facet words: they are not what the question is about."""
    text = " ".join(words)
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    asked, places = "", set[int]()
    for name, pattern in _FACETS:
        for found in pattern.finditer(text):
            asked = asked or name
            places |= {at for at, start in enumerate(starts[:-1]) if found.start() <= start < found.end()}
    return asked, places
