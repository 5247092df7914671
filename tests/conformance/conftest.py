"""A real server over real sockets, and clients by other authors."""

import http.client
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
from ..serving import Reply, serving

BASE = "http://localhost:8000/"
TEST_DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
"""The graphs that the W3C's tests of the protocol suppose: each says of itself that it is a document."""

HERE = Path(__file__).parent
COPY_DEPENDENCIES = ["mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", "-DoutputDirectory=lib"]


@dataclass(frozen=True)
class Endpoint:
    """The endpoint of a server."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def ask(self, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
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
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, fields, response.read())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("conformance")
    _, authored = check.check([harbour], BASE, texts)
    document = ox.NamedNode(PREFIXES["foaf"] + "Document")
    graphs = [ox.NamedNode(TEST_DATA.format(number)) for number in (1, 2, 3)]
    quads = [*publication.published_quads(authored, BASE), *(ox.Quad(g, RDF.type, document, g) for g in graphs)]
    publish(quads, releases=folder / "releases", base=BASE, report_ttl="", report_json="{}")
    with serving(folder / "releases") as server:
        yield Endpoint(server.port)


@pytest.fixture(scope="session")
def node_clients() -> Path:
    """The folder with node_modules."""
    need("node", "npm")
    return installed("node", HERE / "clients" / "package.json", NPM)


@pytest.fixture(scope="session")
def jena() -> Path:
    """The folder with Jena's commands as jars."""
    need("java", "mvn")
    return installed("jena", HERE / "clients" / "pom.xml", COPY_DEPENDENCIES) / "lib"
