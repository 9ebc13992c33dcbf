"""`knowledge import|export|check` as a clerk types them."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from data import knowledge
from data.clock import local_day, utc_now
from data.database import Database
from data.settings import read
from data.tables import Audit, Procedure
from handlers.staff.terminal import Mistake, add_commands
from tests.conftest import NOON
from tests.data.people import keep, minh, rows, thu

Type = Callable[..., int]


@pytest.fixture
def typed(database: Database, tmp_path: Path) -> Type:
    """Type a command; its exit code."""
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), lambda work: work)
    settings = read({"LOA_HOME": str(tmp_path / "home")})

    def run(*words: object) -> int:
        options = parser.parse_args(["knowledge", *map(str, words)])
        code: int = options.command(database, settings, options)
        return code

    return run


def births(file: Path, fee: str, state: str = "Đã duyệt") -> Path:
    row = f'1.000001,Khai sinh,"{fee}",24/11/2026,{state}'
    file.write_text(f'Mã thủ tục,Tên,"Phí, lệ phí",Ngày kiểm tra,Trạng thái\n{row}\n', "utf-8")
    return file


def birth(database: Database) -> Procedure:
    [row] = database.read_now(knowledge.procedures)
    return row


def test_a_file_is_tried_before_it_is_taken(
    database: Database, typed: Type, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = births(tmp_path / "k.csv", "5.000 đồng", "Nháp")

    assert typed("import", file, "--dry-run") == 0
    assert database.read_now(knowledge.procedures) == []
    assert "chưa ghi gì cả" in capsys.readouterr().out

    assert typed("import", file) == 0
    assert (birth(database).fee, birth(database).state) == ("5.000 đồng", "draft")
    assert "Mới 1, thay đổi 0, như cũ 0." in capsys.readouterr().out


def test_a_wrong_file_changes_nothing_and_says_where_it_is_wrong(
    database: Database, typed: Type, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = typed("import", births(tmp_path / "k.csv", "5.000 đồng", "xong"))

    said = capsys.readouterr().out
    assert (code, database.read_now(knowledge.procedures), rows(database, Audit)) == (1, [], [])
    assert "Dòng 2, cột “Trạng thái”: “xong” không có trong danh sách." in said
    assert "Chưa ghi gì cả" in said


def test_only_who_may_approve_approves(
    database: Database, typed: Type, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk, leader, file = minh(database), thu(database), births(tmp_path / "k.csv", "5.000 đồng")

    with pytest.raises(Mistake, match="không có quyền duyệt"):
        typed("import", file, "--approver", clerk.username)
    with pytest.raises(Mistake, match="ai-do"):
        typed("import", file, "--approver", "ai-do")
    assert typed("import", file) == 0
    assert birth(database).state == "draft"
    assert "--approver" in capsys.readouterr().out

    assert typed("import", file, "--approver", leader.username) == 0
    assert (birth(database).state, birth(database).approved_by) == ("approved", leader.id)


def test_an_import_is_in_the_trail_and_one_without_a_change_is_not(
    database: Database, typed: Type, tmp_path: Path
) -> None:
    file = births(tmp_path / "k.csv", "5.000 đồng", "Nháp")

    for _ in range(2):
        typed("import", file)

    assert [(row.action, row.detail) for row in rows(database, Audit)] == [
        ("knowledge.import", {"new": 1, "changed": 0})
    ]


@pytest.mark.parametrize("name", ["k.xlsx", "k.csv", "sub/k.jsonl"])
def test_what_is_taken_out_can_be_brought_in(
    database: Database, typed: Type, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database.write_now(knowledge.load_starter, NOON)

    assert typed("export", tmp_path / name) == 0
    assert typed("import", tmp_path / name) == 0

    assert "Mới 0, thay đổi 0, như cũ" in capsys.readouterr().out
    assert rows(database, Audit) == []


@pytest.mark.parametrize("words", [("export", "k.docx"), ("import", "k.docx"), ("import", "khong-co.csv")])
def test_what_cannot_be_done_is_a_mistake_with_words(typed: Type, words: tuple[str, ...]) -> None:
    with pytest.raises(Mistake, match=r"\.xlsx|Không mở được"):
        typed(*words)


def test_a_check_ends_with_one_when_somebody_must_act(
    database: Database, typed: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Procedure(
        code="1.000001", name="Đăng ký khai sinh", short="Khai sinh", field="Hộ tịch", summary="", where="Trung tâm",
        fee="Miễn phí, 5.000 đồng.", result="Giấy", source_name="Cổng", checked_on=local_day(utc_now()),
        updated_at=NOON,
    )  # fmt: skip
    keep(database, entry)

    assert typed("check") == 1
    assert "Cần xử lý: 1." in capsys.readouterr().out

    assert typed("check", "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["counts"]) == (False, {"contradictory": 1})
    assert said["findings"][0]["code"] == "1.000001"


def test_knowledge_without_a_fault_ends_with_zero(typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("check") == 0
    assert "Không thấy điều gì cần xem lại." in capsys.readouterr().out
