"""The words of a paragraph, with their sentences and quotations, as the features of a tagger need them."""

import re
from dataclasses import dataclass

from quoth.claim.authoring.drafting.language import Language

_TOKEN = re.compile(
    r"""
    (?:[A-Z]\.){2,}                             # U.S.
    |(?:Mr|Mrs|Ms|Dr|Gov|Sen|Rep|Lt|Gen|Col|Jr|Sr|St|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|No|vs|Prof|Rev|Inc|Corp|Co|Abg)\.(?=\s)
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
_STOPS = (".", "!", "?", "…")
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
    """The tokens of a part of a text; glosses take the place of words, several for one word if need be."""
    found = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text, start, end)]
    count = len(found)
    words = [word for _, _, word in found]
    first, sentences, quoted = [False] * count, [0] * count, [OUTSIDE] * count
    begins, number, inside = True, 0, False
    german = language.nouns_are_capital
    for i, word in enumerate(words):
        first[i], sentences[i] = begins, number
        if word in _EITHER or word in _OPEN or word in _CLOSE or (german and word == "“"):
            closes = inside and (word in _EITHER or word in _CLOSE or (german and word == "“"))
            inside = not closes
            quoted[i] = CLOSES if closes else OPENS
        else:
            quoted[i] = INSIDE if inside else OUTSIDE
        if word.isalnum() or len(word) > 2:
            begins = False
        if word in _STOPS:
            closed = i + 1 < count and words[i + 1] in (*_CLOSE, *_EITHER, "“", ")")
            after = i + 2 if closed else i + 1
            if after < count and (words[after][0].isupper() or not words[after][0].isalnum()):
                begins, number = True, number + 1
    for i in range(1, count):
        if quoted[i] == CLOSES and words[i - 1] in _STOPS:
            sentences[i] = sentences[i - 1]
    return Tokens([s for s, _, _ in found], [e for _, e, _ in found], words, first, sentences, quoted)
