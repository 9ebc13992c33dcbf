"""The Page itself: its subscription, its profile, its wall, and what it can be asked."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.abilities import Finding, Inspects, KnowsPeople, Post, Probes, Publishes, Step, Throttles
from bot.channel import Failure, SendError
from bot.messages import Button
from tests.platforms.graph_town import HUNG, LAN, Town, town

MENU = (Button("Hỏi thủ tục", "ask"), Button("Cổng dịch vụ công", url="https://dichvucong.gov.vn"))
POST = Post("Cải cách hành chính", "Từ 1/12, nộp hồ sơ khai sinh trực tuyến.", "UBND phường Mẫu", "https://xa.vn/tin")


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town(publishes=True, menu=MENU) as made:
        yield made


def test_the_page_can_do_what_it_says() -> None:
    from tests.bot.test_messenger_signature import messenger

    page = messenger()

    for ability in (Publishes, Probes, Inspects, KnowsPeople, Throttles):
        assert isinstance(page, ability)
    assert page.outlet == ""


# --- what is sent to us ---


async def test_opening_subscribes_to_what_we_understand(place: Town) -> None:
    await place.page.open()

    assert place.graph.app.fields is not None
    assert {"messages", "message_reactions", "feed"} <= place.graph.app.fields
    assert await place.page.still_subscribed()


async def test_what_is_refused_is_left_out_and_the_rest_is_kept() -> None:
    async with town(publishes=True, utility_template="x") as place:
        await place.page.open()
        assert {"feed", "message_template_status_update"} <= (place.graph.app.fields or set())
        place.graph.app.unknown = {"message_template_status_update"}

        await place.page.open()

        assert "feed" in (place.graph.app.fields or ())
        assert "message_template_status_update" not in (place.graph.app.fields or ())


async def test_a_right_to_comments_that_is_missing_does_not_stop_the_messages(place: Town) -> None:
    place.graph.app.permissions.discard("pages_read_engagement")

    await place.page.open()

    assert "feed" not in (place.graph.app.fields or ())
    assert await place.page.still_subscribed()


async def test_a_page_that_dropped_us_is_asked_again(place: Town) -> None:
    await place.page.open()
    place.graph.unsubscribed = True

    assert not await place.page.still_subscribed()
    assert await place.page.still_subscribed()
    await place.graph.says(LAN, "chào")
    assert place.heard.text == "chào"


async def test_a_dead_key_does_not_open(place: Town) -> None:
    place.graph.dies_of = 463

    with pytest.raises(SendError) as caught:
        await place.page.open()

    assert caught.value.failure is Failure.NOT_CONNECTED
    assert "hết hạn" in caught.value.advice


# --- what a citizen sees first ---


async def test_greeting_menu_and_first_questions_are_set_once(place: Town) -> None:
    await place.page.open()
    calls = len(place.graph.profile.calls)
    await place.page.open()

    profile = place.graph.profile.set_to
    assert profile["get_started"] == {"payload": "GET_STARTED"}
    assert [item["title"] for item in profile["persistent_menu"][0]["call_to_actions"]] == [
        "Hỏi thủ tục", "Cổng dịch vụ công"
    ]  # fmt: skip
    assert profile["ice_breakers"][0]["call_to_actions"] == [{"question": "Hỏi thủ tục", "payload": "ask"}]
    assert "tự động" in profile["greeting"][0]["text"]
    assert (calls, len(place.graph.profile.calls)) == (2, 2)


async def test_a_profile_that_is_right_is_left_alone(place: Town) -> None:
    await place.page.open()
    place.graph.profile.set_to["persistent_menu"][0]["disabled_surfaces"] = []
    calls = len(place.graph.profile.calls)

    async with town(menu=MENU) as other:
        other.graph.profile.set_to = place.graph.profile.set_to
        await other.page.open()

        assert (calls, len(other.graph.profile.calls)) == (2, 1)


async def test_a_menu_that_the_office_made_by_hand_stays() -> None:
    async with town() as place:
        place.graph.profile.set_to["persistent_menu"] = "by hand"

        await place.page.open()

        assert place.graph.profile.set_to["persistent_menu"] == "by hand"


async def test_a_profile_that_meta_refuses_is_not_asked_for_again_at_once(place: Town) -> None:
    place.graph.profile.calls = [place.clock()] * 10
    await place.page.open()
    place.graph.profile.calls = []

    await place.page.open()

    assert place.graph.profile.calls == []
    assert place.graph.app.fields


# --- the wall ---


async def published(place: Town, post: Post = POST) -> list[Step]:
    steps = [await place.page.publish(post, {})]
    while not steps[-1].platform_id:
        steps.append(await place.page.publish(post, steps[-1].kept))
        assert len(steps) < 6
    return steps


async def refused(place: Town, post: Post = POST) -> SendError:
    with pytest.raises(SendError) as caught:
        await published(place, post)
    return caught.value


async def test_a_post_without_a_picture_shows_its_link(place: Town) -> None:
    steps = await published(place)

    (post,) = place.graph.posts
    assert (post["id"], post["link"]) == (steps[-1].platform_id, "https://xa.vn/tin")
    assert post["message"] == "Cải cách hành chính\n\nTừ 1/12, nộp hồ sơ khai sinh trực tuyến."


async def test_a_post_with_a_picture_carries_the_link_in_its_words(place: Town) -> None:
    place.pictures["tin.jpg"] = b"picture"
    post = Post("Tin", "Lời", "UBND", "https://xa.vn/tin", picture="tin.jpg", picture_alt="Ảnh trụ sở")

    steps = await published(place, post)

    (found,) = place.graph.posts
    assert found["id"] == steps[-1].platform_id
    assert (found["picture"], found["alt_text_custom"]) == ("upload: 7 bytes", "Ảnh trụ sở")
    assert found["message"] == "Tin\n\nLời\n\nhttps://xa.vn/tin"


async def test_a_post_that_went_unheard_is_found_and_not_put_up_twice(place: Town) -> None:
    place.graph.drop_after_accepting = 1

    steps = await published(place)

    assert [step.wait_seconds for step in steps] == [0, 60, 0]
    assert "xem lại trên Trang" in steps[1].note
    assert [post["id"] for post in place.graph.posts] == [steps[-1].platform_id]


async def test_a_post_whose_answer_we_did_not_live_to_keep_is_found_the_next_day(place: Town) -> None:
    kept = (await place.page.publish(POST, {})).kept
    put_up = await place.page.publish(POST, kept)
    place.clock.passes(hours=20)

    assert (await place.page.publish(POST, kept)).platform_id == put_up.platform_id
    assert len(place.graph.posts) == 1


async def test_last_months_post_with_the_same_words_is_another(place: Town) -> None:
    await published(place)
    place.clock.passes(days=28)

    await published(place)

    assert len(place.graph.posts) == 2


async def test_the_same_words_put_up_by_hand_just_now_are_taken_for_ours(place: Town) -> None:
    by_hand = place.graph.wall.publish({"message": "Cải cách hành chính\n\nTừ 1/12, nộp hồ sơ khai sinh trực tuyến."})

    assert (await published(place))[-1].platform_id == by_hand["id"]


@pytest.mark.parametrize("permission", ["pages_manage_posts", "pages_read_engagement"])
async def test_a_missing_right_to_post_is_said_and_ends_no_talk(place: Town, permission: str) -> None:
    place.graph.app.permissions.discard(permission)

    error = await refused(place)

    assert error.failure is Failure.REJECTED
    assert permission in error.advice


async def test_a_dead_key_is_said(place: Town) -> None:
    place.graph.dies_of = 460
    assert (await refused(place)).failure is Failure.NOT_CONNECTED


async def test_a_picture_too_large_is_said_before_it_is_sent(place: Town) -> None:
    place.pictures["tin.jpg"] = b"x" * 10_000_001

    error = await refused(place, Post("Tin", "Lời", "UBND", picture="tin.jpg"))

    assert (error.failure, "10 MB" in error.advice) == (Failure.REJECTED, True)


async def test_a_policy_block_restrains_the_account(place: Town) -> None:
    kept = (await place.page.publish(POST, {})).kept
    place.graph.fail_next = [(400, {"error": {"code": 368, "message": "blocked"}})]

    with pytest.raises(SendError) as caught:
        await place.page.publish(POST, kept)

    assert (caught.value.failure, "chính sách" in caught.value.advice) == (Failure.RESTRICTED, True)


# --- what it can be asked ---


async def test_the_name_is_told_when_meta_tells_it(place: Town) -> None:
    assert await place.page.name_of(LAN) == "Người dân 0001"
    place.graph.phone_only.add(HUNG)
    assert await place.page.name_of(HUNG) == ""
    assert await place.page.name_of("comment:1_2") == ""
    place.graph.tells_names = False
    assert await place.page.name_of(LAN) == ""


async def test_the_probe_tells_name_followers_and_rights(place: Town) -> None:
    place.graph.app.permissions.discard("pages_manage_posts")

    told = await place.page.probe()

    assert (told["Trang"], told["Người theo dõi"], told["Đang công khai"]) == ("UBND phường Mẫu", "3120", "có")
    assert (told["Nhắn tin với người dân"], told["Đăng bài lên Trang"]) == ("có", "không")


async def test_without_the_apps_id_the_probe_says_what_it_could_not_ask() -> None:
    async with town(app_id="") as place:
        assert "MESSENGER_APP_ID" in (await place.page.probe())["Quyền của khoá"]


async def findings(place: Town, webhook: str = "", now: datetime | None = None) -> dict[str, Finding]:
    found = await place.page.inspect(webhook or place.graph.webhook, now or datetime.now(UTC))
    return {finding.what: finding for finding in found}


async def test_a_healthy_page_has_nothing_to_do(place: Town) -> None:
    await place.page.open()

    found = await findings(place)

    assert [finding for finding in found.values() if not finding.ok or finding.todo] == []
    assert "không có ngày hết hạn" in found["Khoá của Trang"].said
    assert found["Địa chỉ webhook"].said == place.graph.webhook


async def test_whatever_is_wrong_comes_with_its_next_step(place: Town) -> None:
    await place.page.open()
    now = datetime.now(UTC)
    place.graph.unsubscribed = True
    place.graph.usage_percent = 91
    place.graph.app.permissions.discard("pages_manage_posts")
    place.graph.app.expires_at = int((now + timedelta(days=3, hours=1)).timestamp())

    found = await findings(place, "https://another.gov.vn/webhooks/messenger", now + timedelta(minutes=9))

    wrong = {what for what, finding in found.items() if not finding.ok and finding.todo}
    assert wrong == {
        "Khoá của Trang", "Quyền của khoá", "Đăng ký nhận tin", "Địa chỉ webhook", "Mức dùng", "Đồng hồ"
    }  # fmt: skip
    assert "còn 3 ngày" in found["Khoá của Trang"].said
    assert "pages_manage_posts" in found["Quyền của khoá"].said


async def test_a_dead_key_is_found_and_the_other_looks_do_not_break_off(place: Town) -> None:
    place.graph.dies_of = 460

    found = await findings(place)

    assert not found["Khoá của Trang"].ok
    assert "MESSENGER_PAGE_TOKEN" in found["Khoá của Trang"].todo
    assert "đổi mật khẩu" in found["Trang"].todo
    assert "page-token" not in repr(found)


async def test_the_template_is_looked_at() -> None:
    async with town(utility_template="ho_so_co_ket_qua") as place:
        assert "không có" in (await findings(place))["Mẫu tin"].said
