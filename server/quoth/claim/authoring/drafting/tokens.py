"""The words of a paragraph, with their sentences and quotations, as the features of a tagger need them."""

import re
from dataclasses import dataclass

from quoth.claim.authoring.drafting.language import Language
from quoth.claim.checking.sentence_ends import starts

_TOKEN = re.compile(
    r"""
    (?:[A-Z]\.){2,}                             # U.S.
    |(?:Mr|Mrs|Ms|Dr|Gov|Sen|Rep|Lt|Gen|Col|Jr|Sr|St|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|No|vs|Prof|Rev|Inc|Corp|Co|Abg)\.(?=\s)
    |\d\d?\.(?=\s(?:J[aä]n|Feb|Mär|Apr|Mai|Jun[i.]|Jul[i.]|Aug|Sep|Okt|Nov|Dez))   # am 3. Oktober
    |\w+n['’]t\b
    |['’](?:s|re|ve|ll|d|m)\b
    |\d+(?:[.,:]\d+)*%?
    |\w+(?:[-–.@&]\w+)*
    |''|``|--+|\.\.\.+
    |[^\w\s]
    """,
    re.VERBOSE,
)
_OPEN, _CLOSE, _EITHER = ("“", "``", "„", "«"), ("”", "»"), ('"', "''")
_PARAGRAPH = re.compile(r"[^\n\r\f]+")

OUTSIDE, INSIDE, OPENS, CLOSES = range(4)
"""The place of a token: outside of quotation marks, inside, or one of the marks itself."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of a paragraph: places in the text (code points), words as written, whether each is the first of its
    sentence, the number of its sentence, and whether it is in quotation marks."""

    starts: list[int]
    ends: list[int]
    words: list[str]
    first: list[bool]
    sentences: list[int]
    quoted: list[int]

    def __len__(self) -> int:
        return len(self.words)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The places of the lines of a text that have words."""
    return [match.span() for match in _PARAGRAPH.finditer(text) if match[0].strip()]


def tokens(text: str, start: int, end: int, language: Language) -> Tokens:
    """The tokens of a part of a text."""
    found = list(_TOKEN.finditer(text, start, end))
    if language.commas_dropped:
        found = [
            match
            for match, after in zip(found, [*found[1:], None], strict=True)
            if not _is_dropped(match, after, text, language)
        ]
    words = [match[0] for match in found]
    begins = [start, *(start + place for place in starts(text[start:end])), end]
    numbers: list[int] = []
    first: list[bool] = []
    number, seen = -1, False
    for match in found:
        while match.start() >= begins[number + 1]:
            number, seen = number + 1, False
        numbers.append(number)
        first.append(not seen)
        seen = seen or match[0][0].isalnum()
    either = (*_EITHER, "“") if language.nouns_are_capital else _EITHER
    return Tokens([m.start() for m in found], [m.end() for m in found], words, first, numbers, _quoted(words, either))


def _is_dropped(match: re.Match[str], after: re.Match[str] | None, text: str, language: Language) -> bool:
    """Whether it is a comma that English would not have there: before “dass”, behind “sagte” or a closed quotation."""
    if match[0] != ",":
        return False
    before = re.search(r"\w*[“”»]?$", text[max(0, match.start() - 30) : match.start()])
    word = before[0].lower() if before else ""
    return (
        word[-1:] in ("“", "”", "»")
        or language.glosses.get(word, ("",))[0] in language.commas_dropped
        or (
            after is not None
            and language.classes.get(language.glosses.get(after[0].lower(), ("",))[0]) in ("THAT", "WH")
        )
    )


def _quoted(words: list[str], either: tuple[str, ...]) -> list[int]:
    """The place of each word; a mark in ``either`` opens a quotation or closes it."""
    quoted, inside = [], False
    for word in words:
        if word in either or word in _OPEN or word in _CLOSE:
            inside = not (inside and (word in either or word in _CLOSE))
            quoted.append(OPENS if inside else CLOSES)
        else:
            quoted.append(INSIDE if inside else OUTSIDE)
    return quoted
