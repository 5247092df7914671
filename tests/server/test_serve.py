"""The processes of the server: start, streams, signals, and processes that are killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Dataset
from SPARQLWrapper import JSON, SPARQLWrapper

from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.errors import UnavailableError
from quoth.release.open import open_current
from quoth.release.release import Release, Releases
from quoth.resources import folder
from quoth.server.serve import FAILED_STARTS, serve

from ..serving import Server, children, free_port, serving, until

PROGRAM = """
import sys
from pathlib import Path
from quoth.config import Settings
from quoth.errors import QueryTimeoutError
from quoth.engine.api.interface import Answer
from quoth.release.open import open_current
from quoth.server.serve import serve


class Breaking:
    def __init__(self, engine):
        self.engine = engine

    def __getattr__(self, name):
        return getattr(self.engine, name)

    def answer(self, query, wanted, caller=None):
        if "BREAK" not in query.text:
            return self.engine.answer(query, wanted, caller)

        def chunks():
            for _ in range(30):
                yield b"x" * 100_000
            raise QueryTimeoutError("too long")

        return Answer("solutions", "json", chunks(), lambda: None)

    async def begin(self, query, wanted, caller):
        return lambda: self.answer(query, wanted, caller)


def opener(settings):
    engine, release = open_current(settings)
    return Breaking(engine), release


if __name__ == "__main__":
    serve(Settings.from_environment(), opener)
"""


FAILING = """
import multiprocessing
import sys
from quoth.config import Settings
from quoth.errors import QuothError, UnavailableError
from quoth.release.open import open_current
from quoth.server.serve import serve


def opener(settings):
    if multiprocessing.parent_process():
        raise UnavailableError("the disk is gone")
    return open_current(settings)


if __name__ == "__main__":
    try:
        serve(Settings.from_environment(), opener)
    except QuothError as error:
        print(f"quoth: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
"""


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
    return found


@pytest.fixture(scope="module")
def server(release: Release, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    program = tmp_path_factory.mktemp("server") / "program.py"
    program.write_text(PROGRAM, "utf-8")
    environment = {
        **os.environ,
        "QUOTH_RELEASES": str(release.path.parent),
        "QUOTH_PORT": str(port),
        "QUOTH_PUBLIC_URL": f"http://127.0.0.1:{port}/",
    }
    log = (program.parent / "log").open("wb")
    process = subprocess.Popen([sys.executable, str(program)], env=environment, stdout=log, stderr=log)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            get(port, "/context.jsonld")
            break
        except OSError:
            time.sleep(0.1)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(20)
    log.close()


SHIPPED = quoth_toml.read(folder("data")).values["title"].encode()


def get(port: int, target: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", target, headers=headers or {})
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


@pytest.mark.usefixtures("server")
def test_a_failing_stream_breaks_the_connection(port: int) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        get(port, "/sparql?query=SELECT*%7BBREAK%7D")
    assert get(port, "/sparql?query=ASK%7B%7D")[0] == 200


@pytest.mark.usefixtures("server")
def test_a_long_result_is_streamed_whole(port: int) -> None:
    query = quote("SELECT * { ?a ?b ?c . ?d a ?e } LIMIT 60000")
    status, headers, body = get(port, f"/sparql?query={query}&format=tsv")
    assert status == 200
    assert "content-length" not in headers
    assert body.count(b"\n") == 60_001


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("name", ["a%2Fb", "a%23b", "caf%C3%A9", "a+b", "%25"])
def test_escapes_in_paths_are_kept(port: int, name: str) -> None:
    status, headers, _ = get(port, f"/id/topic/{name}")
    assert status == 303
    assert headers["location"] == f"http://127.0.0.1:{port}/doc/topic/{name}"
    assert get(port, f"/doc/topic/{name}")[0] == 200


@pytest.mark.usefixtures("server")
def test_a_body_over_the_limit_is_refused(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/sparql", b"x" * 2_000_000, {"Content-Type": "application/sparql-query"})
    response = connection.getresponse()
    assert response.status == 413
    response.read()
    connection.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib uses what it deprecates
@pytest.mark.usefixtures("server")
def test_sparqlwrapper_and_rdflib(port: int) -> None:
    endpoint = SPARQLWrapper(f"http://127.0.0.1:{port}/sparql")
    endpoint.setReturnFormat(JSON)
    endpoint.setQuery("PREFIX quoth: <https://w3id.org/quoth/ns#> SELECT ?c { ?c a quoth:Claim }")
    with endpoint.query().response as response:
        assert b"harbour" in response.read()
    claims = Dataset()
    claims.parse(f"http://127.0.0.1:{port}/id/claim/harbour/no-ties", format="trig")
    assert any("#content" in str(g.identifier) for g in claims.graphs())


@pytest.mark.usefixtures("server")
def test_a_port_in_use_is_not_shared(port: int, release: Release) -> None:
    taken = Settings(releases=release.path.parent, port=port)
    with pytest.raises(UnavailableError, match=str(port)):
        serve(taken, open_current)


def test_sigterm_ends_the_server_with_exit_code_0(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0


def test_sigterm_during_the_start_ends_the_server(release: Release) -> None:
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_PORT": str(free_port())}
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        until(lambda: children(process.pid), 60)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (0, b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_the_server_prints_its_address_once_when_it_is_ready(release: Release, number: int) -> None:
    port = free_port()
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_PROCESSES": str(number)}
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        assert f"Quoth serves release {release.number} at http://localhost:{port}/" in line
        assert get(port, "/ready")[0] == 200
        assert len(children(process.pid)) == number
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors.decode().splitlines()[1:]) == (0, b"", [])


@pytest.mark.slow
def test_a_killed_process_is_replaced_while_the_other_serves(release: Release) -> None:
    with serving(release.path.parent, processes=2, access_log="off") as server:
        first, second = children(server.process.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: first not in children(server.process.pid), 60)  # with its socket, and who waits there
        until(lambda: answers(server), 60)  # the other one may still be starting
        for _ in range(20):
            assert server.get("/health")[0] == 200
        assert SHIPPED not in server.get("/", {"Accept": "text/html"}).body, "this is another corpus"
        until(lambda: len(children(server.process.pid)) == 2, 60)
        # Another one, while the new one starts.
        os.kill(second, signal.SIGKILL)
        until(lambda: len({*children(server.process.pid)} - {first, second}) == 2, 60)
        until(lambda: answers(server), 60)
        for _ in range(20):
            assert server.get("/sparql?query=ASK%7B%7D")[0] == 200
        assert server.process.poll() is None
    assert server.process.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_the_processes_of_a_killed_server_end_and_leave_its_port(release: Release, number: int) -> None:
    with serving(release.path.parent, processes=number, access_log="off") as server:
        until(lambda: answers(server), 60)
        every = [*children(server.process.pid), *server.processes()]
        assert len(every) > number
        server.process.kill()
        until(lambda: not [pid for pid in every if Path(f"/proc/{pid}").exists()], 20)
        socket.create_server(("127.0.0.1", server.port)).close()


@pytest.mark.slow
def test_processes_that_are_killed_as_they_start_do_not_end_the_server(release: Release) -> None:
    with serving(release.path.parent, processes=2, access_log="off") as server:
        until(lambda: len(children(server.process.pid)) == 2, 60)
        for _ in range(4):
            before = children(server.process.pid)
            os.kill(before[-1], signal.SIGKILL)  # that which started last
            until(lambda before=before: len({*children(server.process.pid)} - {before[-1]}) == 2, 60)
        until(lambda: answers(server), 60)
        assert server.process.poll() is None
    assert server.process.returncode == 0


@pytest.mark.slow
def test_a_server_whose_processes_cannot_start_ends_and_says_so(release: Release, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(FAILING, "utf-8")
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_PORT": str(free_port())}
    command = [sys.executable, str(program)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 5
    lines = result.stderr.splitlines()
    assert lines == ["quoth: the disk is gone"] * (FAILED_STARTS + 1) + [
        "quoth: the server ended: its processes end as soon as they start"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("base", [None, "https://claims.example/"], ids=["base of the server", "base that is named"])
def test_what_serve_publishes_has_the_iris_of_the_server_unless_a_base_is_named(
    base: str | None, tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve", "--port", str(port)]
    named = ["--base", base, "--public-url", f"http://localhost:{port}/"] if base else []
    with subprocess.Popen([*command, *named], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line, home = process.stdout.readline(), get(port, "/", {"Accept": "text/html"})[2]
        process.terminate()
    assert SHIPPED in home
    assert f"Quoth serves release 1 at http://localhost:{port}/" in line
    assert ("its IRIs begin with https://claims.example/" in line) == bool(base)
    assert Releases(tmp_path / "releases").current().manifest.base == (base or f"http://localhost:{port}/")


def test_a_server_whose_engine_does_not_answer_says_that_it_waits(release: Release) -> None:
    port = free_port()
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_PORT": str(port)}
    engine = ["--engine", f"http://127.0.0.1:{free_port()}/sparql"]
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve", *engine]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
        output, _ = process.communicate(timeout=60)
    assert (line.partition(" at ")[0], output) == ("Quoth waits for the engine to serve release 1", "")


def test_a_server_at_another_url_than_its_iris_says_so(release: Release) -> None:
    port = free_port()
    environment = {**os.environ, "QUOTH_RELEASES": str(release.path.parent), "QUOTH_PORT": str(port)}
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    assert f"at http://localhost:{port}/" in line
    assert f"its IRIs begin with {release.manifest.base}, and programs look them up there" in line


@pytest.mark.slow
def test_the_only_process_is_replaced(release: Release) -> None:
    with serving(release.path.parent, access_log="off") as server:
        (only,) = children(server.process.pid)
        os.kill(only, signal.SIGKILL)
        until(lambda: answers(server), 60)
        assert children(server.process.pid) != [only]


def answers(server: Server) -> bool:
    try:
        return server.get("/health")[0] == 200
    except OSError:
        return False
