"""What many say who mean different procedures is asked back; what is clear is not."""

from collections.abc import Callable

import pytest

from bot.vietnamese.fold import fold
from data import knowledge as shipped
from tests.bot.vietnamese import entry, understood

BROAD = {row["key"]: row for row in shipped.starter("broad")}


def test_every_choice_of_a_broad_matter_is_a_shipped_procedure() -> None:
    assert all(entry(code).code == code for row in BROAD.values() for code in row["codes"])
    assert all(1 < len(row["codes"]) <= 6 for row in BROAD.values())


def test_no_broad_message_is_given_twice() -> None:
    said = [fold(text) for row in BROAD.values() for text in row["phrasings"]]

    assert len(said) == len(set(said))


@pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])
@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("làm mất tờ khai sinh thì làm sao", "mat-giay-khai-sinh"),
        ("giấy khai sinh bị mất", "mat-giay-khai-sinh"),
        ("hộ nghèo", "ho-ngheo"),
        ("xin giấy xác nhận của phường", "giay-xac-nhan"),
    ],
)
def test_what_is_broad_is_asked_back_with_its_choices(typed: Callable[[str], str], said: str, key: str) -> None:
    found = understood(typed(said))

    assert found.outcome == "choices"
    assert set(BROAD[key]["codes"][:2]) <= set(found.choices)
    assert set(found.choices) <= set(found.codes)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("xin trích lục khai sinh vì bản chính bị mất, sổ còn", "2.000635"),
        ("đăng ký kết hôn", "1.000894"),
        ("gia hạn tạm trú", "1.002755"),
    ],
)
def test_what_is_clear_is_answered(said: str, code: str) -> None:
    found = understood(said)

    assert (found.outcome, found.codes[0]) == ("answer", code)
