"""Whether questions lead where they should: to the entry whose words they are, and to what the exam expects."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from data.tables import GoldenQuestion
from handlers.staff.findings import Finding
from handlers.staff.knowledge_conflicts import Entry, key_of, texts_of
from handlers.staff.learning import Made, is_right

Sitter = Callable[[str], Made]

TOO_MANY = 0.3  # of an entry's phrasings leading elsewhere

OUTCOMES = {
    "answer": "trả lời",
    "choices": "đưa ra lựa chọn",
    "several": "trả lời nhiều việc",
    "not_ours": "chỉ sang nơi khác",
    "unknown": "nói là không có trong danh mục",
    "smalltalk": "chào hỏi",
    "contact": "cho thông tin liên hệ",
    "complaint": "mời gửi phản ánh",
    "denunciation": "hướng dẫn nơi nhận tố cáo",
    "status": "hướng dẫn tra cứu hồ sơ",
    "staff": "mời gặp cán bộ",
    "abuse": "nhắc lời lẽ",
    "menu": "đưa ra các mục chính",
}
_NAMING = ("answer", "choices", "several", "not_ours")


def reached(entry: Entry, sit: Sitter, names: Mapping[str, str]) -> Iterator[Finding]:
    """`names` are those of all entries, by code and key."""
    if entry.state == "draft":
        return
    key, made = key_of(entry), {text: sit(text) for text in texts_of(entry)}
    must = bool(entry.phrasings)  # a bare name out of a catalogue of thousands is not expected to be found
    if not any(key in each.codes for each in made.values()):
        words = "không câu hỏi nào dẫn tới mục này. Thêm tên gọi khác và cách người dân hỏi."
        yield Finding(key, "unreachable", words, entry.name, must)
    strays = {text: each.codes[0] for text, each in made.items() if _is_led_away(each, key)}
    if words := _strayed(entry, strays, names):
        yield Finding(key, "confusable", words, entry.name, must)


def _is_led_away(made: Made, key: str) -> bool:
    return made.outcome in ("answer", "not_ours") and made.codes[:1] != (key,)


def _strayed(entry: Entry, strays: Mapping[str, str], names: Mapping[str, str]) -> str:
    asked = [text for text in entry.phrasings if text in strays]
    if entry.name in strays:
        other = strays[entry.name]
        return (
            f"hỏi đúng tên thì lại được trả lời về {other} ({names.get(other, '')}). Sửa tên gọi, cách hỏi ở hai mục."
        )
    if len(asked) > TOO_MANY * len(entry.phrasings):
        [(other, _)] = Counter(strays[text] for text in asked).most_common(1)
        share = f"{len(asked)} trong {len(entry.phrasings)} cách hỏi"
        return f"{share} được trả lời về mục khác, nhiều nhất là {other} ({names.get(other, '')}), ví dụ “{asked[0]}”."
    return ""


def failed(exam: Iterable[GoldenQuestion], sit: Sitter) -> Iterator[Finding]:
    for number, question in enumerate(exam, start=1):
        made = sit(question.text)
        if not is_right(question, made):
            words = (
                f"cần {_told(question.outcome, question.codes)}; nhưng bot lại {_told(made.outcome, made.codes[:3])}."
            )
            yield Finding(str(question.id or number), "golden", words, question.text, must=True)


def _told(outcome: str, codes: Sequence[str]) -> str:
    named = ", ".join(code for code in codes if code)
    return OUTCOMES.get(outcome, outcome) + (f" ({named})" if named and outcome in _NAMING else "")
