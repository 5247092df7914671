"""Entities by their identifiers in other datasets: /id/lookup?wikidata=Q843 answers 303 to the entity.

The schemes are those of the release: every dataset or list that a linkset leads to and that has a name for lookups.
"""

from flask import Blueprint, Response, request

from quoth.errors import NotFoundError, UsageError
from quoth.web.core.responses import see_other
from quoth.web.core.site import current_site, sitemap_paths
from quoth.web.present.identifiers import VALUE_LIMIT, entities, schemes

blueprint = Blueprint("lookup", __name__)


@blueprint.get("/id/lookup")
@sitemap_paths(None)
def lookup() -> Response:
    """303 to the entity that has an identifier; 300 with all entities where it is close to several.

    Raises UsageError for an unknown scheme or an identifier that cannot be one of it, and NotFoundError.
    """
    site = current_site()
    known = schemes(site)
    keys = ", ".join(f"{key} ({scheme.label})" for key, scheme in known.items())
    expected = f"give one of {keys}" if known else "this release has no linksets"
    parameters = list(request.args.items(multi=True))
    if len(parameters) != 1:
        raise UsageError("a lookup takes one identifier", where="query string", remedy=expected)
    [(key, text)] = parameters
    if key not in known:
        raise UsageError(f"{key!r} is not a scheme in this release", where=key, remedy=expected)
    scheme = known[key]
    identifier = scheme.identifier(text)
    if identifier is None:
        remedy = f"identifiers match {scheme.pattern}" + (", in any case" if scheme.any_case else "")
        raise UsageError(f"{text[:VALUE_LIMIT]!r} is not an identifier of {scheme.label}", where=key, remedy=remedy)
    iris = entities(site, scheme, identifier)
    if not iris:
        why = f"release {site.release.number} links nothing with {identifier!r} of {scheme.label}"
        raise NotFoundError(why, where=key, remedy=expected)
    return see_other([site.iris.url(f"id/{name}") for iri in iris if (name := site.iris.name(iri))])
