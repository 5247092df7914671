"""What stands before the application: answers from the cache, conditional requests, HEAD, metrics, the access log.

It is an ASGI application around another one. A hit takes no thread, no routing and no query; web.fast asks for it
even before there is an ASGI request, and for the result of a query.
"""

import asyncio
import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.engine.api.client import Caller, Presence
from quoth.errors import UsageError
from quoth.http import client_address
from quoth.http.forms import FORM, parameters
from quoth.ops import metrics
from quoth.ops.access_log import AccessLog, members
from quoth.server.exchange import Asked, Exchange, StopSending, Told
from quoth.server.response_cache import Cache, Entry, storable
from quoth.server.sparql_fast_path import Direct
from quoth.server.wsgi_bridge import BEGUN, Message, Receive, Send
from quoth.server.wsgi_environ import Scope
from quoth.web.sparql.protocol import DIRECT

POST_BYTES = 1 << 16
"""A longer body is not looked for in the cache."""

KNOWN, KNOWN_BYTES = 1 << 11, 1 << 12
"""How many requests are known by all their bytes, and how long they may be."""

_FORM, _DIRECT = FORM.encode(), DIRECT.encode()
_CONDITIONS = frozenset((b"if-match", b"if-unmodified-since", b"if-none-match", b"if-modified-since"))
_RANGE = frozenset((b"range", b"if-range"))
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


class Found(NamedTuple):
    """What became of a query: the response, or what the application goes on with."""

    entry: Entry | None
    begun: Any


class Front:
    """``app`` is the ASGI application, ``current`` what it answers from, ``direct`` what short results come from."""

    def __init__(self, app: Any, current: Current, settings: Settings, direct: Direct) -> None:
        self._app = app
        self._current = current
        self._direct = direct
        self._known: dict[bytes, Asked] = {}
        self._cache = Cache(settings.cache_mb * 2**20)
        self._root = urlsplit(settings.public_url).path.rstrip("/")
        self.body_limit = settings.query_size_kb * 1024
        self._log = AccessLog(settings.access_log)
        # What is counted most often is counted here, and carried over now and then.
        self._hits = self._misses = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._trusted = client_address.networks(settings.trusted_proxies)

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

    def known(self, data: bytes) -> Asked | None:
        """A request that the cache has answered, by all its bytes."""
        return self._known.get(data) if len(data) <= KNOWN_BYTES else None

    def know(self, data: bytes, asked: Asked) -> None:
        """Remember a request that the cache has answered."""
        if len(data) <= KNOWN_BYTES:
            if len(self._known) >= KNOWN:
                self._known.clear()  # what is asked often is soon known again
            self._known[data] = asked

    def directly(self, asked: Asked) -> bool:
        """Whether to ``ask`` for the response."""
        return asked.plain and asked.method == "GET" and self._direct.serves(asked.target)

    async def ask(self, asked: Asked, client: str, presence: Presence) -> Found:
        """The response to a query by GET if its result is short; it is stored if it may be."""
        began = time.perf_counter()
        turn = self._current.turn
        path, _, query = asked.target.partition(b"?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            client_address.CALLER: Caller(client, presence),
        }
        for name, value in (("HTTP_ACCEPT", asked.accept), ("HTTP_ACCEPT_ENCODING", asked.coding)):
            if value:
                environ[name] = value.decode("latin-1")
        ready = await self._direct(environ, b"")
        if ready is None:
            return Found(None, environ.get(BEGUN))
        entry = Entry(ready.headers, ready.body, "sparql", _hash(ready.query.encode()) if self._log.on else None)
        self._misses += 1
        if turn == self._current.turn and storable(ready.status, ready.headers):
            self._cache.put(turn, asked.key(), entry)
        told = Told("sparql", ready.status, len(entry.body), time.perf_counter() - began, entry.query, False)
        self._tell_miss(asked, told, client, "miss")
        return Found(entry, None)

    def client(self, peer: Sequence[Any] | None, forwarded: bytes) -> str:
        """Whom a request comes from, by its connection and, behind a proxy that is trusted, by X-Forwarded-For."""
        trusting = forwarded.decode("latin-1") if self._trusted else ""
        return client_address.behind(trusting, str(peer[0]) if peer else "", self._trusted)

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
        client = self.client(scope.get("client"), asked.forwarded)
        body: bytes | None = b"" if asked.whole else None
        # What is posted without a media type is not read, whatever the URL has.
        if asked.method == "POST" and exchange.route == "sparql" and asked.media_type and not asked.coded:
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
            with contextlib.suppress(StopSending):
                await self._app(_unconditional(scope, asked.whole) if asked.reads else scope, receive, exchange.send)
        finally:
            # What another release than the current one answered is not for others.
            if body is not None and exchange.entry is not None and turn == self._current.turn:
                self._cache.put(turn, asked.key(body), exchange.entry)
            self._tell_miss(asked, exchange.told, client, "miss" if body is not None else None)

    def _tell_miss(self, asked: Asked, told: Told, client: str, cache: str | None) -> None:
        self._requests[told.route, told.status] += 1
        metrics.latency(told.route).observe(told.seconds)
        if told.cut:
            metrics.CUT.labels(told.route).inc()
        if self._log.on:
            line: dict[str, Any] = {"method": asked.method, "path": asked.path, "query": told.query}
            line |= {"status": told.status, "ms": round(told.seconds * 1000, 2), "bytes": told.bytes}
            self._log.tell(members({**line, "client": client, "cache": cache, "cut": told.cut or None}))


def _target(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return raw + b"?" + query if query else raw


def _unconditional(scope: Scope, whole: bool) -> Scope:
    """The same request without a condition; for a whole representation as GET."""
    out = _CONDITIONS | _RANGE if whole else _CONDITIONS
    headers = [(name, value) for name, value in scope["headers"] if name not in out]
    return {**scope, "method": "GET" if whole else scope["method"], "headers": headers}


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
    """The hash of the query that a request has, if it has one."""
    media_type = asked.media_type.partition(b";")[0].strip().lower()
    text = body
    if asked.method != "POST" or media_type != _DIRECT:
        form = (body or b"") if asked.method == "POST" and media_type == _FORM else query_string
        try:
            text = parameters(form).get("query", ("",))[0].encode()
        except UsageError:
            return None
    return _hash(text) if text else None


def _hash(text: bytes) -> str:
    """The first twelve digits of the SHA-256 of a query, by which the log tells queries apart."""
    return hashlib.sha256(text).hexdigest()[:12]
