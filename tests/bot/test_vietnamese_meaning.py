"""What a message means to the shipped knowledge: with marks and without, and never a crash."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vietnamese.fold import fold
from bot.vietnamese.intents import OUTCOMES as OUTCOME_OF
from bot.vietnamese.understanding import Understood
from data import knowledge as shipped
from tests.bot.vietnamese import ANYTHING, OUTCOMES, entry, reaches, understood
from tests.handlers.player import procedures

EVERY_THIRD = 3  # of some ten thousand phrasings: enough for a share
PHRASINGS = tuple((entry.code, text) for entry in procedures() for text in entry.phrasings)[::EVERY_THIRD]
NAMES = tuple((entry.code, name) for entry in procedures() for name in (entry.name, entry.short))
TYPED = pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])

# Our own words for each of them; none is a phrasing of its entry.
QUESTIONS = {
    "1.001193": ["thằng cu nhà em mới ra đời, giấy khai sinh làm sao", "xin hỏi thủ tục khai sinh"],
    "1.000656": ["bà nội tôi vừa mất, khai tử ở đâu", "ông ngoại qua đời, làm giấy khai tử"],
    "1.000894": ["hai đứa em muốn đăng ký kết hôn", "kết hôn cần những giấy tờ gì"],
    "1.000593": ["đăng ký kết hôn lưu động cho người khuyết tật"],
    "1.000689": ["khai sinh kết hợp nhận cha mẹ con"],
    "1.004837": ["xin làm người giám hộ cho cháu mồ côi"],
    "1.004859": ["giấy khai sinh ghi sai tên, xin cải chính hộ tịch"],
    "1.004873": ["xin giấy xác nhận độc thân để cưới vợ", "giấy xác nhận tình trạng hôn nhân lấy ở đâu"],
    "1.004884": ["mất bản chính giấy khai sinh, đăng ký lại khai sinh", "giấy khai sinh bị cháy"],
    "1.004746": ["đăng ký lại kết hôn vì sổ bị cháy"],
    "1.005461": ["sổ cũ cháy mất, xin đăng ký lại khai tử cho ông"],
    "2.000635": ["xin trích lục hộ tịch bản sao"],
    "2.000815": ["chứng thực bản sao bằng tốt nghiệp từ bản chính", "sao y bản chính căn cước"],
    "2.000884": ["chứng thực chữ ký trong giấy uỷ quyền", "chứng thực chữ ký mất bao lâu"],
    "2.000992": ["tôi dịch xong rồi, chứng thực chữ ký người dịch giúp"],
    "2.001035": ["bán xe máy, chứng thực hợp đồng mua bán"],
    "2.001016": ["anh tôi làm văn bản từ chối nhận di sản thừa kế"],
    "2.001406": ["chứng thực văn bản thoả thuận phân chia di sản"],
    "1.004222": ["mới cưới, đăng ký thường trú vào nhà chồng"],
    "1.004194": ["ở trọ thì đăng ký tạm trú"],
    "2.001263": ["muốn nhận con nuôi trong nước"],
    "2.001255": ["giấy nuôi con bị mất, đăng ký lại việc nuôi con nuôi trong nước"],
    "1.010803": ["nhà tôi xin trợ cấp thờ cúng liệt sĩ"],
    "1.010824": ["người có công mất thì hưởng trợ cấp gì"],
    "1.010833": ["làm giấy xác nhận tôi là thân nhân người có công"],
    "1.014137": ["cấp thẻ bảo hiểm y tế cho bé dưới 6 tuổi"],
    "1.013133": ["đăng ký nghĩa vụ quân sự lần đầu khi đủ 17 tuổi"],
    "1.013138": ["đi học xa, nghĩa vụ quân sự tạm vắng"],
    "1.013225": ["xin giấy phép xây dựng nhà cấp bốn", "xây nhà có phải xin phép không"],
    "1.003622": ["thông báo tổ chức lễ hội của thôn"],
    "2.002409": ["giải quyết khiếu nại lần đầu ở xã"],
}
FOREIGN = [
    "mua vé máy bay ở đâu", "giá vàng hôm nay", "xin visa đi Mỹ", "dự báo thời tiết tuần này",
    "thời tiết Pleiku", "kết quả bóng đá", "nấu phở thế nào", "thuê xe du lịch đi Đà Lạt", "lịch chiếu phim",
]  # fmt: skip


@cache
def asked(typed: Callable[[str], str]) -> list[tuple[str, str, Understood]]:
    return [(code, text, understood(typed(text))) for code, text in PHRASINGS]


def lost(typed: Callable[[str], str]) -> list[str]:
    """The phrasings that neither answer nor offer their own entry."""
    return [f"{code}: {text}" for code, text, found in asked(typed) if not reaches(found, code)]


@TYPED
def test_nearly_every_phrasing_answers_or_offers_its_own_entry(typed: Callable[[str], str]) -> None:
    assert len(lost(typed)) <= 0.03 * len(PHRASINGS), lost(typed)


def test_hardly_anything_more_is_lost_without_marks() -> None:
    assert abs(len(lost(str)) - len(lost(fold))) <= 0.02 * len(PHRASINGS)


@TYPED
def test_hardly_any_phrasing_of_one_entry_is_answered_with_another(typed: Callable[[str], str]) -> None:
    wrong = [(code, text) for code, text, found in asked(typed) if found.outcome == "answer" and found.codes[0] != code]

    assert len(wrong) <= 0.01 * len(PHRASINGS), wrong


def test_every_procedure_is_reached_by_its_names() -> None:
    missed = [(code, name) for code, name in NAMES if not reaches(understood(name), code)]

    assert missed == []


def test_nearly_every_procedure_is_reached_by_its_names_without_marks() -> None:
    missed = [(code, name) for code, name in NAMES if not reaches(understood(fold(name)), code)]

    assert len(missed) <= 0.01 * len(NAMES), missed


def test_every_neighbour_is_refused_with_its_own_key() -> None:
    neighbours = {row["key"]: row["phrasings"] for row in shipped.starter("neighbours")}

    missed = {key: [text for text in texts if understood(text).neighbour != key] for key, texts in neighbours.items()}

    assert {key: texts for key, texts in missed.items() if len(texts) > 0.1 * len(neighbours[key])} == {}


@TYPED
def test_nearly_all_talk_is_taken_for_what_it_is(typed: Callable[[str], str]) -> None:
    lines = [(row["intent"], text) for row in shipped.starter("intents") for text in row["phrasings"]]
    talk = [(intent, text) for intent, text in lines if intent != "question"]

    mistaken = [
        (intent, text) for intent, text in talk if understood(typed(text)).outcome != OUTCOME_OF.get(intent, intent)
    ]

    assert len(mistaken) <= 0.05 * len(talk), mistaken


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in QUESTIONS.items() for text in texts])
@TYPED
def test_a_question_in_other_words_finds_its_entry(code: str, text: str, typed: Callable[[str], str]) -> None:
    found = understood(typed(text))

    assert found.outcome in ("answer", "choices", "several")
    assert code in (*found.codes, *found.choices)


def test_our_questions_are_nobodys_phrasings() -> None:
    known = {fold(text) for entry in procedures() for text in (entry.name, entry.short, *entry.phrasings)}

    assert [text for texts in QUESTIONS.values() for text in texts if fold(text) in known] == []


@pytest.mark.parametrize("text", FOREIGN)
@TYPED
def test_what_is_no_procedure_is_never_answered(text: str, typed: Callable[[str], str]) -> None:
    assert understood(typed(text)).outcome not in ("answer", "several")


@pytest.mark.parametrize("text", ["phlogiston", "zzqx wkpt"])
def test_what_shares_no_word_with_anything_is_unknown(text: str) -> None:
    assert understood(text).outcome == "unknown"


@pytest.mark.parametrize("text", ["lệ phí", "cần giấy tờ gì", "bao lâu thì xong", "nộp ở đâu"])
@TYPED
def test_a_question_about_nothing_is_about_no_entry(text: str, typed: Callable[[str], str]) -> None:
    assert understood(typed(text)).outcome in ("menu", "unknown")


# without marks these three are answered, or sent to another authority, all the same: see docs/answer-quality.md
@pytest.mark.parametrize("text", ["bảo hành điện thoại", "wifi quán cà phê", "tôi muốn hỏi"])
def test_marks_keep_these_from_being_answered(text: str) -> None:
    assert understood(text).outcome not in ("answer", "several")


@pytest.mark.parametrize("text", ["chứng thực", "giám hộ", "chung thuc", "giam ho"])
def test_a_word_that_a_family_shares_is_asked_back(text: str) -> None:
    found = understood(text)

    assert found.outcome == "choices"
    assert len(found.choices) > 2


@pytest.mark.parametrize(("text", "code"), [("Khai sinh", "1.001193"), ("khai tử", "1.000656"), ("sao y", "2.000815")])
def test_a_bare_name_is_answered(text: str, code: str) -> None:
    found = understood(text)

    assert (found.outcome, found.codes[0]) == ("answer", code)


@TYPED
def test_an_official_name_typed_in_full_is_answered(typed: Callable[[str], str]) -> None:
    asked = ["1.001193", "1.000656", "1.000894", "1.004873", "2.000815", "1.004194", "1.004222", "1.013225"]

    lost = [code for code in asked if understood(typed(entry(code).name)).outcome != "answer"]

    assert lost == []


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("khai sinh cần giấy tờ gì", "documents"),
        ("khai sinh mất bao nhiêu tiền", "fee"),
        ("le phi khai sinh", "fee"),
        ("khai sinh mất bao lâu", "time"),
        ("khai sinh mấy ngày thì có", "time"),
        ("làm khai sinh ở đâu", "where"),
        ("khai sinh qua mạng", "online"),
        ("căn cứ khai sinh", "law"),
        ("khai sinh", ""),
    ],
)
def test_the_facet_asked_about_is_read_apart(text: str, facet: str) -> None:
    found = understood(text)

    assert (found.facet, found.codes[0]) == (facet, "1.001193")


@pytest.mark.parametrize("text", ["thái độ cán bộ lồi lõm", "cán bộ một cửa quát mắng dân", "cán bộ nói khó nghe quá"])
def test_rudeness_is_a_complaint_and_neither_a_wish_nor_a_denunciation(text: str) -> None:
    assert understood(text).outcome == "complaint"


@pytest.mark.parametrize(
    ("text", "accuses"),
    [
        ("kế toán xã sửa sổ sách rồi lấy tiền của bà con", True),
        ("ong truong thon giu tien ho tro cua dan", True),
        ("cán bộ quát tháo bà con", False),
        ("kế toán chuyển tiền trợ cấp chậm quá", False),
        ("đơn tố cáo gồm những giấy tờ gì", False),
        ("xin gạo với tiền ăn cho con học bán trú", False),
    ],
)
def test_who_is_accused_is_told_from_who_is_slow_or_rude(text: str, accuses: bool) -> None:
    assert (understood(text).outcome == "denunciation") is accuses


@given(ANYTHING)
@settings(max_examples=200)
def test_understanding_never_raises_and_never_changes_its_mind(text: str) -> None:
    found = understood(text)

    assert found == understood(text)
    assert 0 <= found.score <= 1
    assert found.outcome in OUTCOMES
    assert (found.outcome == "not_ours") <= bool(found.neighbour)
    assert (found.outcome == "answer") <= bool(found.codes)
    assert (found.outcome == "choices") <= bool(found.choices)


@given(st.sampled_from([text for _, text in PHRASINGS]), st.text(" .,!?…😀\n\t", max_size=8))
def test_punctuation_does_not_matter(text: str, noise: str) -> None:
    assert understood(noise + text + noise) == understood(text)
