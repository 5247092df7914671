"""Three servers behind nginx, with the configuration of server/deploy, are one: while releases switch under load, no
request fails, and every answer is wholly that of one release."""

import hashlib
import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from quoth.claim.model.namespaces import QUOTH
from quoth.release.current import roll_back
from quoth.release.fetch.fetch import fetch
from quoth.release.fetch.source import HttpSource
from quoth.release.release import Release, Releases

from .. import engines, oxigraph
from ..conftest import BASE
from ..nginx import proxied
from ..release.deploy.deployment import Deployment
from ..release.publishing import quads, release
from ..serving import Server, free_port, serving, until

pytestmark = pytest.mark.slow

SWITCHES, FIRST, LAST = 50, 3, 7
"""Switches in all, where nothing is said; of these, some publish releases with so many claims, and the others go back
and forth."""
FOLLOWED_S = 120
SELECT = f"SELECT ?c {{ ?c a <{QUOTH.Claim.value}> }}"
TARGETS = (
    *("/", "/claims", "/claims.csv", "/claims.jsonl", "/articles.json", "/doc/article/a", "/doc/article/a.jsonld"),
    *("/doc/claim/a/1", "/doc/claim/a/1.ttl", "/doc/claim/a/1.nt", "/search?q=said", "/.well-known/void.ttl"),
    *(f"/sparql?format={format}&query={quote(SELECT)}" for format in ("json", "csv")),
    *("/releases/1/doc/claim/a/1.ttl", "/releases/1/claims.nq", "/sitemap.xml", "/static/quoth.css", "/guide/errors"),
)
PAUSE_S = 0.01
"""Seconds between two requests of a reader."""
Answer = tuple[str, str, str]
"""ETag, Last-Modified and the SHA-256 of the body."""


def answer(server: Server, target: str) -> Answer:
    reply = server.get(target)
    assert reply.status == 200, (target, reply)
    return reply.headers["etag"], reply.headers.get("last-modified", ""), hashlib.sha256(reply.body).hexdigest()


class Readers:
    """Threads that read through nginx, as browsers do: on connections that stay, and with what they have."""

    def __init__(self, port: int, count: int = 3) -> None:
        self._port, self._ended, self._number = port, threading.Event(), itertools.count()
        self.seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.failures, self.requests, self.unchanged = list[Any](), 0, 0
        self._threads = [threading.Thread(target=self._read, args=(place,)) for place in range(count)]
        self._threads.append(threading.Thread(target=self._follow))

    def _read(self, place: int) -> None:
        held = dict[str, tuple[str, str]]()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        for number in itertools.count(place * 7):
            if self._ended.is_set():
                return connection.close()
            target = TARGETS[number % len(TARGETS)]
            # A query with a comment of its own is kept by no cache.
            whole = f"{target}%23{next(self._number)}" if "sparql" in target else target
            known = held.get(target) if number % 3 else None
            status, etag, digest = self._get(connection, whole, {"If-None-Match": known[0]} if known else {})
            if status == 304 and known and etag == known[0]:
                self.unchanged += 1
            elif status == 200:
                held[target] = etag, digest
                self.seen[target].add((etag, digest))
            else:
                self.failures.append((whole, status, etag, known))

    def _follow(self) -> None:
        """Read the list of releases, and at once what only the newest one has."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._ended.is_set():
            for path in self._newest(connection):
                status, *_ = self._get(connection, path, {})
                if status != 200:
                    self.failures.append((path, status))
        connection.close()

    def _newest(self, connection: http.client.HTTPConnection) -> list[str]:
        try:
            connection.request("GET", "/releases.json")
            newest = json.loads(connection.getresponse().read())[0]["release"]
        except (OSError, ValueError, http.client.HTTPException, LookupError) as error:
            self.failures.append(("/releases.json", repr(error)))
            return []
        return [f"/releases/{newest}/manifest.json", f"/releases/{newest}/doc/claim/a/{newest + FIRST - 2}.ttl"]

    def _get(
        self, connection: http.client.HTTPConnection, target: str, headers: dict[str, str]
    ) -> tuple[int | str, str, str]:
        self.requests += 1
        time.sleep(PAUSE_S)
        try:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return repr(error), "", ""
        return response.status, response.headers.get("ETag", ""), hashlib.sha256(body).hexdigest()

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


def release_of(server: Server) -> int:
    reply = server.get("/ready")
    return int(json.loads(reply.body)["release"]) if reply.status == 200 else 0


def agreed(servers: Sequence[Server], number: int, targets: Sequence[str]) -> dict[str, Answer]:
    """The answers of servers that all serve that release: the same of all."""
    until(lambda: all(release_of(server) == number for server in servers), FOLLOWED_S)
    found = {}
    for target in targets:
        answers = {answer(server, target) for server in servers}
        assert len(answers) == 1, (target, number, answers)
        [found[target]] = answers
    return found


def switched(
    servers: Sequence[Server],
    proxy: Server,
    publish: Callable[[int], object],
    switch: Callable[[int], object],
    switches: int = SWITCHES,
) -> None:
    """Publish and switch under load, and hold what readers saw against what each release is."""
    expected: dict[int, dict[str, Answer]] = {1: agreed(servers, 1, TARGETS)}
    kept = LAST - FIRST + 1
    with Readers(proxy.port) as readers:
        for number in range(2, switches + 2):
            current = number if number <= kept else 1 + number * 3 % kept
            publish(FIRST + number - 1) if number <= kept else switch(current)
            if current in expected:
                found = agreed(servers, current, TARGETS[number % len(TARGETS) :][:2])
                # It is current since another time, and that is all.
                assert all(expected[current][t][::2] == found[t][::2] for t in found), current
            else:
                expected[current] = agreed(servers, current, TARGETS)
            assert not readers.failures, readers.failures[:5]
    print(f"{readers.requests} requests, {readers.unchanged} of them 304, {switches} switches, 0 failed")
    assert not readers.failures, readers.failures[:5]
    assert readers.unchanged
    for target in TARGETS:
        known = {(etag, digest) for answers in expected.values() for etag, _, digest in [answers[target]]}
        assert readers.seen[target] <= known, target
    differing = [t for t in TARGETS if len({answers[t][2] for answers in expected.values()}) == kept]
    assert len(differing) > len(TARGETS) / 2, differing
    assert len({digest for _, digest in readers.seen["/claims.csv"]}) > kept / 2


@contextmanager
def three(
    folders: Sequence[Path], nginx: Path, files: tuple[Path, int] | None = None, **settings: Any
) -> Iterator[Any]:
    """A server over each folder, and nginx before them."""
    nginx.mkdir()
    options = {"access_log": "off", "trusted_proxies": "127.0.0.1", "query_workers": 2, "public_url": BASE, **settings}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(folder, **options)) for folder in folders]
        ports = [server.port for server in servers]
        yield servers, stack.enter_context(proxied(nginx, *ports, files=files))


def test_servers_with_copies_of_the_releases_are_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    published, copies = tmp_path / "published", [tmp_path / name for name in "abc"]
    release(published, quads(FIRST))
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "fetch-release", str(published)]
    for copy in copies:
        subprocess.run([*command, "--releases", str(copy)], check=True, capture_output=True)
    port = free_port()
    with three(copies, tmp_path / "nginx", (published, port)) as (servers, proxy):

        def follow() -> None:
            for place, copy in enumerate(copies):
                time.sleep(0.2 * place)  # none is as fast as another
                with closing(HttpSource(f"http://127.0.0.1:{port}")) as source:
                    fetch(copy, source, None, 0, lambda *_: None)

        def publish(claims: int) -> None:
            release(published, quads(claims))
            follow()

        def switch(number: int) -> None:
            roll_back(published, number)
            follow()

        switched(servers, proxy, publish, switch)
    for copy in copies:
        for one in Releases(copy).all():
            one.verify()


@pytest.mark.parametrize(("dialect", "switches"), [("oxigraph", SWITCHES), ("fuseki", 12)])
def test_servers_before_one_engine_are_one(dialect: str, switches: int, tmp_path: Path) -> None:
    with ExitStack() as stack:
        if dialect == "fuseki":
            engine = f"fuseki+{stack.enter_context(engines.fuseki_with_datasets(tmp_path))}/velm"
        else:
            urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "stuvwx"]
            engine = " ".join(f"oxigraph+{url}" for url in urls)
        deployed = Deployment(tmp_path / "releases", engine)
        deployed.publish(FIRST)
        folders = [deployed.settings.releases] * 3
        servers, proxy = stack.enter_context(three(folders, tmp_path / "nginx", engine=engine))

        def switch(number: int) -> Release:
            return roll_back(deployed.settings.releases, number, deployed.staging.stage)

        switched(servers, proxy, deployed.publish, switch, switches)
