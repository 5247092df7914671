"""The ontology and its vocabularies: /ns, /ns/<scheme>, /context.jsonld."""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from quoth.claim.model.namespaces import DCTERMS, ONTOLOGY_IRI, OWL, QUOTH, RDF, RDFS, SKOS, abbreviated
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import Link, NotFoundError
from quoth.formats import HTML, JSONLD, RDF_FORMATS
from quoth.release.statistics import Statistics
from quoth.resources import folder
from quoth.web.core import variants
from quoth.web.core.responses import validated
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import DOCUMENT_OFFERS, NegotiableResource, Variant
from quoth.web.present import frames
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

_SECTION = re.compile(r"^# -{5,} (.+)$")

blueprint = Blueprint("ontology", __name__)


@dataclass(frozen=True)
class TermEntry:
    """A class, property or concept as the reference shows it. ``facts``: property in words → its values; ``notes`` and
    ``words`` of a concept: what to use instead, and by which words a text shows it; ``frame`` of an event type.

    ``used``: how often the release uses it, None where that was not counted. ``seen``: an example of a resource that
    uses it, with the value where the term is a property and its value has a name.
    """

    id: str
    iri: str
    label: str
    definition: str
    notes: list[str]
    words: list[str]
    frame: frames.Frame | None
    examples: list[str]
    facts: list[tuple[str, list[Ref]]]
    used: int | None
    seen: tuple[Ref, Ref | str | None] | None
    deprecated: bool


@dataclass(frozen=True)
class ConceptScheme:
    """A SKOS concept scheme as the reference shows it."""

    name: str
    label: str
    definition: str
    concepts: list[TermEntry]


_FACTS = {
    RDFS.subClassOf: "is a kind of",
    RDFS.subPropertyOf: "specialises",
    RDFS.domain: "of a",
    RDFS.range: "to a",
    RDFS.seeAlso: "see also",
    SKOS.broader: "is a kind of",
    DCTERMS.isReplacedBy: "is replaced by",
    QUOTH.enacts: "is the act of",
    SKOS.closeMatch: "is close to",
    SKOS.broadMatch: "is narrower than",
}


@blueprint.get("/ns")
@blueprint.get("/ns.<suffix>")
def ontology(suffix: str | None = None) -> Response:
    """The ontology with its schemes, as a reference for people and in every RDF format."""
    return _respond("ns", suffix, ontology_quads(), lambda site: render_template("ontology.html", **_reference(site)))


@blueprint.get("/ns/<name>")
@blueprint.get("/ns/<name>.<suffix>")
@sitemap_paths(lambda site: ["ns" + iri.removeprefix(ONTOLOGY_IRI) for iri in _schemes()])
def scheme(name: str, suffix: str | None = None) -> Response:
    """A concept scheme. The ontology's version (/ns/0.2.0) is the whole ontology."""
    site = current_site()
    iri = f"{ONTOLOGY_IRI}/{name}"
    quads = [q for q in ontology_quads() if str(getattr(q.subject, "value", "")).partition("#")[0] == iri]
    if not quads:
        if suffix is not None and _index().subjects(OWL.versionIRI, f"{iri}.{suffix}"):
            return ontology()
        raise NotFoundError(f"the ontology has no scheme {name}", remedy=f"see {site.iris.url('ns')}")

    def page(site: Site) -> str:
        return render_template("scheme.html", scheme=_scheme(site, name), formats=RDF_FORMATS)

    return _respond(f"ns/{name}", suffix, quads, page)


@blueprint.get("/context.jsonld")
@sitemap_paths(None)
def context() -> Response:
    """The JSON-LD context of documents."""
    text = (folder("ontology") / "context.jsonld").read_bytes()
    return validated(lambda: text, current_site().etag("context"), JSONLD.content_type)


def _respond(stem: str, suffix: str | None, quads: Iterable[ox.Quad], page: Callable[[Site], str]) -> Response:
    site = current_site()
    root = ONTOLOGY_IRI + stem.removeprefix("ns")

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            return page(site)
        return serialize(quads, variant.format, site.iris, root=root, profile=variant.profile)

    links: list[Link] = [(root, "describes", None)]
    resource = NegotiableResource(site, stem, DOCUMENT_OFFERS, make, links, modified=site.modified)
    return variants.respond(resource, suffix)


@functools.lru_cache(maxsize=4)
def _reference(site: Site) -> dict[str, object]:
    """The variables of the template."""
    sections: dict[str, list[TermEntry]] = {}
    headings = _headings()
    for iri in _index().having(RDFS.isDefinedBy):
        if "#" in iri:
            entry = _entry(site, iri)
            sections.setdefault(headings.get(entry.id, "terms"), []).append(entry)
    return {
        "title": _text(ONTOLOGY_IRI, DCTERMS.title),
        "description": _text(ONTOLOGY_IRI, DCTERMS.description),
        "remark": _text(ONTOLOGY_IRI, RDFS.comment),
        "ontology_version": _text(ONTOLOGY_IRI, OWL.versionInfo),
        "sections": sections,
        "schemes": [_scheme(site, iri.rpartition("/")[2]) for iri in _schemes()],
        "formats": RDF_FORMATS,
    }


@functools.cache
def _index() -> TripleIndex:
    return TripleIndex(ontology_quads())


@functools.cache
def _statements() -> Mapping[str, list[ox.Quad]]:
    """Term → the statements about it."""
    statements: dict[str, list[ox.Quad]] = defaultdict(list)
    for q in ontology_quads():
        statements[str(getattr(q.subject, "value", ""))].append(q)
    return statements


def _text(iri: str, *predicates: ox.NamedNode) -> str:
    """The first value of the first of those properties that has any; empty where none has."""
    return next((value for predicate in predicates for value in _index().values(iri, predicate)), "")


def _schemes() -> list[str]:
    """The IRIs of the concept schemes."""
    return _index().subjects(RDF.type, SKOS.ConceptScheme)


def _headings() -> dict[str, str]:
    """Term → the heading above it in the ontology's file."""
    headings: dict[str, str] = {}
    heading = "terms"
    for line in (folder("ontology") / "quoth.ttl").read_text("utf-8").splitlines():
        if match := _SECTION.match(line):
            heading = match[1]
        elif match := re.match(r"quoth:(\w+) a ", line):
            headings[match[1]] = heading
    return headings


@functools.lru_cache(maxsize=64)
def _scheme(site: Site, name: str) -> ConceptScheme:
    iri = f"{ONTOLOGY_IRI}/{name}"
    concepts = [_entry(site, concept) for concept in dict.fromkeys(_index().subjects(SKOS.inScheme, iri))]
    return ConceptScheme(name, _text(iri, SKOS.prefLabel) or name, _text(iri, DCTERMS.description), concepts)


def _entry(site: Site, iri: str) -> TermEntry:
    facts: dict[str, list[Ref]] = {}
    for q in _statements()[iri]:
        if q.predicate in _FACTS and isinstance(q.object, ox.NamedNode):
            target = q.object.value
            facts.setdefault(_FACTS[q.predicate], []).append(Ref(target, abbreviated(target), site.iris.href(target)))
        elif q.predicate == RDF.type and q.object == OWL.SymmetricProperty:
            facts.setdefault("holds both ways", [])
    if own := _own_words(site).get(iri):
        facts["narrower in this dataset"] = own
    statistics = _statistics(site)
    used = statistics.uses(iri) if statistics.concepts else None
    return TermEntry(
        iri.rpartition("#")[2],
        iri,
        _text(iri, RDFS.label, SKOS.prefLabel) or abbreviated(iri),
        _text(iri, RDFS.comment, SKOS.definition),
        _index().values(iri, SKOS.scopeNote),
        [*_index().values(iri, SKOS.altLabel), *_index().values(iri, SKOS.hiddenLabel)],
        frames.frame(iri),
        _index().values(iri, SKOS.example),
        list(facts.items()),
        used,
        _seen(site, iri) if used else None,
        bool(_index().values(iri, OWL.deprecated)),
    )


@functools.lru_cache(maxsize=4)
def _own_words(site: Site) -> dict[str, list[Ref]]:
    """Concept → the narrower ones of the dataset's own vocabulary."""
    narrower: dict[str, list[Ref]] = {}
    for row in site.rows("own-words"):
        narrower.setdefault(row["broader"].value, []).append(ref(site, row["concept"].value))  # type: ignore[union-attr]
    return narrower


@functools.lru_cache(maxsize=4)
def _statistics(site: Site) -> Statistics:
    return site.release.statistics()


def _seen(site: Site, iri: str) -> tuple[Ref, Ref | str | None] | None:
    """An example of the use of a term in the release: a resource, or the whole of a part; for a property, the value."""
    if (quad := _statistics(site).example(iri)) is not None:
        subject, value = quad.subject, quad.object if quad.predicate.value == iri else None
        whole = subject.value.partition("#")[0] if isinstance(subject, ox.NamedNode) else ""
        if whole and isinstance(value, ox.Literal):
            return ref(site, whole), value.value
        if whole:
            named = isinstance(value, ox.NamedNode) and not value.value.startswith(whole + "#")
            return ref(site, whole), ref(site, value.value) if named else None  # type: ignore[union-attr]
    return None
