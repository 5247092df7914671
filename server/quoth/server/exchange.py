"""One request on its way through the front: what was asked, and the response as it passes."""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from quoth.server import response_cache
from quoth.server.request_checks import Refusal
from quoth.server.response_cache import Entry, Fields, Key
from quoth.server.wsgi_bridge import Message, Send
from quoth.server.wsgi_environ import Scope, encoded
from quoth.web.core.responses import ALWAYS

_SELDOM = frozenset((b"range", b"if-range", b"if-match", b"if-unmodified-since"))
_UNMET = Refusal(
    "Precondition failed",
    412,
    "what is served is not what If-Match or If-Unmodified-Since asks for",
    "leave the condition out, or take the ETag or the Last-Modified of an answer to GET",
).problem()
_UNMET_FIELDS = (
    (b"content-type", b"application/problem+json"),
    (b"content-length", b"%d" % len(_UNMET)),
    (b"cache-control", b"no-store"),
    *encoded(ALWAYS),
)

WHOLE = "quoth.whole"
"""Where web.fast leaves a function in the scope that sends a whole response at once: of the status, the fields as they
are sent and the body, it says whether it could."""


class StopSending(Exception):
    """No more of the response is needed."""


class Asked:
    """A request: the fields that decide about its response."""

    __slots__ = (
        "_key", "accept", "coded", "coding", "forwarded", "if_match", "if_none_match", "language", "media_type",
        "method", "plain", "reads", "since", "target", "unmodified_since", "whole",
    )  # fmt: skip

    def __init__(self, method: str, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.method = method
        self.target = target
        self.accept = self.coding = self.if_none_match = self.language = self.media_type = self.since = b""
        self.if_match = self.unmodified_since = b""
        self.reads = self.whole = self.plain = method in ("GET", "HEAD")
        """A GET or HEAD; one of a whole representation, without a body; and that with no condition but those by which
        a client asks for what it has not."""
        self.coded = False
        """Whether its body is in a content coding."""
        self.forwarded = b""
        """X-Forwarded-For."""
        self._key: Key | None = None
        for name, value in headers:
            if name == b"accept":
                self.accept = self.accept + b"," + value if self.accept else value
            elif name == b"accept-encoding":
                self.coding = self.coding + b"," + value if self.coding else value
            elif name == b"if-none-match":
                self.if_none_match = self.if_none_match + b"," + value if self.if_none_match else value
            elif name == b"accept-language":
                self.language = self.language + b"," + value if self.language else value
            elif name == b"if-modified-since":
                self.since = value
            elif name == b"content-type":
                self.media_type = self.media_type + b"," + value if self.media_type else value
            elif name == b"content-encoding":
                self.coded = True
            elif name == b"x-forwarded-for":
                self.forwarded = self.forwarded + b"," + value if self.forwarded else value
            elif name in _SELDOM:
                self._narrow(name, value)
            elif (name == b"content-length" and value != b"0") or name == b"transfer-encoding":
                self.whole = self.plain = False

    def _narrow(self, name: bytes, value: bytes) -> None:
        if name == b"if-match":
            self.if_match = self.if_match + b"," + value if self.if_match else value
        elif name == b"if-unmodified-since":
            self.unmodified_since = value
        elif self.method == "HEAD":
            return  # a range is for GET alone (RFC 9110 §14.2)
        else:
            self.whole = False
        self.plain = False

    @property
    def path(self) -> str:
        """The path as it was sent, without the query string."""
        return self.target.partition(b"?")[0].decode("latin-1")

    def key(self, body: bytes = b"") -> Key:
        """What its response is stored under; ``body`` is that of the request."""
        if self._key is None:
            posted = b"" if self.whole else self.media_type
            self._key = response_cache.key(self.target, self.accept, self.coding, body, posted, self.language)
        return self._key

    def has(self, tag: str, modified: bytes) -> bool:
        """Whether the client has the representation with that ETag and date already (RFC 9110 §13.1.2, §13.1.3)."""
        if self.if_none_match:
            return self.reads and response_cache.matches(self.if_none_match, tag)
        return self.reads and self.since != b"" and response_cache.unchanged(modified, self.since) is True

    def outcome(self, status: int, tag: str, modified: bytes) -> int:
        """What its conditions make of the status of a response: 304, 412 or the same (RFC 9110 §13.2)."""
        if not self.reads or status not in (200, 206):
            return status
        if self.if_match:
            unmet = not response_cache.same(self.if_match, tag)
        else:
            unmet = self.unmodified_since != b"" and response_cache.unchanged(modified, self.unmodified_since) is False
        return 412 if unmet else 304 if self.has(tag, modified) else status


class Told(NamedTuple):
    """What the metrics and the access log tell of a request: the bytes and seconds that its response took, the hash of
    its query, and whether it was cut."""

    route: str
    status: int
    bytes: int
    seconds: float
    query: str | None
    cut: bool


class Exchange:
    """The response to a request, on its way from the application to the server.

    The application is asked for a representation without a condition, and for a whole one by GET. What is left out of
    it for HEAD and for a condition is left out here, so that both have just the fields that GET has.
    """

    def __init__(self, asked: Asked, scope: Scope, send: Send, route: str) -> None:
        self.asked = asked
        self.route = route
        self.query: str | None = None
        self.entry: Entry | None = None
        """The response, if it is whole and may be stored."""
        self.status = 0
        self.bytes = 0
        self.complete = False
        self._began = time.perf_counter()
        self._start: Message | None = None
        self._send = send
        self._send_whole: Callable[[int, bytes, bytes], bool] | None = scope.get(WHOLE)

    @property
    def told(self) -> Told:
        """What there is to tell once it has ended; it was cut if it began and did not end."""
        seconds = time.perf_counter() - self._began
        return Told(self.route, self.status, self.bytes, seconds, self.query, self.status != 0 and not self.complete)

    async def send(self, message: Message) -> None:
        """A message of the application. Raises StopSending when nothing more is wanted."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        if self._start is None:
            await self._body(body, more)
            return
        status, headers = self._start["status"], self._start["headers"]
        self._start = None
        if not more and response_cache.storable(status, headers):
            self.entry = Entry(headers, body, self.route, self.query)
        outcome = self.asked.outcome(status, response_cache.tag_of(headers), response_cache.modified_of(headers))
        if outcome != status:
            await self._instead(outcome, headers)
        elif self.asked.method == "HEAD":
            await self._head(status, headers)
        elif more:
            await self._begin(status, headers)
            await self._body(body, more)
            return
        else:
            await self._whole(status, headers, body)
        if more:
            raise StopSending

    async def answer(self, entry: Entry) -> None:
        """Answer from the cache."""
        outcome = self.asked.outcome(200, entry.tag, entry.modified)
        if outcome != 200:
            await self._instead(outcome, entry.headers)
        elif self.asked.method == "HEAD":
            await self._head(200, entry.headers)
        else:
            self.entry = entry
            await self._whole(200, entry.headers, entry.body)

    async def _instead(self, status: int, headers: Fields) -> None:
        """What a condition gives instead of a response with those fields."""
        if status == 304:
            await self._head(304, response_cache.without_body(headers))
        else:
            await self._begin(status, _UNMET_FIELDS)
            await self._body(b"" if self.asked.method == "HEAD" else _UNMET, False)

    async def _head(self, status: int, headers: Fields) -> None:
        await self._begin(status, headers)
        await self._body(b"", False)

    async def _whole(self, status: int, headers: Fields, body: bytes) -> None:
        sent_as = self.entry.lines if self.entry is not None else response_cache.lines(headers)
        if self._send_whole is not None and self._send_whole(status, sent_as, body):
            self.status, self.bytes, self.complete = status, len(body), True
        else:
            await self._begin(status, headers)
            await self._body(body, False)

    async def _begin(self, status: int, headers: Fields) -> None:
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _body(self, body: bytes, more: bool) -> None:
        self.bytes += len(body)
        await self._send({"type": "http.response.body", "body": body, "more_body": more})
        self.complete = not more
