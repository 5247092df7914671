"""A proxy before a real engine, which spoils what passes through it as a test says."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Spoil = Callable[[str, str, bytes], "bytes | int | None"]
"""Gets the method, the path and the body of a request or, with the method ANSWER, of an answer: gives a body in its
place, a status to answer at once, or None to break the connection."""


@contextmanager
def spoiling(url: str, spoil: Spoil) -> Iterator[str]:
    """The address of the proxy before the server at a URL."""
    behind = urlsplit(url).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            data = b""
            if self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    data += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            data += self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = spoil(self.command, self.path, data)
            if isinstance(body, bytes):
                connection = http.client.HTTPConnection(behind)
                kept = {n: v for n, v in self.headers.items() if n in ("Accept", "Content-Type", "Authorization")}
                connection.request(self.command, self.path, body, kept)
                answer = connection.getresponse()
                status, data = answer.status, answer.read()
                body = spoil("ANSWER", self.path, data)
                media_type = answer.headers.get("Content-Type", "text/plain")
                wanted = answer.headers.get("WWW-Authenticate")
                connection.close()
            else:
                status, data, media_type, wanted = body or 0, b"spoiled", "text/plain", None
            if body is None:
                self.close_connection = True
                return
            self.send_response(body if isinstance(body, int) else status)
            self.send_header("Content-Type", media_type)
            if wanted:
                self.send_header("WWW-Authenticate", wanted)
            shown = body if isinstance(body, bytes) else data
            self.send_header("Content-Length", str(len(shown)))
            self.end_headers()
            self.wfile.write(shown)

        do_GET = do_POST = do_DELETE = do_PUT = _pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
