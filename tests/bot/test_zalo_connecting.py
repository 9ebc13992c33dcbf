"""An administrator's consent becomes tokens, and what may go wrong with tokens at each point goes wrong safely."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channel import Failure, SendError
from bot.channels.zalo import code_in
from bot.channels.zalo.oauth import challenge_of
from bot.channels.zalo.tokens import CLAIM_SECONDS
from bot.messages import Reply
from tests.platforms.zalo_meeting import LAN, Meeting, later, meeting

BACK = "https://chat.phuong.gov.vn/staff/zalo"
OA = "388613280878808645"
VERIFIER = "v" * 43


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


async def agrees(met: Meeting, link: str) -> str:
    """The administrator follows the consent link and agrees: the address to which Zalo sends them then."""
    session = met.platform._session
    assert session
    async with session.get(link, allow_redirects=False) as response:
        return response.headers["Location"]


async def refused(met: Meeting, code: str, **settings: str) -> SendError:
    with pytest.raises(SendError) as caught:
        await met.another(**settings).accept(code)
    return caught.value


# consent


async def test_consent_connects_an_oa_that_never_was_connected(met: Meeting) -> None:
    met.store.pair = None
    link = met.channel.consent_link(BACK, "s-1")
    back = await agrees(met, link)
    await met.channel.accept(back)

    assert parse_qs(urlsplit(link).query) == {
        "app_id": [met.platform.app_id], "redirect_uri": [BACK], "state": ["s-1"]
    }  # fmt: skip
    assert parse_qs(urlsplit(back).query)["state"] == ["s-1"]
    assert await met.channel.send(LAN, Reply("x"))
    assert met.store.pair
    assert met.store.pair.granted_at == met.clock()


async def test_the_bare_code_will_do_and_works_once(met: Meeting) -> None:
    code = code_in(await agrees(met, met.channel.consent_link(BACK, "")), OA)
    await met.channel.accept(f"  {code}\n")
    error = await refused(met, code)

    assert error.failure is Failure.NOT_CONNECTED
    assert "10 phút" in error.advice
    assert await met.channel.send(LAN, Reply("x")), "the pair that was there is untouched"


async def test_a_verifier_from_the_console_is_proved(met: Meeting) -> None:
    channel = met.another(code_verifier=VERIFIER)
    link = channel.consent_link(BACK, "")
    await channel.accept(await agrees(met, link))
    without = await agrees(met, link)

    assert parse_qs(urlsplit(link).query)["code_challenge"] == [challenge_of(VERIFIER)]
    assert (await refused(met, without)).failure is Failure.NOT_CONNECTED


@pytest.mark.parametrize(
    "pasted", ["", "   ", f"{BACK}?oa_id={OA}", f"{BACK}?error_description=User+denied", "https://zalo.me/"]
)
def test_what_holds_no_code_is_no_code(pasted: str) -> None:
    with pytest.raises(SendError) as caught:
        code_in(pasted, OA)
    assert "dán nguyên địa chỉ" in caught.value.advice


@pytest.mark.parametrize(
    "pasted", ["C0-de", f"{BACK}?code=C0-de", f"code=C0-de&oa_id={OA}", f"/staff/zalo?oa_id={OA}&code=C0-de&state="]
)
def test_a_code_is_found_in_an_address_and_by_itself(pasted: str) -> None:
    assert code_in(pasted, OA) == "C0-de"


def test_a_code_for_another_oa_is_not_taken() -> None:
    with pytest.raises(SendError) as caught:
        code_in(f"{BACK}?code=C&oa_id=7", OA)
    assert "OA 7" in caught.value.advice


async def test_a_bare_code_for_another_oa_is_found_out_before_anything_is_stored(met: Meeting) -> None:
    code = code_in(await agrees(met, met.channel.consent_link(BACK, "")), OA)
    met.platform.oa = {"oaid": "7"}
    pair = met.store.pair
    error = await refused(met, code)

    assert error.failure is Failure.NOT_CONNECTED
    assert (met.store.pair, "OA 7" in error.advice) == (pair, True)


async def test_a_new_pair_that_cannot_be_tried_is_stored_all_the_same(met: Meeting) -> None:
    code = code_in(await agrees(met, met.channel.consent_link(BACK, "")), OA)
    met.platform.desk.fail_next["/v2.0/oa/getoa"] = (502, "<html>")
    await met.channel.accept(code)
    assert met.store.pair
    assert met.store.pair.access == met.platform.oauth.access


async def test_an_unheard_exchange_is_asked_again_and_then_needs_a_new_code(met: Meeting) -> None:
    code = code_in(await agrees(met, met.channel.consent_link(BACK, "")), OA)
    met.platform.oauth.drop_after_refreshing = 1
    assert (await refused(met, code)).failure is Failure.NOT_CONNECTED
    assert met.store.claimed_until == met.clock()


async def test_a_pair_that_could_not_be_stored_is_not_lost_with_its_code(met: Meeting) -> None:
    met.store.pair = None
    code = code_in(await agrees(met, met.channel.consent_link(BACK, "")), OA)
    met.store.broken = 1
    with pytest.raises(OSError, match="disk full"):
        await met.channel.accept(code)

    assert await met.channel.send(LAN, Reply("x"))
    assert met.store.pair
    assert met.store.pair.access == met.platform.oauth.access


# each point at which a refresh can break off


async def test_killed_after_asking_and_before_storing_needs_a_person_and_says_so(met: Meeting) -> None:
    met.store.broken = 99
    with pytest.raises(OSError, match="disk full"):
        await met.channel.tokens.refresh(met.platform.oauth.access)
    met.store.broken = 0  # the process that held the new pair is dead

    error = await dead(met)
    assert "cấp quyền lại" in error.advice
    assert met.platform.oauth.refreshes == 1


async def dead(met: Meeting) -> SendError:
    """What a process says that starts with a pair whose refresh token is spent."""
    anew = met.another()
    with pytest.raises(SendError) as caught:
        await anew.send(LAN, Reply("x"))
    assert caught.value.failure is Failure.NOT_CONNECTED
    assert anew.tokens.refused
    return caught.value


async def test_a_claim_of_the_dead_lapses(met: Meeting) -> None:
    assert met.store.pair
    await met.store.claim(CLAIM_SECONDS)
    anew = met.another()
    waiting = asyncio.create_task(anew.tokens.refresh(met.store.pair.access))
    await asyncio.sleep(0.1)
    met.clock.passes(seconds=CLAIM_SECONDS)
    await asyncio.wait_for(waiting, 5)

    assert met.store.pair.access == met.platform.oauth.access


async def test_an_answer_lost_is_asked_for_again_and_then_needs_a_person(met: Meeting) -> None:
    met.platform.oauth.drop_after_refreshing = 1
    with pytest.raises(SendError) as caught:
        await met.channel.tokens.refresh(met.platform.oauth.access)

    assert caught.value.failure is Failure.NOT_CONNECTED
    assert (met.platform.oauth.refreshes, met.channel.tokens.refused) == (1, True)
    assert met.store.claimed_until == met.clock()


async def test_a_gateways_page_in_place_of_the_answer_costs_nothing(met: Meeting) -> None:
    met.platform.oauth.fail_next = [(502, "<html>")]
    await met.channel.tokens.refresh(met.platform.oauth.access)
    assert await met.channel.send(LAN, Reply("x"))


async def test_a_database_that_refuses_the_storing_is_asked_again_with_the_pair_in_hand(met: Meeting) -> None:
    met.platform.oauth.access = "another-one-by-now"
    met.store.broken = 1
    with pytest.raises(OSError, match="disk full"):
        await met.channel.send(LAN, Reply("x"))

    assert await met.channel.send(LAN, Reply("x"))
    assert met.platform.oauth.refreshes == 1


async def test_two_processes_that_renew_at_once_ask_once(met: Meeting) -> None:
    met.platform.oauth.access = "another-one-by-now"
    others = [met.another() for _ in range(3)]
    sent = await asyncio.gather(*(each.send(LAN, Reply("x")) for each in (met.channel, *others)))

    assert (len(set(sent)), met.platform.oauth.refreshes) == (4, 1)


async def test_a_spent_refresh_token_is_not_asked_with_twice(met: Meeting) -> None:
    met.platform.oauth.revoke()
    errors = [(await met.failure(Reply("x"))).failure for _ in range(3)]

    assert errors == [Failure.NOT_CONNECTED] * 3
    assert "cấp quyền lại" in await met.channel.tokens.warning()


async def test_a_refusal_without_a_number_is_a_refusal(met: Meeting) -> None:
    met.platform.oauth.numbered_errors = False
    met.platform.oauth.revoke()
    assert (await met.failure(Reply("x"))).failure is Failure.NOT_CONNECTED
    assert met.channel.tokens.refused


async def test_a_refused_app_secret_costs_no_token_and_names_the_setting(met: Meeting) -> None:
    met.platform.oauth.access = "another-one-by-now"
    wrong = met.another(app_secret="the OA's secret in its place")
    with pytest.raises(SendError) as caught:
        await wrong.send(LAN, Reply("x"))

    assert "ZALO_APP_SECRET" in caught.value.advice
    assert await met.channel.send(LAN, Reply("x")), "with the right secret the same refresh token is good"


async def test_a_new_consent_ends_a_refusal(met: Meeting) -> None:
    met.platform.oauth.revoke()
    await met.failure(Reply("x"))
    await met.channel.accept(await agrees(met, met.channel.consent_link(BACK, "")))

    assert await met.channel.send(LAN, Reply("x"))
    assert (met.channel.tokens.refused, await met.channel.tokens.warning()) == (False, "")


async def test_a_token_is_renewed_hours_before_its_end(met: Meeting) -> None:
    met.clock.passes(hours=20, minutes=1)
    await met.channel.tokens.current()

    assert met.store.pair
    assert met.store.pair.expires_at == met.clock() + timedelta(hours=25)


# how old the grant is


async def test_a_refresh_keeps_the_day_of_the_grant(met: Meeting) -> None:
    assert met.store.pair
    granted = met.clock() - timedelta(days=30)
    met.store.pair = replace(met.store.pair, granted_at=granted)
    await met.channel.tokens.refresh(met.store.pair.access)
    assert met.store.pair.granted_at == granted


@pytest.mark.parametrize(("days", "warned"), [(79, False), (80, True)])
async def test_an_old_grant_is_warned_of_while_there_is_time(met: Meeting, days: int, warned: bool) -> None:
    assert met.store.pair
    met.store.pair = later(met.store.pair, days=days)
    warning = await met.channel.tokens.warning()
    assert (f"{days} ngày" in warning) is warned


async def test_no_secret_is_ever_said(met: Meeting) -> None:
    met.platform.oauth.revoke()
    error = await met.failure(Reply("x"))
    secrets = ("app-secret", "refresh-token-1", "access-token-1", "oa-secret")
    said = f"{error} {error.advice} {met.store.pair!r} {met.channel!r} {met.channel.tokens.oauth!r}"
    assert not [secret for secret in secrets if secret in said]
