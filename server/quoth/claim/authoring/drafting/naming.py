"""How a text calls the people in it, by the lists of its language: titles, articles, the last word of a name alone.

Drafts and imports (``claim.importing``) tell sources apart and together by these alike.
"""

import re
from collections.abc import Iterable

from quoth.claim.authoring.drafting.language import Language

_POSSESSIVE = re.compile(r"(?:'|’)s?$")
_BORN = ("jr", "sr")
_LAST = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*$")


def without_possessive(words: str) -> str:
    """Words without the ending of “Lind’s”."""
    return _POSSESSIVE.sub("", words)


def is_possessive(word: str) -> bool:
    """Whether a word is one of possession: “Lind’s”."""
    return _POSSESSIVE.search(word) is not None


def without_article(words: str, language: Language) -> str:
    """Words without the article that they begin with, where others follow: “the mayor”."""
    first, space, rest = words.partition(" ")
    return rest if space and first.lower() in language.rest["articles"] else words


def without_titles(words: str, language: Language) -> str:
    """A name of a person without titles, and what is before them; and without “Jr.” behind it. What is no such name
    stays: “the former president”, “Democratic Party”.

    >>> from quoth.claim.authoring.drafting.language import language
    >>> names = ("former Ilvin Gov. Mara Lind", "former president", "Dr. Berg Jr.")
    >>> [without_titles(name, language("en")) for name in names]
    ['Mara Lind', 'former president', 'Berg']
    """
    parts = words.split()
    first = max((n for n, part in enumerate(parts[:-1]) if is_title(part, language)), default=-1) + 1
    if first and not is_title(parts[-1], language) and not any(_joins(part, language) for part in parts[:first]):
        is_name = all(part[0].isupper() or part in language.rest["particles"] for part in parts[first:])
        is_organisation = any(part.lower() in language.rest["organisations"] for part in parts[first:])
        parts = parts[first:] if is_name and not is_organisation else parts
    while len(parts) > 1 and parts[-1].lower().rstrip(".,") in _BORN:
        parts = [*parts[:-2], parts[-2].rstrip(",")]
    return " ".join(parts)


def _joins(word: str, language: Language) -> bool:
    """Whether behind a word somebody else is named: “advisers to Mr. Berg”, “Tay, Mr. Berg”, “Tay’s Mr. Berg”."""
    return word.endswith(",") or is_possessive(word) or word.lower() in language.classes


def is_title(word: str, language: Language) -> bool:
    """Whether a word is one before a name: “Gov.”, “Senator”."""
    return word.lower().rstrip(".") in language.rest["titles"]


def gender(words: str, language: Language) -> str:
    """The list that a title among the words is in, ``men`` or ``women``; empty where there is none."""
    of_all = {word.lower().rstrip(".") for word in words.split()[:-1]}
    return next((name for name in ("women", "men") if of_all.intersection(language.rest[name])), "")


def by_surname(names: Iterable[str]) -> dict[str, str]:
    """The one name that is meant by the last word of names of several words, and by each of them: “Lind” after “Mara
    Lind”. Names are one where the longer ends in the shorter, or where a middle name alone tells two apart; by a word
    in which names of several people end nobody is meant.

    >>> sorted(by_surname(["Mara Lind", "Mara J. Lind"]).items())
    [('Lind', 'Mara Lind'), ('Mara J. Lind', 'Mara Lind'), ('Mara Lind', 'Mara Lind')]
    """
    ending: dict[str, set[str]] = {}
    for name in names:
        if (last := _LAST.search(name)) and last[0] != name:
            ending.setdefault(last[0], set()).add(name)
    meant: dict[str, str] = {}
    for last_word, several in ending.items():
        short = min(several, key=lambda name: (len(name.split()), name))
        ends_in_it = re.compile(rf"(^|(?<![’']s)(?<!,) ){re.escape(short)}$")
        longer = [name for name in several if not ends_in_it.search(name)]
        is_one = not longer or (len(longer) == 1 and _has_middle(longer[0], short))
        meant |= dict.fromkeys((last_word, *several), short) if is_one else {name: name for name in several}
    return meant


def _has_middle(name: str, short: str) -> bool:
    """Whether a name is the short one of two words with something in the middle."""
    parts = name.split()
    return [parts[0], parts[-1]] == short.split()
