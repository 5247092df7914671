"""A wire to a real engine that a test makes treacherous: it hangs, breaks, sends half an answer, or something else."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from urllib.parse import urlsplit

from ..http_talk import read_request

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: the connection is reset when it is closed (socket(7))."""
SHOWN_BYTES = 300
"""So much of an answer passes before the wire fails within it: its head and a little more."""


class Fault(Enum):
    """What becomes of a request or, by the names of the second part, of its answer."""

    NONE = "none"
    REFUSED = "resets the connection at once"
    SILENT = "takes the request and never answers"
    GARBAGE = "answers with something that is no HTTP"
    BUSY = "answers 503"
    STRANGER = "answers 401"
    ANOTHER = "answers 200 with a page of HTML"
    RESET_WITHIN = "resets the connection within the answer"
    HALF = "closes the connection within the answer"
    STOPS_WITHIN = "stops within the answer and keeps the connection"
    DRIPS = "sends the answer byte by byte"


_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"
_SENT = {
    Fault.GARBAGE: b"\x00\x01quoth\r\n\r\n",
    Fault.BUSY: b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy",
    Fault.STRANGER: b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    Fault.ANOTHER: _PAGE,
}


class Wire:
    """Passes connections on to the server at a URL, with whichever ``fault`` is set when a connection comes."""

    def __init__(self, url: str) -> None:
        self.fault = Fault.NONE
        self._behind = urlsplit(url)
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def run(self) -> None:
        """Accept connections until the listener is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, self.fault), daemon=True).start()

    def close(self) -> None:
        """End all that hangs."""
        self._ended.set()
        self._listener.close()

    def _serve(self, client: socket.socket, fault: Fault) -> None:
        with client, contextlib.suppress(OSError):
            if fault is Fault.REFUSED:
                _reset(client)
                return
            if fault is Fault.SILENT or fault in _SENT:
                read_request(client)
                client.sendall(_SENT.get(fault, b""))
                if fault is Fault.SILENT:
                    self._ended.wait(60)
                return
            address = (self._behind.hostname or "", self._behind.port or 80)
            with socket.create_connection(address, 10) as server:
                threading.Thread(target=_pump, args=(client, server), daemon=True).start()
                self._answer(server, client, fault)

    def _answer(self, server: socket.socket, client: socket.socket, fault: Fault) -> None:
        server.settimeout(60)
        while data := server.recv(65536):
            if fault is Fault.NONE:
                client.sendall(data)
                continue
            if fault is not Fault.DRIPS:
                client.sendall(data[:SHOWN_BYTES])
                break
            for byte in data:
                client.sendall(bytes([byte]))
                if self._ended.wait(0.05):
                    return
        if fault is Fault.STOPS_WITHIN:
            self._ended.wait(60)
        elif fault is Fault.RESET_WITHIN:
            _reset(client)
        with contextlib.suppress(OSError):  # so that the other thread ends, too
            client.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        # The server keeps a connection open that it is not told the end of, and takes only so many.
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def wire(url: str) -> Iterator[Wire]:
    """A wire to the server at a URL."""
    treacherous = Wire(url)
    threading.Thread(target=treacherous.run, daemon=True).start()
    try:
        yield treacherous
    finally:
        treacherous.close()
