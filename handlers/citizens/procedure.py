"""Questions about a procedure: a fact with its source, a few choices, or an honest no."""

from dataclasses import replace

from bot.messages import Button, Reply
from bot.vietnamese.understanding import Understood, understand
from bot.vietnamese.words import read
from data.clock import local_day
from handlers.citizens import texts
from handlers.citizens.talk import Conversation, KeepQuestion, Outcome, ProcedureFacts, Situation

NOTHING_IN_MIND = Conversation()


def asked(situation: Situation) -> Outcome:
    """A free question. One that names no procedure but a facet leans on the procedure talked about last."""
    question = situation.incoming.text
    understood = understand(situation.knowledge.index, question)
    leaning = _leaning(situation, understood)
    if leaning:
        return told(situation, leaning, understood.facet)
    if understood.outcome == "answer":
        return told(situation, understood.codes[0], understood.facet)
    if understood.outcome == "choices":
        return _ask_back(situation, understood)
    return _honest_no(situation, understood)


def _leaning(situation: Situation, understood: Understood) -> str:
    """The last procedure's code, when the question has a facet and no content of its own."""
    own = read(situation.incoming.text).content
    return situation.conversation.procedure if understood.facet and len(own) <= 1 else ""


def pressed(situation: Situation) -> Outcome:
    """`proc:CODE` or `proc:CODE:FACET`; the code stands in the press, so that an old button still means the same."""
    _, code, *rest = situation.payload.split(":")
    return told(situation, code, rest[0] if rest else "")


def none_of_these(situation: Situation) -> Outcome:
    return Outcome((_unknown_reply(situation),), conversation=NOTHING_IN_MIND)


def told(situation: Situation, code: str, facet: str) -> Outcome:
    facts = situation.knowledge.procedures.get(code)
    if facts is None:
        return Outcome((Reply(texts.WHICH_PROCEDURE),))
    conversation = replace(situation.conversation, procedure=code)  # a form that is open stays open
    if facts.listed_only or _is_over(facts, situation):
        return Outcome((_without_figures(situation, facts),), conversation=conversation)
    text = _facet_text(situation, facts, facet) if facet else _full_text(facts)
    return Outcome((Reply(text + _source(facts), _more(facts, facet)),), conversation=conversation)


def _is_over(facts: ProcedureFacts, situation: Situation) -> bool:
    return facts.valid_to is not None and facts.valid_to < local_day(situation.now)


def _without_figures(situation: Situation, facts: ProcedureFacts) -> Reply:
    day = f"{facts.valid_to:%d/%m/%Y}" if facts.valid_to else ""
    words = texts.LISTED if facts.listed_only else texts.EXPIRED
    text = words.format(name=facts.name, code=facts.code, portal=situation.unit.portal, day=day)
    return Reply(text, texts.UNKNOWN_BUTTONS)


_SHORT = ("fee", "time", "where", "result")  # facts that are only a phrase, and need their name before them


def _full_text(facts: ProcedureFacts) -> str:
    lines = [f"Dạ, thủ tục {facts.name} (mã {facts.code}).", facts.summary, *_optional(facts.conditions)]
    lines += [_documents(facts), f"Nộp ở đâu: {facts.where}"]
    lines += [f"Thời hạn: {facts.time_limit}" for _ in _optional(facts.time_limit)]
    lines += [f"Lệ phí: {facts.fee}" for _ in _optional(facts.fee)]
    lines += [f"Kết quả: {facts.result}.", *_optional(facts.note)]
    return "\n\n".join(line for line in lines if line)


def _optional(value: str | None) -> list[str]:
    return [value] if value else []


def _documents(facts: ProcedureFacts) -> str:
    if not facts.documents:
        return ""
    return "Giấy tờ cần có:\n" + "\n".join(f"• {paper}" for paper in facts.documents)


def _facet_text(situation: Situation, facts: ProcedureFacts, facet: str) -> str:
    value = {
        "documents": _documents(facts),
        "fee": facts.fee,
        "time": facts.time_limit,
        "where": facts.where,
        "online": _online(situation, facts),
        "result": facts.result,
        "law": "\n".join(f"• {law}" for law in facts.legal_basis),
    }.get(facet)
    if not value:
        title = texts.FACET_TITLES.get(facet, "nội dung này").lower()
        return texts.FACET_UNKNOWN.format(
            facet=title, name=facts.name, centre=situation.unit.centre, phone=phone_in_words(situation)
        )
    if facet in _SHORT:
        value = f"{texts.FACET_TITLES.get(facet, 'Kết quả')}: {value}"
    extra = f"\n\n{facts.conditions}" if facts.conditions and facet == "time" else ""
    return f"Dạ, thủ tục {facts.name} (mã {facts.code}).\n\n{value}{extra}"


def _online(situation: Situation, facts: ProcedureFacts) -> str:
    if "trực tuyến" in facts.how:
        return (
            f"Nộp trực tuyến được: vào {situation.unit.portal}, đăng nhập bằng VNeID, tìm theo mã {facts.code}. "
            "Không quen làm trên mạng, ông/bà đến quầy, cán bộ sẽ giúp."
        )
    return f"Thủ tục này chưa nộp trực tuyến được. Cách nộp: {', '.join(facts.how)}. {facts.where}"


def _source(facts: ProcedureFacts) -> str:
    checked = f", kiểm tra ngày {facts.checked_on:%d/%m/%Y}" if facts.checked_on else ""
    until = f" Áp dụng đến hết ngày {facts.valid_to:%d/%m/%Y}." if facts.valid_to else ""
    return f"\n\nNguồn: {facts.source_name}{checked}.{until}"


def _more(facts: ProcedureFacts, facet: str) -> tuple[Button, ...]:
    titles = [(name, title) for name, title in texts.FACET_TITLES.items() if name != facet]
    return (*(Button(title, f"proc:{facts.code}:{name}") for name, title in titles),)


def _ask_back(situation: Situation, understood: Understood) -> Outcome:
    facet = f":{understood.facet}" if understood.facet in texts.FACET_TITLES else ""
    known = [
        situation.knowledge.procedures[code] for code in understood.codes if code in situation.knowledge.procedures
    ]
    buttons = tuple(Button(facts.short, f"proc:{facts.code}{facet}") for facts in known)
    kept = _question(situation, understood)
    return Outcome((Reply(texts.CHOICES, (*buttons, texts.NONE_OF_THESE)),), (kept,), conversation=NOTHING_IN_MIND)


def _honest_no(situation: Situation, understood: Understood) -> Outcome:
    conversation = replace(NOTHING_IN_MIND, procedure=situation.conversation.procedure)
    return Outcome((_unknown_reply(situation),), (_question(situation, understood),), conversation)


def _question(situation: Situation, understood: Understood) -> KeepQuestion:
    return KeepQuestion(understood.outcome, situation.incoming.text, understood.codes, understood.score)


def _unknown_reply(situation: Situation) -> Reply:
    return Reply(texts.UNKNOWN.format(portal=situation.unit.portal), texts.UNKNOWN_BUTTONS)


def phone_in_words(situation: Situation) -> str:
    return f", điện thoại {situation.unit.phone}" if situation.unit.phone else ""
