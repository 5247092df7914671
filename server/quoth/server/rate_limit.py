"""The layer that limits how often one client may ask: the setting ``query_rate_limit``, off unless it is set.

It counts queries, at the endpoint and among the questions, written proofs, batches to reconcile, messages of
assistants, and texts and quotations to verify, in the memory of this process; pages and documents are free.
"""

import re
import time
from collections import deque
from dataclasses import replace

from cachetools import TTLCache
from limits import RateLimitItem

from quoth.config import Settings
from quoth.converters import rates
from quoth.errors import Limit, TooManyRequestsError, UsageError
from quoth.http.message import Handler, Request, Response, parameters

_ENDPOINT = r"(?:releases/[0-9]+/)?sparql/?"
_PROOF = r"(?:releases/[0-9]+/)?proof(?:\.[a-z]+)?"
_QUERY_PATHS = re.compile(
    rf"/(?:{_ENDPOINT}|graphs|mcp|verify|reconcile/?|queries/[^/]+|{_PROOF}|reconcile/(?:v1/)?(?:match|extend))"
)
"""Paths, under the root, of the services that take queries, of the questions, and of proofs, which may be of them."""

_BATCH_PATHS = re.compile(r"/reconcile/.+")
_SERVICE_PATHS = re.compile(rf"/(?:graphs|{_ENDPOINT}|reconcile/?)")
_QUERY_PARAMETERS = frozenset(("query", "queries", "extend", "default", "graph"))


CLIENTS = 100_000
"""Clients whose requests are counted at a time; past it, those that have not asked for longest are forgotten."""


class Window:
    """The requests of each client within the time of a rate, by a clock that nobody can set. The strategies of the
    package that reads rates go by the time of day: where that went back, they would shut a client out until it came
    again."""

    def __init__(self, rate: RateLimitItem) -> None:
        self._amount, self._seconds = rate.amount, rate.get_expiry()
        self._times: TTLCache[str, deque[float]] = TTLCache(CLIENTS, self._seconds, time.monotonic)

    def hit(self, client: str) -> float:
        """Count a request, unless it is beyond the rate: then the seconds until one is not."""
        now = time.monotonic()
        times = self._times.pop(client, None) or deque()
        while times and times[0] <= now - self._seconds:
            times.popleft()
        wait = times[0] + self._seconds - now if len(times) >= self._amount else 0.0
        if not wait:
            times.append(now)
        self._times[client] = times
        return wait


class RateLimit:
    """A request beyond a rate goes to ``application``, with the error to answer with."""

    def __init__(self, following: Handler, application: Handler, settings: Settings) -> None:
        self._following = following
        self._application = application
        self._text = settings.query_rate_limit
        self._windows = [Window(rate) for rate in rates(self._text, "query_rate_limit")]
        self._root = settings.root

    async def __call__(self, request: Request) -> Response:
        if _is_query(request, self._root):
            for window in self._windows:
                if wait_s := window.hit(request.client):
                    return await self._application(replace(request, error=self._error(wait_s)))
        return await self._following(request)

    def _error(self, wait_s: float) -> TooManyRequestsError:
        return TooManyRequestsError(
            f"more than {self._text} queries came from your address",
            remedy="wait for as long as Retry-After says, or use the dumps",
            limit=Limit("query_rate_limit", self._text),
            retry_after_s=max(1.0, wait_s),
        )


def _is_query(request: Request, root: str) -> bool:
    """Whether a request is a query, and not for the description of a service."""
    path = request.path
    if root and path.startswith(f"{root}/"):
        path = path[len(root) :]
    if not _QUERY_PATHS.fullmatch(path) or not (request.reads or request.method == "POST"):
        return False
    if request.method == "POST":
        return not path.startswith("/queries/")
    if path == "/verify":  # the page without a quotation is free; its words go into no cache of parameters
        return bool(request.query_string)
    if _SERVICE_PATHS.fullmatch(path):
        try:
            return not _QUERY_PARAMETERS.isdisjoint(parameters(request.query_string))
        except UsageError:
            return True
    return not _BATCH_PATHS.fullmatch(path)
