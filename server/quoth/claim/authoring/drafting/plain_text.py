"""The words of a text without its markup, and the places in the text that they come from.

What is passed over stays in the text, as ``quoth check`` reads it: a byte order mark, tags and references of HTML, the
hyphen and the line end within a word of a page, the line ends of lines that are broken to a width, form feeds.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quoth.claim.authoring.spans import Span

_PIECE = re.compile(
    r"""
    (?P<mark>\ufeff|\u00ad)
    |(?P<comment><!--|<(?:script|style|head)\b[^<>]{0,1000}>|<![^<>]{0,200}>)
    |(?P<block></?(?:p|div|br|h[1-6]|li|ul|ol|tr|table|blockquote|section|article|body|html|header|footer|hr)\b[^<>]{0,1000}>)
    |(?P<tag></?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]{0,1000})?/?>)
    |(?P<reference>&(?:\#\d{1,7}|\#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)
    |(?P<hyphen>(?<=[^\W\d_])[-\u00ad\u2010][ ]?\r?\n[ ]*(?=[^\W\d_]))
    |(?P<wrap>(?<=\S)[ ]?\r?\n(?=[ \t]*\S))
    |(?P<feed>\f)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_WRAP = re.compile(r"(?<=\S)[ ]?\r?\n(?=[ \t]*\S)")
_HTML = ("comment", "block", "tag", "reference")
_ENDED = re.compile(r"""[.!?:;…]["'”’»)\]]*$""")
_WIDTH = 40
"""Characters of a line that may have been broken to a width; shorter ones are headings or parts of a list."""

NOTICES = {
    "html": "it has markup of HTML, which is passed over where it is no part of a quotation",
    "hyphen": "words are broken at the ends of lines: quotations have them as the text has them",
    "wrap": "lines are broken to a width: a paragraph is what stands between empty lines",
    "feed": "it has form feeds, the ends of pages: headers and footers may stand within sentences",
    "mark": "it begins with a byte order mark or has soft hyphens, which are counted in offsets",
}
"""Notices about a text, by what was found in it."""


@dataclass(frozen=True)
class PlainText:
    """The words, for each of their characters the place in the text where it begins and where it ends, and notices."""

    words: str
    begins: Sequence[int]
    ends: Sequence[int]
    notices: tuple[str, ...]

    def original(self, span: Span) -> Span:
        """The span of the text for one of the words."""
        return Span(self.begins[span.start], self.ends[span.end - 1])


def plain_text(text: str) -> PlainText:
    """A text without its markup."""
    pieces: list[tuple[int, int, str]] = []
    notices: dict[str, None] = {}
    has_tags = re.search(r"</?(?:p|div|br|a|i|b|em|strong|span|html|body|h[1-6]|li)\b[^<>]*>", text, re.I) is not None
    is_wrapped = _is_wrapped(text)
    small = text.lower() if has_tags and len(text.lower()) == len(text) else text
    lacking: set[str] = set()
    at = 0
    while match := _PIECE.search(text, at):
        at = match.end()
        kind = str(match.lastgroup)
        if kind == "comment" and has_tags:
            at = _hidden_end(small, match, lacking)
            pieces.append((match.start(), at, "\n\n"))
            notices["html"] = None
        elif (other := _replacement(kind, match, text, has_tags, is_wrapped)) is not None:
            pieces.append((*match.span(), other))
            notices["html" if kind in _HTML else kind] = None
    if not pieces:
        return PlainText(text, range(len(text)), range(1, len(text) + 1), ())
    words: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    last = 0
    for start, end, other in (*pieces, (len(text), len(text), "")):
        words.append(text[last:start])
        begins += range(last, start)
        ends += range(last + 1, start + 1)
        words.append(other)
        begins += [start] * len(other)
        ends += [end] * len(other)
        last = end
    return PlainText("".join(words), begins, ends, tuple(NOTICES[name] for name in notices))


def _replacement(kind: str, match: re.Match[str], text: str, has_tags: bool, is_wrapped: bool) -> str | None:
    """The text that stands for a piece; None: it stays as it is."""
    if kind == "comment":
        return None
    if kind == "block":
        return "\n\n" if has_tags else None
    if kind == "tag":
        return "" if has_tags else None
    if kind == "reference":
        known = html.unescape(match[0])
        return None if known == match[0] else " " if known == "\xa0" else known
    if kind == "hyphen":
        return "" if text[match.end()].islower() else None
    if kind == "wrap":
        return " " if is_wrapped and len(_line_before(text, match)) >= _WIDTH else None
    if kind == "feed":
        return "\n\n" if _ENDED.search(text[max(0, match.start() - 9) : match.start()].rstrip()) else " "
    return ""


def _hidden_end(small: str, match: re.Match[str], lacking: set[str]) -> int:
    """The end of a comment, or of an element that no reader sees; without one that of its beginning. What has no end
    is ``lacking`` and not looked for again, so that the time stays in line with the length of the text."""
    name = re.match(r"<(!--|\w+)?", match[0].lower())
    closing = "-->" if name and name[1] == "!--" else f"</{name[1]}" if name and name[1] else ""
    if not closing or closing in lacking:
        return match.end()
    if (found := small.find(closing, match.end())) < 0:
        lacking.add(closing)
        return match.end()
    end = small.find(">", found)
    return end + 1 if end >= 0 else len(small)


def _is_wrapped(text: str) -> bool:
    """Whether lines are broken to a width: most that another one follows do not end as sentences do."""
    lines = [line for match in _WRAP.finditer(text) if len(line := _line_before(text, match)) >= _WIDTH]
    return len(lines) > 1 and 2 * sum(not _ENDED.search(line) for line in lines) > len(lines)


def _line_before(text: str, match: re.Match[str]) -> str:
    return text[text.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
