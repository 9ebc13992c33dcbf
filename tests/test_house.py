"""The house rules that no linter knows."""

import re
import socket
import subprocess
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from data.settings import DEFAULTS, secrets_of
from handlers.staff.words import ACTS

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "schedules", "data")


def _sources() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def test_only_main_reads_the_environment() -> None:
    guilty = [path for path in _sources() if re.search(r"os\.environ|getenv|load_dotenv", path.read_text("utf-8"))]

    assert guilty == []


def test_a_platform_is_known_by_name_only_in_its_own_folder() -> None:
    compares = re.compile(r"""(?:==|!=|\bin) ?\(?["'](?:zalo|messenger|telegram)["']""")
    guilty = [path for path in _sources() if "channels" not in path.parts and compares.search(path.read_text("utf-8"))]

    assert guilty == []


def test_every_clock_reading_is_aware() -> None:
    naive = re.compile(r"datetime\.now\(\)|utcnow\(|date\.today\(")
    guilty = [path for path in _sources() if naive.search(path.read_text("utf-8"))]

    assert guilty == []


def test_broad_excepts_stand_only_at_the_doors() -> None:
    doors = {
        "handlers/citizens/worker.py", "schedules/clock.py", "data/writer.py", "bot/channels/webchat/refusal.py",
        "schedules/attachments.py",
    }  # fmt: skip
    broad = re.compile(r"except (?:Base)?Exception\b|except:")
    guilty = {str(path.relative_to(ROOT)) for path in _sources() if broad.search(path.read_text("utf-8"))}

    assert guilty <= doors


def test_the_example_environment_names_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    found = dict(line.removeprefix("#").strip().split("=", 1) for line in lines if re.match(r"#? ?[A-Z_]+=", line))

    assert found == DEFAULTS


def test_every_act_in_the_trail_has_a_vietnamese_name() -> None:
    acts = re.compile(r"""note\((?:[^()]|\([^()]*\))*?,\s*"([a-z.-]+)\"""", re.DOTALL)
    noted = {act for path in _sources() for act in acts.findall(path.read_text("utf-8"))}

    assert noted
    assert noted <= set(ACTS)


def test_secrets_are_known_as_secrets() -> None:
    given = {name: f"value-of-{name}" for name in DEFAULTS}

    hidden = secrets_of(given)

    assert {"value-of-ZALO_APP_SECRET", "value-of-TELEGRAM_BOT_TOKEN", "value-of-LOA_SECRET_KEY"} <= set(hidden)
    assert "value-of-ZALO_OA_ID" not in hidden


def test_locks_name_no_package_index() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        lines = lock.read_text("utf-8").splitlines()
        assert "://" not in "".join(line for line in lines if not line.lstrip().startswith("#"))


def test_runtime_files_are_not_under_version_control() -> None:
    tracked = subprocess.run(["git", "ls-files", "var", ".env", "*.db"], cwd=ROOT, capture_output=True, text=True)

    assert tracked.stdout == ""


def test_nothing_beyond_this_machine_can_be_reached() -> None:
    # the fence also warns; both are errors here, and either is a refusal
    with pytest.raises((SocketConnectBlockedError, UserWarning)):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
