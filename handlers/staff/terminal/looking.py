"""`ask`, `check` and `inbox retry`."""

import argparse
import json
from collections.abc import Iterable
from typing import Any

from bot.vietnamese.understanding import understand
from data import inbox
from data.database import Database
from data.settings import Settings
from handlers.citizens.talk import Knowledge


def retry(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    """Give the arrivals that were set aside another chance."""
    print(f"Đã cho xử lý lại {database.write_now(inbox.retry_aside)} tin nhắn.")
    return 0


def ask(known: Knowledge, lines: Iterable[str], *, jsonl: bool) -> int:
    """Print how each question is understood."""
    for line in lines:
        asked: dict[str, Any] = json.loads(line) if jsonl else {"id": None, "question": line.strip()}
        found = understand(known.index, asked["question"])
        result = {"id": asked["id"], "outcome": found.outcome, "codes": list(found.codes), "facet": found.facet}
        if jsonl:
            print(json.dumps({**result, "score": found.score}, ensure_ascii=False))
        else:
            names = ", ".join(known.procedures[code].name for code in found.codes)
            print(f"{found.outcome} {found.score} {found.facet} {names}")
    return 0


def print_check(found: dict[str, str], *, as_json: bool) -> int:
    """Print what was found; 0 when all is well, else 1."""
    faults = {name: problem for name, problem in found.items() if problem != "ok"}
    if as_json:
        print(json.dumps({"ok": not faults, "found": found}, ensure_ascii=False))
    else:
        for name, problem in found.items():
            print(f"{name}: {'tốt' if problem == 'ok' else 'CÓ LỖI: ' + problem}")
    return 1 if faults else 0
