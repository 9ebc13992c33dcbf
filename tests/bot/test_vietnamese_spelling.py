"""Words that were mistyped, mended by the company they keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vietnamese.spelling import Lexicon, is_syllable

KNOWN = Lexicon(
    [
        "dang ky khai sinh can giay to gi".split(),
        "dang ky tam tru cho nguoi thue tro".split(),
        "giay to khai sinh cho con".split(),
        "ket hon can giay xac nhan doc than".split(),
    ]
)


@pytest.mark.parametrize("word", ["nghieng", "khuya", "quyen", "giay", "oai", "uong", "thuong", "y"])
def test_a_vietnamese_syllable_is_known_by_its_shape(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["giayto", "khaisinh", "dawng", "sihn", "wifi", "zoom", "q", ""])
def test_anything_else_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("before", "typed", "after", "meant"),
    [
        ("can", "giayto", "gi", ("giay", "to")),
        ("ky", "khaisinh", "", ("khai", "sinh")),
        ("", "dangky", "khai", ("dang", "ky")),
        ("", "dangkykhaisinh", "", ("dang", "ky", "khai", "sinh")),
    ],
)
def test_words_glued_together_are_parted(before: str, typed: str, after: str, meant: tuple[str, ...]) -> None:
    assert KNOWN.mended(before, typed, after) == meant


@pytest.mark.parametrize(
    ("before", "typed", "after", "meant"),
    [
        ("", "dawng", "ky", "dang"),  # telex keystrokes left standing
        ("dang", "kys", "khai", "ky"),
        ("khai", "sihn", "cho", "sinh"),  # two letters swapped
        ("khai", "sinhh", "cho", "sinh"),  # one too many
        ("can", "giya", "to", "giay"),
        ("xac", "nhna", "doc", "nhan"),
    ],
)
def test_a_slip_is_mended(before: str, typed: str, after: str, meant: str) -> None:
    assert KNOWN.mended(before, typed, after) == (meant,)


@pytest.mark.parametrize("word", ["sinh", "giay", "mong", "buon", "x", "2026", "zzqxwkpt"])
def test_what_is_right_short_or_strange_is_left_alone(word: str) -> None:
    assert KNOWN.mended("", word, "") == (word,)


def test_a_real_word_gives_way_only_to_better_company() -> None:
    assert KNOWN.mended("khai", "sin", "cho") == ("sinh",)
    assert KNOWN.mended("hoa", "sin", "vang") == ("sin",)


def test_nothing_known_mends_nothing() -> None:
    assert Lexicon(()).mended("", "giayto", "") == ("giayto",)


@given(st.text("abcdeghiklmnopqrstuvxyfwjz", max_size=40), st.sampled_from(["", "dang", "giay"]))
def test_mending_never_raises_and_never_loses_a_word(word: str, before: str) -> None:
    mended = KNOWN.mended(before, word, "")

    assert mended
    assert mended == KNOWN.mended(before, word, "")
    assert mended == (word,) or set(mended) <= set(KNOWN.words)


@given(st.lists(st.text("abcdeghinopt", min_size=1, max_size=8), max_size=20))
def test_what_known_texts_use_is_never_changed(words: list[str]) -> None:
    lexicon = Lexicon([words])

    assert [lexicon.mended("", word, "") for word in words] == [(word,) for word in words]
