"""A knowledge entry in words: whole or one facet of it, always with its source, and without figures where it must."""

from bot.messages import Button, Reply
from data.clock import local_day
from handlers.citizens import texts
from handlers.citizens.talk import ProcedureFacts, Situation

_SHORT = ("fee", "time", "where", "result")  # facts that are only a phrase, and need their name before them


def reply(situation: Situation, facts: ProcedureFacts, facet: str) -> Reply:
    if facts.listed_only or not is_in_force(facts, situation):
        return _without_figures(situation, facts)
    text = _full_text(facts) if facet in ("", "steps") else _facet_text(situation, facts, facet)
    return Reply(text + _source(facts), _more(facts, facet))


def is_in_force(facts: ProcedureFacts, situation: Situation) -> bool:
    today = local_day(situation.now)
    return (facts.valid_from is None or facts.valid_from <= today) and (
        facts.valid_to is None or facts.valid_to >= today
    )


def _without_figures(situation: Situation, facts: ProcedureFacts) -> Reply:
    """Its name, its place and where to read more are all we may say."""
    words, day = texts.LISTED, facts.valid_to
    if not facts.listed_only:
        is_over = facts.valid_to is not None and facts.valid_to < local_day(situation.now)
        words, day = (texts.EXPIRED, facts.valid_to) if is_over else (texts.NOT_YET, facts.valid_from)
    where = f" {texts.WHERE.format(where=facts.where)}" if facts.where else ""
    link = facts.source_url or situation.unit.portal
    text = words.format(name=facts.name, code=facts.code, portal=link, day=day and f"{day:%d/%m/%Y}", where=where)
    return Reply(text, texts.UNKNOWN_BUTTONS)


def _full_text(facts: ProcedureFacts) -> str:
    lines = [f"Dạ, thủ tục {facts.name} (mã {facts.code}).", facts.summary, *_optional(facts.conditions)]
    lines += [_documents(facts), texts.WHERE.format(where=facts.where)]
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
        "conditions": facts.conditions,
        "law": "\n".join(f"• {law}" for law in facts.legal_basis),
    }.get(facet)
    if not value:
        title = texts.FACET_NAMES.get(facet, "nội dung này").lower()
        return texts.FACET_UNKNOWN.format(
            facet=title, name=facts.name, centre=situation.unit.centre, phone=phone_in_words(situation)
        )
    if facet in _SHORT:
        value = f"{texts.FACET_NAMES[facet]}: {value}"
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


def phone_in_words(situation: Situation) -> str:
    return f", điện thoại {situation.unit.phone}" if situation.unit.phone else ""
