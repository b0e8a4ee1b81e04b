"""Words of texts in several languages, compared without downloads: folded, without common endings, as character 4-grams.

Plain Python: pure modules of the apps above read it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]{2,}")
SUFFIXES = (
    "isierung", "isation", "ization", "lichen", "ationen", "ations", "ation", "ements", "ement", "ments", "ment",
    "ungen", "ingly", "ness", "ings", "ing", "tion", "ung", "ies", "ied", "ers", "ed", "er", "en", "es", "ly",
    "s", "e", "y",
)  # fmt: skip
STOP_WORDS = frozenset(
    """a an the and or of to in on for with by from at as is are be its it their our this that these those we they
    how what which who other others more most than into about across between through also can will one two all each
    has have not no non per via use used using based new de la le les des du et un une en pour dans sur der die das und
    oder mit von zu im am den dem ein eine el los las del y con por para una di e il lo gli per da un nel na i w z och
    att av ja tai""".split()
)


def fold(text: str) -> str:
    """Lower case, without accents: ``Malmö`` and ``malmo`` are the same word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Drop one common ending, but never leave fewer than four signs."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def words(text: str, stop: frozenset[str] = STOP_WORDS) -> list[str]:
    """The folded words of a text that carry meaning, in order."""
    return [word for word in WORD.findall(fold(text)) if word not in stop and not word.isdigit()]


@lru_cache(maxsize=100_000)
def grams_of(word: str) -> tuple[str, ...]:
    """The character 4-grams of a word with its borders."""
    padded = f" {word} "
    return tuple(padded[start : start + 4] for start in range(len(padded) - 3))


@lru_cache(maxsize=100_000)
def alike(word: str, other: str) -> bool:
    """Whether people would see why two words were taken for kin: one stem, six first letters, or half their 4-grams."""
    if stem(word) == stem(other) or word[:6] == other[:6]:
        return True
    one, two = set(grams_of(word)), set(grams_of(other))
    return 4 * len(one & two) >= len(one) + len(two)


def surface(text: str, stop: frozenset[str] = STOP_WORDS) -> dict[str, str]:
    """Folded word -> how it was written the first time, of the words that carry meaning."""
    written: dict[str, str] = {}
    for word in WORD.findall(text):
        folded = fold(word)
        if folded not in stop and not folded.isdigit():
            written.setdefault(folded, word)
    return written
