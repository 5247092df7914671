"""Descriptions of the dataset as documents: one resource, negotiated among the RDF formats."""

import functools
from collections.abc import Callable, Sequence

import pyoxigraph as ox
from flask import Response, request
from werkzeug.datastructures import Headers

from quoth.formats import RDF_FORMATS, Format
from quoth.web import responses, service
from quoth.web.negotiate import choose
from quoth.web.site import Site, site

Make = Callable[[Site], list[ox.Quad]]


def answer(path: str, make: Make, links: Sequence[tuple[str, str, str | None]], version: str = "") -> Response:
    """The statements of ``make`` in the format that the client likes best. ``version`` changes with whatever they
    depend on beside the site. Raises NotAcceptable."""
    here = site()
    format = choose(request.headers.get("Accept"), RDF_FORMATS)
    endpoint = (here.iris.url("sparql"), "service", None)
    return responses.validated(
        lambda: _body(here, make, format, version),
        responses.etag(path, format.name, version),
        format.content_type,
        Headers({"Vary": "Accept", "Link": responses.links([endpoint, *links])}),
    )


@functools.lru_cache(maxsize=16)
def _body(here: Site, make: Make, format: Format, version: str) -> bytes:
    return service.serialize(make(here), format, here)
