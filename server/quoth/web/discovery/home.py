"""The dataset itself, /: a page on what it is, how its claims divide, where to begin; for programs, its description.

And the files that all pages share.
"""

import functools
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, send_from_directory

from quoth.claim.model.namespaces import PREFIXES
from quoth.errors import Link
from quoth.formats import HTML, RDF_FORMATS
from quoth.index.claims import Selection
from quoth.release.release import File
from quoth.web.core import variants
from quoth.web.core.site import HERE, Site, site
from quoth.web.core.variants import Choice, Resource
from quoth.web.discovery import dcat, description_views, void
from quoth.web.present import faceting, schema_org
from quoth.web.present.claim_view import Claim, claims, ref
from quoth.web.releases.downloads import FILES
from quoth.web.search import browse
from quoth.web.search.browse import LISTINGS
from quoth.web.sparql import service_description

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
    here = site()

    def make(choice: Choice) -> bytes | str:
        if choice.format is HTML:
            return render_template("home.html", **_contents(here))
        return description_views.serialized(here, statements, choice.format)

    described: list[Link] = [(here.iris.url(path), rel, None) for path, rel in DESCRIPTIONS]
    resource = Resource(here, "index", OFFERS, make, described, canonical="", modified=here.modified)
    return variants.answer(resource, suffix)


def statements(here: Site) -> list[ox.Quad]:
    """What VoID and DCAT say of the dataset and of its current release; the catalogue lists the others."""
    every = dict.fromkeys([*void.statements(here), *dcat.of_releases(here, [here.release])])
    return service_description.by_subject([*every])


@functools.lru_cache(maxsize=4)
def _contents(here: Site) -> dict[str, Any]:
    """What the front page shows; counted once, since a release does not change."""
    everything = Selection("all")
    terms = here.licence
    return {
        "counts": {
            "claims": here.lists.count(everything),
            **{name: here.lists.things_count(found.classes, found.but) for name, found in LISTINGS.items()},
            "unnamed": here.lists.things_count(LISTINGS["sources"].kinds["unnamed"]),
        },
        "divisions": faceting.divisions(here, everything, _DIVIDED_BY, functools.partial(_claims, here)),
        "examples": _some(here),
        "lists": [(LISTINGS[name], browse.page(here, LISTINGS[name], "", 1, size)) for name, size in _SHOWN.items()],
        "files": _files(here),
        "created": here.release.manifest.created[:10],
        "licence": ref(here, terms) if terms else None,
        "example": EXAMPLE,
        "descriptions": DESCRIPTIONS,
        "formats": RDF_FORMATS,
        "structured": schema_org.script(_dataset(here)),
    }


def _dataset(here: Site) -> dict[str, Any]:
    manifest, url = here.release.manifest, here.iris.url
    folder = f"releases/{manifest.release}"
    known = manifest.files
    downloads = {url(f"{folder}/{name}"): type for name, (_, type, _) in dcat.DUMPS.items() if name in known}
    return schema_org.dataset(
        service_description.dataset(here).value,
        url(""),
        str(manifest.release),
        manifest.created,
        here.licence,
        downloads,
        url("sparql"),
        url(folder),
    )


def _files(here: Site) -> list[tuple[str, str, File]]:
    """The files of the release: name, what it is, size and checksum."""
    known = here.release.manifest.files
    return [(name, what, known[name]) for name, (_, what) in FILES.items() if name in known]


def _claims(here: Site, name: str, value: str) -> str:
    """Where a part of a chart leads: to its claims in the table of all claims."""
    return here.iris.path("claims?" + urlencode({name: value}))


def _some(here: Site) -> list[Claim]:
    """A claim each of those who say most, one in an article's own voice first if there is one."""
    speakers = [iri for iri, _ in here.lists.facet(Selection("all"), "speaker", _EXAMPLES)]
    firsts = [here.lists.claims(Selection("says", iri), first=0, size=1) for iri in speakers]
    return claims(here, dict.fromkeys(iri for found in firsts for iri in found))


@blueprint.get("/static/<path:name>")
def asset(name: str) -> Response:
    """A file of the site's own: nothing that a page needs comes from elsewhere."""
    response = send_from_directory(HERE / "static", name, max_age=3600)
    response.headers["Vary"] = "Accept-Encoding"
    return response


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """The icon where browsers look for it unasked."""
    return send_from_directory(HERE / "static", "icon.svg", max_age=86_400)
