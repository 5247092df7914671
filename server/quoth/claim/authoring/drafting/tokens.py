"""The words of a paragraph, with their sentences and quotations, as the features of a tagger need them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

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
_MARKS = frozenset(',;:.!?“”„«»"()–—')
_PARAGRAPH = re.compile(r"[^\n\r\f]+")

OUTSIDE, INSIDE, OPENS, CLOSES = range(4)
"""The place of a token: outside of quotation marks, inside, or one of the marks itself."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of a paragraph: places in the text (code points), words as written, whether each is the first of its
    sentence, the number of its sentence, whether it is in quotation marks, and whether a comma was dropped before."""

    starts: list[int]
    ends: list[int]
    words: list[str]
    first: list[bool]
    sentences: list[int]
    quoted: list[int]
    comma_before: list[bool]

    def __len__(self) -> int:
        return len(self.words)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The places of the lines of a text that have words."""
    return [match.span() for match in _PARAGRAPH.finditer(text) if match[0].strip()]


def tokens(text: str, start: int, end: int, language: Language) -> Tokens:
    """The tokens of a part of a text."""
    found = [_Token(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text, start, end)]
    commas = [False] * len(found)
    if language.glosses:
        found = _with_particles(found, language)
        around = zip([None, *found[:-1]], found, [*found[1:], None], strict=True)
        gone = [_is_dropped(before, token, after, language) for before, token, after in around]
        commas = [n > 0 and gone[n - 1] for n in range(len(found)) if not gone[n]]
        found = [token for token, dropped in zip(found, gone, strict=True) if not dropped]
    words = [token.word for token in found]
    begins = [start, *(start + place for place in starts(text[start:end])), end]
    numbers: list[int] = []
    first: list[bool] = []
    number, seen = -1, False
    for token in found:
        while token.start >= begins[number + 1]:
            number, seen = number + 1, False
        numbers.append(number)
        first.append(not seen)
        seen = seen or token.word[0].isalnum()
    either = (*_EITHER, "“", "»", "«") if language.nouns_are_capital else _EITHER
    return Tokens(
        [t.start for t in found], [t.end for t in found], words, first, numbers, _quoted(words, either), commas
    )


class _Token(NamedTuple):
    """A word and its place. The word of a verb may have a particle before it that stands elsewhere in the text."""

    start: int
    end: int
    word: str


def _with_particles(found: list[_Token], language: Language) -> list[_Token]:
    """The tokens with each particle at the end of its clause put before its verb, if the lists know what comes of it:
    “teilte … mit” is “mitteilte”. Its place goes to the token before it, unless that is of a noun or a pronoun."""
    joined: list[_Token] = []
    for n, token in enumerate(found):
        ends_clause = n + 1 == len(found) or found[n + 1].word in _MARKS
        verb = _verb_of(token.word, joined, language) if ends_clause else -1
        if verb < 0:
            joined.append(token)
            continue
        joined[verb] = joined[verb]._replace(word=token.word + joined[verb].word)
        last = joined[-1].word
        if verb == len(joined) - 1 or (last.islower() and last not in language.rest["pronouns"]):
            joined[-1] = joined[-1]._replace(end=token.end)
    return joined


def _verb_of(particle: str, before: list[_Token], language: Language) -> int:
    """The number of the verb in the clause before a particle; -1: it is none."""
    if particle in language.rest["particles_of_verbs"]:
        for n in range(len(before) - 1, -1, -1):
            if before[n].word in _MARKS:
                break
            if particle + before[n].word in language.glosses:
                return n
    return -1


def _is_dropped(before: _Token | None, token: _Token, after: _Token | None, language: Language) -> bool:
    """Whether it is a comma that English would not have there: before “dass”, behind “sagte” or a closed quotation."""
    if token.word != ",":
        return False
    word = before.word.lower() if before else ""
    return (
        word in ("“", "”", "»", "«")
        or language.glosses.get(word, ("",))[0] in language.commas_dropped
        or (
            after is not None
            and language.classes.get(language.glosses.get(after.word.lower(), ("",))[0]) in ("THAT", "WH")
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
