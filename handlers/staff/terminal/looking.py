"""`check` and `inbox retry`."""

import argparse
import json

from data import inbox
from data.database import Database
from data.settings import Settings


def retry(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    """Give the arrivals that were set aside another chance."""
    print(f"Đã cho xử lý lại {database.write_now(inbox.retry_aside)} tin nhắn.")
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
