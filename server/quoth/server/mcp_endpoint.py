"""The layer that serves the Model Context Protocol at /mcp: streamable HTTP, stateless, with answers in JSON.

The protocol is the package's (https://modelcontextprotocol.io/specification, "Streamable HTTP"), which is given each
request as ASGI and knows nothing of others: any process and any server can answer the next one. What a web page of
another site could do is refused: Host and Origin have to be those of the public URL, and no origin may read an answer.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from quoth.config import Settings
from quoth.http import content_encoding, message
from quoth.http.message import Fields, Handler, Request, Response, raw_fields
from quoth.http.problem_details import ProblemDetails
from quoth.server.current_release import CurrentRelease
from quoth.web.core.responses import ALWAYS

_SHARED = ("access-control-", "cross-origin-resource-policy")
_OWN = raw_fields((name, value) for name, value in ALWAYS if not name.lower().startswith(_SHARED))
FIELDS: Fields = [*_OWN, (b"cross-origin-resource-policy", b"same-origin"), (b"cache-control", b"no-store")]
"""The fields of every response: those of other pages, without what lets other origins read it."""

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_PORTS = {"http": 80, "https": 443}


class McpEndpoint:
    """Answers at /mcp from the ``current`` release, if the setting is on; any other request goes on."""

    def __init__(self, following: Handler, current: CurrentRelease, settings: Settings) -> None:
        self._following, self._current = following, current
        on = settings.mcp == "on"
        self._paths = {f"{root}/mcp" for root in ("", settings.root)} if on else set()
        self._manager = self._managed(settings) if on else None

    def _managed(self, settings: Settings) -> Any:
        # The packages take long to import, and need not be installed where this is off.
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
        from mcp.server.transport_security import TransportSecuritySettings

        from quoth.mcp.server import make_server
        from quoth.mcp.turns import Turns

        # What it warns of are the fields of strangers' requests, which would fill the log.
        logging.getLogger("mcp").setLevel(logging.ERROR)
        hosts, origins = addresses(settings.public_url)
        return StreamableHTTPSessionManager(
            make_server(
                lambda: self._current.site,
                Turns(settings.query_workers, settings.query_queue, settings.query_time_limit_s),
            ),
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins),
            max_request_body_size=settings.query_size_kb * 1024,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The time in which requests can be answered."""
        if self._manager is None:
            yield
            return
        async with self._manager.run():
            yield

    async def __call__(self, request: Request) -> Response:
        if request.path not in self._paths:
            return await self._following(request)
        if request.method != "POST":  # there is no stream to listen to, and no session to end
            detail, remedy = "messages come by POST alone", "connect a client of the Model Context Protocol"
            return ProblemDetails(405, "Method not allowed", detail, remedy).response((b"allow", b"POST"), *_OWN)
        parts: list[Mapping[str, Any]] = []

        async def send(part: Mapping[str, Any]) -> None:
            parts.append(part)

        assert self._manager is not None, "the setting is on"
        await self._manager.handle_request(_scope(request), _Body(request), send)
        head, *rest = parts
        body = b"".join(part.get("body", b"") for part in rest)
        fields = {name.decode("latin-1"): value.decode("latin-1") for name, value in [*head["headers"], *FIELDS]}
        accepted = request.header(b"accept-encoding")
        body = content_encoding.encode_whole(body, request.method, accepted, head["status"], fields)
        return Response(head["status"], raw_fields(fields.items()), body)


def addresses(public_url: str) -> tuple[list[str], list[str]]:
    """The Host fields and the origins by which the server is reached at its public URL; every name of this machine, if
    that is one.

    >>> addresses("https://velm.example/claims/")
    (['velm.example', 'velm.example:443'], ['https://velm.example', 'https://velm.example:443'])
    """
    parts = urlsplit(public_url)
    name = parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}").lower()
    default = _PORTS[parts.scheme]
    ports = ("", f":{default}") if (parts.port or default) == default else (f":{parts.port}",)
    hosts = [f"{host}{port}" for host in (_LOOPBACK if name in _LOOPBACK else (name,)) for port in ports]
    return hosts, [f"{parts.scheme}://{host}" for host in hosts]


def _scope(request: Request) -> dict[str, Any]:
    """The request as an ASGI scope (HTTP 2.3), with the request itself for the handlers."""
    return {
        "type": "http",
        "http_version": request.version,
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.raw_path,
        "query_string": request.query_string,
        "root_path": "",
        "headers": [*request.fields.items()],
        "server": request.server,
        "client": (request.client, 0),
        message.KEY: request,
    }


class _Body:
    """The body of a request as the messages of ASGI; after it, that the client has left, when it does."""

    def __init__(self, request: Request) -> None:
        self._request, self._given = request, False

    async def __call__(self) -> Mapping[str, Any]:
        if not self._given:
            self._given = True
            return {"type": "http.request", "body": self._request.body, "more_body": False}
        loop, left = asyncio.get_running_loop(), asyncio.Event()

        def leave() -> None:
            loop.call_soon_threadsafe(left.set)

        forget = self._request.presence.on_leaving(leave)
        try:
            await left.wait()
        finally:
            forget()
        return {"type": "http.disconnect"}
