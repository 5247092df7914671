"""The releases: /releases lists them; /releases/<n> is one, as a page, as its manifest, and in DCAT."""

import json

from flask import Blueprint, Response, render_template, request

from quoth.formats import HTML, JSON, RDF_FORMATS
from quoth.release.release import Release
from quoth.web.core import variants
from quoth.web.core.archive import FILES, archive, files_of
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import DatasetDescription
from quoth.web.present import withdrawal_notices
from quoth.web.present.lists.list_formats import LIST_OFFERS, only_page, short_body

OFFERS = (HTML, JSON, *RDF_FORMATS)
LABELS = {
    "created": "made",
    "software": "made with",
    "validator": "shapes validated with",
    "base": "its IRIs begin with",
    "bases": "and those of corpora beside, at their paths, with",
    "claims": "claims",
    "claims_other_encodings": "claims of other encodings of the same articles, which are not counted",
    "articles": "articles",
    "quads": "quads",
    "asserted": "of them in the default graph, which the publisher asserts",
    "graphs": "named graphs",
    "redacted": "taken out, because it had to go",
    "content_sha256": "SHA-256 of the hashes of the segments of claims.nq, without the quads about the release itself",
}
"""Entry of the manifest → its label on the page."""

blueprint = Blueprint("releases", __name__)


@blueprint.get("/releases")
@blueprint.get("/releases.<suffix>")
def releases(suffix: str | None = None) -> Response:
    """The releases in the archive, in any format. Raises UsageError, NotFoundError, NotAcceptableError."""
    only_page(request.args, "releases")
    site = current_site()
    archived = archive().releases()

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            rows = [
                {"release": r, "current": r.number == site.release.number, "served": site.serves(r.number)}
                for r in archived
            ]
            return render_template("releases.html", releases=rows, offers=LIST_OFFERS[1:])
        members = [_member(site, release) for release in archived]
        if variant.format is JSON:
            return json.dumps(members, indent=1) + "\n"
        description = DatasetDescription("releases", ("release",))
        quads = dataset_description.statements(site, description, archived)
        return short_body(site, variant, "releases", members, quads)

    depends = [f"{release.manifest.content_sha256} {site.serves(release.number)}" for release in archived]
    return variants.respond(NegotiableResource(site, "releases", LIST_OFFERS, make, depends=depends), suffix)


def _answers(site: Site, number: int) -> bool:
    """Whether queries to that release are answered (ReleaseArchive.queryable)."""
    return site.serves(number) and (
        not site.settings.engine or number == site.release.number or archive().is_staged(number)
    )


def _member(site: Site, release: Release) -> dict[str, object]:
    manifest = release.manifest
    url = site.iris.url(f"releases/{manifest.release}")
    return {
        "release": manifest.release,
        "created": manifest.created,
        "current": release.number == site.release.number,
        "url": url,
        "documents": f"{url}/doc/" if site.serves(release.number) else None,
        "sparql": f"{url}/sparql" if _answers(site, release.number) else None,
        "claims": manifest.claims,
        "claims_other_encodings": manifest.claims_other_encodings,
        "articles": manifest.articles,
        "quads": manifest.quads,
        "base": manifest.base,
        "content_sha256": manifest.content_sha256,
    }


@blueprint.get("/releases/<int:number>")
@blueprint.get("/releases/<int:number>.<suffix>")
@sitemap_paths(lambda site: [f"releases/{site.release.number}"])
def release(number: int, suffix: str | None = None) -> Response:
    """One release. Raises NotFoundError, NotAcceptableError."""
    site, archived = current_site(), archive().release(number)

    def make(variant: Variant) -> bytes | str:
        if variant.format is JSON:
            return archived.manifest.to_json()
        if variant.format is not HTML:
            description = DatasetDescription(f"releases/{number}", ("release",))
            own_site = archive().site(number) if site.serves(number) else site
            return dataset_description.serialize(own_site, description, variant.format, [archived])
        served = site.serves(number)
        files = [(name, FILES[name][1], file) for name, file in files_of(archived).items()]
        return render_template(
            "release.html",
            files=files,
            words=LABELS,
            manifest=archived.manifest,
            release_number=number,
            formats=OFFERS[1:],
            queryable=_answers(site, number),
            remark=withdrawal_notices.remark(archive().site(number)) if served else "",
        )

    resource = NegotiableResource(
        site,
        f"releases/{number}",
        OFFERS,
        make,
        [(site.iris.url("catalog"), "describedby", None)],
        depends=[archived.manifest.content_sha256, str(site.serves(number))],
        modified=site.modified,
    )
    return variants.respond(resource, suffix)


@blueprint.get("/releases/<int:number>/notices")
@blueprint.get("/releases/<int:number>/notices.<suffix>")
def notices(number: int, suffix: str | None = None) -> Response:
    """The notices of what a release describes and was withdrawn since, as a page and in RDF. Raises NotFoundError,
    GoneError, NotAcceptableError."""
    site = archive().site(number)
    later = withdrawal_notices.later(site)

    def make(variant: Variant) -> bytes | str:
        withdrawals = later.withdrawals.values()
        if variant.format is HTML:
            rows = withdrawal_notices.views(variant.reader, withdrawals)
            return render_template("notices.html", rows=rows, number=number, formats=OFFERS[2:])
        quads = withdrawal_notices.quads(site, withdrawals, withdrawal_notices.path(site))
        return serialize(quads, variant.format, site.iris, profile=variant.profile)

    offers = (HTML, *RDF_FORMATS)
    path = withdrawal_notices.path(site)
    return variants.respond(NegotiableResource(site, path, offers, make, depends=[later.tag]), suffix)
