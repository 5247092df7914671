"""How a resource with several variants answers, whichever resource it is: the one place where that is done.

``stem`` is negotiated by Accept; ``stem.suffix`` names one variant. Both answer with the same representation: with
Content-Location, a strong validator for each variant, and links to the others (RFC 9110 §12.1, §8.7; RFC 8288).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Response, request
from werkzeug.datastructures import Headers

from quoth.errors import Link, NotAcceptableError, NotFoundError
from quoth.formats import HTML, JSONLD, Format, by_name
from quoth.http import accept_language
from quoth.http.accept import best, choose, profiles
from quoth.web.core import jsonld
from quoth.web.core.responses import links, validated
from quoth.web.core.site import Site


@dataclass(frozen=True)
class Choice:
    """The variant to make. ``profile`` is the form of JSON-LD that was asked for (framing.FORMS), if one was;
    ``languages`` are those that a page should prefer for labels (languages.preferred), and ``reader`` is the resource's
    site with labels in them."""

    format: Format
    reader: Site
    profile: str | None = None
    languages: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header; a profile is named where it was asked for."""
        return f'{self.format.content_type};profile="{self.profile}"' if self.profile else self.format.content_type


@dataclass(frozen=True)
class Resource:
    """A resource of this server. ``stem`` is its path, ``query`` what follows it, with its question mark.

    ``make`` gives the body of a variant or a whole response. ``links`` go into the Link header, beside those to the
    variants. ``depends`` is what beside release, path and variant decides about the body.

    ``canonical`` is the path that should be linked and indexed, where that is another than ``stem``.

    ``modified`` is when it changed last, where that is known: of most, when the release was made. ``cache_control`` is
    that of the data; pages are always to be asked for anew, as they change with the software too.

    ``localized`` says that the page has labels in the languages of its reader (``Choice.reader``).
    """

    here: Site
    stem: str
    offers: Sequence[Format]
    make: Callable[[Choice], Response | bytes | str]
    links: Sequence[Link] = ()
    query: str = ""
    depends: Sequence[str] = ()
    canonical: str | None = None
    modified: datetime | None = None
    cache_control: str | None = None
    localized: bool = False

    def alternates(self, but: Format | None = None) -> list[Link]:
        """The variants as links."""
        url = self.here.iris.url
        return [
            (url(f"{self.stem}.{f.suffix}{self.query}"), "alternate", f.media_type) for f in self.offers if f is not but
        ]

    def choose(self) -> Format:
        """The variant that the request's Accept header likes best. Raises NotAcceptableError that lists them all."""
        try:
            return choose(request.headers.get("Accept"), self.offers)
        except NotAcceptableError as error:
            raise NotAcceptableError(error.detail, remedy=error.remedy, links=self.alternates()) from None


def answer(resource: Resource, suffix: str | None = None) -> Response:
    """The variant of that suffix, or without one the variant that the request likes best.

    Raises NotFoundError for a suffix that no variant has, NotAcceptableError, and what ``make`` raises.
    """
    choice = _choice(resource, suffix)
    try:
        return _answered(resource, suffix, choice)
    except NotAcceptableError:
        # RDF/XML cannot express everything; where it was not asked for by name, the next best may.
        others = [f for f in resource.offers if f is not choice.format]
        if suffix is not None or best(request.headers.get("Accept"), others) is None:
            raise
        return answer(replace(resource, offers=others))


def _answered(resource: Resource, suffix: str | None, choice: Choice) -> Response:
    here, format = resource.here, choice.format
    headers = Headers()
    url = here.iris.url((resource.stem if resource.canonical is None else resource.canonical) + resource.query)
    headers["Link"] = links([*resource.alternates(format), (url, "canonical", None), *resource.links])
    headers["Content-Location"] = here.iris.url(f"{resource.stem}.{format.suffix}{resource.query}")
    # Of JSON-LD, Accept chooses the form too, whoever named the format.
    varies = [
        *(["Accept"] if suffix is None or format is JSONLD else []),
        *(["Accept-Language"] if format is HTML and resource.localized else []),
    ]
    if varies:
        headers["Vary"] = ", ".join(varies)
    if resource.cache_control and format is not HTML:
        headers["Cache-Control"] = resource.cache_control
    # What a page shows may be chosen by parameters that the data do not have.
    query = request.query_string.decode("latin-1") if format is HTML else resource.query
    parts = (resource.stem, query, format.name, choice.profile or "", *choice.languages, *resource.depends)
    return validated(
        lambda: _made(resource, choice),
        here.etag(*parts),
        choice.content_type,
        headers,
        resource.modified,
    )


def _choice(resource: Resource, suffix: str | None) -> Choice:
    if suffix is None:
        format = resource.choose()
    else:
        found = by_name(resource.offers, suffix)
        if found is None or found.suffix != suffix:
            have = " ".join(f.suffix for f in resource.offers)
            raise NotFoundError(
                f"there is no variant .{suffix}", remedy=f"there are {have}", links=resource.alternates()
            )
        format = found
    if format is JSONLD:
        wanted = profiles(request.headers.get("Accept"), JSONLD)
        return Choice(format, resource.here, next((p for p in wanted if p in jsonld.FORMS), None))
    if format is HTML and resource.localized:
        preferred = accept_language.preferred(request.headers.get("Accept-Language"))
        return Choice(format, resource.here.speaking(preferred), languages=preferred)
    return Choice(format, resource.here)


def _made(resource: Resource, choice: Choice) -> Response | bytes | str:
    made = resource.make(choice)
    if choice.format is not HTML:
        return made
    response = made if isinstance(made, Response) else Response(made, content_type=choice.content_type)
    used = sorted(choice.reader.labels.used) if choice.languages else []
    response.headers["Content-Language"] = ", ".join([accept_language.OWN, *used])
    return response
