"""The words of a text that are nearest to a quotation which does not occur in it, and the first difference.

Both are compared in a folded form, in which characters that look alike are one: composed and decomposed letters, kinds
of spaces, quotation marks and dashes, capitals. Nothing is corrected: a quotation has the characters of its text.
"""

import functools
import json
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

QUOTATION_LIMIT = 300
"""Code points of a quotation that are looked for; the rest of a longer one is passed over."""

SEARCH_LIMIT = 10_000_000
"""Code points that are searched for all wrong quotations of one text; a search takes 0.02 s to 1 s for a million."""

_LEAST = 60
"""The least likeness, in percent, of words that are shown."""

_ALIKE = {**dict.fromkeys('‘’‚‛“”„‟«»‹›`´"', "'"), **dict.fromkeys("‐‑‒–—―−", "-"), "ß": "ss"}
_CONTROLS = {"\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN"}


@dataclass(frozen=True)
class Nearest:
    """Words of a text, from offset ``start`` in code points; ``alike`` if they look like the quotation.

    ``difference`` names the first characters that differ, of the text and of the quotation.
    """

    start: int
    words: str
    alike: bool
    difference: str


class TextSearch:
    """A text in which wrong quotations are looked for, until SEARCH_LIMIT is reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = SEARCH_LIMIT

    @functools.cached_property
    def _folded(self) -> "_Folded":
        return _Folded(self.text)

    def nearest(self, quotation: str) -> Nearest | None:
        """The words that are nearest to the quotation; None if none are near, or if nothing more is looked for."""
        self._left -= len(self.text)
        sought = _Folded(quotation).letters[:QUOTATION_LIMIT].strip()
        if self._left < 0 or not sought:
            return None
        folded = self._folded
        at = folded.letters.find(sought)
        if at >= 0:
            start, end = folded.span(at, at + len(sought))
        else:
            like = fuzz.partial_ratio_alignment(sought, folded.letters, score_cutoff=_LEAST)
            if like is None or like.dest_start == like.dest_end:
                return None
            start, end = self._whole_words(*folded.span(like.dest_start, like.dest_end))
        words = self.text[start:end]
        return Nearest(start, words, at >= 0, difference(quotation, words))

    def _whole_words(self, start: int, end: int) -> tuple[int, int]:
        """The span from the beginning of its first word to the end of its last one, if these are near."""
        text, most = self.text, 20
        before, after = start, end
        while before > max(0, start - most) and text[before - 1].isalnum() and text[before].isalnum():
            before -= 1
        while after < min(len(text), end + most) and text[after].isalnum() and text[after - 1].isalnum():
            after += 1
        words = text[before:after]
        return before + len(words) - len(words.lstrip()), after - len(words) + len(words.rstrip())


class _Folded:
    """A text in its folded form, and where each of its letters stands in the text."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        places: list[int] = []
        for at, character in enumerate(text):
            folded = _fold(character)
            if folded == " " and letters[-1:] == [" "]:
                continue
            letters += folded
            places += [at] * len(folded)
        self.letters = "".join(letters)
        self._text, self._places = text, places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text that a part of the folded form stands for, with the marks on its last letter."""
        first, last = self._places[start], self._places[end - 1] + 1
        while last < len(self._text) and unicodedata.combining(self._text[last]):
            last += 1
        return first, last


@functools.lru_cache(4096)
def _fold(character: str) -> str:
    if character.isspace():
        return " "
    parts = (_ALIKE.get(c, c) for c in unicodedata.normalize("NFKD", _ALIKE.get(character, character)))
    return "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf", "Cc")).casefold()


def difference(quotation: str, words: str) -> str:
    """The first characters of the quotation and of the words that differ, by name and code point.

    >>> difference("the ferry's late", "the ferry’s late")
    "U+2019 RIGHT SINGLE QUOTATION MARK where the quotation has U+0027 APOSTROPHE"
    """
    changes = [c for c in Levenshtein.opcodes(quotation, words) if c.tag != "equal"]
    if not changes:
        return ""
    first = last = changes[0]
    for change in changes[1:]:
        if change.src_start > last.src_end or change.dest_start > last.dest_end:
            break
        last = change
    own = _named(quotation[first.src_start : last.src_end])
    return f"{_named(words[first.dest_start : last.dest_end])} where the quotation has {own}"


def _named(characters: str) -> str:
    """The names and code points of a few characters."""
    names = [f"U+{ord(c):04X} {unicodedata.name(c, _CONTROLS.get(c, ''))}".strip() for c in characters[:3]]
    return " and ".join(names) + (" …" if len(characters) > 3 else "") if names else "nothing"


def as_written(words: str) -> str:
    """Words as a string of YAML or Turtle, in which what cannot be seen is written by its code point.

    >>> as_written("The ferry\\xa0was")
    '"The ferry\\\\u00A0was"'
    """
    quoted = json.dumps(words, ensure_ascii=False)
    return "".join(_code(c) if _invisible(quoted[:at], c) else c for at, c in enumerate(quoted))


def _invisible(before: str, character: str) -> bool:
    """Whether readers cannot see the character: of no width, another kind of space, or a decomposed letter's accent."""
    if unicodedata.category(character) == "Mn":
        return len(unicodedata.normalize("NFC", before[-1:] + character)) == 1
    return character != " " and unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _code(character: str) -> str:
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
