"""An HTTP client that asks an endpoint on behalf of a stranger's query.

It looks the host up once and connects to an address that it found. It follows no redirect, waits no longer and reads no
more than allowed, and hands on nothing but query results.
"""

import collections
import concurrent.futures
import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox

import quoth
from quoth.sparql import service_calls

_TYPES = {f.media_type: f for f in (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML)}
_BLOCK_BYTES = 65536


@dataclass(frozen=True)
class CallLimits:
    """The limits of one call: ``time_s`` in all, ``result_mb`` of result."""

    time_s: float = 5.0
    result_mb: int = 16


class EndpointError(Exception):
    """A call that failed. ``detail`` is a sentence whose subject is the endpoint."""

    def __init__(self, status: int, detail: str, remedy: str, limit: tuple[str, float] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.body = json.dumps({"detail": detail, "remedy": remedy, "limit": limit}).encode()


@dataclass(frozen=True)
class Result:
    """The answer of an endpoint."""

    media_type: str
    data: bytes


class EndpointClient:
    """Asks endpoints, within ``limits``. Close it when done."""

    def __init__(self, limits: CallLimits) -> None:
        self._limits = limits
        self._lookups = concurrent.futures.ThreadPoolExecutor(4, thread_name_prefix="lookup")

    def fetch(self, url: str, query: str) -> Result:
        """Send a query to an endpoint (SPARQL 1.1 Protocol §2.1.2) and read its whole result. Raises EndpointError."""
        if service_calls.forbidden_call(query) is not None:
            raise EndpointError(
                403, "may not be called with another SERVICE within", "call the two one after the other"
            )
        until = time.monotonic() + self._limits.time_s
        late = EndpointError(
            504,
            f"did not answer within {self._limits.time_s:g} s",
            "ask it for less, or query it yourself",
            ("service_time_limit_s", self._limits.time_s),
        )
        try:
            with self.connection(url, until) as connection:
                result = self._ask(connection, url, query)
            if time.monotonic() >= until:  # cut off by the alarm, which can look like its end
                raise late
            return result
        except EndpointError:
            if time.monotonic() >= until:
                raise late from None
            raise
        except (OSError, http.client.HTTPException, ValueError, concurrent.futures.TimeoutError) as error:
            if time.monotonic() >= until or isinstance(error, TimeoutError | concurrent.futures.TimeoutError):
                raise late from None
            raise EndpointError(502, f"cannot be reached: {type(error).__name__}", "try again later") from None

    @contextlib.contextmanager
    def connection(self, url: str, until: float) -> Iterator[http.client.HTTPConnection]:
        """A connection to the host of a URL, which is shut at ``until`` (time.monotonic) whatever is going on.

        Raises EndpointError, OSError, ValueError, or TimeoutError of concurrent.futures.
        """
        with self._connected(url, until) as connection:
            # Every wait has a limit; this is the one on all of them together.
            alarm = threading.Timer(max(0.0, until - time.monotonic()), _shut, [connection.sock])
            alarm.daemon = True
            alarm.start()
            try:
                yield connection
            finally:
                alarm.cancel()

    def _connected(self, url: str, until: float) -> "contextlib.closing[http.client.HTTPConnection]":
        """A connection to the host of a URL, by an address that was looked up just now."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        lookup = self._lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        infos = lookup.result(max(0.0, until - time.monotonic()))
        addresses = [(family, address) for family, _, _, _, address in infos if permitted(str(address[0]), host)]
        if not addresses:
            raise EndpointError(502, "is at an address that may not be called", "ask the operator of this server")
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

    def _ask(self, connection: http.client.HTTPConnection, url: str, query: str) -> Result:
        headers = {
            "Accept": ", ".join(_TYPES),
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": f"quoth/{quoth.__version__}",
            "Connection": "close",
        }
        connection.request("POST", target(url), urlencode({"query": query}), headers)
        with connection.getresponse() as response:
            if response.status != 200:
                what = "redirects, which is not followed" if 300 <= response.status < 400 else "refused the query"
                raise EndpointError(502, f"{what}: it answered {response.status}", "query it yourself to see why")
            media_type = response.headers.get_content_type()
            if media_type not in _TYPES or response.headers.get("Content-Encoding", "identity") != "identity":
                raise EndpointError(
                    502, "did not answer with SPARQL results in JSON or XML", "query it yourself to see why"
                )
            limit = self._limits.result_mb * 2**20
            held: list[bytes] = []
            size = 0
            while data := response.read1(_BLOCK_BYTES):
                held.append(data)
                size += len(data)
                if size > limit:
                    raise EndpointError(
                        502,
                        f"answered with more than {self._limits.result_mb} MB",
                        "ask it for less: SERVICE receives the whole answer before it is joined",
                        ("service_result_mb", self._limits.result_mb),
                    )
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
        result = Result(media_type, b"".join(held))
        if not readable(result):
            raise EndpointError(502, "answered with results that cannot be read", "query it yourself to see why")
        return result

    def close(self) -> None:
        """Look nothing up any more."""
        self._lookups.shutdown(wait=False, cancel_futures=True)


def target(url: str) -> str:
    """The target of a request for a URL: its path and query (RFC 9112 §3.2.1)."""
    parts = urlsplit(url)
    return quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{parts.query}" if parts.query else "")


def readable(result: Result) -> bool:
    """Whether the results can be parsed to their end: the engine would take an error in them for one of the query."""
    try:
        parsed = ox.parse_query_results(result.data, _TYPES[result.media_type])
        if isinstance(parsed, ox.QuerySolutions):
            collections.deque(parsed, maxlen=0)
    except (SyntaxError, ValueError):
        return False
    return True


def permitted(address: str, host: str) -> bool:
    """Whether an address may be connected to for a host that the operator named.

    A name must not lead to this machine itself or to the machines that only its neighbours reach (where clouds keep
    their secrets), unless it says so: the holder of the name could otherwise turn us against our own network.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    return not ip.is_loopback or host == "localhost" or host.endswith(".localhost") or host == address


def _shut(sock: socket.socket | None) -> None:
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
