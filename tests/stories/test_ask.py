"""`python main.py ask --jsonl`: questions in, outcomes out, as another program runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.processes import ROOT

EXAMPLES = {
    "vk e moi de hom qua, h lam giay to cho be ntn a": ("answer", "1.001193"),
    "het han tam tru co sao ko": ("answer", "1.002755"),
    "hồ sơ của tui nộp tuần trước sao chưa có": ("status", ""),
    "cán bộ tư pháp nói chuyện khó nghe quá": ("complaint", ""),
    "đổi cccd + làm passport luôn đc k": ("several", "1.116410"),
}


def _ask(home: Path, *lines: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "LOA_HOME": str(home), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "main.py", "ask", "--jsonl"],
        cwd=ROOT, env=environment, input="\n".join(lines), capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    rows: list[dict[str, Any]] = [{"id": number, "question": text} for number, text in enumerate(EXAMPLES)]
    rows.append({"id": "talk", "turns": ["khai sinh", "lệ phí bao nhiêu"]})
    done = _ask(tmp_path_factory.mktemp("home"), *(json.dumps(row, ensure_ascii=False) for row in rows))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("number", "said"), list(enumerate(EXAMPLES)))
def test_people_are_understood_as_they_type(answered: list[Any], number: int, said: str) -> None:
    outcome, code = EXAMPLES[said]

    row = answered[number]

    assert (row["id"], row["outcome"], (row["codes"] or [""])[0]) == (number, outcome, code)


def test_turns_are_answered_with_a_list(answered: list[Any]) -> None:
    first, second = answered[-1]

    assert (first["outcome"], second["outcome"], second["facet"]) == ("answer", "answer", "fee")
    assert first["codes"][0] == second["codes"][0]


def test_a_line_that_cannot_be_read_ends_it_with_a_sentence(tmp_path: Path) -> None:
    done = _ask(tmp_path, '{"id": 1, "question": "khai sinh"}', "khai sinh")

    said = [line for line in done.stderr.splitlines() if " INFO " not in line]
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert len(said) == 1
    assert "Dòng 2: cần" in said[0]
    assert "Traceback" not in done.stderr


def test_nothing_asked_is_nothing_said(tmp_path: Path) -> None:
    done = _ask(tmp_path)

    assert (done.returncode, done.stdout) == (0, "")
