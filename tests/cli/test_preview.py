"""quoth preview shows documents as they are saved, on this machine alone, and leaves nothing behind."""

import http.client
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from ..previewing import is_up, preview, save
from ..serving import Reply, Server, until
from ..small_article import BEAM, MONTH, document, write

CLAIM = "/doc/claim/bridge/"
HTML = {"Accept": "text/html"}
PROPOSED = "status: proposed"


def page(server: Server, name: str) -> Reply:
    return server.get(CLAIM + name, HTML)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "documents", document(BEAM, encoding=PROPOSED))
    return tmp_path


@pytest.mark.slow
def test_a_preview_follows_what_is_saved(corpus: Path) -> None:
    with preview(corpus, "--watch") as server:
        until(lambda: is_up(server), 60)
        first = page(server, "beam-cracked")
        assert first.status == 200  # although it is only proposed
        assert b"<strong>Preview</strong>" in first.body
        [token] = re.findall(rb'data-token="([^"]+)"', first.body)
        assert server.get("/preview/state").body == token
        assert page(server, "a-month").status == 404

        save(corpus, document(BEAM + MONTH, encoding=PROPOSED))
        until(lambda: page(server, "a-month").status == 200, 60)
        until(lambda: server.get("/preview/state").body not in (b"", token), 60)

        wrong = "<script>alert(1)</script> beam"
        save(corpus, document(BEAM.replace("a beam", wrong) + MONTH, encoding=PROPOSED))
        until(lambda: b"preview wrong" in page(server, "beam-cracked").body, 60)
        shown = page(server, "beam-cracked").body
        assert b"document-0.yaml:" in shown
        assert b"&lt;script&gt;alert(1)" in shown
        assert b"<script>alert" not in shown
        assert page(server, "a-month").status == 200  # the last good state stays
        until(lambda: wrong in (corpus / "output").read_text("utf-8"), 60)

        save(corpus, document(MONTH, encoding=PROPOSED))
        until(lambda: page(server, "beam-cracked").status in (404, 410), 60)
        assert b"preview wrong" not in page(server, "a-month").body
    assert list((corpus / "tmp").iterdir()) == []
    assert not (corpus / "releases").exists()
    assert "Traceback" not in (corpus / "errors").read_text("utf-8")


@pytest.mark.slow
def test_nothing_is_checked_again_where_nothing_changed(corpus: Path) -> None:
    with preview(corpus, "--watch") as server:
        until(lambda: is_up(server), 60)
        for number in range(3):
            (corpus / "documents" / f"notes-{number}.odt").write_text("nothing of a corpus", "utf-8")
            (corpus / "documents" / "document-0.yaml").read_bytes()
        save(corpus, document(BEAM + MONTH, encoding=PROPOSED))
        until(lambda: page(server, "a-month").status == 200, 60)
        (corpus / "documents" / "bridge.txt").touch()
        until(lambda: (corpus / "errors").read_text("utf-8").count("checked at") == 2, 60)


@pytest.mark.slow
def test_a_preview_begins_when_there_is_something_to_show(corpus: Path) -> None:
    save(corpus, document(BEAM.replace("a beam", "no beam")))
    with preview(corpus, "--watch") as server:
        until(lambda: "waiting for a change" in (corpus / "errors").read_text("utf-8"), 60)
        save(corpus, document(BEAM))
        until(lambda: is_up(server), 60)
        assert page(server, "beam-cracked").status == 200


def test_without_watch_findings_end_it(corpus: Path) -> None:
    save(corpus, document(BEAM.replace("a beam", "no beam")))
    with preview(corpus) as server:
        assert server.process.wait(60) == 1
    assert list((corpus / "tmp").iterdir()) == []


def test_it_can_be_ended_before_there_is_anything_to_show(corpus: Path) -> None:
    save(corpus, document(BEAM.replace("a beam", "no beam")))
    with preview(corpus, "--watch") as server:
        until(lambda: "waiting for a change" in (corpus / "errors").read_text("utf-8"), 60)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(60) == 130
    assert list((corpus / "tmp").iterdir()) == []


@pytest.mark.slow
def test_a_killed_preview_ends_wholly_and_the_next_one_removes_what_it_left(corpus: Path) -> None:
    with preview(corpus, "--watch") as server:
        until(lambda: is_up(server), 60)
        server.process.kill()
        until(lambda: not is_up(server), 20)
    [left] = (corpus / "tmp").glob("quoth-preview-*")
    with preview(corpus) as server, preview(corpus) as other:
        until(lambda: is_up(server) and is_up(other), 60)
        assert left not in (corpus / "tmp").iterdir()
        assert len([*(corpus / "tmp").glob("quoth-preview-*")]) == 2
    assert list((corpus / "tmp").iterdir()) == []


@pytest.mark.slow
def test_a_preview_is_for_this_machine_and_no_robot(corpus: Path) -> None:
    with preview(corpus) as server:
        until(lambda: is_up(server), 60)
        for path, accept in (
            (CLAIM + "beam-cracked", "text/html"),
            (CLAIM + "beam-cracked", "text/turtle"),
            ("/no", "*/*"),
        ):
            reply = server.get(path, {"Accept": accept, "If-None-Match": "*", "Accept-Encoding": "br"})
            assert reply.status in (200, 404)
            assert reply.headers["cache-control"] == "no-store"
            assert "noindex" in reply.headers["x-robots-tag"]
            assert not [name for name in reply.headers if name.startswith("access-control-")]
            assert "etag" not in reply.headers
            assert reply.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert server.get("/robots.txt").body == b"User-agent: *\nDisallow: /\n"
        assert server.get("/search?q=beam").status == 200
        for path in ("/search.atom?q=beam", "/changes"):
            assert server.get(path).body == b"A preview has no history and no feeds.\n"
        for path in ("/", CLAIM + "beam-cracked", "/claims", "/releases", "/releases/1", "/articles"):
            shown = server.get(path, HTML)
            assert shown.status == 200
            history = (b"changes", b"timemap", b"history.sqlite")
            assert not [link for link in re.findall(rb'href="[^"]*"', shown.body) if any(n in link for n in history)]
        assert server.request("HEAD", CLAIM + "beam-cracked", HTML).status == 200
        assert server.get("/", {"Host": "hostile.example"}).status == 421
        assert server.get("/", {"Host": f"localhost:{server.port}"}).status == 200
        other = http.client.HTTPConnection(_other_address(), server.port, timeout=5)
        with pytest.raises(OSError, match=r"refused|unreachable|Invalid|timed out"):  # on the loopback interface alone
            other.connect()


def _other_address() -> str:
    """An address of this machine that is not on the loopback interface; 0.0.0.1, which nothing has, without one."""
    found = subprocess.run([shutil.which("hostname") or "true", "-I"], capture_output=True, text=True, check=False)
    return next((a for a in found.stdout.split() if "." in a and not a.startswith("127.")), "0.0.0.1")
