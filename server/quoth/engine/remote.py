"""The engine at another server: any SPARQL 1.1 Protocol endpoint, asked through SPARQLWrapper.

Nothing is pasted into a query: terms go in as VALUES, written by the RDF library. The endpoint has limits of its own;
the deadline of this engine is on top of them.
"""

import ast
import contextlib
import functools
import http.client
import itertools
import os
import socket
import ssl
import time
import urllib.error
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLExceptions, SPARQLWrapper

import quoth
from quoth.claim.model.namespaces import Term
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Begun, Query, Wanted
from quoth.engine.api.rows import check_bindings, named_nodes, not_acceptable, rows
from quoth.engine.pool.scheduler import Scheduler
from quoth.errors import (
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    QuothError,
    UnavailableError,
    UsageError,
)
from quoth.formats import OX_RESULTS, RDF_FORMATS, RESULT_FORMATS, Format, Kind, by_name
from quoth.sparql import describe_rewrite, query_form, query_limits

_KINDS: dict[str, Kind] = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_BLOCK_BYTES = 65536
_MESSAGE_CHARS = 500


class RemoteEngine:
    """An Engine at the URL of an endpoint. ``time_limit_s`` is for a whole answer.

    At most ``places`` ad-hoc queries are with the endpoint at a time, and ``queue`` wait, shared fairly among clients
    (pool.scheduler). Nothing is sent before the first query. Raises UsageError for a string that is no http(s) URL.
    The endpoint's default graph has to be the one that holds the asserted part, not the union of all graphs.
    """

    def __init__(self, url: str, time_limit_s: float = 10.0, places: int = 5, queue: int = 128) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{url!r} is not the http URL of a SPARQL endpoint")
        # A name and password go into a header, and into no message.
        self._url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._time_limit_s = time_limit_s
        self._scheduler = Scheduler(places, 0, queue)

    def answer(
        self, query: Query, wanted: Wanted, caller: Caller | None = None, *, time_limit_s: float | None = None
    ) -> Answer:
        """See Engine.answer."""
        with query_limits.exclusive(query.text):
            query_limits.check(query.text)
            form = query_form.form(query.text)
        kind = _KINDS[form]
        name = wanted.of(kind)
        format = by_name(RDF_FORMATS if kind == "graph" else RESULT_FORMATS, name) if name else None
        if format is None:
            raise not_acceptable(kind)
        text = describe_rewrite.as_construct(query.text) if form == "DESCRIBE" else query.text
        wrapper = self._wrapper("CONSTRUCT" if kind == "graph" else form, text, format, query.base_iri)
        for iri in query.default_graphs or ():
            wrapper.addParameter("default-graph-uri", iri)
        for iri in query.named_graphs or ():
            wrapper.addParameter("named-graph-uri", iri)
        until = time.monotonic() + (time_limit_s or self._time_limit_s)
        caller = caller or Caller()
        ticket = self._scheduler.admit(caller, until)
        leave = functools.partial(self._scheduler.release, ticket)
        try:
            response = self._send(wrapper, format, until)
        except BaseException:
            leave()
            raise
        forget = caller.presence.on_leaving(functools.partial(_hang_up, response))

        def close() -> None:
            forget()
            response.close()
            leave()

        try:
            chunks = self._chunks(response, until)
            first = next(chunks, b"")
        except BaseException:
            close()
            raise
        return Answer(kind, format.name, itertools.chain((first,), chunks), close)

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """See Engine.begin. All of it is waiting, so it is left to a thread."""
        return lambda: self.answer(query, wanted, caller)

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """See Engine.select."""
        check_bindings(text, bindings)
        if bindings:
            # A trailing VALUES joins with what the query projects (SPARQL 1.1 §18.2.4.3).
            names = " ".join(f"?{name}" for name in bindings)
            text = f"{text}\nVALUES ({names}) {{ ({' '.join(str(term) for term in bindings.values())}) }}"
        wrapper = self._wrapper("SELECT", text, RESULT_FORMATS[0], None)
        until = time.monotonic() + self._time_limit_s
        response = self._send(wrapper, RESULT_FORMATS[0], until)
        data = b"".join(self._chunks(response, until))
        try:
            return rows(cast(ox.QuerySolutions, ox.parse_query_results(data, OX_RESULTS["json"])))
        except (SyntaxError, ValueError) as error:
            raise UnavailableError(f"{self._url} did not answer with JSON results: {error}") from None

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """See Engine.describe."""
        nodes = " ".join(str(node) for node in named_nodes(dict.fromkeys(iris)))
        if not nodes:
            return []
        solutions = self.select(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {nodes} }} ?s ?p ?o }}")
        return [_quad(row, ox.DefaultGraph()) for row in solutions]

    def graph(self, iri: str) -> list[ox.Quad]:
        """See Engine.graph."""
        return [
            _quad(row, node)
            for node in named_nodes([iri])
            for row in self.select("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }", g=node)
        ]

    def figures(self) -> Mapping[str, Any]:
        """See Engine.figures: these are the queries that this process has sent to the endpoint, or keeps waiting."""
        return {"running": self._scheduler.running, "waiting": self._scheduler.waiting}

    def close(self) -> None:
        """See Engine.close: no connection outlives its answer."""
        self._scheduler.close()

    def _wrapper(self, form: str, text: str, format: Format, base_iri: str | None) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self._url, agent=f"quoth/{quoth.__version__}")
        if self._user:
            wrapper.setCredentials(self._user, self._password)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        # Set as they are: setQuery guesses the form by patterns of its own, which a comment can lead astray.
        wrapper.queryString = text
        if base_iri is not None:
            base = next(named_nodes([base_iri]), None)
            if base is None:
                raise QuerySyntaxError(f"{base_iri!r} is no IRI to resolve others against")
            wrapper.queryString = f"BASE {base} {text}"
        wrapper.queryType = form
        wrapper.addCustomHttpHeader("Accept", format.media_type)
        return wrapper

    def _send(self, wrapper: SPARQLWrapper, format: Format, until: float) -> http.client.HTTPResponse:
        # A float, which urllib takes: setTimeout would cut it to whole seconds, and 0 means none.
        wrapper.timeout = max(0.001, until - time.monotonic())  # type: ignore[assignment]
        try:
            response = wrapper.query().response
        except SPARQLExceptions.SPARQLWrapperException as error:
            self._discard(error)
            raise self._refusal(_STATUS.get(type(error), 500), _message(error)) from None
        except urllib.error.HTTPError as error:
            with error:
                message = error.read(_MESSAGE_CHARS).decode("utf-8", "replace")
            raise self._refusal(error.code, message) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._down(error) from None
        media_type = response.headers.get_content_type()
        if media_type not in (format.media_type, *format.aliases):
            response.close()
            raise UnavailableError(f"{self._url} answered in {media_type}, not in {format.media_type}")
        return response

    @staticmethod
    def _discard(error: BaseException) -> None:
        """Close the response that SPARQLWrapper leaves open beneath its exception."""
        if isinstance(error.__context__, urllib.error.HTTPError):
            error.__context__.close()

    def _chunks(self, response: http.client.HTTPResponse, until: float) -> Iterator[bytes]:
        length = response.headers.get("Content-Length")
        size = 0
        try:
            while data := response.read1(_BLOCK_BYTES):
                size += len(data)
                yield data
                if time.monotonic() > until:
                    raise TimeoutError
            if length is not None and length.isdecimal() and size < int(length):
                raise http.client.IncompleteRead(b"", int(length) - size)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self._down(error) from None
        finally:
            response.close()

    def _down(self, error: Exception) -> QuothError:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, TimeoutError):
            return QueryTimeoutError(
                f"{self._url} did not answer within {self._time_limit_s:g} s", remedy="make the query more selective"
            )
        if isinstance(cause, ssl.SSLError):
            return UnavailableError(f"no secure connection to {self._url}: {cause}")
        return UnavailableError(f"{self._url} cannot be reached: {cause}", remedy="is the engine running?")

    def _refusal(self, status: int, message: str) -> QuothError:
        message = " ".join(message.split())[:_MESSAGE_CHARS]
        if status in (400, 413, 414, 415, 422):
            return QuerySyntaxError(f"the engine refused the query: {message}")
        if status in (401, 403):
            return QueryRefusedError(f"the engine refused the query: {message}")
        if status in (408, 504):
            return QueryTimeoutError(f"the query ran out of the engine's time: {message}")
        return UnavailableError(f"{self._url} answered {status}: {message}")


def _hang_up(response: http.client.HTTPResponse) -> None:
    """End a connection that another thread may be reading from."""
    with contextlib.suppress(OSError, ValueError):
        number = response.fileno()
        with socket.socket(fileno=os.dup(number)) as same:
            same.shutdown(socket.SHUT_RDWR)


_STATUS: dict[type[Exception], int] = {
    SPARQLExceptions.QueryBadFormed: 400,
    SPARQLExceptions.Unauthorized: 401,
    SPARQLExceptions.EndPointNotFound: 404,
    SPARQLExceptions.URITooLong: 414,
    SPARQLExceptions.EndPointInternalError: 500,
}


def _message(error: SPARQLExceptions.SPARQLWrapperException) -> str:
    """The message of the endpoint: SPARQLWrapper puts a sentence before it, and writes it as Python bytes."""
    message = str(error.args[0]) if error.args else ""
    written = message.partition("Response:\n")[2]
    try:
        return str(ast.literal_eval(written).decode("utf-8", "replace"))
    except (ValueError, SyntaxError, AttributeError):
        return written or message


def _quad(row: dict[str, Term], graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(cast(ox.NamedNode, row["s"]), cast(ox.NamedNode, row["p"]), cast(ox.Literal, row["o"]), graph)
