"""The client of other servers: its rate, retries, limits, cache, and the hosts that it may call."""

import asyncio
import dataclasses
import email.utils
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from quoth.errors import QuothError, TooManyRequestsError, UnavailableError
from quoth.link.remote.reply_cache import ReplyCache
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient, retry_after_s

from ..answering import Answer, Seen, answering

FAST = Target("t", requests_per_minute=60_000, backoff_s=0.05, attempts=3, time_limit_s=2, result_mb=0.1)


@contextmanager
def client(folder: Path, url: str, **changes: object) -> Iterator[ThrottledClient]:
    target = dataclasses.replace(FAST, sparql=url, **changes)  # type: ignore[arg-type]
    agent = "quoth/0 (+mailto:a@b.example)"
    with closing(ReplyCache(folder)) as cache:
        yield ThrottledClient(target, agent, cache)


def test_requests_name_their_sender_and_are_cached(tmp_path: Path) -> None:
    with answering(lambda _: Answer(b"one")) as server:
        with client(tmp_path, server.url) as asking:
            assert asking.send(httpx2.Request("GET", f"{server.url}/x")).data == b"one"
        with client(tmp_path, server.url) as later:
            assert later.send(httpx2.Request("GET", f"{server.url}/x")).data == b"one"
            assert len(server.seen) == 1, "the cache is on disk"
            later.send(httpx2.Request("GET", f"{server.url}/x"), fresh=True)
            later.send(httpx2.Request("POST", f"{server.url}/x", content=b"body"))
        with client(tmp_path, server.url, cache_hours=1e-9) as stale:
            stale.send(httpx2.Request("GET", f"{server.url}/x"))
    assert len(server.seen) == 4
    assert server.seen[0].headers["User-Agent"] == "quoth/0 (+mailto:a@b.example)"


def test_the_client_works_inside_an_event_loop(tmp_path: Path) -> None:
    async def notebook(url: str) -> bytes:
        with client(tmp_path, url) as asking:
            return asking.send(httpx2.Request("GET", url)).data

    # In a thread of its own: a browser's loop may run in this one.
    with answering(lambda _: Answer(b"one")) as server, ThreadPoolExecutor(1) as other:
        assert other.submit(asyncio.run, notebook(server.url)).result() == b"one"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_temporary_errors_are_retried_with_pauses(status: int, tmp_path: Path) -> None:
    answers = [Answer(status=status), Answer(status=status), Answer(b"well")]
    with answering(lambda _: answers.pop(0)) as server, client(tmp_path, server.url) as asking:
        started = time.monotonic()
        assert asking.send(httpx2.Request("GET", server.url)).data == b"well"
        assert time.monotonic() - started >= 0.025 + 0.05, "half of each pause at least"
        answers += [Answer(status=status)] * 3
        with pytest.raises(UnavailableError, match="3 times"):
            asking.send(httpx2.Request("GET", f"{server.url}/other"))
        assert len(server.seen) == 6


def test_retry_after_is_obeyed_up_to_a_limit(tmp_path: Path) -> None:
    answers = [Answer(status=429, headers=(("Retry-After", "1"),)), Answer(b"well")]
    with answering(lambda _: answers.pop(0)) as server, client(tmp_path, server.url) as asking:
        started = time.monotonic()
        asking.send(httpx2.Request("GET", server.url))
        assert time.monotonic() - started >= 1
        answers.append(Answer(status=503, headers=(("Retry-After", "86400"),)))
        with pytest.raises(TooManyRequestsError, match="86400 s") as caught:
            asking.send(httpx2.Request("GET", f"{server.url}/later"))
        assert caught.value.retry_after_s == 86400
        assert len(server.seen) == 3


def test_retry_after_in_both_forms() -> None:
    assert retry_after_s("120") == 120
    assert 50 < retry_after_s(email.utils.formatdate(time.time() + 60, usegmt=True)) <= 60
    for nonsense in ("", "soon", "-5", "9" * 400, "Wed, 99 Foo 2020"):
        assert retry_after_s(nonsense) == 0


def test_requests_keep_to_the_rate(tmp_path: Path) -> None:
    with answering(lambda _: Answer()) as server, client(tmp_path, server.url, requests_per_minute=300.0) as asking:
        started = time.monotonic()
        for n in range(4):
            asking.send(httpx2.Request("GET", f"{server.url}/{n}"))
        assert time.monotonic() - started >= 0.6


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_permanent_errors_are_not_retried(status: int, tmp_path: Path) -> None:
    with answering(lambda _: Answer(b"no\n", status)) as server, client(tmp_path, server.url) as asking:
        with pytest.raises(UnavailableError, match=str(status)):
            asking.send(httpx2.Request("GET", server.url))
        assert len(server.seen) == 1


def test_redirects_are_followed_to_named_hosts_only(tmp_path: Path) -> None:
    with answering(lambda _: Answer(b"far")) as other:

        def redirect(seen: Seen) -> Answer:
            if seen.path == "/here":
                return Answer(seen.body)
            place = {"/out": f"{other.url}/x", "/file": "file:///etc/passwd", "/in": "/here"}.get(seen.path, seen.path)
            return Answer(b"", 307, (("Location", place),))

        with answering(redirect) as server, client(tmp_path, server.url) as asking:
            assert asking.send(httpx2.Request("POST", f"{server.url}/in", content=b"kept")).data == b"kept"
            for path, told in (
                ("/out", "is not on the list of hosts"),
                ("/file", "is not on the list of hosts"),
                ("/loop", "more than 3 times"),
            ):
                with pytest.raises(UnavailableError, match=told):
                    asking.send(httpx2.Request("GET", server.url + path))
            assert other.seen == []
            assert len([s for s in server.seen if s.path == "/loop"]) == 4
        named = (other.url.removeprefix("http://"),)
        with answering(redirect) as server, client(tmp_path, server.url, hosts=named) as allowed:
            assert allowed.send(httpx2.Request("GET", f"{server.url}/out")).data == b"far"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"x" * 200_000), "more than 0.1 MB"),
        (Answer(b"\x1f\x8b", headers=(("Content-Encoding", "gzip"),)), "coding"),
        (Answer(b"cut", headers=(("Content-Length", "9000"),)), "3 times"),
    ],
    ids=["huge", "coded", "cut off"],
)
def test_hostile_answers_are_harmless(answer: Answer, told: str, tmp_path: Path) -> None:
    with answering(lambda _: answer) as server, client(tmp_path, server.url) as asking:
        with pytest.raises(QuothError, match=told):
            asking.send(httpx2.Request("GET", server.url))
        with pytest.raises(QuothError, match=told):  # nothing of it was kept
            asking.send(httpx2.Request("GET", server.url))


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    given_up = threading.Event()
    answered: list[Seen] = []

    def silent(seen: Seen) -> Answer:
        if not given_up.wait(60):
            answered.append(seen)
        return Answer()

    with answering(silent) as server, client(tmp_path, server.url, time_limit_s=0.3, attempts=2) as asking:
        with pytest.raises(UnavailableError, match=r"within 0\.3 s, 2 times"):
            asking.send(httpx2.Request("GET", server.url))
        given_up.set()
    assert answered == []
