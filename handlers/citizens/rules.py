"""The bot's whole behaviour, in order: the first rule that applies answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.messages import Kind, Reply
from bot.vietnamese.fold import fold, normalise
from handlers.citizens import complaint, contact, handover, privacy, procedure, progress, subscription, texts
from handlers.citizens.talk import Outcome, Situation


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    applies: Callable[[Situation], bool]
    answer: Callable[[Situation], Outcome]


def _is(*kinds: Kind) -> Callable[[Situation], bool]:
    return lambda situation: situation.incoming.kind in kinds


def _chose(payload: str) -> Callable[[Situation], bool]:
    """The choice made is this one, or with a trailing colon one of this kind."""
    if payload.endswith(":"):
        return lambda situation: situation.payload.startswith(payload)
    return lambda situation: situation.payload == payload


def _says(pattern: str) -> Callable[[Situation], bool]:
    """The whole text is this."""
    whole = re.compile(rf"(?:da |a |em |anh |chi )*(?:{pattern})(?: a| nhe| nha| di| voi| oi)*[ .!?]*")
    return lambda situation: whole.fullmatch(situation.folded) is not None


def _mentions(pattern: str) -> Callable[[Situation], bool]:
    somewhere = re.compile(rf"\b(?:{pattern})\b")
    return lambda situation: somewhere.search(situation.folded) is not None


def _either(*tests: Callable[[Situation], bool]) -> Callable[[Situation], bool]:
    return lambda situation: any(test(situation) for test in tests)


def _both(*tests: Callable[[Situation], bool]) -> Callable[[Situation], bool]:
    return lambda situation: all(test(situation) for test in tests)


def _has_text(situation: Situation) -> bool:
    return bool(situation.folded)


def _has_photo(situation: Situation) -> bool:
    return bool(situation.attachments)


def _typed(marked: str) -> Callable[[Situation], bool]:
    """Mentions this; typed with marks it must be these marks: "tổ cao nhất" is no denunciation, "từ từ" no danger."""
    exact, plain = re.compile(rf"\b(?:{marked})\b"), re.compile(rf"\b(?:{fold(marked)})\b")

    def is_typed(situation: Situation) -> bool:
        text = normalise(situation.incoming.text)
        return (plain if text == situation.folded else exact).search(text) is not None

    return is_typed


_denounces = _typed(
    r"tố cáo|tố giác|tham nhũng|tham ô|hối lộ|đút lót|lót tay|vòi tiền|vòi vĩnh|ăn chặn|bảo kê|nhận phong bì|đòi tiền|"
    # half of the text with marks, half without
    r"(?:muốn|xin|đơn|gửi|viết|tôi|em|con) to cao|tham nhung|hoi lo|dut lot|voi tien|voi vinh|nhan phong bi|doi tien"
)
_in_danger = _typed(r"cháy nhà|cấp cứu|cứu h(?:oả|ỏa)|đánh nhau|có người bị (?:đâm|chém)|tự tử")


def _means_another_word(situation: Situation) -> bool:
    """ "Đúng" and "dùng" are not "dừng" of someone who types marks."""
    return re.match(r"(?:dạ )?(?:đúng|dùng|dũng|đụng|dựng)\b", normalise(situation.incoming.text)) is not None


_WANTS = "toi|tui|minh|con|chau|cho|xin|muon|can|duoc"
_PERSON = r"(?:gap|noi chuyen voi) (?:can bo|nguoi(?: that)?|nhan vien)"


def _no_form(situation: Situation) -> bool:
    """In a form "hôm qua tôi gặp cán bộ" is the story, not a wish."""
    return not complaint.is_going_on(situation)


_COMPLAINS = (
    r"thai do|hach sach|cau gat|kho nghe|quat|noi chuyen kho|vo trach nhiem|lam kho|gay kho|nhung nhieu|"
    r"o ga|hu hong|bi hong|hong roi|mat nap|ngap nuoc|boc mui|mui hoi|do rac|rac thai|xa rac|o nhiem|on ao|karaoke|"
    r"lan chiem|mat trat tu|phan anh|kien nghi|gop y|khong ai xu ly|cup nuoc|cup dien|den duong"
)
_ASKS = r"thu tuc|giay to gi|can gi|o dau|le phi|bao lau|lam sao|nhu the nao|the nao"

FORM = "complaint form"

RULES: tuple[Rule, ...] = (
    # what the platform tells
    Rule("left us", _is(Kind.STOP), subscription.left),
    Rule("came back", _is(Kind.RETURN), subscription.came_back),
    Rule("withdrew", _is(Kind.WITHDRAW), privacy.withdrawn),
    Rule("a person of the office spoke", _is(Kind.STAFF), handover.spoke),
    # what must not wait for anything
    Rule(privacy.FORGOT, _denounces, privacy.denunciation),
    Rule("edited an earlier message", _is(Kind.EDIT), handover.silent),
    Rule("danger told in a form", _both(_in_danger, complaint.is_going_on), complaint.in_danger),
    Rule("emergency", _in_danger, contact.emergency),
    # always understood, also inside a form
    Rule("menu", _either(_says(r"menu|ve dau trang|bat dau lai|tro ve"), _chose("menu")), contact.menu),
    Rule(
        "stop",
        _both(
            _says(r"dung|dung lai|stop|huy nhan tin|dung nhan tin|dung gui tin|thoi gui tin"),
            lambda situation: not _means_another_word(situation),
        ),
        subscription.stopped,
    ),
    Rule("cancel", _either(_says(r"huy|huy bo|thoat|cancel"), _chose("cancel")), contact.cancelled),
    Rule(
        "a person",
        _either(_says(rf"(?:(?:{_WANTS}) )*(?:{_PERSON})"), _chose("staff"), _both(_mentions(_PERSON), _no_form)),
        handover.called,
    ),
    Rule("erase my data", _mentions(r"xoa (?:het )?du lieu|rut dong y"), privacy.erasure),
    Rule("a person has the conversation", handover.is_speaking, handover.silent),
    # forms
    Rule("form left too long", complaint.has_lapsed, complaint.lapsed),
    Rule(FORM, complaint.is_meant, complaint.answered),
    # choices
    Rule(
        "complain", _either(_chose("complain"), _says(r"(?:gui |viet )?(?:phan anh|gop y|kien nghi)")), complaint.begins
    ),
    Rule("ask", _chose("ask"), contact.ask),
    Rule("a procedure", _chose("proc:"), procedure.pressed),
    Rule("none of these", _chose("none"), procedure.none_of_these),
    Rule("news: yes", _chose("news:yes"), subscription.accepted),
    Rule("news: no", _chose("news:no"), subscription.declined),
    Rule(
        "news",
        _either(_chose("news"), _says(r"(?:dang ky )?nhan (?:ban )?tin(?: hang thang)?|dang ky nhan tin")),
        subscription.offered,
    ),
    Rule(
        "button of a form that is closed",
        _either(_chose("kind:"), _chose("skip"), _chose("send"), _chose("edit")),
        contact.cancelled,
    ),
    # looking up
    Rule("complaint code", lambda situation: bool(progress.code_in(situation.incoming.text)), progress.looked_up),
    Rule("track", _either(_chose("track"), _says(r"tra cuu(?: phan anh)?|theo doi phan anh")), progress.asked),
    Rule(
        "file status",
        _both(
            _mentions(r"ho so (?:cua )?(?:toi|tui|em|minh|con|chau|nha)|tra cuu ho so|ho so (?:da )?nop"),
            _mentions(r"chua|den dau|bao gio co|xong chua|tra cuu|sao roi|the nao roi"),
        ),
        progress.file_status,
    ),
    Rule("shared contact details", _is(Kind.FORM), contact.shared),
    # opening and small talk
    Rule("followed", _is(Kind.FOLLOW), subscription.came_back),
    Rule("opened", _is(Kind.START), contact.menu),
    Rule("hello", _says(r"(?:xin )?(?:chao|hello|hi|alo|a lo)(?: \w+){0,3}|hey|oi"), contact.hello),
    Rule("thanks", _says(r"(?:xin |da |ok )?(?:cam on|cam on nhieu|cam on \w+(?: \w+)?|thanks?|tks)"), contact.thanks),
    Rule("goodbye", _says(r"(?:tam biet|bye|bai|chao tam biet|hen gap lai|thoi nhe)"), contact.goodbye),
    Rule("my data", _mentions(r"du lieu cua (?:toi|tui|em|minh)|quyen rieng tu"), privacy.shown),
    # not "con cho", which in "khai sinh con cho em hỏi" is no dog
    Rule("abuse", _typed(r"đồ ngu|ngu vậy|đm|đmm|vcl|(?:đồ|lũ) con chó|mất dạy|khốn nạn"), contact.abuse),
    Rule("appeal", _mentions(r"khieu nai"), privacy.appeal),
    Rule(
        "contact",
        _both(
            _mentions(
                r"dia chi|so dien thoai|dien thoai|sdt|gio lam viec|may gio|lich lam viec|hotline|duong day nong"
            ),
            _mentions(
                r"uy ban|ubnd|phuong|xa|tru so|trung tam|co quan|lam viec|lien he|mo cua|hotline|duong day nong|"
                r"so dien thoai|sdt"
            ),
        ),
        contact.card,
    ),
    Rule("sounds like a complaint", _both(_mentions(_COMPLAINS), lambda s: not _mentions(_ASKS)(s)), complaint.offered),
    Rule("a photo alone", _both(_has_photo, lambda situation: not _has_text(situation)), complaint.photo_alone),
    Rule("a question", _has_text, procedure.asked),
    Rule("nothing readable", lambda situation: True, contact.unreadable),
)


_OF_THE_FORM = {FORM, "danger told in a form", "complain"}


def _leaves_form_open(situation: Situation, outcome: Outcome) -> bool:
    kept = outcome.conversation or situation.conversation
    return complaint.is_open(situation) and kept.topic == complaint.TOPIC


def decide(situation: Situation) -> Outcome:
    rule = next(rule for rule in RULES if rule.applies(situation))
    outcome = replace(rule.answer(situation), note=rule.name)
    if rule.name not in _OF_THE_FORM and outcome.replies and _leaves_form_open(situation, outcome):
        outcome = replace(outcome, replies=(*outcome.replies, complaint.asks_again(situation)))
    if situation.is_greeted or not outcome.replies:
        return outcome
    welcome = Reply(texts.WELCOME.format(unit=situation.unit.name, province=situation.unit.province))
    return replace(outcome, replies=(welcome, *outcome.replies))
