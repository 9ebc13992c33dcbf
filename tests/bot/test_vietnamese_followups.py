"""What a message means after what was said before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vietnamese.followups import corrected
from bot.vietnamese.moves import Context
from tests.bot.vietnamese import ANYTHING, OUTCOMES, understood

BIRTH, AGAIN, DEATH, MARRIAGE, STAY, LONGER = (
    "1.001193", "1.004884", "1.000656", "1.000894", "1.004194", "1.002755",
)  # fmt: skip
COPY, SIGNATURE, CONTRACT = "2.000815", "2.000884", "2.001035"
AT_BIRTH = Context(BIRTH)
OFFERED = Context(choices=(COPY, SIGNATURE, CONTRACT))


@pytest.mark.parametrize(
    ("said", "facet"),
    [
        ("lệ phí bao nhiêu", "fee"),
        ("cần giấy tờ gì", "documents"),
        ("mất bao lâu", "time"),
        ("nop o dau", "where"),
        ("thế còn lệ phí", "fee"),
        ("làm online được không", "online"),
    ],
)
def test_a_facet_leans_on_the_topic(said: str, facet: str) -> None:
    found = understood(said, AT_BIRTH)

    assert (found.outcome, found.codes[0], found.facet) == ("answer", BIRTH, facet)


@pytest.mark.parametrize(
    ("topic", "said", "meant"), [(STAY, "gia hạn thì sao", LONGER), (BIRTH, "làm lại thì sao", AGAIN)]
)
def test_an_ellipsis_leads_to_the_sister(topic: str, said: str, meant: str) -> None:
    found = understood(said, Context(topic))

    assert (found.outcome, found.codes[0]) == ("answer", meant)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("kết hôn", MARRIAGE), ("khai tử", DEATH), ("đăng ký tạm trú", STAY), ("Đăng ký khai tử", DEATH)],
)
def test_the_name_of_another_procedure_is_that_procedure(said: str, meant: str) -> None:
    assert understood(said, AT_BIRTH).codes[0] == meant


@pytest.mark.parametrize(
    "said",
    ["xin giấy xác nhận độc thân để cưới vợ", "tôi muốn ly hôn", "đèn đường hỏng cả tháng nay", "giá vàng hôm nay"],
)
def test_a_new_matter_leaves_the_topic(said: str) -> None:
    found = understood(said, AT_BIRTH)

    assert found == understood(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("quay lại cái lúc nãy", MARRIAGE),
        ("quay lai cai truoc", MARRIAGE),
        ("quay lại cái đầu tiên", DEATH),
        ("quay lại khai tử", DEATH),
    ],
)
def test_one_may_go_back(said: str, meant: str) -> None:
    found = understood(said, Context(BIRTH, (MARRIAGE, DEATH)))

    assert (found.outcome, found.codes[0]) == ("answer", meant)


def test_after_other_talk_the_topic_is_what_one_goes_back_to() -> None:
    assert understood("quay lại cái lúc nãy", Context(BIRTH, (BIRTH, MARRIAGE))).codes[0] == BIRTH


def test_two_matters_in_the_middle_of_a_talk_are_two() -> None:
    found = understood("còn khai tử thì sao, làm hộ chiếu luôn", AT_BIRTH)

    assert (found.outcome, found.codes[0], found.neighbour) == ("several", DEATH, "ho-chieu")


@pytest.mark.parametrize(("said", "outcome"), [("ok", "smalltalk"), ("dạ cảm ơn em", "smalltalk"), ("đồ ngu", "abuse")])
def test_mere_talk_is_no_question_about_the_topic(said: str, outcome: str) -> None:
    assert understood(said, AT_BIRTH).outcome == outcome


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cái đầu tiên", COPY),
        ("cái thứ hai", SIGNATURE),
        ("số 3", CONTRACT),
        ("cái cuối", CONTRACT),
        ("hợp đồng mua bán", CONTRACT),
        ("chữ ký", SIGNATURE),
    ],
)
def test_a_choice_is_made_by_its_place_or_its_words(said: str, meant: str) -> None:
    found = understood(said, OFFERED)

    assert (found.outcome, found.codes[0]) == ("answer", meant)


def test_a_place_that_no_choice_has_chooses_nothing() -> None:
    assert understood("cái thứ năm", OFFERED).outcome != "answer"


def test_a_new_matter_leaves_the_choices() -> None:
    found = understood("đăng ký khai tử cho ông nội", OFFERED)

    assert found.codes[0] == DEATH


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("à không, ý tôi là khai tử", "khai tử"),
        ("nhầm, khai tử", "khai tử"),
        ("không phải, khai tử cơ", "khai tử cơ"),
        ("khai tử", "khai tử"),
        ("không", "không"),
        ("dạ", "dạ"),
    ],
)
def test_a_correction_is_taken_at_what_follows_it(said: str, meant: str) -> None:
    assert corrected(said) == meant


def test_who_corrects_oneself_is_answered_with_what_is_meant() -> None:
    assert understood("à không, ý tôi là khai tử", AT_BIRTH).codes[0] == DEATH


@given(
    ANYTHING,
    st.sampled_from([Context(), AT_BIRTH, OFFERED, Context(BIRTH, (DEATH,), (COPY, SIGNATURE))]),
)
def test_leaning_never_raises_and_never_changes_its_mind(text: str, context: Context) -> None:
    found = understood(text, context)

    assert found == understood(text, context)
    assert found.outcome in OUTCOMES
    assert 0 <= found.score <= 1


@given(ANYTHING)
def test_a_correction_leaves_something_to_understand(text: str) -> None:
    assert bool(corrected(text).strip()) == bool(text.strip())
