"""What stands before the application: answers from the cache, conditional requests, HEAD, metrics, the access log.

It is an ASGI application around another one. A hit takes no thread, no routing and no query; web.fast asks for it
even before there is an ASGI request.
"""

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.errors import UsageError
from quoth.web import callers, metrics
from quoth.web.access import AccessLog, members
from quoth.web.asgi import Message, Receive, Scope, Send
from quoth.web.cache import Cache, Entry, Fields
from quoth.web.exchange import Asked, Enough, Exchange
from quoth.web.protocol import DIRECT, FORM, parameters

POST_BYTES = 1 << 16
"""A longer body is not looked for in the cache."""

_FORM, _DIRECT = FORM.encode(), DIRECT.encode()
_CONDITIONS = (b"if-none-match", b"if-modified-since")
_LOOK_EVERY_S = 1.0


class Current(Protocol):
    """What the application answers from: ``turn`` changes when another release becomes current."""

    @property
    def turn(self) -> int: ...

    def look(self) -> None:
        """See whether another release has become current. May block."""
        ...

    def measure(self) -> None:
        """Bring the metrics up to date."""
        ...


class Front:
    """``app`` is the ASGI application, ``current`` what it answers from."""

    def __init__(self, app: Any, current: Current, settings: Settings) -> None:
        self._app = app
        self._current = current
        self._cache = Cache(settings.cache_mb * 2**20)
        self._root = urlsplit(settings.public_url).path.rstrip("/")
        self.body_limit = settings.query_size_kb * 1024
        self._log = AccessLog(settings.access_log)
        # What is counted most often is counted here, and carried over now and then.
        self._hits = self._misses = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._trusted = callers.networks(settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
            return
        following = asyncio.create_task(self._follow())
        try:
            await self._app(scope, receive, send)
        finally:
            following.cancel()
            self._log.close()

    async def _follow(self) -> None:
        """Hits do not reach the application, so somebody else has to look for a new release."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            await loop.run_in_executor(None, self._current.look)
            self._current.measure()
            self._carry_over()
            metrics.CACHE_BYTES.set(self._cache.bytes)
            metrics.CACHE_ENTRIES.set(len(self._cache))

    def _carry_over(self) -> None:
        metrics.HITS.inc(self._hits)
        metrics.MISSES.inc(self._misses)
        for (route, status), count in self._requests.items():
            metrics.REQUESTS.labels(route, str(status)).inc(count)
        self._hits = self._misses = 0
        self._requests.clear()

    def hit(self, asked: Asked, body: bytes = b"") -> Entry | None:
        """The stored response to a request, if there is one."""
        return self._cache.get(self._current.turn, asked.key(body))

    def client(self, peer: Sequence[Any] | None, headers: Fields) -> str:
        """Whom a request comes from, by its connection and, behind a proxy that is trusted, by its fields."""
        forwarded = b",".join([v for k, v in headers if k == b"x-forwarded-for"]) if self._trusted else b""
        return callers.behind(str(peer[0]) if peer else "", forwarded.decode("latin-1"), self._trusted)

    def tell_hit(self, asked: Asked, entry: Entry, status: int, sent: int, client: str) -> None:
        """Note that a request was answered from the cache."""
        self._hits += 1
        self._requests[entry.route, status] += 1
        if self._log.on:
            told_of = (asked.method, status, client)
            if entry.told_of != told_of:
                entry.told_of = told_of
                line = {"method": asked.method, "path": asked.path, "query": entry.query, "status": status, "ms": 0}
                entry.told = members({**line, "bytes": sent, "client": client, "cache": "hit"})
            self._log.tell(entry.told)

    def tell_refused(self, status: int, sent: int, client: str) -> None:
        """Note what was no request."""
        self._requests["other", status] += 1
        if self._log.on:
            self._log.tell(members({"status": status, "bytes": sent, "client": client}))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Asked(scope["method"], _target(scope), scope["headers"])
        exchange = Exchange(asked, scope, send, metrics.route(scope["path"], self._root))
        client = self.client(scope.get("client"), scope["headers"])
        body: bytes | None = b"" if asked.plain else None
        if asked.method == "POST" and exchange.route == "sparql" and not asked.coded:
            body, receive = await _read(receive)
        if exchange.route == "sparql" and self._log.on:
            exchange.query = _query_hash(asked, scope["query_string"], body)
        if body is not None:
            entry = self.hit(asked, body)
            if entry is not None:
                await exchange.answer(entry)
                self.tell_hit(asked, entry, exchange.status, exchange.bytes, client)
                return
            self._misses += 1
        if exchange.route == "metrics":
            self._carry_over()
        turn = self._current.turn
        try:
            with contextlib.suppress(Enough):
                await self._app(_whole(scope) if asked.plain else scope, receive, exchange.send)
        finally:
            # What another release than the current one answered is not for others.
            if body is not None and exchange.entry is not None and turn == self._current.turn:
                self._cache.put(turn, asked.key(body), exchange.entry)
            self._tell_miss(asked, exchange, client, "miss" if body is not None else None)

    def _tell_miss(self, asked: Asked, exchange: Exchange, client: str, cache: str | None) -> None:
        self._requests[exchange.route, exchange.status] += 1
        metrics.latency(exchange.route).observe(exchange.seconds)
        if exchange.cut:
            metrics.CUT.labels(exchange.route).inc()
        if self._log.on:
            line: dict[str, Any] = {"method": asked.method, "path": asked.path, "query": exchange.query}
            line |= {"status": exchange.status, "ms": round(exchange.seconds * 1000, 2), "bytes": exchange.bytes}
            self._log.tell(members({**line, "client": client, "cache": cache, "cut": exchange.cut or None}))


def _target(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return raw + b"?" + query if query else raw


def _whole(scope: Scope) -> Scope:
    """The same request as GET without a condition."""
    headers = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]
    return {**scope, "method": "GET", "headers": headers}


async def _read(receive: Receive) -> tuple[bytes | None, Receive]:
    """The body of a request, None if it is long or did not come whole; and what to read it from again."""
    held: list[Message] = []
    body = b""
    while True:
        message = await receive()
        held.append(message)
        body += message.get("body", b"")
        whole = message["type"] == "http.request" and not message.get("more_body", False)
        if whole or message["type"] == "http.disconnect" or len(body) > POST_BYTES:
            break

    async def again() -> Message:
        return held.pop(0) if held else await receive()

    return body if whole and len(body) <= POST_BYTES else None, again


def _query_hash(asked: Asked, query_string: bytes, body: bytes | None) -> str | None:
    """The first twelve digits of the SHA-256 of the query's text, by which the log tells queries apart."""
    media_type = asked.media_type.partition(b";")[0].strip().lower()
    text = body
    if asked.method != "POST" or media_type != _DIRECT:
        form = (body or b"") if asked.method == "POST" and media_type == _FORM else query_string
        try:
            text = parameters(form).get("query", ("",))[0].encode()
        except UsageError:
            return None
    return hashlib.sha256(text).hexdigest()[:12] if text else None
