"""Descriptions of the dataset, its releases and its endpoint: VoID, DCAT and the SPARQL service description.

The manifest, the statistics and the settings are one small RDF graph of facts; the CONSTRUCT queries of the folder
``descriptions`` make the descriptions from that graph. Relative IRIs in a query are those of this server.
"""

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import PREFIXES, QUOTH, RDF, XSD, QuadTerm, Term, abbreviated
from quoth.config import Settings
from quoth.formats import JSONLD, Format
from quoth.release.release import GRAPHS, Release
from quoth.resources import folder
from quoth.sparql import named_queries
from quoth.web.core import serializers
from quoth.web.core.site import Site

GRAPHS_LIMIT = 500
"""Named graphs that the service description lists; their number is always given whole."""
EXAMPLES_LIMIT = 12
"""Resources that are named as examples, each of another class."""
NAMESPACES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": PREFIXES["dcterms"],
    "formats": "http://www.w3.org/ns/formats/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": PREFIXES["void"],
}
"""Prefixes of the documents, besides those of the data."""

QUERIES = Path(__file__).with_name("descriptions")
_FACTS = "urn:quoth:facts#"
_PREFIXES = {**PREFIXES, **NAMESPACES, "vcard": "http://www.w3.org/2006/vcard/ns#", "": _FACTS}
_UNITS = {"s": "s", "ms": "ms", "kb": "KiB", "mb": "MiB", "rows": "rows"}

Value = Term | str | float


@dataclass(frozen=True)
class Description:
    """A description: the path of its topic, and the queries that make it."""

    topic: str
    queries: tuple[str, ...]


VOID = Description(".well-known/void", ("dataset", "void"))
CATALOG = Description("catalog", ("dataset", "catalog", "release"))
HOME = Description(".well-known/void#dataset", ("dataset", "void", "catalog", "release"))
SERVICE = Description("sparql", ("service",))


def statements(site: Site, description: Description, releases: Sequence[Release]) -> list[ox.Quad]:
    """The statements of a description, those about its topic first. ``releases``: those to describe, newest first."""
    facts = _Facts(site, releases).store
    topic = ox.NamedNode(site.iris.url(description.topic))
    quads = set()
    for name in description.queries:
        text = named_queries.read(QUERIES / f"{name}.rq").text
        triples = facts.query(text, base_iri=site.iris.public, prefixes=_PREFIXES)
        assert isinstance(triples, ox.QueryTriples)
        quads |= {ox.Quad(t.subject, t.predicate, _exact(t)) for t in triples}
    return sorted(
        quads, key=lambda q: (q.subject != topic, str(q.subject).rstrip(">"), q.predicate != RDF.type, str(q))
    )


@cached(
    LRUCache(64),
    key=lambda site, description, format, releases: (
        *(site, description, format),
        *((r.number, r.manifest.content_sha256) for r in releases),
    ),
    lock=threading.Lock(),
)
def serialize(site: Site, description: Description, format: Format, releases: Sequence[Release]) -> bytes:
    """A description in a format, complete in itself: JSON-LD names no context that would have to be fetched."""
    quads = statements(site, description, releases)
    if format is JSONLD:
        return ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b""
    return serializers.serialize(quads, format, site.iris, NAMESPACES)


class _Facts:
    """The graph of facts, as ``store``: plain statements whose predicates are the fields' names."""

    def __init__(self, site: Site, releases: Sequence[Release]) -> None:
        self.store = ox.Store()
        self._site = site
        for release, previous in zip(releases, [*releases[1:], None], strict=False):
            self._release(release, previous)
        self._current()
        self._parts()
        self._graphs()
        self._limits()
        for file in folder("shapes").glob("*.ttl"):
            self._add("shapes", file=self._iri(f"shapes/{file.name}"))
        for row in site.rows("linksets"):
            self.store.add(ox.Quad(row["s"], row["p"], row["o"], ox.NamedNode(_FACTS + "linksets")))  # type: ignore[arg-type]

    def _iri(self, path: str) -> ox.NamedNode:
        return ox.NamedNode(self._site.iris.url(path))

    def _add(self, path: str, /, **values: Value | None) -> None:
        """Statements about a path of this server."""
        for name, value in values.items():
            if value is not None:
                self.store.add(ox.Quad(self._iri(path), ox.NamedNode(_FACTS + name), _term(value)))  # type: ignore[arg-type]

    def _type(self, path: str, name: str) -> None:
        self.store.add(ox.Quad(self._iri(path), RDF.type, ox.NamedNode(_FACTS + name)))

    def _release(self, release: Release, previous: Release | None) -> None:
        path = f"releases/{release.number}"
        self._type(path, "Release")
        self._add(path, number=release.number, created=_time(release))
        if previous is not None:
            self._add(path, previous=self._iri(f"releases/{previous.number}"))
        for name, file in release.manifest.files.items():
            self._add(path, file=self._iri(f"{path}/{name}"))
            self._add(f"{path}/{name}", name=name, **asdict(file))

    def _current(self) -> None:
        site = self._site
        manifest, path = site.release.manifest, f"releases/{site.release.number}"
        self._type(path, "CurrentRelease")
        counted = {name: value for name, value in asdict(manifest).items() if name not in ("created", "files")}
        self._add(path, **counted, number=site.release.number, created=_time(site.release))
        if site.licence:
            self._add(path, licence=ox.NamedNode(site.licence))
        contact = site.settings.contact
        if contact:
            self._add("", **{"email" if contact.startswith("mailto:") else "page": ox.NamedNode(contact)})
        if site.settings.service_endpoints and not site.settings.engine:
            self._add("sparql", federates=ox.Literal(True))

    def _parts(self) -> None:
        """Classes and properties of the default graph and of the named graphs (VoID §4.5), vocabularies, examples."""
        counted = self._site.release.statistics()
        release = f"releases/{self._site.release.number}"
        self._add(release, documents=counted.resources or None)
        used: set[str] = set()
        for name, part in (("default-graph", counted.asserted), ("reported", counted.reported)):
            used |= part.classes.keys() | part.properties.keys()
            if not part.triples:
                continue
            node = f"sparql#{name}"
            self._add(
                node,
                subjects=part.subjects,
                distinct_classes=part.distinct_classes,
                distinct_properties=part.distinct_properties,
            )
            for kind, field in (("class", "classes"), ("property", "properties")):
                for iri, count in getattr(part, field).items():
                    partition = f".well-known/void#{name}-{kind}-{quote(abbreviated(iri), safe=':')}"
                    self._add(node, **{field: self._iri(partition)})
                    self._add(partition, term=ox.NamedNode(iri), count=count)
        for space in PREFIXES.values():
            if space != QUOTH.iri and any(iri.startswith(space) for iri in used):
                self._add(release, vocabulary=ox.NamedNode(space))
        for iri in islice(dict.fromkeys(counted.examples.values()), EXAMPLES_LIMIT):
            self._add(release, example=ox.NamedNode(iri))

    def _graphs(self) -> None:
        release = self._site.release
        path, total = f"releases/{release.number}", release.manifest.graphs
        listed = release.graphs(GRAPHS_LIMIT)
        if len(listed) < total:
            comment = f"{len(listed):,} of the {total:,} named graphs are listed here."
            if listed:
                url = self._iri(f"{path}/{GRAPHS}")
                self._add(path, list_of_graphs=url)
                comment += f" All of them, with their numbers of triples, are in {url.value}."
            self._add(path, omitted_graphs=ox.Literal(comment, language="en"))
        help = "How many named graphs there are."
        self._property(".well-known/void#dataset", "named-graphs", "named graphs", total, "graphs", help)
        for iri, triples in listed:
            node = "sparql#graph-" + quote(self._site.iris.shorten(iri), safe="/:")
            self._add(node, graph=ox.NamedNode(iri), triples=triples)

    def _limits(self) -> None:
        """The settings that limit a query: those whose name ends in a unit. A remote engine has a memory of its own."""
        settings = self._site.settings
        for field in fields(Settings):
            words, _, suffix = field.name.removeprefix("query_").rpartition("_")
            value, unit = getattr(settings, field.name), _UNITS.get(suffix)
            remote = settings.engine and "memory" in field.name
            if field.name.startswith("query_") and unit is not None and value is not None and not remote:
                node = "limit-" + field.name.replace("_", "-")
                self._property("sparql", node, words.replace("_", " "), value, unit, field.metadata["help"])

    def _property(self, subject: str, node: str, name: str, value: float, unit: str, help: str) -> None:
        text = {key: ox.Literal(text, language="en") for key, text in (("name", name), ("help", help))}
        self._add(subject, property=self._iri(f"sparql#{node}"))
        self._add(f"sparql#{node}", value=value, unit=unit, **text)


def _term(value: Value) -> QuadTerm:
    if isinstance(value, str):
        return ox.Literal(value)
    if isinstance(value, int | float):
        whole = value == int(value)
        return ox.Literal(str(int(value) if whole else value), datatype=XSD.integer if whole else XSD.decimal)
    return value


def _exact(triple: ox.Triple) -> Term:
    """The object of a triple: Oxigraph makes an xsd:integer of the xsd:nonNegativeInteger that DCAT asks for."""
    if triple.predicate.value == NAMESPACES["dcat"] + "byteSize" and isinstance(triple.object, ox.Literal):
        return ox.Literal(triple.object.value, datatype=XSD.nonNegativeInteger)
    return triple.object


def _time(release: Release) -> ox.Literal:
    return ox.Literal(release.manifest.created, datatype=XSD.dateTime)
