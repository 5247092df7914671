"""The words that are compared, with their places: those of a submitted text, and those on record."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from quoth.index.word_pairs import normal, words

_EDITORIAL = re.compile(r"\[[^\[\]\n]{1,200}\]|\(sic!?\)", re.IGNORECASE)
_UNIT = re.compile(r"[%‰$€£¥](?=[\xa0\u202f ]?\d)|(?<=\d)[%‰$€£¥]|(?<=\d[\xa0\u202f ])[%‰$€£¥]")
"""A sign of a unit beside a number, which is a word of its own: without it the number is another one."""
_SIGN = re.compile(r"\W")


class Word(NamedTuple):
    """A word in plain letters, and its place. ``editorial``: whether it stands in square brackets."""

    normal: str
    start: int
    end: int
    editorial: bool = False


def tokens(text: str, start: int = 0, end: int | None = None, fold: Callable[[str], str] = normal) -> list[Word]:
    """The words of a part of a text, each in the letters that ``fold`` gives; a bracket within a word is no end of it
    (“[T]he”)."""
    part = text[start:end]
    brackets = [match.span() for match in _EDITORIAL.finditer(part)]
    every = words(part)
    if units := [*_UNIT.finditer(part)]:
        every = sorted([*every, *units], key=lambda match: match.start())
    if not brackets:
        return [Word(fold(match[0]), start + match.start(), start + match.end()) for match in every]
    found: list[Word] = []
    for match in every:
        first, last = start + match.start(), start + match.end()
        if found and text[found[-1].end : first] in ("[", "]", "]'", "]’"):
            found[-1] = Word(found[-1].normal + fold(match[0]), found[-1].start, last)
        else:
            found.append(Word(fold(match[0]), first, last, any(a <= match.start() < b for a, b in brackets)))
    return found


def letters(folded: Sequence[str]) -> list[str]:
    """The words that the index of pairs has: it knows no signs."""
    return [word for word in folded if not _SIGN.fullmatch(word)]
