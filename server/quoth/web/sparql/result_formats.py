"""The formats of the endpoint's answers, and the one that a request means: by its name, else by negotiation."""

import re
from dataclasses import dataclass

from quoth.engine.api.interface import Wanted
from quoth.errors import UsageError
from quoth.formats import (
    HTML,
    JSON_RESULTS,
    JSONLD,
    RDF_FORMATS,
    RDFXML,
    RESULT_FORMATS,
    TURTLE,
    XML_RESULTS,
    Format,
    Kind,
)
from quoth.http.accept import best
from quoth.sparql.query_form import is_deterministic

SOLUTIONS: tuple[Format, ...] = (*RESULT_FORMATS, HTML)
"""The formats for SELECT and ASK, the default first."""
GRAPHS: tuple[Format, ...] = (*RDF_FORMATS, HTML)
"""The formats for CONSTRUCT, DESCRIBE and the service description, the default first."""
XML = (XML_RESULTS, RDFXML)
"""The formats that cannot carry every result: XML has no control characters, and RDF/XML not every predicate."""
_EVERY: tuple[Format, ...] = (*RESULT_FORMATS, *RDF_FORMATS, HTML)
_ALSO = {"n3": TURTLE, "xhtml": HTML}
# These name a syntax and not a format, so each stands for whichever format of that syntax fits the result.
_SYNTAXES = {
    **dict.fromkeys(("json", "application/json"), (JSON_RESULTS, JSONLD)),
    **dict.fromkeys(("xml", "application/xml", "text/xml"), XML),
}


@dataclass(frozen=True)
class Chosen:
    """The format for solutions and booleans, and the one for graphs; None where none is acceptable."""

    solutions: Format | None
    graph: Format | None

    @property
    def wanted(self) -> Wanted:
        """The formats to ask an engine for. A page is made out of a result that can be read as a stream."""
        table = _name(self.solutions, "json")
        return Wanted(table, table, _name(self.graph, "ntriples"))

    def of(self, kind: Kind) -> Format | None:
        """The format of a result of that kind."""
        return self.graph if kind == "graph" else self.solutions


def _name(format: Format | None, for_page: str) -> str | None:
    return None if format is None else for_page if format is HTML else format.name


def named(name: str) -> Chosen:
    """The formats that a ``format=`` names: by short name, file suffix or media type, however they are written.

    The first known one of several, between commas, counts: SPARQLWrapper sends such. Raises UsageError where none is
    known.

    >>> named("JSON-LD").graph.media_type, named("rdf+xml").graph.name, named("text/n3").graph.name
    ('application/ld+json', 'rdfxml', 'turtle')
    >>> named("json").solutions.name, named("json").graph.name, named("srj").graph
    ('json', 'jsonld', None)
    """
    # A + that was not percent-encoded arrives as a space.
    names = [part.partition(";")[0].strip().lower().replace(" ", "+") for part in name.split(",")]
    found = next(filter(None, map(_named, names)), None)
    if found is None:
        raise UsageError(
            f"there is no format {name[:80]!r}",
            where="format",
            remedy="name one of " + " ".join(f.name for f in _EVERY),
        )
    return found


def _named(name: str) -> Chosen | None:
    if name in _SYNTAXES:
        return Chosen(*_SYNTAXES[name])
    key = _key(name)
    found = next((f for f in _EVERY if name == f.media_type or name in f.aliases), None) or _ALSO.get(key)
    found = found or next((f for f in _EVERY if key in _keys(f)), None)
    return None if found is None else Chosen(found if found in SOLUTIONS else None, found if found in GRAPHS else None)


def chosen(name: str | None, accept: str | None) -> Chosen:
    """The formats of a request: those that it names, else those that its Accept header likes best."""
    return Chosen(best(accept, SOLUTIONS), best(accept, GRAPHS)) if name is None else named(name)


def besides_xml(accept: str | None) -> Chosen:
    """The formats that an Accept header likes best where the result cannot be written as XML."""
    return Chosen(*(best(accept, [f for f in formats if f not in XML]) for formats in (SOLUTIONS, GRAPHS)))


def listed() -> str:
    """The media types on offer, for a 406."""
    solutions, graphs = (", ".join(f.media_type for f in formats) for formats in (SOLUTIONS, GRAPHS))
    return f"for SELECT and ASK: {solutions}; for CONSTRUCT and DESCRIBE: {graphs}"


def caching(query: str) -> dict[str, str]:
    """The header fields that tell caches about the result of a query: a result that differs each time is for none."""
    return {"vary": "Accept", "cache-control": "no-cache" if is_deterministic(query) else "no-store"}


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)


def _keys(format: Format) -> set[str]:
    return {_key(n) for n in (format.name, format.suffix, format.title.lower(), format.media_type.partition("/")[2])}
