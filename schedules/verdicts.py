"""What a delivery asks of the planner, and what becomes of it when the platform has refused it."""

from bot.channel import Failure, Purpose, SendError, Way
from bot.planner import Standing, Wish
from data.outbox import Leased, Result
from data.tables import DeliveryKind, DeliveryState

FIRST_RETRY_MS, LONGEST_RETRY_MS = 2_000, 900_000
GIVE_UP_MS = 48 * 3_600_000
CAMPAIGN_TRIES, ALERT_TRIES = 40, 8

_CLOSED = (Failure.OUTSIDE_WINDOW.word, Failure.QUOTA.word)  # of a way that was refused
_SKIPPED = {Failure.BLOCKED, Failure.GONE, Failure.OPTED_OUT}
_TRIED_AGAIN = {Failure.TOO_FAST, Failure.UNAVAILABLE, Failure.NOT_CONNECTED, Failure.RESTRICTED, Failure.QUOTA}


def asked_of(item: Leased) -> tuple[Wish, Standing]:
    refused = item.way if item.reason in _CLOSED else ""
    facts = bool((item.body or {}).get("facts"))
    wish = Wish(Purpose(item.kind.value), by_person=item.staff_id is not None, has_facts=facts, after=refused)
    return wish, Standing(item.last_incoming_at, item.wants_news, item.blocked, item.phone)


def verdict(item: Leased, way: Way, error: SendError, now_ms: int) -> Result:
    word = error.failure.word
    if error.failure in _SKIPPED:
        stopped = item.citizen_id if error.failure in (Failure.BLOCKED, Failure.GONE) else None
        return Result(item.id, DeliveryState.SKIPPED, word, stopped_by=stopped, way=way.name)
    if error.failure is Failure.OUTSIDE_WINDOW or _ends_the_way(error):
        # the platform knows better than we do when it last heard from them, and what is left: the next way, or wait
        state = DeliveryState.SKIPPED if item.kind is DeliveryKind.CAMPAIGN else DeliveryState.WAITING
        return Result(item.id, state, word, way=way.name)
    if error.failure in _TRIED_AGAIN and not _is_hopeless(item, now_ms):
        return Result(item.id, DeliveryState.WAITING, word, retry_at_ms=now_ms + _retry_in(item, error))
    if error.failure is Failure.UNSURE:
        return _in_doubt(item, error, now_ms)
    return Result(item.id, DeliveryState.FAILED, f"{word}: {error.detail}"[:300], way=way.name)


def _ends_the_way(error: SendError) -> bool:
    """A quota of one way is spent; one of the whole account is waited for."""
    return error.failure is Failure.QUOTA and error.only_person


def _in_doubt(item: Leased, error: SendError, now_ms: int) -> Result:
    """A reply said twice is better than a question left hanging; nothing else may be said twice."""
    if item.kind is DeliveryKind.REPLY and item.attempts < 2:
        return Result(item.id, DeliveryState.WAITING, error.failure.word, retry_at_ms=now_ms + FIRST_RETRY_MS)
    return Result(item.id, DeliveryState.UNSURE, error.detail)


def _is_hopeless(item: Leased, now_ms: int) -> bool:
    """News may have waited long for a person's word before it was sent at all: there only the tries count."""
    if item.kind in (DeliveryKind.CAMPAIGN, DeliveryKind.ALERT):
        return item.attempts >= (ALERT_TRIES if item.kind is DeliveryKind.ALERT else CAMPAIGN_TRIES)
    return now_ms - item.created_at_ms >= GIVE_UP_MS


def _retry_in(item: Leased, error: SendError) -> int:
    if error.retry_after_seconds:
        return int(error.retry_after_seconds * 1000)
    return int(min(FIRST_RETRY_MS * 2 ** min(item.attempts, 12), LONGEST_RETRY_MS))
