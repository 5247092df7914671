"""How long the document of an entity takes that very many claims are about, against one that a few are about.

    python -m tests.bench.degree /tmp/degree --claims 100000

builds a corpus in which so many claims are about one entity and ten about another, serves it, and measures the first
page of each document and the last of the long one, uncached: each request has a parameter of its own.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
from tests.bench.corpus import BASE, iri, quads

from quoth.claim.model.namespaces import QUOTH, RDF, RDFS
from quoth.claim.rules import publication
from quoth.release.publish import publish

MANY, FEW = "org/in-very-many-claims", "org/in-ten-claims"
FEW_CLAIMS = 10
ROUND_ABOUT = 2_000
"""Whole claims about other entities."""

ROUNDS = 15
ACCEPT = {"Turtle": "text/turtle", "TriG": "application/trig", "JSON-LD": "application/ld+json", "HTML": "text/html"}


def corpus(claims: int) -> Iterator[ox.Quad]:
    """A synthetic corpus with two entities more, and short claims about them: no more than a link needs."""
    yield from quads(ROUND_ABOUT)
    for name in (MANY, FEW):
        yield ox.Quad(iri(f"id/{name}"), RDF.type, ox.NamedNode("http://www.w3.org/ns/org#Organization"))
        yield ox.Quad(iri(f"id/{name}"), RDFS.label, ox.Literal(name.replace("-", " "), language="en"))
    for number in range(claims):
        path = f"id/claim/short/claim-{number}"
        content = iri(f"{path}#content")
        yield ox.Quad(iri(path), RDF.type, QUOTH.Claim)
        yield ox.Quad(iri(path), RDFS.label, ox.Literal(f"Somebody says so for the {number}th time.", language="en"))
        yield ox.Quad(iri(path), QUOTH.content, content)
        for name in (MANY, *([FEW] if number < FEW_CLAIMS else [])):
            yield ox.Quad(iri(f"{path}#situation"), QUOTH.receiver, iri(f"id/{name}"), content)


def asked(port: int, target: str, accept: str) -> tuple[float, int]:
    """Milliseconds until the response was read, and its length in bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    started = time.perf_counter()
    connection.request("GET", target, headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    took = (time.perf_counter() - started) * 1000
    connection.close()
    assert response.status == 200, (target, response.status, body[:500])
    return took, len(body)


def main() -> None:
    """Build, serve, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=100_000)
    given = parser.parse_args()
    releases = given.folder / "releases"
    if not (releases / "current").is_symlink():
        started = time.perf_counter()
        release = publish(
            publication.published_quads(corpus(given.claims), BASE),
            releases=releases,
            base=BASE,
            report_ttl="",
            report_json="{}",
        )
        print(f"published {release.manifest.quads:,} quads in {time.perf_counter() - started:.0f} s")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "QUOTH_ACCESS_LOG": "off"}
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    command += ["--releases", str(releases), "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            measure(port, given.claims)
        finally:
            server.terminate()


def measure(port: int, claims: int) -> None:
    """Print the median of each sort of request."""
    last = -(-claims // 100)
    print(f"{'':34}" + "".join(f"{name:>10}" for name in ACCEPT))
    for label, target in (
        (f"in {FEW_CLAIMS} claims", f"/doc/{FEW}?x="),
        (f"in {claims:,} claims, first page", f"/doc/{MANY}?x="),
        ("  page 2", f"/doc/{MANY}?page=2&x="),
        (f"  page {last:,}, the last", f"/doc/{MANY}?page={last}&x="),
    ):
        row = []
        for accept in ACCEPT.values():
            first = asked(port, f"{target}first-{accept}", accept)[0]
            took = [asked(port, f"{target}{n}-{accept}", accept)[0] for n in range(ROUNDS)]
            row.append(f"{statistics.median(took):.1f} ms" + ("" if first < 500 else "*"))
        print(f"{label:34}" + "".join(f"{cell:>10}" for cell in row))


if __name__ == "__main__":
    main()
