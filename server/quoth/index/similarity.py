"""Comparing names: one folded form, and one score of two folded names, for search, reconciliation and links.

A score orders candidates; it is no probability. These functions know no SQLite and no HTTP.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

NAME_LIMIT = 500
"""Characters of a name that are compared."""

NAME_WEIGHTS = {"name-similarity": 0.35, "name-words": 0.45, "name-part": 0.2}
"""The parts of the score of two names that differ: this sum, of at most MOST_SIMILAR. /reconcile calls them so."""

MOST_SIMILAR = 90.0
"""The highest score of two names that differ, of 100."""

_INITIALS = re.compile(r"(?<![^\W_])[^\W\d_](?:[.\s]+[^\W\d_])+(?![^\W_])")
_WORD = re.compile(r"[^\W_]+")
_INVERTED = re.compile(r"([^,]*\w[^,]*),([^,]*\w[^,]*)")
_NAME_WORDS = 6
"""Words of a name that may have initials: longer texts are no names of people."""

_LATIN = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*)?")
_LETTERS = {"ð": "d", "þ": "th", "ŋ": "n", "ı": "i", "ĸ": "k"}
"""Letters whose names in Unicode do not say by which letters they are written where they are missing."""

APOSTROPHES = "ʹʻʼʽʾʿˈˊˋꞌ"
"""Letters, as Unicode has them, that are written for an apostrophe or look like one."""
_INVISIBLE = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff"))
_TYPED = {**dict.fromkeys(map(ord, APOSTROPHES + "‘’‛′´`＇"), "'"), **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")}


def visible(text: str) -> str:
    """A text without soft hyphens and characters of no width that part no words."""
    return text.translate(_INVISIBLE)


def typed(text: str) -> str:
    """The visible text with the apostrophe and the hyphen of ASCII for all others.

    >>> typed("Dʼarcy’s so\xadcalled cease–fire")
    "D'arcy's socalled cease-fire"
    """
    return visible(text).translate(_TYPED)


def plain(text: str) -> str:
    """A text without case and accents (Unicode: NFKD, case folding), with the letters of ASCII for others of the Latin
    script, as their names in Unicode give them, and its digits for those of other scripts.

    >>> plain("Łukasz Sørensen, Đorđević, Straße, Æon, Œuvre, ١٢")
    'lukasz sorensen, dordevic, strasse, aeon, oeuvre, 12'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", typed(text).casefold()).translate(_TYPED)
    return "".join(_plain(c) for c in decomposed if not unicodedata.combining(c))


@functools.lru_cache(4096)
def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    name = _LATIN.fullmatch(unicodedata.name(letter, ""))
    return _LETTERS.get(letter) or (name[1].lower() if name else letter)


def folded_words(text: str) -> list[str]:
    """The words of a text in plain letters, without punctuation; initials are one word, with or without dots."""
    return _WORD.findall(_INITIALS.sub(lambda initials: re.sub(r"[.\s]", "", initials[0]), plain(text)))


@functools.lru_cache(8192)
def folded(name: str) -> str:
    """The folded words of the first NAME_LIMIT characters of a name, without an article at its head.

    >>> folded("The  Café-Guild (U.S.)"), folded("J. K. Løvås")
    ('cafe guild us', 'jk lovas')
    """
    words = folded_words(name[:NAME_LIMIT])
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def inverted(name: str) -> str:
    """A name that is written with the family name and a comma first, in the order of speech; empty for any other.

    >>> inverted("Smith, J. K."), inverted("Smith"), inverted("Rome, Paris, Oslo")
    ('J. K. Smith', '', '')
    """
    parts = _INVERTED.fullmatch(name[:NAME_LIMIT])
    return f"{parts[2].strip()} {parts[1].strip()}" if parts else ""


def agree_by_initials(one: str, other: str) -> bool:
    """Whether two names of people can be one, where initials stand for given names or some of these are missing.

    >>> agree_by_initials("John K. Smith", "J. Kevin Smith"), agree_by_initials("J. Smith", "K. Smith")
    (True, False)
    """
    shorter, longer = sorted((_WORD.findall(plain(name[:NAME_LIMIT])) for name in (one, other)), key=len)
    if not 2 <= len(shorter) <= len(longer) <= _NAME_WORDS or shorter[-1] != longer[-1] or len(shorter[-1]) < 2:
        return False

    def fit(given: str, full: str) -> bool:
        return given == full or (1 in (len(given), len(full)) and given[0] == full[0])

    others = iter(longer[1:-1])
    return fit(shorter[0], longer[0]) and all(any(fit(name, full) for full in others) for name in shorter[1:-1])


def similarity(one: str, other: str) -> dict[str, float]:
    """The parts of NAME_WEIGHTS, each from 0 to 100, for two folded names: letter by letter (optimal string
    alignment); the words in any order; the shorter name within the longer one."""
    return {
        "name-similarity": 100 * OSA.normalized_similarity(one, other),
        "name-words": fuzz.token_sort_ratio(one, other),
        "name-part": fuzz.token_set_ratio(one, other),
    }


def similarity_score(parts: Mapping[str, float]) -> float:
    """The score of two names that differ, from 0 to MOST_SIMILAR, out of the parts of their similarity."""
    return sum(weight * parts[part] for part, weight in NAME_WEIGHTS.items()) * MOST_SIMILAR / 100
