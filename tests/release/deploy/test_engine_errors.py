"""Whatever a real server of each dialect does, between it and Quoth: clear errors, and pages that need it not go on."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quoth.engine.remote.dialect import dialects
from quoth.errors import QuothError
from quoth.release.open import open_current
from quoth.release.release import Releases
from quoth.web.app import create_app

from ... import engines, oxigraph
from .deployment import CLAIMS, Deployment
from .spoiling import spoiling

pytestmark = pytest.mark.slow

FAULTS: dict[str, tuple[bytes | int | None, str]] = {
    "the connection is lost": (None, "cannot be reached|cannot be read"),
    "an error of its own": (500, "answered 500"),
    "overload": (503, "answered 503"),
    "a stranger": (401, r"refuses this user \(401\)|answered 401"),
    # A body where HTTP has none (204) is a status line that cannot be read.
    "garbage": (b"<html>", "not that|that is no|gives something|answered|not those of the release|status line"),
}
NEEDS_NOTHING = ("/health", "/releases.json", "/releases/1/claims.nq", "/changes.json", "/guide")


class Between:
    """What passes between Quoth and a server, spoilt while there is a ``fault``."""

    def __init__(self) -> None:
        self.fault: tuple[bytes | int | None] | None = None
        self.requests: list[tuple[str, str]] = []

    def __call__(self, method: str, path: str, body: bytes) -> bytes | int | None:
        if method != "ANSWER":
            self.requests.append((method, path))
            return body if self.fault is None or isinstance(self.fault[0], bytes) else self.fault[0]
        return body if self.fault is None or not isinstance(self.fault[0], bytes) else self.fault[0]


@pytest.fixture(scope="module", params=["oxigraph", "fuseki", "rdf4j", "virtuoso"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def servers(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The addresses of servers, as the setting has them without a prefix."""
    folder = tmp_path_factory.mktemp(dialect)
    with ExitStack() as stack:
        match dialect:
            case "oxigraph":
                yield [stack.enter_context(oxigraph.serving("serve", folder / name)) for name in "ab"]
            case "fuseki":
                yield [stack.enter_context(engines.fuseki_with_datasets(folder))]
            case "rdf4j":
                yield [stack.enter_context(engines.rdf4j_server(folder))]
            case _:
                yield [stack.enter_context(engines.virtuoso_server(folder))]


@pytest.mark.parametrize(("fault", "says"), FAULTS.values(), ids=FAULTS)
def test_faults_while_a_release_is_staged_and_read(
    dialect: str, servers: list[str], tmp_path: Path, fault: bytes | int | None, says: str
) -> None:
    between, name = Between(), f"/velm{abs(hash(says))}" if dialects()[dialect].releases == "many" else ""
    with ExitStack() as stack:
        urls = [stack.enter_context(spoiling(url, between)) + urlsplit(url).path for url in servers]
        login = f"//{engines.VIRTUOSO_LOGIN}@" if dialect == "virtuoso" else "//"
        setting = " ".join(f"{dialect}+{url.replace('//', login)}{name}" for url in urls)
        deployed = Deployment(tmp_path / "releases", setting)
        deployed.publish(3)
        client = create_app(deployed.settings, *open_current(deployed.settings)).test_client()
        answered = 200 if dialect == "virtuoso" else 503
        try:
            between.requests.clear()
            between.fault = (fault,)
            with pytest.raises(QuothError, match=says) as caught:
                deployed.publish(4)
            assert "Traceback" not in str(caught.value)
            once = [
                request for request in between.requests if request[0] in ("POST", "PUT") and "sparql" not in request[1]
            ]
            assert len(once) == len(set(once)), "what may not be done twice is sent once"
            assert Releases(deployed.settings.releases).numbers() == [1]
            for path in ("/sparql?query=ASK%7B%7D", "/doc/claim/a/1"):
                answer = client.get(path)
                assert answer.status_code == answered, (path, answer.text)
                assert answered == 200 or answer.headers["Retry-After"]
                assert "127.0.0.1" not in answer.text
            assert client.get("/ready").status_code == answered
            assert [client.get(path).status_code for path in NEEDS_NOTHING] == [200] * len(NEEDS_NOTHING)
        finally:
            between.fault = None
        deployed.publish(4)
        assert deployed.claims() == 4
        client = create_app(deployed.settings, *open_current(deployed.settings)).test_client()
        rows = client.get("/sparql", query_string={"query": CLAIMS}, headers={"Accept": "text/csv"})
        assert len(rows.text.splitlines()) == 5
        if not name:  # the next test finds the servers as this one did
            for url in deployed.staging.location.urls:
                deployed.staging._drop(loader := deployed.staging._loader(), url)
                loader.close()
