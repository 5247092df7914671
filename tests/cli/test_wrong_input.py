"""Wrong input of each command: one line that says what, where and what to do, the right exit code, and no traceback.

"I did not understand" (2, 3), "I could not look" (5) and "there is none" (0 and an empty result) are told apart.
"""

import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import quoth as package
from quoth.release.release import Release

from ..serving import free_port, serving
from .commands import quoth

CORPUS = Path(__file__).parent.parent / "corpus"
NOTHING = "SELECT ?x { ?x <https://w3id.org/quoth/ns#attribution> ?x }"

# arguments (REL: the folder of a release), exit code, words on standard error
COMMANDS: dict[str, tuple[list[str], int, str]] = {
    "no such command": (["publsh"], 2, "No such command 'publsh'"),
    "no such option": (["query", "--relases", "x"], 2, "No such option '--relases'"),
    "an argument too many": (["serve", "extra"], 2, "unexpected extra argument"),
    "query: no rows": (["query", NOTHING, "--releases", "REL"], 0, ""),
    "query: empty": (["query", "", "--releases", "REL"], 3, "the query is empty"),
    "query: nothing on standard input": (["query", "--releases", "REL"], 3, "the query is empty"),
    "query: only a comment": (["query", "# x", "--releases", "REL"], 3, "the query is empty"),
    "query: twice": (["query", "ASK {}", "-f", "bom.rq", "--releases", "REL"], 2, "not both"),
    "query: a byte order mark": (["query", "-f", "bom.rq", "--releases", "REL"], 0, ""),
    "query: empty file": (["query", "-f", "empty.rq", "--releases", "REL"], 3, "the query is empty"),
    "query: not UTF-8": (["query", "-f", "latin.rq", "--releases", "REL"], 2, "latin.rq:1: it is not UTF-8 (byte 7)"),
    "query: argument not UTF-8": (["query", "ASK { '\udce9' }", "--releases", "REL"], 2, "the query is not UTF-8"),
    "query: a folder for a file": (["query", "-f", "empty", "--releases", "REL"], 2, "empty: Is a directory"),
    "query: no such file": (["query", "-f", "none.rq", "--releases", "REL"], 2, "none.rq: No such file"),
    "query: format": (["query", "ASK {}", "--format", "xlsx"], 2, "'xlsx' is not one of"),
    "query: no such folder": (["query", "ASK {}", "--releases", "typo"], 5, "there is no folder typo"),
    "query: empty folder": (["query", "ASK {}", "--releases", "empty"], 5, "nothing is published in empty"),
    "query: a file for a folder": (
        ["query", "ASK {}", "--releases", "bom.rq"],
        5,
        "bom.rq: the releases cannot be read",
    ),
    "query: a link to itself": (["query", "ASK {}", "--releases", "loop"], 5, "there is no folder loop"),
    "query: odd folder": (["query", "ASK {}", "--releases", 'no "such" földer'], 5, "there is no folder no"),
    "query: engine": (["query", "ASK {}", "--engine", "typo"], 2, "'typo' is not an absolute http URL"),
    "query: no engine there": (["query", "ASK {}", "--engine", "http://127.0.0.1:9/"], 5, "127.0.0.1:9/ cannot be"),
    "serve: no such folder": (["serve", "--releases", "typo"], 5, "quoth publish --releases typo"),
    "serve: empty folder": (["serve", "--releases", "empty"], 5, "nothing is published in empty"),
    "serve: a file for a folder": (["serve", "--releases", "bom.rq"], 5, "the releases cannot be read"),
    "serve: host": (["serve", "--releases", "REL", "--host", "x.invalid"], 5, "give another --host"),
    "serve: no host": (["serve", "--releases", "REL", "--host", ""], 2, "host: the address is missing"),
    "serve: port": (["serve", "--releases", "REL", "--port", "x"], 2, "--port: 'x' is not a whole number"),
    "serve: negative port": (["serve", "--releases", "REL", "--port", "-1"], 2, "--port: '-1' is not above zero"),
    "serve: public URL": (["serve", "--releases", "REL", "--public-url", "x"], 2, "--public-url: 'x' is not"),
    "check: suffix": (["check", "bom.rq"], 2, "bom.rq: .rq is not the suffix of a syntax"),
    "check: format": (["check", "--format", "xml"], 2, "'xml' is not one of"),
    "check: texts in a file": (["check", str(CORPUS), "--texts", "bom.rq"], 2, "bom.rq: there is no such directory"),
    "check: an empty path": (["check", ""], 2, "the path is empty"),
    "check: an empty path of texts": (["check", str(CORPUS), "--texts", ""], 2, "the path is empty"),
    "publish: an empty path": (["publish", "", "--releases", "new"], 2, "the path is empty"),
    "publish: an empty path of releases": (["publish", str(CORPUS), "--releases", ""], 2, "the path is empty"),
    "publish: nothing there": (["publish", "empty"], 2, "no documents"),
    "publish: base": (["publish", str(CORPUS), "--base", "x"], 2, "base: 'x' is not an absolute http URL"),
    "draft: a folder": (["draft", "empty"], 2, "empty: Is a directory"),
    "draft: empty": (["draft", "empty.rq"], 2, "the text is empty"),
    "draft: a document": (["draft", str(CORPUS / "harbour.yaml")], 2, "did you mean quoth draft --anchors"),
    "draft: a document under another name": (["draft", "document.txt"], 2, "this is a document"),
    "draft: no words": (["draft", "marks.txt"], 2, "the text has no words"),
    "draft: not UTF-8": (["draft", "latin.rq"], 2, "not UTF-8"),
    "draft: language": (["draft", "bom.rq", "--language", "English"], 2, "'English' is not a language tag"),
    "draft: slug": (["draft", "bom.rq", "--slug", "A b"], 2, "'A b' is not a slug"),
    "draft: output below a file": (["draft", "bom.rq", "-o", "bom.rq/x"], 2, "bom.rq/x: "),
    "draft: offsets of no document": (["draft", "--anchors", "bom.rq", "--texts", "."], 2, "of a syntax"),
    "draft: digests of no document": (["draft", "--accepted", "bom.rq"], 2, "of a syntax"),
    "link: target": (["link", "suggest", "none"], 2, "there is no target 'none'"),
    "link: no targets": (["link", "suggest", "wikidata", "--targets", "empty.rq"], 2, "the table names none"),
    "link: no table": (
        ["link", "suggest", "wikidata", "--targets", "none"],
        2,
        "none: the targets cannot be read: No such",
    ),
    "link: score": (["link", "suggest", "wikidata", "--least", "2"], 2, "2.0 is not in the range"),
    "link: table of candidates": (
        ["link", "accept", "empty", str(CORPUS), "--by", "id/org/quoth"],
        3,
        "empty: Is a directory",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file and a folder of each wrong kind."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "empty").mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "empty.rq").touch()
    (folder / "marks.txt").write_text("… !\n", "utf-8")
    (folder / "document.txt").write_text("id: id/article/a\ntype: Article\n", "utf-8")
    (folder / "bom.rq").write_text("\ufeffASK {}", "utf-8")
    (folder / "latin.rq").write_bytes("ASK { 'é' }".encode("latin-1"))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "code", "words"), COMMANDS.values(), ids=COMMANDS)
def test_wrong_input_is_one_line_and_an_exit_code(
    arguments: list[str], code: int, words: str, folder: Path, release: Release
) -> None:
    given = [str(release.path.parent) if argument == "REL" else argument for argument in arguments]
    result = quoth(*given, cwd=folder, text="")
    assert result.returncode == code, result.stderr
    assert words in result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == (code != 0), lines
    assert all(line.startswith("quoth: ") for line in lines)
    assert code == 0 or result.stdout == ""


def test_an_empty_graph_is_said_to_be_empty(folder: Path, release: Release) -> None:
    query = ["query", NOTHING.replace("SELECT ?x", "CONSTRUCT WHERE"), "--releases", str(release.path.parent)]
    result = quoth(*query, "--format", "table", cwd=folder)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "0 statements\n")


def run(
    folder: Path, *arguments: str, text: bytes = b"", variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from quoth.cli import main; main()", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(variables or {})},
        input=text,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ({"QUOTH_PROCESES": "2"}, 2, "QUOTH_PROCESES: there is no such setting (did you mean QUOTH_PROCESSES?)"),
        ({"QUOTH_ACCESS_LOG": "/none/x"}, 2, "/none/x: the access log cannot be opened"),
        ({"QUOTH_ACCESS_LOG": "."}, 2, "the access log cannot be opened"),
        ({"QUOTH_QUERY_RATE_LIMIT": "lots"}, 2, "QUOTH_QUERY_RATE_LIMIT: 'lots' is not a rate"),
        ({"QUOTH_TRUSTED_PROXIES": "all"}, 2, "QUOTH_TRUSTED_PROXIES: "),
        ({"QUOTH_SERVICE_ENDPOINTS": "x"}, 2, "QUOTH_SERVICE_ENDPOINTS: 'x'"),
        ({"QUOTH_QUERY_MEMORY_MB": "1"}, 2, "QUOTH_QUERY_MEMORY_MB: '1' is too small"),
    ],
    ids=lambda value: next(iter(value.items()))[0] if isinstance(value, dict) else "",
)
def test_a_wrong_setting_ends_the_server_before_it_starts(
    variables: dict[str, str], code: int, words: str, folder: Path, release: Release
) -> None:
    port = str(free_port())
    result = run(folder, "serve", "--releases", str(release.path.parent), "--port", port, variables=variables)
    assert (result.returncode, len(result.stderr.splitlines())) == (code, 1), result.stderr
    assert words in result.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize("exists", [True, False], ids=["empty", "missing"])
def test_the_advice_about_a_folder_without_releases_makes_the_server_work(tmp_path: Path, exists: bool) -> None:
    name, port = "my releases", free_port()
    if exists:
        (tmp_path / name).mkdir()
    refused = run(tmp_path, "serve", "--releases", name, "--port", str(port))
    assert refused.returncode == 5
    [advice] = re.findall(r"`quoth (.+)`", refused.stderr.decode())
    done = run(tmp_path, *shlex.split(advice))
    assert done.returncode == 0, done.stderr
    with serving(tmp_path / name, port, public_url=f"http://localhost:{port}/", access_log="off") as server:
        entity = server.get("/id/org/ttp", {"Accept": "text/turtle"})
        assert entity.headers["location"] == f"http://localhost:{port}/doc/org/ttp"
        assert f"<http://localhost:{port}/id/org/ttp>".encode() in server.get("/doc/org/ttp.nt").body


@pytest.mark.parametrize(("there", "missing"), [((), "click"), (("click",), "rich")])
def test_a_package_that_is_not_installed_is_one_line(tmp_path: Path, there: tuple[str, ...], missing: str) -> None:
    places = {name: Path(str(importlib.import_module(name).__file__)).parent for name in there}
    for name, place in {"quoth": Path(package.__file__).parent, **places}.items():
        (tmp_path / name).symlink_to(place)
    # Without -S, Python adds the folder in which everything is installed.
    command = [sys.executable, "-S", "-m", "quoth", "query", "ASK {}"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 5
    [line] = result.stderr.splitlines()
    assert line.startswith(f"quoth: the package {missing} is not installed (`")
    assert "-m pip install quoth" in line


def test_a_variable_that_is_no_setting_is_named(folder: Path, release: Release) -> None:
    result = run(folder, "query", "ASK {}", "--releases", str(release.path.parent), variables={"QUOTH_COLOUR": "blue"})
    assert (result.returncode, result.stdout) == (0, b"true\n")
    assert b"QUOTH_COLOUR is not one of Quoth's settings" in result.stderr


def test_standard_input_that_is_not_utf_8(folder: Path, release: Release) -> None:
    result = run(folder, "query", "--releases", str(release.path.parent), text=b"ASK { '\xe9' }")
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"standard input: it is not UTF-8 (byte 7)" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_one_line(folder: Path, release: Release) -> None:
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "query", "ASK {}"]
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [*command, "--releases", str(release.path.parent)],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    assert (result.returncode, result.stderr) == (5, b"quoth: No space left on device\n")
