"""What is asked about a procedure: its papers, fee, time, place... read apart, because it is not what it is about."""

import re

FACETS: dict[str, str] = {
    "online": r"""
        (?:nop |lam )?(?:ho so )?(?:truc tuyen|online|(?:qua|tren) (?:mang|internet|app|dien thoai)|vneid)
        (?:cong )?dich vu cong  (?:nop|lam|gui) mang  ngoi nha lam  o nha lam
    """,
    "fee": r"""
        le phi  chi phi  (?:mat |dong |thu )?(?<!tang )(?<!hoc )(?<!vien )(?<!kinh )phi
        (?:(?:ton|mat|het|dong|tra|nop) )?(?:bao nhieu|may|nhieu) tien(?: ca thay)?
        (?:ton|het) (?:bao nhieu|nhieu|tien)  mat tien  mien phi  gia ca  gia bao nhieu
        tien nong  may dong  tinh tien  bao nhieu$  ^bao nhieu(?! (?:ngay|lau|hom|tuoi|nguoi))
    """,
    "time": r"""
        (?:giai quyet |xu ly |cap )?(?:mat |het |trong )?(?:bao lau|may ngay|may hom|may bua|bao nhieu (?:ngay|lau|hom))
        thoi han  thoi gian  (?:khi nao|bao gio|chung nao|luc nao|ngay nao) (?:co|xong|lay|nhan|duoc)
        lau khong  trong ngay  nhanh khong  chung (?:mo|nao)(?: co)?  lau (?:qua|vay)  may thang
    """,
    "where": r"""
        (?:nop |lam |den |ra |toi |len |xin |o )?(?:o dau|cho nao|noi nao|dau vay|cho mo|o mo|mo vay)
        nop dau  lam dau  den dau  xin dau  gap ai  hoi ai  co quan nao  ai (?:giai quyet|lam|cap|ky)
        dia diem  dia chi nop  ben nao  noi nop  phong nao  quay nao
    """,
    "documents": r"""
        (?:(?:can|nhung|mang|nop|chuan bi|co|phai) )*giay (?:to(?: (?:gi|nao|chi|gom (?:gi|chi)))?|gi|chi)
        (?:can|mang|dem|chuan bi|nop)(?: theo)? (?:nhung )?(?:gi|chi)  nhung gi  gom (?:nhung )?gi  thanh phan ho so
        ho so (?:gom|can|gi)  bieu mau  mau (?:don|to khai|giay)  to khai  can giay  chuan bi
        \A(?:(?:cho|xin) )?(?:hoi )?ho so
    """,
    "conditions": "dieu kien  (?:co )?duoc huong khong  doi tuong nao  ai duoc  du tuoi  bao nhieu tuoi",
    "steps": "(?:cac |may )?buoc  trinh tu  quy trinh  cach thuc  cach lam",
    "result": "duoc cap gi  nhan duoc gi  ket qua",
    "law": r"""
        can cu(?: vao)?(?: phap ly)?  (?:luat|nghi dinh|thong tu|van ban) nao(?: quy dinh)?  quy dinh o dau  theo luat
    """,
}  # each line: patterns of folded words, two spaces apart
_PARTED = re.compile(r"  +|\n *")


def _group(name: str) -> str:
    return f"(?P<{name}>{'|'.join(_PARTED.split(FACETS[name].strip()))})"


_ANY = re.compile(rf"\b(?:{'|'.join(map(_group, FACETS))})\b")


def facets(words: list[str]) -> tuple[tuple[str, ...], set[int]]:
    """The facets asked about in the order of the text, and the places of their words."""
    text = " ".join(words)
    asked: dict[str, None] = {}
    places: set[int] = set()
    for found in _ANY.finditer(text):
        if found.lastgroup:
            asked[found.lastgroup] = None
            first = text.count(" ", 0, found.start())
            places |= set(range(first, first + found[0].count(" ") + 1))
    return tuple(asked), places
