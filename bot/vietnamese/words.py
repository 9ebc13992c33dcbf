"""Words of a question: slips mended, abbreviations opened, names left out, and the asked facet read apart."""

import re
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from bot.vietnamese.abbreviations import DOUBTFUL_PLAIN, MEANINGS, SAME
from bot.vietnamese.facets import facets
from bot.vietnamese.fold import fold_word, normalise, spell
from bot.vietnamese.spelling import Lexicon

_WORD = re.compile(r"[^\W_]+(?:[./]\d+)*")
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Mai|Cao|Lương|Tạ|Đoàn|"
    "Ksor|Nay|Siu|Rơ Chăm|Rah Lan|Rcom|Kpă|Rmah|Hiao|Rơ Mah|Puih"
)
_CAPITAL = r"[A-ZĐÀ-ỸÁẠẢÃÂẤẦẬẨẪĂẮẰẶẲẴ][a-zà-ỹđ']*"
_PERSON = re.compile(
    rf"\b(?:{_SURNAMES})(?: {_CAPITAL}){{1,4}}\b|"
    r"\b(?:nguy[eễ]n|tr[aầ]n|ph[aạ]m|ho[aà]ng|hu[yỳ]nh|l[eê]|v[oõ]) (?:v[aă]n|th[iị]) \w+(?: \w+)?"
)
_NUMBERS = re.compile(r"https?://\S+|\S+@\S+\.\S+|\b\d[\d .]{6,}\d\b")  # addresses and long numbers say nothing
_HAS_NUMBERS = re.compile(r"\d{2}|@|//")

# Words without content of their own: a question is not about them.
FILLERS = frozenset(
    """
    a ạ á à ơi ới u ừ ừm uh vâng dạ thưa cho hỏi xin chào cảm ơn cám làm giúp giùm dùm giùi với nhé nhe nha nhỉ nhi
    hen hén nghen nè ha hả hử em anh chị cô chú bác ông mình tôi tui tao ta t e m bạn ad admin shop muốn cần phải
    được không có thì là và rồi rùi này nay kia đó đấy đây ấy ni nớ tê rứa giờ đang sẽ đã vừa bị mà nên thế vậy nào
    sao gì chi như về của răng các những một tại đến từ o ở trong khi nếu hay hoặc cũng chưa biết hướng dẫn chỉ thủ
    tục việc đi lên ra vô vào qua quá nữa luôn hết rất nhiều bao nhiêu đâu mô ai người hôm mai hiện thay thấy nghe
    bảo nói họ gồm theo mang ngay ngày lần sau trước lấy câu tìm hiểu thông tin sáng chiều tháng tuần trường hợp yêu
    cầu nghị để ok uk oki alo hello hi nhen coi thử vs vẫn tiếp bên cái chiếc còn lun z v k ko xong
    """.split()
)
_FOLDED_FILLERS = frozenset(fold_word(word) for word in FILLERS)
USUAL = 3  # so much more often must the neighbours speak for a rarer meaning
DOUBTFUL = 0.3  # typed without marks a filler may be a word: "tu" is "từ" or "tử"


class Word(NamedTuple):
    folded: str
    content: float  # 0..1, how much of a content word it is


@dataclass(frozen=True, slots=True)
class Words:
    words: tuple[Word, ...]
    facets: tuple[str, ...]  # asked about, in the order of the text
    folded: str  # the whole question, folded, abbreviations opened

    @property
    def facet(self) -> str:
        return self.facets[0] if self.facets else ""

    @property
    def content(self) -> tuple[str, ...]:
        """The folded words that say what the question is about."""
        return tuple(word.folded for word in self.words if word.content == 1)


_NOTHING_KNOWN = Lexicon(())


def words_in(text: str) -> list[str]:
    """The words of a text as typed, without names, numbers to call and addresses."""
    return list(map(intern, _WORD.findall(normalise(_without_names(text)))))


def read(text: str, lexicon: Lexicon = _NOTHING_KNOWN) -> Words:
    return interpret(words_in(text), lexicon)


def interpret(typed: list[str], lexicon: Lexicon) -> Words:
    """Words as typed, read with what is known about their neighbours."""
    opened = _passed_away(_same(_opened(typed, lexicon)))
    folded = [word for word, _ in opened]
    asked, places = facets(folded)
    marked = sum(not word.isascii() and fold_word(word) != word for word in typed) * 4 > len(typed)
    words = [Word(word, 0.0) if at in places else _word(word, meant, marked) for at, (word, meant) in enumerate(opened)]
    return Words(tuple(words), asked, " ".join(folded))


def _without_names(text: str) -> str:
    return _PERSON.sub(" ", _NUMBERS.sub(" ", text) if _HAS_NUMBERS.search(text) else text)


@lru_cache(maxsize=65_536)
def _word(folded: str, typed: str, marked: bool) -> Word:
    return Word(folded, _content(folded, typed, marked))


def _content(folded: str, typed: str, marked: bool) -> float:
    """Whoever types marks tells "thì" from "thị"; of someone who does not both may be meant."""
    if typed and (marked or typed != folded):
        return 0.0 if typed in FILLERS or folded.isdigit() else 1.0
    if folded in _FOLDED_FILLERS:
        return DOUBTFUL
    return 0.0 if folded.isdigit() else 1.0


def _opened(typed: list[str], lexicon: Lexicon) -> list[tuple[str, str]]:
    """Folded words, each with the word as typed ("" when it was not): abbreviations opened and slips mended."""
    opened: list[tuple[str, str]] = []
    for at, as_typed in enumerate(typed):
        word, meanings = _looked_up(as_typed)
        if not meanings and word in lexicon.words:
            opened.append((word, as_typed))
            continue
        before = opened[-1][0] if opened else ""
        after = _first_meaning(typed[at + 1]) if at + 1 < len(typed) else ""
        if meanings:
            opened += _meant(meanings, before, after, lexicon)
        else:
            mended = lexicon.mended(before, word, after)
            opened += [(word, as_typed)] if mended == (word,) else _cut(as_typed, mended)
    return opened


@lru_cache(maxsize=65_536)
def _looked_up(typed: str) -> tuple[str, tuple[str, ...]]:
    """The folded word, and what it is short for."""
    folded = fold_word(typed)
    return folded, MEANINGS.get(typed) or (MEANINGS.get(folded, ()) if typed == folded else ())


def _first_meaning(typed: str) -> str:
    folded, meanings = _looked_up(typed)
    return fold_word(meanings[0].split()[0]) if meanings else folded


def _meant(meanings: tuple[str, ...], before: str, after: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """The words a short form stands for, folded and with the marks that the table gives them."""
    ways = [[(fold_word(part), part) for part in meaning.split()] for meaning in meanings]

    def fit(way: list[tuple[str, str]]) -> int:
        usual = USUAL if way is ways[0] else 0
        return usual + lexicon.pairs[before, way[0][0]] + lexicon.pairs[way[-1][0], after]

    return [(folded, "" if part == folded else part) for folded, part in max(ways, key=fit)]


def _cut(typed: str, parts: tuple[str, ...]) -> list[tuple[str, str]]:
    """The parts of a word that was glued together keep their marks; a mended one has none."""
    if sum(map(len, parts)) != len(typed) or len(parts) == 1:
        return [(part, "") for part in parts]
    ends = [sum(len(part) for part in parts[: at + 1]) for at in range(len(parts))]
    return [(part, typed[end - len(part) : end]) for part, end in zip(parts, ends, strict=True)]


_BY_FIRST: dict[str, list[tuple[list[str], list[str], list[str]]]] = {}  # folded first word -> folded, spelt, meant
for _said in sorted(SAME, key=lambda said: -len(said.split())):
    _plain = [fold_word(word) for word in _said.split()]
    _BY_FIRST.setdefault(_plain[0], []).append((_plain, [spell(word) for word in _said.split()], SAME[_said].split()))


def _same(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One word for what families and dialects call differently; the longest match first."""
    if not any(word in _BY_FIRST for word, _ in words):
        return words
    same: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        length, meant = _said_at(words, at) if words[at][0] in _BY_FIRST else (0, [])
        if length:
            same += [(part, "") for part in meant]
        else:
            same.append(words[at])
        at += length or 1
    return same


def _said_at(words: list[tuple[str, str]], at: int) -> tuple[int, list[str]]:
    for plain, spelt, meant in _BY_FIRST[words[at][0]]:
        here = words[at : at + len(plain)]
        if [folded for folded, _ in here] != plain:
            continue
        typed = [word for _, word in here]
        if all(word in ("", folded) for folded, word in here):  # no marks typed
            return (0, []) if " ".join(plain) in DOUBTFUL_PLAIN else (len(plain), meant)
        if [spell(word) for word in typed] == spelt:
            return len(plain), meant
    return 0, []


_KIN = frozenset(
    "cha me ba ong vo chong con anh chi em co chu bac di cau mo thim duong than cu noi ngoai ruot gia".split()
)
_BETWEEN = frozenset("toi tui em minh con ta no cua vua moi da bi benh dot ngot nam hom qua ong gia ruot nha".split())
_NOT_AFTER = frozenset(
    "giay the so can bang tich cap tien bao phi may xe dien vi bop ban chung dau ho tai mat khau hon ca".split()
)
KIN_REACH = 4


def _passed_away(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """ "Bố tôi vừa mất" is a death, "bố tôi mất giấy" a loss: a relative before, and nothing lost behind."""
    plain = [folded for folded, _ in words]
    for at, word in enumerate(plain if "mat" in plain else ()):
        if word == "mat" and not _NOT_AFTER.intersection(plain[at + 1 : at + 3]) and _has_kin_before(plain, at):
            return [*words[:at], ("qua", ""), ("doi", ""), *words[at + 1 :]]
    return words


def _has_kin_before(plain: list[str], at: int) -> bool:
    for word in reversed(plain[max(0, at - KIN_REACH) : at]):
        if word in _KIN and word not in ("em", "con"):
            return True
        if word not in _BETWEEN:
            return False
    return False
