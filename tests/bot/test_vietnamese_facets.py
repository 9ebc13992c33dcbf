"""What is asked about a procedure, apart from which procedure it is."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vietnamese.facets import FACETS, facets
from bot.vietnamese.fold import fold
from bot.vietnamese.words import read
from tests.bot.vietnamese import ANYTHING

ASKED = {
    "documents": ["cần giấy tờ gì", "hồ sơ gồm những gì", "mang theo gì", "có mẫu đơn không", "cần chuẩn bị những gì"],
    "fee": ["mất bao nhiêu tiền", "lệ phí", "tốn bao nhiêu", "có mất tiền không", "chi phí ra sao"],
    "time": ["mất bao lâu", "mấy ngày thì có", "bao giờ xong", "thời hạn giải quyết", "có lâu không"],
    "where": ["nộp ở đâu", "làm ở đâu", "gặp ai", "nộp chỗ nào", "đến đâu"],
    "online": ["nộp qua mạng được không", "làm online", "nộp trực tuyến", "trên VNeID"],
    "conditions": ["điều kiện thế nào"],
    "steps": ["các bước ra sao", "trình tự"],
    "law": ["căn cứ pháp lý"],
}


@pytest.mark.parametrize(("facet", "said"), [(facet, text) for facet, texts in ASKED.items() for text in texts])
@pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])
def test_a_facet_is_known_by_its_words(facet: str, said: str, typed: Callable[[str], str]) -> None:
    assert read(typed(f"khai sinh {said}")).facet == facet


@pytest.mark.parametrize("said", ["khai sinh", "miễn học phí", "viện phí", "mai táng phí", "làm giấy độc thân"])
def test_what_a_matter_is_called_is_no_facet(said: str) -> None:
    assert "fee" not in read(said).facets


def test_several_facets_come_in_their_order() -> None:
    assert read("khai sinh mất bao lâu, lệ phí bao nhiêu").facets == ("time", "fee")


def test_the_places_are_those_of_the_facets_words() -> None:
    assert facets("khai sinh nop o dau".split()) == (("where",), {2, 3, 4})


@given(ANYTHING)
def test_facets_never_raise_and_are_words_of_the_text(text: str) -> None:
    words = fold(text).split()

    asked, places = facets(words)

    assert set(asked) <= set(FACETS)
    assert len(asked) == len(set(asked))
    assert places <= set(range(len(words)))
    assert bool(asked) == bool(places)


@given(st.permutations(["khai", "sinh", "cho", "con"]))
def test_no_order_of_plain_words_asks_a_facet(words: list[str]) -> None:
    assert facets(words) == ((), set())
