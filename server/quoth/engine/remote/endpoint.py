"""The HTTP exchange with another server's endpoint (SPARQL 1.1 Protocol), through SPARQLWrapper.

What is wrong with the endpoint is for the operator: it goes to the log, with its address and its own words. Whoever
asked learns only that the engine does not answer, and never what is inside.
"""

import contextlib
import http.client
import logging
import os
import re
import socket
import time
import urllib.error
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from SPARQLWrapper import POST, SPARQLWrapper

import quoth
from quoth.engine.api.rows import named_nodes
from quoth.engine.remote import default_graph
from quoth.engine.remote.connection import opener
from quoth.engine.remote.default_graph import Dataset
from quoth.engine.remote.dialect import Dialect
from quoth.errors import QuerySyntaxError, UnavailableError, UsageError, masked, reason
from quoth.formats import NTRIPLES, Format

_log = logging.getLogger("quoth.engine")
_BLOCK_BYTES = 65536
_MESSAGE_CHARS = 500
_REFUSED_QUERY = frozenset((400, 413, 414, 422))
_TIMED_OUT = frozenset((408, 504))
_PLACE = re.compile(r"(?:line |\bat )(\d+)(?:(?:, ?col(?:umn)?\.? ?|:)(\d+))?", re.IGNORECASE)
"""Where an engine's message says that a query is wrong; Jena, Oxigraph, RDF4J and Virtuoso write it so."""


class EngineError(UnavailableError):
    """The endpoint is down, or gives no proper answer."""


class LateError(Exception):
    """The endpoint did not answer in time."""


class CutError(Exception):
    """The endpoint gave the first rows of a result, and no more."""


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper with our opener in place of urllib's. Raises urllib's errors as they are."""

    def _query(self) -> tuple[Any, str]:
        return opener.open(self._createRequest(), timeout=self.timeout), self.returnFormat


class Endpoint:
    """The endpoint at a URL, whose user name and password go into a header and into no message; ``url`` is for those.
    It speaks a ``dialect``, or is one like any.

    Raises UsageError for a string that is no http(s) URL.
    """

    def __init__(self, url: str, dialect: Dialect | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{masked(url)!r} is not the http URL of a SPARQL endpoint", where="engine")
        self._asked = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self.url = masked(self._asked)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._dialect = dialect

    def ask(
        self,
        form: str,
        text: str,
        format: Format,
        until: float,
        base_iri: str | None = None,
        dataset: Dataset | None = None,
    ) -> "Body":
        """The body of the answer to a query, which has to come in that format.

        Raises LateError, CutError, QuerySyntaxError where the endpoint refuses the query, QueryRefusedError where that
        is not SPARQL, UnavailableError for anything else.
        """
        said = head = ""
        if self._dialect is not None and self._dialect.default_graph:
            head, text = default_graph.asked(text, dataset or {}, self._dialect)
        head += _base(base_iri)
        wrapper = self._wrapper(form, f"{head}\n{text}" if head else text, format)
        for name, values in (dataset or {}).items():
            for value in values:
                wrapper.addParameter(name, value)
        # A float, which urllib takes: setTimeout would cut it to whole seconds, and 0 means none.
        left_s = max(0.001, until - time.monotonic())
        wrapper.timeout = left_s  # type: ignore[assignment]
        if self._dialect is not None and self._dialect.time_limit:
            wrapper.addParameter(self._dialect.time_limit, str(int(left_s * 1000)))
        try:
            response = wrapper.query().response
        except urllib.error.HTTPError as error:
            if 300 <= error.code < 400:
                error.close()
                to = masked(str(error.headers.get("Location")))[:_MESSAGE_CHARS]
                raise self.broken(f"redirects to {to}, which is not followed: set that if it is the engine") from None
            with error, contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                said = error.read(_MESSAGE_CHARS).decode("utf-8", "replace")
            raise self._refusal(error.code, said, bool(head)) from None
        except (OSError, http.client.HTTPException) as error:
            raise self.down(error) from None
        media_type = response.headers.get_content_type()
        if media_type not in (format.media_type, *format.aliases):
            response.close()
            raise self.broken(f"answered in {media_type}, not in {format.media_type}")
        if format is NTRIPLES and response.length is None and not response.chunked:
            response.close()  # JSON says itself where it ends (RFC 9112 §8)
            raise self.broken("sent triples with neither a length nor chunks: nobody can tell whether these are all")
        for header, why in (self._dialect.cut if self._dialect else {}).items():
            if header in response.headers:
                response.close()
                raise LateError if why == "time" else CutError
        return Body(self, response, until, self._dialect.spellings if self._dialect else ())

    def broken(self, what: str) -> EngineError:
        """The error for an answer that is none, after the log has got what it was. Its note says so too: it is for the
        operator, and never for a visitor."""
        _log.warning("the engine at %s %s", self.url, what)
        error = EngineError(
            "the engine that holds the data does not answer as it should",
            remedy="try again in a minute; the operator will find the reason in the log",
        )
        error.add_note(f"the engine at {self.url} {what}")
        return error

    def _wrapper(self, form: str, text: str, format: Format) -> SPARQLWrapper:
        wrapper = _Wrapper(self._asked, agent=f"quoth/{quoth.__version__}")
        if self._user:
            wrapper.setCredentials(self._user, self._password)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        # Set as they are: setQuery guesses the form by patterns of its own, which a comment can lead astray.
        wrapper.queryString = text
        wrapper.queryType = form
        wrapper.addCustomHttpHeader("Accept", format.media_type)
        return wrapper

    def _refusal(self, status: int, said: str, has_head: bool) -> Exception:
        said = " ".join(said.split())[:_MESSAGE_CHARS]
        if status in _TIMED_OUT:
            return LateError()
        if status not in _REFUSED_QUERY:
            return self.broken(f"answered {status}: {said}")
        _log.info("the engine at %s refused a query with %s: %s", self.url, status, said)
        place = _PLACE.search(said)
        line = int(place[1]) - has_head if place else None
        column = int(place[2]) if place and place[2] else None
        return QuerySyntaxError(
            "the engine that holds the data cannot read the query", line=line or None, column=column if line else None
        )

    def down(self, error: Exception) -> Exception:
        """The error for a connection that fails."""
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, TimeoutError):
            _log.warning("the engine at %s did not answer in time", self.url)
            return LateError()
        return self.broken(f"cannot be reached: {reason(cause)}")


def _base(iri: str | None) -> str:
    """The declaration of an IRI that resolves others, if any. Raises QuerySyntaxError for what is no IRI."""
    if iri is None:
        return ""
    node = next(named_nodes([iri]), None)
    if node is None:
        raise QuerySyntaxError(f"{iri!r} is not an IRI to resolve others against")
    return f" BASE {node}"


class Body:
    """The bytes of an answer, as a file to read from once, in other ``spellings`` (dialects.toml). ``read`` raises
    LateError, and UnavailableError where the connection ends before the answer does."""

    def __init__(
        self,
        endpoint: Endpoint,
        response: http.client.HTTPResponse,
        until: float,
        spellings: Sequence[Sequence[str]] = (),
    ) -> None:
        self._spellings = [(given.encode(), meant.encode()) for given, meant in spellings]
        self._overlap = max((len(given) for given, _ in self._spellings), default=1) - 1
        self._spelt = self._begun = b""
        self._endpoint = endpoint
        self._response = response
        self._until = until
        self._missing = response.length
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size`` of them; none at the end."""
        if not self._spellings:
            return self._read(size)
        while not self._spelt:
            block = self._read(-1)
            text = self._begun + block
            for given, meant in self._spellings:
                text = text.replace(given, meant)
            whole = max(0, len(text) - self._overlap) if block else len(text)
            self._spelt, self._begun = text[:whole], text[whole:]
            if not block:
                break
        size = len(self._spelt) if size < 0 else size
        data, self._spelt = self._spelt[:size], self._spelt[size:]
        return data

    def _read(self, size: int) -> bytes:
        try:
            if time.monotonic() > self._until:
                raise TimeoutError
            data = self._response.read1(_BLOCK_BYTES if size < 0 else min(size, _BLOCK_BYTES))
            if self._missing is not None:
                self._missing -= len(data)
                if not data and self._missing > 0:
                    raise http.client.IncompleteRead(b"", self._missing)
            return data
        except (OSError, ValueError, http.client.HTTPException) as error:
            self.error = self._endpoint.down(error)
            raise self.error from None

    def whole(self, limit_bytes: int) -> bytes:
        """All that is left. Raises UnavailableError where that is more than ``limit_bytes``."""
        data = bytearray()
        while block := self.read():
            data += block
            if len(data) > limit_bytes:
                raise self._endpoint.broken(f"sent more than {limit_bytes} bytes for one query of a page")
        return bytes(data)

    def broken(self, what: str) -> EngineError:
        """See Endpoint.broken."""
        return self._endpoint.broken(what)

    def hang_up(self) -> None:
        """End the connection, from which another thread may be reading."""
        with (
            contextlib.suppress(OSError, ValueError),
            socket.socket(fileno=os.dup(self._response.fileno())) as same,
        ):
            same.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._response.close()
