"""Latencies of light queries and pages beside bombs, and how late after their deadline bombs end.

    python tests/bench/isolation.py RELEASES [--connections 8] [--seconds 4] [--limit 4]

Serves the current release of that directory and asks it: light queries on idle machines, then beside two bombs; then
four bombs at once. All from one address, so what a client can do to itself is in the figures.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

PORT = 8460
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TARGETS = {
    "light": [f"/sparql?query={quote('SELECT ?o { ?s ?p ?o } LIMIT 5 OFFSET ' + str(n))}" for n in range(500)],
    "page": ["/doc/claim/harbour/no-ties.ttl", "/doc/claim/harbour/ferry-late.ttl"],
}


def get(connection: http.client.HTTPConnection, target: str) -> int:
    connection.request("GET", target)
    response = connection.getresponse()
    response.read()
    return response.status


def burst(targets: list[str], connections: int, seconds: float) -> tuple[list[float], int]:
    """The times of the requests that succeeded, and how many did not."""
    times: list[float] = []
    failures = 0
    end = time.monotonic() + seconds

    def work(number: int) -> None:
        nonlocal failures
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        i = number
        while time.monotonic() < end:
            started = time.monotonic()
            status = get(connection, targets[i % len(targets)])
            times.append(time.monotonic() - started)
            failures += status != 200
            i += connections
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, failures


def told(name: str, result: tuple[list[float], int], seconds: float) -> float:
    times, failures = sorted(result[0]), result[1]
    p99 = times[len(times) * 99 // 100]
    median = statistics.median(times)
    print(
        f"{name:28} {len(times) / seconds:7.0f}/s  median {median * 1e3:7.2f} ms  p99 {p99 * 1e3:7.2f} ms"
        f"  max {times[-1] * 1e3:7.2f} ms  failed {failures}"
    )
    return p99


def bomb(_: int = 0) -> tuple[int, float]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    started = time.monotonic()
    status = get(connection, f"/sparql?query={quote(BOMB)}")
    connection.close()
    return status, time.monotonic() - started


def beside_bombs(work: Callable[[], tuple[list[float], int]]) -> tuple[list[float], int]:
    with ThreadPoolExecutor(2) as threads:
        bombs = [threads.submit(bomb) for _ in range(2)]
        time.sleep(1)
        result = work()
        assert not any(b.done() for b in bombs), "the bombs ended first: give a longer --limit"
        for one in bombs:
            one.result()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--limit", type=float, default=7)
    given = parser.parse_args()
    environment = {
        **os.environ,
        "QUOTH_RELEASES": str(given.releases),
        "QUOTH_PORT": str(PORT),
        "QUOTH_QUERY_TIME_LIMIT_S": str(given.limit),
    }
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            while True:
                try:
                    get(http.client.HTTPConnection("127.0.0.1", PORT, timeout=5), "/")
                    break
                except OSError:
                    time.sleep(0.1)
            for name, targets in TARGETS.items():

                def work(targets: list[str] = targets) -> tuple[list[float], int]:
                    return burst(targets, given.connections, given.seconds)

                work()
                idle = told(f"{name}, idle", work(), given.seconds)
                beside = told(f"{name}, beside two bombs", beside_bombs(work), given.seconds)
                print(f"{name}: p99 beside two bombs is {beside / idle:.2f} x idle")
            with ThreadPoolExecutor(4) as threads:
                ends = list(threads.map(bomb, range(4)))
            late = max(took for _, took in ends) - given.limit
            print(f"four bombs: {[s for s, _ in ends]}, the last {late:+.3f} s from its deadline of {given.limit:g} s")
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
