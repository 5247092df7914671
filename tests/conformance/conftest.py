"""A real server over real sockets, and the clients of other houses."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import PREFIXES, RDF
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ..clients import NPM, installed, need

BASE = "http://localhost:8000/"
TEST_DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
"""The graphs that the W3C's tests of the protocol suppose: each says of itself that it is a document."""

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Server:
    """Where a server listens."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def ask(
        self, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> "Reply":
        """One request, sent as it is: no header but those given, Host and Content-Length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()


@dataclass(frozen=True)
class Reply:
    """A response; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("conformance")
    _, authored = check.check([harbour], BASE, texts)
    document = ox.NamedNode(PREFIXES["foaf"] + "Document")
    graphs = [ox.NamedNode(TEST_DATA.format(number)) for number in (1, 2, 3)]
    quads = [*publication.published_quads(authored, BASE), *(ox.Quad(g, RDF.type, document, g) for g in graphs)]
    publish(quads, releases=folder / "releases", base=BASE, report_ttl="", report_json="{}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {
        **os.environ,
        "QUOTH_RELEASES": str(folder / "releases"),
        "QUOTH_PORT": str(port),
        "QUOTH_PUBLIC_URL": f"http://127.0.0.1:{port}/",
    }
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    found = Server(port)
    deadline = time.monotonic() + 60
    while True:
        try:
            found.ask("GET", "/context.jsonld")
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text("utf-8")) from None
            time.sleep(0.1)
    yield found
    process.terminate()
    process.wait(20)
    log.close()


@pytest.fixture(scope="session")
def node_clients() -> Path:
    """The folder with node_modules."""
    need("node", "npm")
    return installed("node", HERE / "clients" / "package.json", NPM)


@pytest.fixture(scope="session")
def jena() -> Path:
    """The folder with Jena's commands as jars."""
    need("java", "mvn")
    command = ["mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
    return installed("jena", HERE / "clients" / "pom.xml", command) / "lib"
