"""One form for text that people type in many."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.vietnamese.fold import fold, fold_word, normalise, spell
from tests.bot.vietnamese import ANYTHING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà giải", "hòa giải"),
        ("khai sinh", "KHAI  SINH"),
        ("khaiii sinhhhh", "khai sinh"),
        ("ch\u01b0\u0301ng th\u01b0\u0323c", "chứng thực"),
        ("khai\u200b sinh", "khai sinh"),
        ("đăng ký", "ĐĂNG KÝ"),
    ],
)
def test_one_word_typed_in_many_ways_is_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_takes_the_marks_and_nothing_else() -> None:
    assert fold("Uỷ ban nhân dân phường Ayun Pa, số 5/2") == "uy ban nhan dan phuong ayun pa, so 5/2"


def test_three_letters_that_are_meant_stay_three() -> None:
    assert fold("làm CCCD ở www.ayunpa.vn") == "lam cccd o www.ayunpa.vn"


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("KHOẺ", "khỏe")])
def test_where_the_tone_stands_does_not_matter(one: str, other: str) -> None:
    assert spell(one) == spell(other)


@pytest.mark.parametrize(("one", "other"), [("hoà", "hoá"), ("mà", "má"), ("ma", "mã"), ("đẻ", "để"), ("tu", "tư")])
def test_another_tone_or_letter_is_another_word(one: str, other: str) -> None:
    assert spell(one) != spell(other)


@given(ANYTHING)
@example("aàá")
@example("a \u0300 b")
@example("CCCD")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANYTHING)
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(ANYTHING)
def test_marked_and_normalised_text_fold_to_the_same(text: str) -> None:
    assert fold(normalise(text)) == fold(text)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệ .,?0123456789", max_size=200))
def test_folded_text_has_no_marks(text: str) -> None:
    assert fold(text).isascii()


@given(st.text(max_size=30))
def test_a_word_folds_to_itself_once_folded(word: str) -> None:
    assert fold_word(fold_word(word)) == fold_word(word)
