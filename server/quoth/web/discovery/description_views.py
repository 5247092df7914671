"""/.well-known/void and /catalog: the dataset in VoID and in DCAT, in the RDF formats and as a page for readers."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template

from quoth.formats import HTML, RDF_FORMATS, TURTLE
from quoth.release.release import Release
from quoth.web.core import variants
from quoth.web.core.archive import archive
from quoth.web.core.site import current_site, sitemap_paths
from quoth.web.core.variants import DOCUMENT_OFFERS, NegotiableResource, Variant
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import CATALOG, VOID_DESCRIPTION, DatasetDescription

RELEASES_LIMIT = 100
"""Releases in the catalogue, the newest first."""

blueprint = Blueprint("descriptions", __name__)


@blueprint.get("/.well-known/void")
@blueprint.get("/.well-known/void.<suffix>")
@sitemap_paths(None)
def void(suffix: str | None = None) -> Response:
    """The description of the dataset, where clients look for it (VoID §7.2)."""
    return _respond(VOID_DESCRIPTION, "The dataset in VoID", "catalog", (), suffix)


@blueprint.get("/catalog")
@blueprint.get("/catalog.<suffix>")
@sitemap_paths(None)
def catalog(suffix: str | None = None) -> Response:
    """The catalogue of the dataset, its releases and its endpoint."""
    releases = archive().releases(RELEASES_LIMIT)
    return _respond(CATALOG, "The dataset and its releases in DCAT", ".well-known/void", releases, suffix)


def _respond(
    description: DatasetDescription, title: str, sibling: str, releases: Sequence[Release], suffix: str | None
) -> Response:
    """A description, with a link to the ``sibling`` description. Raises NotAcceptableError and NotFoundError."""
    site = current_site()

    def make(variant: Variant) -> bytes | str:
        if variant.format is not HTML:
            return dataset_description.serialize(site, description, variant.format, releases)
        source = dataset_description.serialize(site, description, TURTLE, releases).decode()
        return render_template(
            "description.html", title=title, stem=description.topic, formats=RDF_FORMATS, source=source
        )

    resource = NegotiableResource(
        site,
        description.topic,
        DOCUMENT_OFFERS,
        make,
        [(site.iris.url("sparql"), "service", None), (site.iris.url(sibling), "describedby", None)],
        depends=[",".join(str(release.number) for release in releases)],
        # The removal of a release changes the catalogue as well, and no date tells of it: the ETag does.
        modified=None if releases else site.modified,
    )
    return variants.respond(resource, suffix)
