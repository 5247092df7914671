"""The reading half of the SPARQL 1.1 Graph Store HTTP Protocol: /graphs (https://www.w3.org/TR/sparql11-http-rdf-update/).

A graph is named by a parameter (§4.2): ``?default`` is what the publisher asserts and nothing else, ``?graph=IRI`` a
named graph. Most graphs have a fragment in their name, which no request can have as its target (§4.1). Without a
parameter it is the whole dataset, as other stores have it: the dump of the current release. Nothing is written: 405.
"""

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import MultiDict

from quoth.engine.api.interface import Query, Wanted
from quoth.errors import NotAcceptableError, NotFoundError, UsageError
from quoth.formats import NQUADS, RDF_FORMATS, TRIG
from quoth.http.accept import best, choose
from quoth.web.core import request_target
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.sparql.answers import response_of

DATASET_OFFERS = (TRIG, NQUADS)
_PARAMETERS = ("default", "graph", "format")
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

blueprint = Blueprint("graphs", __name__)


@blueprint.get("/graphs")
@sitemap_paths(None)
def graphs() -> Response:
    """A graph, or the way to the whole dataset. Raises what ``graph`` raises."""
    accept = request.headers.get("Accept")
    if not request.args:
        return dataset(accept)
    return graph(current_site(), request.args, accept)


def names_graph(args: MultiDict[str, str]) -> bool:
    """Whether the parameters name a graph of the store."""
    return "default" in args or "graph" in args


def graph(site: Site, args: MultiDict[str, str], accept: str | None) -> Response:
    """The graph that the parameters name. Raises UsageError for none or two, and for a relative IRI; NotFoundError for
    one that is not there (§5.2), NotAcceptableError, and the errors of a query."""
    values = request_target.single_valued(args)
    if unknown := next((name for name in values if name not in _PARAMETERS), None):
        raise UsageError(
            f"there is no parameter {unknown[:80]!r}",
            where="graphs",
            remedy=f"the parameters are {', '.join(_PARAMETERS)}",
        )
    if ("default" in values) == ("graph" in values) or values.get("default"):
        raise UsageError(
            "the request names no graph, or two graphs",
            where="graphs",
            remedy="give either ?default, or ?graph= with an IRI",
        )
    iri = values.get("graph")
    if iri is not None:
        _check(site, iri)
    name = values.get("format")
    format = request_target.named_format(name, RDF_FORMATS) if name else choose(accept, RDF_FORMATS)
    query = Query(_ALL, None if iri is None else [iri], ours=True)
    try:
        return response_of(site.engine.answer(query, Wanted(graph=format.name), site.caller()), _ALL)
    except NotAcceptableError:
        # RDF/XML cannot express every graph; where it was not asked for by name, the next best may.
        others = [f for f in RDF_FORMATS if f is not format]
        if name or best(accept, others) is None:
            raise
        wanted = Wanted(graph=choose(accept, others).name)
        return response_of(site.engine.answer(query, wanted, site.caller()), _ALL)


def _check(site: Site, iri: str) -> None:
    """Raises UsageError for what is no absolute IRI, NotFoundError for what is no graph of the dataset."""
    try:
        ox.NamedNode(iri)
    except ValueError:
        raise UsageError(f"{iri[:200]!r} is not an absolute IRI", where="graph", remedy="write it in full") from None
    if not site.rows_of("graph-exists", [iri]):
        described = site.iris.url("sparql")
        raise NotFoundError(f"there is no graph {iri[:200]}", where="graph", remedy=f"{described} lists the graphs")


def dataset(accept: str | None, release: int | None = None) -> Response:
    """303 to the dump with every quad of a release, or of the current one. Raises NotAcceptableError for formats that
    have no named graphs."""
    format = choose(accept, DATASET_OFFERS)
    site = current_site()
    url = site.iris.url(f"releases/{release or site.release.number}/claims.{format.suffix}")
    response = redirect(url, 303, Response)
    assert isinstance(response, Response)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-cache"
    return response
