"""Where a unit that no longer exists went."""

import pytest
from hypothesis import given

from bot.vietnamese.fold import fold
from bot.vietnamese.places import Move, Places
from tests.bot.vietnamese import ANYTHING

CHEO_REO = Move("Phường Cheo Reo", "Thị xã Ayun Pa", ("Phường Ayun Pa",))
SONG_BO = Move("Phường Sông Bờ", "Thị xã Ayun Pa", ("Phường Ayun Pa",))
DIVIDED = Move("Xã Ia Sol", "Huyện Phú Thiện", ("Xã Phú Thiện", "Xã Chư A Thai"))
PLACES = Places([CHEO_REO, SONG_BO, DIVIDED])


@pytest.mark.parametrize(
    "said",
    [
        "phường Cheo Reo giờ thuộc phường nào",
        "phuong cheo reo sap nhap vao dau",
        "Phường Cheo Reo bây giờ là phường gì",
        "phường Cheo Reo còn không",
        "tên mới của phường Cheo Reo",
    ],
)
def test_a_former_unit_is_found_by_its_name(said: str) -> None:
    assert PLACES.moved(fold(said)) == ("phuong cheo reo", [CHEO_REO])


def test_a_former_district_tells_of_all_its_units() -> None:
    assert PLACES.moved("thi xa ayun pa gio la phuong nao")[1] == [CHEO_REO, SONG_BO]


def test_a_unit_that_was_divided_tells_of_all_its_parts() -> None:
    assert PLACES.moved("xa ia sol nay thuoc xa nao")[1][0].new == ("Xã Phú Thiện", "Xã Chư A Thai")


@pytest.mark.parametrize(
    "said", ["tôi ở phường Cheo Reo muốn làm khai sinh", "phường Diên Hồng giờ thuộc phường nào", "sáp nhập là gì", ""]
)
def test_what_does_not_ask_for_a_former_unit_is_left(said: str) -> None:
    assert PLACES.moved(fold(said)) == ("", [])


def test_where_nothing_moved_nothing_is_found() -> None:
    assert Places(()).moved("phuong cheo reo gio thuoc phuong nao") == ("", [])


@given(ANYTHING)
def test_looking_for_a_place_never_raises(text: str) -> None:
    name, moves = PLACES.moved(fold(text))

    assert bool(name) == bool(moves)
