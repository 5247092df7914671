"""Connections to another server's endpoint: no redirects, no proxies, and answers whose end can be told and comes."""

import http.client
import io
import socket
import time
from typing import Any
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is an error: it would have the query, and the password, sent to an address that nobody named. So
    would a proxy of the environment, which is not asked either."""

    def redirect_request(self, *_: Any) -> None:
        return None


class _InTime(io.RawIOBase):
    """The bytes of a socket, all of which have to come within its time-out: else a byte now and then would hold a
    connection for as long as the server likes, in the head of an answer, too."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket, self._raw = connection, connection.makefile("rb", buffering=0)
        limit_s = connection.gettimeout()
        self._until = None if limit_s is None else time.monotonic() + limit_s

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: Any) -> int | None:
        if self._until is not None:
            left_s = self._until - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("timed out")
            self._socket.settimeout(left_s)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_InTime(sock))


class _Chunks(http.client.HTTPConnection):
    """A connection without the header with which urllib says that it will be closed: Jetty sends no chunks then, nor a
    length, so that nobody could tell a whole answer from a part."""

    response_class = _Response

    def putheader(self, header: Any, *values: Any) -> None:
        if header.lower() != "connection":
            super().putheader(header, *values)


class _SafeConnection(_Chunks, http.client.HTTPSConnection):
    pass


class _Http(HTTPHandler):
    def http_open(self, request: Any) -> Any:
        return self.do_open(_Chunks, request)


class _Https(HTTPSHandler):
    def https_open(self, request: Any) -> Any:
        return self.do_open(_SafeConnection, request)


opener = build_opener(_NoRedirects, ProxyHandler({}), _Http, _Https)
