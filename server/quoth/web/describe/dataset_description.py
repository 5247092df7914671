"""Descriptions of the dataset, its releases and its endpoint: VoID, DCAT and the SPARQL service description.

The manifest, the statistics and the settings are one small RDF graph of facts; the CONSTRUCT queries of the folder
``descriptions`` make the descriptions from that graph. Relative IRIs in a query are those of this server.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, asdict, dataclass, fields
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urljoin

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import PREFIXES, QUOTH, RDF, XSD, QuadTerm, Term
from quoth.config import Settings
from quoth.corpus import bases
from quoth.formats import JSONLD, Format
from quoth.release.dumps.tables import GRAPHS
from quoth.release.release import Release
from quoth.release.statistics import Statistics
from quoth.sparql import named_queries
from quoth.web.core import serializers
from quoth.web.core.archive import PLAIN, files_of
from quoth.web.core.site import Site
from quoth.web.describe import class_uses

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
    "void-ext": "http://ldf.fi/void-ext#",
}
"""Prefixes of the documents, besides those of the data."""

QUERIES = Path(__file__).with_name("descriptions")
_FACTS = "urn:quoth:facts#"
_PREFIXES = {**PREFIXES, **NAMESPACES, "vcard": "http://www.w3.org/2006/vcard/ns#", "": _FACTS}
_UNITS = {"s": "s", "ms": "ms", "kb": "KiB", "mb": "MiB", "rows": "rows"}

Value = Term | str | float


@dataclass(frozen=True)
class DatasetDescription:
    """A description of the dataset or of a part of it: the path of its topic, and the queries that make it."""

    topic: str
    queries: tuple[str, ...]


VOID_DESCRIPTION = DatasetDescription(".well-known/void", ("dataset", "void", "partitions"))
CATALOG = DatasetDescription("catalog", ("dataset", "catalog", "release"))
HOME = DatasetDescription(".well-known/void#dataset", ("dataset", "void", "partitions", "catalog", "release"))
SERVICE = DatasetDescription("sparql", ("service", "partitions"))


def statements(site: Site, description: DatasetDescription, releases: Sequence[Release]) -> list[ox.Quad]:
    """The statements of a description, those about its topic first. ``releases``: those to describe, newest first."""
    facts = ox.Store()
    facts.bulk_extend([*_facts_of_site(site), *_facts_of_releases(site, releases)])
    quads = set()
    for name in description.queries:
        text = named_queries.read(QUERIES / f"{name}.rq").text
        triples = facts.query(text, base_iri=site.iris.public, prefixes=_PREFIXES)
        assert isinstance(triples, ox.QueryTriples)
        quads |= {ox.Quad(t.subject, t.predicate, _exact(t)) for t in triples}
    topic = ox.NamedNode(site.iris.url(description.topic))
    return sorted(quads, key=lambda quad: _place(quad, topic))


def _place(quad: ox.Quad, topic: ox.NamedNode) -> tuple[Any, ...]:
    """The place of a statement in a description. A plain file comes before the compressed ones: a loader that takes the
    first dump need not be able to unpack it."""
    subject, predicate, term = (str(part).rstrip(">") for part in (quad.subject, quad.predicate, quad.object))
    return (
        *(quad.subject != topic, subject.endswith(".gz"), subject),
        *(quad.predicate != RDF.type, predicate, term.endswith(".gz"), term),
    )


def _cache_key(site: Site, *args: Any) -> tuple[Any, ...]:
    """All that a description depends on, without the site itself, whose store would stay open."""
    releases = args[-1] if args else ()
    contents = tuple((release.number, release.manifest.content_sha256) for release in releases)
    return site.settings, site.fingerprint, site.engine.generation, *args[:-1], contents


@cached(LRUCache(64), key=_cache_key, lock=threading.Lock())
def serialize(site: Site, description: DatasetDescription, format: Format, releases: Sequence[Release]) -> bytes:
    """A description in a format, complete in itself: JSON-LD names no context that would have to be fetched."""
    return write(statements(site, description, releases), format, site)


def write(
    quads: Sequence[ox.Quad], format: Format, site: Site, prefixes: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """The statements of a description in a format, complete in themselves."""
    if format is JSONLD:
        return ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b""
    return serializers.serialize(quads, format, site.iris, {**NAMESPACES, **prefixes})


class _Facts(list[ox.Quad]):
    """Facts as plain statements; the predicates are the names of fields."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._url = site.iris.url

    def iri(self, path: str) -> ox.NamedNode:
        """The IRI of a path of this server."""
        return ox.NamedNode(self._url(path))

    def add(self, path: str, kind: str | None = None, /, **values: Value | None) -> None:
        """Statements about a path of this server: its class, if it has one, and those of the values that are there."""
        if kind:
            self.append(ox.Quad(self.iri(path), RDF.type, ox.NamedNode(_FACTS + kind)))
        for name, value in values.items():
            if value is not None:
                self.append(ox.Quad(self.iri(path), ox.NamedNode(_FACTS + name), _term(value)))  # type: ignore[arg-type]

    def add_property(self, subject: str, node: str, name: str, value: float, unit: str, help: str) -> None:
        """Statements about a number that a description has as a property with a unit (schema:PropertyValue)."""
        text = {key: ox.Literal(text, language="en") for key, text in (("name", name), ("help", help))}
        self.add(subject, property=self.iri(f"sparql#{node}"))
        self.add(f"sparql#{node}", value=value, unit=unit, **text)


def _facts_of_releases(site: Site, releases: Sequence[Release]) -> list[ox.Quad]:
    facts = _Facts(site)
    for release, previous in zip(releases, [*releases[1:], None], strict=False):
        path = f"releases/{release.number}"
        facts.add(path, "Release", number=release.number, created=_time(release))
        if previous is not None:
            facts.add(path, previous=facts.iri(f"releases/{previous.number}"))
        for name, file in files_of(release).items():
            facts.add(path, file=facts.iri(f"{path}/{name}"))
            facts.add(f"{path}/{name}", name=name, **(asdict(file) if file else {}))
    return facts


@cached(LRUCache(4), key=_cache_key, lock=threading.Lock())
def _facts_of_site(site: Site) -> list[ox.Quad]:
    """The facts that do not change with the site: the current release, its statistics, the settings."""
    facts = _Facts(site)
    path = f"releases/{site.release.number}"
    manifest = site.release.manifest
    whole = asdict(manifest)
    counts = {name: n for name, n in whole.items() if isinstance(n, int | str) and name != "created"}
    counts["claims"] = manifest.claims + (manifest.claims_other_encodings or 0)  # VoID counts what the files hold
    facts.add(path, "CurrentRelease", **counts, number=site.release.number, created=_time(site.release))
    for corpus, space in bases.every(manifest.base) if manifest.bases else [("", str(manifest.base))]:
        part = (
            f".well-known/void#corpus{'-' if corpus else ''}{corpus}" if manifest.bases else ".well-known/void#dataset"
        )
        facts.add(part, "Corpus" if manifest.bases else None, space=space)
    for name, file in files_of(site.release).items():
        if name in (*PLAIN, *PLAIN.values()):
            facts.add(path, dump=facts.iri(f"{path}/{name}"))
            facts.add(f"{path}/{name}", name=name, **(asdict(file) if file else {}))
    if site.licence:
        facts.add(path, licence=ox.NamedNode(site.licence))
    if site.settings.title:
        facts.add(path, title=ox.Literal(site.settings.title))
    if publisher := site.settings.publisher:
        facts.add(path, publisher=ox.NamedNode(urljoin(manifest.base, publisher)))
    if contact := site.settings.contact:
        facts.add("", **{"email" if contact.startswith("mailto:") else "page": ox.NamedNode(contact)})
    if site.settings.service_endpoints and not site.settings.engine:
        facts.add("sparql", federates=ox.Literal(True))
    facts.add("shapes", file=facts.iri("shapes"))
    for row in site.rows("linksets"):
        facts.append(ox.Quad(row["s"], row["p"], row["o"], ox.NamedNode(_FACTS + "linksets")))  # type: ignore[arg-type]
    _add_statistics(facts, path, site.release.statistics())
    for use, values in class_uses.facts(site):
        facts.add(use, **values)
    _add_graphs(facts, path, site)
    _add_limits(facts, site.settings)
    return facts


def _add_statistics(facts: _Facts, release: str, statistics: Statistics) -> None:
    """Classes and properties of the default graph and of the named graphs (VoID §4.5), vocabularies, examples."""
    facts.add(release, documents=statistics.resources or None)
    used: set[str] = set()
    for name, part in (("default-graph", statistics.asserted), ("reported", statistics.reported)):
        used |= part.classes.keys() | part.properties.keys()
        if not part.triples:
            continue
        distinct = {"distinct_classes": part.distinct_classes, "distinct_properties": part.distinct_properties}
        facts.add(f"sparql#{name}", subjects=part.subjects, **distinct)
        for kind, field in (("class", "classes"), ("property", "properties")):
            for iri, count in getattr(part, field).items():
                partition = class_uses.partition(name, kind, iri)
                facts.add(f"sparql#{name}", **{field: facts.iri(partition)})
                facts.add(partition, term=ox.NamedNode(iri), count=count)
    for space in PREFIXES.values():
        if space != QUOTH.iri and any(iri.startswith(space) for iri in used):
            facts.add(release, vocabulary=ox.NamedNode(space))
    for iri in islice(dict.fromkeys(statistics.examples.values()), EXAMPLES_LIMIT):
        facts.add(release, example=ox.NamedNode(iri))


def _add_graphs(facts: _Facts, release: str, site: Site) -> None:
    total = site.release.manifest.graphs
    listed = site.release.graphs(GRAPHS_LIMIT)
    if len(listed) < total:
        comment = f"{len(listed):,} of the {total:,} named graphs are listed here."
        if listed:
            url = facts.iri(f"{release}/{GRAPHS}")
            facts.add(release, list_of_graphs=url)
            comment += f" All of them, with their numbers of triples, are in {url.value}."
        facts.add(release, omitted_graphs=ox.Literal(comment, language="en"))
    help = "How many named graphs there are."
    facts.add_property(".well-known/void#dataset", "named-graphs", "named graphs", total, "graphs", help)
    for iri, triples in listed:
        node = "sparql#graph-" + quote(site.iris.shorten(iri), safe="/:")
        facts.add(node, graph=ox.NamedNode(iri), triples=triples)


def depends(settings: Settings) -> list[str]:
    """The settings that the description of the endpoint depends on, beside those of the site's fingerprint."""
    return [str(bool(settings.service_endpoints)), *(f"{field.name}={value}" for field, _, value in _limits(settings))]


def _limits(settings: Settings) -> Iterator[tuple[Field[Any], str, float]]:
    """The settings that limit a query: those whose name ends in a unit. Another engine has a memory of its own."""
    for field in fields(Settings):
        value, unit = getattr(settings, field.name), _UNITS.get(field.name.rpartition("_")[2])
        remote = settings.engine and "memory" in field.name
        if field.name.startswith("query_") and unit is not None and value is not None and not remote:
            yield field, unit, value


def _add_limits(facts: _Facts, settings: Settings) -> None:
    for field, unit, value in _limits(settings):
        node = "limit-" + field.name.replace("_", "-")
        words = field.name.removeprefix("query_").rpartition("_")[0].replace("_", " ")
        facts.add_property("sparql", node, words, value, unit, field.metadata["help"])


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
