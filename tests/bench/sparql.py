"""The shortest query, caches and bombs: Quoth's SPARQL endpoint beside `oxigraph serve-read-only`, over the same files.

Each scenario is measured in short bursts that alternate between the two servers, and what is reported is the ratio of
the medians: what else the machine does then hits both alike. See README.md.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests import nginx
from tests.bench import corpus, load
from tests.serving import free_port

from quoth.release.release import Release

PREFIXES = """PREFIX quoth: <https://w3id.org/quoth/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""
TRIVIAL = ("ASK {}",)
PAGES = tuple(
    PREFIXES + text
    for text in (
        "SELECT ?p ?o ?label { <{claim}> ?p ?o OPTIONAL { ?o rdfs:label ?label } }",
        "SELECT ?s ?p { ?s ?p <{entity}> } LIMIT 100",
        "SELECT ?level ?act ?source ?label { <{claim}> quoth:attribution/quoth:within* ?level . "
        "?level quoth:speechAct ?act ; quoth:source ?source . ?source rdfs:label ?label }",
        "SELECT ?claim ?label { ?claim schema:about <{entity}> ; rdfs:label ?label } ORDER BY ?claim LIMIT 50",
        "SELECT ?s ?p ?o ?label { GRAPH <{claim}#content> { ?s ?p ?o } OPTIONAL { ?o rdfs:label ?label } }",
    )
)
BOMBS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a LIMIT 10",
)
VARIETY = 500
"""How many claims and entities the queries of a burst are about."""


@dataclass(frozen=True)
class Server:
    """One of the two: its port and the path of its endpoint."""

    name: str
    port: int
    path: str
    pid: int = 0


def fresh(templates: Sequence[str], server: Server, claims: int) -> Iterator[bytes]:
    """Requests of which no two are the same, so that none can be answered from a cache."""
    yield from (
        load.get(server.path, f"{query}\n#{n}") for n, query in enumerate(queries(templates, claims, time.time_ns()))
    )


def repeated(templates: Sequence[str], server: Server, claims: int) -> Iterator[bytes]:
    """The same few hundred requests again and again."""
    some = list(itertools.islice(queries(templates, claims, 1), VARIETY if len(templates) > 1 else 1))
    return itertools.cycle([load.get(server.path, query) for query in some])


def queries(templates: Sequence[str], claims: int, seed: int) -> Iterator[str]:
    """Queries from the templates, about claims and entities drawn at random."""
    chance = random.Random(seed)
    while True:
        for template in templates:
            claim, entity = chance.randrange(claims), chance.randrange(corpus.entities(claims))
            yield template.replace("{claim}", corpus.BASE + corpus.claim(claim)).replace(
                "{entity}", corpus.BASE + corpus.entity(entity)
            )


@dataclass
class Scenario:
    """A query, the number of connections, and the ratio of rates that Quoth is to reach."""

    name: str
    templates: Sequence[str]
    cached: bool
    connections: int
    target: float


SCENARIOS = (
    Scenario("trivial", TRIVIAL, False, 32, 0.3),
    Scenario("trivial, repeated", TRIVIAL, True, 32, 1.0),
    Scenario("page-like, repeated", PAGES, True, 32, 4.0),
)


def compare(
    scenario: Scenario, servers: tuple[Server, Server], claims: int, rounds: int, seconds: float
) -> dict[str, object]:
    """Rates of Quoth and of Oxigraph: the medians of interleaved bursts, and their ratio."""
    make = repeated if scenario.cached else fresh
    bursts: dict[str, list[load.Burst]] = {s.name: [] for s in servers}
    for server in servers:
        load.burst(server.port, make(scenario.templates, server, claims), scenario.connections, min(1.0, seconds))
    cpu: dict[str, list[float]] = {s.name: [] for s in servers}
    for _ in range(rounds):
        for server in servers:
            requests = make(scenario.templates, server, claims)
            before = load.cpu_s(server.pid)
            burst = load.burst(server.port, requests, scenario.connections, seconds)
            bursts[server.name].append(burst)
            cpu[server.name].append((load.cpu_s(server.pid) - before) / max(1, len(burst.latencies)) * 1e6)
    ours, theirs = (load.median([b.rate for b in bursts[s.name]]) for s in servers)
    p99 = [load.median([b.quantile(0.99) for b in bursts[s.name]]) * 1000 for s in servers]
    return {
        "scenario": scenario.name,
        "connections": scenario.connections,
        "quoth_per_s": round(ours),
        "oxigraph_per_s": round(theirs),
        "ratio": round(ours / theirs, 3),
        "target": scenario.target,
        "quoth_cpu_us": round(load.median(cpu[servers[0].name])),
        "oxigraph_cpu_us": round(load.median(cpu[servers[1].name])),
        "quoth_p99_ms": round(p99[0], 2),
        "oxigraph_p99_ms": round(p99[1], 2),
        "quoth_failures": sum(b.failures for b in bursts[servers[0].name]),
        "reached": ours / theirs >= scenario.target,
    }


def besides_bombs(server: Server, claims: int, seconds: float, limit_s: float) -> dict[str, object]:
    """Light queries' p99 alone and beside two bombs, and how late the bombs were answered."""
    connections = 4

    def light(seconds: float) -> load.Burst:
        return load.burst(server.port, fresh(TRIVIAL + PAGES[:1], server, claims), connections, seconds)

    light(1.0)
    idle = [light(seconds) for _ in range(3)]
    stop = threading.Event()
    late: list[float] = []
    statuses: list[int] = []

    def bomb(text: str) -> None:
        while not stop.is_set():
            start = time.perf_counter()
            status = ask(server, f"{text}\n#{time.time_ns()}")
            late.append(time.perf_counter() - start - limit_s)
            statuses.append(status)

    threads = [threading.Thread(target=bomb, args=(text,)) for text in BOMBS]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    beside = [light(seconds) for _ in range(max(3, int(2 * limit_s / seconds)))]
    stop.set()
    for thread in threads:
        thread.join()
    before, during = (load.median([b.quantile(0.99) for b in bursts]) for bursts in (idle, beside))
    return {
        "scenario": "light queries beside two bombs",
        "connections": connections,
        "idle_p99_ms": round(before * 1000, 2),
        "beside_p99_ms": round(during * 1000, 2),
        "ratio": round(during / before, 2),
        "target": 3.0,
        "failures": sum(b.failures for b in beside),
        "idle_per_s": round(load.median([b.rate for b in idle])),
        "beside_per_s": round(load.median([b.rate for b in beside])),
        "bombs": len(late),
        "bomb_statuses": sorted(set(statuses)),
        "bomb_latest_s": round(max(late), 3),
        "reached": during / before <= 3 and not any(b.failures for b in beside) and max(late) <= 0.5,
    }


def behind_nginx(server: Server, claims: int, seconds: float) -> dict[str, object]:
    """What nginx answers by itself, with the configuration of the guide: its hits, and the processor time of one, that
    of all processes of nginx and of Quoth."""
    with (
        tempfile.TemporaryDirectory(prefix="quoth-nginx-") as folder,
        nginx.proxied(Path(folder), server.port) as proxy,
    ):
        proxied = replace(server, name="nginx", port=proxy.port, pid=proxy.process.pid)
        load.burst(proxied.port, repeated(PAGES, proxied, claims), 32, 2.0)
        before = [load.cpu_s(pid) for pid in (proxied.pid, server.pid)]
        burst = load.burst(proxied.port, repeated(PAGES, proxied, claims), 32, seconds * 3)
        spent = [load.cpu_s(pid) - cpu_s for pid, cpu_s in zip((proxied.pid, server.pid), before, strict=True)]
    nginx_us, quoth_us = (round(cpu_s / len(burst.latencies) * 1e6, 1) for cpu_s in spent)
    return {
        "scenario": "page-like, repeated, behind nginx",
        "connections": 32,
        "per_s": round(burst.rate),
        "nginx_cpu_us": nginx_us,
        "quoth_cpu_us": quoth_us,
        "failures": burst.failures,
        "reached": not burst.failures,
    }


def ask(server: Server, query: str) -> int:
    """The status of one query on a connection of its own; 0 if the connection breaks."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
        connection.sendall(load.get(server.path, query, Connection="close"))
        held = b""
        while data := connection.recv(65536):
            held += data
    return int(held[9:12]) if len(held) > 12 else 0


@contextmanager
def running(command: Sequence[str], server: Server, environment: dict[str, str]) -> Iterator[int]:
    """A server for as long as the context lasts: its process id."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                if ask(server, "ASK {}") == 200:
                    break
            except OSError:
                pass
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{server.name} does not start: {' '.join(command)}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def run(release: Release, settings: dict[str, str], rounds: int, seconds: float, only: str) -> list[dict[str, object]]:
    """Every scenario, printed as it is done."""
    ours = Server("quoth", free_port(), "/sparql")
    theirs = Server("oxigraph", free_port(), "/query")
    quoth = [sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    oxigraph = [shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph")), "serve-read-only"]
    oxigraph += ["-l", str(release.store_path), "-b", f"127.0.0.1:{theirs.port}"]
    environment = {
        "QUOTH_RELEASES": str(release.path.parent),
        "QUOTH_PORT": str(ours.port),
        "QUOTH_QUERY_TIME_LIMIT_S": "4",
        **settings,
    }
    claims = release.manifest.claims
    results: list[dict[str, object]] = []
    with ExitStack() as stack:
        ours = replace(ours, pid=stack.enter_context(running(quoth, ours, environment)))
        theirs = replace(theirs, pid=stack.enter_context(running(oxigraph, theirs, {})))
        for scenario in SCENARIOS:
            if only in scenario.name:
                results.append(compare(scenario, (ours, theirs), claims, rounds, seconds))
                print(json.dumps(results[-1]), flush=True)
        if only in "nginx":
            results.append(behind_nginx(ours, claims, seconds))
            print(json.dumps(results[-1]), flush=True)
        if only in "bombs":
            limit_s = float(environment["QUOTH_QUERY_TIME_LIMIT_S"])
            results.append(besides_bombs(ours, claims, seconds, limit_s))
            print(json.dumps(results[-1]), flush=True)
    return results


def main() -> None:
    """The benchmark from the command line; exit code 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=200_000, help="size of the corpus, roughly")
    parser.add_argument("--releases", type=Path, help="keep the corpus there, for the next run")
    parser.add_argument("--rounds", type=int, default=5, help="bursts of each server")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a burst")
    parser.add_argument("--only", default="", help="scenarios whose name contains this (or: nginx, bombs)")
    parser.add_argument("--set", action="append", default=[], metavar="QUOTH_X=Y", help="a setting for Quoth")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoth-bench-") as temporary:
        release = corpus.build(given.releases or Path(temporary), max(1, given.quads // corpus.QUADS_A_CLAIM))
        print(json.dumps({"quads": release.manifest.quads, "claims": release.manifest.claims, "cores": os.cpu_count()}))
        settings = dict(pair.split("=", 1) for pair in given.set)
        results = run(release, settings, given.rounds, given.seconds, given.only)
    sys.exit(0 if all(result["reached"] for result in results) else 1)


if __name__ == "__main__":
    main()
