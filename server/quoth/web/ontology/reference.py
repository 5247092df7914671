"""The ontology and its vocabularies: /ns, /ns/<scheme>, /context.jsonld."""

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, render_template
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import DCTERMS, ONTOLOGY_IRI, OWL, RDF, RDFS, SKOS, abbreviated
from quoth.claim.rules.publication import ontology_files, ontology_quads
from quoth.errors import NotFoundError
from quoth.formats import HTML, JSONLD, RDF_FORMATS
from quoth.release.statistics import Statistics
from quoth.resources import folder
from quoth.web.core import variants
from quoth.web.core.responses import validated
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present.claim_view import Ref, ref

OFFERS = (*RDF_FORMATS, HTML)
_SECTION = re.compile(r"^# -{5,} (.+)$")

blueprint = Blueprint("ontology", __name__)


@dataclass(frozen=True)
class TermEntry:
    """A class, property or concept as the reference shows it. ``facts``: property in words → its values.

    ``used``: how often the release uses it, None where that was not counted. ``seen``: an example of a resource that
    uses it, with the value where the term is a property and its value has a name.
    """

    id: str
    iri: str
    label: str
    definition: str
    examples: list[str]
    facts: list[tuple[str, list[Ref]]]
    used: int | None
    seen: tuple[Ref, Ref | str | None] | None


@dataclass(frozen=True)
class Scheme:
    """A SKOS concept scheme."""

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
}


@blueprint.get("/ns")
@blueprint.get("/ns.<suffix>")
def ontology(suffix: str | None = None) -> Response:
    """The ontology with its schemes, as a reference for people and in every RDF format."""
    return _negotiated(
        "ns", suffix, ontology_quads(), lambda site: render_template("ontology.html", **_reference(site))
    )


@blueprint.get("/ns/<name>")
@blueprint.get("/ns/<name>.<suffix>")
@sitemap_paths(lambda site: ["ns" + iri.removeprefix(ONTOLOGY_IRI) for iri in _schemes()])
def scheme(name: str, suffix: str | None = None) -> Response:
    """One concept scheme. The ontology's version (/ns/0.1.0) is the whole."""
    site = current_site()
    iri = f"{ONTOLOGY_IRI}/{name}"
    quads = [q for q in ontology_quads() if str(getattr(q.subject, "value", "")).partition("#")[0] == iri]
    if not quads:
        if suffix is not None and any(_version(f"{name}.{suffix}")):
            return ontology()
        raise NotFoundError(f"the ontology has no scheme {name}", remedy=f"see {site.iris.url('ns')}")
    return _negotiated(
        f"ns/{name}",
        suffix,
        quads,
        lambda site: render_template("scheme.html", scheme=_scheme(site, name), formats=RDF_FORMATS),
    )


@blueprint.get("/context.jsonld")
@sitemap_paths(None)
def context() -> Response:
    """The JSON-LD context of documents."""
    text = (folder("ontology") / "context.jsonld").read_bytes()
    return validated(lambda: text, current_site().etag("context"), JSONLD.content_type, Headers())


def _negotiated(stem: str, suffix: str | None, quads: Iterable[ox.Quad], page: Callable[[Site], str]) -> Response:
    site = current_site()
    root = ONTOLOGY_IRI + stem.removeprefix("ns")

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            return page(site)
        return serialize(quads, variant.format, site.iris, root=root, profile=variant.profile)

    # The ontology changes with the software, and the counts on the page with the release.
    modified = site.since(*ontology_files())
    return variants.respond(
        NegotiableResource(site, stem, OFFERS, make, [(root, "describes", None)], modified=modified), suffix
    )


def _version(version: str) -> list[ox.Quad]:
    versions = [q for q in ontology_quads() if q.predicate == OWL.versionIRI]
    return [q for q in versions if getattr(q.object, "value", None) == f"{ONTOLOGY_IRI}/{version}"]


@functools.lru_cache(maxsize=4)
def _reference(site: Site) -> dict[str, object]:
    defined = [q.subject for q in ontology_quads() if q.predicate == RDFS.isDefinedBy]
    terms = [subject.value for subject in defined if isinstance(subject, ox.NamedNode)]
    sections: dict[str, list[TermEntry]] = {}
    headings = _sections()
    for iri in dict.fromkeys(t for t in terms if "#" in t):
        entry = _entry(site, iri)
        sections.setdefault(headings.get(entry.id, "terms"), []).append(entry)

    def about(predicate: ox.NamedNode) -> str:
        return _literal(ox.NamedNode(ONTOLOGY_IRI), predicate)

    return {
        "title": about(DCTERMS.title),
        "description": about(DCTERMS.description),
        "remark": about(RDFS.comment),
        "ontology_version": about(OWL.versionInfo),
        "sections": sections,
        "schemes": [_scheme(site, name.rpartition("/")[2]) for name in _schemes()],
        "formats": RDF_FORMATS,
    }


def _schemes() -> list[str]:
    """The IRIs of the concept schemes."""
    subjects = [q.subject for q in ontology_quads() if q.predicate == RDF.type and q.object == SKOS.ConceptScheme]
    return [subject.value for subject in subjects if isinstance(subject, ox.NamedNode)]


def _sections() -> dict[str, str]:
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
def _scheme(site: Site, name: str) -> Scheme:
    iri = f"{ONTOLOGY_IRI}/{name}"
    subject = ox.NamedNode(iri)
    label = _literal(subject, SKOS.prefLabel) or name
    members = [q.subject.value for q in ontology_quads() if q.predicate == SKOS.inScheme and q.object == subject]  # type: ignore[union-attr]
    definition = _literal(subject, DCTERMS.description)
    return Scheme(name, label, definition, [_entry(site, member) for member in dict.fromkeys(members)])


def _entry(site: Site, iri: str) -> TermEntry:
    subject = ox.NamedNode(iri)
    facts: dict[str, list[Ref]] = {}
    examples = []
    for q in ontology_quads():
        if q.subject != subject:
            continue
        if q.predicate in _FACTS and isinstance(q.object, ox.NamedNode):
            target = q.object.value
            facts.setdefault(_FACTS[q.predicate], []).append(Ref(target, abbreviated(target), site.iris.href(target)))
        elif q.predicate == SKOS.example and isinstance(q.object, ox.Literal):
            examples.append(q.object.value)
        elif q.predicate == RDF.type and q.object == OWL.SymmetricProperty:
            facts.setdefault("holds both ways", [])
    label = _literal(subject, RDFS.label) or _literal(subject, SKOS.prefLabel) or abbreviated(iri)
    definition = _literal(subject, RDFS.comment) or _literal(subject, SKOS.definition)
    statistics = _statistics(site)
    used = statistics.uses(iri) if statistics.concepts else None
    seen = _seen(site, iri) if used else None
    return TermEntry(iri.rpartition("#")[2], iri, label, definition, examples, list(facts.items()), used, seen)


@functools.lru_cache(maxsize=4)
def _statistics(site: Site) -> Statistics:
    return site.release.statistics()


def _seen(site: Site, iri: str) -> tuple[Ref, Ref | str | None] | None:
    """A place where the release uses a term: a resource, or the whole of a part; for a property, the value as well."""
    for query in ("example-of-property", "example-of-value"):
        for row in site.rows(query, iri):
            value = row.get("o")
            whole = row["s"].value.partition("#")[0] if isinstance(row["s"], ox.NamedNode) else ""
            if not whole:
                continue
            if isinstance(value, ox.Literal):
                return ref(site, whole), value.value
            named = isinstance(value, ox.NamedNode) and not value.value.startswith(whole + "#")
            return ref(site, whole), ref(site, value.value) if named else None  # type: ignore[union-attr]
    return None


def _literal(subject: ox.NamedNode, predicate: ox.NamedNode) -> str:
    objects = (q.object for q in ontology_quads() if q.subject == subject and q.predicate == predicate)
    return next((o.value for o in objects if isinstance(o, ox.Literal)), "")
