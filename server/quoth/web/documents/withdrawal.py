"""What was withdrawn: its address answers 410 (RFC 9110 §15.5.11) with the notice, as a page, as a problem document
(RFC 9457) or in RDF. The notice is in the release itself: no earlier one is needed."""

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from flask import Response, request

from quoth.errors import GoneError, Link
from quoth.formats import HTML, RDF_FORMATS, Format
from quoth.http.accept import best
from quoth.web.core.problem_details import PROBLEM
from quoth.web.core.responses import links
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.urls import is_web
from quoth.web.present import change_quads, change_view
from quoth.web.present.withdrawal_notices import Withdrawal, replacement_links, signed

OFFERS = (PROBLEM, HTML, *RDF_FORMATS)


def respond(site: Site, withdrawal: Withdrawal, suffix: Format | None, predecessors: Sequence[Link]) -> Response:
    """The 410 in the RDF format that the path names by its suffix, or else in the form that the request likes best.

    ``predecessors`` lead to what an earlier release said. Raises GoneError where that form is a page or a problem
    document, NotAcceptableError where RDF/XML cannot express the notice."""
    targets = [*replacement_links([withdrawal]), *predecessors]
    format = suffix or best(request.headers.get("Accept"), OFFERS)
    if format is None or format not in RDF_FORMATS:
        raise _error(site, withdrawal, targets)
    past = change_quads.of_document(site, withdrawal.iri, f"doc/{site.iris.name(withdrawal.iri)}")
    quads = [*withdrawal.quads, *past]
    response = Response(serialize(quads, format, site.iris, root=withdrawal.iri), 410, content_type=format.content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    if targets:
        response.headers["Link"] = links(targets)
    return response


def spoken(name: str, corpora: Iterable[str] = ()) -> str:
    """The name of a resource below /id/ for a reader. ``corpora`` are the public paths of those beside.

    >>> spoken("org/velm-salt"), spoken("claim/harbour/ferry%20late"), spoken("x")
    ('the organisation “velm-salt”', 'the claim “harbour/ferry late”', '“x”')
    >>> spoken("sport/claim/a/late", ["sport"])
    'the claim “a/late” of sport'
    """
    for path in corpora:
        if name.startswith(f"{path}/"):
            return f"{spoken(name.removeprefix(f'{path}/'))} of {path}"
    kind, slash, rest = unquote(name).partition("/")
    return f"the {'organisation' if kind == 'org' else kind} “{rest}”" if slash and rest else f"“{kind}”"


def _url(site: Site, iri: str) -> str | None:
    """Where to read about a replacement: its document, if it is of the dataset; None where no link would be right."""
    return site.iris.document(iri) or (iri if is_web(iri) else None)


def _error(site: Site, withdrawal: Withdrawal, targets: Sequence[Link]) -> GoneError:
    name = site.labels.label
    detail = f"{spoken(site.iris.name(withdrawal.iri) or '', site.iris.corpora)} {signed(site, withdrawal)}"
    spans = [known.past.span(withdrawal.iri) for known in (current_site(), site) if known.past]
    span = next((span for span in spans if span and span.last), None)
    notice = {
        **({"published": change_view.span_words(span), "first": span.first, "last": span.last} if span else {}),
        "reason": withdrawal.reason,
        "by": withdrawal.by,
        "date": withdrawal.date,
        "replacedBy": [
            {"iri": iri, "label": name(iri), **({"href": url} if (url := _url(site, iri)) else {})}
            for iri in withdrawal.replacements
        ],
    }
    return GoneError(detail, links=targets, withdrawal=notice)
