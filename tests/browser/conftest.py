"""A real Chromium before a real server: the fictional article, and beside it everything hostile."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import RDF, RDFS
from quoth.claim.rules import publication
from quoth.release.publish import publish
from quoth.web.editor import build
from quoth.web.editor.assets import BUILT

from ..clients import NPM, installed, need
from ..serving import Server, serving

SCRIPT = "</script><script>window.ran=1</script><img src=x onerror='window.ran=2'><svg onload=window.ran=3>\"'&"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
HERE = Path(__file__).parent
NOT_OURS = "http://hostile.example/"


@pytest.fixture(scope="session")
def editor() -> None:
    """The built editor; built here if need be, as `make test` does before."""
    if (BUILT / "editor.js").is_file():
        return
    try:
        build.build()
    except (build.NodeMissingError, OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the editor cannot be built here: {error}")


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Path:
    base = "http://localhost:8000/"
    report, authored = check.check([harbour], base, texts)
    assert report.conforms
    eve = ox.NamedNode(base + "id/person/eve")
    odd = ox.NamedNode(base + "id/person/x'onmouseover='window.ran=4'")
    hostile = [
        ox.Quad(eve, RDF.type, ox.NamedNode("http://xmlns.com/foaf/0.1/Person")),
        ox.Quad(eve, RDFS.label, ox.Literal(SCRIPT, language="en")),
        ox.Quad(eve, RDFS.comment, ox.Literal(SCRIPT, datatype=ox.NamedNode(NOT_OURS + "'onclick='window.ran=5'"))),
        ox.Quad(eve, RDFS.seeAlso, ox.NamedNode("javascript:window.ran=6")),
        ox.Quad(eve, RDFS.seeAlso, ox.NamedNode(NOT_OURS + "picture.png")),
        ox.Quad(eve, RDFS.seeAlso, odd),
    ]
    gone = ox.Quad(ox.NamedNode(base + "id/person/adam"), RDF.type, ox.NamedNode("http://xmlns.com/foaf/0.1/Person"))
    folder = tmp_path_factory.mktemp("releases")
    for quads in ([*authored, gone], [*authored, *hostile]):
        whole = publication.published_quads(quads, base)
        publish(whole, releases=folder, base=base, report_ttl=report.as_turtle(), report_json="{}")
    return folder


@pytest.fixture(scope="session")
def running(releases: Path) -> Iterator[Server]:
    """A server, whose public URL is not the dataset's base."""
    with serving(releases, access_log="off") as server:
        yield server


@pytest.fixture(scope="session")
def waiting(releases: Path) -> Iterator[Server]:
    """A server whose engine is not there."""
    with serving(releases, access_log="off", engine="http://127.0.0.1:9/sparql") as server:
        yield server


@pytest.fixture(scope="session")
def server(running: Server) -> str:
    """Its public URL."""
    return f"http://127.0.0.1:{running.port}/"


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which checks pages against WCAG (https://github.com/dequelabs/axe-core)."""
    return (_checkers() / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def html_validate() -> Path:
    """The program that checks pages against the HTML standard (https://html-validate.org)."""
    return _checkers() / ".bin" / "html-validate"


def _checkers() -> Path:
    need("npm")
    return installed("browser", HERE / "clients" / "package.json", NPM) / "node_modules"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS.split())
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page and what it did: console errors and warnings, exceptions, the URLs that it asked for."""

    page: Page
    server: str
    messages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def clean(self) -> None:
        """Nothing went wrong, nothing ran, nobody else was asked."""
        assert self.messages == []
        assert [url for url in self.asked if not url.startswith((self.server, "data:", "blob:"))] == []
        assert self.page.evaluate("window.ran ?? null") is None


@pytest.fixture
def visit(chromium: Browser, server: str) -> Iterator[Callable[..., Visit]]:
    """Opens a path of the server: ``visit("sparql", width=1200, javascript=True, dark=False)``."""
    with visiting(chromium, server) as opened:
        yield opened


@contextmanager
def visiting(chromium: Browser, server: str) -> Iterator[Callable[..., Visit]]:
    """Opens paths of a server, each in a context of its own, and closes them at the end."""
    contexts = []

    def opened(path: str, *, width: int = 1200, javascript: bool = True, dark: bool = False) -> Visit:
        context = chromium.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        made = Visit(context.new_page(), server)
        made.page.on("console", lambda m: made.messages.append(m.text) if m.type in ("error", "warning") else None)
        made.page.on("pageerror", lambda e: made.messages.append(str(e)))
        made.page.on("request", lambda r: made.asked.append(r.url))
        made.page.goto(server + path)
        return made

    try:
        yield opened
    finally:
        for context in contexts:
            context.close()
