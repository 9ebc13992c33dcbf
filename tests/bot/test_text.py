"""Shaping a reply: menus, long texts, short titles, and numbers that nobody else need see."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Limits, Rule
from bot.messages import Button, Reply
from bot.text import from_body, mask, parts, shorten, split, to_body, with_menu

MENU = (Button("Hỏi thủ tục", "ask"), Button("Gặp cán bộ", "staff"))


def limits(characters: float | None = 2000) -> Limits:
    rule = Rule(characters, "a test", date(2026, 11, 25))
    return Limits(text=rule, buttons=rule, button_title=rule, campaign_window_hours=rule, reply_window_hours=rule,
                  sends_per_second=rule)  # fmt: skip


# --- the menu ---


def test_buttons_are_also_a_numbered_list() -> None:
    shown = with_menu(Reply("Dạ, ông/bà cần việc gì?", MENU))

    assert shown.text == "Dạ, ông/bà cần việc gì?\n\n1. Hỏi thủ tục\n2. Gặp cán bộ"
    assert shown.spoken_buttons == ("Hỏi thủ tục", "Gặp cán bộ")


def test_a_link_is_written_out() -> None:
    shown = with_menu(Reply("Dạ", (Button("Xem", url="https://x"),)))

    assert shown.text == "Dạ\n\n1. Xem: https://x"


def test_a_reply_without_buttons_stays_as_it_is() -> None:
    assert with_menu(Reply("Dạ")) == Reply("Dạ")


def test_the_list_is_written_once() -> None:
    shown = with_menu(Reply("Dạ", MENU))

    assert with_menu(shown) == shown


# --- parts ---


def test_a_short_reply_is_one_message() -> None:
    [message] = parts(Reply("Dạ", MENU), limits())

    assert message == with_menu(Reply("Dạ", MENU))


def test_the_buttons_are_under_the_last_message() -> None:
    first, *_, last = parts(Reply("Dạ, đây là thủ tục. " * 30, MENU), limits(200))

    assert first.buttons == ()
    assert last.buttons == MENU
    assert last.text.endswith("2. Gặp cán bộ")


def test_a_picture_goes_first() -> None:
    picture, text = parts(Reply("Dạ", MENU, image="https://x/1.jpg", image_alt="bản đồ"), limits())

    assert (picture.image, picture.image_alt, picture.text) == ("https://x/1.jpg", "bản đồ", "")
    assert (text.image, text.buttons) == ("", MENU)


def test_a_reply_of_nothing_is_no_message() -> None:
    assert parts(Reply(""), limits()) == []


def test_decomposed_text_is_composed_before_it_is_counted() -> None:
    [message] = parts(Reply("ph\u01b0\u01a1\u0300ng"), limits())

    assert message.text == "phường"


def test_a_platform_without_a_limit_still_gets_messages_one_can_read() -> None:
    messages = parts(Reply("Dạ, đây là thủ tục. " * 300), limits(None))

    assert max(len(message.text) for message in messages) <= 2000


# --- splitting ---


def test_a_text_is_cut_between_paragraphs() -> None:
    text = "Đoạn thứ nhất. Có hai câu.\n\nĐoạn thứ hai."

    assert list(split(text, 30)) == ["Đoạn thứ nhất. Có hai câu.", "Đoạn thứ hai."]


def test_without_paragraphs_it_is_cut_between_sentences() -> None:
    assert list(split("Câu thứ nhất. Câu thứ hai.", 16)) == ["Câu thứ nhất.", "Câu thứ hai."]


def test_without_sentences_it_is_cut_between_words() -> None:
    assert list(split("một hai ba bốn", 8)) == ["một hai", "ba bốn"]


def test_a_word_longer_than_a_message_is_cut_somewhere() -> None:
    assert list(split("a" * 25, 10)) == ["a" * 10, "a" * 10, "a" * 5]


def test_a_pause_too_early_is_passed_over() -> None:
    first, *_ = split("Dạ. " + "Đây là một câu khá dài không có dấu chấm nào cả", 30)

    assert len(first) > 10


@given(st.text(max_size=600), st.integers(min_value=1, max_value=80))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, limit: int) -> None:
    pieces = list(split(text, limit))

    assert all(0 < len(piece) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


# --- titles ---


@pytest.mark.parametrize(
    ("title", "limit", "short"),
    [
        ("Giấy tờ", 20, "Giấy tờ"),
        ("Đường sá, rác, trật tự, việc chung", 20, "Đường sá, rác…"),
        ("Cán bộ, cách phục vụ", 20, "Cán bộ, cách phục vụ"),
        ("Đăng ký thường trú", 10, "Đăng ký…"),
        ("Aaaaaaaaaaaaaaaa", 5, "Aaaa…"),
    ],
)
def test_a_title_is_shortened_between_words(title: str, limit: int, short: str) -> None:
    assert shorten(title, limit) == short


@given(st.text(max_size=60), st.integers(min_value=1, max_value=30))
def test_a_short_title_is_never_too_long(title: str, limit: int) -> None:
    assert len(shorten(title, limit)) <= limit


# --- masking ---


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("0905123456", "*******456"),
        ("0905 123 456", "*********456"),
        ("0905.123.456", "*********456"),
        ("+84905123456", "*********456"),
        ("02693852345", "********345"),
        ("064190001234", "*********234"),
        ("0641 9000 1234", "***********234"),
        ("064 190 001 234", "************234"),
        ("064.190.001.234", "************234"),
        ("19034567890123", "***********123"),
        ("9704 1234 5678 9012", "****************012"),
    ],
)
def test_numbers_of_persons_are_masked(said: str, shown: str) -> None:
    assert mask(f"số {said}.") == f"số {shown}."


@pytest.mark.parametrize(
    "said",
    ["PA-2026-00123", "mã 1.001193", "ngày 25/11/2026", "25.11.2026", "20.000 đồng", "1.000.000 đồng",
     "từ 2025 đến 2027", "Nghị định 118/2025/NĐ-CP", "12345678"],
)  # fmt: skip
def test_other_numbers_are_left(said: str) -> None:
    assert mask(said) == said


def test_every_number_in_a_text_is_masked() -> None:
    shown = mask("gọi 0905123456 hoặc 0905123457, căn cước 064190001234")

    assert re.findall(r"\d{4,}", shown) == []


@given(st.text(max_size=200))
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.integers(min_value=0, max_value=999_999_999_999), st.text(alphabet="abc ,", max_size=5))
def test_no_twelve_digits_are_ever_left(number: int, around: str) -> None:
    assert not re.search(r"\d{9,}", mask(f"{around}{number:012d}{around}"))


# --- the outbox's form ---


def test_a_reply_survives_the_outbox() -> None:
    reply = Reply("Dạ", MENU, "https://x/1.jpg", "bản đồ", ("Hỏi thủ tục", "Gặp cán bộ"))

    assert from_body(to_body(reply)) == reply


def test_what_is_empty_is_not_kept() -> None:
    assert to_body(Reply("Dạ")) == {"text": "Dạ"}


@given(st.builds(Reply, text=st.text(), image=st.text(), image_alt=st.text()))
def test_any_reply_survives_the_outbox(reply: Reply) -> None:
    assert from_body(to_body(replace(reply, buttons=MENU))) == replace(reply, buttons=MENU)
