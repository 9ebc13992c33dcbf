"""A comment under a post of ours: answered once, in private, and only when it asks for something."""

from bot.messages import Reply
from handlers.citizens import texts
from handlers.citizens.talk import AlertStaff, KeepQuestion, Outcome, Situation

_ASKS = ("answer", "choices", "several", "status", "contact", "staff", "not_ours")


def answered(situation: Situation) -> Outcome:
    """The platform lets us write one message; what follows is a conversation like any other."""
    understood = situation.understood
    text, unit = situation.incoming.text, situation.unit.name
    if understood.intent == "denunciation":
        return Outcome((Reply(texts.COMMENT_DENUNCIATION.format(unit=unit)),))
    if understood.intent == "complaint":
        alert = AlertStaff("Có bình luận phản ánh dưới bài đăng của đơn vị. Xem mục “Câu hỏi” trong trang làm việc.")
        return Outcome((Reply(texts.COMMENT_COMPLAINT.format(unit=unit)),), (KeepQuestion("staff", text), alert))
    if understood.outcome in _ASKS or understood.intent in _ASKS:
        return Outcome((Reply(texts.COMMENT_QUESTION.format(unit=unit)),), (KeepQuestion("staff", text),))
    return Outcome()
