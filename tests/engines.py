"""SPARQL servers by other authors that hold a release: Oxigraph's, Jena Fuseki and Virtuoso."""

import gzip
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from quoth.config import Settings
from quoth.release.deploy.staging import staging
from quoth.release.release import Release

from . import oxigraph
from .clients import installed, missing, need
from .serving import free_port

CLIENTS = Path(__file__).parent / "conformance" / "clients"
COPY_DEPENDENCIES = ["mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
START_LIMIT_S = 120
ASSERTED = "http://localhost:8000/asserted"
"""The graph into which Virtuoso, which has no default graph, takes the quads of it."""


@contextmanager
def oxigraph_server(release: Release, folder: Path) -> Iterator[str]:
    """The address of the endpoint of Oxigraph's own server over the store of a release."""
    with oxigraph.serving("serve-read-only", release.store_path) as url:
        yield f"{url}/query"


@contextmanager
def fuseki(release: Release, folder: Path) -> Iterator[str]:
    """The same of Fuseki, with the release in memory."""
    need("java", "mvn")
    jars = installed("fuseki", CLIENTS / "fuseki" / "pom.xml", COPY_DEPENDENCIES) / "lib"
    port = free_port()
    arguments = [f"--port={port}", "--localhost", f"--file={_dump(release, folder)}", "/quoth"]
    command = ["java", "-Xmx1g", "-cp", f"{jars}/*", "org.apache.jena.fuseki.main.cmds.FusekiMainCmd", *arguments]
    with _running(command, folder, f"http://127.0.0.1:{port}/quoth/query?query=ASK%7B%7D"):
        yield f"http://127.0.0.1:{port}/quoth/query"


@contextmanager
def fuseki_with_datasets(folder: Path, password: str = "") -> Iterator[str]:
    """The address of a Fuseki with persistent datasets (TDB2), which its administrator makes and deletes, for the user
    admin alone if there is a password."""
    need("java", "mvn")
    jars = installed("fuseki", CLIENTS / "fuseki" / "pom.xml", COPY_DEPENDENCIES) / "lib"
    port = free_port()
    base = folder / "fuseki"
    base.mkdir(exist_ok=True)
    rule = "noSessionCreation, authcBasic" if password else "anon"
    (base / "shiro.ini").write_text(
        "[main]\nplainMatcher=org.apache.shiro.authc.credential.SimpleCredentialsMatcher\n"
        "iniRealm.credentialsMatcher = $plainMatcher\n"
        f"[users]\nadmin={password or 'none'}\n[urls]\n/$/ping = anon\n/** = {rule}\n"
    )
    url = f"http://127.0.0.1:{port}"
    main = "org.apache.jena.fuseki.main.cmds.FusekiServerCmd"
    command = [
        "env",
        f"FUSEKI_BASE={base}",
        "java",
        "-Xmx1g",
        "-cp",
        f"{jars}/*",
        main,
        f"--port={port}",
        "--localhost",
    ]
    with _running(command, folder, f"{url}/$/ping"):
        yield url


@contextmanager
def staged_in_fuseki(release: Release, folder: Path) -> Iterator[str]:
    """The setting of an engine, and the release staged in it: in a dataset of Fuseki."""
    with fuseki_with_datasets(folder) as url:
        yield _staged(release, f"fuseki+{url}/velm")


@contextmanager
def staged_in_oxigraph(release: Release, folder: Path) -> Iterator[str]:
    """The same of one of two servers of Oxigraph."""
    with oxigraph.serving("serve", folder / "a") as first, oxigraph.serving("serve", folder / "b") as second:
        yield _staged(release, f"oxigraph+{first} oxigraph+{second}")


def _staged(release: Release, engine: str) -> str:
    staged = staging(Settings(releases=release.path.parent, engine=engine), print)
    assert staged is not None
    staged.stage(release)
    return engine


@contextmanager
def staged_in_virtuoso(release: Release, folder: Path) -> Iterator[str]:
    """The same of Virtuoso, which has room for one."""
    with virtuoso_server(folder) as url:
        yield _staged(release, f"virtuoso+{url.replace('//', f'//{VIRTUOSO_LOGIN}@')}")


@contextmanager
def rdf4j_server(folder: Path) -> Iterator[str]:
    """The address of an RDF4J Server without repositories."""
    need("java", "mvn")
    jars = installed("rdf4j-server", CLIENTS / "rdf4j-server" / "pom.xml", COPY_DEPENDENCIES) / "lib"
    [jetty], [war] = jars.glob("jetty-runner-*.jar"), jars.glob("rdf4j-http-server-*.war")
    port = free_port()
    data = f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'rdf4j'}"
    command = ["java", "-Xmx1g", data, "-jar", str(jetty), "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/rdf4j-server"
    with _running([*command, "--path", "/rdf4j-server", str(war)], folder, f"{url}/protocol"):
        yield url


@contextmanager
def staged_in_rdf4j(release: Release, folder: Path) -> Iterator[str]:
    """The same of a repository of an RDF4J Server."""
    with rdf4j_server(folder) as url:
        yield _staged(release, f"rdf4j+{url}/velm")


VIRTUOSO_LOGIN = "dba:dba"


@contextmanager
def virtuoso_server(folder: Path, sparql: str = "") -> Iterator[str]:
    """The address of Virtuoso, with nothing in it, and some lines about SPARQL in its configuration."""
    http = free_port()
    with _virtuoso(folder, http, free_port(), sparql):
        yield f"http://127.0.0.1:{http}"


@contextmanager
def virtuoso(release: Release, folder: Path) -> Iterator[str]:
    """The address of the endpoint of Virtuoso that an operator has loaded: its default graph is the union of all."""
    need("isql-vt")
    http, sql = free_port(), free_port()
    with _virtuoso(folder, http, sql):
        load = f"DB.DBA.TTLP_MT(file_to_string_output('{_dump(release, folder)}'), '', '{ASSERTED}', 512)"
        subprocess.run(
            ["isql-vt", str(sql), "dba", "dba", f"exec={load}; checkpoint;"], check=True, capture_output=True
        )
        yield f"http://127.0.0.1:{http}/sparql"


@contextmanager
def _virtuoso(folder: Path, http: int, sql: int, sparql: str = "") -> Iterator[None]:
    need("virtuoso-t")
    (folder / "virtuoso.ini").write_text(
        f"[Database]\nDatabaseFile = v.db\nErrorLogFile = v.log\nLockFile = v.lck\nTransactionFile = v.trx\n"
        f"xa_persistent_file = v.pxa\n[TempDatabase]\nDatabaseFile = t.db\nTransactionFile = t.trx\n"
        f"[Parameters]\nServerPort = {sql}\nDirsAllowed = {folder}\nNumberOfBuffers = 10000\n"
        f"[HTTPServer]\nServerPort = {http}\nServerRoot = .\n[SPARQL]\n{sparql}\n"
    )
    asked = f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D"
    with _running(["virtuoso-t", "-f", "-c", "virtuoso.ini"], folder, asked):
        yield


def _dump(release: Release, folder: Path) -> Path:
    path = folder / "claims.nq"
    with release.open_file("claims.nq.gz") as file, gzip.open(file) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    return path


@contextmanager
def _running(command: Sequence[str], folder: Path, url: str) -> Iterator[None]:
    """A server, from the time that it answers at that address."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + START_LIMIT_S
            while not answers(url):
                if server.poll() is not None or time.monotonic() > until:
                    missing(f"{command[0]} does not start")
                time.sleep(0.2)
            yield
        finally:
            server.kill()


def answers(url: str) -> bool:
    """Whether there is an answer at an address, 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False
