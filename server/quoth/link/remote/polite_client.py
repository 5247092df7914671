"""Asking servers of others, politely: slowly, never twice for the same, and giving way when told to.

Every request goes to a host that the operator configured, and so does every redirect. It has a limit on its time and
on what it may answer; failures that may pass are tried again, at growing and random intervals (RFC 9110 §10.2.3,
RFC 6585 §4).
"""

import concurrent.futures
import email.utils
import http.client
import random
import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit
from urllib.request import Request

from quoth.engine.federation.http_client import EndpointError, Outgoing, Reach, target
from quoth.errors import QuothError, TooManyRequestsError, UnavailableError
from quoth.link.remote.disk_cache import Cache, Reply
from quoth.link.remote.targets import Target

REDIRECTS = 3
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_BLOCK = 65536
_LONGEST_PAUSE_S = 120.0


class TransientError(Exception):
    """A failure that may pass; ``wait_s`` is how long the server asked to be left alone."""

    def __init__(self, detail: str, wait_s: float = 0.0) -> None:
        super().__init__(detail)
        self.wait_s = wait_s


class Client:
    """Asks the servers of one target. ``agent`` is who asks, with an address to complain to. Close it when done.

    ``tell`` is called with a sentence when there is something to wait for. ``requests`` counts what was really sent,
    and ``oldest`` is when the oldest reply that it gave was fetched (seconds, POSIX): one may be from the cache.
    """

    def __init__(
        self, asked: Target, agent: str, cache: Cache, tell: Callable[[str], None] = lambda words: None
    ) -> None:
        self._target = asked
        self._agent = agent
        self._cache = cache
        self._tell = tell
        self._next = 0.0
        self._outgoing = Outgoing(Reach(asked.time_limit_s))
        self.requests = 0
        self.oldest = time.time()

    def send(self, request: Request, *, fresh: bool = False) -> Reply:
        """The reply to a request, from the cache unless ``fresh``. Raises TooManyRequestsError and UnavailableError."""
        kept = None if fresh else self._cache.get(request, self._target.cache_hours * 3600)
        if kept is not None:
            self.oldest = min(self.oldest, kept.at)
            return kept
        host = urlsplit(request.full_url).netloc
        for attempt in range(1, self._target.attempts + 1):
            self._pause(self._next - time.monotonic())
            self._next = time.monotonic() + 60 / self._target.requests_per_minute
            try:
                reply = self._once(request)
            except TransientError as error:
                wait = self._wait(error, attempt)
                if attempt == self._target.attempts or wait > self._target.retry_after_limit_s:
                    raise self._given_up(host, error, attempt) from None
                self._tell(f"{host} {error}: trying again in {wait:.0f} s")
                self._pause(wait)
            else:
                self._cache.put(request, reply)
                return reply
        raise AssertionError("a target has one attempt at least")

    def close(self) -> None:
        """Ask nothing more."""
        self._outgoing.close()

    def _wait(self, error: TransientError, attempt: int) -> float:
        """As long as asked; else twice as long at most as the last time, at random: not all come back at once."""
        backoff = min(_LONGEST_PAUSE_S, self._target.backoff_s * 2 ** (attempt - 1))
        return max(error.wait_s, random.uniform(backoff / 2, backoff))

    @staticmethod
    def _given_up(host: str, error: TransientError, attempt: int) -> QuothError:
        remedy = "run the same command again later: it goes on where it stopped"
        if error.wait_s:
            return TooManyRequestsError(
                f"{host} {error}, and asks to be left alone for {error.wait_s:.0f} s",
                remedy=remedy,
                retry_after_s=error.wait_s,
            )
        return UnavailableError(f"{host} {error}, {attempt} times", remedy=remedy)

    @staticmethod
    def _pause(seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)

    def _once(self, request: Request) -> Reply:
        until = time.monotonic() + self._target.time_limit_s
        url, method = request.full_url, request.get_method()
        body = request.data if isinstance(request.data, bytes) else None
        for _ in range(REDIRECTS + 1):
            self._check(url, request.full_url)
            try:
                with self._outgoing.connection(url, until) as connection:
                    found = self._exchange(connection, url, method, body, request)
            except EndpointError as error:
                raise TransientError(str(error)) from None
            except (OSError, http.client.HTTPException, ValueError, concurrent.futures.TimeoutError) as error:
                late = time.monotonic() >= until or isinstance(error, TimeoutError | concurrent.futures.TimeoutError)
                limit = f"did not answer within {self._target.time_limit_s:g} s"
                raise TransientError(limit if late else f"cannot be reached ({type(error).__name__})") from None
            if isinstance(found, Reply):
                if time.monotonic() >= until:  # cut off, which can look like an end
                    raise TransientError(f"did not answer within {self._target.time_limit_s:g} s")
                return found
            status, url = found
            if status == 303:
                method, body = "GET", None
        raise UnavailableError(f"{request.full_url} redirects more than {REDIRECTS} times")

    def _check(self, url: str, asked: str) -> None:
        """Whether a URL may be asked: a configured host, and none that is less secure than what was asked."""
        parts = urlsplit(url)
        downgraded = asked.startswith("https:") and parts.scheme != "https"
        if parts.scheme not in ("http", "https") or downgraded or parts.netloc not in self._target.permitted:
            raise UnavailableError(
                f"{asked} leads to {parts.scheme}://{parts.netloc}, which is not asked",
                remedy=f"if that is right, add it to the hosts of [{self._target.name}]",
            )

    def _exchange(
        self, connection: http.client.HTTPConnection, url: str, method: str, body: bytes | None, request: Request
    ) -> Reply | tuple[int, str]:
        """One request and its reply, or the status and the place of a redirect."""
        headers = {"Accept": request.get_header("Accept") or "*/*", "User-Agent": self._agent}
        headers |= {"Accept-Encoding": "identity", "Connection": "close"}
        if body is not None and (kind := request.get_header("Content-type")):
            headers["Content-Type"] = kind
        self.requests += 1
        connection.request(method, target(url), body, headers)
        with connection.getresponse() as response:
            status = response.status
            if status in (301, 302, 303, 307, 308) and (place := response.headers.get("Location")):
                return status, urljoin(url, place)
            if status in _AGAIN:
                raise TransientError(f"answered {status}", retry_after_s(response.headers.get("Retry-After", "")))
            if status != 200:
                told = " ".join(response.read(300).decode("utf-8", "replace").split())
                raise UnavailableError(f"{url} answered {status}: {told!r}", remedy="see its documentation")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise UnavailableError(f"{url} answered in a coding that was not asked for")
            return Reply(response.headers.get_content_type(), self._read(response, url))

    def _read(self, response: http.client.HTTPResponse, url: str) -> bytes:
        held: list[bytes] = []
        size = 0
        while data := response.read1(_BLOCK):
            held.append(data)
            size += len(data)
            if size > self._target.result_mb * 2**20:
                raise UnavailableError(
                    f"{url} answered with more than {self._target.result_mb:g} MB",
                    remedy=f"raise result_mb of [{self._target.name}], or ask for less",
                )
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(held)


def retry_after_s(text: str) -> float:
    """The seconds that a Retry-After header asks for in either form (RFC 9110 §10.2.3); 0 for anything else."""
    if text.strip().isdecimal() and len(text) < 12:
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
