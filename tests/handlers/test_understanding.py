"""Which entry a question is about: with marks and without, in the words of citizens; and never a crash."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.vietnamese.fold import fold, fold_word, normalise
from bot.vietnamese.retrieval import Entry, Index
from bot.vietnamese.understanding import Understood, understand
from bot.vietnamese.words import read
from tests.handlers.player import knowledge, procedures

ENTRIES = [entry for entry in procedures() if entry.state != "listed"]
PHRASINGS = {entry.code: (entry.name, entry.short, *(entry.phrasings or ())) for entry in procedures()}

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
    "1.004884": ["mất bản chính giấy khai sinh, đăng ký lại khai sinh"],
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
    "1.010833": ["xác nhận thân nhân người có công"],
    "1.014137": ["cấp thẻ bảo hiểm y tế cho bé dưới 6 tuổi"],
    "1.013133": ["đăng ký nghĩa vụ quân sự lần đầu khi đủ 17 tuổi"],
    "1.013138": ["đi học xa, nghĩa vụ quân sự tạm vắng"],
    "1.013225": ["xin giấy phép xây dựng nhà cấp bốn", "xây nhà có phải xin phép không"],
    "1.003622": ["thông báo tổ chức lễ hội của thôn"],
    "2.002409": ["giải quyết khiếu nại lần đầu ở xã"],
}
FOREIGN = [
    "mua vé máy bay ở đâu", "giá vàng hôm nay", "xin visa đi Mỹ", "bảo hành điện thoại", "wifi quán cà phê",
    "thời tiết Pleiku", "kết quả bóng đá", "nấu phở thế nào", "thuê xe du lịch đi Đà Lạt", "lịch chiếu phim",
]  # fmt: skip


def understood(text: str) -> Understood:
    return understand(knowledge().index, text)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in QUESTIONS.items() for text in texts])
@pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])
def test_a_question_finds_its_entry(code: str, text: str, typed: type[str]) -> None:
    found = understood(typed(text))

    assert found.outcome != "unknown"
    assert code in found.codes


def test_our_questions_are_nobodys_phrasings() -> None:
    known = {fold(text) for texts in PHRASINGS.values() for text in texts}

    assert [text for texts in QUESTIONS.values() for text in texts if fold(text) in known] == []


@pytest.mark.parametrize("code", PHRASINGS)
def test_every_phrasing_finds_its_own_entry(code: str) -> None:
    lost = [text for text in PHRASINGS[code] if code not in understood(text).codes]

    assert lost == []


def test_hardly_any_phrasing_is_lost_without_marks() -> None:
    typed = [(code, fold(text)) for code, texts in PHRASINGS.items() for text in texts]

    lost = [text for code, text in typed if code not in understood(text).codes]

    assert len(lost) <= len(typed) * 0.01, lost


def test_no_phrasing_of_one_entry_is_answered_with_another() -> None:
    wrong = [
        (code, text)
        for code, texts in PHRASINGS.items()
        for text in {*texts, *map(fold, texts)}
        if (found := understood(text)).outcome == "answer" and found.codes[0] != code
    ]

    assert wrong == []


@pytest.mark.parametrize("text", FOREIGN)
@pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])
def test_what_is_no_procedure_is_never_answered(text: str, typed: type[str]) -> None:
    assert understood(typed(text)).outcome != "answer"


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


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("dk khai sinh", "đăng ký khai sinh"),
        ("gks", "giấy khai sinh"),
        ("lam cccd", "làm căn cước"),
        ("ubnd", "uỷ ban"),
    ],
)
def test_abbreviations_are_opened(short: str, long: str) -> None:
    assert read(short).content == read(fold(long)).content


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà giải", "hòa giải"),
        ("khai sinh", "KHAI  SINH"),
        ("khaiii sinhhhh", "khai sinh"),
        ("ch\u01b0\u0301ng th\u01b0\u0323c", "chứng thực"),
        ("khai\u200b sinh", "khai sinh"),
        ("đăng ký", "ĐĂNG KÝ"),
    ],
)
def test_one_word_typed_in_many_ways_is_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_takes_the_marks_and_nothing_else() -> None:
    assert fold("Uỷ ban nhân dân phường Ayun Pa, số 5/2") == "uy ban nhan dan phuong ayun pa, so 5/2"


def test_an_index_of_nothing_knows_nothing() -> None:
    assert understand(Index([]), "khai sinh") == Understood("unknown", (), "", 0.0)


def test_an_index_of_one_entry_answers_with_it() -> None:
    index = Index([Entry("1", ("Đăng ký khai sinh", "khai sinh cho con"))])

    assert understand(index, "khai sinh cho con").codes == ("1",)
    assert understand(index, "máy bay").outcome == "unknown"


@given(st.text(max_size=300))
@example("aàá")
@example("a \u0300 b")
@example("CCCD")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=300))
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệ .,?0123456789", max_size=200))
def test_folded_text_has_no_marks(text: str) -> None:
    assert fold(text).isascii()


@given(st.text(max_size=500))
@settings(max_examples=200)
def test_understanding_never_raises_and_never_changes_its_mind(text: str) -> None:
    first, second = understood(text), understood(text)

    assert first == second
    assert 0 <= first.score <= 1
    assert len(first.codes) <= 3
    assert first.outcome in ("answer", "choices", "unknown")


@given(st.sampled_from([text for texts in PHRASINGS.values() for text in texts]), st.text(" .,!?…😀\n\t", max_size=8))
def test_punctuation_does_not_matter(text: str, noise: str) -> None:
    assert understood(noise + text + noise) == understood(text)


@given(st.text(max_size=30))
def test_a_word_folds_to_itself_once_folded(word: str) -> None:
    assert fold_word(fold_word(word)) == fold_word(word)


def test_three_letters_that_are_meant_stay_three() -> None:
    assert fold("làm CCCD ở www.ayunpa.vn") == "lam cccd o www.ayunpa.vn"
