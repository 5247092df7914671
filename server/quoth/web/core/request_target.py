"""The target of a request (RFC 9110 §7.1): its path as it was sent, its parameters, its limits."""

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.routing import IntegerConverter

from quoth.errors import Choice, NotFoundError, UsageError
from quoth.formats import Format, by_name
from quoth.http import message
from quoth.index import fulltext
from quoth.index.vocabulary import vocabulary
from quoth.web.core.problem_details import HttpError
from quoth.web.core.site import current_site
from quoth.web.core.urls import as_uri

TARGET_BYTES = 8_192
"""The limit of a path, and that of a query string. RFC 9110 §4.1 asks for at least 8,000 of both together. The endpoint
and /verify read longer query strings, as a query or a quotation may stand in one."""

FIELDS_BYTES = 65_536
"""The limit of all header fields together. The longest fields that browsers send are cookies, which Quoth never sets.
The limit of a body is a setting."""

_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_LONG_QUERY_STRINGS = re.compile(r"/(?:(?:releases/[0-9]+/)?sparql/?|verify)")
_NO_FOLDERS = frozenset(("files.file",))
"""The views of files: nobody takes a file for a folder, and below a release a folder's name would pass for a file's."""


class NumberConverter(IntegerConverter):
    """A number in a path, in the one way to write it: Werkzeug's own takes 01 and the digits of every script."""

    regex = "[1-9][0-9]{0,8}"


def register_target_checks(app: Flask) -> None:
    """Refuse a target that is too long or that Werkzeug would take for another path, before anything reads it."""
    app.url_map.converters["int"] = NumberConverter
    for check in (_no_error, _no_last_slash, _not_too_long):
        app.before_request(check)


def raw_path() -> str:
    """The request's path under the application's root as it was sent, percent-encoding intact, no leading slash."""
    environ = request.environ
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or quote(request.root_path + request.path)
    path = re.sub(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "", target).partition("?")[0]
    root = environ.get("SCRIPT_NAME", "")
    if root and (path == root or path.startswith(root + "/")):
        path = path[len(root) :]
    return path.removeprefix("/")


def _no_error() -> None:
    """Raises the error that a layer before the application has for it to answer with, and NotFoundError for two
    slashes at the beginning: Werkzeug drops both, so that //doc/x would be /doc/x under another name."""
    if error := message.of(request.environ).error:
        raise error
    if raw_path().startswith("/"):
        raise NotFoundError("there is nothing at this address", remedy="leave out the second slash at its beginning")


def _no_last_slash() -> Response | None:
    """308 to the same path without its last slash, where that has a route and this has none."""
    if not isinstance(request.routing_exception, NoRoute) or not raw_path().endswith("/"):
        return None
    routes = current_app.create_url_adapter(request)
    try:
        assert routes is not None, "there is a request"
        endpoint, _ = routes.match(request.path[:-1], request.method)
    except HTTPException:
        return None
    if endpoint in _NO_FOLDERS:
        return None
    query = request.query_string.decode("latin-1")
    # The URL begins with the public URL, so no request can make it lead to another host.
    url = as_uri(current_site().iris.url(raw_path()[:-1]) + (f"?{query}" if query else ""))
    response = Response(f"{url}\n", 308, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = url
    return response


def _not_too_long() -> None:
    """Raises HttpError: 414 (RFC 9110 §15.5.15), 431 (RFC 6585 §5)."""
    if len(raw_path()) > TARGET_BYTES:
        raise HttpError(414, "URI too long", f"the path is longer than {TARGET_BYTES:,} bytes", "ask /sparql by POST")
    if not _LONG_QUERY_STRINGS.fullmatch(request.path) and len(request.query_string) > TARGET_BYTES:
        detail = f"the query string is longer than {TARGET_BYTES:,} bytes"
        raise HttpError(414, "URI too long", detail, "give fewer or shorter parameters")
    if sum(len(name) + len(value) for name, value in request.headers.items()) > FIELDS_BYTES:
        detail = f"the header fields are longer than {FIELDS_BYTES:,} bytes"
        raise HttpError(431, "Request header fields too large", detail, "send fewer or shorter fields")


def single_valued(args: MultiDict[str, str], repeatable: Container[str] = ()) -> dict[str, str]:
    """The parameters of a request, of one that is ``repeatable`` the first value. Raises UsageError for another
    parameter with two values, neither of which may be ignored, and for bytes that are not UTF-8, which ``args`` has
    replaced."""
    message.parameters(request.query_string)
    for name, values in args.lists():
        if len(values) > 1 and name not in repeatable:
            detail = f"the parameter {name[:80]} is given more than once"
            raise UsageError(detail, where=name[:80], remedy="give it once")
    return args.to_dict()


def known_parameters(
    args: MultiDict[str, str], names: Sequence[str], where: str, repeatable: Container[str] = ()
) -> dict[str, str]:
    """The parameters that have a value. Raises UsageError for a parameter that is not among ``names``, those of
    ``where``, and for a parameter with two values."""
    values = {name: value for name, value in single_valued(args, repeatable).items() if value.strip()}
    if unknown := next((name for name in values if name not in names), None):
        remedy = f"the parameters are {', '.join(names)}" if len(names) > 1 else f"the only parameter is {names[0]}"
        raise UsageError(f"there is no parameter {unknown[:80]!r}", where=where, remedy=remedy)
    return values


def days_in_order(since: str, until: str, names: Sequence[str]) -> None:
    """Raises UsageError for days that begin after they end; either may be empty, or a month or a year, which has all
    its days. ``names``: the two parameters."""
    if until and since[: len(until)] > until[: len(since)]:
        detail = f"{names[0]} ({since}) is later than {names[1]} ({until})"
        raise UsageError(detail, where=names[0], remedy="swap them")


def search_expression(values: Mapping[str, str]) -> str:
    """The words of ``q`` as an expression of the index (fulltext.expression), empty without any. Raises UsageError."""
    text = values.get("q", "")
    if len(text) > fulltext.TEXT_LIMIT:
        raise UsageError(f"it is longer than {fulltext.TEXT_LIMIT} characters", where="q", remedy="use fewer words")
    expression = fulltext.expression(text, vocabulary(current_site().claim_index))
    if text.strip() and not expression:
        raise UsageError("it has no words", where="q", remedy="type at least one letter or digit")
    return expression


def day(values: Mapping[str, str], name: str) -> str:
    """The day, month or year that a parameter names: YYYY-MM-DD or its beginning; empty without any. Raises
    UsageError."""
    value = values.get(name, "")
    if value:
        try:
            # The pattern comes first: date.fromisoformat also reads weeks, and days without hyphens.
            date.fromisoformat(f"{value}-01-01"[:10] if _DAY.fullmatch(value) else "")
        except ValueError:
            remedy = "write a day, a month or a year, such as 2026-11-20, 2026-11 or 2026"
            raise UsageError(f"{value[:80]!r} is not a date", where=name, remedy=remedy) from None
    return value


def unknown_value(
    value: str, parameter: str, known: Sequence[str], more: bool = False, choices: Sequence[Choice] = ()
) -> UsageError:
    """The error for a value that no claim has. ``known``: the values that claims have, with ``more`` some of them;
    ``choices``: those that may have been meant."""
    meant = f"did you mean {' or '.join(choice.value for choice in choices)}? " if choices else ""
    remedy = f"{meant}the values are {', '.join(known)}{' …' if more else ''}"
    detail = f"{value[:200]!r} is not a value of {parameter}"
    return UsageError(detail, where=parameter, remedy=remedy, choices=choices)


def named_format(name: str, offers: Sequence[Format]) -> Format:
    """The format of that name or suffix. Raises UsageError that lists the formats on offer."""
    format = by_name(offers, name.lower())
    if format is None:
        remedy = "use one of " + ", ".join(f.name for f in offers)
        raise UsageError(f"{name[:80]!r} is not a format", where="format", remedy=remedy)
    return format
