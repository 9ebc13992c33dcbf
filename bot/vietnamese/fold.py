"""One form for text that people type in many: Unicode, tone placement, letter repetition, and no diacritics at all."""

import re
import unicodedata
from functools import lru_cache

# not "c" and "w", of which "cccd" and "www" have three
_REPEATED = re.compile(r"([abd-vx-zà-ỹ])\1{2,}")
# Marks that keyboards and phones leave behind: zero-width characters, soft hyphens, direction marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


def normalise(text: str) -> str:
    """Lower-case NFC with single spaces and no letter more than twice in a row ("emmmm" is "em" typed with feeling)."""
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).lower()
    return " ".join(_REPEATED.sub(r"\1", plain).split())


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower().replace("đ", "d").replace("Đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def spell(word: str) -> str:
    """A syllable with its tone written last, so that "hoà" and "hòa" are the same and "hoá" is another."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tone = next((letter for letter in decomposed if letter in _TONES), "")
    rest = "".join(letter for letter in decomposed if letter not in _TONES)
    return unicodedata.normalize("NFC", rest) + (str(_TONES.index(tone) + 1) if tone else "")


def fold(text: str) -> str:
    """The text as someone without a Vietnamese keyboard types it; "hoà" and "hòa" become the same."""
    bare = " ".join(fold_word(word) for word in normalise(text).split(" "))
    return " ".join(_REPEATED.sub(r"\1", bare).split())  # without marks more letters and spaces are the same
