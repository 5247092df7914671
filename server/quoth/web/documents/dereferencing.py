"""Resources and their documents: /id/X answers 303 to /doc/X, which is negotiated; /doc/X.ttl and so on are variants.

Cool URIs for the Semantic Web §4.2: https://www.w3.org/TR/cooluris/#r303gendocument

/releases/<n>/doc/X is the same document of one release, as long as the archive has the release: a citation names it.
"""

from flask import Blueprint, Response, request

from quoth.errors import NotAcceptableError
from quoth.formats import HTML
from quoth.http import pagination
from quoth.web.core import query_params, variants
from quoth.web.core.archive import IMMUTABLE, archive
from quoth.web.core.responses import links, raw_path
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe.description import describe
from quoth.web.describe.self_description import document_quads
from quoth.web.documents import pages
from quoth.web.documents.resource import OFFERS, Resource, missing, resource_at, split_suffix

blueprint = Blueprint("resource", __name__)


@blueprint.get("/id/<path:name>")
def identifier(name: str) -> Response:
    """303 to the document about a resource. Raises NotFoundError, GoneError, NotAcceptableError."""
    site = current_site()
    path = raw_path().removeprefix("id/")
    resource = resource_at(site, path, site)
    if resource is None:
        raise missing(site, path)
    negotiable = _negotiable(resource)
    negotiable.best_format()
    url = site.iris.url(resource.stem)
    response = Response(f"{url}\n", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = url
    response.headers["Link"] = links([(url, "describedby", None), *negotiable.alternates()])
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<path:name>")
def document(name: str) -> Response:
    """The document about a resource, negotiated, or the variant that the suffix names."""
    return _document(current_site(), raw_path().removeprefix("doc/"))


@blueprint.get("/releases/<int:number>/doc/<path:name>")
def pinned(number: int, name: str) -> Response:
    """The document of one release. Raises NotFoundError for a release that is not in the archive."""
    site = archive().site(number)
    return _document(site, raw_path().removeprefix(f"{site.iris.documents}/"))


def _document(site: Site, path: str) -> Response:
    # The name of a resource may end like a suffix.
    for stem, suffix in dict.fromkeys((split_suffix(path), (path, None))):
        resource = resource_at(site, stem, current_site())
        if resource is not None:
            return variants.respond(_negotiable(resource, suffix), suffix)
    raise missing(site, path)


def _negotiable(resource: Resource, suffix: str | None = None) -> NegotiableResource:
    site = resource.site
    number = pagination.read(query_params.single_valued(request.args))
    path = resource.stem if suffix is None else f"{resource.stem}.{suffix}"

    def make(variant: Variant) -> Response:
        description = describe(variant.reader, resource.iri, number, resource.stem)
        assert description is not None, "resource_at has looked"
        if variant.format is HTML:
            body: bytes | str = pages.render(variant.reader, description, resource.name, resource.canonical)
        else:
            quads = document_quads(site, description, resource.name, variant.format)
            try:
                body = serialize(quads, variant.format, site.iris, root=resource.iri, profile=variant.profile)
            except NotAcceptableError as error:
                turtle = site.iris.url(f"{resource.stem}.ttl")
                link = (turtle, "alternate", "text/turtle")
                raise NotAcceptableError(error.detail, remedy=f"{turtle} has it as Turtle", links=[link]) from None
        response = Response(body, content_type=variant.content_type)
        response.headers["X-Total-Count"] = str(description.incoming.total)
        page_links = description.incoming.at(path).links(site.iris.url)
        if page_links:
            response.headers["Link"] = links(page_links)
        return response

    return NegotiableResource(
        site,
        resource.stem,
        OFFERS,
        make,
        resource.links(),
        query=f"?page={number}" if number > 1 else "",
        depends=[resource.iri, str(resource.current)],
        canonical=resource.canonical,
        modified=site.modified,
        cache_control=IMMUTABLE if site.pinned else None,
        localized=True,
    )
