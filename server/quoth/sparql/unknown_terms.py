"""What a query names that the data do not have: the usual reason why a query that parses gives nothing.

``mentions`` reads the IRIs of a query, and ``hints`` says which of them the data lack, with the term that may be meant.
Who runs a query asks for them where the result is empty, since only then are they worth their cost, which has a limit:
MENTIONS of a query of at most LARGE_QUERY_CHARS are looked up, by one query.
"""

import difflib
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

import pyoxigraph as ox

from quoth.claim.model.namespaces import KINDS, NAMESPACES, ONTOLOGY_IRI, RDF, XSD, Term, prefixed_name
from quoth.claim.model.ontology import ontology_quads
from quoth.sparql import named_queries, parameters, query_form
from quoth.sparql.query_limits import LARGE_QUERY_CHARS
from quoth.sparql.tokens import Token, line_and_column, tokens

MENTIONS = 64
"""Different IRIs of a query that are looked up."""
HINTS = 5
"""Hints that are given, the first ones of the text."""
_TERM_CHARS = 120

_RULES = f"{ONTOLOGY_IRI}/rule#"
_SAME_SPACE, _ANY_SPACE = 0.7, 0.9
"""How alike names have to be (difflib) in one namespace, and in two."""

Select = Callable[[str], Sequence[Mapping[str, Term]]]
"""Evaluates a SELECT query over the data."""


@dataclass(frozen=True)
class Mention:
    """An IRI that a query names: as it is written, where (code points; None: in no text), whether as a graph."""

    iri: str
    text: str
    start: int | None
    graph: bool


@dataclass(frozen=True)
class Hint:
    """What a query names that is not there: where, and what to do. ``meant`` is the IRI that may be meant, or empty;
    ``closed``: the term is of the ontology's namespaces, which have no others than those of the ontology."""

    detail: str
    remedy: str
    where: str
    term: str
    meant: str = ""
    closed: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.detail} ({self.remedy})"


def hints(
    text: str,
    base: str | None,
    select: Select,
    datasets: Mapping[str, Sequence[str]] | None = None,
    near: Callable[[str], str | None] = lambda iri: None,
) -> list[Hint]:
    """Hints about what a query names and the data do not have, in the order of the text, at most HINTS.

    ``datasets`` are the graphs that parameters of the request name, by the parameter. ``near`` gives the IRI of a thing
    of the dataset for one that is not there. A query that calls another endpoint has none: its terms may be of there.
    """
    named = [Mention(iri, f"<{iri}>", None, True) for iris in (datasets or {}).values() for iri in iris]
    found = [*named, *mentions(text, base)]
    distinct = list(dict.fromkeys(m.iri for m in found))[:MENTIONS]
    if not distinct:
        return []
    query = parameters.bind(named_queries.text("term-uses"), {"x": [ox.NamedNode(iri) for iri in distinct]})
    true = ox.Literal(True)
    uses = {_iri_of(row): {name for name, value in row.items() if value == true} for row in select(query)}
    parameter = {iri: name for name, iris in (datasets or {}).items() for iri in iris}
    asks_graphs = bool(named) or re.search(r"\b(?:GRAPH|FROM)\b", text, re.IGNORECASE) is not None
    given = {}
    for mention in found:
        has = uses.get(mention.iri)
        if has is None or (mention.iri, mention.graph) in given:
            continue
        where = parameter[mention.iri] if mention.start is None else _place(text, mention.start)
        hint = _hint(mention, where, has, base, near, query_form.prefixes(text), asks_graphs)
        if hint is not None:
            given[mention.iri, mention.graph] = hint
    return list(islice(given.values(), HINTS))


def _iri_of(row: Mapping[str, Term]) -> str:
    term = row["x"]
    assert isinstance(term, ox.NamedNode), "each ?x is among the terms of VALUES"
    return term.value


def _place(text: str, start: int) -> str:
    line, column = line_and_column(text, start)
    return f"line {line}, column {column}"


def _hint(
    mention: Mention,
    where: str,
    uses: Collection[str],
    base: str | None,
    near: Callable[[str], str | None],
    prefixes: Mapping[str, str],
    asks_graphs: bool,
) -> Hint | None:
    iri, written = mention.iri, mention.text[:_TERM_CHARS]
    if mention.graph:
        remedy = "GRAPH ?g { } matches every named graph" if "known" not in uses else "its content is a graph"
        if "known" in uses:
            remedy = "something else is called so; a claim’s graph is the value of its quoth:content"
        return None if "graph" in uses else Hint(f"there is no graph {written}", remedy, where, iri)
    if "known" in uses:
        if asks_graphs or "reported" not in uses or "asserted" in uses:
            return None
        detail = f"{written} is used in named graphs alone, and the query looks in the default graph"
        return Hint(detail, "write ?claim quoth:content ?content . GRAPH ?content { … } around the pattern", where, iri)
    if base and iri.startswith(base):
        meant = near(iri)
        remedy = f"did you mean <{meant.removeprefix(base)}>?" if meant else "check the spelling"
        return Hint(f"there is nothing called {written}", remedy, where, iri, meant or "")
    return about_term(iri, written, where, prefixes)


def about_term(iri: str, written: str, where: str, prefixes: Mapping[str, str]) -> Hint:
    """The hint about a term of a vocabulary that the data do not have; ``prefixes`` are those of the query."""
    meant = nearest(iri)
    ours = iri.startswith((f"{ONTOLOGY_IRI}#", f"{ONTOLOGY_IRI}/")) and not iri.startswith(_RULES)
    detail = f"{written} is no term of the ontology" if ours else f"no statement has {written}"
    if meant:
        remedy = f"did you mean {_abbreviated(meant, prefixes)}?"
    else:
        remedy = f"its terms are listed at {ONTOLOGY_IRI}" if ours else "check the spelling"
    return Hint(detail, remedy, where, iri, meant or "", ours)


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
                yield Mention(iri, token.text, token.start, before in ("GRAPH", "FROM", "NAMED"))
        at += 1


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


def nearest(iri: str, known: Iterable[str] | None = None) -> str | None:
    """The known term (default: any of the vocabulary) that is called most like an IRI: one of its namespace; else, if
    that has no terms or is the ontology's, one of all but the same name in another.

    >>> nearest("https://w3id.org/quoth/ns#atribution"), nearest("http://schema.org/headline")
    ('https://w3id.org/quoth/ns#attribution', 'https://schema.org/headline')
    """
    space, name = _split(iri)
    terms = [(term, *_split(term)) for term in (vocabulary() if known is None else known)]
    own = [t for t in terms if t[1] == space]
    others = terms if not own or iri.startswith(ONTOLOGY_IRI) else []
    for pool, cutoff in ((own, _SAME_SPACE), (others, _ANY_SPACE)):
        folded: dict[str, list[tuple[str, str, str]]] = {}
        for term in pool:
            folded.setdefault(term[2].casefold(), []).append(term)
        if close := difflib.get_close_matches(name.casefold()[:_TERM_CHARS], folded, 1, cutoff):
            return max(folded[close[0]], key=lambda t: difflib.SequenceMatcher(None, t[2], name).ratio())[0]
    return None


@functools.cache
def vocabulary() -> tuple[str, ...]:
    """The terms of the ontology, and those of other vocabularies that it or the code uses."""
    stated = (term.value for q in ontology_quads() for term in q.triple if isinstance(term, ox.NamedNode))
    listed = (space.iri + name for space in NAMESPACES for name in sorted(space.terms))
    return tuple(dict.fromkeys(iri for iri in (*stated, *listed, *KINDS) if prefixed_name(iri)))


def _split(iri: str) -> tuple[str, str]:
    """The namespace of an IRI, and the name within it."""
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]


def _abbreviated(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI as the query may write it: with a prefix that it declares, else with ours, else in full."""
    for prefix, space in prefixes.items():
        if iri.startswith(space[1:-1]) and re.fullmatch(r"[\w-]+", iri[len(space) - 2 :]):
            return prefix + iri[len(space) - 2 :]
    return prefixed_name(iri) or f"<{iri}>"
