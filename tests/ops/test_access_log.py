"""The access log: whole lines whatever reads them, and the number of those that were lost."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from quoth.ops import access_log
from quoth.ops.access_log import AccessLog


def logged(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@contextmanager
def descriptor(number: int) -> Iterator[None]:
    """Standard error leads to that descriptor."""
    before = os.dup(2)
    os.dup2(number, 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def test_lines_are_written_in_order_and_the_last_ones_at_the_close(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "log"))
    for n in range(500):
        log.write(number=n, path="/é\n", cut=None)
    log.close()
    lines = logged(tmp_path / "log")
    assert [line["number"] for line in lines] == list(range(500))
    assert lines[0].keys() == {"time", "number", "path"}


def test_a_log_that_is_copied_and_emptied_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "FLUSH_S", 3600)
    log = AccessLog(str(tmp_path / "log"))
    for n in range(2):
        log.write(number=n)
        log._flush()
        (tmp_path / "copy").write_bytes((tmp_path / "log").read_bytes())
        os.truncate(tmp_path / "log", 0)
        assert [line["number"] for line in logged(tmp_path / "copy")] == [n]
    log.close()


def test_lines_beyond_the_limit_are_dropped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "HELD_LIMIT", 10)
    monkeypatch.setattr(access_log, "FLUSH_S", 3600)
    log = AccessLog(str(tmp_path / "log"))
    for n in range(25):
        log.write(number=n)
    log.close()
    *lines, last = logged(tmp_path / "log")
    assert [line["number"] for line in lines] == list(range(10))
    assert last == {"dropped": 15}


def test_the_lines_of_two_processes_stay_whole_in_a_pipe_that_is_read_slowly() -> None:
    reading, writing = os.pipe()
    with descriptor(writing):
        logs = [AccessLog("on"), AccessLog("on")]  # each has a descriptor of its own, as a process would
    os.close(writing)
    held: list[bytes] = []

    def read() -> None:
        while data := os.read(reading, 1000):
            held.append(data)
            time.sleep(0.0002)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(4_000):
        for log in logs:
            log.write(number=n, path="/" + "x" * (n % 300))
    for log in logs:
        log.close()
    reader.join(60)
    os.close(reading)
    lines = [json.loads(line) for line in b"".join(held).splitlines()]
    assert sorted(line["number"] for line in lines) == sorted([*range(4_000), *range(4_000)])


def test_lines_that_nobody_takes_are_counted_and_leave_no_half_of_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "FLUSH_S", 3600)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with descriptor(writing):
        log = AccessLog("on")
    for n in range(3_000):
        log.write(number=n)
    log._flush()  # the pipe is full before the end
    taken = os.read(reading, 1 << 20)
    log.write(number=-1)
    log.close()
    os.close(writing)
    rest = b""
    while data := os.read(reading, 1 << 20):
        rest += data
    os.close(reading)
    lines = [json.loads(line) for line in (taken + rest).splitlines() if line]
    [dropped] = [line["dropped"] for line in lines if "dropped" in line]
    assert len(lines) - 2 + dropped == 3_000
    assert dropped > 0
    assert lines[-2]["number"] == -1
