"""The IRIs that the text of a query names, and the strings that follow them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF, XSD
from quoth.sparql.query_limits import LARGE_QUERY_CHARS
from quoth.sparql.tokens import Token, tokens


@dataclass(frozen=True)
class Mention:
    """An IRI that a query names: as it is written, where (code points; None: in no text), whether as a graph; and the
    string without a datatype that follows it, with its language if it has one: of a property, that is a value."""

    iri: str
    text: str
    start: int | None
    graph: bool
    string: tuple[Token, ...] = ()


def mentions(text: str, base: str | None) -> Iterator[Mention]:
    """The IRIs in a query's patterns: not those of the prologue, of datatypes and functions, or of the template of a
    CONSTRUCT. None of a text that is long, or calls SERVICE."""
    stream = list(tokens(text)) if len(text) <= LARGE_QUERY_CHARS else []
    if any(token.text.upper() == "SERVICE" for token in stream):
        return
    prefixes: dict[str, str] = {}
    at = 0
    while at < len(stream):
        token, before = stream[at], stream[at - 1].text.upper() if at else ""
        following = stream[at + 1].text if at + 1 < len(stream) else ""
        word = token.text.upper()
        if word == "PREFIX" and at + 2 < len(stream):
            prefixes[following] = _resolved(base, stream[at + 2].text[1:-1])
            at += 2
        elif word == "BASE" and following.startswith("<"):
            base = _resolved(base, following[1:-1])
            at += 1
        elif word == "CONSTRUCT" and following == "{":
            at = _close(stream, at + 1)
        elif token.kind in ("iri", "prefixed") and following != "(" and not _typed(stream, at):
            iri = _iri(token, prefixes, base)
            if iri is not None and not iri.startswith(XSD.iri) and iri != RDF.langString.value:
                string = _string(stream[at + 1 : at + 4])
                yield Mention(iri, token.text, token.start, before in ("GRAPH", "FROM", "NAMED"), string)
        at += 1


def _string(following: Sequence[Token]) -> tuple[Token, ...]:
    """The string with which tokens begin, and its language; nothing for a typed one."""
    kinds = [token.kind for token in following]
    if kinds[:1] != ["string"] or [token.text for token in following[1:]] == ["^", "^"]:
        return ()
    return tuple(following[: 2 if kinds[1:2] == ["language"] else 1])


def _typed(stream: Sequence[Token], at: int) -> bool:
    """Whether the token is the datatype of a literal."""
    return at > 1 and stream[at - 1].text == stream[at - 2].text == "^"


def _close(stream: Sequence[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(stream)):
        depth += {"{": 1, "}": -1}.get(stream[index].text, 0)
        if depth == 0:
            return index
    return len(stream)


def _resolved(base: str | None, iri: str) -> str:
    return urljoin(base, iri) if base and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else iri


def _iri(token: Token, prefixes: Mapping[str, str], base: str | None) -> str | None:
    """The absolute IRI of a token; None where the query does not say it."""
    if token.kind == "iri":
        iri = _resolved(base, token.text[1:-1])
    else:
        prefix, _, name = token.text.partition(":")
        if f"{prefix}:" not in prefixes:
            return None
        iri = prefixes[f"{prefix}:"] + re.sub(r"\\(.)", r"\1", name.rstrip("."))
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        return None
