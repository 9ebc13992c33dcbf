"""What is forgotten by itself, and what is not."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schedules.retention import forget_downloads, forget_strays

NOW = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


def made(path: Path, days_ago: float) -> Path:
    path.write_bytes(b"x") if path.suffix else path.mkdir()
    at = (NOW - timedelta(days=days_ago)).timestamp()
    os.utime(path, (at, at))
    return path


def test_an_upload_that_was_never_sent_is_removed_after_a_day(tmp_path: Path) -> None:
    sent, stray, fresh = made(tmp_path / "a.jpg", 2), made(tmp_path / "b.jpg", 2), made(tmp_path / "c.jpg", 0.5)

    removed = forget_strays(tmp_path, {"a.jpg"}, NOW)

    assert removed == 1
    assert (sent.exists(), stray.exists(), fresh.exists()) == (True, False, True)


def test_a_register_that_was_handed_out_is_removed_after_a_day_and_the_monthly_ones_stay(tmp_path: Path) -> None:
    old, fresh, monthly = made(tmp_path / "7", 2), made(tmp_path / "8", 0.5), made(tmp_path / "monthly", 40)

    removed = forget_downloads(tmp_path, NOW)

    assert removed == 1
    assert (old.exists(), fresh.exists(), monthly.exists()) == (False, True, True)
