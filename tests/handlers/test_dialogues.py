"""What a citizen says and what the bot answers: the conversations of Lan, of Hùng, and of a stranger."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Kind, Place
from bot.vietnamese.fold import fold
from handlers.citizens import texts
from handlers.citizens.handover import QUIET_FOR
from handlers.citizens.talk import Agree, Block, FileComplaint, KeepQuestion
from tests.conftest import NOON
from tests.handlers.player import Player, filed, knowledge, play

BIRTH = "1.001193"
AFTER_ITS_LAST_DAY = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
TO_CONTENT = [("phản ánh", "phản ánh về việc gì"), ("[Cán bộ, cách phục vụ]", "kể rõ việc")]
TO_PLACE = [*TO_CONTENT, ("Cán bộ một cửa cáu gắt với tôi sáng nay", "ở đâu")]
TO_PHOTOS = [*TO_PLACE, ("Quầy số 2", "có ảnh thì gửi")]
TO_NAME = [*TO_PHOTOS, ("[Tiếp tục]", "họ và tên")]
TO_SUMMARY = [
    *TO_NAME,
    ("Nguyễn Thị Lan", "địa chỉ"),
    ("Tổ 3, phường Ayun Pa", "số điện thoại"),
    ("0905 123 456", "xem lại trước khi gửi"),
]


def lan() -> Player:
    return Player()


def stranger() -> Player:
    return Player(greeted=False)


def at(*turns: tuple[str, str]) -> Player:
    """Lan after these turns."""
    player = lan()
    play(player, turns)
    return player


def has_figures(text: str) -> bool:
    """Papers, fees or limits are told."""
    return bool(re.search(r"Giấy tờ cần có|Lệ phí:|Thời hạn:|\d đồng|ngày làm việc|Trả kết quả", text))


DIALOGUES = {
    "a first word is answered with who we are": [("xin chào", "hệ thống trả lời tự động của UBND phường Ayun Pa")],
    "the menu comes by word and by button": [
        ("menu", "cần việc gì"),
        ("[Hỏi thủ tục]", "mời ông/bà nhắn việc cần làm"),
        ("làm giấy khai sinh cho con", "mã 1.001193"),
    ],
    "the menu comes by digit": [("menu", "cần việc gì"), ("2", "phản ánh về việc gì")],
    "digits are typed in many ways": [("menu", "cần việc gì"), (" 1. ", "mời ông/bà nhắn việc cần làm")],
    "a digit that no menu has is no choice": [("menu", "cần việc gì"), ("9", "Xin nhắn tên việc")],
    "facets come by button": [
        ("khai sinh", "Ghi nhận việc sinh"),
        ("[Lệ phí]", "Miễn lệ phí nếu đăng ký trong hạn 60 ngày"),
        ("[Nộp ở đâu]", "nơi cư trú"),
        ("[Nộp trực tuyến]", "đăng nhập bằng VNeID"),
        ("[Giấy tờ]", "Giấy chứng sinh"),
        ("[Thời hạn]", "Trả kết quả trong ngày"),
    ],
    "facets come by digit": [("khai sinh", "Ghi nhận việc sinh"), ("2", "Miễn lệ phí nếu")],
    "facets come by words about the procedure talked about last": [
        ("làm khai sinh cho con", "Ghi nhận việc sinh"),
        ("le phi bao nhieu", "Miễn lệ phí nếu"),
        ("bao lâu thì xong", "Trả kết quả trong ngày"),
        ("nộp ở đâu", "nơi cư trú"),
        ("can giay to gi", "Giấy chứng sinh"),
    ],
    "a question about a facet is answered with that facet only": [("khai sinh mất bao lâu", "Trả kết quả trong ngày")],
    "an answer tells its source and its last day": [
        ("khai sinh", "Nguồn: Cổng Dịch vụ công quốc gia, kiểm tra ngày 23/06/2026. Áp dụng đến hết ngày 28/02/2027."),
    ],
    "when two may be meant the citizen chooses": [
        ("chứng thực lệ phí bao nhiêu", "ý ông/bà là thủ tục nào"),
        ("[Chứng thực bản sao]", "thủ tục Chứng thực bản sao từ bản chính"),
    ],
    "choices are answered by digit too": [("chứng thực lệ phí bao nhiêu", "thủ tục nào"), ("1", "thủ tục Chứng thực")],
    "none of the choices is an honest no": [
        ("chứng thực lệ phí bao nhiêu", "thủ tục nào"),
        ("[Không phải các việc trên]", "không dám trả lời bừa"),
    ],
    "what we do not know we do not answer": [("phlogiston", "không dám trả lời bừa")],
    "a procedure of which only the name is known is answered with the portal": [
        ("đăng ký chấm dứt giám hộ", "tìm theo mã 1.004845"),
    ],
    "a question without a procedure is not guessed": [
        ("cần giấy tờ gì", "ông/bà cần việc gì"),
        ("lệ phí", "ông/bà cần việc gì"),
    ],
    "nothing is open, so nothing is cancelled": [("huỷ", "không có phần nào đang nhập")],
    "stop is obeyed": [("dừng", "không gửi tin hằng tháng"), ("dung", "không gửi tin hằng tháng")],
    "right is not stop": [("đúng", "cứ nhắn"), ("dùng", "cứ nhắn")],
    "a person is called": [("gặp cán bộ", "đã báo cán bộ"), ("cho toi gap nguoi that", "đã báo cán bộ")],
    "a person is called by button": [("menu", "cần việc gì"), ("[Gặp cán bộ]", "đã báo cán bộ")],
    "hello, thanks and goodbye": [
        ("hello", "chào ông/bà"),
        ("dạ em cảm ơn ạ", "không có gì"),
        ("cam on nhieu", "không có gì"),
        ("tạm biệt", "cứ nhắn"),
    ],
    "abuse is answered calmly": [("đồ ngu", "xin lỗi nếu làm ông/bà không vừa lòng"), ("do ngu", "xin lỗi nếu")],
    "danger is answered with the numbers": [("có cháy nhà ở chợ", "114"), ("cap cuu", "115"), ("đánh nhau", "113")],
    "an appeal is a procedure": [("tôi muốn khiếu nại", "thủ tục Giải quyết khiếu nại lần đầu")],
    "one's own file": [("hồ sơ của tôi đến đâu rồi", "mã số trên giấy hẹn"), ("ho so cua toi xong chua", "giấy hẹn")],
    "one's own data": [("dữ liệu của tôi", "chúng tôi lưu"), ("xoá dữ liệu", "đã ghi yêu cầu xoá dữ liệu")],
    "a photo alone is asked about": [("(ảnh)", "gửi phản ánh kèm ảnh này"), ("[Gửi phản ánh]", "về việc gì")],
    "words that sound like a complaint are offered the form": [
        ("đèn đường hỏng cả tháng nay", "gửi thành phản ánh"),
        ("[Gửi phản ánh]", "về việc gì"),
        ("[Đường sá, rác, trật tự, việc chung]", "ở đâu"),
    ],
    "who wants to ask after all may": [
        ("đèn đường hỏng cả tháng nay", "gửi thành phản ánh"),
        ("[Không, tôi hỏi thủ tục]", "mời ông/bà nhắn việc cần làm"),
    ],
    "news are asked for by themselves": [
        ("nhận tin", "có đồng ý nhận bản tin này"),
        ("[Đồng ý nhận tin]", "Chúng tôi sẽ gửi bản tin mỗi tháng một lần"),
        ("nhan tin", "Chúng tôi sẽ gửi bản tin"),
        ("dừng", "đã dừng gửi tin hằng tháng"),
    ],
    "news can be declined": [("dang ky nhan tin", "có đồng ý"), ("[Không nhận]", "sẽ không gửi bản tin")],
    "a closed form's button says so": [*TO_SUMMARY, ("[Đồng ý gửi]", "Mã tra cứu: PA-2026-00001")],
}


@pytest.mark.parametrize("turns", DIALOGUES.values(), ids=DIALOGUES)
def test_dialogue(turns: list[tuple[str, str]]) -> None:
    play(stranger(), turns)


# --- the first contact ---


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.FOLLOW, Kind.START])
def test_we_say_who_we_are_once(kind: Kind) -> None:
    player = stranger()

    first, second = player.does(kind, text="xin chào"), player.does(kind, text="xin chào")

    assert "hệ thống trả lời tự động" in first
    assert "hệ thống trả lời tự động" not in second


def test_a_first_question_is_answered_at_once() -> None:
    player = stranger()

    heard = player.says("khai sinh cần giấy tờ gì")

    assert "hệ thống trả lời tự động" in heard
    assert "Giấy chứng sinh" in heard


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.RETURN, Kind.WITHDRAW, Kind.STAFF, Kind.EDIT])
def test_what_a_stranger_does_on_the_platform_is_not_answered(kind: Kind) -> None:
    assert stranger().does(kind) == ""


# --- always understood ---

ALWAYS = {
    "menu": "cần việc gì", "Menu": "cần việc gì", "về đầu trang": "cần việc gì", "ve dau trang": "cần việc gì",
    "dừng": "không gửi tin", "dung": "không gửi tin", "STOP": "không gửi tin", "dừng lại đi": "không gửi tin",
    "huỷ": "đã bỏ phần đang nhập", "hủy": "đã bỏ phần đang nhập", "huy": "đã bỏ phần đang nhập",
    "thoat a": "đã bỏ phần đang nhập",
    "gặp cán bộ": "đã báo cán bộ", "gap can bo": "đã báo cán bộ", "cho tôi gặp cán bộ": "đã báo cán bộ",
    "em muốn nói chuyện với người": "đã báo cán bộ",
}  # fmt: skip


@pytest.mark.parametrize(("said", "answer"), ALWAYS.items())
def test_some_words_are_understood_inside_a_form_too(said: str, answer: str) -> None:
    player = at(*TO_CONTENT)

    assert answer in player.says(said)


@pytest.mark.parametrize("said", ["khai sinh con cho em hỏi", "khai sinh con cho em hoi"])
def test_a_child_is_no_dog(said: str) -> None:
    player = lan()

    player.says(said)

    assert player.rule == "a question"


def test_slowly_is_no_danger() -> None:
    player = lan()

    player.says("bác cứ từ từ")

    assert player.rule != "emergency"


@pytest.mark.parametrize("said", ["dừng", "gặp cán bộ"])
def test_a_form_outlives_a_word_between(said: str) -> None:
    player = at(*TO_CONTENT)

    player.says(said)

    assert "ở đâu" in player.says("Cán bộ một cửa cáu gắt với tôi")


@pytest.mark.parametrize("said", ["menu", "huỷ"])
def test_a_form_ends_with_the_menu_and_with_cancel(said: str) -> None:
    player = at(*TO_NAME)

    player.says(said)

    assert (player.conversation.topic, player.conversation.slots) == ("", {})


def test_meeting_an_official_is_part_of_the_story_in_a_form() -> None:
    player = at(*TO_CONTENT)

    heard = player.says("Hôm qua tôi gặp cán bộ hộ tịch thì bị cáu gắt")

    assert "ở đâu" in heard
    assert player.alerts == []


def test_who_calls_a_person_is_seen_by_staff() -> None:
    player = lan()

    player.says("cho tôi gặp cán bộ tư pháp")

    [question] = [change for change in player.changes if isinstance(change, KeepQuestion)]
    assert (question.outcome, question.text) == ("staff", "cho tôi gặp cán bộ tư pháp")
    assert len(player.alerts) == 1


def test_the_offices_phone_is_told_when_it_is_known() -> None:
    player = lan()
    player.unit = replace(player.unit, phone="0269 385 2345")

    assert "Việc gấp xin gọi 0269 385 2345." in player.says("gặp cán bộ")


# --- procedures ---


@pytest.mark.parametrize(
    "said", ["khai sinh", "KHAI SINH", "khai  sinh ạ", "dk khai sinh", "lam giay khai sinh cho chau"]
)
def test_a_procedure_is_understood_however_it_is_typed(said: str) -> None:
    assert "mã 1.001193" in lan().says(said)


def test_an_answer_has_a_button_for_each_other_facet() -> None:
    player = lan()

    player.says("khai sinh mất bao lâu")

    assert [button.title for button in player.buttons] == ["Giấy tờ", "Lệ phí", "Nộp ở đâu", "Nộp trực tuyến"]


def test_an_old_button_still_means_what_it_meant() -> None:
    player = lan()
    player.says("khai sinh")
    fee = player.buttons[1]
    player.says("kết hôn")

    heard = player.does(Kind.PRESS, payload=fee.payload)

    assert "mã 1.001193" in heard


def test_a_button_of_an_entry_that_is_gone_asks_again() -> None:
    assert "ông/bà cần việc gì" in lan().does(Kind.PRESS, payload="proc:9.999999:fee")


def test_the_facet_asked_about_survives_the_choice() -> None:
    player = at(("chứng thực mất bao lâu", "thủ tục nào"))

    heard = player.presses("Chứng thực bản sao")

    assert player.rule == "a procedure"
    assert "Thời hạn: " in heard
    assert "Giấy tờ cần có" not in heard


@pytest.mark.parametrize(
    "said", ["khai sinh", "khai sinh mất bao nhiêu tiền", "khai sinh mất bao lâu", "khai sinh can gi"]
)
def test_an_entry_past_its_last_day_gives_no_figures(said: str) -> None:
    player = Player(now=AFTER_ITS_LAST_DAY)

    heard = player.says(said)

    assert "chỉ áp dụng đến hết ngày 28/02/2027" in heard
    assert not has_figures(heard)


def test_an_entry_past_its_last_day_gives_no_figures_by_an_old_button() -> None:
    player = Player(now=AFTER_ITS_LAST_DAY)

    heard = player.does(Kind.PRESS, payload=f"proc:{BIRTH}:fee")

    assert not has_figures(heard)


def test_an_entry_still_answers_on_its_last_day() -> None:
    player = Player(now=datetime(2027, 2, 28, 16, 59, tzinfo=UTC))

    assert has_figures(player.says("khai sinh"))


@pytest.mark.parametrize("code", [code for code, facts in knowledge().procedures.items() if facts.listed_only])
def test_a_listed_procedure_never_gives_figures(code: str) -> None:
    heard = [lan().does(Kind.PRESS, payload=f"proc:{code}{facet}") for facet in ("", ":fee", ":time", ":documents")]

    assert [text for text in heard if has_figures(text)] == []
    assert all(code in text for text in heard)


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ("khai sinh", "answer", BIRTH),
        ("chứng thực", "choices", "2.000815"),
        ("tôi muốn ly hôn", "not_ours", "ly-hon"),
        ("phlogiston", "unknown", ""),
    ],
)
def test_every_question_is_kept_with_what_was_made_of_it(said: str, outcome: str, code: str) -> None:
    player = lan()

    player.says(said)

    [question] = [change for change in player.changes if isinstance(change, KeepQuestion)]
    assert (question.outcome, question.text) == (outcome, said)
    assert (question.codes or ("",))[0] == code


@pytest.mark.parametrize("said", ["cảm ơn", "menu", "đèn đường hỏng cả tháng nay", "tôi muốn tố cáo", "đồ ngu"])
def test_what_is_no_question_is_not_kept_as_one(said: str) -> None:
    player = lan()

    player.says(said)

    assert [change for change in player.changes if isinstance(change, KeepQuestion)] == []


# --- the complaint form ---


def test_a_complaint_is_filed_with_everything_that_was_told() -> None:
    player = at(*TO_SUMMARY)

    heard = player.presses("Đồng ý gửi")

    assert "Mã tra cứu: PA-2026-00001. Hạn trả lời: Thứ Tư 09/12/2026." in heard
    draft = player.draft
    assert (draft.kind, draft.content) == ("conduct", "Cán bộ một cửa cáu gắt với tôi sáng nay")
    assert (draft.place, draft.name, draft.address) == ("Quầy số 2", "Nguyễn Thị Lan", "Tổ 3, phường Ayun Pa")
    assert draft.contact == "0905123456"


def test_the_summary_shows_what_will_be_sent_and_what_it_is_for() -> None:
    heard = at(*TO_SUMMARY).heard

    assert "Nội dung: Cán bộ một cửa cáu gắt với tôi sáng nay" in heard
    assert "Người gửi: Nguyễn Thị Lan, Tổ 3, phường Ayun Pa, 0905123456" in heard
    assert "ông/bà đồng ý để UBND phường Ayun Pa lưu và dùng thông tin" in heard


@pytest.mark.parametrize("yes", ["đồng ý", "dong y gui", "gửi", "1"])
def test_a_yes_may_be_typed(yes: str) -> None:
    player = at(*TO_SUMMARY)

    assert "Mã tra cứu" in player.says(yes)


def test_nothing_is_filed_without_a_yes() -> None:
    player = at(*TO_SUMMARY)

    heard = player.says("để tôi xem đã")

    assert "phản ánh chưa được gửi" in heard
    assert player.changes == []


def test_pressing_send_twice_files_once() -> None:
    player = at(*TO_SUMMARY, ("[Đồng ý gửi]", "Mã tra cứu"))

    heard = player.does(Kind.PRESS, payload="send")

    assert "không có phần nào đang nhập dở" in heard
    assert len([change for change in player.changes if isinstance(change, FileComplaint)]) == 1


def test_the_consent_is_to_the_words_that_were_shown() -> None:
    player = at(*TO_SUMMARY, ("[Đồng ý gửi]", "Mã tra cứu"))

    [file] = [change for change in player.changes if isinstance(change, FileComplaint)]
    assert file.wording == texts.NOTICE.format(unit="UBND phường Ayun Pa")


@pytest.mark.parametrize(
    ("said", "kind"), [("Cán bộ, cách phục vụ", "conduct"), ("quy dinh, thu tuc", "rule"), ("3", "general")]
)
def test_the_kind_may_be_typed(said: str, kind: str) -> None:
    player = at(("phản ánh", "về việc gì"), (said, "kể rõ việc"))

    assert player.conversation.slots["kind"] == kind


def test_who_tells_it_all_at_once_is_not_asked_again() -> None:
    player = at(("góp ý", "về việc gì"), ("Rác chất đống ở chợ Ayun Pa", "ở đâu"))

    assert player.conversation.slots["content"] == "Rác chất đống ở chợ Ayun Pa"
    assert player.conversation.slots["kind"] == "general"


def test_words_said_before_the_form_are_in_it() -> None:
    player = at(("đèn đường hỏng cả tháng nay", "gửi thành phản ánh"), ("[Gửi phản ánh]", "về việc gì"))

    player.presses("Đường sá, rác, trật tự, việc chung")

    assert player.conversation.slots["content"] == "đèn đường hỏng cả tháng nay"


def test_photos_sent_one_by_one_before_the_form_are_in_it() -> None:
    player = at(("(ảnh)", "kèm ảnh này"), ("(ảnh)", "kèm ảnh này"), ("(ảnh) đèn đường hỏng", "gửi thành phản ánh"))

    player.presses("Gửi phản ánh")

    assert player.conversation.slots["photos"] == [100, 101, 102]


def test_photos_of_another_day_are_not_in_it() -> None:
    player = at(("(ảnh)", "kèm ảnh này"))
    player.now += timedelta(days=2)

    player.says("phản ánh")

    assert player.conversation.slots["photos"] == []


def test_photos_are_counted_and_kept() -> None:
    player = at(*TO_PHOTOS, ("(ảnh)", "đã nhận 1 ảnh"), ("(ảnh)", "đã nhận 2 ảnh"), ("[Tiếp tục]", "họ và tên"))

    assert player.conversation.slots["photos"] == [100, 101]


def test_words_at_the_photo_step_belong_to_the_matter() -> None:
    player = at(*TO_PHOTOS)

    heard = player.says("hôm qua có người té", photos=1)

    assert "đã nhận 1 ảnh" in heard
    assert player.conversation.slots["content"].endswith("\nhôm qua có người té")


def test_ten_photos_are_enough() -> None:
    player = at(*TO_PHOTOS)

    heard = player.says("", photos=12)
    player.presses("Tiếp tục")

    assert "đã đủ 10 ảnh" in heard
    assert len(player.conversation.slots["photos"]) == 10


def test_a_photo_with_its_words_is_content() -> None:
    player = at(*TO_CONTENT)

    heard = player.says("Cán bộ cáu gắt, có ảnh đây", photos=1)

    assert "ở đâu" in heard
    assert player.conversation.slots["photos"] == [100]


def test_a_photo_without_words_is_asked_about() -> None:
    player = at(*TO_CONTENT)

    assert "viết thêm vài lời" in player.says("", photos=1)


def test_content_that_says_nothing_is_asked_again() -> None:
    assert "hơi ngắn" in at(*TO_CONTENT).says("bực")


def test_a_place_may_be_sent_as_a_location() -> None:
    player = at(*TO_PLACE)

    heard = player.says("", place=Place(13.3952, 108.4412))

    assert "có ảnh thì gửi" in heard
    slots = player.conversation.slots
    assert (slots["latitude"], slots["longitude"], slots["place"]) == (13.3952, 108.4412, "Vị trí gửi kèm")


@pytest.mark.parametrize("said", ["bỏ qua", "bo qua", "không", "1"])
def test_a_place_may_be_left_out(said: str) -> None:
    player = at(*TO_PLACE)

    assert "có ảnh thì gửi" in player.says(said)
    assert "place" not in player.conversation.slots


@pytest.mark.parametrize("said", ["Không nêu tên", "khong neu ten", "không", "1"])
def test_a_nameless_complaint_is_a_suggestion_without_a_clock(said: str) -> None:
    player = at(*TO_NAME, (said, "Góp ý (không nêu tên)"))

    heard = player.presses("Đồng ý gửi")

    assert "không có hạn trả lời" in heard
    assert (player.draft.kind, player.draft.name, player.draft.contact) == ("suggestion", "", "")


def test_one_more_photo_is_no_wish_to_stay_nameless() -> None:
    player = at(*TO_NAME)

    heard = player.says("", photos=1)

    assert "họ và tên" in heard
    assert player.conversation.slots["photos"] == [100]


@pytest.mark.parametrize("contact", ["không có", "12345", "số của tôi", "0905-abc-456", "lan@"])
def test_a_contact_nobody_can_use_is_asked_again(contact: str) -> None:
    player = at(*TO_NAME, ("Nguyễn Thị Lan", "địa chỉ"), ("Tổ 3", "số điện thoại"))

    assert "chưa đọc được" in player.says(contact)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0905.123.456", "0905123456"), ("+84 905 123 456", "+84905123456"), ("lan@ayunpa.vn", "lan@ayunpa.vn")],
)
def test_a_contact_is_kept_as_one_can_use_it(typed: str, kept: str) -> None:
    player = at(*TO_NAME, ("Nguyễn Thị Lan", "địa chỉ"), ("[Bỏ qua]", "số điện thoại"), (typed, "xem lại"))

    assert player.conversation.slots["contact"] == kept


def test_a_phone_shared_by_the_platform_is_a_contact() -> None:
    player = at(*TO_NAME, ("Nguyễn Thị Lan", "địa chỉ"), ("Tổ 3", "số điện thoại"))

    heard = player.does(Kind.FORM, phone="84905123456")

    assert "84905123456" in heard


def test_editing_changes_the_content_and_keeps_the_rest() -> None:
    player = at(*TO_SUMMARY, ("[Sửa nội dung]", "kể rõ việc"))

    heard = player.says("Cán bộ một cửa cáu gắt với mẹ tôi")

    assert "Nội dung: Cán bộ một cửa cáu gắt với mẹ tôi" in heard
    assert "Nguyễn Thị Lan" in heard
    assert "Nội dung: Cán bộ một cửa cáu gắt với tôi sáng nay" not in heard


def test_a_form_that_is_cancelled_files_nothing() -> None:
    player = at(*TO_SUMMARY, ("[Huỷ]", "đã bỏ phần đang nhập"))

    assert player.changes == []
    assert player.conversation.slots == {}


@pytest.mark.parametrize(("hours", "lapsed"), [(24, False), (25, True)])
def test_a_form_lapses_after_a_day(hours: int, lapsed: bool) -> None:
    player = at(*TO_CONTENT)
    player.now += timedelta(hours=hours)

    heard = player.says("Cán bộ một cửa cáu gắt với tôi")

    assert ("đã quá một ngày" in heard) is lapsed
    assert (player.conversation.topic == "") is lapsed


def test_a_fight_can_be_complained_about() -> None:
    player = at(("phản ánh", "về việc gì"), ("[Đường sá, rác, trật tự, việc chung]", "kể rõ"))

    heard = player.says("Thanh niên hay đánh nhau ở quán karaoke đầu xóm")

    assert "113" in heard
    assert "việc này ở đâu" in heard


def test_an_old_button_in_a_form_changes_nothing_in_it() -> None:
    player = at(*TO_NAME)
    before = player.conversation.slots["content"]

    heard = player.does(Kind.PRESS, payload=f"proc:{BIRTH}:fee")

    assert "họ và tên" in heard
    assert player.conversation.slots["content"] == before


# --- what must not be kept ---

DENUNCIATIONS = [
    "tôi muốn tố cáo cán bộ địa chính",
    "TÔI MUỐN TỐ CÁO",
    "toi muon to cao can bo dia chinh",
    "tôi muốn to cao ông chủ tịch",
    "To cao can bo nhan tien… xem giup 😡",
    "Tố  cáo: ông Hùng nhận hối lộ",
    "cán bộ vòi tiền tôi 5 triệu",
    "can bo voi tien toi 5 trieu",
    "ông ấy nhận phong bì",
    "Phải lót tay mới xong việc",
    "Xã này tham nhũng quá",
    "t\u00f4i mu\u00f4\u0301n t\u00f4\u0301 ca\u0301o",  # decomposed, as some phones send it
]


@pytest.mark.parametrize("said", DENUNCIATIONS)
def test_a_denunciation_is_guided_to_the_right_desk_and_forgotten(said: str) -> None:
    player = lan()

    heard = player.says(said)

    assert "tố cáo phải bằng đơn" in heard
    assert player.forgotten == (1,)


@pytest.mark.parametrize(
    "said",
    ["tổ cao nhất thôn là tổ nào", "Tổ cáo thị dán ở đâu", "toà nhà cao nhất", "đổi tiền lẻ ở đâu", "với tiền mặt"],
)
def test_what_only_looks_like_a_denunciation_is_none(said: str) -> None:
    player = lan()

    player.says(said)

    assert player.means != "denunciation"
    assert player.forgotten == ()


def test_what_was_typed_into_the_form_before_is_forgotten_too() -> None:
    player = at(("phản ánh", "về việc gì"), ("[Cán bộ, cách phục vụ]", "kể rõ"), ("Ông Hùng ở quầy 2 ép tôi", "ở đâu"))

    player.says("tôi tố cáo ông ấy")

    assert player.forgotten == (1, 2, 3, 4)
    assert player.conversation.slots == {}


def test_words_and_photos_on_the_way_to_the_form_are_forgotten_too() -> None:
    player = at(
        ("(ảnh)", "kèm ảnh này"),
        ("đèn đường hỏng cả tháng nay", "gửi thành phản ánh"),
        ("[Gửi phản ánh]", "về việc gì"),
    )

    player.says("tôi muốn tố cáo")

    assert player.forgotten == (1, 2, 3, 4)


def test_a_denunciation_under_a_photo_is_one() -> None:
    player = at(*TO_PHOTOS)

    heard = player.says("đây là ảnh ông ấy nhận hối lộ", photos=1)

    assert "tố cáo phải bằng đơn" in heard
    assert player.conversation.topic == ""


def test_a_message_edited_into_a_denunciation_is_forgotten() -> None:
    player = lan()

    player.does(Kind.EDIT, text="tôi tố cáo ông Hùng", payload="m-1")

    assert player.forgotten == (1,)


def test_a_denunciation_is_guided_although_a_person_has_the_conversation() -> None:
    player = lan()
    player.does(Kind.STAFF)

    assert "tố cáo phải bằng đơn" in player.says("tôi tố cáo ông ấy")


def test_the_guidance_names_no_detail_of_what_was_said() -> None:
    heard = lan().says("tôi tố cáo ông Hùng nhận 5 triệu của bà Lan")

    assert "Hùng" not in heard
    assert "5 triệu" not in heard


# --- progress ---

MINE = filed()
OTHERS = filed("PA-2026-00008", mine=False, state="answered", answer="Đã dọn sạch.", answered_at=NOON)


def test_ones_own_complaint_is_shown_by_its_code() -> None:
    player = Player(complaints=(MINE,))

    heard = player.says("PA-2026-00007")

    assert "PA-2026-00007: đang xử lý, hạn trả lời Thứ Tư 09/12/2026" in heard


@pytest.mark.parametrize("typed", ["pa-2026-00007", "PA 2026 7", "mã của tôi là pa2026-7 ạ", "PA_2026_00007"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert "đang xử lý" in Player(complaints=(MINE,)).says(typed)


def test_anothers_answer_is_not_shown_without_proof() -> None:
    heard = Player(complaints=(OTHERS,)).says("PA-2026-00008")

    assert "đã trả lời" in heard
    assert "4 số cuối" in heard
    assert "Đã dọn sạch." not in heard


@pytest.mark.parametrize(("proof", "shown"), [("3456", True), ("1234", False), ("", False)])
def test_the_last_four_digits_are_the_proof(proof: str, shown: bool) -> None:
    heard = Player(complaints=(OTHERS,)).says(f"PA-2026-00008 {proof}")

    assert ("Đã dọn sạch." in heard) is shown


def test_a_suggestion_without_a_contact_is_never_shown_to_others() -> None:
    nameless = replace(OTHERS, contact_tail="")

    heard = Player(complaints=(nameless,)).says("PA-2026-00008 0000")

    assert "Đã dọn sạch." not in heard


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    assert "không tìm thấy mã PA-2026-99999" in lan().says("PA-2026-99999")


def test_tracking_lists_ones_own_and_nobody_elses() -> None:
    heard = Player(complaints=(MINE, OTHERS)).says("tra cứu")

    assert "PA-2026-00007" in heard
    assert "PA-2026-00008" not in heard


def test_who_has_none_is_asked_for_a_code() -> None:
    assert "PA-2026-00123" in at(("menu", "cần việc gì")).presses("Tra cứu phản ánh")


# --- the monthly news ---


def test_a_yes_and_a_no_are_consents() -> None:
    player = at(("nhận tin", "đồng ý"), ("[Đồng ý nhận tin]", "mỗi tháng"), ("dừng", "đã dừng"))

    consents = [(change.purpose, change.given) for change in player.changes if isinstance(change, Agree)]
    assert consents == [("news", True), ("news", False)]


def test_asking_for_the_news_is_not_yet_a_yes() -> None:
    assert at(("nhận tin", "có đồng ý nhận bản tin")).changes == []


def test_hung_blocks_us_and_gets_no_word_and_no_news() -> None:
    hung = Player(wants_news=True)

    heard = hung.does(Kind.STOP)

    assert heard == ""
    assert hung.changes == [Block(True), Agree("news", False, "dừng")]


def test_who_comes_back_is_not_subscribed_again() -> None:
    hung = Player(wants_news=True)
    hung.does(Kind.STOP)

    heard = hung.does(Kind.RETURN)

    assert heard == ""
    assert (hung.changes[-1], hung.wants_news) == (Block(False), False)


def test_following_is_answered_with_the_menu_and_no_subscription() -> None:
    player = lan()

    heard = player.does(Kind.FOLLOW)

    assert "cần việc gì" in heard
    assert not player.wants_news


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.WITHDRAW])
def test_a_wish_to_be_forgotten_is_seen_by_staff_and_ends_the_news(kind: Kind) -> None:
    player = Player(wants_news=True)

    player.does(kind, text="xoá dữ liệu" if kind is Kind.MESSAGE else "")

    assert not player.wants_news
    assert len(player.alerts) == 1
    assert [change.outcome for change in player.changes if isinstance(change, KeepQuestion)] == ["staff"]


# --- a person of the office ---


def test_while_a_person_of_the_office_speaks_the_bot_does_not() -> None:
    player = lan()
    player.does(Kind.STAFF)

    assert [player.says(said) for said in ("khai sinh", "xin chào", "1")] == ["", "", ""]


def test_even_a_stranger_is_not_welcomed_into_a_persons_conversation() -> None:
    player = stranger()
    player.does(Kind.STAFF)

    assert player.says("khai sinh") == ""


def test_the_bot_speaks_again_half_an_hour_after_the_person() -> None:
    player = lan()
    player.does(Kind.STAFF)
    player.now += QUIET_FOR

    assert "mã 1.001193" in player.says("khai sinh")


def test_each_word_of_the_person_keeps_the_bot_quiet_longer() -> None:
    player = lan()
    for _ in range(2):
        player.does(Kind.STAFF)
        player.now += QUIET_FOR - timedelta(minutes=1)

    assert player.says("khai sinh") == ""


@pytest.mark.parametrize(("said", "answer"), [("menu", "cần việc gì"), ("dừng", "không gửi tin"), ("cháy nhà", "114")])
def test_what_is_always_understood_is_so_beside_a_person_too(said: str, answer: str) -> None:
    player = lan()
    player.does(Kind.STAFF)

    assert answer in player.says(said)


# --- the rest ---


def test_the_offices_card_tells_what_is_known() -> None:
    player = lan()
    player.unit = replace(player.unit, address="01 Trần Hưng Đạo", phone="0269 385 2345")

    heard = player.says("địa chỉ ubnd phường ở đâu")

    assert "Địa chỉ: 01 Trần Hưng Đạo" in heard
    assert "Điện thoại: 0269 385 2345" in heard
    assert "Giờ làm việc" not in heard


def test_an_unknown_card_is_said_to_be_unknown() -> None:
    assert "đang được cập nhật" in lan().says("số điện thoại uỷ ban")


def test_what_cannot_be_read_is_said_to_be_unreadable() -> None:
    assert "chưa đọc được loại tin này" in lan().says("")


def test_an_edited_message_is_not_answered_again() -> None:
    player = at(("khai sinh", "mã 1.001193"))

    assert player.does(Kind.EDIT, text="kết hôn", payload="m-1") == ""


@pytest.mark.parametrize("said", ["😀😀😀", "???", ".", "a" * 5_000, "\u202ekhai sinh", "１２３", "\u200b"])
def test_odd_messages_are_answered(said: str) -> None:
    assert lan().says(said)


def test_everything_is_said_in_the_folded_form_too() -> None:
    for said in ("xin chào", "gặp cán bộ", "nhận tin", "khiếu nại", "tra cứu", "cảm ơn", "xoá dữ liệu"):
        marked, plain = lan(), lan()
        marked.says(said)
        plain.says(fold(said))

        assert marked.rule == plain.rule
