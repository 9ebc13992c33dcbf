"""The knowledge screens over a real server: who may change what the bot says, and how questions become knowledge."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse
from sqlmodel import Session

from data import knowledge
from data.tables import GoldenQuestion, Neighbour, Procedure, Question
from handlers.staff.knowledge import ending
from handlers.staff.knowledge_fields import lines
from handlers.staff.learning import Known, Made, Target, effect, is_right
from tests.conftest import NOON
from tests.handlers import test_console
from tests.handlers.test_console import Desk, Office

office = test_console.office

BIRTH, STAY = "1.001193", "1.004222"
ENTRY = f"/staff/knowledge/procedures/{BIRTH}"
TODAY = date(2026, 11, 25)


def _procedure(code: str, name: str, **values: Any) -> Procedure:
    given = {
        "short": name, "field": "Hộ tịch", "summary": f"{name} cho người dân.", "where": "Tại phường.",
        "result": "Giấy tờ", "source_name": "Cổng Dịch vụ công quốc gia", "checked_on": date(2026, 6, 23),
        "how": ["trực tiếp"], "fee": "Miễn lệ phí.", "updated_at": NOON,
    }  # fmt: skip
    return Procedure(code=code, name=name, **{**given, **values})


def _birth(**values: Any) -> Procedure:
    asked = ["làm giấy khai sinh cho con", "vợ tôi mới sinh em bé", "khai sinh cho bé ở đâu", "con mới đẻ cần giấy gì"]
    return _procedure(BIRTH, "Đăng ký khai sinh", **{"short": "Khai sinh", "phrasings": asked, **values})


def _stay() -> Procedure:
    asked = ["đăng ký tạm trú cho người thuê nhà", "ở trọ khai báo sao", "thuê phòng trọ làm tạm trú", "tạm trú cần gì"]
    return _procedure(STAY, "Đăng ký tạm trú", field="Cư trú", phrasings=asked, state="listed")


def _passport() -> Neighbour:
    asked = ["làm hộ chiếu ở đâu", "xin passport đi nước ngoài", "hộ chiếu hết hạn", "gia hạn hộ chiếu"]
    return Neighbour(
        key="ho-chieu", name="Cấp hộ chiếu", owner="Công an tỉnh", advice="Việc này do công an tỉnh làm.",
        phrasings=asked, updated_at=NOON,
    )  # fmt: skip


def _question(text: str = "e bé nhà em chào đời hôm qua", **values: Any) -> Question:
    given = {"outcome": "choices", "codes": [BIRTH, STAY], "score": 0.52}
    return Question(account_id=1, citizen_id=1, asked_at=NOON, text=text, **{**given, **values})


def _put(session: Session, *rows: Procedure | Neighbour | Question | GoldenQuestion) -> None:
    for row in rows:
        session.add(row)
        session.flush()


async def _hidden(desk: Desk, page: str) -> dict[str, str]:
    return _hidden_in((await desk.get(page))[1])


def _hidden_in(text: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def _typed(row: Procedure | Neighbour, **changed: str) -> dict[str, str]:
    """The form of an entry as it is sent when only some fields were touched."""
    values = row.model_dump(exclude={"code", "key", "state", "approved_by", "version", "updated_at"})
    lists = {name: "\n".join(value) for name, value in values.items() if isinstance(value, list)}
    rest = {name: str(value or "") for name, value in values.items() if name not in lists}
    return {**rest, **lists, **changed}


async def _save(office: Office, desk: Desk, path: str = ENTRY, act: str = "save", **changed: str) -> ClientResponse:
    row = _entry(office)
    return await desk.post(path, **{**_typed(row, **changed), **await _hidden(desk, ENTRY), "act": act})


def _entry(office: Office, code: str = BIRTH) -> Procedure:
    return office.database.read_now(knowledge.entry, Procedure, code)


# the list


async def test_the_list_finds_without_marks_and_says_the_state_in_words(office: Office) -> None:
    office.database.write_now(_put, _birth(valid_to=TODAY + timedelta(days=20)), _stay())
    desk = await office.desk_of("minh")
    _, everything = await desk.get("/staff/knowledge")
    _, found = await desk.get("/staff/knowledge?q=khai+SINH")
    _, listed = await desk.get("/staff/knowledge?show=listed")
    _, soon = await desk.get("/staff/knowledge?show=ending")

    assert "mẫu, chưa duyệt" in everything
    assert "còn 20 ngày, đến hết 15/12/2026" in everything
    assert [re.findall(r"procedures/([\d.]+)\"", text) for text in (everything, found, listed, soon)] == [
        [STAY, BIRTH], [BIRTH], [STAY], [BIRTH],
    ]  # fmt: skip


async def test_the_list_counts_what_each_entry_answered_lately(office: Office) -> None:
    old = _question(outcome="answer", codes=[BIRTH])
    old.asked_at = NOON - timedelta(days=40)
    answered = [_question(outcome="answer", codes=[BIRTH]) for _ in range(3)]
    office.database.write_now(_put, _birth(), old, *answered)
    _, text = await (await office.desk_of("minh")).get("/staff/knowledge")

    assert re.findall(r'data-label="Đã trả lời trong 30 ngày">(\d+)<', text) == ["3"]


@pytest.mark.parametrize(
    ("days", "tone"), [(-1, "late"), (0, "soon"), (60, "soon"), (61, "")]
)  # fmt: skip
def test_an_entry_near_its_last_day_says_so(days: int, tone: str) -> None:
    assert ending(TODAY + timedelta(days=days), TODAY).tone == tone


# one entry


async def test_a_clerks_change_of_facts_answers_nobody_until_a_leader_approves(office: Office) -> None:
    office.database.write_now(_put, _birth())
    minh, thu = await office.desk_of("minh"), await office.desk_of("thu")
    saved = await _save(office, minh, fee="Thu 5.000 đồng.")
    answering = [row.code for row in office.database.read_now(knowledge.answering)]
    _, page = await minh.get(saved.headers["Location"])
    alone = await _save(office, minh, act="approve")
    approved = await _save(office, thu, act="approve")
    entry = _entry(office)

    assert saved.headers["Location"] == f"{ENTRY}?done=entry-draft"
    assert answering == []
    assert "bot không trả lời người dân bằng mục này" in page
    assert (alone.status, approved.status) == (403, 303)
    assert (entry.state, entry.approved_by, entry.checked_on, entry.version) == ("approved", 2, TODAY, 3)
    assert [row.actor for row in office.acts("knowledge.approve")] == ["thu"]
    assert office.acts("knowledge.change")[0].detail == {"state": "draft", "fields": "Phí, lệ phí"}


async def test_how_citizens_say_it_needs_no_approval(office: Office) -> None:
    office.database.write_now(_put, _birth())
    desk = await office.desk_of("minh")
    await _save(office, desk, aliases="giấy khai sanh\n\n • khai sinh trễ hạn")
    entry = _entry(office)

    assert (entry.state, entry.aliases) == ("sample", ["giấy khai sanh", "khai sinh trễ hạn"])
    assert entry.fee == "Miễn lệ phí."


async def test_saving_what_was_not_touched_changes_nothing(office: Office) -> None:
    office.database.write_now(_put, _birth(conditions="Trong 60 ngày.\nSau đó vẫn đăng ký được."))
    saved = await _save(office, await office.desk_of("minh"))

    assert saved.headers["Location"].endswith("done=entry-same")
    assert (_entry(office).version, office.acts("knowledge.change")) == (1, [])


async def test_a_second_editor_sees_both_and_loses_nothing(office: Office) -> None:
    office.database.write_now(_put, _birth())
    minh, thu = await office.desk_of("minh"), await office.desk_of("thu")
    seen = await _hidden(minh, ENTRY)
    await _save(office, thu, act="approve", fee="Thu 8.000 đồng.")
    late = await minh.post(ENTRY, **{**_typed(_birth(), fee="Thu 5.000 đồng."), **seen, "act": "save"})
    text = await late.text()
    again = await minh.post(ENTRY, **{**_typed(_birth(), fee="Thu 5.000 đồng."), **_hidden_in(text), "act": "save"})

    assert late.status == 409
    assert "Thu 5.000 đồng.</textarea>" in text
    assert "Bản người khác vừa lưu:" in text
    assert "Thu 8.000 đồng." in text
    assert again.status == 303
    assert (_entry(office).fee, _entry(office).state) == ("Thu 5.000 đồng.", "draft")


async def test_an_entry_without_a_source_is_not_approved(office: Office) -> None:
    office.database.write_now(_put, _birth())
    wrong = {"source_name": "", "source_url": "http://x.vn", "related": "9.999999", "valid_from": "2027-01-01"}
    answer = await _save(office, await office.desk_of("thu"), act="approve", valid_to="2026-12-31", **wrong)
    text = await answer.text()

    assert answer.status == 422
    assert text.count('class="trouble"') == 4
    assert "Không có mục nào mang mã 9.999999." in text
    assert _entry(office).version == 1


async def test_the_preview_is_what_a_citizen_reads(office: Office) -> None:
    office.database.write_now(_put, _birth(), _stay())
    desk = await office.desk_of("minh")
    _, sample = await desk.get(ENTRY)
    _, listed = await desk.get(f"/staff/knowledge/procedures/{STAY}")

    assert "Miễn lệ phí." in re.findall(r'class="words bubble">(.*?)</p>', sample, re.DOTALL)[0]
    assert "Miễn lệ phí." not in re.findall(r'class="words bubble">(.*?)</p>', listed, re.DOTALL)[0]


async def test_anyone_may_silence_figures_but_only_a_leader_lets_a_draft_speak(office: Office) -> None:
    office.database.write_now(_put, _birth())
    minh, thu = await office.desk_of("minh"), await office.desk_of("thu")
    silenced = await minh.post(f"{ENTRY}/list", **await _hidden(minh, ENTRY))
    was = _entry(office).state
    await _save(office, minh, name="Khai sinh lưu động")
    refused = await minh.post(f"{ENTRY}/list", **await _hidden(minh, ENTRY))
    allowed = await thu.post(f"{ENTRY}/list", **await _hidden(thu, ENTRY))

    assert (silenced.status, was) == (303, "listed")
    assert (refused.status, allowed.status, _entry(office).state) == (403, 303, "listed")
    assert [row.actor for row in office.acts("knowledge.list")] == ["minh", "thu"]


async def test_what_is_typed_into_an_entry_is_never_markup(office: Office) -> None:
    office.database.write_now(_put, _birth(fee="<script>alert(1)</script>", source_name="<b>Nguồn"))
    desk = await office.desk_of("minh")
    _, text = await desk.get(ENTRY)

    assert "<script>alert" not in text
    assert "<b>Nguồn" not in text


async def test_a_new_procedure_comes_from_a_question_and_settles_it(office: Office) -> None:
    office.database.write_now(_put, _question("xin giấy phép nuôi ong", outcome="unknown", codes=[]))
    desk = await office.desk_of("minh")
    page = "/staff/knowledge/procedures/new?question=1"
    _, text = await desk.get(page)
    form = {"name": "Nuôi ong", "short": "Nuôi ong", "field": "Nông nghiệp", "phrasings": "xin giấy phép nuôi ong"}
    bad = await desk.post("/staff/knowledge/procedures", **form, **_hidden_in(text), code="mã lạ")
    good = await desk.post("/staff/knowledge/procedures", **form, **_hidden_in(text), code="9.000001")
    twice = await desk.post("/staff/knowledge/procedures", **form, **_hidden_in(text), code="9.000001")

    assert "xin giấy phép nuôi ong</textarea>" in text
    assert (bad.status, good.status, twice.status) == (422, 303, 422)
    assert (_entry(office, "9.000001").state, office.all(Question)[0].closed_as) == ("draft", "entry")


# neighbours


async def test_a_neighbours_matter_gets_its_key_from_its_name(office: Office) -> None:
    desk, thu = await office.desk_of("minh"), await office.desk_of("thu")
    path = "/staff/knowledge/neighbours"
    form = {"name": "Đăng ký xe máy", "owner": "Công an", "advice": "Việc này do công an làm.", "act": "save"}
    first = await desk.press(f"{path}/new", path, **form)
    await desk.press(f"{path}/new", path, **form)
    entry = f"{path}/dang-ky-xe-may"
    same = await thu.post(entry, **{**form, **await _hidden(thu, entry)})
    approved = await thu.post(entry, **{**form, **await _hidden(thu, entry), "act": "approve"})
    states = {row.key: row.state for row in office.all(Neighbour)}

    assert first.headers["Location"] == f"{path}/dang-ky-xe-may?done=entry-draft"
    assert same.headers["Location"].endswith("entry-same")
    assert approved.headers["Location"].endswith("entry-approved")
    assert states == {"dang-ky-xe-may": "approved", "dang-ky-xe-may-2": "draft"}


async def test_neighbours_are_found_by_whose_matter_it_is(office: Office) -> None:
    office.database.write_now(_put, _passport())
    desk = await office.desk_of("minh")

    assert "Cấp hộ chiếu" in (await desk.get("/staff/knowledge/neighbours?q=cong+an"))[1]
    assert "Không có việc nào khớp" in (await desk.get("/staff/knowledge/neighbours?q=toa+an"))[1]


# the learning loop


async def test_only_questions_that_need_a_look_wait_and_all_can_be_seen(office: Office) -> None:
    answered = _question("làm khai sinh", outcome="answer", codes=[BIRTH], score=0.97)
    office.database.write_now(_put, _birth(), _stay(), _question(), answered)
    desk = await office.desk_of("minh")
    _, waiting = await desk.get("/staff/questions")
    _, everything = await desk.get("/staff/questions?show=all")
    _, home = await desk.get("/staff/")

    assert "e bé nhà em chào đời hôm qua" in waiting
    assert "độ khớp 52 %" in waiting
    assert "làm khai sinh" not in waiting
    assert "Bot đã trả lời" in everything
    assert "<strong>1</strong><span>câu hỏi chờ cán bộ" in home


async def test_a_phrasing_is_saved_only_after_its_effect_was_seen(office: Office) -> None:
    exam = GoldenQuestion(text="khai sinh cho bé ở đâu", codes=[BIRTH], added_at=NOON)
    office.database.write_now(_put, _birth(), _stay(), _passport(), _question(), exam)
    desk = await office.desk_of("minh")
    page = f"/staff/questions/1/phrasing?kind=procedure&key={BIRTH}"
    _, shown = await desk.get(page)
    form = {**_hidden_in(shown), "keep": "1"}
    retried = await desk.post("/staff/questions/1/phrasing", **form, words="em bé nhà em chào đời")
    untouched = _entry(office).version
    form["tried"] = "em bé nhà em chào đời"
    saved = await desk.post("/staff/questions/1/phrasing", **form, words="em bé nhà em chào đời")
    entry, question = _entry(office), office.all(Question)[0]

    assert "Nếu thêm" in shown
    assert re.search(r"<strong>1/1</strong> câu → <strong>1/1</strong>", shown)
    assert (retried.status, untouched) == (200, 1), "words that were changed are tried before they are saved"
    assert saved.headers["Location"] == "/staff/questions?done=taught"
    assert (entry.phrasings[-1], entry.version, entry.state) == ("em bé nhà em chào đời", 2, "sample")
    assert (question.closed_as, question.closed_by) == ("phrasing", 1)
    assert [(row.text, row.codes) for row in office.all(GoldenQuestion)][1:] == [("em bé nhà em chào đời", [BIRTH])]
    assert [row.detail for row in office.acts("question.phrasing")] == [{"entry": BIRTH, "golden": True}]


async def test_a_question_nobody_deals_with_is_remembered_as_such(office: Office) -> None:
    office.database.write_now(_put, _passport(), _question("xem bói ở đâu", outcome="unknown", codes=[]))
    desk = await office.desk_of("minh")
    _, page = await desk.get("/staff/questions/1/scope?q=ho+chieu")
    await desk.press("/staff/questions/1/scope", "/staff/questions/1/scope")
    (golden,) = office.all(GoldenQuestion)

    assert "kind=neighbour&amp;key=ho-chieu" in page
    assert (golden.text, golden.outcome, golden.codes) == ("xem bói ở đâu", "unknown", [])
    assert office.all(Question)[0].closed_as == "scope"


async def test_the_exam_is_kept_by_hand_too(office: Office) -> None:
    office.database.write_now(_put, _birth())
    desk, page = await office.desk_of("minh"), "/staff/knowledge/golden"
    bad = await desk.press(page, page, text="khai sinh", outcome="answer", codes="9.9")
    good = await desk.press(page, page, text="khai sinh", outcome="answer", codes=BIRTH)
    kept = len(office.all(GoldenQuestion))
    await desk.press(page, f"{page}/1/delete")

    assert (bad.status, good.status, kept) == (422, 303, 1)
    assert office.all(GoldenQuestion) == []
    assert len(office.acts("golden.new") + office.acts("golden.delete")) == 2


def test_the_effect_names_what_changes() -> None:
    exam = [GoldenQuestion(id=1, text="nhà mới có thêm một nhóc tì", codes=[BIRTH], added_at=NOON)]
    known = Known([_birth(), _stay()], [_passport()], exam)
    found = effect(known, Target(Procedure, BIRTH), "nhà mới có thêm một nhóc tì")

    assert (found.right_before, found.right_after, found.asked) == (0, 1, 1)
    assert [(each.was_right, each.is_right) for each in found.changes] == [(False, True)]
    assert found.after == Made("answer", (BIRTH,))
    assert len(known.procedures[0].phrasings) == 4, "what was tried is not kept"


@pytest.mark.parametrize(
    ("expected", "codes", "made", "right"),
    [
        ("answer", [BIRTH, STAY], Made("answer", (STAY,)), True),
        ("answer", [BIRTH], Made("choices", (BIRTH,)), False),
        ("choices", [BIRTH], Made("several", (STAY, BIRTH)), True),
        ("not_ours", ["ho-chieu"], Made("not_ours", ("ho-chieu",)), True),
        ("unknown", [], Made("answer", (BIRTH,)), False),
    ],
)
def test_the_exam_is_marked_strictly(expected: str, codes: list[str], made: Made, right: bool) -> None:
    assert is_right(GoldenQuestion(text="?", outcome=expected, codes=codes, added_at=NOON), made) is right


def test_a_list_is_read_a_line_at_a_time() -> None:
    assert lines("• Tờ khai\n\n  - Giấy  chứng sinh \nTờ khai") == ["Tờ khai", "Giấy chứng sinh"]
