"""What citizens ask, and how it is answered: one matter or two, ours or not, by itself or after what was said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.vietnamese.fold import fold
from handlers.citizens import texts
from handlers.citizens.procedure import distinguishing
from handlers.citizens.talk import LEANS_FOR, KeepQuestion
from tests.handlers.player import Player, knowledge, play
from tests.handlers.test_dialogues import has_figures

BIRTH, DEATH, STAY, LONGER = "1.001193", "1.000656", "1.004194", "1.002755"
COPY, SINGLE = "2.000815", "1.004873"
OFFICE = {"address": "01 Trần Hưng Đạo", "phone": "0269 385 2345", "hours": "7 giờ đến 17 giờ, thứ Hai đến thứ Sáu"}

DIALOGUES = {
    "another authority's matter is told whose it is": [
        ("tôi muốn ly hôn", "giải quyết mà thuộc Toà án nhân dân"),
        ("lam ho chieu", "thuộc Phòng Quản lý xuất nhập cảnh Công an tỉnh"),
    ],
    "what no authority deals with is said to be none of ours": [
        ("giá vàng hôm nay", "chỉ trả lời về thủ tục hành chính"),
        ("nau pho the nao", "chỉ trả lời về thủ tục hành chính"),
    ],
    "two matters are answered one after the other": [
        ("sao y bằng tốt nghiệp rồi xin giấy xác nhận độc thân", "hai việc. Chúng tôi xin trả lời lần lượt"),
    ],
    "a bare family word is asked back": [
        ("giám hộ", "ý ông/bà là thủ tục nào"),
        ("[Chấm dứt giám hộ]", "Đăng ký chấm dứt giám hộ (mã 1.004845)"),
    ],
    "a choice is made by its place in words": [
        ("chứng thực", "ý ông/bà là thủ tục nào"),
        ("cái đầu tiên", "Chứng thực bản sao từ bản chính"),
    ],
    "small talk in between does not end the topic": [
        ("khai sinh", "mã 1.001193"),
        ("cảm ơn", "không có gì"),
        ("ok", "cứ nhắn"),
        ("haha", "cứ nhắn"),
        ("lệ phí bao nhiêu", "Miễn lệ phí nếu"),
    ],
    "abuse is answered calmly and the next question as ever": [
        ("đồ ngu", "xin lỗi nếu làm ông/bà không vừa lòng"),
        ("khai sinh", "mã 1.001193"),
    ],
    "abuse does not end the topic": [
        ("khai sinh", "mã 1.001193"),
        ("đm tụi bay", "xin lỗi nếu"),
        ("mất bao lâu", "Trả kết quả trong ngày"),
    ],
    "help without a matter is asked about": [
        ("cho hỏi thủ tục", "ông/bà cần việc gì"),
        ("giúp tôi với", "ông/bà cần việc gì"),
    ],
    "papers without a matter are asked about": [
        ("cần giấy tờ gì", "ông/bà cần việc gì"),
        ("khai sinh", "mã 1.001193"),
        ("cần giấy tờ gì", "Giấy chứng sinh"),
    ],
    "who we are": [
        ("bạn là ai", "hệ thống trả lời tự động của UBND phường Ayun Pa, không phải người thật"),
        ("ban la nguoi hay may", "không phải người thật"),
    ],
    "a former ward is told where it went": [
        ("phường Cheo Reo giờ thuộc phường nào", "Phường Cheo Reo (Thị xã Ayun Pa) → Phường Ayun Pa"),
        ("xa Chu Bah gio thuoc xa nao", "→ Xã Ia Rbol"),
    ],
    "a former town is told with all its wards": [
        ("thị xã Ayun Pa giờ là phường nào", "• Phường Sông Bờ (Thị xã Ayun Pa) → Phường Ayun Pa"),
    ],
    "how a denunciation is dealt with is a question": [
        ("thủ tục giải quyết tố cáo", "Giải quyết tố cáo tại cấp xã (mã 2.002396)"),
        ("nộp đơn tố cáo ở đâu", "mã 2.002396"),
    ],
    "facets lean on the topic": [
        ("làm khai sinh cho con", "Ghi nhận việc sinh"),
        ("thế còn lệ phí", "Miễn lệ phí nếu"),
        ("nop o dau", "nơi cư trú"),
    ],
    "an ellipsis leads to the sister": [
        ("đăng ký tạm trú", "mã 1.004194"),
        ("gia hạn thì sao", "mã 1.002755"),
    ],
    "one may go back": [
        ("khai sinh", "mã 1.001193"),
        ("xin giấy xác nhận độc thân để cưới vợ", "mã 1.004873"),
        ("quay lại cái lúc nãy", "mã 1.001193"),
    ],
    "the name of another procedure is that procedure": [
        ("khai sinh", "mã 1.001193"),
        ("kết hôn", "mã 1.000894"),
        ("khai tử", "mã 1.000656"),
    ],
    "who corrects oneself is understood": [
        ("khai sinh", "mã 1.001193"),
        ("à không, ý tôi là khai tử", "mã 1.000656"),
    ],
    "a neighbour's matter in between does not end the topic": [
        ("khai sinh", "mã 1.001193"),
        ("làm hộ chiếu ở đâu", "thuộc Phòng Quản lý xuất nhập cảnh"),
        ("quay lại khai sinh", "mã 1.001193"),
    ],
    "the papers of life are linked": [
        ("khai sinh", "mã 1.001193"),
        ("[Liên quan: Thẻ bảo hiểm y tế]", "mã 1.014137"),
    ],
    "rudeness of an official is offered the form": [
        ("cán bộ tư pháp nói chuyện khó nghe quá", "gửi thành phản ánh"),
        ("[Gửi phản ánh]", "phản ánh về việc gì"),
    ],
}


@pytest.mark.parametrize("turns", DIALOGUES.values(), ids=DIALOGUES)
def test_dialogue(turns: list[tuple[str, str]]) -> None:
    play(Player(), turns)


def kept(player: Player) -> KeepQuestion:
    [question] = [change for change in player.changes if isinstance(change, KeepQuestion)]
    return question


def test_two_matters_come_in_the_order_in_which_they_were_asked() -> None:
    player = Player()

    player.says("sao y bằng tốt nghiệp rồi xin giấy xác nhận độc thân")

    _, first, second = player.replies
    assert COPY in first.text
    assert SINGLE in second.text
    assert (kept(player).outcome, kept(player).codes) == ("several", (COPY, SINGLE))


def test_of_two_matters_one_may_be_a_neighbours() -> None:
    player = Player()

    player.says("tôi muốn ly hôn và làm khai sinh cho con")

    _, ours, theirs = player.replies
    assert BIRTH in ours.text
    assert "Toà án nhân dân" in theirs.text


def test_after_two_matters_the_first_is_the_topic() -> None:
    player = Player()
    player.says("sao y bằng tốt nghiệp rồi xin giấy xác nhận độc thân")

    heard = player.says("nộp ở đâu")

    assert COPY in heard


def test_choices_are_told_apart_by_their_titles() -> None:
    player = Player()

    player.says("chứng thực")

    titles = [button.title for button in player.buttons]
    assert len(set(titles)) == len(titles) > 2
    assert titles[-1] == texts.NONE_OF_THESE.title


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        (["Chứng thực hợp đồng mua bán", "Chứng thực hợp đồng thuê"], ["Mua bán", "Thuê"]),
        (["Đăng ký thường trú", "Gia hạn tạm trú"], ["Đăng ký thường trú", "Gia hạn tạm trú"]),
        (["Khai sinh", "Khai sinh lại"], ["Khai sinh", "Khai sinh lại"]),
        (["Khai sinh"], ["Khai sinh"]),
    ],
)
def test_only_what_distinguishes_is_left_of_titles(titles: list[str], shown: list[str]) -> None:
    assert distinguishing(titles) == shown


def test_the_facet_survives_the_choice() -> None:
    player = Player()
    player.says("chứng thực mất bao lâu")

    assert all(button.payload.endswith(":time") for button in player.buttons[:-1])


def test_a_whole_answer_has_no_more_than_two_related_buttons() -> None:
    player = Player()

    player.says("khai sinh")

    related = [button for button in player.buttons if button.title.startswith("Liên quan: ")]
    assert 1 <= len(related) <= 2
    assert all(button.payload.split(":")[1] in knowledge().procedures for button in related)


def test_a_part_of_an_answer_has_no_related_buttons() -> None:
    player = Player()

    player.says("khai sinh mất bao lâu")

    assert [button.title for button in player.buttons if button.title.startswith("Liên quan")] == []


@pytest.mark.parametrize("said", ["địa chỉ uỷ ban phường", "so dien thoai phuong", "mấy giờ làm việc"])
def test_the_card_tells_where_and_when_we_are(said: str) -> None:
    player = Player()
    player.unit = replace(player.unit, **OFFICE)

    heard = player.says(said)

    assert all(value in heard for value in OFFICE.values())


@pytest.mark.parametrize(
    "said",
    [
        "ông chủ tịch ăn tiền của dân",
        "kế toán phường lấy tiền hộ nghèo bỏ túi riêng",
        "cán bộ địa chính ăn tiền",
        "can bo dia chinh an tien cua dan",
    ],
)
def test_a_denunciation_in_other_words_keeps_nothing(said: str) -> None:
    player = Player()

    heard = player.says(said)

    assert "tố cáo phải bằng đơn" in heard
    assert player.forgotten == (1,)
    assert [change for change in player.changes if isinstance(change, KeepQuestion)] == []


def test_who_asks_about_denunciations_is_not_forgotten() -> None:
    player = Player()

    player.says("thủ tục giải quyết tố cáo")

    assert player.forgotten == ()
    assert kept(player).outcome == "answer"


@pytest.mark.parametrize(("passed", "leans"), [(LEANS_FOR, True), (LEANS_FOR + timedelta(minutes=1), False)])
def test_a_topic_lapses_after_two_hours(passed: timedelta, leans: bool) -> None:
    player = Player()
    player.says("khai sinh")
    player.now += passed

    heard = player.says("lệ phí bao nhiêu")

    assert (BIRTH in heard) is leans


def test_choices_lapse_with_the_topic_but_their_digits_stay() -> None:
    player = Player()
    player.says("chứng thực")
    player.now += LEANS_FOR + timedelta(minutes=1)

    assert COPY in player.says("1")


def at_its_best(code: str, **more: object) -> Player:
    """Lan, with an entry whose facts are stored."""
    stored = {
        "fee": "999 đồng", "time_limit": "07 ngày làm việc", "documents": ("Tờ khai",), "where": "Công an phường",
        "source_url": "https://dichvucong.gov.vn/mau", **more,
    }  # fmt: skip
    facts = replace(knowledge().procedures[code], **stored)  # type: ignore[arg-type]
    return Player(known=replace(knowledge(), procedures={**knowledge().procedures, code: facts}))


@pytest.mark.parametrize("said", ["gia hạn tạm trú", "gia hạn tạm trú mất bao nhiêu tiền", "gia hạn tạm trú bao lâu"])
@pytest.mark.parametrize("typed", [str, fold], ids=["marked", "folded"])
def test_a_listed_entry_tells_place_and_link_and_never_the_figures_it_stores(said: str, typed: type[str]) -> None:
    player = at_its_best(LONGER, listed_only=True)

    heard = player.says(typed(said))

    assert f"mã {LONGER}" in heard
    assert "Công an phường" in heard
    assert "https://dichvucong.gov.vn/mau" in heard
    assert not has_figures(heard)


def test_a_listed_entry_gives_no_figures_by_an_old_button_either() -> None:
    player = at_its_best(LONGER, listed_only=True)
    player.says("gia hạn tạm trú")

    heard = player.says("lệ phí bao nhiêu")

    assert f"mã {LONGER}" in heard
    assert not has_figures(heard)


@pytest.mark.parametrize("until", [None, date(2030, 1, 1)])
def test_an_entry_not_yet_in_force_gives_no_figures_and_names_no_last_day(until: date | None) -> None:
    player = at_its_best(BIRTH, valid_from=date(2026, 12, 1), valid_to=until)

    heard = player.says("khai sinh")

    assert f"mã {BIRTH}" in heard
    assert not has_figures(heard)
    assert "hết ngày" not in heard


def test_an_entry_answers_from_its_first_day() -> None:
    player = at_its_best(BIRTH, valid_from=date(2026, 11, 25), valid_to=None)

    assert has_figures(player.says("khai sinh"))
