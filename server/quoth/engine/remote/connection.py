"""Connections to another server's endpoint: no redirects, no proxies, and answers whose end can be told."""

import http.client
from typing import Any
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is an error: it would have the query, and the password, sent to an address that nobody named. So
    would a proxy of the environment, which is not asked either."""

    def redirect_request(self, *_: Any) -> None:
        return None


class _Chunks:
    """A connection without the header with which urllib says that it will be closed: Jetty sends no chunks then, nor a
    length, so that nobody could tell a whole answer from a part."""

    def putheader(self, header: Any, *values: Any) -> None:
        if header.lower() != "connection":
            super().putheader(header, *values)  # type: ignore[misc]


class _Connection(_Chunks, http.client.HTTPConnection):
    pass


class _SafeConnection(_Chunks, http.client.HTTPSConnection):
    pass


class _Http(HTTPHandler):
    def http_open(self, request: Any) -> Any:
        return self.do_open(_Connection, request)


class _Https(HTTPSHandler):
    def https_open(self, request: Any) -> Any:
        return self.do_open(_SafeConnection, request)


opener = build_opener(_NoRedirects, ProxyHandler({}), _Http, _Https)
