"""Signals to a server: SIGTERM lets requests end, SIGHUP opens the current release, a closed terminal ends it."""

import contextlib
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quoth.release.release import Release

from ..conftest import CORPUS
from ..serving import children, free_port, serving, until
from .samples import ASK, LONG, PAGE, metric, published

HTML = {"Accept": "text/html"}
BESIDE = b"denied that it had paid anyone"
"""A word of the sentence in which the claim of PAGE is quoted, outside of the quotation."""


def test_sigterm_lets_a_result_that_is_under_way_end_and_takes_no_new_request(release: Release) -> None:
    with serving(release.path.parent, access_log="off", drain_limit_s=60) as server:
        with socket.create_connection((server.host, server.port), 60) as slow:
            idle = socket.create_connection((server.host, server.port), 60)
            slow.sendall(f"GET {LONG} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            received = slow.recv(1000)
            server.process.send_signal(signal.SIGTERM)
            until(lambda: not listens(server.port))
            assert server.process.poll() is None, "the result has not been fetched"
            while part := slow.recv(1 << 16):
                received += part
        assert received.startswith(b"HTTP/1.1 200 ")
        assert received.endswith(b"\r\n0\r\n\r\n"), "the last chunk (RFC 9112 §7.1)"
        assert received.count(b"\n") > 30_000
        idle.close()
        assert server.process.wait(30) == 0


def listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


def test_an_idle_connection_does_not_hold_the_end_up(release: Release) -> None:
    with serving(release.path.parent, access_log="off", drain_limit_s=60) as server:
        with socket.create_connection((server.host, server.port), 60) as idle:
            idle.sendall(f"GET {ASK} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert idle.recv(1000).startswith(b"HTTP/1.1 200 ")
            started = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(50) == 0
        assert time.monotonic() - started < 30  # of the 60 that requests have


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_sighup_opens_the_current_release_and_new_texts(release: Release, number: int, tmp_path: Path) -> None:
    with serving(release.path.parent, texts=tmp_path, processes=number, access_log="off") as server:
        until(lambda: len(children(server.process.pid)) == number, 60)
        before = children(server.process.pid)
        assert BESIDE not in server.get(PAGE, HTML).body
        shutil.copy(CORPUS / "harbour.txt", tmp_path)
        assert BESIDE not in server.get(PAGE, HTML).body, "a text is read when a release is opened"
        server.process.send_signal(signal.SIGHUP)
        until(lambda: all(BESIDE in server.get(PAGE, HTML).body for _ in range(4 * number)))
        assert children(server.process.pid) == before
        assert metric(server, "quoth_release ") == release.number


@pytest.mark.slow
def test_sighup_to_every_process_ends_none(release: Release) -> None:
    with serving(release.path.parent, processes=2, access_log="off") as server:
        until(lambda: len(children(server.process.pid)) == 2, 60)
        assert server.get(ASK).status == 200
        every = [server.process.pid, *children(server.process.pid), *server.processes()]
        assert len(every) > 4
        for pid in every:
            os.kill(pid, signal.SIGHUP)
        for _ in range(10):
            assert server.get(ASK).status == 200
        assert {*children(server.process.pid), *server.processes()} >= {*every[1:]}


@pytest.mark.slow
def test_a_damaged_release_is_named_at_each_sighup_and_the_one_before_stays(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "the first")
    with serving(tmp_path, access_log="off") as server:
        published(tmp_path, "the second")
        until(lambda: b"the second" in server.get("/doc/topic/x.ttl").body)
        (tmp_path / "2" / "manifest.json").write_text("damaged")
        said = ""
        for times in (1, 2):
            server.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 30
            while said.count("release 2 stays: ") < times:
                assert time.monotonic() < deadline
                time.sleep(0.05)
                said += capfd.readouterr().err
        assert b"the second" in server.get("/doc/topic/x.ttl").body


@pytest.mark.slow
@pytest.mark.parametrize("nohup", [False, True], ids=["in a terminal", "with nohup"])
def test_a_terminal_that_is_closed_ends_the_server_unless_it_runs_with_nohup(
    release: Release, nohup: bool, tmp_path: Path
) -> None:
    port = free_port()
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_PORT": str(port)}
    program = "import fcntl, signal, sys, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    program += "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" * nohup + "from quoth.cli import main\nmain()"
    main, terminal = pty.openpty()
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "serve"],
            env=environment,
            stdin=terminal,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    os.close(terminal)
    try:
        until(lambda: b"Quoth serves" in (tmp_path / "output").read_bytes(), 90)
        os.close(main)
        if nohup:
            time.sleep(1)  # in which it would have ended
            assert listens(port)
        else:
            assert process.wait(30) == 0
    finally:
        process.terminate()
        process.wait(30)
