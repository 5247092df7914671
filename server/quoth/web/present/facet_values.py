"""The values of facets as the parameters of addresses have them, and the IRIs that they stand for."""

from collections.abc import Mapping

from quoth.claim.model.namespaces import ENCODING_STATUS
from quoth.index import facets
from quoth.index.claims import Selection
from quoth.index.facets import Facet
from quoth.web.core import request_target
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref
from quoth.web.present.languages import language_name

NOT_CODED = "not-coded"
"""The value, in parameters, of the claims for which a facet has no value."""
_REMEDY_LIMIT = 12
"""Values that an error names."""
_EVERYTHING = Selection("all")

FACETS_BY_PARAMETER = {facet.parameter: facet for facet in facets.FACETS.values()}
"""The facets of claims by their parameters."""


def short(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it: relative to the facet's space or to the dataset, else the whole IRI."""
    if facet.literal:
        return iri or NOT_CODED
    forms = (iri, iri.removeprefix(facet.space), iri.removeprefix(f"{site.iris.base}id/"))
    return min((form for form in forms if full(site, facet, form) == iri), key=len, default=iri) if iri else NOT_CODED


def full(site: Site, facet: Facet, value: str) -> str:
    """The IRI, or the words, that a value in a parameter stands for; empty for the claims without a value."""
    if value == NOT_CODED and not facet.table:
        return ""
    if facet.literal or ":" in value.partition("/")[0]:
        return value
    return (facet.space if facet.space and "/" not in value else f"{site.iris.base}id/") + value


def narrowing(site: Site, parameter: str, value: str, selection: Selection = _EVERYTHING) -> tuple[str, str]:
    """The facet and the IRI by which a parameter narrows a list. Raises UsageError for a value that the release does
    not have, which names those in ``selection``."""
    facet = FACETS_BY_PARAMETER[parameter]
    iri = full(site, facet, value)
    if iri and not site.claim_index.term(iri):
        known = [
            _in_words(site, facet, iri) for iri, _ in site.claim_index.facet(selection, facet.name, _REMEDY_LIMIT + 1)
        ]
        raise request_target.unknown_value(value, parameter, known[:_REMEDY_LIMIT], len(known) > _REMEDY_LIMIT)
    return facet.name, iri


def encoding(site: Site, parameters: Mapping[str, str]) -> str:
    """The encoding whose claims the parameters ask for: an IRI, facets.EVERY, or empty for the counted one of each
    article. Whoever asks for proposed claims and names no encoding asks for every one: that of an article which is
    counted is rarely the proposed one. Raises UsageError for an encoding without claims, which names some that have."""
    status, value = facets.FACETS["status"], parameters.get(facets.ENCODING.parameter, "")
    if not value and full(site, status, parameters.get(status.parameter, "")) == ENCODING_STATUS.proposed.value:
        return facets.EVERY
    if value in ("", facets.EVERY):
        return value
    iri = full(site, facets.ENCODING, value)
    if not site.claim_index.count(Selection("all", encoding=iri)):
        known = site.claim_index.encodings(_REMEDY_LIMIT + 1)
        names = [facets.EVERY, *(short(site, facets.ENCODING, name) for name in known[:_REMEDY_LIMIT])]
        raise request_target.unknown_value(value, facets.ENCODING.parameter, names, len(known) > _REMEDY_LIMIT)
    return iri


def value_ref(site: Site, facet: Facet, iri: str) -> Ref:
    """The reference to a value of a facet, which may be none; an article's own words are between quotation marks."""
    if not iri:
        return Ref("", phrases.NOT_CODED, None)
    if facet is facets.KIND:
        return Ref("", iri, None)
    if facet.name == "language":
        return Ref("", language_name(iri), None)
    return Ref("", f"“{iri}”", None) if facet.literal else ref(site, iri)


def _in_words(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it and, where pages have another word for a concept, that word."""
    value, label = short(site, facet, iri), value_ref(site, facet, iri).label
    return f"{value} ({label})" if facet.space and label != value else value
