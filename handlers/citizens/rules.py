"""The bot's whole behaviour, in order: the first rule that applies answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.messages import Kind, Reply
from bot.vietnamese.fold import fold, normalise
from bot.vietnamese.meaning import understand
from bot.vietnamese.understanding import Understood
from handlers.citizens import (
    comment,
    complaint,
    contact,
    edit,
    handover,
    office,
    places,
    privacy,
    procedure,
    progress,
    subscription,
    texts,
)
from handlers.citizens.talk import Outcome, Situation


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    applies: Callable[[Situation], bool]
    answer: Callable[[Situation], Outcome]
    means: str = ""  # in the words of `ask`; "" where it is what was understood


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


def _means(*intents: str) -> Callable[[Situation], bool]:
    return lambda situation: situation.understood.intent in intents


def _has_text(situation: Situation) -> bool:
    return bool(situation.folded)


def _has_photo(situation: Situation) -> bool:
    return bool(situation.attachments)


def _typed(marked: str, *, only_marked: bool = False) -> Callable[[Situation], bool]:
    """Mentions this; typed with marks it must be these marks: "tổ cao nhất" is no denunciation, "từ từ" no danger."""
    exact, plain = re.compile(rf"\b(?:{marked})\b"), re.compile(rf"\b(?:{fold(marked)})\b")

    def is_typed(situation: Situation) -> bool:
        text = normalise(situation.incoming.text)
        if text == situation.folded:
            return not only_marked and plain.search(text) is not None
        return exact.search(text) is not None

    return is_typed


_denounces = _typed(
    r"tố cáo|tố giác|tham nhũng|đút lót|lót tay|vòi vĩnh|ăn chặn|nhận hối lộ|nhận phong bì|"
    # half of the text with marks, half without
    r"(?:muốn|xin|đơn|gửi|viết|tôi|em|con) to cao|tham nhung|nhan hoi lo|dut lot|voi vinh|nhan phong bi"
)
# without marks these are also "với tiền", "hỏi lô đất", "báo kế toán", "thăm ở"
_denounces_in_marks = _typed(r"vòi tiền|hối lộ|bảo kê(?! khai)|tham ô", only_marked=True)
_in_danger = _typed(r"cháy nhà|cấp cứu|cứu h(?:oả|ỏa)|đánh nhau|có người bị (?:đâm|chém)|tự tử")


def _is_no_other_word(situation: Situation) -> bool:
    """ "Đúng" and "dùng" are not "dừng" of someone who types marks."""
    return re.match(r"(?:dạ )?(?:đúng|dùng|dũng|đụng|dựng)\b", normalise(situation.incoming.text)) is None


ASKS = -0.3  # so far behind all else it is no accusation, whatever word is in it
SURELY = 0.6  # so far ahead it is one also in a form, of which all is then forgotten
_names_a_crime = _mentions(r"tham nhung|tham o|hoi lo|dut lot|lot tay|an chan|bao ke|nhan phong bi|voi vinh|voi tien")
_speaks_of_it = _typed(r"tố(?: cáo| giác)?|vạch mặt|khiếu tố")


def _asks_how(situation: Situation) -> bool:
    """How a denunciation is dealt with is a question; who is accused, or of what, is nothing for this channel."""
    is_doubtful = situation.understood.accuses >= ASKS or _names_a_crime(situation)
    return _is_about_denunciations(situation) and not is_doubtful


def _accuses(situation: Situation) -> bool:
    """Understood as the procedure of denunciations, and not how it goes: somebody is being accused."""
    return _speaks_of_it(situation) and _is_about_denunciations(situation) and not _asks_how(situation)


def _is_about_denunciations(situation: Situation) -> bool:
    understood = situation.understood
    codes = understood.codes[:1] if understood.outcome in ("answer", "choices", "several") else ()
    fields = {situation.knowledge.procedures[code].field for code in codes if code in situation.knowledge.procedures}
    return DENUNCIATIONS in fields


_STOP = r"dung|dung lai|stop|huy nhan tin|dung nhan tin|dung gui tin|thoi gui tin"
_NEWS = r"(?:dang ky )?nhan (?:ban )?tin(?: hang thang)?|dang ky nhan tin"
_HELLO = r"(?:xin )?(?:chao|hello|hi|alo|a lo)(?: \w+){0,3}|hey|oi"
_THANKS = r"(?:xin |da |ok )?(?:cam on|cam on nhieu|cam on \w+(?: \w+)?|thanks?|tks)"
_GOODBYE = r"(?:tam biet|bye|bai|chao tam biet|hen gap lai|thoi nhe)"
# not "con cho", which in "khai sinh con cho em hỏi" is no dog
_insults = _typed(r"đồ ngu|ngu vậy|đm|đmm|vcl|(?:đồ|lũ) con chó|mất dạy|khốn nạn")
_WANTS = "toi|tui|minh|con|chau|cho|xin|muon|can|duoc"
_PERSON = r"(?:gap|noi chuyen voi) (?:can bo|nguoi(?: that)?|nhan vien)"


def _no_form(situation: Situation) -> bool:
    """In a form "hôm qua tôi gặp cán bộ" is the story, not a wish."""
    return not complaint.is_going_on(situation)


FORM = "complaint form"
DENUNCIATIONS = "Tố cáo"  # the field of the procedures that deal with them

RULES: tuple[Rule, ...] = (
    # what the platform tells
    Rule("left us", _is(Kind.STOP), subscription.left),
    Rule("came back", _is(Kind.RETURN), subscription.came_back),
    Rule("withdrew", _is(Kind.WITHDRAW), privacy.withdrawn),
    Rule("a person of the office spoke", _is(Kind.STAFF), handover.spoke),
    Rule("reacted", _is(Kind.REACTED), handover.silent),
    Rule("a member of staff", office.is_meant, office.introduced),
    # what must not wait for anything
    Rule(
        privacy.FORGOT,
        _either(
            _both(_either(_denounces, _denounces_in_marks), lambda s: not _asks_how(s)),
            _both(_means("denunciation"), lambda s: s.understood.accuses >= SURELY),
        ),
        privacy.denunciation,
        "denunciation",
    ),
    Rule("edited an earlier message", _is(Kind.EDIT), edit.changed),
    Rule("commented in public", _is(Kind.COMMENT), comment.answered),
    Rule("danger told in a form", _both(_in_danger, complaint.is_going_on), complaint.in_danger),
    Rule("emergency", _in_danger, contact.emergency, "complaint"),
    # always understood, also inside a form
    Rule("menu", _either(_says(r"menu|ve dau trang|bat dau lai|tro ve"), _chose("menu")), contact.menu, "menu"),
    Rule(
        "stop",
        _both(_either(_says(_STOP), _both(_means("stop"), _no_form, lambda s: not _says(_NEWS)(s))), _is_no_other_word),
        subscription.stopped,
        "menu",
    ),
    Rule("cancel", _either(_says(r"huy|huy bo|thoat|cancel"), _chose("cancel")), contact.cancelled, "menu"),
    Rule(
        "a person",
        _either(_says(rf"(?:(?:{_WANTS}) )*(?:{_PERSON})"), _chose("staff"), _both(_mentions(_PERSON), _no_form)),
        handover.called,
        "staff",
    ),
    Rule("erase my data", _mentions(r"xoa (?:het )?du lieu|rut dong y"), privacy.erasure, "menu"),
    Rule("a person has the conversation", handover.is_speaking, handover.silent),
    # forms
    Rule("form left too long", complaint.has_lapsed, complaint.lapsed, "complaint"),
    Rule(FORM, complaint.is_meant, complaint.answered, "complaint"),
    # choices
    Rule(
        "complain",
        _either(_chose("complain"), _says(r"(?:gui |viet )?(?:phan anh|gop y|kien nghi)")),
        complaint.begins,
        "complaint",
    ),
    Rule("ask", _chose("ask"), contact.ask, "menu"),
    Rule("a procedure", _chose("proc:"), procedure.pressed, "answer"),
    Rule("none of these", _chose("none"), procedure.none_of_these, "unknown"),
    Rule("news: yes", _chose("news:yes"), subscription.accepted, "menu"),
    Rule("news: no", _chose("news:no"), subscription.declined, "menu"),
    Rule("news", _either(_chose("news"), _says(_NEWS), _means("news")), subscription.offered, "menu"),
    Rule(
        "button of a form that is closed",
        _either(_chose("kind:"), _chose("skip"), _chose("send"), _chose("edit")),
        contact.cancelled,
        "menu",
    ),
    # looking up
    Rule(
        "complaint code",
        lambda situation: bool(progress.code_in(situation.incoming.text)),
        progress.looked_up,
        "status",
    ),
    Rule(
        "track",
        _either(_chose("track"), _says(r"tra cuu(?: phan anh)?|theo doi phan anh"), _means("track")),
        progress.asked,
        "status",
    ),
    Rule("a former place", places.is_asked, places.moved, "contact"),
    Rule("a number alone", _says(r"[\d\W]*\d[\d\W]*"), procedure.which, "menu"),
    Rule("file status", _means("status"), progress.file_status, "status"),
    Rule("shared contact details", _is(Kind.FORM), contact.shared),
    # opening and small talk
    Rule("followed", _is(Kind.FOLLOW), subscription.came_back),
    Rule("opened", _is(Kind.START), contact.menu, "menu"),
    Rule("hello", _either(_says(_HELLO), _means("greeting")), contact.hello, "smalltalk"),
    Rule("thanks", _either(_says(_THANKS), _means("thanks")), contact.thanks, "smalltalk"),
    Rule("goodbye", _either(_says(_GOODBYE), _means("goodbye")), contact.goodbye, "smalltalk"),
    Rule("my data", _mentions(r"du lieu cua (?:toi|tui|em|minh)|quyen rieng tu"), privacy.shown, "menu"),
    Rule("abuse", _either(_insults, _means("abuse")), contact.abuse, "abuse"),
    Rule(
        "denounced in other words",
        _either(_means("denunciation"), _accuses),
        privacy.perhaps_denunciation,
        "denunciation",
    ),
    Rule("wants a person", _means("staff"), handover.called, "staff"),
    Rule("where we are", _means("contact"), contact.card, "contact"),
    Rule("complaint", _means("complaint"), complaint.offered, "complaint"),
    Rule("suggestion", _means("suggestion"), complaint.begins, "complaint"),
    Rule("who we are", _means("who"), contact.who, "smalltalk"),
    Rule("nothing asked", _means("agreement", "refusal", "laughter"), contact.heard, "smalltalk"),
    Rule("help with something", _means("vague", "back"), procedure.which, "menu"),
    Rule("a photo alone", _both(_has_photo, lambda situation: not _has_text(situation)), complaint.photo_alone),
    Rule("a question", _has_text, procedure.asked),
    Rule("nothing readable", lambda situation: True, contact.unreadable),
)


_OF_THE_FORM = {FORM, "danger told in a form", "complain"}


def _leaves_form_open(situation: Situation, outcome: Outcome) -> bool:
    kept = outcome.conversation or situation.conversation
    return complaint.is_open(situation) and kept.topic == complaint.TOPIC


def decide(situation: Situation) -> Outcome:
    situation = replace(situation, understood=_understood(situation))
    rule = next(rule for rule in RULES if rule.applies(situation))
    means = rule.means or situation.understood.outcome
    outcome = replace(rule.answer(situation), note=rule.name, means=means, understood=situation.understood)
    if rule.name not in _OF_THE_FORM and outcome.replies and _leaves_form_open(situation, outcome):
        outcome = replace(outcome, replies=(*outcome.replies, complaint.asks_again(situation)))
    if situation.is_greeted or not outcome.replies or situation.incoming.kind is Kind.COMMENT:
        return outcome
    welcome = Reply(texts.WELCOME.format(unit=situation.unit.name, province=situation.unit.province))
    return replace(outcome, replies=(welcome, *outcome.replies))


def _understood(situation: Situation) -> Understood:
    if situation.payload or not situation.folded:
        return situation.understood
    return understand(situation.knowledge.index, situation.incoming.text, situation.context)
