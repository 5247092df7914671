"""A claim in other people's pages: /embed/X, a small page to frame, and /oembed, which leads to it (https://oembed.com).

Nothing is fetched: an address is one of this server or no address. Beside the previews of reconciliation, /embed/X is
the only page that others may frame.
"""

import json
import re
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from flask import Blueprint, Response, render_template, request

from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.errors import NotFoundError, UsageError
from quoth.formats import HTML
from quoth.http.message import refuse_misspelt
from quoth.web.core.problem_details import HttpError
from quoth.web.core.request_target import raw_path, single_valued
from quoth.web.core.responses import CONTENT_SECURITY_POLICY, validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.documents.dereferencing import resource_at
from quoth.web.present import citation, withdrawal_notices
from quoth.web.present.claim_lookup import article_of, claims
from quoth.web.present.embed import HEIGHT, WIDTH, Embed, address, frame

FRAMED = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "script-src 'self'; connect-src 'self'; ", ""
)
"""Any page may show it; it runs no script."""
_JSON, _XML = "application/json", "text/xml; charset=utf-8"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document in XML may have (XML 1.0 §2.2)."""
_PARAMETERS = ("url", "format", "maxwidth", "maxheight")

blueprint = Blueprint("embedding", __name__)


@blueprint.get("/embed/<path:name>")
@sitemap_paths(None)
def embed(name: str) -> Response:
    """A claim as a small page within another one; a withdrawn one says so, with 410. Raises NotFoundError."""
    site = current_site()
    shown = _embed(site, raw_path().removeprefix("embed/"))
    if shown is None:
        raise _no_claim()
    response = validated(
        lambda: render_template("embed.html", shown=shown),
        site.etag("embed", shown.iri, str(shown.withdrawn)),
        HTML.content_type,
        modified=site.modified,
    )
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["X-Robots-Tag"] = "noindex"
    if shown.withdrawn and response.status_code == 200:
        response.status_code = 410
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/oembed")
@sitemap_paths(None)
def oembed() -> Response:
    """What to put into a page for the address of a claim (oEmbed 1.0 §2). Raises UsageError for parameters that make no
    sense, NotFoundError for an address that is of no claim of this server, HttpError (501) for another format."""
    site, values = current_site(), single_valued(request.args)
    refuse_misspelt(request.args, _PARAMETERS)
    format = values.get("format", "json")
    if format not in ("json", "xml"):
        raise HttpError(501, "Not implemented", f"{format[:80]!r} is no format of oEmbed", "ask for json or xml")
    if not values.get("url"):
        raise UsageError("there is no address", where="url", remedy=f"give the address of a claim: {_example(site)}")
    width, height = (_size(values, name, most) for name, most in (("maxwidth", WIDTH), ("maxheight", HEIGHT)))
    name = _name(site, values["url"])
    shown = _embed(site, name) if name else None
    if shown is None:
        raise _no_claim()
    members = {
        "type": "rich",
        "version": "1.0",
        "title": f"[withdrawn] {shown.sentence}" if shown.withdrawn else shown.sentence,
        "author_name": shown.source,
        "provider_name": site.dataset_title,
        "provider_url": site.iris.public,
        "cache_age": 86_400,
        "html": frame(site, shown.iri, shown.sentence, width, height),
        "width": width,
        "height": height,
    }
    body = json.dumps(members, ensure_ascii=False, indent=1) + "\n" if format == "json" else _xml(members)
    tag = site.etag("oembed", shown.iri, format, str(width), str(height), str(shown.withdrawn))
    return validated(lambda: body, tag, _JSON if format == "json" else _XML, modified=site.modified)


def _name(site: Site, url: str) -> str | None:
    """The name below /id/ of what an address of this server is about; None for an address of anything else."""
    try:
        there, own = urlsplit(url), urlsplit(site.iris.public)
    except ValueError:  # such as brackets that hold no address
        return None
    # What was cited over http may be served over https by now.
    known = there.scheme in ("http", "https") and there.netloc.lower() == own.netloc.lower()
    if not known or not there.path.startswith(own.path):
        return None
    return address(there.path.removeprefix(own.path), site.iris.corpora)


def _embed(site: Site, name: str) -> Embed | None:
    """The claim of that name as it is shown; None where there is none, and never was one that has a notice."""
    resource = resource_at(site, name)
    if resource is not None:
        if QUOTH.Claim.value not in resource.values(RDF.type):
            return None
        [claim] = claims(site, [resource.iri])
        return Embed.of(site, claim, citation.citation_of(site, claim, article_of(site, claim)))
    notice = withdrawal_notices.find(site, [*site.iris.candidates(f"id/{name}")])
    return Embed.gone(site, notice) if notice else None


def _no_claim() -> NotFoundError:
    site = current_site()
    return NotFoundError("there is no claim at this address", remedy=f"give one like {_example(site)}")


def _example(site: Site) -> str:
    return site.iris.url("doc/claim/…")


def _size(values: dict[str, str], name: str, most: int) -> int:
    raw = values.get(name, "") or str(most)
    if not (raw.isascii() and raw.isdecimal() and int(raw[:9]) > 0):
        raise UsageError(f"{raw[:80]!r} is no size", where=name, remedy="give a number of pixels")
    return min(int(raw[:9]), most)


def _xml(members: dict[str, object]) -> str:
    texts = {name: escape(_NO_XML.sub("\ufffd", str(value))) for name, value in members.items()}
    rows = "".join(f"<{name}>{text}</{name}>" for name, text in texts.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{rows}</oembed>\n'
