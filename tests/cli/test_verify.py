"""``quoth verify`` as a user runs it: exit codes, formats, standard input, what it refuses."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from quoth.release.release import Release

from ..conftest import CORPUS
from ..serving import free_port, serving
from .commands import quoth


@pytest.fixture
def releases(release: Release) -> Path:
    return release.path.parent


def test_a_true_text_ends_with_0_and_an_altered_one_with_1(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "true.md").write_text("Tay said: “If the guild accepts, the ferry will sail twice a day”.")
    (tmp_path / "false.md").write_text("# News\n\nTay said: “If the guild accepts, the ferry won’t sail twice a day”.")
    true = quoth("verify", "true.md", "--releases", releases, cwd=tmp_path)
    assert (true.returncode, true.stdout) == (0, "")
    assert "1 passage: 1 verbatim. Searched: the words that" in true.stderr
    false = quoth("verify", "false.md", "--releases", releases, cwd=tmp_path)
    assert false.returncode == 1
    assert false.stdout.startswith("false.md:3:12: altered (certain): “If the guild accepts, the ferry won’t sail")
    assert "negation added" in false.stdout


def test_standard_input_and_the_formats(releases: Path, tmp_path: Path) -> None:
    text = "Tay said: “If the guild accepts, the ferry will sail twice a day”."
    for format_, beginning in (("json", "{"), ("sarif", "{"), ("html", "<!DOCTYPE html>")):
        done = quoth("verify", "-", "--format", format_, "--releases", releases, cwd=tmp_path, text=text)
        assert (done.returncode, done.stdout[: len(beginning)]) == (0, beginning)
    schema = quoth("verify", "--schema", cwd=tmp_path)
    assert json.loads(schema.stdout)["title"] == "Report of quoth verify"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "which text?"),
        (("none.md",), 2, "No such file"),
        (("empty.md",), 2, "the text has no words"),
        (("empty.md", "--language", "not a language"), 2, "the text has no words"),
        (("latin.md",), 2, "it is not UTF-8 (byte 1)"),
        ((".",), 2, "it is not a file"),
    ],
)
def test_what_cannot_be_read_is_refused(
    releases: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "empty.md").write_text(" \n")
    (tmp_path / "latin.md").write_bytes(b"a\xe9")
    done = quoth("verify", *arguments, "--releases", releases, cwd=tmp_path)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    done = quoth("verify", "-", "--releases", "none", cwd=tmp_path, text="“the ferry”")
    assert done.returncode == 5
    assert "quoth publish" in done.stderr


TEXT = "Tay said: “If the guild accepts, the ferry won’t sail twice a day”. “Nobody ever weighed it”, said Mara Lind."


def test_a_server_elsewhere_gives_the_same_in_every_format(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, "utf-8")
    with serving(releases, access_log="off") as server:
        base = f"http://127.0.0.1:{server.port}/"
        for arguments in ([], ["--verbose"], *(["--format", name] for name in ("json", "sarif", "html"))):
            local = quoth("verify", "a.md", *arguments, "--releases", releases, cwd=tmp_path)
            remote = quoth("verify", "a.md", *arguments, "--base", base, cwd=tmp_path)
            assert (remote.returncode, remote.stdout) == (local.returncode, local.stdout) == (1, local.stdout)
            told, *rest = remote.stderr.splitlines()
            assert told == f"quoth: sends a.md, {len(TEXT)} characters, to {base}verify"
            assert rest == local.stderr.splitlines()
        refused = quoth("verify", "-", "--base", base, cwd=tmp_path, text="…")
        assert (refused.returncode, "the text has no words" in refused.stderr) == (2, True)


@contextmanager
def answering(status: int, body: bytes, **fields: str) -> Iterator[str]:
    """A server that answers every POST so; no Quoth."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **fields}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


REPORT = b'{"release": 1, "claims": 1, "texts": 0, "notes": [], "passages": [{"start": "0"}]}'


@pytest.mark.parametrize(
    ("status", "body", "fields", "code", "words"),
    [
        (200, b"<html>hello", {}, 5, "no Quoth answers: its answer is no report"),
        (200, REPORT, {}, 5, "no Quoth answers: its answer is no report"),
        (200, b"[" * 100_000, {}, 5, "no Quoth answers"),
        (404, b"nothing", {}, 5, "no Quoth answers: it answers 404"),
        (301, b"", {"Location": "http://192.0.2.1/"}, 5, "it sends elsewhere, where the text is not sent"),
        (413, b'{"detail": "too long", "remedy": "split it"}', {}, 2, "too long (split it)"),
        (429, b'{"detail": "too many"}', {}, 5, "too many"),
        (503, b'{"detail": "busy \\u001b[31m"}', {}, 5, "busy"),
        (504, b'{"detail": "too slow"}', {}, 5, "too slow"),
    ],
)
def test_a_server_that_gives_no_report_is_told_as_such(
    tmp_path: Path, status: int, body: bytes, fields: dict[str, str], code: int, words: str
) -> None:
    with answering(status, body, **fields) as base:
        done = quoth("verify", "-", "--base", base, cwd=tmp_path, text=TEXT)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


def test_a_server_that_is_not_there_or_says_nothing(tmp_path: Path) -> None:
    done = quoth("verify", "-", "--base", f"http://127.0.0.1:{free_port()}/", cwd=tmp_path, text=TEXT)
    assert (done.returncode, "cannot be reached" in done.stderr) == (5, True)
    for base in ("ftp://x/", "localhost", "http://", "http://x/?a=b", "http://[", "http://x:99999/"):
        done = quoth("verify", "-", "--base", base, cwd=tmp_path, text=TEXT)
        assert (done.returncode, "--base: it is no URL" in done.stderr) == (2, True), base
    secret = quoth("verify", "-", "--base", f"http://me:pw@127.0.0.1:{free_port()}/", cwd=tmp_path, text=TEXT)
    assert "pw" not in secret.stderr


def test_texts_are_searched_where_they_are_at_hand(releases: Path, tmp_path: Path) -> None:
    done = quoth("verify", "-", "--releases", releases, "--texts", CORPUS, cwd=tmp_path, text=TEXT)
    assert "and the whole text of 1 article" in done.stderr
    assert "nor does the text of any article" in done.stdout
    both = quoth("verify", "-", "--texts", CORPUS, "--base", "http://localhost/", cwd=tmp_path, text=TEXT)
    assert (both.returncode, "leave out --releases and --texts" in both.stderr) == (2, True)
