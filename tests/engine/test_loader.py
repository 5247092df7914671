"""The administration of a server whose answers are hostile, or whose datasets somebody else makes."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from quoth.engine.remote import loader as module
from quoth.engine.remote.dialect import locate
from quoth.engine.remote.loader import Loader, RefusedError, SpoiltError, TakenError
from quoth.errors import QuothError, UnavailableError

Answer = Callable[[BaseHTTPRequestHandler], None]
ENDLESS = b"so it goes on " * 4096


def says(status: int, body: bytes = b"") -> Answer:
    """An answer that is whole."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(status: int) -> Answer:
    """An answer that ends only when nobody listens any more."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.end_headers()
        handler.close_connection = True
        try:
            while True:
                handler.wfile.write(ENDLESS)
        except OSError:
            pass

    return answer


@contextmanager
def server(**answers: Answer) -> Iterator[tuple[Loader, str, list[str]]]:
    """A loader, the URL of a dataset at a server of Fuseki's kind, and the requests to it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answers[self.command](self)

        do_GET = do_POST = do_DELETE = _do

        def log_message(self, *_: object) -> None:
            pass

    peer = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    location = locate(f"fuseki+http://127.0.0.1:{peer.server_port}/velm")
    assert location.dialect
    try:
        with closing(Loader(location.dialect, location)) as loader:
            yield loader, f"{location.urls[0]}-1-a", asked
    finally:
        peer.shutdown()
        peer.server_close()


@pytest.mark.parametrize(
    ("status", "error", "says_so"),
    [
        (409, TakenError, "was not made by this folder"),
        (405, RefusedError, r"answered 405 to POST /\$/datasets: no"),
        (403, RefusedError, "refuses this user"),
    ],
)
def test_what_was_not_made_is_told(status: int, error: type[QuothError], says_so: str) -> None:
    with server(POST=says(status, b"no")) as (loader, dataset, asked):
        with pytest.raises(error, match=says_so):
            loader.create(dataset)
        assert asked == ["POST /$/datasets"]


def test_what_may_have_been_made_is_another_error() -> None:
    with server(POST=says(500)) as (loader, dataset, _), pytest.raises(SpoiltError, match="answered 500"):
        loader.create(dataset)


@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_answer_without_end_is_heard_no_further(status: int) -> None:
    with server(GET=endless(status), DELETE=endless(status)) as (loader, dataset, _):
        if status == 500:
            with pytest.raises(
                UnavailableError, match=r"answered 500 to DELETE /\$/datasets/velm-1-a: so it goes on"
            ) as e:
                loader.drop(dataset)
            assert len(str(e.value)) < 600
        else:
            loader.drop(dataset)
            assert loader.exists(dataset) == (status == 200)


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with server(GET=says(200)) as (loader, dataset, asked):
        assert loader.exists(dataset)
        assert asked == ["GET /$/datasets/velm-1-a"]


def test_connections_are_kept_alive_while_a_server_takes_its_time() -> None:
    """Else a machine that is gone would be waited for as long as one that loads."""
    assert {value for *_, value in module._ALIVE} == {1, 60, 10, 6}
