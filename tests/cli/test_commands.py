"""The commands as a user runs them: exit codes, messages without a traceback, no file half written."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quoth.release.release import Releases

from .. import oxigraph
from .commands import quoth

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which the fictional corpus is published."""
    directory = tmp_path_factory.mktemp("published")
    result = quoth("publish", CORPUS, "--texts", CORPUS, cwd=directory)
    assert result.returncode == 0, result.stderr
    assert "release 1 is published" in result.stdout
    assert "not for sharing" in result.stderr
    return directory


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["link", "--help"]], ids=" ".join)
def test_help_and_version_import_no_command(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from quoth.cli import cli; cli.main(prog_name='quoth', standalone_mode=False);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert "quoth" in result.stdout
    assert {"click", "quoth"} <= set(result.stderr.split())
    assert not {"flask", "pyshacl", "rdflib", "pyoxigraph"} & set(result.stderr.split())


def test_a_check_imports_nothing_that_its_documents_do_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from quoth.cli import cli; cli.main(prog_name='quoth', standalone_mode=False);"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "check", "--no-cache", str(CORPUS / "harbour.yaml")]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    modules = set(result.stderr.split())
    assert {"quoth.claim.checking.checked", "rdflib"} <= modules
    assert not {"quoth.release.question_faults", "quoth.sparql.tokens", "language_tags", "pyshacl", "flask"} & modules


USAGE = {
    "no such file": (["check", "none.trig"], 2, "no such file"),
    "unknown suffix": (["check", __file__], 2, "of a syntax"),
    "unknown option": (["check", "--nonsense"], 2, "No such option"),
    "unknown command": (["nonsense"], 2, "No such command"),
    "bad base": (["check", "--base", "not a url"], 2, "http URL"),
    "base with a query": (["check", "--base", "http://x/?a"], 2, "has a query"),
    "no texts there": (["check", "--texts", "none"], 2, "no such directory"),
    "empty directory": (["check", "."], 2, "no documents"),
    "draft of nothing": (["draft", "none.txt"], 2, "No such file"),
    "anchors without texts": (["draft", "--anchors", "x.yaml"], 2, "--texts"),
    "nothing published": (["query", "ASK {}"], 5, "publish"),
    "bad port": (["serve", "--port", "0"], 2, "above zero"),
    "encoded public path": (
        ["serve", "--public-url", "http://localhost:8000/a%20b/"],
        2,
        "cannot be reached under the path",
    ),
    "no port": (["serve", "--port", "99999"], 2, "too large"),
    "releases in a file": (["publish", str(CORPUS), "--releases", f"{CORPUS}/harbour.txt/x"], 5, "nothing was"),
}


@pytest.mark.parametrize(("arguments", "code", "words"), USAGE.values(), ids=USAGE)
def test_usage_errors_have_an_exit_code_and_a_message(
    arguments: list[str], code: int, words: str, tmp_path: Path
) -> None:
    result = quoth(*arguments, cwd=tmp_path)
    assert result.returncode == code, result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_draft_never_overwrites_a_file(tmp_path: Path) -> None:
    first = quoth("draft", CORPUS / "harbour.txt", "-o", "d.yaml", cwd=tmp_path)
    assert first.returncode == 0
    second = quoth("draft", CORPUS / "harbour.txt", "-o", "d.yaml", cwd=tmp_path)
    assert second.returncode == 2
    assert "does not overwrite anything" in second.stderr


def test_check_reports_findings_by_exit_code_and_format(tmp_path: Path) -> None:
    broken = tmp_path / "h.yaml"
    broken.write_text((CORPUS / "harbour.yaml").read_text("utf-8").replace("polarity: negative", "polarity: up", 1))
    plain = quoth("check", "h.yaml", cwd=tmp_path)
    assert plain.returncode == 1
    assert plain.stdout.startswith("h.yaml:")
    as_json = quoth("check", "h.yaml", "--format", "json", cwd=tmp_path)
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout)["conforms"] is False
    broken.write_text("claims: [")
    assert quoth("check", "h.yaml", cwd=tmp_path).returncode == 3


def test_a_mistake_in_a_level_of_several_claims_is_printed_once(tmp_path: Path) -> None:
    shutil.copy(CORPUS / "vocabulary.yaml", tmp_path)
    written = (CORPUS / "harbour.yaml").read_text("utf-8")
    (tmp_path / "h.yaml").write_text(written.replace("speechAct: offered", "speechAct: ofered"), "utf-8")
    printed = [line for line in quoth("check", "h.yaml", cwd=tmp_path).stdout.splitlines() if "ofered" in line]
    line = written.partition("speechAct: offered")[0].count("\n") + 1
    assert [p.startswith(f"h.yaml:{line}: ") and p.endswith(" (found 2 times)") for p in printed] == [True]


def test_check_is_strict_about_a_text_named_by_texts(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    arguments: list[str | Path] = ["check", CORPUS / "harbour.yaml"]
    assert quoth(*arguments, cwd=tmp_path).returncode == 0
    missing = quoth(*arguments, "--texts", "texts", cwd=tmp_path)
    assert missing.returncode == 0
    assert "put the text there" in missing.stdout
    assert quoth(*arguments, "--texts", "texts", "--strict", cwd=tmp_path).returncode == 1


def test_nonconforming_documents_are_not_published(published: Path, tmp_path: Path) -> None:
    broken = tmp_path / "h.yaml"
    broken.write_text((CORPUS / "harbour.yaml").read_text("utf-8").replace("start: 14,", "start: 15,", 1))
    result = quoth("publish", broken, cwd=published)
    assert result.returncode == 1
    assert "nothing was published" in result.stderr
    assert sorted(p.name for p in (published / "releases").iterdir() if p.name.isdecimal()) == ["1"]


def test_publishing_unchanged_documents_makes_no_release(published: Path) -> None:
    result = quoth("publish", CORPUS, "--texts", CORPUS, cwd=published)
    assert result.returncode == 0
    assert "unchanged" in result.stdout


QUERIES = {
    "ask": (["ASK { ?c a <https://w3id.org/quoth/ns#Claim> }"], 0, "true"),
    "select": (["SELECT (COUNT(*) AS ?n) { ?c a <https://w3id.org/quoth/ns#Claim> }"], 0, "27"),
    "construct": (["CONSTRUCT { <x> <y> ?c } WHERE { ?c a <https://w3id.org/quoth/ns#Claim> } LIMIT 1"], 0, "/x>"),
    "json": (["ASK {}", "--format", "json"], 0, '"boolean":true'),
    "table": (
        ["SELECT ?l { <id/org/velm-salt> <http://www.w3.org/2000/01/rdf-schema#label> ?l }", "--format", "table"],
        0,
        "Velm Salt",
    ),
    "syntax error": (["SELECT * {\n oops }"], 3, "line 2"),
    "update": (["DELETE WHERE { ?s ?p ?o }"], 3, "quoth:"),
    "service": (["SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"], 3, "SERVICE"),
    "wrong kind of format": (["ASK {}", "--format", "turtle"], 4, "ASK"),
}


@pytest.mark.parametrize(("arguments", "code", "words"), QUERIES.values(), ids=QUERIES)
def test_query(arguments: list[str], code: int, words: str, published: Path) -> None:
    result = quoth("query", *arguments, cwd=published)
    assert result.returncode == code, result.stderr
    assert words in (result.stdout if code == 0 else result.stderr)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("format", ["table", "csv", "json", "turtle"])
def test_a_query_without_an_answer_is_told_what_is_not_there(format: str, published: Path) -> None:
    form = "CONSTRUCT WHERE" if format == "turtle" else "SELECT *"
    query = f"PREFIX quoth: <https://w3id.org/quoth/ns#> {form} {{ ?claim quoth:atribution ?level }}"
    result = quoth("query", query, "--format", format, cwd=published)
    assert result.returncode == 0
    place = f"line 1, column {query.index('quoth:a') + 1}"
    note = f"quoth: note: {place}: quoth:atribution is no term of the ontology (did you mean quoth:attribution?)"
    assert result.stderr.splitlines()[-1] == note
    assert "atribution" not in result.stdout


def test_query_from_standard_input(published: Path) -> None:
    assert "true" in quoth("query", cwd=published, text="ASK {}").stdout


def test_a_query_to_the_engine_of_the_settings_is_answered_by_the_current_release_alone(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Releases(published / "releases").current()
    asked = ("query", "--format", "csv", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--releases", release.path.parent)
    for options, code, says in (
        ((), 0, str(release.manifest.asserted)),
        (("--union-default-graph",), 5, "is the union of all graphs"),
    ):
        with oxigraph.serving("serve-read-only", release.store_path, *options) as url:
            monkeypatch.setenv("QUOTH_ENGINE", f"{url}/query")
            result = quoth(*asked, cwd=tmp_path)
        assert result.returncode == code
        assert says in result.stdout + result.stderr
