"""Our replies as Messenger gets them, by each way, to the played Graph API."""

from collections.abc import AsyncIterator

import pytest

from bot.channel import PLAIN, Failure, Purpose, SendError, Sending
from bot.channels.messenger import bodies
from bot.channels.messenger.bodies import Template
from bot.messages import Button, Kind, Reply
from tests.platforms.graph_templates import SHAPES
from tests.platforms.graph_town import HUNG, LAN, Town, town

MENU = (Button("Hỏi thủ tục", "ask"), Button("Gửi phản ánh", "complain"))
TEMPLATE = {
    "name": "ho_so_co_ket_qua",
    "language": "vi",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Kính báo ông/bà: {{unit}} cho biết phản ánh mã {{code}} hiện ở trạng thái {{state}}. "
            "Cần thêm thông tin, xin ông/bà nhắn lại tại đây.",
            "example": {"body_text_named_params": [{"param_name": "code", "example": "PA-2026-00001"}]},
        }
    ],
}
FACTS = {"code": "PA-2026-00123", "state": "đã\ngiải quyết", "unit": "UBND phường Mẫu"}
NEWS = Reply("Phản ánh PA-2026-00123 đã giải quyết.", facts=FACTS)


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town(human_agent=True, utility_template="ho_so_co_ket_qua") as made:
        made.graph.templates.create(TEMPLATE)
        yield made


async def failure(place: Town, person: str, reply: Reply, sending: Sending = PLAIN) -> SendError:
    with pytest.raises(SendError) as caught:
        await place.page.send(person, reply, sending)
    return caught.value


async def test_words_and_choices_arrive(place: Town) -> None:
    sent = await place.page.send(LAN, Reply("Dạ, ông/bà cần gì ạ?", MENU))

    letter = place.graph.letters[-1]
    assert (letter.id, letter.text) == (sent, "Dạ, ông/bà cần gì ạ?")
    assert [choice.payload for choice in letter.buttons] == ["ask", "complain"]


async def test_a_stored_picture_is_sent_once_and_then_known_by_its_id(place: Town) -> None:
    place.pictures["a.jpg"] = b"picture"

    for _ in range(3):
        await place.page.send(LAN, Reply(image="a.jpg"))

    images = [letter.image for letter in place.graph.letters]
    assert images[0] == "upload: 7 bytes"
    assert images[1] == images[2] in place.graph.uploads


async def test_a_picture_that_meta_has_forgotten_is_sent_anew(place: Town) -> None:
    place.pictures["a.jpg"] = b"picture"
    await place.page.send(LAN, Reply(image="a.jpg"))
    place.graph.uploads.clear()

    await place.page.send(LAN, Reply(image="a.jpg"))

    assert place.graph.letters[-1].image == "upload: 7 bytes"


async def test_a_picture_carries_choices(place: Town) -> None:
    await place.page.send(LAN, Reply(image="https://xa.vn/a.jpg", buttons=MENU))

    assert [choice.title for choice in place.graph.letters[-1].buttons] == ["Hỏi thủ tục", "Gửi phản ánh"]


async def test_our_mark_comes_back_with_the_echo(place: Town) -> None:
    place.graph.echoes = True

    sent = await place.page.send(LAN, Reply("Dạ"), Sending("standard", mark="4711"))
    await place.graph.says(LAN, "vâng")

    (echo,) = place.of_kind(Kind.SENT)
    assert (echo.person, echo.payload, echo.message_id, echo.text) == (LAN, "4711", sent, "Dạ")


async def test_a_clerk_in_the_pages_inbox_is_no_echo_of_ours(place: Town) -> None:
    await place.graph.staff_writes(LAN, "Chào bà Lan")

    assert (place.heard.kind, place.heard.text) == (Kind.STAFF, "Chào bà Lan")


async def test_a_phone_number_is_asked_for_and_shared(place: Town) -> None:
    reply = Reply("Xin số điện thoại của ông/bà.", MENU, asks_contact=True)

    body = bodies.message(reply, place.page.limits)
    await place.page.send(LAN, reply)
    await place.graph.shares_phone(LAN, "+84905123456")

    assert body["quick_replies"][0] == {"content_type": "user_phone_number"}
    assert (place.heard.kind, place.heard.phone) == (Kind.FORM, "+84905123456")


async def test_a_typed_number_is_only_words(place: Town) -> None:
    await place.graph.says(LAN, "+84905123456")

    assert (place.heard.kind, place.heard.phone) == (Kind.MESSAGE, "")


async def test_the_ways_are_those_that_meta_has_granted() -> None:
    async with town() as plain, town(human_agent=True, utility_template="x") as full:
        assert [way.name for way in plain.page.ways] == ["standard"]
        assert [(way.name, way.hours) for way in full.page.ways] == [
            ("standard", 24), ("human_agent", 168), ("utility", None)
        ]  # fmt: skip
        assert all(way.purposes == {Purpose.NOTICE} for way in full.page.ways[1:])
        assert [way.by_person for way in full.page.ways] == [False, True, False]


async def test_after_a_day_only_a_person_of_the_office_may_answer(place: Town) -> None:
    place.clock.passes(hours=25)

    assert (await failure(place, LAN, Reply("Dạ"))).failure is Failure.OUTSIDE_WINDOW
    await place.page.send(LAN, Reply("Chào bà Lan, tôi là Minh."), Sending("human_agent"))
    place.clock.passes(days=7)

    refused = await failure(place, LAN, Reply("Chào bà"), Sending("human_agent"))
    assert refused.failure is Failure.OUTSIDE_WINDOW


async def test_a_reaction_opens_the_window(place: Town) -> None:
    sent = await place.page.send(LAN, Reply("Dạ"))
    place.clock.passes(hours=25)

    await place.graph.reacts(LAN, sent)
    await place.page.send(LAN, Reply("Dạ"))

    assert (place.heard.kind, place.heard.payload) == (Kind.REACTED, sent)


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_template_goes_at_any_time_in_the_shape_that_the_page_takes(shape: str) -> None:
    async with town(utility_template="ho_so_co_ket_qua", utility_shape=shape) as place:
        place.graph.templates.create(TEMPLATE)
        place.graph.templates.shapes = {shape}
        place.clock.passes(days=90)

        await place.page.send(LAN, NEWS, Sending("utility"))

        words = "UBND phường Mẫu cho biết phản ánh mã PA-2026-00123 hiện ở trạng thái đã giải quyết."
        assert words in place.graph.letters[-1].text


def test_the_shape_of_a_template_is_the_documented_one() -> None:
    body = bodies.filled(LAN, Template("x"), {"code": "7"}, "4711")

    assert body == {
        "recipient": {"id": LAN},
        "messaging_type": "UTILITY",
        "message": {
            "template": {
                "name": "x",
                "language": {"code": "vi"},
                "components": [
                    {"type": "body", "parameters": [{"type": "text", "parameter_name": "code", "text": "7"}]}
                ],
            },
            "metadata": "loa:4711",
        },
    }


@pytest.mark.parametrize("status", ["PAUSED", "DISABLED", "REJECTED"])
async def test_a_template_that_meta_stopped_closes_only_its_own_way(place: Town, status: str) -> None:
    await place.graph.template_becomes("ho_so_co_ket_qua", status)

    assert (await failure(place, LAN, NEWS, Sending("utility"))).failure is Failure.OUTSIDE_WINDOW
    assert await place.page.send(LAN, NEWS)


@pytest.mark.parametrize("way", ["human_agent", "utility"])
async def test_a_right_that_meta_has_not_granted_closes_only_its_own_way(place: Town, way: str) -> None:
    place.graph.human_agent = place.graph.templates.is_allowed = False

    refused = await failure(place, LAN, NEWS, Sending(way))

    assert refused.failure is Failure.OUTSIDE_WINDOW
    assert "App Review" in refused.advice


@pytest.mark.parametrize("way", ["human_agent", "utility", "standard"])
async def test_a_dead_key_is_no_matter_of_one_way(place: Town, way: str) -> None:
    place.graph.dies_of = 460

    refused = await failure(place, LAN, NEWS, Sending(way))

    assert refused.failure is Failure.NOT_CONNECTED
    assert "đổi mật khẩu" in refused.advice


async def test_whoever_blocked_us_is_skipped(place: Town) -> None:
    await place.graph.blocks(HUNG)

    for way in ("standard", "utility"):
        assert (await failure(place, HUNG, NEWS, Sending(way))).failure is Failure.BLOCKED


async def test_an_app_in_development_says_what_is_missing(place: Town) -> None:
    place.graph.testers = {HUNG}

    refused = await failure(place, LAN, Reply("Dạ"))

    assert refused.failure is Failure.NOT_CONNECTED
    assert "App Review" in refused.advice
    assert await place.page.send(HUNG, Reply("Dạ"))


async def test_a_conversation_that_another_app_holds_waits(place: Town) -> None:
    await place.graph.another_app_takes(LAN)

    assert (await failure(place, LAN, Reply("Dạ"))).failure is Failure.UNAVAILABLE
    await place.graph.is_handed_back(LAN)
    assert await place.page.send(LAN, Reply("Dạ"))


async def test_a_lost_answer_leaves_the_message_unsure_and_the_echo_settles_it(place: Town) -> None:
    place.graph.echoes, place.graph.drop_after_accepting = True, 1

    refused = await failure(place, LAN, Reply("Dạ"), Sending("standard", mark="7"))
    await place.graph.says(LAN, "vâng")

    assert refused.failure is Failure.UNSURE
    assert [echo.payload for echo in place.of_kind(Kind.SENT)] == ["7"]


# --- comments ---


async def test_a_comment_is_answered_once_and_in_private(place: Town) -> None:
    await place.graph.comments_on(HUNG, "Làm căn cước ở đâu vậy?", "682498171943165_77")
    comment = place.heard
    assert (comment.kind, comment.text, comment.about) == (
        Kind.COMMENT,
        "Làm căn cước ở đâu vậy?",
        "682498171943165_77",
    )

    await place.page.send(comment.person, Reply("Dạ, mời ông/bà nhắn tin cho Trang.", MENU))

    assert (place.graph.letters[-1].person, place.graph.letters[-1].buttons) == (HUNG, ())
    again = await failure(place, comment.person, Reply("Dạ"))
    assert (again.failure, again.detail[:5]) == (Failure.REJECTED, "10900")


async def test_a_comment_can_be_answered_for_seven_days(place: Town) -> None:
    await place.graph.comments_on(HUNG, "một")
    await place.graph.comments_on(HUNG, "hai")
    first, second = (each.person for each in place.of_kind(Kind.COMMENT))

    place.clock.passes(days=6)
    await place.page.send(first, Reply("Dạ"))
    place.clock.passes(days=2)

    assert (await failure(place, second, Reply("Dạ"))).failure is Failure.OUTSIDE_WINDOW


# --- not too fast ---


async def test_from_eighty_percent_on_the_page_rests(place: Town) -> None:
    rests = []
    for percent in (10, 80, 99):
        place.graph.usage_percent = percent
        await place.page.send(LAN, Reply("Dạ"))
        rests.append(round(place.page.rest_seconds))

    assert rests == [0, 3, 60]


async def test_a_throttled_page_rests_as_long_as_it_is_told(place: Town) -> None:
    place.graph.usage_percent, place.graph.regain_minutes = 100, 19

    refused = await failure(place, LAN, Reply("Dạ"))

    assert (refused.failure, refused.retry_after_seconds) == (Failure.TOO_FAST, 19 * 60)
    assert 19 * 60 - 5 < place.page.rest_seconds <= 19 * 60
