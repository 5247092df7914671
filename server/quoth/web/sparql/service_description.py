"""What the endpoint is, in RDF: SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/).

Only what is true is said. There are no sd:UnionDefaultGraph, sd:EmptyGraphs, sd:DereferencesURIs and sd:inputFormat,
since the default graph is no union, a graph is its triples, and nothing is ever fetched or read.
sd:BasicFederatedQuery holds where the operator lists endpoints for SERVICE.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import fields
from urllib.parse import quote

import pyoxigraph as ox
from flask import Response
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import PREFIXES, RDF, RDFS, XSD, Namespace, QuadTerm
from quoth.config import Settings
from quoth.formats import JSONLD, RDF_FORMATS, RESULT_FORMATS, Format
from quoth.release.release import GRAPHS
from quoth.web.core import responses, serializers
from quoth.web.core.site import Site, site
from quoth.web.sparql.html_results import ROWS_LIMIT, TRIPLES_LIMIT

SD = Namespace(
    "http://www.w3.org/ns/sparql-service-description#",
    """Service Dataset Graph NamedGraph endpoint supportedLanguage SPARQL11Query resultFormat defaultEntailmentRegime
    defaultDataset availableGraphs defaultGraph namedGraph name graph feature BasicFederatedQuery""",
)
VOID = Namespace(
    "http://rdfs.org/ns/void#",
    """Dataset DatasetDescription inDataset triples entities documents distinctSubjects classes properties
    class classPartition property propertyPartition subset sparqlEndpoint dataDump uriSpace vocabulary feature
    exampleResource Linkset subjectsTarget""",
)
SCHEMA = Namespace(PREFIXES["schema"], "additionalProperty PropertyValue name value unitText")
FORMATS = "http://www.w3.org/ns/formats/"
NAMESPACES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": PREFIXES["dcterms"],
    "formats": FORMATS,
    "sd": SD.iri,
    "spdx": "http://spdx.org/rdf/terms#",
    "void": VOID.iri,
}
GRAPHS_LIMIT = 500
"""Named graphs that a description lists; their number is always given whole."""

_FORMATS = {
    "turtle": "Turtle",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "nquads": "N-Quads",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
_ENTAILMENT = ox.NamedNode("http://www.w3.org/ns/entailment/Simple")
_UNITS = {"s": "s", "ms": "ms", "kb": "KiB", "mb": "MiB", "rows": "rows"}
_ABOUT = (
    "Answers SPARQL 1.1 queries by GET, by POST of a form and by direct POST. Updates are refused: a release never "
    "changes, and a new one is not published over HTTP.",
    "The default graph is not the union of the named graphs. It holds what the publisher asserts: that a claim was "
    "made, by whom, where. What was claimed stands in the claim's named graph alone, and a query finds it there alone, "
    "by GRAPH, FROM, FROM NAMED, default-graph-uri or named-graph-uri.",
    "No entailment: a query matches the triples that are published, among which are those that were derived.",
    "A query that passes a limit is answered 503, and a result that has begun then breaks the connection off instead "
    f"of ending it well. Pages in HTML stop after {ROWS_LIMIT:,} rows or {TRIPLES_LIMIT:,} triples and say so; no "
    "other format is cut.",
)


def endpoint(here: Site) -> ox.NamedNode:
    """What names the service: its endpoint, since clients look for what a description says of the URL they asked."""
    return ox.NamedNode(here.iris.url("sparql"))


def dataset(here: Site) -> ox.NamedNode:
    """What names the dataset of a server; it leads to the VoID document."""
    return ox.NamedNode(here.iris.url(".well-known/void#dataset"))


def part(here: Site, name: str) -> ox.NamedNode:
    """What names a part of the description."""
    return ox.NamedNode(here.iris.url(f"sparql#{name}"))


def format_iri(name: str) -> ox.NamedNode:
    """The IRI by which descriptions name a format (https://www.w3.org/ns/formats/)."""
    return ox.NamedNode(FORMATS + _FORMATS[name])


def triple(subject: QuadTerm, predicate: ox.NamedNode, value: QuadTerm | str | int) -> ox.Quad:
    """A statement; a string is English text, and a number an integer."""
    if isinstance(value, str):
        value = ox.Literal(value, language="en")
    elif isinstance(value, int):
        value = ox.Literal(str(value), datatype=XSD.integer)
    return ox.Quad(subject, predicate, value)  # type: ignore[arg-type]


def statements(here: Site) -> list[ox.Quad]:
    """The description of the service, of its dataset and of its limits, subject by subject."""
    return by_subject([*_service(here), *_limits(here), *_graphs(here)])


def by_subject(quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    """The same in the order in which their subjects first occur, so that Turtle names each once."""
    order = {subject: place for place, subject in enumerate(dict.fromkeys(q.subject for q in quads))}
    return sorted(quads, key=lambda q: order[q.subject])


def serialize(quads: Sequence[ox.Quad], format: Format, here: Site) -> bytes:
    """The quads in a format, complete in itself: JSON-LD names no context that would have to be fetched."""
    if format is JSONLD:
        return ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b""
    return serializers.serialize(quads, format, here.iris, NAMESPACES)


def _service(here: Site) -> Iterator[ox.Quad]:
    service = endpoint(here)
    void = ox.NamedNode(here.iris.url(".well-known/void"))
    yield triple(service, RDF.type, SD.Service)
    yield triple(service, RDFS.label, "SPARQL endpoint of attributed claims")
    for text in _ABOUT:
        yield triple(service, RDFS.comment, text)
    yield triple(service, RDFS.seeAlso, void)
    yield triple(service, SD.endpoint, service)
    yield triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    yield triple(service, SD.defaultEntailmentRegime, _ENTAILMENT)
    if here.settings.service_endpoints and not here.settings.engine:
        yield triple(service, SD.feature, SD.BasicFederatedQuery)
    for format in (*RESULT_FORMATS, *RDF_FORMATS):
        yield triple(service, SD.resultFormat, format_iri(format.name))
    yield triple(service, SD.defaultDataset, dataset(here))
    yield triple(service, SD.availableGraphs, dataset(here))
    licence = here.licence
    if licence is not None:
        yield triple(dataset(here), ox.NamedNode(PREFIXES["dcterms"] + "license"), ox.NamedNode(licence))


def _graphs(here: Site) -> Iterator[ox.Quad]:
    manifest = here.release.manifest
    whole, default = dataset(here), part(here, "default-graph")
    yield triple(whole, RDF.type, SD.Dataset)
    yield triple(whole, SD.defaultGraph, default)
    yield triple(default, RDF.type, SD.Graph)
    yield triple(default, RDF.type, VOID.Dataset)
    yield triple(default, RDFS.label, "what the publisher asserts")
    yield triple(default, RDFS.comment, _ABOUT[1])
    yield triple(default, VOID.triples, manifest.asserted)
    listed = here.release.graphs(GRAPHS_LIMIT)
    if len(listed) < manifest.graphs:
        url = here.iris.url(f"releases/{here.release.number}/{GRAPHS}")
        rest = f"{len(listed):,} of the {manifest.graphs:,} named graphs are listed here."
        if listed:
            yield triple(whole, RDFS.seeAlso, ox.NamedNode(url))
            rest += f" All of them, with their numbers of triples, are in {url}."
        yield triple(whole, RDFS.comment, rest)
    count = part(here, "named-graphs")
    yield from _value(whole, count, "named graphs", manifest.graphs, "graphs", "How many named graphs there are.")
    for iri, triples in listed:
        graph, named = ox.NamedNode(iri), part(here, "graph-" + quote(here.iris.shorten(iri), safe="/:"))
        yield triple(whole, SD.namedGraph, named)
        yield triple(named, RDF.type, SD.NamedGraph)
        yield triple(named, SD.name, graph)
        yield triple(named, SD.graph, graph)
        yield triple(graph, RDF.type, SD.Graph)
        yield triple(graph, VOID.triples, triples)


def _limits(here: Site) -> Iterator[ox.Quad]:
    """The settings that limit a query: those whose name ends in a unit. A remote engine has a memory of its own."""
    service = endpoint(here)
    for f in fields(Settings):
        unit = _UNITS.get(f.name.rpartition("_")[2])
        elsewhere = here.settings.engine and "memory" in f.name
        if unit is None or not f.name.startswith("query_") or elsewhere:
            continue
        value = getattr(here.settings, f.name)
        if value is not None:
            node = part(here, "limit-" + f.name.replace("_", "-"))
            name = f.name.removeprefix("query_").rpartition("_")[0].replace("_", " ")
            yield from _value(service, node, name, value, unit, f.metadata["help"])


def _value(subject: QuadTerm, node: ox.NamedNode, name: str, value: float, unit: str, text: str) -> Iterator[ox.Quad]:
    number = (
        ox.Literal(str(int(value)), datatype=XSD.integer)
        if value == int(value)
        else ox.Literal(str(value), datatype=XSD.decimal)
    )
    yield triple(subject, SCHEMA.additionalProperty, node)
    yield triple(node, RDF.type, SCHEMA.PropertyValue)
    yield triple(node, SCHEMA.name, name)
    yield triple(node, SCHEMA.value, number)
    yield triple(node, SCHEMA.unitText, ox.Literal(unit))
    yield triple(node, RDFS.comment, text)


def links() -> list[tuple[str, str, str | None]]:
    """The variants of the description, and the description of the dataset, as links."""
    iris = site().iris
    variants_ = [(iris.url(f"sparql?format={f.suffix}"), "alternate", f.media_type) for f in RDF_FORMATS]
    return [*variants_, (iris.url(".well-known/void"), "describedby", None)]


def response(format: Format) -> Response:
    """The description in one format."""
    return responses.validated(
        lambda: _body(site(), format),
        responses.etag("service", format.name),
        format.content_type,
        Headers({"Vary": "Accept", "Link": responses.links(links())}),
    )


@functools.lru_cache(maxsize=16)
def _body(here: Site, format: Format) -> bytes:
    return serialize(statements(here), format, here)
