"""The dataset itself, /: a page on what it is, how its claims divide, where to begin; for programs, its description.

And the files that all pages share.
"""

import functools
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, send_from_directory

from quoth.claim.model.namespaces import PREFIXES
from quoth.errors import Link
from quoth.formats import HTML, NQUADS, RDF_FORMATS, TRIG
from quoth.index.claims import Selection
from quoth.release.release import File
from quoth.web.core import variants
from quoth.web.core.archive import FILES
from quoth.web.core.site import WEB, Site, current_site, sitemap_paths
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe import dataset_description
from quoth.web.describe.dataset_description import HOME
from quoth.web.present import faceting, listings, schema_org
from quoth.web.present.claim_view import Claim, claims, ref
from quoth.web.present.listings import LISTINGS

# A client that takes anything is a reader here: programs that mean the data name a type.
OFFERS = (HTML, *RDF_FORMATS)

EXAMPLE = """PREFIX quoth: <https://w3id.org/quoth/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?who ?claim WHERE {
  ?c quoth:attribution/quoth:source/rdfs:label ?who ; rdfs:label ?claim
} LIMIT 10"""

_DIVIDED_BY = ("voice", "certainty", "polarity", "source")
_SHOWN = {"articles": 6, "entities": 12, "topics": 8}
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
"""What the form of the endpoint starts with."""

DESCRIPTIONS = (
    (".well-known/void", "describedby"),
    ("catalog", "describedby"),
    ("sparql", "service"),
    ("reconcile", "service-desc"),
    ("sitemap.xml", "sitemap"),
)
"""What programs find from the front page, and by which relation."""

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@blueprint.get("/index.<suffix>")
def home(suffix: str | None = None) -> Response:
    """The dataset: for readers what is here and how it divides, for programs its description."""
    site = current_site()

    def make(variant: Variant) -> bytes | str:
        if variant.format is HTML:
            return render_template("home.html", **_contents(site))
        # The catalogue has the other releases.
        return dataset_description.serialize(site, HOME, variant.format, [site.release])

    described: list[Link] = [(site.iris.url(path), rel, None) for path, rel in DESCRIPTIONS]
    resource = NegotiableResource(site, "index", OFFERS, make, described, canonical="", modified=site.modified)
    return variants.respond(resource, suffix)


@functools.lru_cache(maxsize=4)
def _contents(site: Site) -> dict[str, Any]:
    """What the front page shows; counted once, since a release does not change."""
    everything = Selection("all")
    terms = site.licence
    return {
        "counts": {
            "claims": site.lists.count(everything),
            **{name: site.lists.things_count(found.classes, found.but) for name, found in LISTINGS.items()},
            "unnamed": site.lists.things_count(LISTINGS["sources"].kinds["unnamed"]),
        },
        "divisions": faceting.divisions(site, everything, _DIVIDED_BY, functools.partial(_claims, site)),
        "examples": _some(site),
        "lists": [(LISTINGS[name], listings.page(site, LISTINGS[name], "", 1, size)) for name, size in _SHOWN.items()],
        "files": _files(site),
        "created": site.release.manifest.created[:10],
        "licence": ref(site, terms) if terms else None,
        "example": EXAMPLE,
        "descriptions": DESCRIPTIONS,
        "formats": RDF_FORMATS,
        "structured": schema_org.script(_dataset(site)),
    }


def _dataset(site: Site) -> dict[str, Any]:
    manifest, url = site.release.manifest, site.iris.url
    folder = f"releases/{manifest.release}"
    known = manifest.files
    dumps = {f"claims.{f.suffix}.gz": f.media_type for f in (TRIG, NQUADS)}
    downloads = {url(f"{folder}/{name}"): type for name, type in dumps.items() if name in known}
    return schema_org.dataset(
        site.iris.dataset,
        url(""),
        str(manifest.release),
        manifest.created,
        site.licence,
        downloads,
        url("sparql"),
        url(folder),
    )


def _files(site: Site) -> list[tuple[str, str, File]]:
    """The files of the release: name, what it is, size and checksum."""
    known = site.release.manifest.files
    return [(name, what, known[name]) for name, (_, what) in FILES.items() if name in known]


def _claims(site: Site, name: str, value: str) -> str:
    """Where a part of a chart leads: to its claims in the table of all claims."""
    return site.iris.path("claims?" + urlencode({name: value}))


def _some(site: Site) -> list[Claim]:
    """A claim each of those who say most, one in an article's own voice first if there is one."""
    speakers = [iri for iri, _ in site.lists.facet(Selection("all"), "speaker", _EXAMPLES)]
    firsts = [site.lists.claims(Selection("says", iri), first=0, size=1) for iri in speakers]
    return claims(site, dict.fromkeys(iri for found in firsts for iri in found))


@blueprint.get("/static/<path:name>")
def asset(name: str) -> Response:
    """A file of the site's own: nothing that a page needs comes from elsewhere."""
    response = send_from_directory(WEB / "static", name, max_age=3600)
    response.headers["Vary"] = "Accept-Encoding"
    return response


@blueprint.get("/favicon.ico")
@sitemap_paths(None)
def icon() -> Response:
    """The icon where browsers look for it unasked."""
    return send_from_directory(WEB / "static", "icon.svg", max_age=86_400)
