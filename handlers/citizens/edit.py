"""A message changed on the platform afterwards: what is filed keeps both texts, what is not filed yet takes the new."""

from dataclasses import replace

from bot.messages import Reply
from handlers.citizens import complaint, texts
from handlers.citizens.talk import AlertStaff, KeepEdit, Outcome, Situation


def changed(situation: Situation) -> Outcome:
    text, before = situation.incoming.text, situation.edited
    if not text or not before or text == before.text:
        return Outcome()
    if before.complaint:
        alert = AlertStaff(f"Người dân vừa sửa nội dung phản ánh {before.complaint}. Cả hai bản đều được giữ.")
        return Outcome(
            (Reply(texts.EDIT_KEPT.format(code=before.complaint)),), (KeepEdit(before.complaint, text), alert)
        )
    return _in_form(situation, before.text, text)


def _in_form(situation: Situation, before: str, text: str) -> Outcome:
    slots = dict(situation.conversation.slots)
    content = str(slots.get("content", ""))
    if not complaint.is_open(situation) or before not in content:
        return Outcome()
    slots["content"] = content.replace(before, text)
    slots["arrivals"] = [*slots.get("arrivals", []), situation.arrival_id]
    kept = replace(situation.conversation, slots=slots)
    if kept.step != "summary":
        return Outcome(conversation=kept)
    return Outcome((complaint.STEPS["summary"].ask(situation, slots),), conversation=kept)
