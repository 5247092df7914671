"""The endpoint on the event loop: a query with a short result is answered without a thread and without Flask.

What takes more than that (an error, a page, a long result) is left in the environment of the request, begun, and the
view in sparql.py goes on from there. Both give the same response to the byte.
"""

import functools
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.engine.api.interface import Answer, Short
from quoth.errors import QuothError
from quoth.formats import HTML, Format
from quoth.http import client_address, content_encoding
from quoth.server import encoding_middleware
from quoth.server.wsgi_bridge import BEGUN, Whole
from quoth.server.wsgi_environ import encoded
from quoth.web.core.responses import ALWAYS
from quoth.web.core.site import Site
from quoth.web.sparql import endpoint, protocol, result_formats

REQUEST_BYTES = 1 << 12
"""A longer query takes longer to look through than the loop should stand still."""

ENCODED_BYTES = 1 << 14
"""A longer result takes as long to compress."""


class Direct:
    """``site`` gives what is served now."""

    def __init__(self, site: Callable[[], Site], settings: Settings) -> None:
        self._site = site
        roots = ("", urlsplit(settings.public_url).path.rstrip("/"))
        self._paths = {f"{root}/sparql{end}" for root in roots for end in ("", "/")}
        self._raw = {path.encode() for path in self._paths}
        # Queries are counted in the view (rate.py).
        self._on = not settings.query_rate_limit

    def serves(self, target: bytes) -> bool:
        """Whether it may have the response to a GET of that target."""
        return self._on and len(target) <= REQUEST_BYTES and target.partition(b"?")[0] in self._raw

    async def __call__(self, environ: dict[str, Any], body: bytes) -> Whole | None:
        """The whole response to a request; None if it is the application's to answer."""
        if (
            environ["PATH_INFO"] not in self._paths
            or environ["REQUEST_METHOD"] not in ("GET", "POST")
            or len(environ["QUERY_STRING"]) + len(body) > REQUEST_BYTES
            or not self._on
        ):
            return None
        try:
            return await self._answered(environ, body)
        except QuothError as error:
            environ[BEGUN] = _raising(error)
            return None

    async def _answered(self, environ: dict[str, Any], body: bytes) -> Whole | None:
        here = self._site()
        asked = protocol.read(environ, lambda: body, here.iris.base, REQUEST_BYTES)
        chosen = result_formats.chosen(asked.format, environ.get("HTTP_ACCEPT"))
        if asked.query is None or not asked.query.text.strip():
            return None
        begun = await here.engine.begin(asked.query, chosen.wanted, client_address.caller(environ, here.trusted))
        if isinstance(begun, Short):
            format = chosen.of(begun.kind)
            slow = "HTTP_ACCEPT_ENCODING" in environ and len(begun.body) > ENCODED_BYTES
            if format is not None and format is not HTML and not slow:
                return _whole(environ, begun, format, asked.query.text)
            begun = begun.answer
        environ[BEGUN] = begun
        return None


def _whole(environ: dict[str, Any], result: Short, format: Format, text: str) -> Whole:
    head = _head(format, endpoint.caching(text)).copy()
    head.set("Content-Length", str(len(result.body)))
    body = encoding_middleware.whole(environ, 200, head, result.body)
    return Whole(200, encoded(head.listed()), body, text)


@functools.cache
def _head(format: Format, caching: tuple[tuple[str, str], ...]) -> encoding_middleware.Head:
    found = encoding_middleware.Head((("Content-Type", format.content_type), ("Content-Length", ""), *caching, *ALWAYS))
    if content_encoding.compressible(format.content_type):
        found.vary()
    return found


def _raising(error: QuothError) -> Callable[[], Answer]:
    def answer() -> NoReturn:
        raise error

    return answer
