"""/encodings/X: the encodings of the article X side by side, with their agreement; as a page and as JSON."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from quoth.errors import NotFoundError
from quoth.formats import HTML, JSON, by_name
from quoth.http import pagination
from quoth.web.core import request_target, variants
from quoth.web.core.request_target import raw_path
from quoth.web.core.responses import page_json, page_response
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.documents.dereferencing import resource_at
from quoth.web.present import rival_encodings
from quoth.web.present.claim_lookup import ref
from quoth.web.present.rival_encodings import Comparison

OFFERS = (HTML, JSON)
PAGE_ROWS = 50
"""Attributions on a page."""

blueprint = Blueprint("encodings", __name__)


@blueprint.get("/encodings/<path:name>")
@sitemap_paths(None)
def encodings(name: str) -> Response:
    """The encodings of an article, compared. Raises NotFoundError for what has not several, and past the last page."""
    parameters = request_target.known_parameters(request.args, ("page", "format"), "encodings")
    site, path = current_site(), raw_path().removeprefix("encodings/")
    stem, _, suffix = path.rpartition(".")
    named = by_name(OFFERS, suffix) if stem else None
    for own, ending in ((path, None), *([(stem, suffix)] if named and named.suffix == suffix else [])):
        resource = resource_at(site, own)
        if resource and (comparison := rival_encodings.compare(site, resource.iri)):
            return _respond(site, resource.iri, resource.name, comparison, pagination.read(parameters), ending)
    raise NotFoundError(
        f"{path} has not several encodings that could be compared",
        remedy=f"start from the page of an article; all are at {site.iris.url('articles')}",
    )


def _respond(site: Site, iri: str, name: str, comparison: Comparison, number: int, suffix: str | None) -> Response:
    path = f"encodings/{name}"
    rows = comparison.rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    page = pagination.page(rows, number=number, size=PAGE_ROWS, total=len(comparison.rows), path=path)

    def make(variant: Variant) -> Response:
        address = path if suffix is None else f"{path}.{suffix}"
        if variant.format is JSON:
            body = page_json(page, "attributions", [_json(comparison, row) for row in rows], **_head(iri, comparison))
            return page_response(page.at(address), body, variant.content_type)
        body = render_template(
            "encodings.html",
            article=ref(variant.reader, iri),
            comparison=comparison,
            by={encoding.name: encoding.by for encoding in comparison.encodings},
            page=page,
            places=rival_encodings.places(variant.reader, comparison, page),
            offers=OFFERS[1:],
            stem=path,
        )
        return page_response(page.at(address), body, variant.content_type)

    return variants.respond(
        NegotiableResource(
            site,
            path,
            OFFERS,
            make,
            query=f"?page={number}" if number > 1 else "",
            modified=site.modified,
            localized=True,
        ),
        suffix,
    )


def _head(iri: str, comparison: Comparison) -> dict[str, Any]:
    return {
        "article": iri,
        "encodings": {encoding.name: {"iri": encoding.iri, "by": encoding.by} for encoding in comparison.encodings},
        "agreement": [
            {
                "encodings": each.encodings,
                "attributions": each.numbers,
                "both": each.cues,
                "f1": round(each.f1, 4),
                "same_source": each.sources,
                "words_f1": round(each.words, 4),
            }
            for each in comparison.agreements
        ],
    }


def _json(comparison: Comparison, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"claim": iri, "words": marks.words, "cue": marks.cue, "mention": marks.mention}
        for name, iri in row.items()
        for marks in [comparison.marks[iri]]
    }
