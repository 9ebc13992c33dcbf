"""The complaint form: one question a step, skippable where the law lets it be, and nothing filed without a yes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.messages import Button, Reply
from bot.vietnamese.fold import fold
from data.clock import day_in_words
from handlers.citizens import texts
from handlers.citizens.talk import Conversation, Draft, FileComplaint, Filed, Outcome, Situation

TOPIC = "complaint"
MAX_PHOTOS = 10
SHORTEST_CONTENT = 10
LAPSES_AFTER = timedelta(days=1)
CARRIED_FOR = timedelta(minutes=15)  # how long words said before the form was opened are taken into it
KINDS = {"conduct": "Cán bộ, cách phục vụ", "rule": "Quy định, thủ tục", "general": "Việc chung"}

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CATEGORIES = (
    ("thái độ, tinh thần phục vụ", r"thai do|hach sach|cau gat|kho nghe|noi chuyen|tho o|phuc vu"),
    ("chậm hạn hồ sơ", r"tre hen|cham|qua han|chua co ket qua|chua tra"),
    ("yêu cầu thêm giấy tờ", r"bat (?:nop )?them|yeu cau them|di lai nhieu"),
    ("phí, lệ phí", r"le phi|thu tien|thu phi|phi "),
    ("môi trường, rác", r"rac|moi truong|o nhiem|mui hoi|nuoc thai|xa thai|chan nuoi"),
    ("hạ tầng, giao thông, chiếu sáng", r"duong|o ga|den|cau|vua he|ho ga|cong thoat|ngap|giao thong|bien bao"),
    ("an ninh trật tự", r"mat trat tu|trom|danh nhau|on ao|karaoke|loa keo|gay roi|ma tuy|danh bac"),
    ("đất đai, xây dựng", r"dat dai|xay dung|lan chiem|so do|ranh gioi"),
    ("an sinh xã hội", r"tro cap|ho ngheo|bao tro|nguoi co cong|nguoi gia"),
    ("giáo dục, y tế", r"truong hoc|hoc sinh|tram y te|benh vien"),
)  # fmt: skip
_CATEGORY_PATTERNS = tuple((name, re.compile(rf"\b(?:{pattern})")) for name, pattern in _CATEGORIES)


def category_of(folded: str) -> str:
    """A first guess that staff correct."""
    return next((name for name, pattern in _CATEGORY_PATTERNS if pattern.search(folded)), "khác")


@dataclass(frozen=True, slots=True)
class Step:
    ask: Callable[[Situation, Mapping[str, Any]], Reply]
    take: Callable[[Situation, dict[str, Any]], Reply | None]  # fills the slots; a reply means "not yet"


def begins(situation: Situation) -> Outcome:
    """Open the form, with the photos that just came and, when the citizen was complaining already, those words."""
    return _ask(situation, "kind", _carried(situation))


def offered(situation: Situation) -> Outcome:
    """Words that sound like a complaint: offer the form and keep the words for it."""
    slots = {**_carried(situation), "content": situation.incoming.text}
    conversation = Conversation(slots=slots, procedure=situation.conversation.procedure)
    return Outcome((Reply(texts.COMPLAIN_OFFER, texts.COMPLAIN_BUTTONS),), conversation=conversation)


def photo_alone(situation: Situation) -> Outcome:
    conversation = replace(situation.conversation, slots=_carried(situation))
    return Outcome((Reply(texts.PHOTO_ALONE, texts.PHOTO_BUTTONS),), conversation=conversation)


def _carried(situation: Situation) -> dict[str, Any]:
    """What was sent on the way to the form: its photos and words, and the arrivals they came with."""
    before = {} if _is_older(situation, CARRIED_FOR) else situation.conversation.slots
    arrivals = [*before.get("arrivals", []), situation.arrival_id]
    return {**before, "arrivals": arrivals, "photos": [*before.get("photos", []), *situation.attachments]}


def is_open(situation: Situation) -> bool:
    return situation.conversation.topic == TOPIC


def is_meant(situation: Situation) -> bool:
    """The form is open, and this is an answer to it: not a button of something else, still on the screen above."""
    payload = situation.payload
    return is_open(situation) and (not payload or payload.startswith("kind:") or payload in ("skip", "send", "edit"))


def asks_again(situation: Situation) -> Reply:
    """The question the form waits at, after something else was said in between."""
    question = STEPS[situation.conversation.step].ask(situation, situation.conversation.slots)
    return replace(question, text=f"{texts.FORM_WAITS}\n\n{question.text}")


def has_lapsed(situation: Situation) -> bool:
    return is_open(situation) and _is_older(situation, LAPSES_AFTER)


def _is_older(situation: Situation, age: timedelta) -> bool:
    since = situation.conversation.updated_at
    return since is not None and situation.now - since > age


def is_going_on(situation: Situation) -> bool:
    return is_open(situation) and not has_lapsed(situation)


def lapsed(situation: Situation) -> Outcome:
    return Outcome((Reply(texts.FORM_LAPSED), Reply(texts.MENU, texts.MENU_BUTTONS)), conversation=Conversation())


def answered(situation: Situation) -> Outcome:
    """The answer to the question of the current step, then the next question."""
    step = situation.conversation.step
    slots = dict(situation.conversation.slots)
    slots["arrivals"] = [*slots.get("arrivals", []), situation.arrival_id]
    slots["photos"] = [*slots.get("photos", []), *situation.attachments][:MAX_PHOTOS]
    not_yet = STEPS[step].take(situation, slots)
    if not_yet:
        return Outcome((not_yet,), conversation=_at(step, slots))
    if step == "summary":
        return _decided(situation, slots)
    following = "summary" if slots.pop("edited", False) else _after(step, slots)
    return _ask(situation, following, slots)


def in_danger(situation: Situation) -> Outcome:
    """Words that sound like danger are an answer all the same: a fight may be what is complained about."""
    outcome = answered(situation)
    return replace(outcome, replies=(Reply(texts.DANGER), *outcome.replies))


def _ask(situation: Situation, step: str, slots: dict[str, Any]) -> Outcome:
    return Outcome((STEPS[step].ask(situation, slots),), conversation=_at(step, slots))


def _at(step: str, slots: dict[str, Any]) -> Conversation:
    return Conversation(topic=TOPIC, step=step, slots=slots)


def _after(step: str, slots: Mapping[str, Any]) -> str:
    """The next step that still has something to ask."""
    names = list(STEPS)
    following = names[names.index(step) + 1 :]
    return next(name for name in following if not _is_settled(name, slots))


def _is_settled(name: str, slots: Mapping[str, Any]) -> bool:
    if name == "content":
        return len(str(slots.get("content", ""))) >= SHORTEST_CONTENT
    return name in ("address", "contact") and not slots.get("name")


def _decided(situation: Situation, slots: dict[str, Any]) -> Outcome:
    if slots.pop("decision", "") == "edit":
        slots.pop("content", None)
        return _ask(situation, "content", {**slots, "edited": True})
    file = FileComplaint(_draft(slots), _notice(situation), lambda filed: _receipt(situation, filed))
    return Outcome(changes=(file,), conversation=Conversation())


def _draft(slots: Mapping[str, Any]) -> Draft:
    nameless = not slots.get("name")
    return Draft(
        kind="suggestion" if nameless else slots["kind"],
        content=slots["content"],
        place=slots.get("place", ""),
        latitude=slots.get("latitude"),
        longitude=slots.get("longitude"),
        photos=tuple(slots.get("photos", [])),
        name=slots.get("name", ""),
        address=slots.get("address", ""),
        contact=slots.get("contact", ""),
        arrivals=tuple(slots.get("arrivals", [])),
    )


def _receipt(situation: Situation, filed: Filed) -> Reply:
    words = texts.FILED if filed.due_on else texts.FILED_SUGGESTION
    due = day_in_words(filed.due_on) if filed.due_on else ""
    text = words.format(unit=situation.unit.name, code=filed.code, due=due)
    return Reply(f"{text}\n\n{texts.FILED_MORE}", (texts.BACK_TO_MENU,))


def _notice(situation: Situation) -> str:
    return texts.NOTICE.format(unit=situation.unit.name)


def _words(text: str, *buttons: Button) -> Callable[[Situation, Mapping[str, Any]], Reply]:
    return lambda situation, slots: Reply(text, (*buttons, texts.CANCEL))


_SKIPS = ("bo qua", "khong", "tiep tuc", "khong co", "khong neu ten")
_KIND_TITLES = {fold(button.title): button.payload.removeprefix("kind:") for button in texts.KIND_BUTTONS}


def _skips(situation: Situation) -> bool:
    return situation.payload == "skip" or situation.folded in _SKIPS


def _take_kind(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    kind = situation.payload.removeprefix("kind:") or _KIND_TITLES.get(situation.folded, "")
    if kind in KINDS:
        slots["kind"] = kind
        return None
    if len(situation.folded) < SHORTEST_CONTENT:
        return Reply(texts.KIND, texts.KIND_BUTTONS)
    slots["kind"] = "conduct" if category_of(situation.folded).startswith("thái độ") else "general"
    return _take_content(situation, slots)  # told at once what it is about: do not ask twice


def _take_content(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    text = situation.incoming.text.strip()
    if not text:
        return Reply(texts.CONTENT_MISSING if situation.attachments else texts.CONTENT, (texts.CANCEL,))
    if len(text) < SHORTEST_CONTENT:
        return Reply(texts.CONTENT_SHORT, (texts.CANCEL,))
    slots["content"] = text
    return None


def _take_place(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    if situation.incoming.place:
        slots["latitude"], slots["longitude"] = situation.incoming.place.latitude, situation.incoming.place.longitude
        slots["place"] = situation.incoming.text or "Vị trí gửi kèm"
        return None
    if _skips(situation):
        return None
    if not situation.incoming.text:
        return Reply(texts.PLACE, (texts.SKIP, texts.CANCEL))
    slots["place"] = situation.incoming.text.strip()[:500]
    return None


def _take_photos(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    words = situation.incoming.text.strip()
    told_more = bool(words) and not _skips(situation)
    if told_more:  # a caption, or something remembered late: it belongs to the matter
        slots["content"] = f"{slots['content']}\n{words}"
    return _ask_photos(situation, slots) if situation.attachments or told_more else None


def _ask_photos(situation: Situation, slots: Mapping[str, Any]) -> Reply:
    count = len(slots.get("photos", []))
    words = texts.PHOTOS_GOT.format(count=count) if count else texts.PHOTOS
    return Reply(texts.PHOTOS_FULL if count >= MAX_PHOTOS else words, (texts.NEXT, texts.CANCEL))


def _take_name(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    text = situation.incoming.text.strip()
    if not text and not _skips(situation):  # one more photo is no wish to stay nameless
        return Reply(texts.NAME, (texts.NAMELESS, texts.CANCEL))
    slots["name"] = "" if _skips(situation) else text[:200]
    return None


def _take_address(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    slots["address"] = "" if _skips(situation) else situation.incoming.text.strip()[:300]
    return None


def _ask_contact(situation: Situation, slots: Mapping[str, Any]) -> Reply:
    return Reply(texts.CONTACT, (texts.CANCEL,), asks_contact=True)


def _take_contact(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    contact = situation.incoming.phone or situation.incoming.text.strip()
    digits = re.sub(r"[ .()-]", "", contact)
    if not re.fullmatch(r"\+?\d{9,12}", digits) and not _EMAIL.fullmatch(contact):
        return Reply(texts.CONTACT_BAD, (texts.CANCEL,))
    slots["contact"] = contact if "@" in contact else digits
    return None


def _ask_summary(situation: Situation, slots: Mapping[str, Any]) -> Reply:
    draft = _draft(slots)
    lines = [
        f"Loại: {KINDS[slots['kind']] if draft.name else 'Góp ý (không nêu tên)'}",
        f"Nội dung: {draft.content}",
        f"Địa điểm: {draft.place or 'không ghi'}",
        f"Số ảnh: {len(draft.photos)}",
    ]
    if draft.name:
        lines.append(f"Người gửi: {draft.name}, {draft.address or 'không ghi địa chỉ'}, {draft.contact}")
    text = texts.SUMMARY.format(lines="\n".join(lines), notice=_notice(situation))
    return Reply(text, texts.SUMMARY_BUTTONS)


def _take_summary(situation: Situation, slots: dict[str, Any]) -> Reply | None:
    if situation.payload == "edit" or situation.folded in ("sua", "sua noi dung"):
        slots["decision"] = "edit"
        return None
    if situation.payload == "send" or situation.folded in ("dong y", "dong y gui", "gui"):
        return None
    return Reply(texts.SUMMARY_AGAIN, texts.SUMMARY_BUTTONS)


STEPS: dict[str, Step] = {
    "kind": Step(lambda situation, slots: Reply(texts.KIND, texts.KIND_BUTTONS), _take_kind),
    "content": Step(_words(texts.CONTENT), _take_content),
    "place": Step(_words(texts.PLACE, texts.SKIP), _take_place),
    "photos": Step(_ask_photos, _take_photos),
    "name": Step(_words(texts.NAME, texts.NAMELESS), _take_name),
    "address": Step(_words(texts.ADDRESS, texts.SKIP), _take_address),
    "contact": Step(_ask_contact, _take_contact),
    "summary": Step(_ask_summary, _take_summary),
}
