"""The changes as a linked data event stream (https://w3id.org/ldes/specification), in pages of TREE
(https://w3id.org/tree/specification) from the oldest to the newest member, each with a relation to the next one.

A member is the version of a thing that a change made. A page that has a next one is immutable, and says so: a client
that keeps the address of the last page which it read gets the rest from there alone. The changes that the parameters of
/changes name are a stream of their own: what is past stays in it, so that its pages are as immutable. Only where words
have to go by law does a page lose them; a new member says so, and caches find out, as they ask again.
"""

import pyoxigraph as ox
from flask import Blueprint, Response, request

from quoth.claim.model.namespaces import DCTERMS, RDF, RDFS, XSD, Namespace
from quoth.formats import RDF_FORMATS
from quoth.web.changes import change_request
from quoth.web.changes.change_request import NumberedPages
from quoth.web.core import variants
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import change_quads, change_view
from quoth.web.present.change_quads import ACTIVITY_STREAMS, activity
from quoth.web.present.change_view import ChangeView

PAGE = 250
LDES = Namespace(
    "https://w3id.org/ldes#",
    """EventStream timestampPath versionOfPath immutable versionCreatePath versionCreateObject versionUpdatePath
    versionUpdateObject versionDeletePath versionDeleteObject""",
)
TREE = Namespace(
    "https://w3id.org/tree#", "Node member view relation GreaterThanOrEqualToRelation node path value remainingItems"
)
_PREFIXES = {"ldes": LDES.iri, "tree": TREE.iri, "as": f"{ACTIVITY_STREAMS}#"}
_OPERATIONS = (
    (LDES.versionCreatePath, LDES.versionCreateObject, "Create"),
    (LDES.versionUpdatePath, LDES.versionUpdateObject, "Update"),
    (LDES.versionDeletePath, LDES.versionDeleteObject, "Delete"),
)
"""How a member says what was done: by which property, and with which class of ActivityStreams."""
_PATH = "changes/ldes"

blueprint = Blueprint("event_stream", __name__)


@blueprint.get(f"/{_PATH}")
@blueprint.get(f"/{_PATH}.<suffix>")
@sitemap_paths(None)
def stream(suffix: str | None = None) -> Response:
    """The stream, or that of the changes which the parameters name, and its view, which begins at the first page.
    Raises UsageError, NotFoundError, NotAcceptableError."""
    site = current_site()
    pages = change_request.numbered(site, request.args, _PATH, PAGE)
    quads = _stream(site, pages)
    if note := change_request.rolled_back(site):
        quads.append(ox.Quad(quads[0].subject, RDFS.comment, ox.Literal(note, language="en")))
    return _respond(site, pages, None, quads, suffix)


@blueprint.get(f"/{_PATH}/<int:number>")
@blueprint.get(f"/{_PATH}/<int:number>.<suffix>")
@sitemap_paths(None)
def page(number: int, suffix: str | None = None) -> Response:
    """A page of the stream. Raises as ``stream`` does."""
    site = current_site()
    pages = change_request.numbered(site, request.args, _PATH, PAGE)
    changes = pages.page(site, number)
    final = len(changes) > PAGE
    collection, node = (ox.NamedNode(site.iris.url(pages.target(n))) for n in (None, number))
    quads = [*_stream(site, pages), ox.Quad(node, RDF.type, TREE.Node)]
    for view in change_view.views(site, changes[:PAGE]):
        quads += _member(site, collection, view)
    if final:
        relation = ox.NamedNode(f"{node.value}#next")
        following = ox.NamedNode(site.iris.url(pages.target(number + 1)))
        quads += [
            ox.Quad(node, LDES.immutable, ox.Literal("true", datatype=XSD.boolean)),
            ox.Quad(node, TREE.relation, relation),
            ox.Quad(relation, RDF.type, TREE.GreaterThanOrEqualToRelation),
            ox.Quad(relation, TREE.node, following),
            ox.Quad(relation, TREE.path, DCTERMS.created),
            ox.Quad(relation, TREE.value, ox.Literal(changes[PAGE].created, datatype=XSD.dateTime)),
        ]
    return _respond(site, pages, number, quads, suffix)


def _stream(site: Site, pages: NumberedPages) -> list[ox.Quad]:
    """What the stream is: how its members say their time, of what they are versions, and what was done."""
    collection = ox.NamedNode(site.iris.url(pages.target()))
    return [
        ox.Quad(collection, RDF.type, LDES.EventStream),
        ox.Quad(collection, LDES.timestampPath, DCTERMS.created),
        ox.Quad(collection, LDES.versionOfPath, DCTERMS.isVersionOf),
        *(
            ox.Quad(collection, term, value)
            for path, object, name in _OPERATIONS
            for term, value in ((path, RDF.type), (object, activity(name)))
        ),
        ox.Quad(collection, TREE.view, ox.NamedNode(site.iris.url(pages.target(1)))),
    ]


def _member(site: Site, collection: ox.NamedNode, view: ChangeView) -> list[ox.Quad]:
    """A member of the stream, and the document in its release."""
    change = view.change
    version, name = ox.NamedNode(change_view.address(site, change)), site.iris.name(change.iri)
    quads = [
        ox.Quad(collection, TREE.member, version),
        *change_quads.version(site, change),
        ox.Quad(version, RDFS.label, ox.Literal(view.title, language="en")),
    ]
    if change.event != "withdrawn" and name:
        document = ox.NamedNode(site.iris.url(f"releases/{change.release}/doc/{name}"))
        quads.append(ox.Quad(version, RDFS.seeAlso, document))
    return quads


def _respond(
    site: Site,
    pages: NumberedPages,
    number: int | None,
    quads: list[ox.Quad],
    suffix: str | None,
) -> Response:
    target = pages.target(number)

    def make(variant: Variant) -> bytes:
        root = site.iris.url(target)
        return serialize(quads, variant.format, site.iris, _PREFIXES, root=root, profile=variant.profile)

    path, mark, query = target.partition("?")
    return variants.respond(
        NegotiableResource(
            site,
            path,
            RDF_FORMATS,
            make,
            query=mark + query,
            modified=site.modified,
            depends=change_request.depends(),
        ),
        suffix,
    )
