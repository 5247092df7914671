"""The media types that Quoth reads and writes, as data."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

Kind = Literal["solutions", "boolean", "graph"]
"""The kinds of a query's result."""


@dataclass(frozen=True, eq=False)
class Format:
    """One serialisation: its short name, media type, file suffix and other media types that mean it.

    ``quads`` says whether it can carry named graphs.
    """

    name: str
    title: str
    media_type: str
    suffix: str
    aliases: tuple[str, ...] = ()
    quads: bool = False
    charset: bool = False

    @functools.cached_property
    def content_type(self) -> str:
        """The value of a Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


TURTLE = Format("turtle", "Turtle", "text/turtle", "ttl", ("text/n3", "text/rdf+n3"), charset=True)
TRIG = Format("trig", "TriG", "application/trig", "trig", ("application/x-trig",), quads=True)
JSONLD = Format("jsonld", "JSON-LD", "application/ld+json", "jsonld", ("application/json",), quads=True)
NQUADS = Format("nquads", "N-Quads", "application/n-quads", "nq", ("text/x-nquads", "text/nquads"), quads=True)
NTRIPLES = Format("ntriples", "N-Triples", "application/n-triples", "nt", ("text/plain",))
RDFXML = Format("rdfxml", "RDF/XML", "application/rdf+xml", "rdf", ("application/xml", "text/xml"))
RDF_FORMATS: tuple[Format, ...] = (TURTLE, TRIG, JSONLD, NQUADS, NTRIPLES, RDFXML)

JSON_RESULTS = Format("json", "JSON", "application/sparql-results+json", "srj", ("application/json",))
XML_RESULTS = Format("xml", "XML", "application/sparql-results+xml", "srx", ("application/xml", "text/xml"))
CSV_RESULTS = Format("csv", "CSV", "text/csv", "csv", charset=True)
TSV_RESULTS = Format("tsv", "TSV", "text/tab-separated-values", "tsv", charset=True)
RESULT_FORMATS: tuple[Format, ...] = (JSON_RESULTS, XML_RESULTS, CSV_RESULTS, TSV_RESULTS)

JSON = Format("json", "JSON", "application/json", "json")
JSONL = Format("jsonl", "JSON Lines", "application/jsonl", "jsonl", ("application/x-ndjson", "application/ndjson"))
XLSX = Format("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
PARQUET = Format("parquet", "Parquet", "application/vnd.apache.parquet", "parquet", ("application/x-parquet",))
MARKDOWN = Format("markdown", "Markdown", "text/markdown", "md", ("text/x-markdown",), charset=True)
CSL = Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json")
JSON_FEED = Format("jsonfeed", "JSON Feed", "application/feed+json", "feed")
ACTIVITY = Format(
    "activity", "ActivityStreams", "application/activity+json", "as2", ("application/ld+json", "application/json")
)
LINK_FORMAT = Format("link", "Link format", "application/link-format", "link")
RDF_PATCH = Format("patch", "RDF Patch", "application/rdf-patch", "rdfp")
ATOM = Format("atom", "Atom", "application/atom+xml", "atom", ("application/xml", "text/xml"))


HTML = Format("html", "HTML", "text/html", "html", ("application/xhtml+xml",), charset=True)

OX_RDF: dict[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
OX_RESULTS: dict[str, ox.QueryResultsFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


def by_name(formats: Iterable[Format], name: str) -> Format | None:
    """The format of that short name or suffix, or None."""
    return next((f for f in formats if name in (f.name, f.suffix)), None)
