"""Two matters in one message, and stories that are only one."""

from collections.abc import Callable

import pytest

from bot.vietnamese.fold import fold
from tests.bot.vietnamese import understood
from tests.handlers.player import procedures

BIRTH, DEATH, SINGLE, COPY, HOUSE = "1.001193", "1.000656", "1.004873", "2.000815", "1.013225"

TWO = {
    "xin giấy xác nhận độc thân với lại sao y bằng tốt nghiệp": (SINGLE, COPY),
    "sao y bằng tốt nghiệp rồi xin giấy xác nhận độc thân": (COPY, SINGLE),
    "làm khai sinh cho con rồi xin giấy phép xây dựng nhà": (BIRTH, HOUSE),
    "xin giấy phép xây dựng nhà, tiện thể làm khai sinh cho con": (HOUSE, BIRTH),
}
ONE = [
    "vợ tôi mới sinh, làm giấy khai sinh cho con",
    "đăng ký khai sinh cần giấy tờ gì và nộp ở đâu",
    "khai sinh mất bao lâu, lệ phí bao nhiêu",
    "xin giấy xác nhận độc thân để đăng ký kết hôn",
]


@pytest.mark.parametrize(("said", "codes"), TWO.items())
@pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])
def test_two_matters_are_told_in_their_order(said: str, codes: tuple[str, ...], typed: Callable[[str], str]) -> None:
    found = understood(typed(said))

    assert (found.outcome, found.codes) == ("several", codes)


@pytest.mark.parametrize(
    "said",
    ["tôi muốn ly hôn và làm khai sinh cho con", "đăng ký khai tử + làm hộ chiếu", "khai tử, sẵn làm hộ chiếu luôn"],
)
def test_one_of_them_may_be_a_neighbours(said: str) -> None:
    found = understood(said)

    assert found.outcome == "several"
    assert len(found.codes) == 1
    assert found.neighbour in ("ly-hon", "ho-chieu")


@pytest.mark.parametrize("said", ONE)
def test_one_matter_with_its_story_is_one(said: str) -> None:
    assert understood(said).outcome in ("answer", "choices")


def test_hardly_any_phrasing_is_taken_for_two() -> None:
    texts = [text for entry in procedures() for text in entry.phrasings][::5]

    parted = [text for text in texts if understood(text).outcome == "several"]

    assert len(parted) <= 0.01 * len(texts), parted


def test_a_few_words_are_never_two_matters() -> None:
    assert understood("khai sinh và").outcome != "several"
