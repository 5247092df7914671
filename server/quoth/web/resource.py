"""Things and their documents: /id/X answers 303 to /doc/X, which is negotiated; /doc/X.ttl and so on are variants.

Cool URIs for the Semantic Web §4.2: https://www.w3.org/TR/cooluris/#r303gendocument
"""

import pyoxigraph as ox
from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from quoth.errors import NotAcceptable, NotFound
from quoth.formats import HTML, RDF_FORMATS, Format, by_name
from quoth.web import pages
from quoth.web.description import Description, describe
from quoth.web.negotiate import choose
from quoth.web.responses import alternates, etag, licence, links, raw_path, validated
from quoth.web.site import Site, site
from quoth.web.variants import about_document, serialize

OFFERS = (*RDF_FORMATS, HTML)

blueprint = Blueprint("resource", __name__)


@blueprint.get("/id/<path:name>")
def thing(name: str) -> Response:
    """303 to the document about a thing. Raises NotFound, NotAcceptable."""
    here = site()
    path = raw_path().removeprefix("id/")
    if _found(here, path) is None:
        raise _unknown(here, path)
    choose(request.headers.get("Accept"), OFFERS)
    url = here.iris.url(f"doc/{path}")
    response = Response(f"{url}\n", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = url
    response.headers["Link"] = links([(url, "describedby", None), *alternates(f"doc/{path}", OFFERS)])
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<path:name>")
def document(name: str) -> Response:
    """The document about a thing, negotiated, or the variant that the suffix names."""
    here = site()
    path = raw_path().removeprefix("doc/")
    stem, _, suffix = path.rpartition(".")
    variant = by_name(OFFERS, suffix) if stem else None
    if variant is not None and variant.suffix == suffix:
        found = _found(here, stem)
        if found is not None:
            return _answer(here, stem, found, variant, negotiated=False)
    found = _found(here, path)
    if found is None:
        raise _unknown(here, path)
    return _answer(here, path, found, choose(request.headers.get("Accept"), OFFERS), negotiated=True)


def _answer(here: Site, path: str, iri: str, variant: Format, *, negotiated: bool) -> Response:
    stem = f"doc/{path}"
    headers = Headers()
    targets = alternates(stem, [f for f in OFFERS if f is not variant])
    targets += [
        (here.iris.url(stem), "canonical", None),
        (here.iris.url(f"id/{path}"), "describes", None),
        (here.iris.url("ns"), "describedby", None),
    ]
    terms = licence(here)
    if terms:
        targets.append((terms, "license", None))
    headers["Link"] = links(targets)
    headers["Content-Location"] = here.iris.url(f"{stem}.{variant.suffix}")
    if negotiated:
        headers["Vary"] = "Accept"

    def make() -> Response | bytes | str:
        description = describe(here, iri)
        assert description is not None, "_found said that there is one"
        if variant is HTML:
            return pages.render(here, description, path)
        try:
            return serialize(quads_of(here, description, path, variant), variant, here.iris)
        except NotAcceptable as error:
            raise NotAcceptable(error.detail, remedy=f"{here.iris.url(stem)}.ttl has it as Turtle") from None

    return validated(make, etag(iri, variant.name), variant.content_type, headers)


def quads_of(here: Site, description: Description, path: str, variant: Format) -> list[ox.Quad]:
    """What a variant of a document holds: in a format without named graphs never a reported triple."""
    more = not variant.quads and bool(description.content or description.inferences)
    comments = []
    if description.incoming_total > len(description.incoming):
        comments.append(
            f"Of {description.incoming_total} links to this resource, the first {len(description.incoming)} are listed."
        )
    if more:
        comments.append(
            "What is claimed, what is inferred and who made the links stand in named graphs: see the TriG document."
        )
    itself = about_document(
        description.iri,
        here.iris.url(f"doc/{path}"),
        comments,
        here.iris.url(f"doc/{path}.trig") if more else None,
    )
    return [*(description.everything if variant.quads else description.asserted), *itself]


def _found(here: Site, path: str) -> str | None:
    """The IRI that a path names and of which the release says something, or None."""
    for iri in here.iris.candidates(f"id/{path}"):
        if here.says_something(iri):
            return iri
    return None


def _unknown(here: Site, path: str) -> NotFound:
    return NotFound(
        f"release {here.release.number} says nothing of {here.iris.base}id/{path}",
        remedy=f"start from {here.iris.public}, or ask {here.iris.url('sparql')}",
    )
