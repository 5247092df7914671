"""The servers of peers.toml: each takes the dump of a release, and serves it for as long as a context lasts."""

import os
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from tests.bench import load
from tests.bench.measured import disk_mb, own_mb, run
from tests.clients import installed
from tests.engines import CLIENTS, COPY_DEPENDENCIES
from tests.serving import free_port

from quoth.engine.remote.dialect import dialects

START_LIMIT_S = 1800
_HAS_CLAIMS = "ASK { ?claim a <https://w3id.org/quoth/ns#Claim> }"
_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


@dataclass(frozen=True)
class Peer:
    """A server by its table in peers.toml, whose head says what the fields are."""

    name: str
    label: str
    serve: str
    path: str
    needs: Sequence[str] = ()
    files: dict[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    post: str = ""
    after: Sequence[str] = ()
    over: str = ""
    dialect: str = ""
    most: int = sys.maxsize

    def missing(self) -> str:
        """Why the server can't run on this machine; empty where it can."""
        programs = [name for name in self.needs if name != "maven" and shutil.which(name, path=_PATH) is None]
        if programs:
            return f"there is no {programs[0]}"
        if self.dialect and self.dialect not in dialects():
            return f"Quoth has no dialect {self.dialect}"
        if "maven" in self.needs:
            try:
                _jars()
            except pytest.skip.Exception as error:
                return str(error)
        return ""


PEERS = {
    name: Peer(name, **table)
    for name, table in tomllib.loads(Path(__file__).with_name("peers.toml").read_text()).items()
}


@dataclass(frozen=True)
class Dump:
    """A release as its peers get it: the folder of the releases, and the file ``claims.nq`` in another folder."""

    releases: Path
    file: Path
    quads: int

    @property
    def memory_mb(self) -> int:
        """Memory for a server that has to be told how much it may use."""
        return 1024 + self.quads // 4000


@dataclass(frozen=True)
class Server:
    """A running server: ``loading`` is what it took from the dump until it answered a query from it."""

    peer: Peer
    port: int
    pid: int
    loading: dict[str, float]

    @property
    def url(self) -> str:
        """The address of its endpoint."""
        return f"http://127.0.0.1:{self.port}{self.peer.path}"

    def as_engine(self, dialect: str) -> str:
        """The setting ``engine`` of a Quoth over it."""
        return f"{dialect}+http://127.0.0.1:{self.port}" if dialect else self.url

    def ask(self, query: str) -> bytes:
        """The result of a query, as JSON. Raises OSError."""
        mark = "&" if "?" in self.url else "?"
        wanted = {"Accept": "application/sparql-results+json"}
        request = urllib.request.Request(f"{self.url}{mark}query={quote(query, safe='')}", headers=wanted)
        with urllib.request.urlopen(request, timeout=300) as response:
            body: bytes = response.read()
        return body


def _jars() -> Path:
    return installed("fuseki", CLIENTS / "fuseki" / "pom.xml", COPY_DEPENDENCIES) / "lib"


@contextmanager
def running(peer: Peer, dump: Dump, folder: Path, engine: str = "") -> Iterator[Server]:
    """Load the dump and serve it. ``folder`` does not exist yet; ``engine`` is that setting of a Quoth.

    Raises SystemExit, with what was printed last, where a command fails or the server does not answer.
    """
    folder.mkdir(parents=True)
    pages = dump.memory_mb * 128
    values = {
        **{"dump": dump.file, "dumps": dump.file.parent, "releases": dump.releases, "folder": folder, "engine": engine},
        **{"port": free_port(), "second": free_port(), "python": sys.executable},
        **{"memory": dump.memory_mb, "pages": pages, "dirty": pages * 3 // 4},
        **({"jars": _jars()} if "maven" in peer.needs else {}),
    }
    for name, text in peer.files.items():
        (folder / name).write_text(text.format(**values))
    environment = {**os.environ, "PATH": _PATH}
    started = time.perf_counter()

    def done(steps: Sequence[str]) -> list[tuple[float, float]]:
        costs = [run(shlex.split(step.format(**values)), folder, {"PATH": _PATH}) for step in steps]
        return [(cost.cpu_s, cost.peak_mb) for cost in costs]

    costs = done(peer.before)
    with (folder / "server.txt").open("wb") as sink:
        command = shlex.split(peer.serve.format(**values))
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=sink, stderr=subprocess.STDOUT)
    server = Server(peer, int(str(values["port"])), process.pid, {})
    try:
        _wait(server, "ASK {}", process)
        if peer.post:
            _post(f"http://127.0.0.1:{server.port}{peer.post}", dump.file)
        costs += done(peer.after)
        _wait(server, _HAS_CLAIMS, process)
        wall_s = time.perf_counter() - started
        cpu_s = sum(cpu for cpu, _ in costs) + load.cpu_s(process.pid)
        peak_mb = max(_peak_mb(process.pid), *(mb for _, mb in costs), own_mb(process.pid))
        figures = {"wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": peak_mb, "disk_mb": disk_mb(folder)}
        server.loading.update({name: round(value, 3) for name, value in figures.items()})
        yield server
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, query: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server says true."""
    until = time.monotonic() + START_LIMIT_S
    while True:
        try:
            if b"true" in server.ask(query):
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"{server.peer.label} does not answer: {' '.join(map(str, process.args))}")  # type: ignore[arg-type]
        time.sleep(0.05)


def _post(url: str, file: Path) -> None:
    with file.open("rb") as body:
        fields = {"Content-Type": "application/n-quads", "Content-Length": str(file.stat().st_size)}
        try:
            urllib.request.urlopen(urllib.request.Request(url, body, fields), timeout=START_LIMIT_S).close()
        except HTTPError as error:
            raise SystemExit(f"{url} answers {error.code}: {error.read()[:500]!r}") from None


def _peak_mb(pid: int) -> float:
    """The most memory that a process had at a time, as the kernel knows it, in MB (proc_pid_status(5))."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
