"""`ask`: how a line is taken, without a database behind the conversation."""

import json
from typing import Any

import pytest

from handlers.staff.terminal import Mistake, ask
from tests.bot.vietnamese import OUTCOMES
from tests.conftest import NOON
from tests.handlers.player import knowledge

KEYS = {"id", "outcome", "codes", "choices", "facet", "score", "neighbour"}


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask rows of JSON and get the rows that were printed."""

    def ask_rows(*rows: object) -> list[Any]:
        assert ask(knowledge(), [json.dumps(row, ensure_ascii=False) + "\n" for row in rows], NOON, jsonl=True) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return ask_rows


def test_a_question_is_answered_with_what_was_made_of_it(asked: Any) -> None:
    [row] = asked({"id": "q1", "question": "khai sinh mất bao nhiêu tiền"})

    assert set(row) == KEYS
    assert (row["id"], row["outcome"], row["codes"][0], row["facet"]) == ("q1", "answer", "1.001193", "fee")
    assert 0 <= row["score"] <= 1


def test_turns_are_one_conversation_and_the_next_row_another(asked: Any) -> None:
    talk, alone = asked({"id": 1, "turns": ["khai sinh", "cảm ơn", "lệ phí bao nhiêu"]}, {"id": 2, "turns": ["lệ phí"]})

    assert [(turn["id"], turn["outcome"]) for turn in talk] == [(1, "answer"), (1, "smalltalk"), (1, "answer")]
    assert (talk[2]["codes"][0], talk[2]["facet"]) == ("1.001193", "fee")
    assert alone[0]["codes"] != ["1.001193"]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("chứng thực", "choices"),
        ("tôi muốn ly hôn", "not_ours"),
        ("phlogiston", "unknown"),
        ("cảm ơn", "smalltalk"),
        ("số điện thoại phường", "contact"),
        ("đèn đường hỏng cả tháng nay", "complaint"),
        ("tôi muốn tố cáo cán bộ", "denunciation"),
        ("hồ sơ của tôi xong chưa", "status"),
        ("gặp cán bộ", "staff"),
        ("đồ ngu", "abuse"),
        ("menu", "menu"),
        ("sao y bằng tốt nghiệp rồi xin giấy xác nhận độc thân", "several"),
    ],
)
def test_each_kind_of_message_has_its_word(asked: Any, said: str, outcome: str) -> None:
    [row] = asked({"id": 1, "question": said})

    assert row["outcome"] == outcome
    assert outcome in OUTCOMES


def test_choices_are_told_with_their_codes(asked: Any) -> None:
    [row] = asked({"id": 1, "question": "chứng thực"})

    assert "2.000815" in row["choices"]
    assert set(row["choices"]) <= set(row["codes"])


def test_a_choice_by_digit_is_an_answer_with_its_code(asked: Any) -> None:
    [[offered, chosen]] = asked({"id": 1, "turns": ["chứng thực", "1"]})

    assert (chosen["outcome"], chosen["codes"]) == ("answer", offered["choices"][:1])


def test_empty_lines_are_passed_over(asked: Any) -> None:
    ask(knowledge(), ["\n", "  \n"], NOON, jsonl=True)

    assert len(asked({"id": 1, "question": "khai sinh"})) == 1


@pytest.mark.parametrize("line", ["khai sinh", "{}", "[]", '{"id": 1}', '{"turns": 5}', "null", '{"question":'])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(Mistake, match="Dòng 2"):
        ask(knowledge(), ['{"id": 1, "question": "khai sinh"}', line], NOON, jsonl=True)


def test_for_a_person_it_is_one_conversation_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    ask(knowledge(), ["khai sinh\n", "lệ phí bao nhiêu\n", "làm hộ chiếu\n"], NOON, jsonl=False)

    first, second, third = capsys.readouterr().out.splitlines()
    assert "Đăng ký khai sinh" in first
    assert "fee" in second
    assert "Đăng ký khai sinh" in second
    assert third.endswith("ho-chieu")
