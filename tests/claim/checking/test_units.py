"""The check of units gives the report of the check of the whole, and does nothing twice."""

import gc
import json
import operator
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check, workers
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.checked import checked
from quoth.claim.checking.parts import Parts, to_lines
from quoth.claim.model.report import Report
from quoth.claim.rules.publication import published_quads
from quoth.errors import UnavailableError
from quoth.resources import folder

from ...conftest import CORPUS
from ..mutation import addition
from .mutated import BASE, MUTATIONS
from .several_articles import copied

OTHER = "pier"


@pytest.fixture
def corpus(harbour: Path, tmp_path: Path) -> Path:
    """Two articles, their entities, a vocabulary, links to elsewhere, which name none of the articles, and a text."""
    path = tmp_path / "corpus"
    copied(harbour, path)
    copied(harbour, path, OTHER)
    for name in ("vocabulary.yaml", "targets.ttl", "roll.sssom.tsv"):
        shutil.copy(CORPUS / name, path / name)
    rows = (CORPUS / "register.sssom.tsv").read_text("utf-8").splitlines(keepends=True)
    (path / "register.sssom.tsv").write_text("".join(row for row in rows if "id:source/" not in row), "utf-8")
    (path / "texts").mkdir()
    shutil.copy(CORPUS / "harbour.txt", path / "texts")
    return path


def entries(cache: Path) -> set[Path]:
    """What is stored."""
    return {path for path in cache.rglob("*") if path.is_file() and path.parent != cache}


def lines_of_parts(parts: Parts) -> list[bytes]:
    """What is published in the parts."""
    return sorted({line for part in parts.all() for line in part.lines()})


def named(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The quads without a blank node: these are named anew whenever a document is read."""
    return [q for q in quads if not any(isinstance(term, ox.BlankNode) for term in q)]


def held_together(paths: list[Path], cache: Path, texts: Texts | None = None) -> Report:
    """The report, from an empty and from a full cache, which is that of the whole."""
    whole, quads = check.check(paths, BASE, texts)
    for _ in range(2):
        with checked(paths, BASE, texts, cache=cache) as outcome:
            assert outcome.report == whole
            assert named(outcome.quads()) == named(quads)
            if whole.conforms:
                assert outcome.parts is not None
                assert lines_of_parts(outcome.parts) == to_lines(published_quads(quads, BASE))
    return whole


def of_corpus(corpus: Path, cache: Path, *more: Path) -> Report:
    return held_together([corpus, *more], cache, Texts(corpus / "texts"))


def test_the_corpus_has_the_report_of_the_whole(corpus: Path, texts: Texts, tmp_path: Path) -> None:
    assert of_corpus(corpus, tmp_path / "cache").claims == 54
    assert held_together([CORPUS], tmp_path / "cache", texts).claims == 27


@pytest.mark.slow
@pytest.mark.long
def test_the_shipped_data_have_the_report_of_the_whole(tmp_path: Path) -> None:
    assert held_together([folder("data")], tmp_path / "cache").claims > 100


def cases() -> Iterator[Any]:
    """The mutations; all but a few take their time."""
    for number, mutation in enumerate(MUTATIONS):
        usable = not mutation.keys() & {"words"}
        if usable:
            yield pytest.param(mutation, id=mutation["what"], marks=pytest.mark.slow if number % 50 else ())


@pytest.mark.parametrize("mutation", [*cases()])
def test_a_mistake_has_the_report_of_the_whole(
    mutation: dict[str, Any], harbour: Path, corpus: Path, tmp_path: Path
) -> None:
    copied(harbour, corpus, mutation=mutation)
    of_corpus(corpus, tmp_path / "cache")


LATE = "id/claim/harbour/ferry-late"
SALT = "id/org/velm-salt"
ADDITIONS = {
    "a shared content": f"<id/claim/pier/pilots-ashore> quoth:content <{LATE}#content> .",
    "a node without an id": f"<{LATE}> rdfs:seeAlso [ rdfs:label 'x'@en ] .",
    "an entity without an id": f"<{SALT}> rdfs:seeAlso [ rdfs:label 'x'@en ] .",
    "a name twice": "<id/person/ann> a foaf:Person ; rdfs:label 'Velm Salt'@en .",
    "a person who is an organisation": f"<{SALT}> a foaf:Person .",
    "a name that nothing describes, in two articles": "".join(
        f"<id/claim/{slug}/ferry-late#attribution> quoth:source <id/org/velm-slat> ." for slug in ("harbour", OTHER)
    ),
    "a part with the name of an entity": f"<{LATE}#content> {{ <{LATE}#boat> rdfs:label 'Velm Salt'@en }}",
    "a company and a city, in two contents": f"<{LATE}#content> {{ <{SALT}> a schema:City }}"
    f" <id/claim/pier/ferry-late#content> {{ <{SALT}> a foaf:Group }}",
    "what is withdrawn": f"<{SALT}#gone> a quoth:Withdrawal ; quoth:withdraws <{SALT}> ; dcterms:date '2026-11-24' .",
    "a literal in another form": "".join(
        f"<id/claim/{slug}/ferry-late#anchor-position> oa:start 0014 ." for slug in ("harbour", OTHER)
    ),
    "an address without a host": f"<{SALT}> rdfs:seeAlso <velm-salt> .",
    "a relation between articles": "<id/article/pier#inference> "
    f"{{ <{LATE}> quoth:corroborates <id/claim/pier/ferry-late> }}",
    "a graph of nothing": "<id/dataset/x#graph> { <id/dataset/x#a> rdfs:label 'x'@en }",
    "a source in two articles": "<id/claim/pier/ferry-late#attribution> quoth:source <id/source/harbour/two-dockers> .",
    "an unknown word": f"<{LATE}#situation> quoth:kind <https://w3id.org/quoth/ns/kind#pump> .",
}


@pytest.mark.parametrize("text", ADDITIONS.values(), ids=ADDITIONS)
def test_a_bad_addition_has_the_report_of_the_whole(text: str, corpus: Path, tmp_path: Path) -> None:
    assert of_corpus(corpus, tmp_path / "cache", addition(text, tmp_path)).findings


BREAKS = {
    "articles/harbour.yaml": ('"polarity"', '"polarty"'),
    "entities.yaml": ('"type": "Organization"', '"type": "Organisation"'),
    "vocabulary.yaml": ("concepts:", "concepts: ["),
    "targets.ttl": ("void:Dataset", "void:Dataset ; a"),
    "articles/pier.yaml": ("id/org/velm-salt", "id/org/velm-slat"),
}


@pytest.mark.parametrize(("name", "change"), BREAKS.items(), ids=BREAKS)
def test_a_broken_document_has_the_report_of_the_whole(
    name: str, change: tuple[str, str], corpus: Path, tmp_path: Path
) -> None:
    path = corpus / name
    written = path.read_text("utf-8")
    assert change[0] in written
    path.write_text(written.replace(*change), "utf-8")
    of_corpus(corpus, tmp_path / "cache")


def test_only_what_changed_is_checked_again(corpus: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    of_corpus(corpus, cache)
    first = entries(cache)
    # A reading and quads of each document; verdicts on two articles and on the rest, and their parts; the ontology.
    assert len(first) == 2 * 7 + 2 * 3 + 1
    path = corpus / "articles" / "pier.yaml"
    path.write_text(path.read_text("utf-8").replace('"certain"', '"probable"', 1), "utf-8")
    of_corpus(corpus, cache)
    assert len(entries(cache) - first) == 2 + 2


def test_an_entity_is_checked_again_where_it_is_named(corpus: Path, tmp_path: Path) -> None:
    cache, path = tmp_path / "cache", corpus / "entities.yaml"
    extra = {"id": "id/org/nobody", "type": "Organization", "label": "Nobody"}
    written = json.loads(path.read_text("utf-8"))
    written["entities"].append(extra)
    path.write_text(json.dumps(written), "utf-8")
    of_corpus(corpus, cache)
    first = entries(cache)
    extra["label"] = "Nobody at all"
    path.write_text(json.dumps(written), "utf-8")
    of_corpus(corpus, cache)
    assert len(entries(cache) - first) == 2 + 2  # no article names it
    first = entries(cache)
    written["entities"][1]["altLabel"] = ["the Velm office"]
    path.write_text(json.dumps(written), "utf-8")
    of_corpus(corpus, cache)
    assert len(entries(cache) - first) == 2 + 2 * 3


def test_a_text_is_looked_for_again(corpus: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with_text = of_corpus(corpus, cache)
    (corpus / "texts" / "harbour.txt").write_text("Another text.", "utf-8")
    changed = of_corpus(corpus, cache)
    assert {f.rule for f in changed.findings} - {f.rule for f in with_text.findings} == {"text-changed", "text-at-hand"}


def test_a_damaged_entry_is_none(corpus: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    of_corpus(corpus, cache)
    for number, path in enumerate(sorted(entries(cache))):
        data = path.read_bytes()
        path.write_bytes((b"", data[:-1], data[:40] + b"\0" + data[41:], b"{}", data[32:])[number % 5])
    of_corpus(corpus, cache)


def test_a_cache_that_cannot_be_written_to_is_none(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    of_corpus(corpus, tmp_path / "file" / "cache")


def test_without_a_cache_nothing_stays(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with checked([corpus], BASE) as outcome:
        assert outcome.report == check.check([corpus], BASE)[0]
    assert [*(tmp_path / "temporary").iterdir()] == []


@pytest.mark.slow
def test_several_processes_give_the_report_of_the_whole(harbour: Path, corpus: Path, tmp_path: Path) -> None:
    for number in range(workers.LEAST):
        copied(
            harbour, corpus, f"harbour-{number}", {"change": {"id/source/harbour/mayor": {"label": f"mayor {number}"}}}
        )
    path = corpus / "articles" / "harbour-3.yaml"
    path.write_text(path.read_text("utf-8").replace("id/org/velm-salt", "id/org/velm-slat"), "utf-8")
    texts = Texts(corpus / "texts")
    with checked([corpus], BASE, texts, jobs=2) as outcome:
        assert outcome.report == check.check([corpus], BASE, texts)[0]


def test_a_process_that_ends_is_told(tmp_path: Path) -> None:
    with workers.Workers(2) as processes, pytest.raises(UnavailableError, match="has ended"):
        [*processes.shared(os._exit, range(1, workers.LEAST + 1))]


def test_results_of_processes_are_in_order_and_these_are_started_once() -> None:
    before = gc.get_threshold()
    numbers = range(5 * workers.LEAST)
    with workers.Workers(2) as several, workers.Workers(1) as one:
        assert [*several.shared(abs, numbers)] == [*one.shared(abs, numbers)] == [*numbers]
        asked = [os.getpid for _ in numbers]
        assert len({*several.shared(operator.call, asked)} | {*several.shared(operator.call, asked)}) <= 2
        assert {*one.shared(operator.call, asked)} == {os.getpid()}
    assert gc.get_threshold() == before


def test_parts_of_what_did_not_change_are_those_of_before(corpus: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with checked([corpus], BASE, cache=cache) as outcome:
        assert outcome.parts is not None
        first = {part.key: part.lines() for part in outcome.parts.all()}
    path = corpus / "articles" / "pier.yaml"
    path.write_text(path.read_text("utf-8").replace('"certain"', '"probable"', 1), "utf-8")
    with checked([corpus], BASE, cache=cache) as outcome:
        assert outcome.parts is not None
        second = {part.key for part in outcome.parts.all()}
        [gone] = first.keys() - second
        assert len(second - first.keys()) == 1
        assert outcome.parts.recall(gone) == first[gone]
        assert outcome.parts.recall("0" * 64) is None
