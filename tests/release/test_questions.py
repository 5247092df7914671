"""A corpus's own questions: found beside its documents, checked, and published with them; never those of another."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.reading import document
from quoth.release import question_faults, questions
from quoth.release.release import Release, Releases
from quoth.sparql import named_queries, unknown_terms

from ..conftest import BASE, CORPUS, application
from .past_releases import VERSIONS, build

ASKED = """# title: Who speaks of {entity}?
# group: The quay
# description: Everybody who makes a claim about it.
# parameter: entity iri:entity id/org/velm-salt Whom or what

PREFIX schema: <https://schema.org/>
SELECT ?claim WHERE { VALUES ?entity { <id/org/velm-salt> } ?claim schema:about ?entity }
ORDER BY ?claim
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the fictional corpus with a question of its own."""
    folder = tmp_path / "corpus"
    (folder / "queries").mkdir(parents=True)
    for file in CORPUS.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    (folder / "queries" / "who-speaks.rq").write_text(ASKED)
    return folder


@pytest.fixture(scope="module")
def harbour_quads() -> list[ox.Quad]:
    """The quads of the corpus."""
    return [quad for path in document.files([CORPUS]) for quad in document.read(path, BASE).quads]


def quoth(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from quoth.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def published(corpus: Path) -> Release:
    releases = corpus.parent / "releases"
    done = quoth("publish", corpus, "--texts", corpus, "--base", BASE, "--releases", releases)
    assert done.returncode == 0, done.stderr
    return Releases(releases).current()


def names(folder: Path) -> list[str]:
    with application(folder) as app:
        return [q["name"] for q in app.test_client().get("/queries.json").get_json()]


GENERAL = {q.name for q in named_queries.load(named_queries.QUESTIONS)}


@pytest.mark.slow
def test_a_corpus_has_its_own_questions_and_those_of_every_corpus(corpus: Path) -> None:
    release = published(corpus)
    assert [q.name for q in release.questions()] == ["who-speaks"]
    release.verify()
    with application(corpus.parent / "releases") as app:
        client = app.test_client()
        listed = client.get("/queries.json").get_json()
        assert listed[0]["title"] == "Who speaks of Velm Salt?"
        assert listed[0]["group"] == "The quay"
        assert {q["name"] for q in listed} == GENERAL | {"who-speaks"}
        assert int(client.get("/queries/who-speaks?format=csv").headers["X-Total-Count"]) > 0
        assert json.loads(client.get("/releases/1/questions.json").text) == {"who-speaks": ASKED}
        assert "questions.json" in client.get("/releases/1/SHA256SUMS").text


@pytest.mark.slow
def test_a_changed_question_makes_a_release_and_an_unchanged_one_none(corpus: Path) -> None:
    assert [published(corpus).number for _ in range(2)] == [1, 1]
    (corpus / "queries" / "who-speaks.rq").write_text(ASKED.replace("Everybody", "Everyone"))
    assert published(corpus).number == 2
    (corpus / "queries" / "who-speaks.rq").unlink()
    assert published(corpus).questions() == ()


@pytest.mark.slow
def test_a_question_of_the_corpus_comes_instead_of_one_of_the_same_name(corpus: Path) -> None:
    (corpus / "queries" / "who-speaks.rq").rename(corpus / "queries" / "timeline.rq")
    published(corpus)
    with application(corpus.parent / "releases") as app:
        assert app.test_client().get("/queries.json").get_json()[0]["name"] == "timeline"
        assert len(names(corpus.parent / "releases")) == len(GENERAL)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_release_has_the_questions_of_every_corpus(tmp_path: Path, version: str) -> None:
    build(version, tmp_path)
    assert set(names(tmp_path)) == GENERAL
    with application(tmp_path) as app:
        for name in GENERAL:
            assert app.test_client().get(f"/queries/{name}").status_code == 200, name


def test_questions_are_found_beside_documents_and_in_the_folder_above(corpus: Path) -> None:
    within = corpus / "articles"
    within.mkdir()
    document = (corpus / "harbour.yaml").rename(within / "harbour.yaml")
    for path in (corpus, within, document):
        assert [file.name for file in questions.files([path])] == ["who-speaks.rq"]
    assert not questions.files([CORPUS])


BROKEN = {
    "no title": (ASKED.replace("# title", "# tile"), 1, "no title"),
    "a parameter of no type": (ASKED.replace("iri:entity id", "word id"), 4, "not a type"),
    "a kind that there is not": (ASKED.replace("iri:entity id", "iri:person id"), 4, "not a kind"),
    "no block": (ASKED.replace("VALUES ?entity", "VALUES ?other"), 4, "VALUES ?entity"),
    "a title with an unknown parameter": (ASKED.replace("of {entity}", "of {thing}"), 1, "{thing}"),
    "syntax": (ASKED.replace("about ?entity }", "about ?entity ("), 7, "( that opens here is never closed"),
    "an undeclared prefix": (ASKED.replace("PREFIX schema", "PREFIX other"), 7, "prefix schema: is not declared"),
    "lost graphs": (
        ASKED.replace("?claim schema", "GRAPH ?g { SELECT ?s { ?s ?p ?o } } ?claim schema"), 7, "SELECT within GRAPH ?g"
    ),
    "no SELECT": (ASKED.replace("SELECT ?claim WHERE", "ASK").replace("ORDER BY ?claim\n", ""), 1, "not a SELECT"),
    "a limit": (ASKED + "LIMIT 5\n", 9, "LIMIT"),
    "a call elsewhere": (
        ASKED.replace("?claim schema", "SERVICE <http://e/> { ?claim ?p ?o } ?claim schema"), 7, "SERVICE"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_question_that_cannot_be_asked_is_a_violation(corpus: Path, text: str, line: int, words: str) -> None:
    file = corpus / "queries" / "who-speaks.rq"
    file.write_text(text)
    good, [finding] = questions.check([corpus], BASE)
    assert not good
    assert (finding.severity, finding.rule, finding.file, finding.line) == ("Violation", "question", str(file), line)
    assert words in finding.message
    assert finding.remedy


def test_a_mistake_in_the_query_has_its_column_and_a_remedy(corpus: Path) -> None:
    (corpus / "queries" / "who-speaks.rq").write_text(ASKED.replace("PREFIX schema", "PREFIX other"))
    _, [finding] = questions.check([corpus], BASE)
    line = ASKED.splitlines()[6]
    assert finding.where.endswith(f"who-speaks.rq:7:{line.index('schema:') + 1}")
    assert finding.remedy == "add PREFIX schema: <https://schema.org/> at the top"


def test_all_that_is_wrong_with_a_question_is_said(corpus: Path) -> None:
    (corpus / "queries" / "who-speaks.rq").unlink()
    (corpus / "queries" / "Who speaks.rq").write_text(ASKED + "LIMIT 5 OFFSET 5\n")
    _, findings = questions.check([corpus], BASE)
    assert [f.message.partition(" cannot")[0] for f in findings] == ["the name of the file", *["a question"] * 2]


UNKNOWN = {
    "a term": ("schema:about", "quoth:abuot", "Violation", 7, "quoth:abuot is no term of the ontology", "listed at"),
    "a term like another": ("schema:about", "quoth:concrns", "Violation", 7, "no term", "did you mean quoth:concerns?"),
    "another vocabulary": ("schema:about", "schema:abot", "Warning", 7, "no statement has", "schema:about?"),
    "a default": ("id/org/velm-salt Whom", "id/org/salt Whom", "Violation", 4, "<id/org/salt> is not described", "id"),
    "a thing": ("about ?entity", "about <id/org/salt>", "Violation", 7, "<id/org/salt> is not described", "id"),
}


@pytest.mark.parametrize(("old", "new", "severity", "line", "words", "remedy"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_a_question_names_has_to_be_there(
    corpus: Path, harbour_quads: list[ox.Quad], old: str, new: str, severity: str, line: int, words: str, remedy: str
) -> None:
    prefix = "PREFIX schema: <https://schema.org/> PREFIX quoth: <https://w3id.org/quoth/ns#>"
    text = ASKED.replace("PREFIX schema: <https://schema.org/>", prefix)
    file = corpus / "queries" / "who-speaks.rq"
    file.write_text(text)
    assert questions.check([corpus], BASE, named_in(harbour_quads))[1] == []
    file.write_text(text.replace(old, new))
    good, [finding] = questions.check([corpus], BASE, named_in(harbour_quads))
    assert len(good) == 1, "it can be asked"
    assert (finding.severity, finding.line) == (severity, line)
    assert words in finding.message
    assert remedy in finding.remedy


def named_in(quads: list[ox.Quad]) -> Callable[[set[str]], set[str]]:
    """A function that gives those of some IRIs that stand in the quads."""
    terms = {term.value for q in quads for term in q if isinstance(term, ox.NamedNode)}
    return terms.intersection


@pytest.mark.parametrize("file", sorted(named_queries.QUESTIONS.glob("*.rq")), ids=lambda file: file.stem)
def test_the_questions_of_every_corpus_name_what_is_there(file: Path, harbour_quads: list[ox.Quad]) -> None:
    question = named_queries.read(file)
    places = question_faults.mentioned(question, BASE)
    missing = places.keys() - named_in(harbour_quads)({*places}) - {*unknown_terms.vocabulary()}
    assert [*question_faults.unknown(question, file, BASE, places, missing)] == []


@pytest.mark.slow
def test_check_and_publish_say_where_a_question_is_wrong(corpus: Path) -> None:
    file = corpus / "queries" / "who-speaks.rq"
    file.write_text(ASKED + "LIMIT 5\n")
    checked = quoth("check", corpus, "--texts", corpus)
    assert checked.returncode == 1
    assert f"{file}:9:1: a question cannot have LIMIT there" in checked.stdout
    refused = quoth("publish", corpus, "--texts", corpus, "--base", BASE, "--releases", corpus.parent / "releases")
    assert refused.returncode == 1
    assert not Releases(corpus.parent / "releases").numbers()


@pytest.mark.parametrize("name", ["Who Speaks.rq", "who_speaks.rq", "ferry?.rq"])
def test_the_name_of_a_question_can_stand_in_an_address(corpus: Path, name: str) -> None:
    (corpus / "queries" / "who-speaks.rq").rename(corpus / "queries" / name)
    _, [finding] = questions.check([corpus], BASE)
    assert "name of the file" in finding.message
