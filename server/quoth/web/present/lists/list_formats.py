"""The formats of every list of things: one view of its rows makes the JSON, the CSV and the RDF of a page of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from werkzeug.datastructures import MultiDict

from quoth.formats import CSV_RESULTS, HTML, JSON, RDF_FORMATS
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.web.core import csv_table, request_target
from quoth.web.core.responses import page_json
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site
from quoth.web.core.variants import Variant
from quoth.web.describe.collection import collection_quads, thing_quads

LIST_OFFERS = (HTML, JSON, CSV_RESULTS, *RDF_FORMATS)
"""The formats of a list of things."""


@dataclass(frozen=True)
class ListRow:
    """One thing of a list: its IRI, what JSON and CSV say of it, and the path and number of its claims."""

    iri: str
    values: Mapping[str, str | int | None]
    address: str
    claims: int


def body(site: Site, variant: Variant, name: str, page: Page[ListRow], columns: Sequence[str]) -> bytes | str:
    """A page of the list of that ``name`` in a format other than HTML. ``columns`` are the keys of ``values`` that a
    table has. Raises NotAcceptableError as ``serialize`` does."""
    if variant.format is JSON:
        return page_json(page, name, [row.values for row in page])
    if variant.format is CSV_RESULTS:
        cells = ([str(value) if (value := row.values.get(c)) is not None else "" for c in columns] for row in page)
        return csv_table.lines(cells, columns)
    url = site.iris.url
    listed: Page[None] = page.at(f"{name}.{variant.format.suffix}").map(())
    quads = collection_quads(site.iris, listed, [row.iri for row in page])
    quads += thing_quads(site, {row.iri: (url(row.address), row.claims) for row in page})
    root = url(listed.at(name).target(1))
    return serialize(quads, variant.format, site.iris, root=root, profile=variant.profile)


def only_page(args: MultiDict[str, str], name: str) -> None:
    """Check the parameters of a short list, which is on one page. Raises UsageError for another than ``page``,
    NotFoundError for another page."""
    parameters = request_target.known_parameters(args, ("page",), name)
    pagination.page((), number=pagination.read(parameters), size=1, total=1, path=name)


def short_body(
    site: Site, variant: Variant, name: str, rows: Sequence[Mapping[str, object]], quads: Iterable[ox.Quad]
) -> bytes:
    """A short list, which is on one page, as CSV or RDF. Each row has its thing's address as ``url``; ``quads`` say
    what the things are. CSV has the columns whose values are one word or number. Raises NotAcceptableError."""
    if variant.format is CSV_RESULTS:
        columns = [key for key, value in (rows[0] if rows else {}).items() if not isinstance(value, list)]
        return csv_table.lines(
            (["" if row[key] is None else str(row[key]) for key in columns] for row in rows), columns
        )
    path = f"{name}.{variant.format.suffix}"
    page: Page[None] = Page((), number=1, size=max(1, len(rows)), total=len(rows), path=path)
    listed = collection_quads(site.iris, page, [str(row["url"]) for row in rows])
    return serialize([*listed, *quads], variant.format, site.iris, root=site.iris.url(name), profile=variant.profile)
