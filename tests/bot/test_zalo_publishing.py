"""A month's news as an article and a broadcast of it: made once, whatever is lost on the way."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from bot.abilities import Post, Publishes, Step
from bot.channel import Failure, SendError
from bot.channels.zalo import Zalo
from bot.channels.zalo.publishing import UNHEARD
from tests.platforms.zalo_meeting import Meeting, first_pair, meeting

POST = Post(
    title="Cải cách hành chính tháng 11",
    text="Thưa ông bà,\n\nNộp hồ sơ trực tuyến không phải trả lệ phí.",
    author="UBND phường Mẫu",
    link="https://phuong.gov.vn/tin/11",
    picture_url="https://phuong.gov.vn/bia.jpg",
)


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


async def walk(channel: Zalo, kept: Mapping[str, str] | None = None, post: Post = POST) -> list[Step]:
    """As the schedule goes: step by step, and what is unheard is said to be so, once."""
    steps = [Step(kept or {})]
    while not steps[-1].platform_id and len(steps) < 40:
        known = steps[-1].kept
        try:
            step = await channel.publish(post, known)
        except SendError as error:
            if error.failure is not Failure.UNSURE or UNHEARD in known:
                raise
            step = Step({**known, UNHEARD: "yes"})
        steps.append(step)
    return steps[1:]


async def walk_until(channel: Zalo, *names: str) -> Mapping[str, str]:
    """What is kept once it is these."""
    kept: Mapping[str, str] = {}
    while set(kept) != set(names):
        kept = (await channel.publish(POST, kept)).kept
    return kept


async def killed(channel: Zalo, kept: Mapping[str, str]) -> Mapping[str, str]:
    """The step is taken, and its outcome dies with the process: what the next one is handed."""
    await channel.publish(POST, kept)
    return {**kept, UNHEARD: "yes"}


async def refused(channel: Zalo, kept: Mapping[str, str], post: Post = POST) -> SendError:
    with pytest.raises(SendError) as caught:
        await walk(channel, kept, post)
    return caught.value


async def test_a_post_becomes_one_article_and_one_broadcast(met: Meeting) -> None:
    met.platform.publishing.article_checks = 6
    steps = await walk(met.channel)

    (article,) = met.platform.publishing.articles.values()
    (sent,) = met.platform.publishing.broadcasts
    assert isinstance(met.channel, Publishes)
    assert met.channel.outlet == "zalo_broadcast"
    assert [step.wait_seconds for step in steps if "token" in step.kept] == [2, 4, 6, 8, 12, 12, 12]
    assert (steps[-1].platform_id, sent.reached, sent.target) == (sent.id, 2, {"gender": "0"})
    assert (article["title"], article["author"], article["status"]) == (POST.title, POST.author, "show")
    assert article["cover"]["photo_url"] == POST.picture_url
    assert [part["content"] for part in article["body"]] == [
        "Thưa ông bà,",
        "Nộp hồ sơ trực tuyến không phải trả lệ phí.",
        "Xem thêm: https://phuong.gov.vn/tin/11",
    ]


async def test_a_step_is_one_call(met: Meeting) -> None:
    kept: Mapping[str, str] = {}
    step = Step()
    while not step.platform_id:
        before = len(met.platform.desk.seen)
        step = await met.channel.publish(POST, kept)
        kept = step.kept
        assert len(met.platform.desk.seen) - before <= 1


@pytest.mark.parametrize("checks", [0, 1, 4])
async def test_an_unheard_article_is_found_again(met: Meeting, checks: int) -> None:
    met.platform.publishing.article_checks = checks
    met.platform.desk.drop_after = ["/v2.0/article/create"]
    steps = await walk(met.channel)

    assert bool([step for step in steps if "Chưa nghe" in step.note]) is (checks > 0)
    assert len(met.platform.desk.asked("/v2.0/article/create")) == 1
    assert len(met.platform.publishing.broadcasts) == 1


async def test_killed_while_creating_the_article_is_found_again(met: Meeting) -> None:
    kept = await killed(met.channel, await walk_until(met.channel, "since"))
    await walk(met.another(), kept)

    assert len(met.platform.desk.asked("/v2.0/article/create")) == 1
    assert len(met.platform.publishing.broadcasts) == 1


async def test_killed_before_creating_it_is_created_by_the_next(met: Meeting) -> None:
    kept = {**await walk_until(met.channel, "since"), UNHEARD: "yes"}
    await walk(met.another(), kept)
    assert len(met.platform.desk.asked("/v2.0/article/create")) == 1


async def test_an_unheard_verification_is_made_up_for(met: Meeting) -> None:
    met.platform.publishing.article_checks = 0
    met.platform.desk.drop_after = ["/v2.0/article/verify"]
    kept = await walk_until(met.channel, "since", "token")
    assert (await refused(met.channel, kept)).failure is Failure.UNAVAILABLE
    await walk(met.channel, kept)

    assert len(met.platform.desk.asked("/v2.0/article/create")) == 1
    assert len(met.platform.publishing.broadcasts) == 1


async def test_an_unheard_broadcast_is_never_made_again_by_ourselves(met: Meeting) -> None:
    met.platform.desk.drop_after = ["/v2.0/oa/message"]
    error = await refused(met.channel, {})

    assert (error.failure, "trang quản lý OA" in error.advice) == (Failure.UNSURE, True)
    assert len(met.platform.publishing.broadcasts) == 1


async def test_killed_while_broadcasting_is_unsure_until_a_person_has_looked(met: Meeting) -> None:
    known = await walk_until(met.channel, "since", "article")
    kept = await killed(met.channel, known)
    assert (await refused(met.another(), kept)).failure is Failure.UNSURE
    assert len(met.platform.publishing.broadcasts) == 1

    await walk(met.another(), known)
    assert len(met.platform.publishing.broadcasts) == 2


async def test_a_broadcast_refused_at_night_goes_in_the_morning(met: Meeting) -> None:
    kept = await walk_until(met.channel, "since", "article")
    met.clock.passes(hours=13)
    error = await refused(met.channel, kept)
    met.clock.passes(hours=8)
    await walk(met.channel, kept)

    assert (error.failure, "22 giờ" in error.advice) == (Failure.UNAVAILABLE, True)
    assert len(met.platform.publishing.broadcasts) == 1


@pytest.mark.parametrize(
    ("setting", "value", "failure", "words"),
    [
        ("verified", False, Failure.REJECTED, "xác thực"),
        ("package_allows", False, Failure.REJECTED, "Gói dịch vụ"),
        ("supports_the_type", False, Failure.REJECTED, "đăng bằng tay"),
        ("article_quota", 0, Failure.QUOTA, "bài viết"),
        ("broadcast_quota", 0, Failure.QUOTA, "hạn mức"),
    ],
)
async def test_every_refusal_says_what_to_do(
    met: Meeting, setting: str, value: bool | int, failure: Failure, words: str
) -> None:
    setattr(met.platform.publishing, setting, value)
    error = await refused(met.channel, {})
    assert (error.failure, words in error.advice) == (failure, True)
    assert met.platform.publishing.broadcasts == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(POST, title="x" * 151), "Tiêu đề"),
        (replace(POST, title=""), "Tiêu đề"),
        (replace(POST, author="x" * 51), "đứng bài"),
        (replace(POST, text=" \n"), "nội dung"),
        (replace(POST, picture_url=""), "ảnh bìa"),
    ],
)
async def test_what_zalo_would_refuse_is_refused_before_it_is_asked(met: Meeting, wrong: Post, words: str) -> None:
    error = await refused(met.channel, {}, wrong)
    assert (error.failure, words in error.advice, met.platform.desk.seen) == (Failure.REJECTED, True, [])


async def test_last_months_article_of_the_same_title_is_not_taken_for_this_one(met: Meeting) -> None:
    await walk(met.channel)
    met.clock.passes(days=28)
    met.platform.oauth.issue("access-token-2", "refresh-token-2")
    met.store.pair = first_pair(met.platform, met.clock)
    await walk(met.channel)

    assert len(met.platform.publishing.articles) == 2


async def test_a_target_reaches_only_whom_it_names(met: Meeting) -> None:
    met.platform.users.traits("4000000000000001").cities = 19
    await walk(met.another(target={"cities": "19,20"}))
    assert [sent.reached for sent in met.platform.publishing.broadcasts] == [1]


async def test_an_oa_that_may_not_publish_has_no_outlet(met: Meeting) -> None:
    assert met.another(publishes=False).outlet == ""
