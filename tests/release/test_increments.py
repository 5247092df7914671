"""A release that is made by changing the last one is the same as one that is made of all its lines."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quoth.claim.model.part import Part
from quoth.errors import ReleaseError
from quoth.index import build, update
from quoth.release.build import advance, full
from quoth.release.dumps import nquads, segments
from quoth.release.history import diff
from quoth.release.plan import Plan
from quoth.release.publish import Approve, publish, publish_parts
from quoth.release.release import Release

from ..conftest import BASE
from .edits import EDITS, Corpus, article, edited, list_rows


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


def held(release: Release) -> dict[str, Any]:
    """All that a release holds, in a form that can be compared."""
    manifest = release.manifest
    counts = ("quads", "asserted", "graphs", "claims", "claims_other_encodings", "articles", "content_sha256")
    return {
        "counts": [getattr(manifest, name) for name in counts],
        "files": {name: file for name, file in manifest.files.items() if not name.endswith(".sqlite")},
        "uncompressed": manifest.uncompressed,
        "store": sorted(nquads.to_lines(ox.Store.read_only(str(release.store_path)))),
        "lists": list_rows(release.file("lists.sqlite")),
    }


def every_file(folder: Path) -> Iterator[tuple[Path, bytes]]:
    return ((path, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


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
        patch.setattr(update, "FEW", 10**9)
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
    told: list[Plan] = []
    changed = [SAID[0].replace(b'"0"', b'"zero"'), *SAID[2:4]]
    second = chain.publish({"a": frozenset(changed), "b": frozenset(SAID[4:])}, told.append)
    [plan] = told
    assert plan.difference == diff.compare(diff.lines(first), diff.lines(second), BASE) == diff.between(first, second)
    assert (plan.difference.withdrawn, list(plan.difference.changed)) == (plan.silent, [f"{BASE}id/article/0"])
    assert plan.silent == [f"{BASE}id/article/1"]
    assert ways == ["full", "advance"]


def test_what_is_not_approved_leaves_nothing(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.publish({"a": frozenset(SAID[:2])})

    def refuse(plan: Plan) -> None:
        raise ReleaseError("no")

    with pytest.raises(ReleaseError, match="no"):
        chain.publish({"a": frozenset(SAID[:3])}, refuse)
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "current.json", "1", "current"}


def test_a_damaged_release_is_not_built_upon(tmp_path: Path, ways: list[str]) -> None:
    chain = Chain(tmp_path)
    first = chain.publish({"a": frozenset(SAID[:2])})
    path = first.segments()["claims.trig.gz"][-1].path
    path.write_bytes(path.read_bytes()[:-9] + bytes(9))
    second = chain.publish({"a": frozenset(SAID[:3])})
    second.verify()
    assert ways == ["full", "full"]


def test_lists_of_which_too_much_changes_are_made_anew(
    tmp_path: Path, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update, "FEW", 0)
    chain = Chain(tmp_path / "changing")
    chain.publish({"harbour": article("harbour")})
    changed = chain.publish({"m": article("m")})
    assert ways == ["full", "advance"]
    changed.verify()
    anew = Chain(tmp_path / "anew").publish({"m": article("m")})
    assert list_rows(changed.file("lists.sqlite")) == list_rows(anew.file("lists.sqlite"))


def test_quads_of_no_parts_change_the_last_release_too(tmp_path: Path, ways: list[str]) -> None:
    for count in (2, 5):
        quads = nquads.from_lines(SAID[:count])
        release = publish(quads, releases=tmp_path, base=BASE, report_ttl="", report_json="{}")
        assert list(diff.lines(release)) == SAID[:count]
    assert ways == ["full", "advance"]
