"""Which entries are near to a question, and how near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vietnamese.meaning import understand
from bot.vietnamese.retrieval import Entry, Index, Kind, terms_of
from bot.vietnamese.understanding import Understood
from bot.vietnamese.words import read
from tests.bot.vietnamese import ANYTHING, index
from tests.handlers.player import knowledge

BIRTH = Entry(
    "birth", ("Đăng ký khai sinh", "Khai sinh", "giấy khai sinh"),
    ("vợ tôi mới đẻ", "làm giấy cho con mới sinh", "khai sinh cho cháu"), field="Hộ tịch",
)  # fmt: skip
AGAIN = Entry(
    "again", ("Đăng ký lại khai sinh", "Khai sinh lại"),
    ("mất bản chính giấy khai sinh", "sổ khai sinh bị cháy", "làm lại khai sinh"), field="Hộ tịch",
)  # fmt: skip
DEATH = Entry(
    "death", ("Đăng ký khai tử", "Khai tử"),
    ("ba tôi qua đời", "báo tử cho ông", "làm giấy chứng tử"), field="Hộ tịch",
)  # fmt: skip
STAY = Entry("stay", ("Đăng ký tạm trú", "Tạm trú"), ("ở trọ thì khai báo", "thuê nhà ở tạm"), field="Cư trú")
DIVORCE = Entry("divorce", ("Ly hôn",), ("tôi muốn bỏ chồng", "ra toà ly hôn", "đơn ly hôn"), Kind.NEIGHBOUR)
HELLO = Entry("greeting", (), ("xin chào", "chào anh chị"), Kind.INTENT)
SMALL = Index([BIRTH, AGAIN, DEATH, STAY, DIVORCE, HELLO])


def codes(text: str, limit: int = 8) -> list[str]:
    return [hit.code for hit in SMALL.search(read(text, SMALL.lexicon), limit)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("khai sinh cho cháu", "birth"),
        ("khai sinh chau", "birth"),
        ("lam lai giay khai sinh", "again"),
        ("ông tôi qua đời", "death"),
        ("ly hôn", "divorce"),
        ("ở trọ", "stay"),
    ],
)
def test_the_nearest_entry_comes_first(said: str, code: str) -> None:
    assert codes(said)[0] == code


def test_hits_come_best_first_and_no_more_than_asked_for() -> None:
    hits = SMALL.search(read("đăng ký khai sinh", SMALL.lexicon), 2)

    assert [hit.code for hit in hits] == ["birth", "again"]
    assert hits[0].score > hits[1].score


def test_an_entrys_own_words_are_like_it_wholly() -> None:
    [best] = SMALL.search(read("khai sinh cho cháu", SMALL.lexicon), 1)

    assert best.likeness == pytest.approx(1, abs=0.01)


def test_no_intent_is_ever_a_hit() -> None:
    assert "greeting" not in codes("xin chào anh chị")


@pytest.mark.parametrize("said", ["", "…", "phlogiston", "ạ"])
def test_what_shares_no_word_hits_nothing(said: str) -> None:
    assert codes(said) == []


def test_a_name_of_one_entry_is_known_as_its_name() -> None:
    assert SMALL.named(read("Khai sinh", SMALL.lexicon)) == "birth"
    assert SMALL.named(read("khai sinh cho cháu nội", SMALL.lexicon)) == ""


def test_a_name_that_two_entries_share_is_nobodys() -> None:
    twins = Index([Entry("1", ("Chứng thực",)), Entry("2", ("Chứng thực",))])

    assert twins.named(read("chứng thực", twins.lexicon)) == ""


def test_the_procedures_of_a_field_are_together() -> None:
    assert SMALL.fields == {"ho tich": ("birth", "again", "death")}


def test_the_field_of_a_procedure_has_its_sisters() -> None:
    assert SMALL.field_of("again") == ("birth", "again", "death")
    assert SMALL.field_of("divorce") == ()


def test_how_near_every_entry_is_can_be_asked() -> None:
    near = SMALL.near(terms_of(read("khai sinh", SMALL.lexicon)))

    assert near.score("birth") > near.score("death")
    assert 0 <= near.likeness("death") <= near.likeness("birth") <= 1.001
    assert near.procedures(2)[0] == "birth"


BROAD = Entry(
    "lost", (), ("mất giấy", "giấy bị mất", "tôi làm mất giấy tờ", "mất giấy khai sinh"), Kind.BROAD, choices=("a", "b")
)


def test_what_is_broad_takes_nothing_from_the_procedures() -> None:
    known = Index([*SMALL.entries, BROAD])
    hits = known.search(read("mất giấy khai sinh", known.lexicon))

    assert hits[0].entry == BROAD
    assert "birth" in [hit.code for hit in hits]
    assert known.search(read("khai sinh cho cháu", known.lexicon))[0].code == "birth"


def test_the_same_entries_learned_again_say_the_same() -> None:
    again = Index([BIRTH, AGAIN, DEATH, STAY, DIVORCE, HELLO])

    words = read("giấy khai sinh cho con", SMALL.lexicon)

    assert again.search(words) == SMALL.search(words)


def test_an_index_of_nothing_knows_nothing() -> None:
    assert understand(Index([]), "khai sinh") == Understood("unknown")


def test_an_index_of_one_entry_answers_with_it() -> None:
    lonely = Index([Entry("1", ("Đăng ký khai sinh", "khai sinh cho con"))])

    assert understand(lonely, "khai sinh cho con").codes == ("1",)
    assert understand(lonely, "máy bay").outcome == "unknown"


def test_an_entry_without_any_words_is_left_out() -> None:
    assert Index([Entry("1", ("",)), BIRTH]).entries == (BIRTH,)


@pytest.mark.parametrize("code", list(knowledge().procedures)[::7])
def test_an_official_name_hits_its_entry_among_all(code: str) -> None:
    shipped = index()
    name = knowledge().procedures[code].name

    assert code in [hit.code for hit in shipped.search(read(name, shipped.lexicon))]


@given(ANYTHING, st.integers(1, 8))
def test_searching_never_raises_and_never_changes_its_mind(text: str, limit: int) -> None:
    words = read(text, SMALL.lexicon)

    hits = SMALL.search(words, limit)

    assert hits == SMALL.search(words, limit)
    assert len(hits) <= limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.likeness <= 1.001 for hit in hits)


@given(ANYTHING, st.sampled_from([BIRTH, STAY, DIVORCE]))
def test_what_an_entry_knows_is_a_share(text: str, entry: Entry) -> None:
    words = read(text, SMALL.lexicon)

    assert 0 <= SMALL.coverage(words, entry) <= 1.001
    assert 0 <= SMALL.use(words, entry) <= 1.001
