"""Descriptions of the dataset as documents: one resource, negotiated among the RDF formats."""

import functools
from collections.abc import Callable, Sequence

import pyoxigraph as ox
from flask import Response

from quoth.errors import Link
from quoth.formats import RDF_FORMATS, Format
from quoth.web import negotiated, service
from quoth.web.negotiated import Resource
from quoth.web.site import Site, site

Make = Callable[[Site], list[ox.Quad]]


def answer(path: str, make: Make, links: Sequence[Link], version: str = "", suffix: str | None = None) -> Response:
    """The statements of ``make`` in the format that the client likes best, or that ``suffix`` names. ``version``
    changes with whatever they depend on beside the site. Raises NotAcceptable and NotFound."""
    here = site()
    endpoint = (here.iris.url("sparql"), "service", None)
    resource = Resource(
        here,
        path,
        RDF_FORMATS,
        lambda choice: _body(here, make, choice.format, version),
        [endpoint, *links],
        depends=[version],
        modified=not version,
    )
    return negotiated.answer(resource, suffix)


@functools.lru_cache(maxsize=16)
def _body(here: Site, make: Make, format: Format, version: str) -> bytes:
    return service.serialize(make(here), format, here)
