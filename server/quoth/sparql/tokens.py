"""The terminals of a SPARQL query (SPARQL 1.1 Query Language §19.8), in its most usual reading.

query_form.py judges a query by them; service_calls.py follows every other reading too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LETTER = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
LETTER += r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
WORD = rf"[{LETTER}_0-9\u00B7\u0300-\u036F\u203F\u2040]"
_LOCAL = rf"(?:{WORD}|[-.:]|%[0-9A-Fa-f]{{2}}|\\[-_~.!$&'()*+,;=/?#@%])"
GAP = r"(?:[ \t\r\n]|\#[^\r\n]*)*+"
SOME_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*)++"
IRI = r'<[^<>"{}|^`\x00-\x20]*+>'
VARIABLE = rf"[?$]{WORD}++"
# Without the bound, a query of a million "a-a-a-" is read a million times over. A longer prefix falls apart.
PREFIX_LENGTH = 255
PREFIXED = rf"(?:[{LETTER}](?:{WORD}|[-.]){{0,{PREFIX_LENGTH}}}+)?:{_LOCAL}*+"

TOKENS = re.compile(
    rf"""
      (?P<gap>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<iri>{IRI})
    | (?P<string>(?P<long>\"\"\"|''')(?:[^\\]|\\.)*?(?P=long)|"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
    | (?P<open>["'])
    | (?P<variable>{VARIABLE})
    | (?P<blank>_:{_LOCAL}*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9-]++)?)
    | (?P<prefixed>{PREFIXED})
    | (?P<word>{WORD}++)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_UNCLOSED_LIMIT = 64
"""Quotation marks without a partner after which reading stops: each costs a look at the rest of the text, and a query
that parses has none."""


@dataclass(frozen=True)
class Token:
    """One terminal: its kind (a group of TOKENS), its text, and its place in the query (code points)."""

    kind: str
    text: str
    start: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens of a query from a place on, without white space and comments.

    They end where a string is opened and never closed.
    """
    unclosed = 0
    for match in TOKENS.finditer(text, start):
        kind = match.lastgroup
        unclosed += is_unclosed(text, match)
        if kind == "open" or unclosed > _UNCLOSED_LIMIT:
            return
        if kind is not None and kind != "gap":
            yield Token(kind, match[0], match.start())


def is_unclosed(text: str, match: re.Match[str]) -> bool:
    """Whether the match begins a string that is never closed; three marks may still be an empty string and a mark."""
    return match.lastgroup == "open" or (
        match[0] in ('""', "''") and text[match.end() : match.end() + 1] == match[0][0]
    )


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset in a text; columns count code points."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
