"""Reading a request of the SPARQL 1.1 Protocol, §2.1 (https://www.w3.org/TR/sparql11-protocol/#query-operation)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request

from quoth.errors import QueryRefused, UsageError
from quoth.store.engine import Query
from quoth.web.iris import is_web
from quoth.web.problems import Problem

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
_CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1"}
_FIELDS_LIMIT = 1_000
_NO_UPDATES = "this endpoint only answers queries; a release is published with `quoth publish`"


@dataclass(frozen=True)
class Asked:
    """What a request asks: ``text`` is None where it has no query at all, ``format`` where it names no format."""

    text: str | None
    query: Query | None
    format: str | None


def read(request: Request, base_iri: str) -> Asked:
    """The query of a GET, a POST of a form or a direct POST; relative IRIs in it are resolved against ``base_iri``.

    Raises UsageError (400), QueryRefused (403, an update) and Problem (413, 415).
    """
    limit = request.max_content_length
    if limit is not None and len(request.query_string) > limit:
        raise Problem(414, "URI too long", f"the query string is longer than {limit} bytes", "send the query by POST")
    here = _parameters(request.query_string)
    if request.method != "POST":
        return _asked(here, here.get("query", []), here, base_iri)
    media_type, options = parse_options_header(request.headers.get("Content-Type"))
    charset = options.get("charset", "utf-8").lower()
    if charset not in _CHARSETS:
        raise Problem(415, "Unsupported media type", f"the charset {charset!r} is not read here", "send UTF-8")
    body = request.get_data(cache=False)
    if media_type == FORM:
        form = _parameters(body)
        formats = {name: form.get(name) or here.get(name, []) for name in ("format", "output")}
        return _asked({**form, **formats}, form.get("query", []), form, base_iri)
    if media_type == DIRECT:
        if "query" in here:
            raise UsageError("there is a query in the body and one in the URL", remedy="send one")
        try:
            text = body.decode(_CHARSETS[charset])
        except UnicodeDecodeError as error:
            raise UsageError(f"the query is not {charset} (byte {error.start})", remedy="send UTF-8") from None
        return _asked(here, [text], here, base_iri)
    if media_type == UPDATE:
        raise QueryRefused(_NO_UPDATES)
    raise Problem(
        415,
        "Unsupported media type",
        f"{media_type or 'a body without a Content-Type'} is not read here",
        f"send {FORM} or {DIRECT}",
    )


def _asked(
    parameters: Mapping[str, Sequence[str]], texts: Sequence[str], graphs: Mapping[str, Sequence[str]], base_iri: str
) -> Asked:
    if "update" in parameters:
        raise QueryRefused(_NO_UPDATES)
    if len(texts) > 1:
        raise UsageError("the parameter query is given more than once", remedy="give it once")
    formats = [*parameters.get("format", ()), *parameters.get("output", ())]
    if len(set(formats)) > 1:
        raise UsageError("more than one format is named", remedy="name one")
    format = formats[0] if formats and formats[0] else None
    if not texts:
        return Asked(None, None, format)
    default, named = (_graph_iris(graphs, f"{kind}-graph-uri") for kind in ("default", "named"))
    return Asked(texts[0], Query(texts[0], default, named, base_iri), format)


def _graph_iris(parameters: Mapping[str, Sequence[str]], name: str) -> list[str] | None:
    found = list(parameters.get(name, ()))
    for iri in found:
        if not is_web(iri) and not iri.startswith("urn:"):
            raise UsageError(f"{iri!r} is not an absolute IRI", where=name, remedy="write it in full")
    return found or None


def _parameters(encoded: bytes) -> dict[str, list[str]]:
    """The parameters of a query string or a form, decoded just once. Raises UsageError where that is not UTF-8."""
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_LIMIT
        )
    except UnicodeDecodeError:
        raise UsageError("the parameters are not UTF-8", remedy="percent-encode them as UTF-8") from None
    except ValueError:
        raise UsageError(f"there are more than {_FIELDS_LIMIT} parameters") from None
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
