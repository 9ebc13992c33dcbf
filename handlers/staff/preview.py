"""What a citizen reads of an entry, said by the very words that answer them."""

from datetime import datetime

from bot.messages import Incoming, Kind
from data.tables import Procedure, Unit
from handlers.citizens.learned import learn
from handlers.citizens.procedure import told
from handlers.citizens.talk import Conversation, Situation, UnitProfile


def as_a_citizen_reads(row: Procedure, unit: Unit, now: datetime) -> str:
    """The whole answer; of a draft, what it will be once it is approved."""
    alone = Procedure(**{**row.model_dump(), "aliases": [], "phrasings": [], "state": _as_if(row.state)})
    situation = Situation(
        incoming=Incoming("staff", now, Kind.MESSAGE, row.name),
        folded="",
        conversation=Conversation(),
        unit=UnitProfile(unit.name, unit.province, unit.centre, unit.address, unit.phone, unit.hours, unit.portal),
        knowledge=learn([alone]),
        now=now,
    )
    return "\n\n".join(reply.text for reply in told(situation, row.code, "").replies)


def _as_if(state: str) -> str:
    return "approved" if state == "draft" else state
