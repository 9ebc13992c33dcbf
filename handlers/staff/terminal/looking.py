"""`check` and `inbox retry`."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.abilities import Finding
from data import inbox
from data.database import Database
from data.settings import Settings


def retry(database: Database, settings: Settings, options: argparse.Namespace) -> int:
    """Give the arrivals that were set aside another chance."""
    print(f"Đã cho xử lý lại {database.write_now(inbox.retry_aside)} tin nhắn.")
    return 0


def print_check(found: Mapping[str, Sequence[Finding]], *, as_json: bool) -> int:
    """Print what was found, by part of the house; 0 when all is well, else 1."""
    is_well = all(finding.ok for findings in found.values() for finding in findings)
    if as_json:
        parts = {part: [asdict(finding) for finding in findings] for part, findings in found.items()}
        print(json.dumps({"ok": is_well, "found": parts}, ensure_ascii=False))
        return 0 if is_well else 1
    for part, findings in found.items():
        print(f"{part}: {'tốt' if all(finding.ok for finding in findings) else 'CẦN XEM'}")
        for finding in findings:
            print(f"  {'✓' if finding.ok else '✗'} {finding.what}: {finding.said}")
            if not finding.ok and finding.todo:
                print(f"    → {finding.todo}")
    return 0 if is_well else 1
