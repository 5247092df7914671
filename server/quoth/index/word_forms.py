"""How else a word may stand in a text: in its other regular forms, and in one word or two.

The words of an index stay as they are written, so that what somebody looks for exactly is always found, in whatever
language, and a beginning of a word stays one; it is the question that is widened. Forms that no text has do no harm.
"""

import re

_SHORTEST, _LONGEST = 4, 30
"""Letters of a word that is widened."""

_SHORTEST_BASE = 3
_HYPHENS = re.compile("[-\u2010\u2011]")
_PLAIN = re.compile(r"[a-z]+")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")
_DOUBLES = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
_NO_PLURALS = re.compile(r"(?:[siu]s|^news)$")


def forms(word: str) -> list[str]:
    """The other regular forms of an English noun or verb, without those that begin with the word itself.

    >>> forms("talks"), forms("agency"), forms("denied")
    (['talk', 'talked', 'talking'], ['agencies', 'agencied'], ['deny', 'denies', 'denying'])
    """
    plain = word.lower()
    if not _SHORTEST <= len(plain) <= _LONGEST or not _PLAIN.fullmatch(plain):
        return []
    found = dict.fromkeys(form for base in _bases(plain) for form in _forms_of(base))
    return [form for form in found if not form.startswith(plain)]


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
    return [f"{word[:at]} {word[at:]}" for at in range(_SHORTEST_BASE, len(word) - _SHORTEST_BASE + 1)]


def _bases(word: str) -> list[str]:
    """What the word may be a form of."""
    if word.endswith(("ies", "ied")):
        found = [word[:-3] + "y"]
    elif word.endswith("ed"):
        found = [word[:-2], word[:-1]]
    elif word.endswith("ing"):
        found = [word[:-3], word[:-3] + "e"]
    elif word.endswith("es") and _SIBILANT.search(word[:-2]):
        found = [word[:-2], word[:-1]]
    elif word.endswith("s") and not _NO_PLURALS.search(word):
        found = [word[:-1]]
    else:
        found = [word]
    found += [_DOUBLED.sub(r"\1", base) for base in found if base != word and _DOUBLED.search(base)]
    return [base for base in found if len(base) >= _SHORTEST_BASE and re.search("[aeiouy]", base)]


def _forms_of(base: str) -> list[str]:
    if base.endswith("e"):
        return [base, base + "s", base + "d", base[:-1] + "ing"]
    if re.search("[^aeiou]y$", base):
        return [base, base[:-1] + "ies", base[:-1] + "ied", base + "ing"]
    found = [base, base + ("es" if _SIBILANT.search(base) else "s"), base + "ed", base + "ing"]
    if _DOUBLES.search(base):
        found += [base + base[-1] + ending for ending in ("ed", "ing")]
    return found
