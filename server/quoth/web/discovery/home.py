"""The front page, /: the dataset, its claims by facet, where to begin; for programs, the description of the dataset.

The static files, which all pages share, have their view in this module too.
"""

import functools
from typing import Any

from flask import Blueprint, Response, render_template, request, send_from_directory

from quoth.claim.model.namespaces import PREFIXES
from quoth.errors import Link
from quoth.formats import HTML, RDF_FORMATS
from quoth.index.facets import EVERY
from quoth.index.selection import Selection
from quoth.web.core import variants
from quoth.web.core.archive import FILES, files_of
from quoth.web.core.site import WEB, Site, current_site, sitemap_paths, software
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import HOME
from quoth.web.present import schema_org
from quoth.web.present.claim_lookup import claims, ref
from quoth.web.present.claim_view import Claim
from quoth.web.present.lists import faceting, listings
from quoth.web.present.lists.listings import LISTINGS

# A client that accepts any type gets the page: programs that want the data name a type.
OFFERS = (HTML, *RDF_FORMATS)

EXAMPLE = """PREFIX quoth: <https://w3id.org/quoth/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?who ?claim WHERE {
  ?c quoth:attribution/quoth:source/rdfs:label ?who ; rdfs:label ?claim
} LIMIT 10"""

ASSET_VERSION = software()[:8]
"""What pages add to the addresses of static files, which are others with other software."""

_DIVIDED_BY = ("voice", "certainty", "polarity", "source")
_SHOWN = {"articles": 6, "entities": 12, "topics": 8}
_CHART_LIMIT = 8
_EXAMPLES = 3

_STARTING_WITH = ("oa", "prov", "quoth", "rdfs", "schema", "sem", "skos")
STARTER = (
    "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in _STARTING_WITH)
    + """
SELECT ?who ?label ?certainty WHERE {
  ?claim quoth:attribution/quoth:source/rdfs:label ?who ;
         rdfs:label ?label ;
         quoth:certainty/skos:prefLabel ?certainty .
}
LIMIT 100
"""
)
"""The initial query in the form of the endpoint."""

DESCRIPTIONS = (
    (".well-known/void", "describedby"),
    ("catalog", "describedby"),
    ("llms.txt", "describedby"),
    ("sparql", "service"),
    ("reconcile", "service-desc"),
    ("sitemap.xml", "sitemap"),
)
"""The descriptions for programs: path, and relation of the link from the front page."""

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@blueprint.get("/index.<suffix>")
def home(suffix: str | None = None) -> Response:
    """The front page for readers, the description of the dataset for programs."""
    site = current_site()

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            return render_template("home.html", **_page(site))
        # The catalogue has the other releases.
        return dataset_description.serialize(site, HOME, variant.format, [site.release])

    described: list[Link] = [(site.iris.url(path), rel, None) for path, rel in DESCRIPTIONS]
    resource = NegotiableResource(site, "index", OFFERS, make, described, canonical="", modified=site.modified)
    return variants.respond(resource, suffix)


@functools.lru_cache(maxsize=4)
def _page(site: Site) -> dict[str, Any]:
    """The variables of the template; counted once, since a release does not change."""
    all_claims = Selection("all")
    divisions = [
        faceting.division(site, all_claims, name, {}, "claims", least=0, most=_CHART_LIMIT) for name in _DIVIDED_BY
    ]
    divisions[-1] = faceting.with_unclear(site, all_claims, divisions[-1], {}, "claims")  # that by source
    return {
        "counts": {
            "claims": site.claim_index.count(all_claims),
            **{name: site.claim_index.things_count(*listing.selection()) for name, listing in LISTINGS.items()},
            "unnamed": site.claim_index.things_count(LISTINGS["sources"].kinds["unnamed"]),
        },
        "others": site.claim_index.count(Selection("all", encoding=EVERY)) - site.claim_index.count(all_claims),
        "divisions": divisions,
        "examples": _examples(site),
        "lists": [(LISTINGS[name], listings.page(site, LISTINGS[name], "", 1, size)) for name, size in _SHOWN.items()],
        "files": [(name, FILES[name][1], file) for name, file in files_of(site.release).items() if file],
        "created": site.release.manifest.created[:10],
        "title": site.settings.title,
        "licence": ref(site, site.licence) if site.licence else None,
        "example": EXAMPLE,
        "descriptions": DESCRIPTIONS,
        "formats": RDF_FORMATS,
        "structured": schema_org.script(schema_org.dataset(site)),
    }


def _examples(site: Site) -> list[Claim]:
    """The first claim of each source with most claims; a claim in an article's own voice first if there is one."""
    speakers = [iri for iri, _ in site.claim_index.facet(Selection("all"), "speaker", _EXAMPLES)]
    firsts = [site.claim_index.claims(Selection("says", iri), first=0, size=1) for iri in speakers]
    return claims(site, dict.fromkeys(iri for first in firsts for iri in first))


@blueprint.get("/static/<path:name>")
def asset(name: str) -> Response:
    """A static file of the site; pages need no file of another host. What a page of other software asks for, which a
    server beside this one may have, is kept by nobody: it stands for another file."""
    response = _static(name, 3600)
    if request.args.get("v", ASSET_VERSION) != ASSET_VERSION:
        response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@blueprint.get("/favicon.ico")
@sitemap_paths(None)
def icon() -> Response:
    """The icon at the address that browsers try unasked."""
    return _static("icon.svg", 86_400)


def _static(name: str, max_age: int) -> Response:
    """A static file, whose validators are the same wherever this software is installed."""
    return send_from_directory(
        WEB / "static", name, max_age=max_age, etag=software(), last_modified=current_site().modified
    )
