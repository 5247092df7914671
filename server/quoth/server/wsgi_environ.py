"""A request and the fields of its response, between ASGI and WSGI.

ASGI HTTP 2.3: https://asgi.readthedocs.io/en/latest/specs/www.html; WSGI: PEP 3333.
"""

import io
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import quote

from quoth.http.bounded_memo import memoised

Scope = MutableMapping[str, Any]


def encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Fields as ASGI has them."""
    return [_field(value, name) for name, value in headers]


@memoised(1024)  # most are the same in every response
def _field(value: str, name: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1")


def environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333). REQUEST_URI is the target as it was sent."""
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or quote(path).encode("ascii")
    query: str = scope["query_string"].decode("latin-1")
    server = scope.get("server") or ("localhost", None)
    client = scope.get("client") or ("", None)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": raw.decode("latin-1").partition("?")[0] + (f"?{query}" if query else ""),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    fields: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if "_" in name.decode("latin-1"):
            continue  # would pass for another header
        if name == b"transfer-encoding":
            continue  # the body is whole already, and of a length
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        fields.setdefault(key, []).append(value.decode("latin-1"))
    found.update((key, ",".join(values)) for key, values in fields.items())
    found["CONTENT_LENGTH"] = found.get("CONTENT_LENGTH") or str(len(body))
    return found
