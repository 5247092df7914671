"""A reader's walk over the releases of any corpus: each page, list, search, question and file once, uncached.

`python -m tests.bench.walk RELEASES` prints a line for each kind: how many requests, the median, the 95th percentile
and the most of the server's processor time (ms), the 95th percentile of the time until the response was read, the most
bytes, and what was not 200. Processor time is what the server itself needs, whatever else the machine does.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

from tests.bench.load import family
from tests.bench.measured import own_mb
from tests.serving import Server, serving

from quoth.sparql import named_queries

SOURCES, SAMPLE, PAGES = 100, 25, 40
LISTS = (
    *("/", "/articles", "/sources", "/entities", "/topics", "/changes", "/releases", "/queries", "/claims"),
    *("/claims?page=40", "/claims?voice=reported", "/claims?speechAct=criticised", "/claims?published-from=2016-09"),
    *("/claims?q=poll", "/claims.json?page=3", "/claims.ttl", "/changes.atom", "/changes.feed", "/search.atom?q=poll"),
    *(
        "/articles.json",
        "/articles.csv",
        "/sources.csv",
        "/entities.csv",
        "/catalog",
        "/.well-known/void",
        "/sitemap.xml",
    ),
)
FILES = ("/claims.csv", "/claims.nq", "/releases/{n}/claims.trig", "/releases/{n}/claims.nq")
SUFFIXES = ("ttl", "jsonld", "nq", "trig")


@dataclass
class Kind:
    """The requests of a kind: milliseconds of processors and of the clock, bytes, and the targets that were not 200."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    size: int = 0
    slowest: str = ""
    failed: list[str] = field(default_factory=list)

    def add(self, target: str, cpu: float, wall: float, size: int, status: int) -> None:
        """Count a response."""
        self.slowest = target if cpu > max(self.cpu, default=0) else self.slowest
        self.cpu.append(round(cpu, 1))
        self.wall.append(round(wall, 1))
        self.size = max(self.size, size)
        self.failed += [f"{status} {target}"] if status != 200 else []

    def figures(self) -> dict[str, object]:
        """The line of this kind."""
        cpu, wall = sorted(self.cpu), sorted(self.wall)
        late = int(0.95 * len(cpu) - 0.001)
        return {
            "requests": len(cpu),
            "cpu_median_ms": cpu[len(cpu) // 2],
            "cpu_p95_ms": cpu[late],
            "cpu_most_ms": cpu[-1],
            "p95_ms": wall[late],
            "most_kb": round(self.size / 1024, 1),
            "slowest": self.slowest,
            "not_200": self.failed[:5],
        }


def _cpu_ms(pid: int) -> float:
    """The time of processors that a process and all that descend from it have used, in ms; by the scheduler's count."""
    files = (f for member in family(pid) for f in Path(f"/proc/{member}/task").glob("*/schedstat"))
    total = 0
    for file in files:
        try:
            total += int(file.read_text().split()[0])
        except OSError:
            continue
    return total / 1e6


def _listed(server: Server, name: str, most: int) -> list[dict[str, object]]:
    """The things of a list, page by page."""
    things: list[dict[str, object]] = []
    target: str | None = f"/{name}.json"
    while target and len(things) < most:
        told = json.loads(server.get(target).body)
        things += told[name]
        target = told["next"] and "{0.path}?{0.query}".format(urlsplit(told["next"]))
    return things[:most]


def _words(server: Server, articles: Iterable[str]) -> Iterator[str]:
    """Words to look for: two of each headline, the words of a quotation, and a word with two letters exchanged."""
    for path in articles:
        page = server.get(path, {"Accept": "text/html"}).body.decode()
        headline = re.search(r"<h1[^>]*>(.*?)</h1>", page)
        words: list[str] = re.findall(r"[A-Za-z]{5,}", headline[1] if headline else "")
        if len(words) < 2:
            continue
        yield " ".join(words[:2])
        yield words[0][:2] + words[0][3] + words[0][2] + words[0][4:]
        if found := re.search(r"<q[^>]*>([^<]{20,})</q>", page):
            yield '"' + " ".join(found[1].split()[:4]) + '"'


def requests(server: Server, number: int, base: str) -> Iterator[tuple[str, str]]:
    """Kinds with the targets to ask for."""
    articles = [str(row["document"]) for row in _listed(server, "articles", 100_000)]
    articles = [urlsplit(url).path for url in articles]
    sources = sorted(_listed(server, "sources", 100_000), key=lambda row: -int(str(row.get("claims", 0))))[:SOURCES]
    paths = [urlsplit(str(row["document"])).path for row in sources]
    some = articles[:: max(1, len(articles) // SAMPLE)]
    yield from (("article", path) for path in articles)
    yield from (("source", path) for path in paths)
    yield from (("list", target) for target in LISTS)
    yield from (
        ("claims of a source", f"/claims?source={quote(path.removeprefix('/doc/'))}") for path in paths[:SAMPLE]
    )
    yield from (("claims of an article", f"/claims?article={quote(path.removeprefix('/doc/'))}") for path in some)
    looked_for = [*islice(_words(server, some), PAGES)]
    yield from (("search", f"/search?q={quote_plus(words)}") for words in looked_for)
    yield from (("suggest", f"/suggest?q={quote_plus(words[:6])}") for words in looked_for[:SAMPLE])
    for name in sorted(path.stem for path in Path(str(named_queries.QUESTIONS)).glob("*.rq")):
        yield "question", f"/queries/{name}"
    for path in (*some, *paths[:SAMPLE]):
        yield from ((f"as {suffix}", f"{path}.{suffix}") for suffix in SUFFIXES)
    for path in some:
        if b'href="/encodings/' in server.get(path, {"Accept": "text/html"}).body:
            yield "encodings", path.replace("/doc/", "/encodings/")
    names = {f"q{n}": {"query": str(row["label"]), "limit": 5} for n, row in enumerate(sources[:10])}
    yield "reconcile", "/reconcile?queries=" + quote(json.dumps(names))
    yield from (("file", target.replace("{n}", str(number))) for target in FILES)


def walk(releases: Path) -> dict[str, object]:
    """Kind → its figures; and the memory of the server after each kind, in MB."""
    manifest = json.loads((releases / "current" / "manifest.json").read_text())
    kinds: dict[str, Kind] = {}
    memory: dict[str, float] = {}
    with serving(releases, access_log="off", query_time_limit_s=60, cache_mb=1) as server:
        pid, last = server.process.pid, ""
        for kind, target in requests(server, manifest["release"], manifest["base"]):
            if kind != last:
                print(kind, file=sys.stderr, flush=True)
            last = kind
            before, started = _cpu_ms(pid), time.perf_counter()
            reply = server.get(target, {"Accept": "text/html, */*;q=0.5", "Cache-Control": "no-cache"})
            wall = (time.perf_counter() - started) * 1000
            kinds.setdefault(kind, Kind()).add(target, _cpu_ms(pid) - before, wall, len(reply.body), reply.status)
            memory[kind] = round(own_mb(pid), 1)
    return {kind: {**each.figures(), "server_mb": memory[kind]} for kind, each in kinds.items()}


def main() -> None:
    """Walk from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", type=Path)
    for kind, figures in walk(parser.parse_args().releases).items():
        print(json.dumps({"kind": kind, **figures}), flush=True)  # type: ignore[dict-item]


if __name__ == "__main__":
    main()
