"""A power cut in the middle of a campaign: nobody gets it twice, nobody is forgotten, the unsure are shown."""

import json
import time
from pathlib import Path

import pytest

from data import accounts
from data.clock import utc_now
from data.database import Database
from data.tables import Citizen, PlatformRule
from tests.faults.processes import FLAGS, Street

CHANNELS = {"zalo": ("zalo", "--oa-id"), "messenger": ("graph", "--page-id"), "telegram": ("telegram", "--bot-token")}
FIRST = 200_000_001


def test_a_power_cut_doubles_nothing_and_forgets_nobody(tmp_path: Path) -> None:
    outcome = campaign_with_power_cut(tmp_path, citizens=3_000)

    assert outcome["most to one person"] == 1
    assert outcome["sent"] + outcome["unsure"] == outcome["citizens"]
    assert outcome["reached"] >= outcome["sent"]
    assert outcome["reached"] <= outcome["sent"] + outcome["unsure"]
    assert 0 < outcome["reached before the cut"] < outcome["citizens"]
    assert outcome["unsure"] <= 2 * 64 * 3


def campaign_with_power_cut(folder: Path, citizens: int, database_url: str = "") -> dict[str, int]:
    """Send to `citizens` on three platforms, kill the server with half of it out, start it again, and count."""
    street = Street(folder, database_url)
    try:
        _fill(street, database_url or f"sqlite:///{street.home / 'loa.db'}", citizens)
        street.server.stop()
        street.server.start()  # with the corrected pace of Zalo
        street.run("campaign", "new", "--name", "Tin tháng 11", "--text", "Bản tin tháng 11.", "--rule", "once")
        street.run("campaign", "approve", "1")
        before = _wait(street, citizens // 2)
        street.server.kill()
        street.server.start()
        found = _until_done(street)
        return {
            "citizens": citizens,
            "reached before the cut": before,
            "reached": sum(street.count(name)["people_written_to"] for name in FLAGS),
            "most to one person": max(street.count(name)["max_per_person"] for name in FLAGS),
            **{state: found["counts"].get(state, 0) for state in ("sent", "unsure", "skipped", "failed")},
        }
    finally:
        street.stop()


def _fill(street: Street, url: str, citizens: int) -> None:
    """People on the platforms, who spoke to us just now and said yes to the news."""
    database = Database(url)
    share = citizens // len(CHANNELS)
    for channel, (platform, flag) in CHANNELS.items():
        street.control(platform, "people", count=share, first=FIRST)
        external_id = FLAGS[platform][flag].partition(":")[0]
        account_id = database.write_now(accounts.account_id, channel, external_id)
        people = [
            Citizen(
                account_id=account_id,
                person=str(FIRST + number),
                first_seen_at=utc_now(),
                last_incoming_at=utc_now(),
                wants_news=True,
            )
            for number in range(share)
        ]
        database.write_now(lambda session, people: session.add_all(people), people)
        # fast, and at any hour of the day at which this test is run
        for name, value in (("sends_per_second", 500), ("quiet_from", None)):
            rule = PlatformRule(
                channel=channel,
                name=name,
                value=value,
                source="test",
                checked_on=utc_now().date(),
                changed_by="minh",
            )
            database.write_now(accounts.change_rule, rule)
    database.close()


def _wait(street: Street, letters: int) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        sent = int(sum(street.count(name)["letters"] for name in FLAGS))
        if sent >= letters:
            return sent
        time.sleep(0.01)
    pytest.fail("the campaign did not go out")


def _until_done(street: Street) -> dict[str, dict[str, int]]:
    until = time.monotonic() + 300  # on PostgreSQL a dead sender's lease must run out first
    while time.monotonic() < until:
        issue: dict[str, dict[str, int]] = json.loads(street.run("campaign", "show", "1", "--json"))["issues"][0]
        if not issue["counts"].get("waiting") and not issue["counts"].get("sending"):
            return issue
        time.sleep(0.2)
    pytest.fail("the campaign did not end")


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        print(campaign_with_power_cut(Path(scratch), citizens=int(sys.argv[1]) // 3 * 3))
