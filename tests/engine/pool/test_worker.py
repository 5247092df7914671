"""A worker has no network, whatever its query, and ends with whoever holds it."""

import gc
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from quoth.engine.pool.worker_handle import WorkerHandle

QUERY = "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"

linux = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"),
    reason="only the kernel of Linux refuses sockets",
)


@contextmanager
def process(store_path: Path, *, network: bool) -> Iterator[WorkerHandle]:
    worker = WorkerHandle({"store": str(store_path), "memory_mb": 1024, "prefixes": {}, "network": network})
    try:
        assert worker.check_ready(15)
        yield worker
    finally:
        worker.close()
        worker.exit_code(5)


def reached(worker: WorkerHandle) -> tuple[bool, str]:
    """Whether a query that no filter has seen gets as far as a server, and what the process says of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        request: dict[str, Any] = {
            "text": QUERY.format(port=server.getsockname()[1]),
            "default_graphs": [],
            "named_graphs": [],
            "base_iri": None,
            "wanted": {"solutions": "json", "boolean": "json", "graph": "turtle"},
            "size_limit": None,
            "row_limit": None,
            "until": time.monotonic() + 5,
        }
        worker.send(json.dumps(request).encode() + b"\n")
        try:
            server.accept()[0].close()
            reachable = True
        except TimeoutError:
            reachable = False
        frames = worker.read()
        assert frames
        kind, payload = frames[-1]
        return reachable, json.loads(payload)["detail"] if kind == b"X" else ""


@linux
def test_a_worker_cannot_open_sockets(store_path: Path) -> None:
    with process(store_path, network=False) as worker:
        reachable, said = reached(worker)
    assert not reachable
    assert "ermission denied" in said


def test_the_network_can_be_allowed_by_the_operator(store_path: Path) -> None:
    with process(store_path, network=True) as worker:
        assert reached(worker)[0]


@pytest.mark.parametrize("closed", [True, False])
def test_a_process_that_nobody_holds_is_ended_and_waited_for(store_path: Path, closed: bool) -> None:
    worker = WorkerHandle({"store": str(store_path), "memory_mb": 1024, "prefixes": {}, "network": False})
    pid = worker.pid
    os.kill(pid, 0)
    if closed:
        worker.close()
    del worker
    gc.collect()
    with pytest.raises(ProcessLookupError):  # a zombie would still be found
        os.kill(pid, 0)
