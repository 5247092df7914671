"""Quoth beside other SPARQL servers, over the same release and in the same run: `make bench`, or

    python -m tests.bench.compare.compare FOLDER --size 1m --peers quoth,oxigraph,virtuoso

writes a corpus, publishes it, loads the dump into every server that this machine can run, makes sure that all give the
same answers, and measures them in turn, query by query. Results are lines of JSON; report.py makes a report of them.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import documents, load, unchecked
from tests.bench.compare import answers, counted, loading, report
from tests.bench.compare.peers import PEERS, Dump, Server, running
from tests.bench.compare.workload import CONNECTIONS, Query, Subjects, queries, subjects
from tests.bench.measured import Stages, own_mb

from quoth.release.release import Release

SIZES = {"tiny": 2, "100k": 33, "1m": 350, "10m": 3500}
"""Name → articles, at some 2,860 quads each and the 6,000 of the ontology."""
COMPARED = 4
"""For so many subjects of each query all answers are compared."""

Figures = dict[str, Any]


def published(folder: Path, articles: int) -> Release:
    """The release of a corpus of so many articles, which is made in the folder unless it is there."""
    documents.write(folder / "corpus", articles, "contents")
    return unchecked.publish(folder / "corpus", folder / "releases", folder / "kept", Stages())


def dumped(release: Release, folder: Path) -> Dump:
    """The release with its N-Quads in a file that is not compressed."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "claims.nq"
    with release.open_file("claims.nq.gz") as packed, gzip.open(packed) as lines, file.open("wb") as plain:
        shutil.copyfileobj(lines, plain, 1 << 20)
    return Dump(release.path.parent, file, release.manifest.quads)


def requests(server: Server, query: Query, about: Subjects, number: int, *, page: bool) -> Iterator[bytes]:
    """Requests for the query, or for its ``page``; for the same number all servers get the same subjects. No two are
    the same for a cache: queries end with a comment of their own, pages are asked for with an Accept of their own."""
    for count, (text, address) in enumerate(query.filled(about, number, server.peer.name)):
        if page:
            yield (
                f"GET {address} HTTP/1.1\r\nHost: localhost\r\n"
                f"Accept: text/html, application/json, application/x-{number}-{count};q=0.001\r\n\r\n"
            ).encode()
        else:
            yield load.get(server.peer.path, text)


class Series:
    """What one server did with one query, burst by burst."""

    def __init__(self, server: Server, query: Query, page: bool) -> None:
        self.server, self.query, self.page = server, query, page
        self.rates: list[float] = []
        self._latencies: list[float] = []
        self._cpu_s = self._engine_cpu_s = 0.0
        self._failures = 0

    def burst(self, about: Subjects, number: int, seconds: float) -> None:
        """One burst; the first one is for warming up, and is not counted."""
        made = requests(self.server, self.query, about, number, page=self.page)
        before = load.cpu_s(self.server.pid), _engine_cpu_s(self.server)
        burst = load.burst(self.server.port, made, CONNECTIONS[self.query.group], seconds)
        if number:
            self._cpu_s += load.cpu_s(self.server.pid) - before[0]
            self._engine_cpu_s += _engine_cpu_s(self.server) - before[1]
            self.rates.append(burst.rate)
            self._latencies += burst.latencies
            self._failures += burst.failures

    def figures(self) -> Figures:
        """The figures: rates a second by burst, and of all latencies and processor time, in ms, which includes that of
        the ``engine`` that Quoth stands over."""
        asked = max(1, len(self._latencies))
        whole = load.Burst(1.0, self._latencies, self._failures)
        return {
            "query": self.query.name,
            "group": self.query.group,
            "peer": self.server.peer.name,
            "page": self.page,
            "connections": CONNECTIONS[self.query.group],
            "requests": len(self._latencies),
            "failures": self._failures,
            "rates": [round(rate, 2) for rate in self.rates],
            "p50_ms": round(whole.quantile(0.5) * 1000, 3),
            "p99_ms": round(whole.quantile(0.99) * 1000, 3),
            "cpu_ms": round((self._cpu_s + self._engine_cpu_s) / asked * 1000, 3),
            "engine_cpu_ms": round(self._engine_cpu_s / asked * 1000, 3),
        }


_engines: dict[int, int] = {}
"""The process of a Quoth → that of the server that it stands over, whose time is Quoth's, too."""


def _engine_cpu_s(server: Server) -> float:
    engine = _engines.get(server.pid)
    return 0.0 if engine is None else load.cpu_s(engine)


def measure(
    servers: Sequence[Server], about: Subjects, rounds: int, seconds: float, disagreeing: Mapping[str, Sequence[str]]
) -> Iterator[Figures]:
    """Bursts of every query at every server, in turn and round by round, in an order that changes with the round."""
    series = [
        Series(server, query, page)
        for query in queries()
        for server in servers
        for page in (False, True)
        if not page or (server.peer.name == "quoth" and query.page)
        if server.peer.name not in disagreeing.get(query.name, ())
    ]
    for number in range(rounds + 1):
        for query in queries():
            turn = [one for one in series if one.query.name == query.name]
            random.Random(f"{query.name} {number}").shuffle(turn)
            for one in turn:
                one.burst(about, number, seconds)
    yield from (one.figures() for one in series)


def run(
    folder: Path, size: str, names: Sequence[str], rounds: int, seconds: float, loads: int = 0
) -> Iterator[Figures]:
    """Everything, as lines of results; each server loads the dump once, and ``loads`` times more in turn with the
    others and Quoth."""
    release = published(folder / size, SIZES[size])
    dump = dumped(release, folder / size / "dump")
    about = subjects(release.store_path)
    shutil.rmtree(folder / size / "peers", ignore_errors=True)
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        for name in names:
            peer = PEERS[name]
            why = peer.missing() or ("it is too slow for so many quads" if dump.quads > peer.most else "")
            if not why and peer.over and peer.over not in servers:
                why = f"{PEERS[peer.over].label} is not there"
            if why:
                yield {"step": "left out", "peer": name, "why": why}
                continue
            engine = servers[peer.over] if peer.over else None
            url = engine.as_engine(peer.dialect) if engine else ""
            try:
                server = stack.enter_context(running(peer, dump, folder / size / "peers" / name, url))
            except SystemExit as error:  # one that does not start here does not end the others
                yield {"step": "left out", "peer": name, "why": str(error)[-300:]}
                continue
            servers[name] = server
            if engine:
                _engines[server.pid] = engine.pid
            elif not name.startswith("quoth"):
                yield {"step": "load", "peer": name, "quads": dump.quads, **server.loading}
        disagreeing = {}
        for query in queries():
            wrong = answers.disagreeing(list(servers.values()), query, about, COMPARED)
            disagreeing[query.name] = wrong
            yield {"step": "answers", "query": query.name, "compared": len(servers), "wrong": wrong}
        for figures in measure(list(servers.values()), about, rounds, seconds, disagreeing):
            yield {"step": "query", **figures}
        for name, server in servers.items():
            yield {"step": "memory", "peer": name, "own_mb": round(own_mb(server.pid), 1)}
    yield from ({"step": "counted", **figures} for figures in counted.measure(release, about))
    others = [name for name in servers if not name.startswith("quoth")]
    here = folder / size
    yield from loading.loads(dump, here / "corpus", here / "kept", here / "loading", others, loads)


def main() -> None:
    """Compare from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the corpus and the stores are made")
    parser.add_argument("--size", choices=SIZES, default="100k")
    parser.add_argument("--peers", default=",".join(PEERS), help="with commas")
    parser.add_argument("--rounds", type=int, default=8, help="bursts of each server with each query")
    parser.add_argument("--seconds", type=float, default=0.4, help="length of a burst")
    parser.add_argument("--loads", type=int, default=2, help="loads of each server beside the first, and of Quoth")
    parser.add_argument("--results", type=Path, help="folder of compare.jsonl and of the report; else FOLDER/results")
    given = parser.parse_args()
    names = [name for name in PEERS if name in given.peers.split(",")]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    machine = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit, "cores": os.cpu_count()}
    results = given.results or given.folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    file = results / "compare.jsonl"
    before = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
    lines = [line for line in before if json.loads(line)["size"] != given.size]
    began = time.perf_counter()
    for figures in run(given.folder, given.size, names, given.rounds, given.seconds, given.loads):
        line = {"size": given.size, **figures, **machine, "load": round(os.getloadavg()[0], 1)}
        lines.append(json.dumps(line) + "\n")
        print(f"{time.perf_counter() - began:6.0f} s {json.dumps(figures)}", file=sys.stderr)
    file.write_text("".join(lines), "utf-8")
    print(report.write(file, results / "compare"))


if __name__ == "__main__":
    main()
