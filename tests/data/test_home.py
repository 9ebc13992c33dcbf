"""LOA_HOME: usable or said why not, one server at a time, a key of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from data import home
from data.home import Unusable

ROOT = Path(__file__).parents[2]
SECOND = """
import sys
from pathlib import Path
from data import home
try:
    with home.locked(Path(sys.argv[1])):
        print("mine")
except home.Unusable as error:
    print(error)
"""


def second_process(folder: Path) -> str:
    command = [sys.executable, "-c", SECOND, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_folder_is_made_and_is_nobody_elses(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "loa"

    home.prepare(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []


def test_preparing_again_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "loa.db").write_bytes(b"kept")

    home.prepare(tmp_path)

    assert (tmp_path / "loa.db").read_bytes() == b"kept"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")

    with pytest.raises(Unusable, match="LOA_HOME") as caught:
        home.prepare(file)

    assert str(file) in str(caught.value)


def test_a_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with home.locked(tmp_path):
        answer = second_process(tmp_path)

    assert "đang chạy" in answer
    assert str(tmp_path) in answer


def test_the_folder_is_free_when_the_first_server_has_ended(tmp_path: Path) -> None:
    with home.locked(tmp_path):
        pass

    assert second_process(tmp_path) == "mine\n"


def test_a_given_key_is_used(tmp_path: Path) -> None:
    assert home.secret_key(tmp_path, "given") == "given"
    assert not (tmp_path / "secret.key").exists()


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, again = home.secret_key(tmp_path, ""), home.secret_key(tmp_path, "")

    assert first == again
    assert len(first) >= 48
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {home.derived(key, purpose) for key in ("a", "b") for purpose in ("tokens", "webchat")}

    assert len(keys) == 4
    assert {len(key) for key in keys} == {44}


def test_a_folder_is_begun_anew_and_stays_locked(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "loa.db").write_bytes(b"old")
    with home.locked(tmp_path):
        home.clear(tmp_path)

        assert [path.name for path in tmp_path.iterdir()] == [home.LOCK]
