"""The front page, and the style sheet that all pages share."""

import functools
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request, send_from_directory
from werkzeug.datastructures import Headers

from quoth.claim.vocabulary import PREFIXES
from quoth.formats import HTML
from quoth.web.negotiate import choose
from quoth.web.pages import ROWS_LIMIT, by_speaker
from quoth.web.reading import claims, ref
from quoth.web.responses import etag, links, validated
from quoth.web.site import HERE, Site, site

EXAMPLE = """PREFIX quoth: <https://w3id.org/quoth/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?who ?claim WHERE {
  ?c quoth:attribution/quoth:source/rdfs:label ?who ; rdfs:label ?claim
}"""

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
    ("sitemap.xml", "sitemap"),
)
"""What programs find from the front page, and by which relation."""

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """What is here, and the claims grouped by who says them."""
    here = site()
    choose(request.headers.get("Accept"), [HTML])
    described = [(here.iris.url(path), rel, None) for path, rel in DESCRIPTIONS]
    headers = Headers({"Vary": "Accept", "Link": links(described)})
    return validated(lambda: render_template("home.html", **_contents(here)), etag("home"), HTML.content_type, headers)


@functools.lru_cache(maxsize=4)
def _contents(here: Site) -> dict[str, Any]:
    """What the front page shows; counted once, since a release does not change."""
    found = claims(here, here.column("claims", "claim"))
    counts = {
        str(getattr(row["kind"], "value", "")): int(row["count"].value)
        for row in here.rows("counts")
        if isinstance(row["count"], ox.Literal)
    }
    articles = [
        (ref(here, row["article"].value), int(row["claims"].value))
        for row in here.rows("articles")
        if isinstance(row["article"], ox.NamedNode) and isinstance(row["claims"], ox.Literal)
    ]
    return {
        "counts": counts,
        "articles": articles,
        "topics": [ref(here, t) for t in here.column("topics", "topic")],
        "groups": by_speaker(found[:ROWS_LIMIT]),
        "shown": min(len(found), ROWS_LIMIT),
        "cut": len(found) > ROWS_LIMIT,
        "example": EXAMPLE,
        "descriptions": DESCRIPTIONS,
    }


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
