"""The shapes in words and in RDF. /shapes is what the served default graph conforms to, and the page about all shapes;
/shapes/documents is what documents are checked against before publication, and /shapes/<name> is one part of that."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from quoth.claim.model.namespaces import RDF, SH, QuadTerm, abbreviated
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import Link, NotFoundError
from quoth.formats import HTML, RDF_FORMATS, TURTLE
from quoth.resources import folder
from quoth.web.core import variants
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.variants import DOCUMENT_OFFERS, NegotiableResource, Variant
from quoth.web.present.claim_view import Ref

_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_BLANK = "urn:blank:"
PUBLISHED = "published"
"""The shapes of what is served: those of claims, and what publication adds."""
_TOGETHER: dict[str, list[str]] = {PUBLISHED: ["claims", PUBLISHED], "documents": []}
"""Shapes graphs of several files by name; of ``documents``, all parts."""

blueprint = Blueprint("shapes", __name__)


@dataclass(frozen=True)
class Constraint:
    """A constraint in words; ``path`` is the property that it constrains, if any."""

    path: Ref | None
    message: str


@dataclass(frozen=True)
class Shape:
    """A node shape (SHACL §2.1): its targets, its own message, and its constraints on properties."""

    id: str
    targets: Sequence[Ref]
    closed: bool
    message: str
    constraints: Sequence[Constraint]


@dataclass(frozen=True)
class ShapesGraph:
    """A file of shapes, those that have a target; ``comment`` is the comment at its head."""

    name: str
    comment: str
    shapes: Sequence[Shape]


@blueprint.get("/shapes")
@blueprint.get("/shapes.<suffix>")
@blueprint.get("/shapes/<name>")
@blueprint.get("/shapes/<name>.<suffix>")
def shapes(name: str | None = None, suffix: str | None = None) -> Response:
    """The shapes of what is served, or one shapes graph, whose Turtle has the comments of its file. Raises
    NotFoundError."""
    site = current_site()
    names = [*_files(), *_TOGETHER]
    if name is not None and name not in names:
        raise NotFoundError(f"there are no shapes {name}", remedy="the shapes are " + ", ".join(sorted({*names})))
    parts = _TOGETHER.get(name or PUBLISHED, [name or PUBLISHED]) or _parts()
    paths = [_files()[part] for part in parts]

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            shown = [PUBLISHED, *_parts()] if name is None else parts
            graphs = [_shapes_graph(site, part) for part in shown]
            return render_template("shapes.html", graphs=graphs, name=name, stem=stem, formats=RDF_FORMATS)
        if variant.format is TURTLE and len(paths) == 1:
            return paths[0].read_bytes()
        return serialize(_canonical(*paths), variant.format, site.iris, profile=variant.profile)

    links: list[Link] = [(site.iris.url(f"shapes/{part}"), "item", None) for part in names if name is None]
    stem = "shapes" if name is None else f"shapes/{name}"
    resource = NegotiableResource(site, stem, DOCUMENT_OFFERS, make, links, modified=site.modified)
    return variants.respond(resource, suffix)


@functools.cache
def _files() -> dict[str, Path]:
    """The files of shapes by name."""
    return {file.stem: file for file in sorted(folder("shapes").glob("*.ttl"))}


def _parts() -> list[str]:
    """The names of the shapes that documents are checked against."""
    return [name for name in _files() if name != PUBLISHED]


@functools.cache
def _canonical(*paths: Path) -> list[ox.Quad]:
    """The statements of files, with stable labels for blank nodes (RDF Dataset Canonicalization)."""
    turtle = ox.RdfFormat.TURTLE
    dataset = ox.Dataset(q for path in paths for q in ox.parse(path=str(path), format=turtle, rename_blank_nodes=True))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


@functools.lru_cache(maxsize=32)
def _shapes_graph(site: Site, name: str) -> ShapesGraph:
    text = _files()[name].read_text("utf-8")
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    index = TripleIndex(ox.Quad(_node(q.subject), q.predicate, _node(q.object)) for q in quads)  # type: ignore[arg-type]
    head = text.partition("\n#")[2].split("\n\n")[0]
    comment = " ".join(line.strip("# ") for line in head.splitlines() if not line.startswith("@"))
    nodes = index.subjects(RDF.type, SH.NodeShape)
    return ShapesGraph(name, comment, [shape for node in nodes if (shape := _shape(site, index, node)).targets])


def _node(term: QuadTerm) -> QuadTerm:
    """The term, with an IRI in place of a blank node."""
    return ox.NamedNode(_BLANK + term.value) if isinstance(term, ox.BlankNode) else term


def _shape(site: Site, index: TripleIndex, node: str) -> Shape:
    constraints = []
    for constraint in [*index.values(node, SH.property), *index.values(node, SH.sparql)]:
        path, message = index.value(constraint, SH.path), index.value(constraint, SH.message)
        if message and path != RDF.type.value:
            named = path and not path.startswith(_BLANK)
            constraints.append(Constraint(_ref(site, path) if named else None, message))
    return Shape(
        node.rpartition("#")[2],
        [_ref(site, target) for predicate in _TARGETS for target in index.values(node, predicate)],
        "true" in index.values(node, SH.closed),
        index.value(node, SH.message),
        constraints,
    )


def _ref(site: Site, iri: str) -> Ref:
    return Ref(iri, abbreviated(iri), site.iris.href(iri))
