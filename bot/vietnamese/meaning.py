"""The one entrance: what a citizen means by a message, by itself or after what was said."""

from dataclasses import replace

from bot.vietnamese.followups import NOTHING_SAID, Context, corrected, lean
from bot.vietnamese.intents import OUTCOMES, Guess
from bot.vietnamese.retrieval import Index, Kind
from bot.vietnamese.several import several
from bot.vietnamese.understanding import Found, Understood, decide, look_up
from bot.vietnamese.words import read

BESIDE = frozenset({"greeting", "thanks", "agreement", "refusal", "laughter", "who", "vague", "back", "stop"})
ACTED_ON = frozenset({"denunciation", "stop"})  # what is said is forgotten, or the news are stopped: not on a hunch
GRAVE = 0.4
CLEARLY = 0.8  # lead of another intent that even a known procedure does not outweigh
HALF_LIKE = 0.5  # less like any phrasing, words without content are just that
BARE = 2.0  # so little matter beside a facet
NAMED = 0.6  # so like a phrasing, a procedure is asked about whatever else it sounds like
EXACT = 0.9  # so like a phrasing that a clerk gave, nothing else is meant


def understand(index: Index, text: str, context: Context = NOTHING_SAID) -> Understood:
    text = corrected(text) if context.topic else text
    words = read(text, index.lexicon)
    found = look_up(index, words)
    return settle(index, text, found, index.intents.guess(words), context)


def settle(index: Index, text: str, found: Found, guess: Guess, context: Context = NOTHING_SAID) -> Understood:
    """From what was looked up to one meaning."""
    leaning = lean(index, found, guess, context)
    if leaning:
        return leaning
    if guess.lead > found.by.talk + (GRAVE if guess.intent in ACTED_ON else 0.0) and not _is_question_all_the_same(
        found, guess
    ):
        return _talk(found, guess)
    if _says_nothing(index, found):
        return _talk(found, Guess("vague", 0.0))
    meant = (None if found.named else several(index, text, found)) or decide(index, found)
    if context.topic and meant.outcome == "choices" and found.sureness >= found.by.sure:
        return replace(meant, outcome="answer", choices=())  # in the middle of a talk the usual one is meant
    return meant


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
