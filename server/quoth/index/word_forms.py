"""Other ways to write a word: in its other regular forms, as one word or two, with other letters for umlauts.

The index has the words of a text as they are written, so that a search finds an exact word in any language, and a
beginning of a word too; the query is widened, not the index. Forms that no text has do no harm.
"""

import functools
import re
from collections.abc import Callable

import snowballstemmer
from language_tags import tags

_SHORTEST, _LONGEST = 4, 30
"""Letters of a word that is widened."""

_SHORTEST_PART = 3
_HYPHENS = re.compile("[-\u2010\u2011]")
_PLAIN = re.compile(r"[a-z]+")
_DOUBLED = re.compile(r".*[^aeiou][aeiou][bdgklmnprt]")
_PLAIN_UMLAUTS = {"ä": "a", "ö": "o", "ü": "u"}
_WRITTEN_OUT = re.compile("([aou])e")

_ENDINGS = (("", "s", "es", "ed", "ing"), ("e", "es", "ed", "ing"), ("y", "ies", "ied", "ying"))
"""The regular endings of nouns and verbs whose bases end in any letter, in e, in y."""


@functools.lru_cache(8192)
def forms(word: str) -> tuple[str, ...]:
    """The other regular forms of an English noun or verb, without those that begin with the word itself: its root with
    the other endings, as far as they do not change the stem (https://snowballstem.org/).

    >>> forms("talks"), forms("denied"), forms("army")
    (('talk', 'talkes', 'talked', 'talking'), ('deny', 'denies', 'denying'), ('armies', 'armied'))
    """
    plain = word.lower()
    if not _SHORTEST <= len(plain) <= _LONGEST or not _PLAIN.fullmatch(plain):
        return ()
    stem = snowballstemmer.stemmer("english").stemWord  # a stemmer has a state: threads cannot share it
    own, derived = stem(plain), list[str]()
    for endings in _ENDINGS:
        for ending in endings:
            root = plain.removesuffix(ending)
            if plain.endswith(ending) and len(root) > 1 and not root.endswith("i"):
                derived += [root + other for other in endings]
                if root[-1] == root[-2]:
                    derived += [root[:-1] + other for other in endings]
                elif _DOUBLED.fullmatch(root):
                    derived += [root + root[-1] + other for other in ("ed", "ing")]
    return tuple(form for form in dict.fromkeys(derived) if not form.startswith(plain) and stem(form) == own)


def divisions(word: str) -> list[str]:
    """A word as two, as it would be with a hyphen or a space in it; or one with hyphens as a single word.

    >>> divisions("ceasefire"), divisions("cease-fire")
    (['cea sefire', 'ceas efire', 'cease fire', 'ceasef ire'], ['ceasefire'])
    """
    if _HYPHENS.search(word):
        joined = _HYPHENS.sub("", word)
        return [joined] if joined.isalnum() else []
    if not word.isalpha() or len(word) > _LONGEST:
        return []
    return [f"{word[:at]} {word[at:]}" for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)]


def stemmer(language: str) -> Callable[[str], str] | None:
    """The function that stems words of a language (a tag, BCP 47), for one thread; None for a language without one.

    >>> [stemmer("de-AT")(word) for word in ("gesetz", "gesetze", "gesetzes")], stemmer("en")
    (['gesetz', 'gesetz', 'gesetz'], None)
    """
    algorithm = _algorithm(language.partition("-")[0])
    return snowballstemmer.stemmer(algorithm).stemWord if algorithm else None


@functools.cache
def _algorithm(language: str) -> str:
    """The name of the algorithm that stems words of a language (ISO 639), which is called like it in English; empty
    for none, and for English, whose forms are made (forms)."""
    known, names = snowballstemmer.algorithms(), tags.language(language)
    words = " ".join(names.description).lower().split() if names and language.lower() != "en" else []
    return next((word for word in words if word in known), "")


def umlauts(word: str) -> list[str]:
    """A word in lower case with a, o and u for ae, oe and ue, as the index has umlauts; one with umlauts, with these
    written out.

    >>> umlauts("aerzte"), umlauts("ärzte"), umlauts("haus")
    (['arzte'], ['aerzte'], [])
    """
    ways = (_WRITTEN_OUT.sub(r"\1", word), re.sub("[äöü]", lambda m: f"{_PLAIN_UMLAUTS[m[0]]}e", word))
    return [way for way in ways if way != word]
