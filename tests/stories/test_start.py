"""Starting: what hinders it is one sentence that says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.processes import ROOT, Process
from tests.postgres import free_port


def _run(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "LOA_HOME": str(folder / "home"), **settings}
    command = [sys.executable, "main.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def _one_sentence(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2, done.stderr
    said = [line for line in done.stderr.splitlines() if " INFO " not in line]
    assert len(said) == 1, done.stderr
    return said[0]


@pytest.fixture
def office(tmp_path: Path) -> Process:
    port = free_port()
    settings = {"LOA_HOME": str(tmp_path / "home"), "LOA_PORT": str(port)}
    ready = f"http://127.0.0.1:{port}/health"
    return Process("main.py", "serve", ready=ready, environment=settings, log=tmp_path / "log")


def test_a_port_that_is_taken_is_said_in_one_sentence(office: Process, tmp_path: Path) -> None:
    port = office.environment["LOA_PORT"]

    said = _one_sentence(_run(tmp_path / "other", "serve", LOA_PORT=port))

    assert f"cổng {port}" in said
    assert "LOA_PORT" in said
    assert office.stop() == 0


def test_a_second_server_on_one_folder_refuses(office: Process, tmp_path: Path) -> None:
    said = _one_sentence(_run(tmp_path, "serve", LOA_PORT=str(free_port())))

    assert "đang chạy" in said
    assert office.stop() == 0


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")

    said = _one_sentence(_run(tmp_path, "serve"))

    assert "Không ghi được" in said
    assert "LOA_HOME" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOA_PORT", "tám nghìn"),
        ("LOA_DATABASE_URL", "mysql://x"),
        ("LOA_SECRET_KEY", "ngắn"),
        ("ZALO_APP_ID", "123"),
        ("TELEGRAM_BOT_TOKEN", "không-phải-mã"),
        ("ZALO_API_URL", "openapi"),
    ],
)
def test_a_wrong_setting_is_named_with_its_variable(tmp_path: Path, name: str, value: str) -> None:
    whole = {"ZALO_APP_ID": "1", "ZALO_APP_SECRET": "s", "ZALO_OA_SECRET": "s", "ZALO_OA_ID": "1"}
    settings = {**whole, name: value} if name == "ZALO_API_URL" else {name: value}

    said = _one_sentence(_run(tmp_path, "campaign", "list", **settings))

    assert name.split("_", maxsplit=1)[0] in said


def test_stopping_is_calm_and_a_second_start_is_quick(office: Process) -> None:
    first = office.stop()
    office.start()

    assert (first, office.stop()) == (0, 0)
    assert "Traceback" not in office.log.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["campaign", "approve", "9"], "Không có chiến dịch số 9"),
        (["campaign", "new", "--name", "x"], "Chưa có nội dung"),
        (["campaign", "new", "--name", "x", "--text-file", "khong-co.txt"], "Không đọc được tệp"),
        (["campaign", "new", "--name", "x", "--text", "a", "--times", "25h"], "không đúng"),
        (["campaign", "new", "--name", "x", "--text", "a" * 1501], "quá 1500"),
        (["complaints", "export", "--from", "2026-11-02", "--to", "2026-11-01"], "sớm hơn"),
        (["complaints", "export", "--from", "2026-11-01", "--to", "2026-11-02", "--with-personal-data"], "lý do"),
        (["staff", "reset", "ai-do"], "Không có tên đăng nhập"),
        (["rules", "set", "zalo", "text", "abc", "--source", "x"], "không phải là số"),
    ],
)
def test_a_mistake_on_the_command_line_is_explained(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in _one_sentence(_run(tmp_path, *arguments))
