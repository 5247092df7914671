"""What was withdrawn: its address answers 410 (RFC 9110 §15.5.11) with the notice, as a page, as a problem document
(RFC 9457) or in RDF. The notice is in the release itself: no earlier one is needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox
from flask import Response, request

from quoth.claim.model.namespaces import DCTERMS, PROV, RDFS
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import GoneError, Link
from quoth.formats import HTML, RDF_FORMATS, Format
from quoth.http.accept import best
from quoth.web.core.problem_details import PROBLEM
from quoth.web.core.responses import links
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site
from quoth.web.core.statements import closure
from quoth.web.core.urls import is_web
from quoth.web.present import change_quads, change_view

OFFERS = (PROBLEM, HTML, *RDF_FORMATS)


@dataclass(frozen=True)
class Withdrawal:
    """The notice that ``iri`` was withdrawn: the reason, who withdrew it, the day, and what replaces it (IRIs).

    ``quads`` are the statements of the release about it, with the labels of those that they name."""

    iri: str
    reason: str
    by: str
    date: str
    replacements: Sequence[str]
    quads: Sequence[ox.Quad]


def find(site: Site, iris: Iterable[str]) -> Withdrawal | None:
    """The notice by which the release of ``site`` withdraws the first of those IRIs that it withdraws."""
    notices = {row["x"].value: row["notice"].value for row in site.rows_of("withdrawals", [*filter(is_web, iris)])}  # type: ignore[union-attr]
    iri = next((iri for iri in iris if iri in notices), None)
    if iri is None:
        return None
    notice = notices[iri]
    quads = closure(site.engine, [iri, notice])
    index = TripleIndex(quads)
    by, replacements = index.value(notice, PROV.wasAttributedTo), index.values(iri, DCTERMS.isReplacedBy)
    return Withdrawal(
        iri,
        index.value(notice, RDFS.comment),
        by,
        index.value(notice, DCTERMS.date),
        sorted(replacements),
        [*quads, *site.labels.quads([by, *replacements])],
    )


def respond(site: Site, withdrawal: Withdrawal, suffix: Format | None, predecessors: Sequence[Link]) -> Response:
    """The 410 in the RDF format that the path names by its suffix, or else in the form that the request likes best.

    ``predecessors`` lead to what an earlier release said. Raises GoneError where that form is a page or a problem
    document, NotAcceptableError where RDF/XML cannot express the notice."""
    urls = [url for iri in withdrawal.replacements if (url := _url(site, iri))]
    targets = [*((url, DCTERMS.isReplacedBy.value, None) for url in urls), *predecessors]
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


def spoken(name: str) -> str:
    """The name of a resource below /id/ for a reader.

    >>> spoken("org/velm-salt"), spoken("claim/harbour/ferry%20late"), spoken("x")
    ('the organisation “velm-salt”', 'the claim “harbour/ferry late”', '“x”')
    """
    kind, slash, rest = unquote(name).partition("/")
    return f"the {'organisation' if kind == 'org' else kind} “{rest}”" if slash and rest else f"“{kind}”"


def _url(site: Site, iri: str) -> str | None:
    """Where to read about a replacement: its document, if it is of the dataset; None where no link would be right."""
    return site.iris.document(iri) or (iri if is_web(iri) else None)


def _error(site: Site, withdrawal: Withdrawal, targets: Sequence[Link]) -> GoneError:
    name = site.labels.label
    detail = f"{spoken(site.iris.name(withdrawal.iri) or '')} was withdrawn on {withdrawal.date}"
    detail += f" by {name(withdrawal.by)}" if withdrawal.by else ""
    span = site.past.span(withdrawal.iri) if site.past else None
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
