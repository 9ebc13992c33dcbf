"""`ask`: how the bot takes a message, a line at a time, without a database behind the conversation."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.messages import Incoming, Kind
from bot.vietnamese.fold import fold
from handlers.citizens.rules import decide
from handlers.citizens.talk import Conversation, Knowledge, Outcome, Situation, UnitProfile, after
from handlers.staff.terminal.words import Mistake

NOWHERE = UnitProfile("UBND", "", "Trung tâm Phục vụ hành chính công")


def ask(known: Knowledge, lines: Iterable[str], now: datetime, *, jsonl: bool) -> int:
    """Print how each line is understood; without `jsonl` as one conversation, for a person to read."""
    conversation = Conversation()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if jsonl:
            print(json.dumps(_asked(known, line, number, now), ensure_ascii=False), flush=True)
        else:
            outcome, conversation = _turn(known, line.strip(), conversation, now)
            print(_in_words(known, outcome), flush=True)
    return 0


def _asked(known: Knowledge, line: str, number: int, now: datetime) -> dict[str, Any] | list[dict[str, Any]]:
    try:
        row = json.loads(line)
        texts = [str(text) for text in (row["turns"] if "turns" in row else [row["question"]])]
    except (ValueError, KeyError, TypeError) as error:
        raise Mistake(f'Dòng {number}: cần {{"id", "question"}} hoặc {{"id", "turns": ["…"]}} ({error}).') from error
    conversation, results = Conversation(), []
    for text in texts:
        outcome, conversation = _turn(known, text, conversation, now)
        results.append({"id": row.get("id"), **_result(outcome)})
    return results if "turns" in row else results[0]


def _turn(known: Knowledge, text: str, conversation: Conversation, now: datetime) -> tuple[Outcome, Conversation]:
    incoming = Incoming("ask", now, Kind.MESSAGE, text)
    situation = Situation(incoming, fold(text), conversation, NOWHERE, known, now)
    outcome = decide(situation)
    return outcome, after(situation, outcome)


def _result(outcome: Outcome) -> dict[str, Any]:
    understood = outcome.understood
    is_question = outcome.means == understood.outcome
    pressed = (outcome.conversation.procedure,) if outcome.conversation and outcome.means == "answer" else ()
    codes = understood.codes if is_question else pressed
    return {
        "outcome": outcome.means,
        "codes": list(codes),
        "choices": list(understood.choices) if is_question else [],
        "facet": understood.facet,
        "score": understood.score if is_question else 1.0,
        "neighbour": understood.neighbour,
    }


def _in_words(known: Knowledge, outcome: Outcome) -> str:
    result = _result(outcome)
    names = [known.procedures[code].name for code in result["codes"][:3] if code in known.procedures]
    parts = [
        result["outcome"],
        result["facet"],
        f"{result['score']:.2f}",
        "; ".join(names),
        outcome.understood.neighbour,
    ]
    return "  " + " | ".join(part for part in parts if part)
