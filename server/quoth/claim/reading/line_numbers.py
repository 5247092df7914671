"""The line on which an IRI first occurs in a document, for findings that say ``file:line``.

The document has been parsed before: these scans only tell IRIs from strings and comments.
"""

import json
import re
from urllib.parse import urljoin

_TURTLE = re.compile(
    r"""
    (?P<newline>\n)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<comment>\#[^\n]*)
  | (?P<string>\"{3}(?:[^"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
             | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
  | (?P<directive>@?\b(?:prefix|base)\b)
  | (?P<name>[^\W\d_][\w.-]*:[\w%:-]*(?:\.+[\w%:-]+)* | :[\w%:-]+(?:\.+[\w%:-]+)* | :)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_JSON_STRING = re.compile(r'\n|"(?:[^"\\\n]|\\.)*"')


def resolve(base: str, reference: str) -> str:
    """The IRI that a reference stands for (RFC 3986 §5), or the text itself if it is no reference."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def of_turtle(text: str, base: str) -> dict[str, int]:
    """Absolute IRI → line (from 1) of its first occurrence in Turtle, TriG, N-Triples or N-Quads."""
    lines: dict[str, int] = {}
    prefixes: dict[str, str] = {}
    line, directive, prefix = 1, "", ""
    for token in _TURTLE.finditer(text):
        kind, value = token.lastgroup, token.group()
        if kind == "iri":
            iri = resolve(base, value[1:-1])
            if directive == "prefix":
                prefixes[prefix] = iri
            elif directive == "base":
                base = iri
            else:
                lines.setdefault(iri, line)
            directive = ""
        elif kind == "directive":
            directive = value.lstrip("@").lower()
        elif kind == "name":
            head, _, tail = value.partition(":")
            if directive == "prefix":
                prefix = head
            elif head in prefixes:
                lines.setdefault(prefixes[head] + tail, line)
        line += value.count("\n")
    return lines


def of_json(text: str, base: str) -> dict[str, int]:
    """Absolute IRI → line (from 1) of the first string in a JSON-LD text that resolves to it."""
    lines: dict[str, int] = {}
    line = 1
    for token in _JSON_STRING.finditer(text):
        if token.group() == "\n":
            line += 1
            continue
        try:
            lines.setdefault(resolve(base, json.loads(token.group())), line)
        except ValueError:
            continue
    return lines
