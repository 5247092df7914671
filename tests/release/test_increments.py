"""A release that is made by changing the last one is the same as one that is made of all its lines."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quoth.claim.model.namespaces import ONTOLOGY_IRI
from quoth.claim.model.part import Part
from quoth.claim.reading.document import read
from quoth.claim.rules import publication
from quoth.errors import ReleaseError
from quoth.index import build, update
from quoth.release import advance, diff, full, nquads, segments
from quoth.release.diff import Difference
from quoth.release.publish import Approve, publish, publish_parts
from quoth.release.release import Release

from ..conftest import BASE, CORPUS

ARTICLE = re.compile(rb"(id/(?:claim|article|encoding|source|passage)/)harbour")
Corpus = dict[str, frozenset[bytes]]
"""The lines of parts by their names."""


@cache
def harbour() -> frozenset[bytes]:
    """What is published of the fictional article, without most of the ontology."""
    lines = nquads.to_lines(publication.published_quads(read(CORPUS / "harbour.yaml", BASE).quads, BASE))
    return frozenset(line for line in lines if not line.startswith(f"<{ONTOLOGY_IRI}".encode()) or b"certain" in line)


def article(name: str) -> frozenset[bytes]:
    """The article by another name; its entities stay shared."""
    return frozenset(ARTICLE.sub(rb"\1" + name.encode(), line) for line in harbour())


@dataclass
class Chain:
    """Releases of one corpus in a folder, and all parts that there ever were."""

    folder: Path
    force: bool = False
    known: dict[str, list[bytes]] = field(default_factory=dict)

    def publish(self, corpus: Corpus, approve: Approve | None = None) -> Release:
        """Publish the corpus in parts."""
        given = {hashlib.sha256(repr(sorted(part)).encode()).hexdigest(): sorted(part) for part in corpus.values()}
        self.known |= given
        made = [Part(key, lambda lines=lines: lines) for key, lines in given.items()]  # type: ignore[misc]
        return publish_parts(
            made,
            self.known.get,
            releases=self.folder,
            base=BASE,
            report_ttl="",
            report_json="{}",
            force=self.force,
            approve=approve,
        )


def lists(release: Release) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the lists, with IRIs and words in place of their numbers, but for the numbers that order claims."""
    with closing(sqlite3.connect(release.file("lists.sqlite"))) as connection:
        terms = dict(connection.execute("SELECT id, iri FROM term"))
        claims = dict(connection.execute("SELECT id, iri FROM claim"))
        items = dict(connection.execute("SELECT id, iri FROM item"))
        found: dict[str, list[tuple[Any, ...]]] = {
            "order": [*connection.execute("SELECT iri FROM claim ORDER BY id")],
            "words": sorted(
                connection.execute("SELECT iri, label, also, quotation FROM words JOIN item ON item.id = words.rowid")
            ),
            "vocabulary": sorted(connection.execute("SELECT term, col, doc, cnt FROM vocabulary")),
        }
        plain = {"iri", "counted", "innermost", "published", "reason", "role", "facet", "n", "kind_", "text", "folded"}
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'words*'"
        for (table,) in connection.execute(tables).fetchall():
            if table in ("term", "vocabulary") or table.startswith("sqlite_"):
                continue
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]

            def named(column: str, value: Any, table: str = table) -> Any:
                if value is None or column in plain or (table, column) in {("claim", "act"), ("item", "kind")}:
                    return value
                if table == "item" and column == "id":
                    return None
                if column in ("claim", "other") or (table, column) == ("claim", "id"):
                    return claims[value]
                return items[value] if column == "item" else terms[value] if value else value

            found[table] = sorted(
                (tuple(map(named, columns, row)) for row in connection.execute(f"SELECT * FROM {table}")), key=repr
            )
        return found


def held(release: Release) -> dict[str, Any]:
    """All that a release holds, in a form that can be compared."""
    manifest = release.manifest
    counts = ("quads", "asserted", "graphs", "claims", "claims_other_encodings", "articles", "content_sha256")
    return {
        "counts": [getattr(manifest, name) for name in counts],
        "files": {name: file for name, file in manifest.files.items() if not name.endswith(".sqlite")},
        "uncompressed": manifest.uncompressed,
        "store": sorted(nquads.to_lines(ox.Store.read_only(str(release.store_path)))),
        "lists": lists(release),
    }


def every_file(folder: Path) -> Iterator[tuple[Path, bytes]]:
    return ((path, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


LINES = st.integers(0, 10**6)
EDITS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["a", "b", "harbour-2", "z"])),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("rename"), st.integers(0, 9), st.sampled_from(["c", "y"])),
    st.tuples(st.just("cut"), st.integers(0, 9), st.lists(LINES, min_size=1, max_size=40)),
    st.tuples(st.just("say"), st.integers(0, 9), st.lists(LINES, min_size=1, max_size=8)),
    st.tuples(st.just("move"), st.integers(0, 9), st.lists(LINES, min_size=1, max_size=8)),
)


def edited(corpus: Corpus, edit: tuple[Any, ...]) -> Corpus:
    """The corpus after an edit: an article is new, gone or renamed; lines of any kind are cut, say other words, or take
    the object of another line (another class, source, article or kind)."""
    kind, *values = edit
    if kind == "add":
        return corpus | {values[0]: article(values[0])}
    if not corpus:
        return corpus
    name = sorted(corpus)[values[0] % len(corpus)]
    lines = sorted(corpus[name])
    others = {key: part for key, part in corpus.items() if key != name}
    if kind == "withdraw" or not lines:
        return others
    if kind == "rename":
        return others | {values[1]: article(values[1])}
    chosen = {lines[number % len(lines)] for number in values[1]}
    if kind == "cut":
        changed = set[bytes]()
    elif kind == "say":
        changed = {line.replace(b'"', b'"new ', 1) for line in chosen if b'"@en' in line}
    else:
        with_object = {line.split(b" ", 2)[1]: line for line in lines}
        changed = {
            line.split(b" ", 1)[0] + b" " + with_object[line.split(b" ", 2)[1]].split(b" ", 1)[1]
            for line in chosen
            if b"> .\n" in line
        }
    return others | {name: frozenset({*lines} - chosen | changed)}


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=st.lists(EDITS, min_size=1, max_size=5), keys=st.sampled_from([2, 16]))
def test_a_changed_release_is_the_same_as_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory, ways: list[str], edits: list[tuple[Any, ...]], keys: int
) -> None:
    changing = Chain(tmp_path_factory.mktemp("changing"))
    anew = Chain(tmp_path_factory.mktemp("anew"), force=True)
    corpus: Corpus = {"harbour": article("harbour"), "m": article("m")}
    ways.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "KEYS_A_SEGMENT", keys)
        patch.setattr(update, "LARGEST_SHARE", 100)
        for chain in (changing, anew):
            chain.publish(corpus)
        assert ways == ["full", "full"]
        for edit in edits:
            ways.clear()
            corpus = edited(corpus, edit)
            before = list(every_file(changing.folder))
            with pytest.MonkeyPatch.context() as patched:
                patched.delattr(build, "write")  # the lists are changed too
                changed = changing.publish(corpus)
            if changed.reused:
                assert not ways
                continue
            changed_content, content = held(changed), held(anew.publish(corpus))
            for name in content:
                assert changed_content[name] == content[name], name
            assert ways == ["advance", "full"]
            changed.verify()
            assert [(path, path.read_bytes()) for path, _ in before if path.parent != changing.folder] == [
                (path, data) for path, data in before if path.parent != changing.folder
            ]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ways in which releases were made, in their order."""
    made: list[str] = []
    for module in (advance, full):
        make = module.make

        def noted(*arguments: Any, _make: Any = make, _name: str = module.__name__.rpartition(".")[2]) -> Any:
            made.append(_name)
            return _make(*arguments)

        monkeypatch.setattr(module, "make", noted)
    return made


SAID = [f'<{BASE}id/article/{n}> <http://www.w3.org/2000/01/rdf-schema#label> "{n}"@en .\n'.encode() for n in range(9)]


def test_a_line_of_two_parts_stays_until_neither_has_it(tmp_path: Path, ways: list[str]) -> None:
    chain = Chain(tmp_path)
    chain.publish({"a": frozenset(SAID[:2]), "b": frozenset(SAID[1:3])})
    for corpus in ({"a": SAID[:2]}, {"a": SAID[:1]}, {"a": SAID[:1], "c": SAID[:2]}, {"c": SAID[:2]}):
        release = chain.publish({name: frozenset(lines) for name, lines in corpus.items()})
        assert sorted(diff.lines(release)) == sorted({line for lines in corpus.values() for line in lines})
    assert ways == ["full", *["advance"] * 3]  # the last one holds the same in other parts


def test_parts_that_did_not_change_are_not_asked(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    first = chain.publish({"a": frozenset(SAID[:2])})

    def lines() -> list[bytes]:
        raise AssertionError("the part is read")

    [key] = chain.known
    again = publish_parts(
        [Part(key, lines)], lambda key: lines(), releases=tmp_path, base=BASE, report_ttl="", report_json="{}"
    )
    assert (again.number, again.reused) == (first.number, True)


@pytest.mark.parametrize("recalled", [True, False])
def test_the_difference_to_approve_is_that_of_all_lines(tmp_path: Path, ways: list[str], recalled: bool) -> None:
    chain = Chain(tmp_path)
    first = chain.publish({"a": frozenset(SAID[:4]), "b": frozenset(SAID[4:])})
    if not recalled:
        chain.known.clear()
    told: list[Difference] = []
    changed = [SAID[0].replace(b'"0"', b'"zero"'), *SAID[2:4]]
    second = chain.publish(
        {"a": frozenset(changed), "b": frozenset(SAID[4:])}, lambda difference, current: told.append(difference)
    )
    assert told == [diff.compare(diff.lines(first), diff.lines(second), BASE)] == [diff.between(first, second)]
    assert (told[0].withdrawn, list(told[0].changed)) == ([f"{BASE}id/article/1"], [f"{BASE}id/article/0"])
    assert ways == ["full", "advance"]


def test_what_is_not_approved_leaves_nothing(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.publish({"a": frozenset(SAID[:2])})

    def refuse(difference: Difference, current: Release) -> None:
        raise ReleaseError("no")

    with pytest.raises(ReleaseError, match="no"):
        chain.publish({"a": frozenset(SAID[:3])}, refuse)
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "1", "current"}


def test_a_damaged_release_is_not_built_upon(tmp_path: Path, ways: list[str]) -> None:
    chain = Chain(tmp_path)
    first = chain.publish({"a": frozenset(SAID[:2])})
    path = first.segments()["claims.trig.gz"][-1].path
    path.write_bytes(path.read_bytes()[:-9] + bytes(9))
    second = chain.publish({"a": frozenset(SAID[:3])})
    second.verify()
    assert ways == ["full", "full"]


def test_quads_of_no_parts_change_the_last_release_too(tmp_path: Path, ways: list[str]) -> None:
    for count in (2, 5):
        quads = nquads.from_lines(SAID[:count])
        release = publish(quads, releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
        assert list(diff.lines(release)) == SAID[:count]
    assert ways == ["full", "advance"]
