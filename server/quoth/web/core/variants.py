"""Content negotiation: how any resource with several variants answers.

``stem`` is negotiated by Accept; ``stem.suffix`` names one variant. Both answer with the same representation: with
Content-Location, a strong validator for each variant, and links to the others (RFC 9110 §12.1, §8.7; RFC 8288).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Response, request
from werkzeug.datastructures import Headers

from quoth.errors import Link, NotAcceptableError, NotFoundError, UsageError
from quoth.formats import HTML, JSONLD, RDF_FORMATS, Format, by_name
from quoth.http import accept_language
from quoth.http.accept import best, choose, profiles
from quoth.web.core import jsonld, request_target
from quoth.web.core.responses import alternates, links, validated
from quoth.web.core.site import Site

DOCUMENT_OFFERS = (*RDF_FORMATS, HTML)
"""The formats of a document in RDF that has a page."""


@dataclass(frozen=True)
class Variant:
    """The variant to make. ``profile`` is the requested form of JSON-LD (jsonld.FORMS), if there is one;
    ``languages`` are those that a page should prefer for labels (accept_language.preferred_languages), and ``reader``
    is the resource's site with labels in these languages."""

    format: Format
    reader: Site
    profile: str | None = None
    languages: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header; a profile is named where it was asked for."""
        return f'{self.format.content_type};profile="{self.profile}"' if self.profile else self.format.content_type


@dataclass(frozen=True)
class NegotiableResource:
    """A resource of this server. ``stem`` is its path, ``query`` what follows it, with its question mark.

    ``make`` gives the body of a variant or a whole response. ``links`` go into the Link header, beside those to the
    variants. ``depends`` lists what the body depends on beside release, path and variant.

    ``canonical`` is the path to link and to index, where that differs from ``stem``.

    ``modified`` is the time of the last change, where it is known: mostly when the release was made.

    ``localized`` says that the page has labels in the languages of its reader (``Variant.reader``). ``total`` is the
    number of items of a list where it is known before a variant is made: a 304 has it, too.
    """

    site: Site
    stem: str
    offers: Sequence[Format]
    make: Callable[[Variant], Response | bytes | str]
    links: Sequence[Link] = ()
    query: str = ""
    depends: Sequence[str] = ()
    canonical: str | None = None
    modified: datetime | None = None
    localized: bool = False
    total: int | None = None

    def alternates(self, format: Format | None = None) -> list[Link]:
        """The links of a response to the variants, but for the one that it is in that format."""
        url = self.site.iris.url
        others = [(url(f"{self.stem}.{f.suffix}{self.query}"), f) for f in self.offers if f is not format]
        return alternates(format, others)

    def best_format(self) -> Format:
        """The variant that the request's Accept header likes best. Raises NotAcceptableError that lists them all."""
        try:
            return choose(request.headers.get("Accept"), self.offers)
        except NotAcceptableError as error:
            raise NotAcceptableError(error.detail, remedy=error.remedy, links=self.alternates()) from None


def respond(resource: NegotiableResource, suffix: str | None = None) -> Response:
    """The variant of that suffix, or without one the variant that the request likes best.

    Raises NotFoundError for a suffix that no variant has, NotAcceptableError, and what ``make`` raises.
    """
    variant = _negotiated(resource, suffix)
    try:
        return _response(resource, suffix, variant)
    except NotAcceptableError:
        # RDF/XML cannot express everything; where it was not asked for by name, the next best may.
        others = [f for f in resource.offers if f is not variant.format]
        if suffix is not None or best(request.headers.get("Accept"), others) is None:
            raise
        return respond(replace(resource, offers=others))


def _negotiated(resource: NegotiableResource, suffix: str | None) -> Variant:
    _check_parameter(resource, suffix)
    format = resource.best_format() if suffix is None else by_name(resource.offers, suffix)
    if format is None or suffix not in (None, format.suffix):
        have = ", ".join(f".{f.suffix}" for f in resource.offers)
        raise NotFoundError(
            f"there is no variant .{suffix}", remedy=f"the variants are {have}", links=resource.alternates()
        )
    if format is JSONLD:
        forms = (form for form in profiles(request.headers.get("Accept"), JSONLD) if form in jsonld.FORMS)
        return Variant(format, resource.site, next(forms, None))
    if format is HTML and resource.localized:
        preferred = accept_language.preferred_languages(request.headers.get("Accept-Language"))
        return Variant(format, resource.site.speaking(preferred), languages=preferred)
    return Variant(format, resource.site)


def _check_parameter(resource: NegotiableResource, suffix: str | None) -> None:
    """Raise UsageError for a parameter ``format`` that would be passed over: one that names no variant or, where the
    view has not made a suffix of it, another one than the address."""
    if name := request.args.get("format"):
        format = request_target.named_format(name, resource.offers)
        if format.suffix != suffix:
            remedy = f"write {resource.site.iris.url(resource.stem)}.{format.suffix}, or send Accept"
            raise UsageError("the address says which format it is, not a parameter", where="format", remedy=remedy)


def _response(resource: NegotiableResource, suffix: str | None, variant: Variant) -> Response:
    site, format = resource.site, variant.format
    headers = Headers()
    url = site.iris.url((resource.stem if resource.canonical is None else resource.canonical) + resource.query)
    headers["Link"] = links([*resource.alternates(format), (url, "canonical", None), *resource.links])
    headers["Content-Location"] = site.iris.url(f"{resource.stem}.{format.suffix}{resource.query}")
    # Accept chooses the form of JSON-LD even where the suffix names the format.
    if suffix is None or format is JSONLD:
        headers.add("Vary", "Accept")
    if format is HTML and resource.localized:
        headers["Vary"] = ", ".join([*headers.getlist("Vary"), "Accept-Language"])
    # A page has parameters that the data formats do not have.
    query = request.query_string.decode("latin-1") if format is HTML else resource.query
    parts = (resource.stem, query, format.name, variant.profile or "", *variant.languages, *resource.depends)
    tag = site.etag(*parts)
    response = validated(lambda: _made(resource, variant), tag, variant.content_type, headers, resource.modified)
    if resource.total is not None:
        response.headers["X-Total-Count"] = str(resource.total)
    return response


def _made(resource: NegotiableResource, variant: Variant) -> Response | bytes | str:
    body = resource.make(variant)
    if variant.format is not HTML:
        return body
    response = body if isinstance(body, Response) else Response(body, content_type=variant.content_type)
    used = sorted(variant.reader.labels.used) if variant.languages else []
    response.headers["Content-Language"] = ", ".join([accept_language.OWN, *used])
    return response
