"""What the words of a question say, and what they leave out."""

import pytest
from hypothesis import given

from bot.vietnamese.fold import fold
from bot.vietnamese.spelling import Lexicon
from bot.vietnamese.words import read
from tests.bot.vietnamese import ANYTHING

TALK = Lexicon(["dang ky khai sinh".split(), "dieu kien nuoi con nuoi".split()])


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("dk khai sinh", "dang ky khai sinh"),
        ("gks", "giay khai sinh"),
        ("lam cccd", "lam can cuoc"),
        ("ubnd", "uy ban"),
        ("ntn", "nhu the nao"),
        ("passport", "ho chieu"),
        ("vk ck", "vo chong"),
    ],
)
def test_abbreviations_are_opened(short: str, long: str) -> None:
    assert read(short).folded == long


@pytest.mark.parametrize(("typed", "meant"), [("đk khai sinh", "dang ky"), ("đk nuôi con", "dieu kien")])
def test_an_abbreviation_of_two_things_means_what_its_neighbours_say(typed: str, meant: str) -> None:
    known = Lexicon([*(["dieu kien nuoi con".split()] * 5), "dang ky khai sinh".split()])

    assert meant in read(typed, known).folded


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tía tôi", "cha toi"),
        ("chứng minh nhân dân", "can cuoc"),
        ("bố tôi mất hôm qua", "cha toi qua doi hom qua"),
        ("ông nội mới mất", "ong ba moi qua doi"),
        ("vợ tôi mới đẻ", "vo toi moi sinh"),
        ("ly dị", "ly hon"),
        ("chồng Đài Loan", "chong nuoc ngoai"),
    ],
)
def test_families_and_dialects_are_one_word(said: str, meant: str) -> None:
    assert read(said).folded == meant


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("bố tôi mất giấy khai sinh", "mat giay"),
        ("mất căn cước", "mat can cuoc"),
        ("để tôi hỏi", "de toi"),
        ("con mất bao lâu", "con mat"),
    ],
)
def test_what_only_sounds_like_it_is_left(said: str, kept: str) -> None:
    assert kept in read(said).folded


def test_who_asks_and_the_polite_words_are_no_content() -> None:
    said = read("Dạ anh chị cho em hỏi thủ tục đăng ký khai sinh với ạ")

    assert said.content == ("dang", "ky", "khai", "sinh")


@pytest.mark.parametrize("said", ["Nguyễn Văn Hùng", "nguyen van hung", "0905 123 456", "lan@ayunpa.vn", "https://x/y"])
def test_names_numbers_and_addresses_are_left_out(said: str) -> None:
    assert read(f"khai sinh {said}").content == ("khai", "sinh")


def test_the_facet_is_read_apart_from_the_matter() -> None:
    words = read("khai sinh cần giấy tờ gì")

    assert (words.facet, words.content) == ("documents", ("khai", "sinh"))


@pytest.mark.parametrize("said", ["đăng ký khai sinh", "khai sinh cho con", "giấy xác nhận độc thân"])
def test_marks_make_no_other_words(said: str) -> None:
    assert read(fold(said)).folded == read(said).folded


def test_nothing_said_is_nothing() -> None:
    assert read(" …!? ").words == ()


@given(ANYTHING)
def test_reading_never_raises_and_never_changes_its_mind(text: str) -> None:
    words = read(text, TALK)

    assert words == read(text, TALK)
    assert all(0 <= word.content <= 1 for word in words.words)
    assert words.folded == " ".join(word.folded for word in words.words)
