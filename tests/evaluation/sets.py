"""The questions: our own golden sets, and third-party ones read where they lie and never shipped."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from data import knowledge
from data.tables import Neighbour, Procedure
from handlers.citizens.learned import learn
from handlers.citizens.talk import Knowledge
from tests.conftest import NOON
from tests.evaluation.labels import INTENTS, TOPICS, TRULY_OURS

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).parents[3] / "shared" / "eval"
REFUSED = ("not_ours", "unknown")


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what would be right."""

    id: str
    set: str
    kind: str
    text: str
    group: str  # cases of one group are tuned on together or not at all
    outcomes: tuple[str, ...]
    codes: tuple[str, ...] = ()  # accepted; for several, all in order

    @property
    def is_ours(self) -> bool:
        return self.outcomes == ("answer",)


@dataclass(frozen=True, slots=True)
class Turn:
    text: str
    outcomes: tuple[str, ...]
    codes: tuple[str, ...]
    facet: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    id: str
    set: str
    turns: tuple[Turn, ...]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


@cache
def golden(name: str) -> tuple[Case, ...]:
    found = []
    for row in rows(GOLDEN / f"{name}.jsonl"):
        if row["kind"] != "turns":
            found.append(_golden(name, row))
    return tuple(found)


def _golden(name: str, row: dict[str, Any]) -> Case:
    codes = tuple(row.get("accept", ()))
    behaviour = row.get("behaviour") or {"several": "several", "ask_back": "choices"}.get(row["kind"], "")
    outcomes = (behaviour,) if behaviour else tuple(row["outcome"])
    group = codes[0] if codes else row["id"]
    group = group if outcomes == ("answer",) else f"{outcomes[0]} {group}"
    return Case(row["id"], name, row["kind"], row["question"], group, outcomes, codes)


@cache
def dialogues(name: str) -> tuple[Dialogue, ...]:
    return tuple(
        Dialogue(
            row["id"],
            name,
            tuple(
                Turn(turn["text"], tuple(turn["outcome"]), tuple(turn.get("accept", ())), turn.get("facet") or "")
                for turn in row["turns"]
            ),
        )
        for row in rows(GOLDEN / f"{name}.jsonl")
        if row["kind"] == "turns"
    )


@cache
def third_party() -> tuple[Case, ...]:
    return (*_topics(), *_dev(), *_intents(), *_bot())


def _topics() -> Iterator[Case]:
    """Topics of a city's commune; those that are none of ours must be refused."""
    for row in rows(SHARED / "commune_54_topics.jsonl"):
        text, label = row["question"], row["label"]
        codes = TRULY_OURS.get(text) or TOPICS.get(label, ())
        kind = row["variant"] if row["in_scope"] and codes else f"not ours, {row['oos_kind'] or row['variant']}"
        outcomes: tuple[str, ...] = ("answer",) if codes else REFUSED
        if row["oos_kind"] == "xa_giao":
            outcomes = ("smalltalk", "thanks", "menu")
        if row["oos_kind"] == "mo_ho":
            outcomes = ("menu", "unknown", "choices")
        yield Case(row["id"], "commune_54_topics", kind, text, label if label != "none" else row["id"], outcomes, codes)


def _dev() -> Iterator[Case]:
    for row in rows(SHARED / "commune_dev_76.jsonl"):
        codes = tuple(row["accept_codes"])
        outcomes = ("choices",) if row["behaviour"] == "clarify" else ("answer",)
        yield Case(
            row["id"],
            "commune_dev_76",
            row["behaviour"],
            row["question"],
            codes[0] if codes else row["id"],
            outcomes,
            codes,
        )


def _intents() -> Iterator[Case]:
    for at, row in enumerate(rows(SHARED / "public_service_206_intents.jsonl")):
        codes = INTENTS.get(row["label"])
        if codes:
            yield Case(f"i{at}", "public_service_206", "answer", row["question"], row["label"], ("answer",), codes)


def _bot() -> Iterator[Case]:
    meant = {
        "contact": ("contact",), "officials": ("contact",), "abuse": ("abuse",), "out_of_scope": REFUSED,
        "unclear": ("menu", "unknown", "choices", "smalltalk"), "birth": ("answer",), "marriage": ("answer",),
        "temp_residence": ("answer",),
    }  # fmt: skip
    codes = {"birth": ("1.001193", "3.000722"), "marriage": ("1.000894",), "temp_residence": ("1.004194",)}
    for at, row in enumerate(rows(SHARED / "commune_bot_86.jsonl")):
        label = row["label"]
        yield Case(f"b{at}", "commune_bot_86", label, row["question"], label, meant[label], codes.get(label, ()))


@cache
def shipped() -> tuple[tuple[Procedure, ...], tuple[Neighbour, ...]]:
    """The knowledge entries as they are shipped."""
    procedures = tuple(knowledge.procedure(row, NOON) for row in knowledge.starter("procedures"))
    return procedures, tuple(Neighbour(**row, updated_at=NOON) for row in knowledge.starter("neighbours"))


@cache
def known(*, national: bool = False) -> Knowledge:
    """What is shipped, and with the names of the national catalogue beside it."""
    procedures, neighbours = shipped()
    more = tuple(_listed(row) for row in rows(SHARED / "national_names.jsonl")) if national else ()
    codes = {procedure.code for procedure in procedures}
    return learn((*procedures, *(row for row in more if row.code not in codes)), neighbours)


def _listed(row: dict[str, Any]) -> Procedure:
    return Procedure(
        code=row["code"], name=row["name"], short=row["name"], field=row["field"], summary="", where=row["agency"],
        result="", source_name="", checked_on=date(2026, 11, 24), state="listed", updated_at=NOON,
    )  # fmt: skip
