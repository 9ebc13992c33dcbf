"""Where a former commune, ward or town is now."""

from bot.messages import Reply
from bot.vietnamese.places import Move
from handlers.citizens import texts
from handlers.citizens.talk import Outcome, Situation

MOST = 12


def is_asked(situation: Situation) -> bool:
    return bool(situation.knowledge.places.moved(situation.folded)[0])


def moved(situation: Situation) -> Outcome:
    _, moves = situation.knowledge.places.moved(situation.folded)
    lines = [_line(move) for move in moves[:MOST]]
    more = [texts.MOVED_MORE] if len(moves) > MOST else []
    return Outcome((Reply("\n".join([texts.MOVED, *lines, *more]), texts.UNKNOWN_BUTTONS),))


def _line(move: Move) -> str:
    return f"• {move.old} ({move.district}) → {' hoặc '.join(move.new)}"
