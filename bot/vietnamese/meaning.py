"""The one entrance: what a citizen means by a message, by itself or after what was said."""

from collections.abc import Iterable
from dataclasses import replace

from bot.vietnamese.followups import corrected, follow, told
from bot.vietnamese.intents import DENUNCIATION, OUTCOMES, Guess
from bot.vietnamese.moves import NOTHING_SAID, Candidate, Context, Move
from bot.vietnamese.retrieval import Index, Kind
from bot.vietnamese.several import Cut, cuts, several
from bot.vietnamese.understanding import Found, Understood, decide, look_up, not_ours
from bot.vietnamese.words import read

BESIDE = frozenset({"greeting", "thanks", "agreement", "refusal", "laughter", "who", "vague", "back", "stop"})
ACTED_ON = frozenset({DENUNCIATION, "stop"})  # what is said is forgotten, or the news are stopped: not on a hunch
GRAVE = 0.4
ACCUSES, SURELY = 0.2, 0.6  # so far ahead of all else a denunciation is one: what is said will be forgotten
MUCH_LIKE = 1.1  # score of an entry that may well be meant
CLEARLY = 0.8  # lead of another intent that even a known procedure does not outweigh
HALF_LIKE = 0.5  # less like any phrasing, words without content are just that
BARE = 2.0  # so little matter beside a facet
NAMED = 0.6  # so like a phrasing, a procedure is asked about whatever else it sounds like
EXACT = 0.9  # so like a phrasing that a clerk gave, nothing else is meant


def understand(index: Index, text: str, context: Context = NOTHING_SAID) -> Understood:
    meant = corrected(text) if context.topic else text
    words = read(meant, index.lexicon)
    found, guess = look_up(index, words), index.intents.guess(words)
    move = None if guess.accuses > SURELY else follow(index, found, guess, context, corrects=meant != text)
    ways = cuts(index, meant, found)
    understood = settle(index, found, guess, ways) if move is None else _moved(index, found, guess, ways, move)
    return replace(understood, accuses=round(guess.accuses, 3))


def settle(index: Index, found: Found, guess: Guess, ways: Iterable[Cut]) -> Understood:
    """From what was looked up to one meaning, of a message by itself; `ways`: to cut it in two, made when needed."""
    if _accuses(found, guess):
        return _talk(found, replace(guess, intent=DENUNCIATION))
    least = found.by.talk + (GRAVE if guess.intent in ACTED_ON else 0.0)
    if guess.lead > least and not _is_question_all_the_same(found, guess):
        return _talk(found, guess if guess.intent != DENUNCIATION else replace(guess, intent="complaint"))
    if _says_nothing(index, found):
        return _talk(found, Guess("vague", 0.0))
    return (None if found.named else several(ways, found.by)) or decide(index, found)


def _accuses(found: Found, guess: Guess) -> bool:
    """Somebody is accused; where something is asked, or is much like an entry, only when that is quite sure."""
    best = found.hits[0] if found.hits else None
    if best and best.entry.kind is Kind.NEIGHBOUR and best.likeness >= EXACT:
        return False  # who is robbed or threatened must hear where the police are
    may_ask = bool(found.words.facets) or (best is not None and best.score >= MUCH_LIKE)
    return guess.accuses > (SURELY if may_ask else ACCUSES)


def _moved(index: Index, found: Found, guess: Guess, ways: Iterable[Cut], move: Candidate) -> Understood:
    """In the middle of a talk."""
    if move.move is Move.TALK:
        return settle(index, found, guess, ways) if guess.intent in ACTED_ON else _talk(found, guess)
    both = several(ways, found.by)
    if both:
        return both
    if move.move is Move.FOREIGN:
        return not_ours(found, move.code)
    if move.move is Move.OTHER and found.hits and found.hits[0].code == move.code:
        meant = decide(index, found)
        if meant.outcome == "choices" and found.sureness < found.by.sure:
            return meant
    return told(found, move.code)


def _says_nothing(index: Index, found: Found) -> bool:
    """Only what may be asked of anything: "lệ phí", "bao lâu thì xong", "tôi muốn hỏi"."""
    likeness = found.hits[0].likeness if found.hits else 0.0
    if found.named or not found.words.words or any(hit.likeness >= EXACT for hit in found.procedures):
        return False
    if found.words.facets:
        return index.matter(found.words) <= BARE
    return not found.words.content and likeness < HALF_LIKE


def _is_question_all_the_same(found: Found, guess: Guess) -> bool:
    """Just what a clerk gave as a phrasing; or a procedure named beside a "cảm ơn"."""
    if not found.hits:
        return False
    best = found.hits[0]
    if best.likeness >= EXACT:
        return True
    if best.entry.kind is not Kind.PROCEDURE and guess.intent not in BESIDE:
        return False
    is_sure = found.sureness >= found.by.sure and guess.lead < CLEARLY
    return is_sure and (guess.intent in BESIDE or (best.likeness >= NAMED and guess.intent not in ACTED_ON))


def _talk(found: Found, guess: Guess) -> Understood:
    words, outcome = found.words, OUTCOMES.get(guess.intent, guess.intent)
    return Understood(outcome, facet=words.facet, facets=words.facets, intent=guess.intent)
