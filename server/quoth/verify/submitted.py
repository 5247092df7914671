"""A submitted text (plain, Markdown or HTML) as words without markup, with the places where they come from."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from quoth.claim.authoring.drafting.plain_text import plain_text
from quoth.claim.authoring.spans import Span

_MARKDOWN = re.compile(
    r"""
    (?P<latex>``(?=[^`\n]{1,2000}?''(?!')))
    |(?P<fence>^[ ]{0,3}(?:```|~~~)[^\n]{0,200}\n.{0,20000}?^[ ]{0,3}(?:```|~~~)[ ]*$)
    |(?P<quote>^[ ]{0,3}>[> ]{0,20})
    |(?P<heading>^[ ]{0,3}\#{1,6}[ ]+)
    |(?P<target>(?<=[^\s\[])\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,300}")?\))
    |(?P<link>!?\[(?=[^\[\]\n]{1,500}\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,300}")?\)))
    |(?P<emphasis>\*{1,3}|(?<![^\W_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![^\W_])|`)
    |(?P<escape>\\(?=[!-/:-@\[-`{-~]))
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_REPLACED = {"fence": "\n", "latex": "``"}
_QUOTING = re.compile(r"<(/?)(blockquote|q)\b[^<>]{0,1000}>", re.IGNORECASE)
_SOURCE = re.compile(
    r"<(footer|cite|figcaption)\b[^<>]{0,1000}>[^<>]{1,300}</\1\s*>(?:\s|</?\w[^<>]{0,100}>)*\Z", re.IGNORECASE
)
"""The element at the end of a block that says whose words they are."""
_BLOCK = re.compile(r"(?:^[ ]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)


@dataclass(frozen=True)
class Submitted:
    """A text as it was submitted, its ``words`` without markup, the places in the text where each character of these
    begins and ends, and the ``blocks`` of the words that stand in elements or paragraphs of quotation."""

    text: str
    words: str
    begins: Sequence[int]
    ends: Sequence[int]
    blocks: tuple[Span, ...]

    def place(self, span: Span) -> Span:
        """The span of the text for one of the words, which is not empty."""
        return Span(self.begins[span.start], self.ends[span.end - 1])

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_and_column(self, place: int) -> tuple[int, int]:
        """The line and the column of a place in the text, each from 1; a column counts code points."""
        line = bisect_right(self._lines, place)
        return line, place - self._lines[line - 1] + 1


def submitted(text: str) -> Submitted:
    """A submitted text. What is Markdown in it is read as such, what is HTML is, too; plain text has neither."""
    unmarked, begins, ends = _without_markdown(text)
    plain = plain_text(unmarked)
    if plain.words == unmarked:
        words, first, last = unmarked, begins, ends
    else:
        words = plain.words
        first = [begins[place] for place in plain.begins]
        last = [ends[place - 1] for place in plain.ends]
    blocks = [*_elements(text), *(Span(*match.span()) for match in _BLOCK.finditer(text))]
    spans = (Span(bisect_left(first, block.start), bisect_left(first, block.end)) for block in blocks)
    return Submitted(
        text, words, first, last, tuple(sorted(span for span in spans if words[span.start : span.end].strip()))
    )


def _without_markdown(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text without marks of Markdown, and where its characters begin and end."""
    pieces: list[tuple[int, int, str]] = []
    for match in _MARKDOWN.finditer(text):
        start = match.start()
        # A line that goes on with a block of quotation goes on with its paragraph.
        if match.lastgroup == "quote" and _goes_on(text, match):
            pieces.append((start - 1, match.end(), " "))
        else:
            pieces.append((start, match.end(), _REPLACED.get(str(match.lastgroup), "")))
    if not pieces:
        return text, range(len(text)), range(1, len(text) + 1)
    words: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    last = 0
    for start, end, other in (*pieces, (len(text), len(text), "")):
        words += (text[last:start], other)
        begins += [*range(last, start), *[start] * len(other)]
        ends += [*range(last + 1, start + 1), *[end] * len(other)]
        last = end
    return "".join(words), begins, ends


def _goes_on(text: str, match: re.Match[str]) -> bool:
    before = text[text.rfind("\n", 0, max(0, match.start() - 1)) + 1 : max(0, match.start() - 1)].lstrip()
    return before.startswith(">") and before.strip("> ") != "" and text[match.end() : match.end() + 1] not in ("\n", "")


def _elements(text: str) -> list[Span]:
    """The outermost elements of HTML that quote, without their tags."""
    found: list[Span] = []
    depth = start = 0
    for match in _QUOTING.finditer(text):
        if not match[1]:
            start = match.end() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                source = _SOURCE.search(text, start, match.start())
                found.append(Span(start, source.start() if source else match.start()))
    return found
