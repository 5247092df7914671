"""The values of facets as the parameters of addresses have them, and the IRIs that they stand for.

A thing can be named in every way that the fields of questions take (thing_names); addresses have one form of it. A
value that does not exist is refused; one that exists, and that no claim has, makes an empty list.
"""

import functools
import re
from collections.abc import Iterable, Mapping

import pyoxigraph as ox
from werkzeug.datastructures import MultiDict

from quoth.claim.model.namespaces import ENCODING_STATUS, SKOS
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.rules.vocabulary import our_vocabulary
from quoth.errors import Choice, NotFoundError, UsageError
from quoth.index import facets
from quoth.index.facets import Facet
from quoth.index.selection import Selection
from quoth.index.similarity import folded
from quoth.web.core import request_target
from quoth.web.core.site import Site
from quoth.web.present import phrases, thing_names
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref
from quoth.web.present.languages import language_name

NOT_CODED = "not-coded"
"""The value, in parameters, of the claims for which a facet has no value."""
VALUES_LIMIT = 25
"""Values of one facet that a request may name."""
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_REMEDY_LIMIT = 12
"""Values that an error names."""
_NEAR_LIMIT = 5
_DISPLAYED_LIMIT = 300
"""Values of a facet without a scheme among which one is looked for as pages display it."""
_EVERYTHING = Selection("all")

FACETS_BY_PARAMETER = {facet.parameter: facet for facet in facets.FACETS.values()}
"""The facets of claims by their parameters."""


def short(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it: relative to the facet's space or to the dataset, else the whole IRI."""
    if facet.literal:
        return iri or NOT_CODED
    forms = (iri, iri.removeprefix(facet.space), site.iris.value(iri))
    return min((form for form in forms if full(site, facet, form) == iri), key=len, default=iri) if iri else NOT_CODED


def full(site: Site, facet: Facet, value: str) -> str:
    """The IRI, or the words, that a value in a parameter stands for; empty for the claims without a value."""
    if value == NOT_CODED and not facet.table:
        return ""
    if facet.literal or ":" in value.partition("/")[0]:
        return value
    return facet.space + value if facet.space and "/" not in value else site.iris.of_value(value)


def chosen(
    site: Site, args: MultiDict[str, str], parameters: Iterable[str], selection: Selection = _EVERYTHING
) -> dict[str, list[str]]:
    """The values that a request names for each of those parameters: sorted, each once and in its shortest form. Raises
    UsageError for too many, and as ``narrowing`` does."""
    choice: dict[str, list[str]] = {}
    for name in parameters:
        values = list(filter(str.strip, args.getlist(name)))
        if len(values) > VALUES_LIMIT:
            remedy = f"give it at most {VALUES_LIMIT} times, or leave it out and filter the rows yourself"
            raise UsageError(f"the parameter {name} is given {len(values)} times", where=name, remedy=remedy)
        if values:
            facet = FACETS_BY_PARAMETER[name]
            choice[name] = sorted({short(site, facet, narrowing(site, name, v, selection)[1]) for v in values})
    return choice


def narrowed(site: Site, choice: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """The facets and IRIs by which a choice (``chosen``) narrows a selection."""
    facets_of = ((FACETS_BY_PARAMETER[name], values) for name, values in choice.items())
    return tuple((facet.name, full(site, facet, value)) for facet, values in facets_of for value in values)


def narrowing(site: Site, parameter: str, value: str, selection: Selection = _EVERYTHING) -> tuple[str, str]:
    """The facet and the IRI by which a parameter narrows a list. Raises UsageError for a name of several things, and
    for a value that does not exist, which names those in ``selection``."""
    facet = FACETS_BY_PARAMETER[parameter]
    iri = full(site, facet, as_displayed(site, facet, value))
    if iri and facet is facets.FACETS["published"] and not _MONTH.fullmatch(iri):
        remedy = "give a month, such as 2026-11; published-from and published-to take days and years"
        raise UsageError(f"{value[:80]!r} is not a month", where=parameter, remedy=remedy)
    if iri and facet.known:
        if (written := short(site, facet, iri)) not in facet.known:
            raise request_target.unknown_value(written, parameter, facet.known)
    elif iri and not (site.claim_index.term(iri) or _exists(site, facet, iri)):
        try:
            iri = _thing(site, facet, value)
        except NotFoundError as error:
            values = site.claim_index.facet(selection, facet.name, _REMEDY_LIMIT + 1)
            known = [_in_words(site, facet, iri) for iri, _ in values[:_REMEDY_LIMIT]]
            more = len(values) > _REMEDY_LIMIT
            choices = error.choices or _near(site, facet, value, selection)
            raise request_target.unknown_value(value, parameter, known, more, choices) from None
    return facet.name, iri


def as_displayed(site: Site, facet: Facet, text: str) -> str:
    """The value that a text names as pages display it, or in another case: ``Certain``, ``Not coded``; else the text.

    Of things, which have names, and of months it is the text (``_thing``)."""
    if facet.kind or facet is facets.FACETS["published"] or site.claim_index.term(full(site, facet, text)):
        return text
    if facet.known or not facet.literal:
        values = [full(site, facet, name) for name in facet.known] or _concepts(facet.space)
    else:
        values = [value for value, _ in site.claim_index.facet(_EVERYTHING, facet.name, _DISPLAYED_LIMIT)]
    wanted = folded(text.strip("“” "))
    for value in ("", *values) if not facet.table else values:
        written = short(site, facet, value)
        if wanted in (folded(written), folded(value_ref(site, facet, value).label.strip("“”"))):
            return written
    return text


@functools.cache
def _concepts(space: str) -> list[str]:
    """The concepts of the ontology whose IRIs begin so."""
    iris = (getattr(q.subject, "value", "") for q in ontology_quads() if q.predicate == SKOS.inScheme)
    return [iri for iri in iris if iri.startswith(space)]


def _thing(site: Site, facet: Facet, value: str) -> str:
    """The IRI of a thing that is named otherwise than addresses have it. Raises as thing_names.resolve does."""
    if not facet.literal and len(iris := thing_names.identified(site, value)) == 1:
        return iris[0]
    if facet.kind:
        return thing_names.resolve(site, facet.kind, value, facet.parameter)
    raise NotFoundError("there is no such value")


def _near(site: Site, facet: Facet, value: str, selection: Selection) -> list[Choice]:
    """The values that a word may mean: concepts of which it is another word, another form or a misspelling, or else
    values of claims whose names have it within them."""
    near = our_vocabulary().near(facet.space.removesuffix("#"), value) if facet.space else []
    iris = [facet.space + name for name in near]
    if not near and not facet.literal and (word := folded(value)):
        used = [iri for iri, _ in site.claim_index.facet(selection, facet.name) if iri]
        site.labels.fetch(used)
        iris = [iri for iri in used if word in folded(site.labels.label(iri))][:_NEAR_LIMIT]
    return [Choice(value_ref(site, facet, iri).label, short(site, facet, iri)) for iri in iris]


def _exists(site: Site, facet: Facet, value: str) -> bool:
    """Whether there is such a value, which no claim has: a concept of a scheme, a resource of the release, a month."""
    if facet is facets.FACETS["published"]:
        return True
    try:
        return not facet.literal and ox.NamedNode(value).value == value and bool(site.labels.quads([value]))
    except ValueError:
        return False


def encoding(site: Site, args: MultiDict[str, str]) -> str:
    """The encoding whose claims a request asks for: an IRI, facets.EVERY, or empty for the counted one of each
    article. Whoever asks for proposed claims and names no encoding asks for every one: that of an article which is
    counted is rarely the proposed one. Raises UsageError for an encoding without claims, which names some that have."""
    status, value = facets.FACETS["status"], args.get(facets.ENCODING.parameter, "").strip()
    statuses = [full(site, status, as_displayed(site, status, name)) for name in args.getlist(status.parameter)]
    if not value and ENCODING_STATUS.proposed.value in statuses:
        return facets.EVERY
    if value in ("", facets.EVERY):
        return value
    iris = (full(site, facets.ENCODING, value), *thing_names.own_iris(site, value))
    iri = next((iri for iri in iris if site.claim_index.count(Selection("all", encoding=iri))), None)
    if iri is None:
        known = site.claim_index.encodings(_REMEDY_LIMIT + 1)
        names = [facets.EVERY, *(short(site, facets.ENCODING, name) for name in known[:_REMEDY_LIMIT])]
        raise request_target.unknown_value(value, facets.ENCODING.parameter, names, len(known) > _REMEDY_LIMIT)
    return iri


def value_ref(site: Site, facet: Facet, iri: str) -> Ref:
    """The reference to a value of a facet, which may be none; an article's own words are between quotation marks."""
    if not iri:
        return Ref("", phrases.NOT_CODED, None)
    if facet.words is not None:
        return Ref("", facet.words.get(iri, iri), None)
    if facet.name == "language":
        return Ref("", language_name(iri), None)
    return Ref("", f"“{iri}”", None) if facet.literal else ref(site, iri)


def label(site: Site, parameter: str, value: str) -> str:
    """A value that parameters have as readers know it."""
    facet = FACETS_BY_PARAMETER[parameter]
    return value_ref(site, facet, full(site, facet, value)).label


def _in_words(site: Site, facet: Facet, iri: str) -> str:
    """A value as parameters have it and, where pages have another word for a concept, that word."""
    value, label = short(site, facet, iri), value_ref(site, facet, iri).label
    return f"{value} ({label})" if facet.space and label != value else value
