"""What somebody tries who wants in: paths out of the folder, requests within requests, slow ones, a false sender."""

import json
import socket
import threading
import time
from pathlib import Path

import pytest

from quoth.release.release import Release

from ..http_talk import BODY, FORM, HEAD, talk
from ..nginx import proxied
from ..serving import Server, serving

OUT = [
    "/../../../../etc/passwd", "/static/../../config.py", "/static/..%2f..%2fconfig.py", "/static/..%5c..%5cconfig.py",
    "/static/%2e%2e/%2e%2e/config.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/.%00./config.py",
    "/guide/..%2fapp", "/guide/../../../../etc/passwd", "/releases/1/..%2f..%2f..%2fetc%2fpasswd",
    "/releases/..%2f1/claims.nq", "/releases/1/store/LOCK/x", "/releases/1/segments",
    "/releases/1/store/..%2f..%2fengine.json",
    "/releases/current/manifest.json", "/releases/1/manifest.json%00.html", "/releases/redacted.json",
    "/releases/engine.json", "/queries/..%2f..%2f..%2fetc%2fpasswd", "/ns/..%2f..%2f", "/quoth.toml", "/.env",
]  # fmt: skip


@pytest.mark.parametrize("path", OUT)
def test_no_path_leads_out_of_what_is_published(server: Server, path: str) -> None:
    got = talk(server, b"GET " + path.encode() + HEAD + b"Connection: close\r\n\r\n")
    assert got.statuses in ([404], [400]), got.data[:500]
    assert b"root:" not in got.data


@pytest.mark.parametrize(
    "path", ["/", "/claims", "/sparql?query=ASK%7B%7D", "/verify", "/metrics", "/status.json", "/openapi.json", "/mcp"]
)
def test_nothing_asks_who_somebody_is_or_knows_them_again(server: Server, path: str) -> None:
    known = {"Authorization": "Basic YWRtaW46YWRtaW4=", "Cookie": "session=admin"}
    for reply in (server.get(path), server.get(path, known), server.request("POST", path, known)):
        assert reply.status not in (401, 407)
        assert not {"www-authenticate", "set-cookie", "proxy-authenticate"} & reply.headers.keys()


HIDDEN = b"DELETE /hidden" + HEAD + b"\r\n"
SENT = b"POST /sparql" + HEAD + FORM
FORMS = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 40\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 26\r\n\r\n",
    "a list of lengths": b"Content-Length: 0, 26\r\n\r\n",
    "a sign": b"Content-Length: +0\r\n\r\n",
    "a hexadecimal length": b"Content-Length: 0x0\r\n\r\n",
    "a space before the colon": b"Content-Length : 0\r\n\r\n",
    "such a space in the coding": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "another coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "a coding that is not the last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a folded coding": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a vertical tab": b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a chunk that is too long": b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
    "a negative chunk": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "lines of chunks that end otherwise": b"Transfer-Encoding: chunked\r\n\r\n0\n\n",
    "a zero byte in a name": b"Content-Length\x00: 0\r\n\r\n",
    "a carriage return alone": b"X: a\rContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_request_whose_end_is_unclear_is_refused_with_its_connection(server: Server, form: bytes) -> None:
    got = talk(server, SENT + form + HIDDEN)
    assert got.statuses in ([400], [501])
    assert got.left in ("ended", "reset")


def test_nginx_passes_on_no_request_within_another(release: Release, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with serving(release.path.parent, access_log=log) as server, proxied(tmp_path, server.port) as proxy:
        answers = [talk(proxy, SENT + form + HIDDEN).statuses for form in FORMS.values()]
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    seen = [line for line in lines if line.get("path") in ("/sparql", "/hidden")]
    assert 0 < len(seen) <= sum(map(len, answers)), "each that the server saw is one that the proxy answered"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"]
)
def test_who_is_no_trusted_proxy_cannot_say_who_it_is(name: str, release: Release, tmp_path: Path) -> None:
    value = "for=192.0.2.9" if name == "Forwarded" else "192.0.2.9"
    asked = {name: value, "X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/metrics", "X-Rewrite-URL": "/metrics"}
    with serving(release.path.parent, access_log=tmp_path / "log") as server:
        assert server.get("/doc/nothing-there", asked).status == 404
    lines = map(json.loads, (tmp_path / "log").read_text("utf-8").splitlines())
    [line] = [each for each in lines if each["path"] == "/doc/nothing-there"]
    assert (line["client"], line["method"]) == ("127.0.0.1", "GET")


@pytest.mark.slow
@pytest.mark.serial
def test_slow_heads_and_bodies_are_cut_and_hold_nobody_up(server: Server) -> None:
    """300 heads and 50 bodies, of which a byte comes every two seconds."""
    head = b"GET /" + HEAD + b"X-Slow: "
    body = b"POST /sparql" + HEAD + FORM + b"Content-Length: 1000\r\n\r\n" + BODY[:6]
    began = time.monotonic()
    ended: dict[bytes, list[tuple[float, bytes]]] = {head: [], body: []}

    def drip(start: bytes) -> None:
        with socket.create_connection((server.host, server.port), 10) as connection:
            connection.settimeout(2)
            data = start
            while True:
                try:
                    connection.sendall(data)
                    said = connection.recv(1000)
                except TimeoutError:
                    data = b"a"
                except OSError:
                    return ended[start].append((time.monotonic() - began, b""))
                else:
                    return ended[start].append((time.monotonic() - began, said))

    threads = [threading.Thread(target=drip, args=(start,), daemon=True) for start in (head,) * 300 + (body,) * 50]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert time.monotonic() - began < 150, "they are held open"
        assert server.get("/doc/claim/harbour/ferry-late").status == 200
        assert server.ask("ASK {}").status == 200
        time.sleep(1)
    assert (len(ended[head]), len(ended[body])) == (300, 50)
    assert max(at for at, _ in ended[head]) < 60, "they have 20 s"
    assert all(said.startswith(b"HTTP/1.1 408 ") for _, said in ended[body]), ended[body][:3]
    assert min(at for at, _ in ended[body]) > 50, "they have 60 s"
