"""What a query names that the data do not have: the usual reason why a query that parses gives nothing.

``hints`` says which of the IRIs of a query (mentions.py) the data lack, with the term that may be meant.
Who runs a query asks for them where the result is empty, since only then are they worth their cost, which has a limit:
MENTIONS of a query of at most LARGE_QUERY_CHARS (query_limits.py) are looked up, by one query.
"""

import difflib
import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from quoth.claim.model.namespaces import KINDS, NAMESPACES, ONTOLOGY_IRI, Term, prefixed_name
from quoth.claim.model.ontology import ontology_quads
from quoth.corpus import bases
from quoth.sparql import named_queries, parameters, query_form
from quoth.sparql.mentions import Mention, mentions
from quoth.sparql.tokens import line_and_column

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
    here = {iri: own for iri in distinct if (own := _same_path(iri, base))}
    asked = [ox.NamedNode(iri) for iri in dict.fromkeys([*distinct, *here.values()])]
    query = parameters.bind(named_queries.text("term-uses"), {"x": asked})
    true = ox.Literal(True)
    uses = {_iri_of(row): {name for name, value in row.items() if value == true} for row in select(query)}
    parameter = {iri: name for name, iris in (datasets or {}).items() for iri in iris}
    asks_graphs = bool(named) or re.search(r"\b(?:GRAPH|FROM)\b", text, re.IGNORECASE) is not None
    given = {}
    for mention in found:
        has = uses.get(mention.iri)
        if has is None or (mention.iri, mention.graph) in given:
            continue
        where = parameter[mention.iri] if mention.start is None else place(text, mention.start)
        hint = _hint(mention, where, has, base, near, query_form.prefixes(text), asks_graphs)
        own = here.get(mention.iri, "")
        if base and hint is not None and not mention.graph and "known" not in has and "known" in uses.get(own, ()):
            written, remedy = mention.text[:_TERM_CHARS], f"did you mean <{own.removeprefix(base)}>?"
            hint = Hint(f"there is nothing called {written}", remedy, where, mention.iri, own)
        if hint is not None:
            given[mention.iri, mention.graph] = hint
    return list(islice(given.values(), HINTS))


def _iri_of(row: Mapping[str, Term]) -> str:
    term = row["x"]
    assert isinstance(term, ox.NamedNode), "each ?x is among the terms of VALUES"
    return term.value


def _same_path(iri: str, base: str | None) -> str | None:
    """The IRI of the dataset with the path of one that is of another host, as examples and other releases have it."""
    match = re.match(r"https?://[^/]+/(?:.*?/)?(id/.+)", iri)
    return f"{base}{match[1]}" if base and match and not iri.startswith(base) else None


def place(text: str, start: int) -> str:
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
        content = "?claim quoth:content ?g . " if "claimed" in uses else ""
        return Hint(detail, f"write {content}GRAPH ?g {{ … }} around the pattern", where, iri)
    if base and iri.startswith((base, *bases.spaces(base))):
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
        short = abbreviated(meant, prefixes)
        if short == written:  # one prefix for two namespaces
            detail, short = f"no statement has <{iri[:_TERM_CHARS]}>", f"<{meant}>"
        remedy = f"did you mean {short}?"
    else:
        remedy = f"its terms are listed at {ONTOLOGY_IRI}" if ours else "check the spelling"
    return Hint(detail, remedy, where, iri, meant or "", ours)


def nearest(iri: str, known: Iterable[str] | None = None) -> str | None:
    """The known term (default: any of the vocabulary) that is called most like an IRI: one of its namespace; else, if
    that has no terms or is the ontology's, one of all but the same name in another.

    >>> nearest("https://w3id.org/quoth/ns#atribution"), nearest("http://schema.org/headline")
    ('https://w3id.org/quoth/ns#attribution', 'https://schema.org/headline')
    """
    space, name = split_iri(iri)
    terms = [(term, *split_iri(term)) for term in (vocabulary() if known is None else known)]
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


def split_iri(iri: str) -> tuple[str, str]:
    """The namespace of an IRI, and the name within it."""
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]


def abbreviated(iri: str, prefixes: Mapping[str, str], base: str | None = None) -> str:
    """An IRI as the query may write it: relative to the base, with a prefix that it declares, with ours, or in full."""
    if base and iri.startswith(base):
        return f"<{iri.removeprefix(base)}>"
    for prefix, space in prefixes.items():
        if iri.startswith(space[1:-1]) and re.fullmatch(r"[\w-]+", iri[len(space) - 2 :]):
            return prefix + iri[len(space) - 2 :]
    return prefixed_name(iri) or f"<{iri}>"
