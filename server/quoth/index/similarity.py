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

_INITIALS = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")
_WORD = re.compile(r"[^\W_]+")


def folded_words(text: str) -> list[str]:
    """The words of a text without case, accents (Unicode: NFKD, case folding), punctuation and the dots of initials."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _WORD.findall(_INITIALS.sub(lambda initials: initials[0].replace(".", ""), plain))


@functools.lru_cache(8192)
def folded(name: str) -> str:
    """The folded words of the first NAME_LIMIT characters of a name, without an article at its head.

    >>> folded("The  Café-Guild (U.S.)")
    'cafe guild us'
    """
    words = folded_words(name[:NAME_LIMIT])
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


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
