"""Corpora with bases of their own in one release: what is checked, refused, published, withdrawn and redacted."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from quoth.claim.checking import check
from quoth.cli import cli
from quoth.config import Settings
from quoth.corpus.bases import Bases
from quoth.errors import CheckError, UsageError
from quoth.release.history import diff
from quoth.release.manifest import Manifest
from quoth.release.release import Releases
from quoth.sparql import examples

from ..neighbours import NEIGHBOURS, OFFICE, OWN, SPORT, TOWN, article, neighbours
from ..serving import free_port, serving
from .commands import quoth


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that serves two corpora, which is the current one."""
    folder = neighbours(tmp_path)
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> None:
    """Run a command in this process."""
    cli.main([*arguments], standalone_mode=False)


def manifest(both: Path) -> Manifest:
    """The manifest of the current release."""
    return Releases(both / "out").current().manifest


@pytest.mark.slow
def test_each_corpus_keeps_its_iris(both: Path) -> None:
    """What is published of a corpus beside others is what it says alone; questions are those of the whole release."""
    assert quoth("check", "--strict", cwd=both).returncode == 0
    run("publish")
    together = set(diff.lines(Releases(both / "out").current()))
    alone = quoth("publish", "--releases", str(both / "alone"), cwd=both.parent / "sport")
    assert alone.returncode == 0, alone.stderr
    questions = f" {examples.graph(SPORT)} .\n".encode()
    said = {line for line in diff.lines(Releases(both / "alone").current()) if not line.endswith(questions)}
    assert said < together
    assert manifest(both).base == Bases(OWN, {"sport": SPORT, "town": TOWN})
    assert json.loads((both / "out/1/manifest.json").read_text("utf-8"))["bases"] == {"sport": SPORT, "town": TOWN}


@pytest.mark.slow
def test_an_accepted_warning_is_accepted_beside_others(both: Path) -> None:
    """The digest of what is judged is that of the corpus alone."""
    sport = both.parent / "sport"
    accepted = "accepted: {rule: pronoun-name, reason: The office is called that., by: id/org/sport-news}"
    article(sport, "id/org/harbour-office", f"{{id: id/org/harbour-office, type: Organization, label: he, {accepted}}}")
    assert quoth("check", "--strict", cwd=both).returncode == 1
    drafted = ("draft", "--accepted", "articles/ferry.yaml", "--output", "articles/ferry.yaml")
    assert quoth(*drafted, cwd=sport).returncode == 0
    for folder in (sport, both):
        done = quoth("check", "--strict", cwd=folder)
        assert (done.returncode, "1 of them accepted" in done.stderr) == (0, True), done.stdout + done.stderr


REFUSED = {
    "no path": (
        'corpora = ["../town", "../sport"]',
        "quoth.toml:4: ../sport has a base of its own, https://sport.example",
    ),
    "a route": (
        'corpora = ["../town", {folder = "../sport", path = "claims"}]',
        "quoth.toml:4: the path claims cannot be given to a corpus",
    ),
    "a route within": (
        'corpora = ["../town",\n  {folder = "../sport", path = "x/id"}]',
        "quoth.toml:5: the path x/id cannot be given to a corpus: id has a meaning of its own",
    ),
    "the path of another": (
        'corpora = ["../town", {folder = "../sport", path = "town"}]',
        f"quoth.toml:4: the path town is that of {TOWN} too: the other place is quoth.toml:4",
    ),
    "no slug": ('corpora = [{folder = "../sport", path = "Sport!"}]', "quoth.toml:4: 'Sport!' is no path"),
    "a path that is another": (
        'corpora = [{folder = "../town", path = "city"}]',
        f"quoth.toml:4: {TOWN} is below {OWN}, where its path is town, and not city",
    ),
    "a path for no base": (
        'corpora = [{folder = "../bare", path = "bare"}]',
        "quoth.toml:4: ../bare has no base of its own",
    ),
    "one base, two paths": (
        'corpora = [{folder = "../sport", path = "a"}, {folder = "../again", path = "b"}]',
        f"the base {SPORT} has the path a already: the other place is quoth.toml:4",
    ),
    "a base within another": (
        'corpora = [{folder = "../sport", path = "a"}, {folder = "../within", path = "b"}]',
        f"../within/quoth.toml:1: what begins with {SPORT}id/more/ would be in two corpora: the other",
    ),
    "no base": (
        'corpora = [{folder = "../wrong", path = "b"}]',
        "../wrong/quoth.toml:1: 'sport' is not an absolute http URL",
    ),
    "a corpus twice": (
        'corpora = [{folder = "../sport", path = "a"}, {folder = "../sport/.", path = "b"}]',
        "quoth.toml:4: ../sport/. is named twice",
    ),
    "no table": ('corpora = [{path = "b"}]', "quoth.toml:4: it is no corpus of this one"),
}


@pytest.mark.parametrize(("line", "words"), REFUSED.values(), ids=REFUSED)
def test_what_would_collide_is_refused_with_its_place(line: str, words: str, both: Path) -> None:
    own = {"bare": 'title = "Bare"', "again": f'base = "{SPORT}"', "within": f'base = "{SPORT}id/more/"'}
    for name, text in {**own, "wrong": 'base = "sport"'}.items():
        (both.parent / name).mkdir()
        (both.parent / name / "quoth.toml").write_text(f"{text}\n", "utf-8")
    (both / "quoth.toml").write_text(re.sub(r"corpora = .*", lambda _: line, NEIGHBOURS), "utf-8")
    with pytest.raises(UsageError) as caught:
        run("check")
    assert words in str(caught.value)


def findings(both: Path) -> list[str]:
    """What is said about things in two corpora, each with its place."""
    report, _ = check.check([both], Settings.from_environment({}, [both]).base)
    return [f"{f.where}: {f.message}; {f.remedy}" for f in report.findings if f.rule == "shared-id"]


def test_an_entity_is_shared_where_both_declare_it_the_same(both: Path) -> None:
    town = both.parent / "town"
    article(town, OFFICE, f'{{id: "{OFFICE}", type: Organization, label: the harbour office}}')
    assert findings(both) == []
    article(town, OFFICE, f'{{id: "{OFFICE}", type: Organization, label: the office}}')
    [told] = findings(both)
    assert "sport/id/org/harbour-office is described in two corpora: the other place is" in told
    assert "they differ in label" in told
    assert told.count("articles/ferry.yaml:12") == 2
    article(town, OFFICE, f'{{id: "{SPORT}id/org/another", type: Organization, label: another office}}')
    [told] = findings(both)
    assert re.search(r"town/articles/ferry\.yaml:12: sport/id/org/another is of another corpus", told)
    assert "sport/quoth.toml:1" in told


def test_what_a_corpus_says_wrong_is_said_in_its_own_words(both: Path) -> None:
    article(both.parent / "sport", "id/org/harbor-office", "")
    done = quoth("check", cwd=both)
    assert "../sport/articles/ferry.yaml:14: " in done.stdout
    assert "id/org/harbor-office is not described anywhere" in done.stdout
    assert "https://sport" not in done.stdout.partition("is not described anywhere")[0].rpartition("\n")[2]


def test_a_text_of_the_same_name_is_of_the_article_of_its_corpus(both: Path) -> None:
    (both.parent / "sport" / "texts" / "ferry.txt").unlink()
    told = quoth("check", cwd=both)
    assert (told.returncode, "is not the recorded text" in told.stdout) == (0, False), told.stdout
    assert "its quotations could not be compared with its text" in told.stdout
    (both.parent / "town" / "texts" / "ferry.txt").write_text("Another text.", "utf-8")
    told = quoth("check", cwd=both)
    assert "../town/articles/ferry.yaml:1: ../town/texts/ferry.txt is not the recorded text" in told.stdout
    assert told.stdout.count("is not the recorded text") == 1
    held = quoth("recheck", cwd=both)
    assert "sport/articles/ferry.yaml: not compared: no text of ferry" in held.stderr


@pytest.mark.slow
def test_what_is_served_needs_no_documents(both: Path) -> None:
    """The manifest has the bases; a server may have nothing but the releases, and the first one publishes."""
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "serve", "--port", str(port := free_port())]
    for _ in range(2):
        with subprocess.Popen([*command, "--public-url", OWN], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert f"Quoth serves release 1 at {OWN}" in process.stdout.readline()
            request = f"http://127.0.0.1:{port}/claims/doc/sport/claim/ferry/late.ttl"
            with urllib.request.urlopen(request) as reply:
                assert f"<{SPORT}id/claim/ferry/late>".encode() in reply.read()
            process.terminate()
        shutil.rmtree(both.parent / "sport", ignore_errors=True)
        shutil.rmtree(both.parent / "town", ignore_errors=True)


@pytest.mark.slow
def test_the_next_release_is_the_last_one_and_the_difference(both: Path) -> None:
    """Published step by step, a release is that which is made at once."""
    run("publish")
    entities = "{id: id/org/harbour-office, type: Organization, label: the harbour office}"
    article(both.parent / "sport", "id/org/sport-news", entities)
    run("publish")
    assert quoth("publish", cwd=both).stdout.count("unchanged") == 1
    made = quoth("publish", "--releases", str(both / "anew"), cwd=both)
    assert made.returncode == 0, made.stderr
    kept, anew = Releases(both / "out").current(), Releases(both / "anew").current()
    assert (kept.number, kept.manifest.content_sha256) == (2, anew.manifest.content_sha256)
    assert {*kept.manifest.files} == {*anew.manifest.files}


def test_a_corpus_joins_without_a_change_of_iris(both: Path) -> None:
    text = (both / "quoth.toml").read_text("utf-8")
    (both / "quoth.toml").write_text(re.sub("corpora = .*", 'corpora = [{folder = "../sport", path = "sport"}]', text))
    run("publish")
    first = {*diff.lines(Releases(both / "out").current())}
    (both / "quoth.toml").write_text(text, "utf-8")
    plan = quoth("publish", "--plan", cwd=both)
    assert "+ town/id/claim/ferry/late" in plan.stdout
    assert "sport" not in plan.stdout.replace("sport/id/org/harbour-office", "")
    run("publish")
    assert first < {*diff.lines(Releases(both / "out").current())}
    told = quoth("diff", "1", "2", "--releases", "out", cwd=both)
    assert "+ town/id/article/ferry" in told.stdout
    assert "withdrawn" not in told.stderr


@pytest.mark.slow
def test_a_corpus_that_leaves_says_what_became_of_it(both: Path) -> None:
    run("publish")
    text = (both / "quoth.toml").read_text("utf-8")
    (both / "quoth.toml").write_text(re.sub("corpora = .*", 'corpora = ["../town"]', text), "utf-8")
    article(both.parent / "town", "id/org/town-news")
    assert quoth("publish", cwd=both).returncode == 1, "what is gone needs a notice"
    run("publish", "--withdraw", "The sport has a server of its own.", "--withdraw-by", "town/id/org/town-news")
    assert manifest(both).bases == {"sport": SPORT, "town": TOWN}
    with serving(both / "out", public_url=OWN) as server:
        gone = server.get("/claims/sport/id/claim/ferry/late", {"Accept": "text/turtle"})
        assert (gone.status, b"a server of its own" in gone.body) == (410, True)
        there = server.get("/claims/town/id/claim/ferry/late", {"Accept": "text/turtle"})
        assert (there.status, there.headers["location"]) == (303, f"{OWN}doc/town/claim/ferry/late")
        ask = f"DESCRIBE <{TOWN}id/claim/ferry/late>"
        assert f"<{TOWN}id/claim/ferry/late>".encode() in server.ask(ask, {"Accept": "text/turtle"}).body
        assert server.get("/claims/sport/id/claim/ferry/never").status == 404
    other = re.sub("corpora = .*", 'corpora = ["../town", {folder = "../port", path = "sport"}]', text)
    (both.parent / "port").mkdir()
    (both.parent / "port" / "quoth.toml").write_text('base = "https://port.example/"\n', "utf-8")
    (both / "quoth.toml").write_text(other, "utf-8")
    with pytest.raises(
        CheckError, match=f"the path sport leads to {SPORT} in release 2, and would lead to https://port"
    ):
        run("publish")


def test_a_plan_shows_notices_as_the_documents_of_each_corpus_get_them(both: Path) -> None:
    run("publish")
    documents = [both.parent / name / "articles" / "ferry.yaml" for name in ("sport", "town")]
    for path in documents:
        path.write_text(path.read_text("utf-8").partition("  - {id: on-time")[0], "utf-8")
    why = ("--withdraw", "It was misread.", "--withdraw-by", f"{SPORT}id/org/sport-news")
    plan = quoth("publish", "--plan", *why, cwd=both)
    shown = [line for line in plan.stdout.splitlines() if line.startswith("  - {id: ")]
    run("publish", *why)
    assert shown == [path.read_text("utf-8").splitlines()[-1] for path in documents]


@pytest.mark.parametrize(
    "written", ["sport/claim/ferry/late", "sport/id/claim/ferry/late", f"{SPORT}id/claim/ferry/late"]
)
def test_a_claim_is_redacted_in_its_corpus_alone(written: str, both: Path) -> None:
    run("publish")
    run("releases", "redact", written, "--reason", "A court has decided.", "--releases", "out")
    [notice] = manifest(both).redacted or ()
    assert notice["iri"] == f"{SPORT}id/claim/ferry/late"
    lines = b"".join(diff.lines(Releases(both / "out").current()))
    assert f"<{TOWN}id/claim/ferry/late> <http://www.w3.org/2000/01/rdf-schema#label>".encode() in lines
    assert f"<{SPORT}id/claim/ferry/late> <http://www.w3.org/2000/01/rdf-schema#label>".encode() not in lines
