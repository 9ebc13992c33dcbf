"""One arrival, whole or not at all; and the worker that takes them one citizen at a time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from bot.channel import Limits
from bot.channels.webchat import WebChat
from bot.messages import Attachment as Sent
from bot.messages import Ignored, Incoming, Kind, Place
from data import inbox
from data.clock import to_ms
from data.database import Database
from data.tables import (
    Account,
    Arrival,
    ArrivalState,
    Attachment,
    Citizen,
    Complaint,
    Consent,
    Conversation,
    DayOff,
    Delivery,
    Message,
    Question,
    Unit,
)
from handlers.citizens import texts
from handlers.citizens.changes import FORGOTTEN
from handlers.citizens.inbox import Desk, handle
from handlers.citizens.worker import Worker
from tests.conftest import NOON
from tests.handlers.player import knowledge

Read = Callable[[int, bytes], Incoming | Ignored]
STAFF_CHAT = "-100123"


def parse(account_id: int, body: bytes) -> Incoming | Ignored:
    """Our own words as a platform's payload."""
    said = json.loads(body)
    if "ignored" in said:
        return Ignored(said["ignored"])
    files = tuple(Sent("image", source) for source in said.pop("photos", ()))
    place = Place(*said.pop("place")) if "place" in said else None
    kind = Kind(said.pop("kind", "message"))
    return Incoming(said.pop("person"), NOON, kind, attachments=files, place=place, **said)


def limits(account_id: int) -> Limits:
    return WebChat.limits


def desk(staff_chat: tuple[int, str] | None = None) -> Desk:
    return Desk(parse, limits, knowledge(), staff_chat)


@pytest.fixture
def account(database: Database) -> int:
    unit = add(database, Unit(name="UBND phường Ayun Pa", province="tỉnh Gia Lai", centre="Trung tâm"))
    return add(database, Account(unit_id=unit.id or 0, channel="zalo", external_id="1")).id or 0


def add(database: Database, row: Any) -> Any:
    def change(session: Session) -> Any:
        session.add(row)
        session.flush()
        return row

    return database.write_now(change)


def rows(database: Database, table: Any) -> list[Any]:
    order = table.citizen_id if table is Conversation else table.id
    return database.read_now(lambda session: list(session.exec(select(table).order_by(col(order)))))


def arrive(database: Database, account: int, said: str = "", person: str = "lan", **more: Any) -> int:
    number = len(rows(database, Arrival)) + 1
    body = json.dumps({"person": person, "text": said, **more}).encode()
    arrival = Arrival(
        event_at_ms=number, event_id=f"event-{number}", account_id=account, person=person,
        received_at_ms=to_ms(NOON), body=body,
    )  # fmt: skip
    return add(database, arrival).id or 0


def say(database: Database, account: int, said: str = "", **more: Any) -> str:
    """What the citizen hears."""
    person = more.get("person", "lan")
    number = arrive(database, account, said, **more)
    database.write_now(handle, number, desk((account, STAFF_CHAT)), NOON)
    return heard(database, number, person)


def heard(database: Database, arrival_id: int, person: str = "lan") -> str:
    mine = [row for row in rows(database, Delivery) if row.arrival_id == arrival_id and row.person == person]
    return "\n".join(row.body["text"] for row in sorted(mine, key=lambda row: row.ordinal))


def file_complaint(database: Database, account: int, *, first: str = "phản ánh") -> str:
    for said in (first, "Cán bộ, cách phục vụ", "Cán bộ một cửa cáu gắt với tôi", "Quầy số 2", "tiếp tục"):
        say(database, account, said)
    for said in ("Nguyễn Thị Lan", "Tổ 3", "0905 123 456"):
        say(database, account, said)
    return say(database, account, "đồng ý")


def everything(database: Database) -> str:
    """All that is remembered, as one text."""

    def dump(session: Session) -> str:
        found = []
        for table in SQLModel.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
                found.append(" ".join(bytes(v).decode() if isinstance(v, bytes | memoryview) else str(v) for v in row))
        return "\n".join(found)

    return database.read_now(dump)


# --- one transaction ---


def test_an_arrival_is_remembered_answered_and_done(database: Database, account: int) -> None:
    number = arrive(database, account, "khai sinh", name="Lan")

    note = database.write_now(handle, number, desk(), NOON)

    assert note == "a question"
    [arrival], [citizen], [message] = (rows(database, table) for table in (Arrival, Citizen, Message))
    assert (arrival.state, arrival.note) == (ArrivalState.HANDLED, "a question")
    assert (citizen.name, citizen.last_incoming_at, citizen.greeted_at) == ("Lan", NOON, NOON)
    assert (message.text, message.author, message.at) == ("khai sinh", "citizen", NOON)
    assert "mã 1.001193" in heard(database, number)


def test_an_arrival_is_handled_once(database: Database, account: int) -> None:
    number = arrive(database, account, "khai sinh")
    database.write_now(handle, number, desk(), NOON)
    before = everything(database)

    again = database.write_now(handle, number, desk(), NOON + timedelta(minutes=1))

    assert again == ""
    assert everything(database) == before


class Breaks:
    """Limits that are asked for at the very end, and fail."""

    def __call__(self, account_id: int) -> Limits:
        raise RuntimeError("power cut")


def test_a_failure_in_the_middle_leaves_nothing(database: Database, account: int) -> None:
    number = arrive(database, account, "khai sinh", photos=["https://x/1"])
    before = everything(database)

    with pytest.raises(RuntimeError):
        database.write_now(handle, number, Desk(parse, Breaks(), knowledge()), NOON)

    assert everything(database) == before


def test_what_failed_can_be_handled_afterwards(database: Database, account: int) -> None:
    number = arrive(database, account, "khai sinh")
    with pytest.raises(RuntimeError):
        database.write_now(handle, number, Desk(parse, Breaks(), knowledge()), NOON)

    database.write_now(handle, number, desk(), NOON)

    assert "mã 1.001193" in heard(database, number)


def test_an_arrival_that_asks_nothing_is_put_aside_with_the_reason(database: Database, account: int) -> None:
    number = arrive(database, account, ignored="a receipt")

    note = database.write_now(handle, number, desk(), NOON)

    [arrival] = rows(database, Arrival)
    assert (note, arrival.state, arrival.note) == ("a receipt", ArrivalState.IGNORED, "a receipt")
    assert rows(database, Citizen) == []


def test_the_welcome_and_the_answer_go_in_order(database: Database, account: int) -> None:
    number = arrive(database, account, "khai sinh")

    database.write_now(handle, number, desk(), NOON)

    first, second = rows(database, Delivery)
    assert (first.ordinal, second.ordinal) == (0, 1)
    assert "hệ thống trả lời tự động" in first.body["text"]
    assert "mã 1.001193" in second.body["text"]


def test_buttons_are_written_out_for_those_who_do_not_see_them(database: Database, account: int) -> None:
    heard_text = say(database, account, "menu")

    assert "1. Hỏi thủ tục\n2. Gửi phản ánh, góp ý" in heard_text


def test_digits_mean_the_menu_shown_last(database: Database, account: int) -> None:
    say(database, account, "menu")

    assert "mời ông/bà nhắn việc cần làm" in say(database, account, "1")


def test_two_citizens_do_not_mix(database: Database, account: int) -> None:
    say(database, account, "phản ánh")

    answer = say(database, account, "1", person="stranger")

    assert "Xin nhắn tên việc" in answer
    assert [row.topic for row in rows(database, Conversation)] == ["complaint", ""]


# --- complaints ---


def test_a_complaint_is_in_the_register_with_code_and_due_day(database: Database, account: int) -> None:
    receipt = file_complaint(database, account)

    [complaint] = rows(database, Complaint)
    assert "PA-2026-00001" in receipt
    assert (complaint.code, complaint.kind, complaint.due_on) == ("PA-2026-00001", "conduct", date(2026, 12, 9))
    assert (complaint.person_name, complaint.person_contact) == ("Nguyễn Thị Lan", "0905123456")
    assert complaint.category == "thái độ, tinh thần phục vụ"
    assert complaint.content_folded == "can bo mot cua cau gat voi toi quay so 2"


def test_days_off_move_the_due_day(database: Database, account: int) -> None:
    add(database, DayOff(day=date(2026, 12, 1), note="made up"))

    file_complaint(database, account)

    assert rows(database, Complaint)[0].due_on == date(2026, 12, 10)


def test_a_suggestion_has_no_due_day(database: Database, account: int) -> None:
    for said in ("góp ý", "Nên có thêm ghế ngồi chờ", "bỏ qua", "tiếp tục", "không nêu tên"):
        say(database, account, said)

    receipt = say(database, account, "đồng ý")

    [complaint] = rows(database, Complaint)
    assert "không có hạn trả lời" in receipt
    assert (complaint.kind, complaint.due_on, complaint.person_name) == ("suggestion", None, "")


def test_photos_belong_to_the_complaint(database: Database, account: int) -> None:
    say(database, account, photos=["https://x/1"])
    say(database, account, photos=["https://x/2"])

    file_complaint(database, account)

    [complaint] = rows(database, Complaint)
    assert [(row.source, row.complaint_id) for row in rows(database, Attachment)] == [
        ("https://x/1", complaint.id),
        ("https://x/2", complaint.id),
    ]


def test_a_photo_of_no_complaint_belongs_to_none(database: Database, account: int) -> None:
    file_complaint(database, account)

    say(database, account, photos=["https://x/1"])

    [photo] = rows(database, Attachment)
    assert (photo.complaint_id, photo.state, photo.arrival_id) == (None, "waiting", rows(database, Arrival)[-1].id)


def test_a_location_is_kept(database: Database, account: int) -> None:
    for said in ("phản ánh", "Đường sá, rác, trật tự, việc chung", "Đèn đường hỏng cả tháng"):
        say(database, account, said)
    say(database, account, place=[13.3952, 108.4412])
    for said in ("tiếp tục", "không", "đồng ý"):
        say(database, account, said)

    [complaint] = rows(database, Complaint)
    assert (complaint.latitude, complaint.longitude) == (13.3952, 108.4412)


def test_filing_is_a_consent_to_the_words_that_were_shown(database: Database, account: int) -> None:
    file_complaint(database, account)

    [consent] = rows(database, Consent)
    assert (consent.purpose, consent.given, consent.at) == ("complaint", True, NOON)
    assert consent.wording == texts.NOTICE.format(unit="UBND phường Ayun Pa")
    assert consent.arrival_id == rows(database, Arrival)[-1].id


def test_staff_are_told_of_a_complaint_and_not_by_whom(database: Database, account: int) -> None:
    file_complaint(database, account)

    [alert] = [row for row in rows(database, Delivery) if row.kind == "alert"]
    assert (alert.person, alert.account_id, alert.citizen_id) == (STAFF_CHAT, account, None)
    assert "PA-2026-00001" in alert.body["text"]
    assert "Lan" not in alert.body["text"]


def test_without_a_staff_chat_nobody_is_told(database: Database, account: int) -> None:
    number = arrive(database, account, "gặp cán bộ")

    database.write_now(handle, number, desk(), NOON)

    assert [row.kind for row in rows(database, Delivery) if row.kind == "alert"] == []


def test_ones_own_complaint_is_found_by_its_code_and_anothers_is_guarded(database: Database, account: int) -> None:
    file_complaint(database, account)

    mine, others = (say(database, account, "PA-2026-00001", person=person) for person in ("lan", "stranger"))

    assert "Ngày nhận" in mine
    assert "4 số cuối" in others
    assert "Ngày nhận" in say(database, account, "PA-2026-00001 3456", person="stranger")


# --- consents ---


def test_a_yes_to_the_news_is_kept_with_its_proof(database: Database, account: int) -> None:
    say(database, account, "nhận tin")
    say(database, account, kind="press", payload="news:yes")

    [consent], [citizen] = rows(database, Consent), rows(database, Citizen)
    assert (consent.purpose, consent.given, consent.wording) == ("news", True, texts.NEWS_WORDING)
    assert citizen.wants_news


def test_stop_takes_effect_at_once(database: Database, account: int) -> None:
    say(database, account, kind="press", payload="news:yes")

    say(database, account, "dung")

    assert not rows(database, Citizen)[0].wants_news
    assert [row.given for row in rows(database, Consent)] == [True, False]


def test_hung_who_blocked_us_is_remembered_as_such_until_he_writes(database: Database, account: int) -> None:
    say(database, account, "xin chào", person="hung")
    say(database, account, kind="stop", person="hung")
    blocked = rows(database, Citizen)[0].blocked_at

    say(database, account, "xin chào", person="hung")

    assert blocked == NOON
    assert rows(database, Citizen)[0].blocked_at is None


def test_what_a_citizen_does_on_the_platform_is_no_message(database: Database, account: int) -> None:
    for kind in ("stop", "return", "staff", "withdraw"):
        say(database, account, kind=kind)

    assert [row.author for row in rows(database, Message)] == ["staff"]
    assert rows(database, Citizen)[0].last_incoming_at is None


# --- questions ---


def test_what_could_not_be_answered_is_kept_with_its_numbers_masked(database: Database, account: int) -> None:
    say(database, account, "phlogiston 0905123456, 064190001234")

    [question] = rows(database, Question)
    assert (question.outcome, question.asked_at, question.closed_at) == ("unknown", NOON, None)
    assert question.text == "phlogiston *******456, *********234"


def test_a_very_long_question_is_cut(database: Database, account: int) -> None:
    say(database, account, "phlogiston " * 1000)

    assert len(rows(database, Question)[0].text) == 1000


# --- denunciations ---

WORDS = ["Ông Hoàng Văn Hùng", "năm triệu đồng", "nhận hối lộ", "cán bộ địa chính"]


def denounce(database: Database, account: int) -> str:
    say(database, account, "phản ánh")
    say(database, account, "Cán bộ, cách phục vụ")
    say(database, account, "Ông Hoàng Văn Hùng là cán bộ địa chính", photos=["https://x/hung.jpg"])
    return say(database, account, "Ông ấy nhận hối lộ năm triệu đồng của tôi")


def test_a_denunciation_is_guided(database: Database, account: int) -> None:
    assert "tố cáo phải bằng đơn" in denounce(database, account)


def test_a_denunciation_leaves_its_words_in_no_table(database: Database, account: int) -> None:
    denounce(database, account)

    remembered = everything(database)
    assert [words for words in WORDS if words in remembered] == []
    assert [escaped for words in WORDS if (escaped := json.dumps(words)[1:-1]) in remembered] == []


def test_the_arrivals_of_a_denunciation_stay_known_as_repeats(database: Database, account: int) -> None:
    denounce(database, account)

    assert [(row.body, row.state) for row in rows(database, Arrival)] == [(None, ArrivalState.HANDLED)] * 4
    assert {row.text for row in rows(database, Message)} == {FORGOTTEN}


def test_the_files_of_a_denunciation_are_to_be_erased(database: Database, account: int) -> None:
    denounce(database, account)

    assert [row.state for row in rows(database, Attachment)] == ["erase"]


def test_a_denunciation_leaves_no_draft_and_no_question(database: Database, account: int) -> None:
    denounce(database, account)

    [conversation] = rows(database, Conversation)
    assert (conversation.topic, conversation.slots) == ("", {})
    assert rows(database, Question) == []
    assert rows(database, Complaint) == []


def test_a_denunciation_leaves_its_words_in_no_byte_of_the_file(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    unit = add(database, Unit(name="UBND phường Ayun Pa", province="tỉnh Gia Lai", centre="Trung tâm"))
    account = add(database, Account(unit_id=unit.id or 0, channel="zalo", external_id="1")).id

    denounce(database, account)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()

    written = b"".join(path.read_bytes() for path in tmp_path.glob("loa.db*"))
    assert "tố cáo phải bằng đơn".encode() in written or b"t\\u1ed1 c\\u00e1o" in written
    assert [words for words in WORDS if words.encode() in written or json.dumps(words)[1:-1].encode() in written] == []


# --- the worker ---


def worker_of(database: Database, desk: Callable[[], Desk]) -> Worker:
    async def set_aside(arrival_id: int) -> None: ...

    return Worker(database, desk, lambda: NOON, lambda: None, lambda: range(1, 9), set_aside)


@asynccontextmanager
async def working(database: Database, read: Read = parse) -> AsyncIterator[Worker]:
    worker = worker_of(database, lambda: Desk(read, limits, knowledge()))
    running = asyncio.create_task(worker.run())
    yield worker
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await worker.stop()


async def handled(database: Database, worker: Worker, count: int) -> list[Arrival]:
    """Wait until so many arrivals wait no more."""
    async with asyncio.timeout(10):
        while True:
            done = [row for row in rows(database, Arrival) if row.state != ArrivalState.WAITING]
            if len(done) >= count:
                return done
            worker.wake()
            await asyncio.sleep(0.01)


async def test_the_worker_handles_all_that_waits(database: Database, account: int) -> None:
    for number in range(5):
        arrive(database, account, "khai sinh", person=f"citizen-{number}")

    async with working(database) as worker:
        done = await handled(database, worker, 5)

    assert {row.state for row in done} == {ArrivalState.HANDLED}


async def test_one_citizens_words_are_handled_in_order(database: Database, account: int) -> None:
    for said in ("phản ánh", "Cán bộ, cách phục vụ", "Cán bộ một cửa cáu gắt với tôi", "Quầy số 2"):
        arrive(database, account, said)

    async with working(database) as worker:
        await handled(database, worker, 4)

    [conversation] = rows(database, Conversation)
    assert (conversation.step, conversation.slots["place"]) == ("photos", "Quầy số 2")


async def test_one_citizens_trouble_is_not_anothers(database: Database, account: int) -> None:
    arrive(database, account, "khai sinh", person="hung")
    arrive(database, account, "khai sinh", person="lan")

    def read(account_id: int, body: bytes) -> Incoming | Ignored:
        if b"hung" in body:
            raise KeyError("a payload nobody expected")
        return parse(account_id, body)

    async with working(database, read) as worker:
        [done] = await handled(database, worker, 1)
        async with asyncio.timeout(10):
            while not rows(database, Arrival)[0].attempts:
                await asyncio.sleep(0.01)

    troubled = rows(database, Arrival)[0]
    assert done.person == "lan"
    assert (troubled.attempts, troubled.state) == (1, ArrivalState.WAITING)


async def test_a_citizens_later_words_wait_for_the_earlier_to_be_tried_again(database: Database, account: int) -> None:
    first = arrive(database, account, "phản ánh")
    database.write_now(inbox.failed, first, "KeyError", to_ms(NOON))
    arrive(database, account, "khai sinh")
    other = arrive(database, account, "khai sinh", person="stranger")

    async with working(database) as worker:
        done = await handled(database, worker, 1)

    assert [row.id for row in done] == [other]


async def test_a_worker_that_is_woken_and_stopped_at_once_stops(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.open()
    worker = worker_of(database, desk)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.1)  # it has nothing to do, and rests

    worker.wake()
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=2)

    assert running.cancelled()
    database.close()
