"""No user name, password or key of an engine is in what anybody sees: errors, logs, reports, pages, metrics.

Each is tried where it may be given: in the URL, in a file, in place of the file, where it belongs nowhere.
"""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from quoth.config import Settings
from quoth.errors import UsageError, masked
from quoth.release.release import Release

from .conftest import CORPUS
from .serving import free_port, serving, until

USER, SECRET, KEY = "gatekeeper", "hush/hush:42", "k3y"
ENCODED = "hush%2Fhush%3A42"
HIDDEN = (USER, SECRET, ENCODED, "hush", KEY, base64.b64encode(f"{USER}:{SECRET}".encode()).decode())


def is_silent(text: str) -> None:
    """Fails where a text has any of what is hidden."""
    assert not [word for word in HIDDEN if word in text], text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://u:p@e.example/x?token=1, then", "http://…@e.example/x?… then"),
        ("is http://e.example/ up?", "is http://e.example/ up?"),
        ("http://u@e.example/ http://v:w@f.example/", "http://…@e.example/ http://…@f.example/"),
        ("http://u:p/q@e.example/ and 'http://e.example/?a=b'", "http://…@e.example/ and 'http://e.example/?…'"),
        ("fuseki+http://u:p@db:3030/velm", "fuseki+http://…@db:3030/velm"),
        ("//u:p@db u:p@db fuseki+http:/u:p@db", "//…@db …@db …@db"),
        ("mailto:desk@example.org or desk@example.org", "mailto:desk@example.org or desk@example.org"),
        ("quoth.toml:3: it is no key", "quoth.toml:3: it is no key"),
    ],
)
def test_credentials_in_urls_are_hidden(text: str, expected: str) -> None:
    assert masked(text) == expected


URL = f"http://{USER}:{ENCODED}@db.example/ds?key={KEY}"
MISTAKES = [
    f"htp://{USER}:{SECRET}@db.example/",
    f"{USER}:{SECRET}@db.example/ds",
    f"http:/{USER}:{SECRET}@db.example/ds",
    f"http://{USER}:{SECRET}@db:port/?key={KEY}",
    f"http://{USER}:{SECRET} and\nhush '\"more@db/",
    f"fuseki+http://{USER}:{SECRET}@[db/velm",
    f"{URL}#f",
]


@pytest.mark.parametrize("name", ["engine", "base", "public_url", "contact", "licence", "publisher"])
@pytest.mark.parametrize("value", MISTAKES)
def test_a_setting_that_is_refused_is_told_without(name: str, value: str) -> None:
    try:
        Settings.from_environment({f"QUOTH_{name.upper()}": value})
    except UsageError as error:
        is_silent(str(error))
    else:
        assert name == "publisher" or ("#" in value and name == "contact"), "an IRI may be of any form"


@pytest.mark.parametrize("name", ["base", "public_url", "contact", "licence"])
def test_what_is_published_has_no_user_name(name: str) -> None:
    with pytest.raises(UsageError, match="has a user name, which everybody would see") as told:
        Settings.from_environment({f"QUOTH_{name.upper()}": URL.partition("?")[0]})
    is_silent(str(told.value))


def test_who_gives_the_password_in_place_of_its_file_is_told_so() -> None:
    with pytest.raises(UsageError, match="there is no such file") as told:
        Settings.from_environment({"QUOTH_ENGINE_LOGIN": f"{USER}:{SECRET}"})
    is_silent(str(told.value))


def test_settings_that_are_printed_do_not_have_it() -> None:
    is_silent(repr(Settings(engine=URL)))


# --- processes


def run(folder: Path, *arguments: str, **environment: str) -> str:
    """All that a command says, whatever comes of it."""
    done = subprocess.run(
        [sys.executable, "-m", "quoth", *arguments],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("QUOTH_")} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return f"{done.returncode} {done.stdout} {done.stderr}"


class _Refuses(BaseHTTPRequestHandler):
    """Answers each request with the status that is the first part of its path, to an address with the password."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Location", URL)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def refusing() -> Iterator[str]:
    """The host and the port of a server that refuses all."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refuses) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def login(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("login") / "login"
    file.write_text(f"{USER}:{SECRET}\n")
    file.chmod(0o600)
    return file


@pytest.mark.slow
@pytest.mark.parametrize(("status", "in_file"), [(307, True), (401, False), (401, True), (500, False)])
def test_no_command_says_it_whatever_the_engine_answers(
    status: int, in_file: bool, release: Release, login: Path, tmp_path: Path
) -> None:
    with refusing() as host:
        at = host if in_file else f"{USER}:{ENCODED}@{host}"
        environment = {"QUOTH_RELEASES": str(release.path.parent)} | (
            {"QUOTH_ENGINE_LOGIN": str(login)} if in_file else {}
        )
        for engine in (f"http://{at}/{status}/ds?key={KEY}", f"fuseki+http://{at}/{status}/velm"):
            for command in (("query", "ASK {}"), ("doctor", "--format", "json")):
                said = run(tmp_path, *command, QUOTH_ENGINE=engine, **environment)
                is_silent(said.replace(str(login), ""))
        said = run(
            tmp_path,
            "publish",
            str(CORPUS),
            QUOTH_ENGINE=f"fuseki+http://{at}/{status}/velm",
            **environment | {"QUOTH_RELEASES": "r"},
        )
        assert f"the engine at http://{host}/{status}/velm-1-" in said
        is_silent(said)


@pytest.mark.slow
@pytest.mark.parametrize(
    "proxy", [f"http://{USER}:{ENCODED}@127.0.0.1:9/", f"htp://{USER}:{SECRET}@x", f"{USER}:{SECRET}"]
)
def test_the_password_of_a_proxy_is_not_said_either(proxy: str, release: Release, tmp_path: Path) -> None:
    environment = dict.fromkeys(("http_proxy", "ALL_PROXY", "https_proxy"), proxy)
    environment |= {"QUOTH_RELEASES": str(release.path.parent), "no_proxy": "", "NO_PROXY": ""}
    with refusing() as host:
        for engine in (f"http://{host}/500/ds", f"fuseki+http://{host}/500/velm"):
            for command in ("doctor", "verify-release"):
                said = run(tmp_path, command, QUOTH_ENGINE=engine, **environment)
                is_silent(said)
                assert "Traceback" not in said, said
                assert "answered 500" in said or "not been loaded" in said or "is what was published" in said, said


@pytest.mark.slow
def test_a_server_says_it_nowhere(release: Release, tmp_path: Path) -> None:
    engine = f"http://{USER}:{ENCODED}@127.0.0.1:{free_port()}/ds?key={KEY}"
    with serving(release.path.parent, log=tmp_path / "log", engine=engine) as server:
        until(lambda: server.get("/health").status == 200)
        for path in (
            "/status",
            "/status.json",
            "/metrics",
            "/ready",
            "/health",
            "/sparql?query=ASK%7B%7D",
            "/",
            "/catalog",
            "/openapi.json",
            "/void",
            "/sparql",
            "/doc/nothing",
            "/llms.txt",
        ):
            reply = server.get(path)
            is_silent(f"{reply.headers} {reply.body.decode()}")
        report = run(
            Path("/"),
            "doctor",
            "--format",
            "json",
            "--port",
            str(server.port),
            QUOTH_ENGINE=engine,
            QUOTH_RELEASES=str(release.path.parent),
        )
        is_silent(report)
        assert "…@127.0.0.1" in report
        assert json.loads(report[report.index("{") : report.rindex("}") + 1])["ok"] is False
    said = (tmp_path / "log").read_text()
    is_silent(said)
    assert re.search(r"the engine at http://127\.0\.0\.1:\d+/ds\?… ", said), said
