"""Bytes sent to a server on a raw connection, and the bytes that come back."""

import re
import socket
import time
from collections.abc import Iterator
from typing import NamedTuple

from .serving import Server

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HEAD = b" HTTP/1.1\r\nHost: x\r\n"
END = HEAD + b"\r\n"
POST = b"POST /sparql" + HEAD + FORM
ASK = b"/sparql?query=ASK%7B%7D&format=csv"
BODY = b"query=ASK%7B%7D&format=csv"
LENGTH = b"Content-Length: 26\r\n"

LAST = b"GET /health" + HEAD + b"Connection: close\r\n\r\n"


class Talk(NamedTuple):
    """The responses on a connection, and how the server left the connection: open, ended or reset."""

    data: bytes
    left: str

    @property
    def statuses(self) -> list[int]:
        return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) [A-Z]", self.data)]

    @property
    def headers(self) -> dict[str, str]:
        lines = self.data.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.data.rpartition(b"\r\n\r\n")[2]


def end_of_body(data: bytes, start: int, fields: bytes) -> int | None:
    """The offset behind a response's body; None where the body is not whole, or lasts until the connection ends."""
    if re.match(rb"http/1\.[01] (1\d\d|204|304) ", fields):
        return start
    if length := re.search(rb"\r\ncontent-length: (\d+)", fields):
        return start + int(length[1])
    if b"\r\ntransfer-encoding: chunked" not in fields:
        return None
    while size := re.compile(rb"([0-9a-fA-F]+)[^\r]*\r\n").match(data, start):
        start = size.end() + int(size[1], 16) + 2
        if int(size[1], 16) == 0:
            return start
    return None


def whole_responses(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each whole response begins and ends."""
    begin = 0
    while (blank := data.find(b"\r\n\r\n", begin)) >= 0:
        end = end_of_body(data, blank + 4, data[begin:blank].lower())
        if end is None or end > len(data):
            return
        yield begin, end
        begin = end


def read_request(connection: socket.socket) -> bytes:
    """The next request on a connection, read to its end (RFC 9112 §6). A peer that answers and leaves without the rest
    of a request resets the connection, and its answer may be lost."""
    data = b""
    while received := connection.recv(65536):
        data += received
        blank = data.find(b"\r\n\r\n")
        fields = data[: max(blank, 0)].lower()
        has_body = re.search(rb"\r\n(content-length|transfer-encoding):", fields)
        end = end_of_body(data, blank + 4, fields) if has_body else blank + 4
        if blank >= 0 and end is not None and len(data) >= end:
            break
    return data


def talk(server: Server, *parts: bytes, responses: int = 1, torn: bool = False) -> Talk:
    """Send parts one after another, and read the responses until the connection ends.

    Where the server leaves the connection open after that many responses, one more request follows, which closes the
    connection: its answer proves that the connection was open, and that no other response came before. After a torn
    request the client ends its side instead.
    """
    data = b""
    asked = False
    with socket.create_connection((server.host, server.port), 20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(0.03 if len(parts) > 1 else 0)
            while received := connection.recv(1 << 20):
                data += received
                if not asked and len(list(whole_responses(data))) >= responses and b"onnection: close" not in data:
                    asked = True
                    if torn:
                        connection.shutdown(socket.SHUT_WR)
                    else:
                        connection.sendall(LAST)
        except ConnectionError:
            return Talk(data, "reset")
    spans = list(whole_responses(data))
    if asked and torn:
        return Talk(data, "open")
    if asked and len(spans) > responses:
        return Talk(data[: spans[-1][0]], "open")
    return Talk(data, "ended")
