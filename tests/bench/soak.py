"""Ten minutes of good, bad and hostile traffic at once: `python -m tests.bench.soak --minutes 10`.

A real server over the fictional article is asked by several threads. In the end a table says what it used in each
fifth of the time, and the exit code is 1 if

- the median memory of its processes in the last fifth is more than TOLERANCE above that in the second (the first is
  for caches to fill and threads to start), or open files or threads are,
- an answer had another status than is allowed for its kind, or a good request failed,
- the server ended, is not ready at the end, or holds more processes for queries than it may, or fewer than one.
"""

import argparse
import http.client
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ..serving import BOMB, ENDLESS, Server, children, serving

DIRECT = "application/sparql-query"
BASE = "http://localhost:8000/"
CORPUS = Path(__file__).parents[1] / "corpus"
TOLERANCE = 0.10
"""Growth of memory, files or threads that is noise: allocators keep what they had at a peak."""

SLACK = {"server MB": 8, "files": 20, "threads": 4}
WORKERS, LONG = 4, 2
ATTACKERS = 200, 201
"""Addresses that all hostile requests come from, and all clients that leave: the others are to get their share."""
EVERY_S = 1.0
CLAIMS = "SELECT ?c ?l { ?c a <https://w3id.org/quoth/ns#Claim> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
PAGES = ["/", "/doc/claim/harbour/no-ties", "/doc/claim/harbour/no-ties.ttl", "/ns.ttl", "/queries", "/guide/errors"]
FORMATS = ["json", "xml", "csv", "tsv", "html"]
MEMORY_HOG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


class Traffic:
    """Counts of requests, and answers that should not have been."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.stop = threading.Event()
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def note(self, kind: str, status: int | str, allowed: tuple[int | str, ...], what: str) -> None:
        with self._lock:
            self.counts[f"{kind} {status}"] += 1
            if status not in allowed:
                self.wrong.append(f"{kind}: {status} for {what[:400]!r}")

    def ask(
        self, kind: str, target: str, allowed: tuple[int | str, ...], *, client: int, method: str = "GET",
        body: bytes | None = None, timeout_s: float = 30, **headers: str,
    ) -> None:  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout_s)
        fields = {"X-Forwarded-For": f"192.0.2.{client}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        status: int | str = 0
        try:
            connection.request(method, target, body, fields)
            response = connection.getresponse()
            status = response.status
            data = response.read()
            if b"Traceback (most recent" in data:
                status = "traceback"
            if response.status >= 500:
                target = f"{data[-300:].decode(errors='replace')} {target}"
            if status == 503 and not response.getheader("Retry-After"):
                status = "503 without Retry-After"
        except http.client.IncompleteRead:
            status = "cut"
        except TimeoutError:
            status = "hangs"
        except (OSError, http.client.HTTPException):
            status = "reset"
        finally:
            connection.close()
        self.note(kind, status, allowed, target)


def good(t: Traffic, dice: random.Random, client: int) -> None:
    match dice.randrange(4):
        case 0:
            t.ask("good", dice.choice(PAGES), (200,), client=client, Accept_Encoding=dice.choice(["", "gzip", "br"]))
        case 1:
            query = f"{CLAIMS} LIMIT {dice.randrange(1, 30)} # {dice.random()}"
            t.ask("good", f"/sparql?format={dice.choice(FORMATS)}&query={quote(query)}", (200,), client=client)
        case 2:
            t.ask(
                "good", f"/queries/quotations-in-text-order?containing={dice.choice('abcdef')}", (200,), client=client
            )
        case 3:
            body = f"CONSTRUCT WHERE {{ ?s ?p ?o }} LIMIT {dice.randrange(500)}".encode()
            t.ask("good", "/sparql", (200,), client=client, method="POST", body=body,
                  Content_Type=DIRECT)  # fmt: skip
    time.sleep(0.01)


def bad(t: Traffic, dice: random.Random, client: int) -> None:
    deep = "(" * dice.randrange(200, 20_000)
    where, allowed, more = dice.choice(
        [
            ("/sparql?query=SELEC", (400,), {}),
            ("/doc/" + quote(dice.randbytes(9)), (404,), {}),
            ("/sparql?query=ASK%7B%7D", (406,), {"Accept": "image/png"}),
            ("/sparql?query=CLEAR%20ALL", (400,), {}),
            ("/sparql", (405,), {"method": "PUT", "body": b"x"}),
            ("/sparql", (413, "reset"), {"method": "POST", "body": b"x" * 2_000_000, "Content_Type": DIRECT}),
            ("/sparql", (415,), {"method": "POST", "body": b"x", "Content_Type": "text/csv"}),
            ("/?" + "x" * 70_000, (414,), {}),
            ("/", (200, 400, 431), {"X": "y" * 60_000}),
            ("/sparql", (400,), {"method": "POST", "body": b"ASK { FILTER" + deep.encode(),
                                 "Content_Type": DIRECT}),
            ("/queries/nothing", (404,), {}),
            (f"/sparql?query=ASK%7BFILTER(1%3C{'(' * 20_000}1{')' * 20_000}%26%262%3E1)%7D", (400,), {}),
        ]
    )  # fmt: skip
    t.ask("bad", where, allowed, client=client, **more)  # type: ignore[arg-type]
    if dice.random() < 0.3:
        raw(t, dice.randbytes(dice.randrange(1, 4000)) + b"\r\n\r\n")
    time.sleep(0.02)


def raw(t: Traffic, data: bytes) -> None:
    """Bytes that are no HTTP: 400 or the end of the connection, and never a wait."""
    try:
        with socket.create_connection(("127.0.0.1", t.server.port), 25) as connection:
            connection.sendall(data)
            got = connection.recv(4096)
            t.note("raw", got[9:12].decode() if got else "ended", ("400", "ended"), repr(data[:40]))
    except TimeoutError:
        # The server waits, up to its limit on heads, for bytes that could still become a request.
        t.note("raw", "waits", ("waits",), repr(data[:40]))
    except OSError:
        t.note("raw", "reset", ("reset",), "")


def hostile(t: Traffic, dice: random.Random, client: int) -> None:
    """Bombs are told so at their deadline, or that everything is busy."""
    query = dice.choice([BOMB, MEMORY_HOG, ENDLESS]) + f" # {dice.random()}"
    t.ask("hostile", f"/sparql?format=tsv&query={quote(query)}", (503, "cut"), client=ATTACKERS[0])


def leaving(t: Traffic, dice: random.Random, client: int) -> None:
    """Clients that leave before or within an answer, and that read slowly or send half a request."""
    how = dice.randrange(4)
    try:
        with socket.create_connection(("127.0.0.1", t.server.port), 10) as connection:
            if how == 3:
                connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nquery=")
            else:
                target = f"/sparql?format=tsv&query={quote(ENDLESS)}%23{dice.random()}"
                head = f"GET {target} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.{ATTACKERS[1]}\r\n\r\n"
                connection.sendall(head.encode())
            time.sleep(dice.random())
            for _ in range((0, 1, 20, 0)[how]):
                connection.recv(2048)
                time.sleep(0.05)
    except OSError:
        pass
    t.note("leaving", ("at once", "after a byte", "slow", "half a request")[how],
           ("at once", "after a byte", "slow", "half a request"), "")  # fmt: skip


def drive(t: Traffic, act: Callable[[Traffic, random.Random, int], None], number: int) -> None:
    dice = random.Random(number)
    while not t.stop.is_set():
        act(t, dice, number)


def status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def sample(server: Server) -> dict[str, float]:
    """The use of memory and files, now, of the process that serves, and the largest of its workers."""
    [pid] = children(server.process.pid)
    workers = server.processes()
    memory = 0
    for worker in workers:
        try:
            memory = max(memory, status(worker, "VmRSS"))
        except OSError:
            continue
    figures = {}
    for line in server.get("/metrics")[2].decode().splitlines():
        if line.startswith(("quoth_queries_running ", "quoth_queries_waiting ", "quoth_cache_bytes ")):
            figures[line.split()[0].removeprefix("quoth_")] = float(line.split()[1])
    return {
        "server MB": status(pid, "VmRSS") / 1024,
        "files": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "threads": status(pid, "Threads"),
        "workers": len(workers),
        "largest worker MB": memory / 1024,
        "running": figures["queries_running"],
        "waiting": figures["queries_waiting"],
        "cache MB": figures["cache_bytes"] / 2**20,
    }


def release(folder: Path) -> Path:
    report, quads = check.check([CORPUS / "harbour.yaml"], BASE, Texts(CORPUS))
    assert report.conforms
    publish(publication.published_quads(quads, BASE), releases=folder, base=BASE, report_ttl="", report_json="{}")
    return folder


def run(minutes: float) -> int:
    with tempfile.TemporaryDirectory() as folder, serving(
        release(Path(folder)), access_log="off", trusted_proxies="127.0.0.1", query_time_limit_s=5,
        query_delivery_limit_s=5, query_memory_mb=600, cache_mb=2, query_workers=WORKERS, query_long_workers=LONG,
    ) as server:  # fmt: skip
        traffic = Traffic(server)
        acts = [good, good, good, bad, bad, hostile, hostile, hostile, leaving, leaving]
        threads = [threading.Thread(target=drive, args=(traffic, act, n)) for n, act in enumerate(acts, 1)]
        for thread in threads:
            thread.start()
        samples: list[dict[str, float]] = []
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until and server.process.poll() is None:
            time.sleep(EVERY_S)
            samples.append(sample(server))
        traffic.stop.set()
        for thread in threads:
            thread.join(60)
        alive = server.process.poll() is None
        time.sleep(3)
        ready = server.get("/ready")[0] if alive else 0
        left = sample(server) if alive else {}
    return told(traffic, samples, ready, left)


def medians_of_fifths(samples: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """For each fifth of the time the median of each measure."""
    fifth = max(1, len(samples) // 5)
    parts = [samples[n * fifth : (n + 1) * fifth] for n in range(5)]
    return [{name: statistics.median(s[name] for s in part) for name in part[0]} for part in parts if part]


def told(traffic: Traffic, samples: list[dict[str, float]], ready: int, left: dict[str, float]) -> int:
    """Print the table and what is wrong: the exit code."""
    medians = medians_of_fifths(samples)
    print(f"{'median in each fifth':24}" + "".join(f"{n:>10}" for n in range(1, len(medians) + 1)) + f"{'after':>10}")
    for name in medians[0]:
        print(f"{name:24}" + "".join(f"{m[name]:10.1f}" for m in medians) + f"{left.get(name, 0):10.1f}")
    for what, count in sorted(traffic.counts.items()):
        print(f"{what:40} {count:8}")
    wrong = list(dict.fromkeys(traffic.wrong))[:20]
    for name, slack in SLACK.items():
        second, last = medians[1][name], medians[-1][name]
        if last > second * (1 + TOLERANCE) + slack:
            wrong.append(f"{name} grew from {second:.1f} to {last:.1f}")
    if max(s["workers"] for s in samples) > 2 * (WORKERS + LONG):
        wrong.append(f"there were {max(s['workers'] for s in samples):.0f} processes for queries")
    if not 1 <= left.get("workers", 0) <= WORKERS:
        wrong.append(f"{left.get('workers', 0):.0f} processes for queries are left")
    if left.get("running") or left.get("waiting"):
        wrong.append("queries still run though nobody asks")
    if ready != 200:
        wrong.append("the server is not ready")
    print("\n".join(wrong) or "all well")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    sys.exit(run(parser.parse_args().minutes))


if __name__ == "__main__":
    main()
