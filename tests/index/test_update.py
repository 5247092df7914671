"""Lists that are changed have the rows of lists that are made anew, and give the same answers in the same order."""

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quoth.claim.model.namespaces import QUOTH
from quoth.index import build, claim_summaries, facets, names, tally, update
from quoth.index.claims import ClaimIndex
from quoth.index.fulltext import Search, SearchQuery
from quoth.index.names import ItemFilter
from quoth.index.selection import Selection
from quoth.index.update import Changed
from quoth.release.dumps import nquads
from quoth.sparql import named_queries

from ..conftest import BASE
from ..release.edits import EDITS, TIES, Corpus, article, edited, list_rows, tie


def lines(corpus: Corpus) -> list[bytes]:
    """What is published of a corpus."""
    return sorted({line for part in corpus.values() for line in part})


def stored(published: list[bytes]) -> ox.Store:
    store = ox.Store()
    store.extend(nquads.from_lines(published))
    return store


def written(published: list[bytes], path: Path) -> int:
    """Lists that are made anew."""
    path.unlink(missing_ok=True)
    count = build.write(stored(published), path)
    claim_summaries.write(lambda: published, path)
    return count


def updated(path: Path, before: list[bytes], after: list[bytes]) -> int | None:
    """Lists that are changed."""

    def about(iris: Collection[str]) -> list[bytes]:
        starts = tuple(f"<{iri}{end}".encode() for iri in iris for end in "#>")
        return [line for line in after if line.startswith(starts)]

    removed, added = sorted({*before} - {*after}), sorted({*after} - {*before})
    return update.update(path, Changed(stored(before), stored(after), removed, added, about))


def answers(path: Path) -> Iterator[Any]:
    """What readers are told, in its order."""
    index = ClaimIndex(path, lambda name: pytest.fail("the file is whole"))
    search, every = Search(index), ItemFilter((BASE, *_classes(path)), True)
    claims = index.claims(Selection("all", encoding="all"), first=0, size=10**6)
    yield claims, index.relations(claims), index.summaries(claims), [index.following(claim) for claim in claims]
    yield [index.values(name, claims) for name in facets.FACETS if name != "act"]
    yield index.encodings(9), index.has_proposed, sorted(index.uncounted(claims)), search.kinds()
    for role in facets.ROLES:
        for thing in index.things(role, _classes(path), first=0, size=50):
            selection = Selection(role, thing.iri)
            yield role, thing, index.count(selection), index.claims(selection, first=0, size=99)
            if thing.claims > 2:
                yield [index.facet(selection, name) for name in facets.FACETS], index.graded(selection, first=0, size=9)
                yield index.pairs(selection, [QUOTH.contradicts.value], 9)
    for word in ("ferry", "guild", "harbour", "new", "the", "2024"):
        query = SearchQuery(f'"{word}"*')
        yield word, search.count(query), search.hits(query, first=0, size=99), search.names(query.words, 20)
        yield [search.facet(query, name) for name in facets.SEARCHED]
        yield names.exact(index, word, every), names.alike(index, word, every)
        yield names.beginning(index, word[:2], every, first=0, size=99)


def _classes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        text = "SELECT DISTINCT iri FROM class JOIN term ON term.id = class ORDER BY iri"
        return [iri for (iri,) in connection.execute(text)]


def check(steps: Iterable[Corpus], folder: Path, long: int = 200) -> None:
    """Changing the lists from each corpus to the next makes the lists of that."""
    changing, anew = folder / "changing.sqlite", folder / "anew.sqlite"
    before: list[bytes] | None = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(update, "FEW", 10**9)
        patch.setattr(tally, "LONG", long)
        for corpus in steps:
            after = lines(corpus)
            count = written(after, changing if before is None else anew)
            if before is not None:
                assert updated(changing, before, after) == count
                changed, new = list_rows(changing), list_rows(anew)
                for table in new:
                    assert changed[table] == new[table], table
                for one, other in zip(answers(changing), answers(anew), strict=True):
                    assert one == other
            before = after


FIRST: Corpus = {"harbour": article("harbour"), "m": article("m")}


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=st.lists(EDITS, min_size=1, max_size=6), long=st.sampled_from([3, 30, 200]))
def test_changed_lists_are_the_same_as_new_ones(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[Any, ...]], long: int
) -> None:
    check(accumulate(edits, edited, initial=FIRST), tmp_path_factory.mktemp("lists"), long)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TIES)))
def test_what_depends_on_another_article_changes_with_it(tmp_path: Path, number: int) -> None:
    tied = FIRST | {"ties": tie(number, "harbour", "m")}
    without = {name: part for name, part in tied.items() if name != "m"}
    check([FIRST, tied, without, tied, FIRST], tmp_path)


QUERIES = "".join(path.read_text() for path in named_queries.OWN.glob("list-*.rq"))
REPORTED = (b"#content> .\n", b"#inference> .\n")


def properties() -> list[tuple[bytes, bool]]:
    """The properties that the queries of the lists follow, and whether they are in a graph of their own."""
    used = {(line.split(b" ", 2)[1], line.endswith(REPORTED)) for line in FIRST["m"]}
    return sorted(
        (name, graph) for name, graph in used if re.search(rf":{_local(name)}\b", QUERIES) or b"#type" in name
    )


def _local(name: bytes) -> str:
    return re.split("[#/]", name[1:-1].decode())[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "reported"), properties())
def test_what_depends_on_a_property_changes_with_it(tmp_path: Path, name: bytes, reported: bool) -> None:
    def without(part: frozenset[bytes]) -> frozenset[bytes]:
        return frozenset(
            line
            for line in part
            if line.split(b" ", 2)[1] != name or line.endswith(REPORTED) != reported or b"/harbour" in line
        )

    check([FIRST, {place: without(part) for place, part in FIRST.items()}, FIRST], tmp_path)
