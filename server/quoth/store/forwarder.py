"""The one way out: carries queries from our engine's processes to endpoints that the operator allows.

It listens on the loopback interface, at addresses with an unguessable path. For each query it looks the endpoint's
host up once and connects to an address so found; it follows no redirect, waits no longer and reads no more than it
may, and hands on nothing but query results.
"""

import concurrent.futures
import contextlib
import hmac
import http.client
import ipaddress
import json
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import quoth
from quoth.store import tokens

_TYPES = ("application/sparql-results+json", "application/sparql-results+xml")
_QUERY_BYTES = 4 << 20
_BLOCK = 65536


@dataclass(frozen=True)
class Reach:
    """How far one call may go: ``time_s`` in all, ``result_mb`` of result."""

    time_s: float = 5.0
    result_mb: int = 16


class Refused(Exception):
    """A call that failed, with what to tell about it: a sentence whose subject is the endpoint."""

    def __init__(self, status: int, detail: str, remedy: str, limit: tuple[str, float] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.body = json.dumps({"detail": detail, "remedy": remedy, "limit": limit}).encode()


@dataclass(frozen=True)
class Result:
    """What an endpoint answered."""

    media_type: str
    data: bytes


class Forwarder:
    """Forwards to ``allowed`` from the ``addresses`` that it has for them, until it is closed."""

    def __init__(self, allowed: Sequence[str], reach: Reach) -> None:
        token = secrets.token_urlsafe(32)
        self._targets = {f"/{token}/{number}": url for number, url in enumerate(allowed)}
        self._reach = reach
        self._lookups = concurrent.futures.ThreadPoolExecutor(4, thread_name_prefix="lookup")

        class Handler(_Handler):
            forwarder = self
            timeout = reach.time_s

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.addresses = {url: f"http://127.0.0.1:{self._server.server_port}{p}" for p, url in self._targets.items()}
        self._thread = threading.Thread(target=self._server.serve_forever, name="forwarder", daemon=True)
        self._thread.start()

    def target(self, path: str) -> str | None:
        """The endpoint that one of our paths stands for."""
        return next(
            (url for known, url in self._targets.items() if hmac.compare_digest(known.encode(), path.encode())), None
        )

    def fetch(self, url: str, query: str) -> Result:
        """Send a query to an endpoint (SPARQL 1.1 Protocol §2.1.2) and read its whole result. Raises Refused."""
        if tokens.service(query) is not None:
            raise Refused(403, "may not be called with another SERVICE within", "call the two one after the other")
        until = time.monotonic() + self._reach.time_s
        late = Refused(
            504,
            f"did not answer within {self._reach.time_s:g} s",
            "ask it for less, or query it yourself",
            ("service_time_limit_s", self._reach.time_s),
        )
        with contextlib.ExitStack() as stack:
            try:
                connection = stack.enter_context(self._connected(url, until))
                # Every wait has a limit; this is the one on all of them together.
                alarm = threading.Timer(max(0.0, until - time.monotonic()), _shut, [connection.sock])
                alarm.daemon = True
                alarm.start()
                stack.callback(alarm.cancel)
                return self._asked(connection, url, query)
            except Refused:
                if time.monotonic() >= until:
                    raise late from None
                raise
            except (OSError, http.client.HTTPException, ValueError, concurrent.futures.TimeoutError) as error:
                if time.monotonic() >= until or isinstance(error, TimeoutError | concurrent.futures.TimeoutError):
                    raise late from None
                raise Refused(502, f"cannot be reached: {type(error).__name__}", "try again later") from None

    def _connected(self, url: str, until: float) -> "contextlib.closing[http.client.HTTPConnection]":
        """A connection to the host of a URL, by an address that was looked up just now."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        lookup = self._lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = lookup.result(max(0.0, until - time.monotonic()))
        addresses = [(family, address) for family, _, _, _, address in found if permitted(str(address[0]), host)]
        if not addresses:
            raise Refused(502, "is at an address that may not be called", "ask the operator of this server")
        failure: OSError = OSError("no address")
        for family, address in addresses:
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(max(0.001, until - time.monotonic()))
                plain.connect(address)
                connection: http.client.HTTPConnection
                if secure:
                    connection = http.client.HTTPSConnection(host, port)
                    connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
                else:
                    connection = http.client.HTTPConnection(host, port)
                    connection.sock = plain
                connection.auto_open = 0  # it would look the host up again
                return contextlib.closing(connection)
            except OSError as error:
                plain.close()
                failure = error
        raise failure

    def _asked(self, connection: http.client.HTTPConnection, url: str, query: str) -> Result:
        parts = urlsplit(url)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Accept": ", ".join(_TYPES),
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": f"quoth/{quoth.__version__}",
            "Connection": "close",
        }
        connection.request("POST", path, urlencode({"query": query}), headers)
        with connection.getresponse() as response:
            if response.status != 200:
                what = "redirects, which is not followed" if 300 <= response.status < 400 else "refused the query"
                raise Refused(502, f"{what}: it answered {response.status}", "query it yourself to see why")
            media_type = response.headers.get_content_type()
            if media_type not in _TYPES or response.headers.get("Content-Encoding", "identity") != "identity":
                raise Refused(502, "did not answer with SPARQL results in JSON or XML", "query it yourself to see why")
            limit = self._reach.result_mb * 2**20
            held: list[bytes] = []
            size = 0
            while data := response.read1(_BLOCK):
                held.append(data)
                size += len(data)
                if size > limit:
                    raise Refused(
                        502,
                        f"answered with more than {self._reach.result_mb} MB",
                        "ask it for less: SERVICE takes what it is given, before it is joined",
                        ("service_result_mb", self._reach.result_mb),
                    )
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
        return Result(media_type, b"".join(held))

    def close(self) -> None:
        """Take no more queries."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._lookups.shutdown(wait=False, cancel_futures=True)


def permitted(address: str, host: str) -> bool:
    """Whether an address may be connected to for a host that the operator named.

    A name must not lead to this machine itself or to the machines that only its neighbours reach (where clouds keep
    their secrets), unless it says so: whoever holds the name could otherwise turn us against our own network.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    return not found.is_loopback or host == "localhost" or host.endswith(".localhost") or host == address


def _shut(sock: socket.socket | None) -> None:
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked was killed meanwhile: nobody is there to be told."""


class _Handler(BaseHTTPRequestHandler):
    forwarder: Forwarder
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        url = self.forwarder.target(self.path)
        length = self.headers.get("Content-Length", "")
        if url is None:
            return self._answer(404, "text/plain", b"")
        if self.headers.get_content_type() != "application/sparql-query" or not length.isdecimal():
            return self._answer(415, "text/plain", b"")
        if int(length) > _QUERY_BYTES:
            return self._answer(413, "text/plain", b"")
        try:
            query = self.rfile.read(int(length)).decode("utf-8", "replace")
            result = self.forwarder.fetch(url, query)
        except Refused as refusal:
            return self._answer(refusal.status, "application/json", refusal.body)
        return self._answer(200, result.media_type, result.data)

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address is a secret."""
