"""Connections that do nothing, and open files that run out: others are served or told so, and all is well again."""

import resource
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from quoth.server import serve

from ..clients import missing
from ..serving import Server, children, serving, until
from .right_answers import LISTS, PAGES, QUERIES, RightAnswers, ask, publish_claims, reading

QUESTIONS = [*QUERIES, *PAGES, *LISTS]
IDLE = 3_000
"""More than the HTTP server accepts unless it is told how many."""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    publish_claims(folder, 80)
    return folder


def connected(server: Server, number: int, held: ExitStack, sent: bytes = b"") -> Sequence[socket.socket]:
    """So many connections, which end with ``held``."""
    connections = []
    for _ in range(number):
        connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
        connection.sendall(sent)
        connections.append(connection)
    return connections


def files(server: Server) -> int:
    """The open files of the process that serves."""
    [pid] = children(server.process.pid)
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.fixture
def many_files() -> Iterator[None]:
    """The right of this process to have IDLE connections open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < IDLE + serve.OWN_FILES + 100:
        missing(f"a process may not have {IDLE} connections open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE + serve.OWN_FILES + 100), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
def test_idle_connections_keep_nobody_out_and_are_closed(releases: Path, many_files: None) -> None:
    with serving(releases, access_log="off", prefix=("prlimit", "--nofile=1024:")) as server, ExitStack() as held:
        right = RightAnswers()
        right.learn(server.port, 1, QUESTIONS)
        began = time.monotonic()
        connections = connected(server, IDLE, held)
        until(lambda: files(server) > IDLE, serve.HEAD_LIMIT_S / 2)
        assert {right.judge(q, ask(server.port, q, "idle")) for q in QUESTIONS} == {"release 1"}
        assert time.monotonic() - began < serve.HEAD_LIMIT_S, "they were not open all the while"
        connections[-1].settimeout(3 * serve.HEAD_LIMIT_S)
        assert connections[-1].recv(1) == b""
        until(lambda: files(server) < 200)


@pytest.mark.slow
def test_where_files_run_out_others_are_served_or_told_so(releases: Path) -> None:
    """Half of 100 files are for connections; the other half is less than a server needs at its busiest."""
    few = ("prlimit", "--nofile=100:100")
    with serving(releases, prefix=few, access_log="off", query_workers=2) as server, ExitStack() as held:
        right = RightAnswers()
        right.learn(server.port, 1, QUESTIONS)
        with reading(server, right, QUESTIONS, threads=8) as readers:
            for _ in range(5):
                connected(server, 40, held, b"GET /health HTTP/1.1\r\n")
                time.sleep(0.5)
            until(lambda: files(server) > 90)
            held.close()
            until(readers.seen("release 1", 30), 90)
        assert set(readers.counts) <= {"release 1", "503"}, readers.counts
        assert {right.judge(q, ask(server.port, q, "after")) for q in QUESTIONS} == {"release 1"}
        assert server.get("/ready").status == 200
