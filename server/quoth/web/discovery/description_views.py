"""Descriptions of the dataset as documents: one resource, negotiated among the RDF formats and a page for readers."""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime

import pyoxigraph as ox
from flask import Response, render_template

from quoth.errors import Link
from quoth.formats import HTML, RDF_FORMATS, TURTLE, Format
from quoth.web.core import variants
from quoth.web.core.site import Site, site
from quoth.web.core.variants import Choice, Resource
from quoth.web.sparql import service_description

OFFERS = (*RDF_FORMATS, HTML)

Make = Callable[[Site], list[ox.Quad]]


def answer(
    path: str,
    title: str,
    make: Make,
    links: Sequence[Link],
    *,
    version: str = "",
    modified: datetime | None = None,
    suffix: str | None = None,
) -> Response:
    """The statements of ``make`` in the format that the client likes best, or that ``suffix`` names.

    ``version`` changes with whatever they depend on beside the site, and ``modified`` is when that changed last, unless
    that is when the release was made. Raises NotAcceptableError and NotFoundError.
    """
    here = site()
    endpoint = (here.iris.url("sparql"), "service", None)

    def body(choice: Choice) -> bytes | str:
        if choice.format is not HTML:
            return serialized(here, make, choice.format, version)
        source = serialized(here, make, TURTLE, version).decode()
        return render_template("description.html", title=title, stem=path, formats=RDF_FORMATS, source=source)

    resource = Resource(
        here,
        path,
        OFFERS,
        body,
        [endpoint, *links],
        depends=[version],
        modified=modified or here.modified,
    )
    return variants.answer(resource, suffix)


@functools.lru_cache(maxsize=32)
def serialized(here: Site, make: Make, format: Format, version: str = "") -> bytes:
    """The statements of ``make`` in a format, which change with the site and ``version`` alone."""
    return service_description.serialize(make(here), format, here)
