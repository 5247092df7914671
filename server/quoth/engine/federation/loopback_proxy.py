"""A proxy that carries queries from the engine's processes to the endpoints that the operator allows.

It listens on the loopback interface, at addresses with an unguessable path, and asks by ``http_client``.
"""

import hmac
import secrets
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from quoth.engine.federation.http_client import CallLimits, EndpointClient, EndpointError

_QUERY_BYTES = 4 << 20


class LoopbackProxy:
    """Forwards calls of its ``addresses`` to the ``allowed`` endpoints, until it is closed."""

    def __init__(self, allowed: Sequence[str], limits: CallLimits) -> None:
        token = secrets.token_urlsafe(32)
        self._targets = {f"/{token}/{number}": url for number, url in enumerate(allowed)}
        self.client = EndpointClient(limits)

        class Handler(_Handler):
            proxy = self
            timeout = limits.time_s

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.addresses = {url: f"http://127.0.0.1:{self._server.server_port}{p}" for p, url in self._targets.items()}
        self._thread = threading.Thread(target=self._server.serve_forever, name="service-proxy", daemon=True)
        self._thread.start()

    def target(self, path: str) -> str | None:
        """The endpoint that one of our paths stands for."""
        return next(
            (url for known, url in self._targets.items() if hmac.compare_digest(known.encode(), path.encode())), None
        )

    def close(self) -> None:
        """Take no more queries."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.client.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the process that asked was killed meanwhile."""


class _Handler(BaseHTTPRequestHandler):
    proxy: LoopbackProxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        url = self.proxy.target(self.path)
        length = self.headers.get("Content-Length", "")
        if url is None:
            return self._answer(404, "text/plain", b"")
        if self.headers.get_content_type() != "application/sparql-query" or not length.isdecimal():
            return self._answer(415, "text/plain", b"")
        if int(length) > _QUERY_BYTES:
            return self._answer(413, "text/plain", b"")
        try:
            query = self.rfile.read(int(length)).decode("utf-8", "replace")
            result = self.proxy.client.fetch(url, query)
        except EndpointError as refusal:
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
        """Log nothing: the address is a secret."""
