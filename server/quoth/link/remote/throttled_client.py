"""The HTTP client of ``quoth link``: slow, patient, cached and bounded.

Every request goes to a host that the operator configured, and so does every redirect. Time and size of an answer are
limited. Failures that may pass are tried again, at growing and random intervals (RFC 9110 §10.2.3, RFC 6585 §4).
"""

import asyncio
import email.utils
import random
import ssl
import time
from collections.abc import Callable

import httpx2
import tenacity
from anyio.from_thread import start_blocking_portal

from quoth.errors import TooManyRequestsError, UnavailableError
from quoth.link.remote.reply_cache import Reply, ReplyCache
from quoth.link.remote.targets import Target

REDIRECTS = 3
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_PAUSE_S = 120.0
_ERROR_BYTES = 300
"""Bytes of an error's body that are quoted."""


class TransientError(Exception):
    """A failure that may pass; ``wait_s`` is how long the server asked to be left alone."""

    def __init__(self, detail: str, wait_s: float = 0.0) -> None:
        super().__init__(detail)
        self.wait_s = wait_s


class ThrottledClient:
    """Asks the servers of one target. ``agent`` is who asks, with an address to complain to.

    ``tell`` is called with a sentence when there is something to wait for. ``requests`` counts the requests sent, and
    ``oldest`` is when the oldest reply that it gave was fetched (seconds, POSIX): a reply may be from the cache.
    """

    def __init__(
        self, target: Target, agent: str, cache: ReplyCache, tell: Callable[[str], None] = lambda words: None
    ) -> None:
        self._target = target
        self._agent = agent
        self._cache = cache
        self._tell = tell
        self._next = 0.0
        self._tls = ssl.create_default_context()
        self.requests = 0
        self.oldest = time.time()

    def send(self, request: httpx2.Request, *, fresh: bool = False) -> Reply:
        """The reply to a request, from the cache unless ``fresh``. Raises TooManyRequestsError and UnavailableError."""
        cached = None if fresh else self._cache.get(request, self._target.cache_hours * 3600)
        if cached is not None:
            self.oldest = min(self.oldest, cached.at)
            return cached
        host, limit_s = request.url.netloc.decode(), self._target.retry_after_limit_s
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            wait=self._pause_s,
            stop=lambda s: s.attempt_number >= self._target.attempts or s.upcoming_sleep > limit_s,
            before_sleep=lambda s: self._tell(f"{host} {_failure(s)}: trying again in {s.upcoming_sleep:.0f} s"),
            reraise=True,
        )
        try:
            reply: Reply = retrying(self._attempt, request)
        except TransientError as failure:
            remedy = "run the same command again later: it continues where it stopped"
            if failure.wait_s:
                detail = f"{host} {failure}, and asks not to be contacted for {failure.wait_s:.0f} s"
                raise TooManyRequestsError(detail, remedy=remedy, retry_after_s=failure.wait_s) from None
            raise UnavailableError(f"{host} {failure}, {self._target.attempts} times", remedy=remedy) from None
        self._cache.put(request, reply)
        return reply

    def _pause_s(self, state: tenacity.RetryCallState) -> float:
        """As long as the server asked; else at random between half of the backoff, which doubles, and all of it."""
        backoff = min(_LONGEST_PAUSE_S, self._target.backoff_s * 2 ** (state.attempt_number - 1))
        return max(_failure(state).wait_s, random.uniform(backoff / 2, backoff))

    def _attempt(self, request: httpx2.Request) -> Reply:
        """One attempt, when the target's rate allows. Raises TransientError and UnavailableError."""
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + 60 / self._target.requests_per_minute
        try:
            # The event loop has a thread of its own: the caller may run one already, as notebooks do.
            with start_blocking_portal() as portal:
                return portal.call(self._fetch, request)
        except TimeoutError:
            raise TransientError(f"did not answer within {self._target.time_limit_s:g} s") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise TransientError(f"cannot be reached ({type(error).__name__})") from None

    async def _fetch(self, request: httpx2.Request) -> Reply:
        """The reply to a request, after its redirects. The time limit is on all of them together."""
        url, method, content = request.url, request.method, request.content
        headers = {"Accept": request.headers.get("Accept", "*/*"), "User-Agent": self._agent}
        headers |= {"Accept-Encoding": "identity", "Connection": "close"}
        kind = {"Content-Type": value} if (value := request.headers.get("Content-Type")) else {}
        async with (
            asyncio.timeout(self._target.time_limit_s),
            httpx2.AsyncClient(headers=headers, verify=self._tls, timeout=None, trust_env=False) as http,
        ):
            for _ in range(REDIRECTS + 1):
                self._check(url, request.url)
                self.requests += 1
                async with http.stream(method, url, content=content or None, headers=kind) as response:
                    if not response.has_redirect_location:
                        return await self._reply(response)
                    url = url.join(response.headers["Location"])
                if response.status_code == 303:
                    method, content, kind = "GET", b"", {}
        raise UnavailableError(f"{request.url} redirects more than {REDIRECTS} times")

    def _check(self, url: httpx2.URL, asked: httpx2.URL) -> None:
        """Raises UnavailableError unless a URL is at a configured host, and no less secure than the one asked for."""
        host = url.netloc.decode()
        downgraded = asked.scheme == "https" and url.scheme != "https"
        if url.scheme not in ("http", "https") or downgraded or host not in self._target.permitted:
            raise UnavailableError(
                f"{asked} leads to {url.scheme}://{host}, which is not on the list of hosts",
                remedy=f"if that is right, add it to the hosts of [{self._target.name}]",
            )

    async def _reply(self, response: httpx2.Response) -> Reply:
        if response.status_code in _TRANSIENT:
            wait_s = retry_after_s(response.headers.get("Retry-After", ""))
            raise TransientError(f"answered {response.status_code}", wait_s)
        if response.status_code != 200:
            text = (await _body(response, _ERROR_BYTES))[:_ERROR_BYTES].decode("utf-8", "replace")
            detail = f"{response.url} answered {response.status_code}: {' '.join(text.split())!r}"
            raise UnavailableError(detail, remedy="see its documentation")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise UnavailableError(f"{response.url} answered in a content coding that was not asked for")
        limit = int(self._target.result_mb * 2**20)
        body = await _body(response, limit)
        if len(body) > limit:
            raise UnavailableError(
                f"{response.url} answered with more than {self._target.result_mb:g} MB",
                remedy=f"raise result_mb of [{self._target.name}], or ask for less",
            )
        media_type = response.headers.get("Content-Type", "text/plain").partition(";")[0]
        return Reply(media_type.strip().lower(), body)


async def _body(response: httpx2.Response, limit: int) -> bytes:
    """The body of a response, which is not read on when it is longer than ``limit`` bytes."""
    body = bytearray()
    async for block in response.aiter_raw():
        body += block
        if len(body) > limit:
            break
    return bytes(body)


def _failure(state: tenacity.RetryCallState) -> TransientError:
    failure = state.outcome.exception() if state.outcome else None
    assert isinstance(failure, TransientError), "nothing else is tried again"
    return failure


def retry_after_s(text: str) -> float:
    """The seconds that a Retry-After header asks for in either form (RFC 9110 §10.2.3); 0 for anything else."""
    if text.strip().isdecimal() and len(text) < 12:
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
