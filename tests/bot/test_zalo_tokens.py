"""Token care: single use, one refresh at a time, both tokens stored before use, and a refusal that is final."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channel import Failure, SendError
from bot.channels.zalo import TokenPair, Tokens
from bot.outgoing import Answer, Outgoing

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
UNHEARD = SendError(Failure.UNSURE, "TimeoutError")
REFUSED = {"error": -14014, "error_name": "Invalid refresh token."}


class Store:
    def __init__(self, pair: TokenPair | None) -> None:
        self.pair = pair
        self.kept: list[TokenPair] = []
        self.claimed = False
        self.broken = False

    async def read(self) -> TokenPair | None:
        return self.pair

    async def claim(self, seconds: int) -> bool:
        assert seconds > 30, "the claim must outlive two calls"
        free, self.claimed = not self.claimed, True
        return free

    async def keep(self, pair: TokenPair) -> None:
        if self.broken:
            raise OSError("disk full")
        self.pair, self.claimed = pair, False
        self.kept.append(pair)

    async def release(self) -> None:
        self.claimed = False


class OAuth(Outgoing):
    """Plays the token endpoint: each refresh token is good once, unless a scripted answer comes first."""

    def __init__(self, *script: dict[str, Any] | SendError) -> None:
        super().__init__()
        self.script = list(script)
        self.asked: list[str] = []
        self.spent: set[str] = set()
        self.last_request: dict[str, Any] = {}

    async def call(self, method: str, url: str, **request: Any) -> Answer:
        assert (method, url) == ("POST", "https://oauth.test/v4/oa/access_token")
        await asyncio.sleep(0)
        refresh = request["data"]["refresh_token"]
        self.last_request = request
        self.asked.append(refresh)
        step = self.script.pop(0) if self.script else (REFUSED if refresh in self.spent else self.granted())
        if step is UNHEARD or "access_token" in str(step):
            self.spent.add(refresh)
        if isinstance(step, SendError):
            raise step
        return Answer(200, {}, json.dumps(step).encode())

    def granted(self) -> dict[str, Any]:
        number = len(self.asked)
        return {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": "90000"}


def pair(hours_left: float, access: str = "access-0") -> TokenPair:
    ends = NOW + timedelta(hours=hours_left)
    return TokenPair(access, "refresh-0", ends, ends - timedelta(hours=25))


def tokens(store: Store, oauth: OAuth) -> Tokens:
    return Tokens("app", "app-secret", "https://oauth.test", store, oauth, lambda: NOW)


async def test_token_with_time_left_is_used_as_it_is() -> None:
    oauth = OAuth()
    assert await tokens(Store(pair(6)), oauth).current() == "access-0"
    assert oauth.asked == []


@pytest.mark.parametrize("hours_left", [4.9, 0, -3])
async def test_token_near_its_end_is_renewed_and_stored_first(hours_left: float) -> None:
    store, oauth = Store(pair(hours_left)), OAuth()
    assert await tokens(store, oauth).current() == "access-1"
    assert store.kept == [TokenPair("access-1", "refresh-1", NOW + timedelta(hours=25), NOW)]
    assert not store.claimed
    assert oauth.last_request["headers"] == {"secret_key": "app-secret"}
    assert oauth.last_request["data"]["grant_type"] == "refresh_token"


async def test_short_lived_token_is_not_renewed_at_every_call() -> None:
    oauth = OAuth({"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3600})
    care = tokens(Store(pair(0)), oauth)
    assert [await care.current() for _ in range(3)] == ["access-1"] * 3
    assert len(oauth.asked) == 1


async def test_many_callers_share_one_refresh() -> None:
    oauth = OAuth()
    care = tokens(Store(pair(6)), oauth)
    await asyncio.gather(*(care.refresh("access-0") for _ in range(20)))
    await care.refresh("access-0")
    assert oauth.asked == ["refresh-0"]


async def test_token_renewed_by_another_process_is_taken_and_not_renewed_again() -> None:
    store, oauth = Store(pair(6)), OAuth()
    store.claimed = True
    waiting = asyncio.create_task(tokens(store, oauth).refresh("access-0"))
    await asyncio.sleep(0.05)
    await store.keep(pair(25, "access-of-the-other"))
    await asyncio.wait_for(waiting, 5)
    assert oauth.asked == []


async def test_unheard_refresh_is_asked_once_more_with_the_same_token() -> None:
    store, oauth = Store(pair(0)), OAuth(UNHEARD, {"access_token": "a", "refresh_token": "r", "expires_in": "90000"})
    assert await tokens(store, oauth).current() == "a"
    assert oauth.asked == ["refresh-0", "refresh-0"]


async def test_unheard_twice_leaves_the_message_unsent_and_the_claim_free() -> None:
    store = Store(pair(0))
    with pytest.raises(SendError) as caught:
        await tokens(store, OAuth(UNHEARD, UNHEARD)).current()
    assert caught.value.failure is Failure.UNAVAILABLE
    assert not store.claimed


async def test_unheard_and_then_spent_needs_a_person() -> None:
    care = tokens(Store(pair(0)), OAuth(UNHEARD))
    with pytest.raises(SendError) as caught:
        await care.current()
    assert caught.value.failure is Failure.NOT_CONNECTED
    assert care.refused


@pytest.mark.parametrize("answer", [REFUSED, {"error_name": "Invalid refresh token."}, {"error": -14002}])
async def test_refusal_is_final_until_a_new_pair_is_stored(answer: dict[str, Any]) -> None:
    store, oauth = Store(pair(0)), OAuth(answer)
    care = tokens(store, oauth)
    for _ in range(3):
        with pytest.raises(SendError):
            await care.current()
    assert (care.refused, oauth.asked) == (True, ["refresh-0"])
    store.pair = TokenPair("new", "refresh-new", NOW + timedelta(hours=25), NOW)
    assert await care.current() == "new"
    assert not care.refused


async def test_refused_refresh_leaves_the_old_token_its_last_hours() -> None:
    oauth = OAuth(REFUSED)
    care = tokens(Store(pair(3)), oauth)
    assert [await care.current() for _ in range(3)] == ["access-0"] * 3
    assert (care.refused, len(oauth.asked)) == (True, 1)


@pytest.mark.parametrize("answer", [SendError(Failure.UNAVAILABLE, "refused"), {"error": -32}])
async def test_passing_trouble_is_not_a_refusal(answer: SendError | dict[str, Any]) -> None:
    care = tokens(Store(pair(0)), OAuth(answer))
    with pytest.raises(SendError) as caught:
        await care.current()
    assert (caught.value.failure, care.refused) == (Failure.UNAVAILABLE, False)
    assert await care.current() == "access-2"


async def test_pair_that_could_not_be_stored_is_stored_at_the_next_try() -> None:
    store, oauth = Store(pair(0)), OAuth()
    care = tokens(store, oauth)
    store.broken = True
    with pytest.raises(OSError, match="disk full"):
        await care.current()
    store.broken = False
    assert await care.current() == "access-1"
    assert oauth.asked == ["refresh-0"]


async def test_cancelled_caller_does_not_lose_the_new_pair() -> None:
    store = Store(pair(0))
    care = tokens(store, OAuth())
    caller = asyncio.create_task(care.current())
    for _ in range(100):
        await asyncio.sleep(0)
        if store.claimed:
            break
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await care.close()
    assert [kept.access for kept in store.kept] == ["access-1"]


async def test_missing_token_says_so() -> None:
    with pytest.raises(SendError, match="no Zalo token"):
        await tokens(Store(None), OAuth()).current()


async def test_tokens_never_show_in_errors_or_prints() -> None:
    with pytest.raises(SendError) as caught:
        await tokens(Store(pair(0)), OAuth({"error_description": "refresh-0 is used"})).current()
    assert "refresh-0" not in f"{caught.value}{pair(0)!r}"
