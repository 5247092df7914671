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
class AcceptableFormats:
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


def by_format_name(name: str) -> AcceptableFormats:
    """The formats that a ``format=`` names: by short name, file suffix or media type, however they are written.

    The first known one of several, between commas, counts: SPARQLWrapper sends such. Raises UsageError where none is
    known.

    >>> [by_format_name(name).graph.media_type for name in ("JSON-LD", "rdf+xml", "text/n3")]
    ['application/ld+json', 'application/rdf+xml', 'text/turtle']
    >>> by_format_name("json").solutions.name, by_format_name("json").graph.name, by_format_name("srj").graph
    ('json', 'jsonld', None)
    """
    # A + that was not percent-encoded arrives as a space.
    names = [part.partition(";")[0].strip().lower().replace(" ", "+") for part in name.split(",")]
    formats = next(filter(None, map(_by_one_name, names)), None)
    if formats is None:
        raise UsageError(
            f"{name[:80]!r} is not a format",
            where="format",
            remedy="name one of " + " ".join(f.name for f in _EVERY),
        )
    return formats


def _by_one_name(name: str) -> AcceptableFormats | None:
    if name in _SYNTAXES:
        return AcceptableFormats(*_SYNTAXES[name])
    key = _key(name)
    format = next((f for f in _EVERY if name == f.media_type or name in f.aliases), None) or _ALSO.get(key)
    format = format or next((f for f in _EVERY if key in _keys(f)), None)
    if format is None:
        return None
    return AcceptableFormats(format if format in SOLUTIONS else None, format if format in GRAPHS else None)


def negotiate(name: str | None, accept: str | None) -> AcceptableFormats:
    """The formats of a request: those that it names, else those that its Accept header likes best."""
    return AcceptableFormats(best(accept, SOLUTIONS), best(accept, GRAPHS)) if name is None else by_format_name(name)


def negotiate_without_xml(accept: str | None) -> AcceptableFormats:
    """The formats that an Accept header likes best where the result cannot be written as XML."""
    return AcceptableFormats(*(best(accept, [f for f in formats if f not in XML]) for formats in (SOLUTIONS, GRAPHS)))


def media_types_on_offer() -> str:
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
