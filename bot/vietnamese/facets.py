"""What is asked about a procedure: its papers, fee, time, place... read apart, because it is not what it is about."""

from collections.abc import Iterator
from itertools import product
from typing import Any

# Two spaces part the ways to ask, one space their slots. A slot has one of several words ("_" joins those that are said
# together), and with "?" it may be left out; "^" and "$" are the ends of the message.
FACETS: dict[str, str] = {
    "online": """
        ^? nop|lam? ho_so? truc_tuyen|online  nop|lam? ho_so? qua|tren mang|internet|app|dien_thoai
        nop|lam? ho_so? vneid  cong? dich_vu cong  nop|lam|gui mang  ngoi nha lam  o nha lam
    """,
    "fee": """
        le phi  chi phi  mat|dong|thu? phi  ^? ton|mat|het|dong|tra|nop? bao_nhieu|may|nhieu tien ca_thay?
        ton|het bao_nhieu|nhieu|tien  mat tien  mien phi  gia ca  gia bao nhieu
        tien nong  may dong  tinh tien  bao nhieu $  ^ bao nhieu
    """,
    "time": """
        giai_quyet|xu_ly|cap? mat|het|trong? bao_lau|may_ngay|may_hom|may_bua
        ^? giai_quyet|xu_ly|cap? mat|het|trong? bao nhieu ngay|lau|hom
        thoi han  thoi gian  khi_nao|bao_gio|chung_nao|luc_nao|ngay_nao co|xong|lay|nhan|duoc
        lau khong  trong ngay  nhanh khong  chung mo|nao co?  lau qua|vay  may thang
    """,
    "where": """
        nop|lam|den|ra|toi|len|xin|o? o_dau|cho_nao|noi_nao|dau_vay|cho_mo|o_mo|mo_vay
        nop dau  lam dau  den dau  xin dau  gap ai  hoi ai  co quan nao  ai giai_quyet|lam|cap|ky
        dia diem  dia chi nop  ben nao  noi nop  phong nao  quay nao
    """,
    "documents": """
        phai|can? co|can? mang|nop|chuan_bi? nhung? giay gi|chi
        phai|can? co|can? mang|nop|chuan_bi? nhung? giay to gom? gi|nao|chi?
        can|mang|dem|chuan_bi|nop theo? nhung? gi|chi  nhung gi  gom nhung? gi  thanh phan ho so
        ho so gom|can|gi  bieu mau  mau don|to_khai|giay  to khai  can giay  chuan bi
        ^ cho|xin? hoi? ho so
    """,
    "conditions": "dieu kien  co? duoc huong khong  doi tuong nao  ai duoc  du tuoi  ^? bao nhieu tuoi",
    "steps": "cac|may? buoc  trinh tu  quy trinh  cach thuc  cach lam",
    "result": "duoc cap gi  nhan duoc gi  ket qua",
    "law": """
        can cu vao? phap_ly?  luat|nghi_dinh|thong_tu|van_ban nao quy_dinh?  quy dinh o dau  theo luat
    """,
    "": "tang|hoc|vien|kinh phi  ^ bao nhieu nguoi",  # sounds like one, and is none
}
_Tree = dict[str, Any]  # word -> the words that may follow; _END -> the facet
_END = " "


def _ways(pattern: str) -> Iterator[list[str]]:
    slots = [slot.removesuffix("?").split("|") + [""] * slot.endswith("?") for slot in pattern.split(" ")]
    for way in product(*slots):
        yield " ".join(way).replace("_", " ").split()


def _tree() -> _Tree:
    tree: _Tree = {}
    for facet, patterns in FACETS.items():
        for pattern in filter(None, (part.strip() for line in patterns.splitlines() for part in line.split("  "))):
            for way in _ways(pattern):
                at = tree
                for word in way:
                    at = at.setdefault(word, {})
                at.setdefault(_END, facet)
    return tree


_TREE = _tree()


def facets(words: list[str]) -> tuple[tuple[str, ...], set[int]]:
    """The facets asked about in the order of the text, and the places of their words."""
    asked: dict[str, None] = {}
    places: set[int] = set()
    said = ["^", *words, "$"]
    at = 0
    while at < len(said):
        length, facet = _longest(said, at) if said[at] in _TREE else (0, "")
        if facet:
            asked[facet] = None
            places.update(range(at - 1, at - 1 + length))
        at += length or 1
    return tuple(asked), places


def _longest(said: list[str], at: int) -> tuple[int, str]:
    """The longest way to ask that begins here: how many words it has, and for what it asks."""
    found, tree = (0, ""), _TREE
    for length, word in enumerate(said[at:], 1):
        if (further := tree.get(word)) is None:
            break
        tree = further
        if _END in tree:
            found = length, tree[_END]
    return found
