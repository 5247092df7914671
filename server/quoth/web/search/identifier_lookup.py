"""Entities by what others call them: /id/lookup?wikidata=Q843 answers 303 to the entity.

The schemes are those of the release: every dataset or list that a linkset leads to and that has a name for lookups.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from quoth.errors import NotFoundError, UsageError
from quoth.web.core.site import current_site, sitemap_paths
from quoth.web.present.identifiers import VALUE_LIMIT, Scheme, entities, schemes

blueprint = Blueprint("lookup", __name__)


@blueprint.get("/id/lookup")
@sitemap_paths(None)
def lookup() -> Response:
    """303 to the entity that an identifier is of; 300 with all of them where it is close to several.

    Raises UsageError for an unknown scheme or an identifier that cannot be one of it, and NotFoundError.
    """
    here = current_site()
    known = schemes(here)
    if len(given := list(request.args.items(multi=True))) != 1:
        raise UsageError("a lookup takes one identifier", where="query string", remedy=_remedy(known))
    [(key, written)] = given
    if key not in known:
        raise UsageError(f"{key!r} is no scheme of this release", where=key, remedy=_remedy(known))
    scheme = known[key]
    identifier = scheme.identifier(written)
    if identifier is None:
        remedy = f"one matches {scheme.pattern}" + (", in any case" if scheme.any_case else "")
        raise UsageError(f"{written[:VALUE_LIMIT]!r} is no identifier of {scheme.label}", where=key, remedy=remedy)
    found = entities(here, scheme, identifier)
    if not found:
        raise NotFoundError(
            f"release {here.release.number} links nothing with {identifier!r} of {scheme.label}",
            where=key,
            remedy=_remedy(known),
        )
    urls = [here.iris.url(f"id/{name}") for entity in found if (name := here.iris.name(entity))]
    response = Response("".join(f"{url}\n" for url in urls), 303 if len(urls) == 1 else 300)
    response.content_type = "text/plain; charset=utf-8"
    if len(urls) == 1:
        response.headers["Location"] = urls[0]
    response.headers["Cache-Control"] = "no-cache"
    return response


def _remedy(known: Mapping[str, Scheme]) -> str:
    if not known:
        return "this release has no linksets"
    return "give one of " + ", ".join(f"{key} ({scheme.label})" for key, scheme in known.items())
