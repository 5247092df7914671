"""Reading a request of the SPARQL 1.1 Protocol, §2.1 (https://www.w3.org/TR/sparql11-protocol/#query-operation).

Parameters may stand in the URL, in the body of a form, or in both; a parameter in both counts twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from werkzeug.http import parse_options_header

from quoth.engine.api.interface import Answer, Query
from quoth.errors import QueryRefusedError, UsageError
from quoth.http.message import FORM, Request, parameters, refuse_misspelt
from quoth.web.core.problem_details import HttpError
from quoth.web.sparql import result_formats

DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
# §2.1.3: UTF-8 is the only charset of a query. The sender of a form may name another one for its octets.
_CHARSETS = {
    DIRECT: {"utf-8": "utf-8-sig", "utf8": "utf-8-sig"},
    FORM: {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1"},
}
_NO_UPDATES = "this endpoint only answers queries; a release is published with `quoth publish`"
_GRAPHS = ("default-graph-uri", "named-graph-uri")
_KNOWN = ("query", *_GRAPHS, "format", "output")


@dataclass(frozen=True)
class SparqlRequest:
    """The query of a request: ``text`` is None without any query, ``format`` where no format is named.

    ``bare`` says that there is no parameter but, perhaps, that format: then the service description is wanted.
    """

    text: str | None
    query: Query | None
    format: str | None
    bare: bool = False


@dataclass(frozen=True)
class StartedQuery:
    """A request that was read. ``answer`` gives the answer to its query where that was begun already (engine.Begun)."""

    request: SparqlRequest
    answer: Callable[[], Answer] | None = None


def read(request: Request, body: Callable[[], bytes], base_iri: str, limit: int) -> SparqlRequest:
    """The query of a GET, a POST of a form or a direct POST; relative IRIs in it are resolved against ``base_iri``.
    ``body`` is only called for a POST of a known media type, and may raise.

    Raises UsageError (400), QueryRefusedError (403: an update, sent as one) and HttpError (414, a query string
    longer than ``limit`` bytes; 415).
    """
    query_string = request.query_string
    if len(query_string) > limit:
        raise HttpError(414, "URI too long", f"the query string is longer than {limit} bytes", "send the query by POST")
    in_url = parameters(query_string)
    if request.method != "POST":
        return _sparql_request(in_url, base_iri)
    media_type, options = parse_options_header(request.header(b"content-type"))
    media_type = media_type.lower()  # RFC 9110 §8.3.1
    if media_type == UPDATE:
        raise QueryRefusedError(_NO_UPDATES)
    if media_type not in _CHARSETS:
        raise _unsupported(f"{media_type or 'a body without a Content-Type'} is not read here")
    coding = request.header(b"content-encoding") or "identity"
    if coding.lower() != "identity":
        raise _unsupported(f"the content coding {coding!r} is not read here")
    charset = _CHARSETS[media_type].get(options.get("charset", "utf-8").lower())
    if charset is None:
        raise _unsupported(f"the charset {options['charset']!r} is not read here")
    if media_type == FORM:
        posted = parameters(body(), charset)
        both = {name: (*in_url.get(name, ()), *posted.get(name, ())) for name in {**in_url, **posted}}
        return _sparql_request(both, base_iri)
    try:
        text = body().decode(charset)
    except UnicodeDecodeError as error:
        raise UsageError(f"the query is not UTF-8 (byte {error.start})", remedy="send UTF-8") from None
    return _sparql_request({**in_url, "query": (*in_url.get("query", ()), text)}, base_iri)


def _unsupported(why: str) -> HttpError:
    return HttpError(415, "Unsupported media type", why, f"send {FORM} or {DIRECT}, in UTF-8")


def _sparql_request(parameters: Mapping[str, Sequence[str]], base_iri: str) -> SparqlRequest:
    texts = parameters.get("query", ())
    if "update" in parameters and texts:
        raise UsageError("there are both a query and an update", where="update", remedy="send the query alone")
    if "update" in parameters:
        raise QueryRefusedError(_NO_UPDATES)
    if len(texts) > 1:
        raise UsageError(f"there are {len(texts)} queries", where="query", remedy="send one")
    for name in ("using-graph-uri", "using-named-graph-uri"):
        if name in parameters:
            raise UsageError(
                "updates have such a parameter, queries do not",
                where=name,
                remedy="use default-graph-uri and named-graph-uri",
            )
    refuse_misspelt(parameters, _KNOWN)
    formats = [name for name in (*parameters.get("format", ()), *parameters.get("output", ())) if name]
    if formats and len({result_formats.by_format_name(name) for name in formats}) > 1:
        raise UsageError("more than one format is named", where="format", remedy="name one")
    format = formats[0] if formats else None
    if not texts:
        return SparqlRequest(None, None, format, bare=parameters.keys() <= {"format", "output"})
    default, named = (_graph_iris(parameters, name) for name in _GRAPHS)
    return SparqlRequest(texts[0], Query(texts[0], default, named, base_iri), format)


def _graph_iris(parameters: Mapping[str, Sequence[str]], name: str) -> list[str] | None:
    # Forms send a field that nobody filled in as an empty one.
    iris = [iri for iri in parameters.get(name, ()) if iri]
    for iri in iris:
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise UsageError(f"{iri!r} is not an absolute IRI", where=name, remedy="write it in full") from None
    return iris or None
