"""The shapes that documents are checked against, in words and in RDF: /shapes, and /shapes/<name> for one graph."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from quoth.claim.model.namespaces import RDF, SH, abbreviated
from quoth.errors import Link, NotFoundError
from quoth.formats import HTML, RDF_FORMATS, TURTLE
from quoth.resources import folder
from quoth.web.core import variants
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present.claim_view import Ref

OFFERS = (*RDF_FORMATS, HTML)

blueprint = Blueprint("shapes", __name__)


@dataclass(frozen=True)
class Rule:
    """A constraint in words; ``path`` is the property that it constrains, if any."""

    path: Ref | None
    message: str


@dataclass(frozen=True)
class Shape:
    """A node shape (SHACL §2.1): its targets, its own message, and its rules for properties."""

    id: str
    targets: list[Ref]
    closed: bool
    message: str
    rules: list[Rule]


@dataclass(frozen=True)
class Group:
    """A file of shapes; ``comment`` is the comment at its head."""

    name: str
    comment: str
    shapes: list[Shape]


@blueprint.get("/shapes")
@blueprint.get("/shapes.<suffix>")
def every(suffix: str | None = None) -> Response:
    """All shapes, in words and as one graph."""
    site = current_site()
    names = sorted(files())

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            return _page(site, names)
        return serialize(_canonical(*files().values()), variant.format, site.iris, profile=variant.profile)

    parts: list[Link] = [(site.iris.url(f"shapes/{name}"), "item", None) for name in names]
    resource = NegotiableResource(site, "shapes", OFFERS, make, parts, modified=site.since(*files().values()))
    return variants.respond(resource, suffix)


@blueprint.get("/shapes/<name>")
@blueprint.get("/shapes/<name>.<suffix>")
def one(name: str, suffix: str | None = None) -> Response:
    """One shapes graph; Turtle has the comments of its file. Raises NotFoundError."""
    site = current_site()
    if name not in files():
        raise NotFoundError(f"there are no shapes {name}", remedy="there are " + ", ".join(sorted(files())))
    text = files()[name].read_bytes()

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            return _page(site, [name])
        if variant.format is TURTLE:
            return text
        return serialize(_canonical(files()[name]), variant.format, site.iris, profile=variant.profile)

    resource = NegotiableResource(site, f"shapes/{name}", OFFERS, make, modified=site.since(files()[name]))
    return variants.respond(resource, suffix)


@functools.cache
def files() -> dict[str, Path]:
    """The shapes graphs by name."""
    return {file.stem: file for file in folder("shapes").glob("*.ttl")}


@functools.cache
def _canonical(*paths: Path) -> list[ox.Quad]:
    """The statements of files, with stable labels for blank nodes (RDF Dataset Canonicalization)."""
    turtle = ox.RdfFormat.TURTLE
    dataset = ox.Dataset(q for path in paths for q in ox.parse(path=str(path), format=turtle, rename_blank_nodes=True))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _page(site: Site, names: list[str]) -> str:
    return render_template(
        "shapes.html", groups=[group(site, name) for name in names], alone=len(names) == 1, formats=RDF_FORMATS
    )


@functools.lru_cache(maxsize=32)
def group(site: Site, name: str) -> Group:
    """The shapes of one file, those that have a target."""
    text = files()[name].read_text("utf-8")
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    nodes: dict[object, dict[str, list[object]]] = {}
    for q in quads:
        nodes.setdefault(q.subject, {}).setdefault(q.predicate.value, []).append(q.object)
    shapes = [s for s in (_shape(site, nodes, node) for node in nodes) if s is not None]
    head = text.partition("\n#")[2].split("\n\n")[0]
    return Group(name, " ".join(line.strip("# ") for line in head.splitlines() if not line.startswith("@")), shapes)


def _shape(site: Site, nodes: dict[object, dict[str, list[object]]], node: object) -> Shape | None:
    properties = nodes[node]
    targets = [t for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf") for t in _all(properties, name)]
    if not isinstance(node, ox.NamedNode) or not targets:
        return None
    return Shape(
        node.value.rpartition("#")[2],
        [_ref(site, target) for target in targets if isinstance(target, ox.NamedNode)],
        any(isinstance(v, ox.Literal) and v.value == "true" for v in _all(properties, "closed")),
        _message(properties),
        list(_rules(site, nodes, properties)),
    )


def _rules(
    site: Site, nodes: dict[object, dict[str, list[object]]], properties: dict[str, list[object]]
) -> Iterator[Rule]:
    for constraint in [*_all(properties, "property"), *_all(properties, "sparql")]:
        inner = nodes.get(constraint, {})
        path = next((p for p in _all(inner, "path") if isinstance(p, ox.NamedNode)), None)
        message = _message(inner)
        if message and path != RDF.type:
            yield Rule(_ref(site, path) if path else None, message)


def _all(properties: dict[str, list[object]], name: str) -> list[object]:
    return properties.get(SH.iri + name, [])


def _message(properties: dict[str, list[object]]) -> str:
    return next((m.value for m in _all(properties, "message") if isinstance(m, ox.Literal)), "")


def _ref(site: Site, term: ox.NamedNode) -> Ref:
    return Ref(term.value, abbreviated(term.value), site.iris.href(term.value))
