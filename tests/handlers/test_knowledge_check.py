"""The check of the knowledge: what it finds, and of what it keeps silent."""

from datetime import date, timedelta
from typing import Any

import pytest

from data import knowledge
from data.tables import GoldenQuestion, Neighbour, Procedure
from handlers.citizens.learned import learn
from handlers.staff.findings import Finding
from handlers.staff.knowledge_age import aged
from handlers.staff.knowledge_check import check
from handlers.staff.knowledge_conflicts import at_odds, shared
from handlers.staff.knowledge_reach import Sitter, failed, reached
from handlers.staff.learning import Made
from tests.conftest import NOON

TODAY = NOON.date()


def procedure(code: str = "1.000001", **about: Any) -> Procedure:
    given: dict[str, Any] = {
        "code": code, "name": "Đăng ký khai sinh", "short": "Khai sinh", "field": "Hộ tịch", "summary": "Cấp giấy.",
        "fee": "Miễn lệ phí.", "where": "Trung tâm", "result": "Giấy", "source_name": "Cổng", "checked_on": TODAY,
        "phrasings": ["làm giấy khai sinh cho con", "khai sinh cho bé mới sinh"], "updated_at": NOON,
    }  # fmt: skip
    return Procedure(**given | about)


def marriage(**about: Any) -> Procedure:
    said = {
        "name": "Đăng ký kết hôn",
        "short": "Kết hôn",
        "phrasings": ["làm giấy kết hôn", "lấy vợ thì đăng ký ở đâu"],
    }
    return procedure("1.000002", **said | about)


def divorce(**about: Any) -> Neighbour:
    said: dict[str, Any] = {"name": "Ly hôn", "advice": "Hỏi toà án.", "phrasings": ["tôi muốn ly dị chồng"]}
    return Neighbour(key="ly-hon", owner="Toà án", updated_at=NOON, **said | about)


def on_paper(*procedures: Procedure) -> list[Finding]:
    """What can be found without asking anything."""
    codes = {each.code for each in procedures}
    alone = [finding for each in procedures for finding in (*aged(each, TODAY), *at_odds(each, codes))]
    return [*alone, *shared(procedures)]


def kinds(*procedures: Procedure) -> list[tuple[str, str, bool]]:
    return [(each.kind, each.code, each.must) for each in on_paper(*procedures)]


def led(**leads: str) -> Sitter:
    """Who answers each of these questions with that entry, and does not know the others; "_" stands for a space."""
    answers = {text.replace("_", " "): Made("answer", (code,)) for text, code in leads.items()}
    return lambda text: answers.get(text, Made("unknown", ()))


def reach(entry: Procedure | Neighbour, sit: Sitter) -> list[tuple[str, str]]:
    names = {"1.000002": "Đăng ký kết hôn"}
    return [(each.kind, each.words) for each in reached(entry, sit, names)]


def test_knowledge_that_is_right_is_left_alone() -> None:
    entries = [procedure(related=["1.000002"]), marriage()]

    assert check(entries, [divorce()], [], learn(entries, [divorce()]), TODAY) == []


@pytest.mark.parametrize(
    ("valid_to", "kind"),
    [
        (TODAY - timedelta(days=1), [("expired", "1.000001", True)]),
        (TODAY, [("ending", "1.000001", False)]),
        (TODAY + timedelta(days=60), [("ending", "1.000001", False)]),
        (TODAY + timedelta(days=61), []),
    ],
)
def test_an_entry_is_told_of_before_and_after_its_last_day(valid_to: date, kind: list[object]) -> None:
    assert kinds(procedure(valid_to=valid_to)) == kind


@pytest.mark.parametrize(("days", "old"), [(180, []), (181, [("old", "1.000001", False)])])
def test_an_entry_is_looked_at_twice_a_year(days: int, old: list[object]) -> None:
    assert kinds(procedure(checked_on=TODAY - timedelta(days=days))) == old


def test_a_bare_name_that_is_out_of_date_hurts_nobody() -> None:
    assert kinds(procedure(state="listed", valid_to=date(2026, 1, 1))) == [("expired", "1.000001", False)]


@pytest.mark.parametrize(
    "named",
    [
        {"legal_basis": ["Nghị quyết 66.18/2026/NQ-CP"]},
        {"note": "Theo Nghị quyết 66.19/2026/NQ-CP thì bớt giấy tờ."},
        {"legal_basis": ["Luật Hộ tịch 60/2014/QH13"]},
    ],
)
def test_a_rule_that_changes_soon_is_told_of_until_the_entry_is_ready(named: dict[str, Any]) -> None:
    ready = [
        procedure(valid_to=date(2027, 2, 28), **named),
        procedure(valid_from=date(2027, 3, 1), **named),
        procedure(checked_on=date(2027, 3, 1), **named),
    ]

    assert kinds(procedure(**named)) == [("ahead", "1.000001", True)]
    assert [kinds(each) for each in ready] == [[], [], []]


@pytest.mark.parametrize(
    "about",
    [
        {"fee": "Miễn phí. 20.000 đồng một bản."},
        {"fee": "50.000 đồng; miễn lệ phí"},
        {"valid_from": date(2027, 3, 2), "valid_to": date(2027, 3, 1)},
        {"state": "approved"},
        {"source_name": " "},
        {"related": ["9.999999"]},
    ],
)
def test_an_entry_that_contradicts_itself_is_told_of(about: dict[str, Any]) -> None:
    assert kinds(procedure(**about)) == [("contradictory", "1.000001", True)]


@pytest.mark.parametrize(
    "fee",
    [
        "Miễn phí.",
        "0 đồng (không thu tiền).",
        "400.000 đồng. Miễn cho cha dượng, mẹ kế.",
        "20.000 đồng nộp trực tiếp, 10.000 đồng trực tuyến; có một số diện được miễn.",
        "Cấp lần đầu: miễn phí. Cấp lại 35.000 đồng.",
        "Miễn lệ phí nếu đăng ký trong hạn 60 ngày. Quá hạn thì thu 5.000 đồng.",
    ],
)
def test_who_is_exempt_on_a_condition_is_no_contradiction(fee: str) -> None:
    assert kinds(procedure(fee=fee)) == []


def test_two_entries_of_one_name_are_told_of_once_and_by_name() -> None:
    [finding] = on_paper(procedure(aliases=["dang ky KET HON"]), marriage())

    assert (finding.kind, finding.code, finding.must) == ("contradictory", "1.000001", True)
    assert "1.000002 (Đăng ký kết hôn): “dang ky KET HON”" in finding.words


def test_a_draft_disturbs_nobody() -> None:
    draft = procedure("1.000003", state="draft")

    assert on_paper(procedure(), draft) == []
    assert reach(draft, led()) == []


def test_an_entry_that_no_question_leads_to_is_told_of() -> None:
    assert [kind for kind, _ in reach(procedure(), led())] == ["unreachable"]
    assert reach(procedure(), led(làm_giấy_khai_sinh_cho_con="1.000001")) == []


def test_a_bare_name_that_is_not_found_is_only_told() -> None:
    [finding] = reached(procedure(state="listed", phrasings=[]), led(), {})

    assert (finding.kind, finding.must) == ("unreachable", False)


def test_an_entry_whose_own_name_leads_elsewhere_is_told_of_with_the_other() -> None:
    sit = led(Đăng_ký_khai_sinh="1.000002", làm_giấy_khai_sinh_cho_con="1.000001")

    [(kind, words)] = reach(procedure(), sit)

    assert kind == "confusable"
    assert "1.000002 (Đăng ký kết hôn)" in words


@pytest.mark.parametrize(("strays", "is_told"), [(3, False), (4, True)])
def test_an_entry_may_lose_three_questions_in_ten(strays: int, is_told: bool) -> None:
    phrasings = [f"câu {number}" for number in range(10)]
    leads = {f"câu_{number}": "1.000002" if number < strays else "1.000001" for number in range(10)}

    told = reach(procedure(phrasings=phrasings), led(**leads))

    assert [kind for kind, _ in told] == ["confusable"] * is_told


def test_a_question_of_the_exam_that_fails_tells_what_came() -> None:
    sit = led(làm_khai_sinh="1.000001")
    exam = [
        GoldenQuestion(id=1, text="làm khai sinh", codes=["1.000001"], added_at=NOON),
        GoldenQuestion(id=2, text="làm khai sinh", codes=["1.000002"], added_at=NOON),
        GoldenQuestion(id=3, text="ly dị", outcome="not_ours", codes=["ly-hon"], added_at=NOON),
        GoldenQuestion(id=4, text="giá vàng", outcome="unknown", added_at=NOON),
    ]

    assert [(each.code, each.words) for each in failed(exam, sit)] == [
        ("2", "cần trả lời (1.000002); nhưng bot lại trả lời (1.000001)."),
        ("3", "cần chỉ sang nơi khác (ly-hon); nhưng bot lại nói là không có trong danh mục."),
    ]


def test_the_shipped_knowledge_is_reached_and_names_nothing_that_is_not_there() -> None:
    procedures = [knowledge.procedure(row, NOON) for row in knowledge.starter("procedures")]
    neighbours = [Neighbour(**row, updated_at=NOON) for row in knowledge.starter("neighbours")]
    heard: list[int] = []

    findings = check(procedures, neighbours, [], learn(procedures, neighbours), TODAY, heard.append)

    assert [each for each in findings if each.kind in ("expired", "unreachable")] == []
    assert [each.words for each in findings if "không có trong danh mục" in each.words] == []
    assert sum(heard) == len(procedures) + len(neighbours)
