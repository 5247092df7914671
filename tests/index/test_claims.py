"""Lists of claims and their counts equal the engine's, with and without filters, in a file and in memory."""

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import CERTAINTY, QUOTH, Term
from quoth.claim.rules import publication
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.errors import QueryTimeoutError
from quoth.index import build, database, tally
from quoth.index.build import INDEX_FILE
from quoth.index.claims import ClaimIndex
from quoth.index.facets import FACETS
from quoth.index.selection import Selection
from quoth.release.publish import publish
from quoth.release.release import Release
from quoth.sparql import named_queries

BASE = "http://localhost:8000/"
PREFIXES = """PREFIX quoth: <https://w3id.org/quoth/ns#> PREFIX schema: <https://schema.org/>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> """
TRUTH = {
    "about": "SELECT ?x ?claim WHERE { ?claim a quoth:Claim ; schema:about ?x }",
    "says": """SELECT DISTINCT ?x ?claim WHERE {
        ?claim quoth:attribution/quoth:source ?x FILTER NOT EXISTS { ?claim quoth:possiblyCreditedTo ?x } }""",
    "possibly": "SELECT DISTINCT ?x ?claim WHERE { ?claim quoth:possiblyCreditedTo ?x }",
    "relays": """SELECT DISTINCT ?x ?claim WHERE {
        ?claim quoth:attribution/quoth:within+/quoth:source ?x
        FILTER NOT EXISTS { ?claim quoth:possiblyCreditedTo ?x } }""",
    "concerning": """SELECT DISTINCT ?x ?claim WHERE {
        GRAPH ?g { ?situation quoth:concerns ?x } ?g a prov:Bundle .
        ?claim quoth:content ?content . GRAPH ?content { ?situation a quoth:Situation } }""",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Release:
    report, authored = check.check([harbour], BASE, texts)
    return publish(
        publication.published_quads(authored, BASE),
        releases=tmp_path_factory.mktemp("releases"),
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )


@pytest.fixture(scope="module")
def engine(release: Release) -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(release.store_path, Limits(workers=1))
    yield made
    made.close()


@pytest.fixture(params=["published", "made anew", "all counted", "none counted"])
def made(request: pytest.FixtureRequest, release: Release, engine: EmbeddedEngine, tmp_path: Path) -> ClaimIndex:
    def rows(name: str) -> list[dict[str, Term]]:
        return engine.select(named_queries.text(name))

    if request.param == "made anew":
        return ClaimIndex(tmp_path / "none", rows)
    if request.param == "published":
        return ClaimIndex(release.path / INDEX_FILE, no_rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "LONG", 0 if request.param == "all counted" else 10**9)
        build.write(ox.Store.read_only(str(release.store_path)), tmp_path / INDEX_FILE)
    return ClaimIndex(tmp_path / INDEX_FILE, no_rows)


def no_rows(name: str) -> NoReturn:
    raise AssertionError(f"{name} is asked although there is a file")


def truth(engine: EmbeddedEngine, role: str) -> dict[str, set[str]]:
    things: dict[str, set[str]] = {}
    for row in engine.select(PREFIXES + TRUTH[role]):
        things.setdefault(str(getattr(row["x"], "value", "")), set()).add(str(getattr(row["claim"], "value", "")))
    return things


@pytest.mark.parametrize("role", TRUTH)
def test_lists_equal_the_results_of_the_engine(made: ClaimIndex, engine: EmbeddedEngine, role: str) -> None:
    things = truth(engine, role)
    assert things
    for iri, claims in things.items():
        selection = Selection(role, iri)
        assert made.count(selection) == len(claims)
        assert set(made.claims(selection, first=0, size=1000)) == claims
        assert sorted(made.graded(selection, first=0, size=1000)) == sorted(claims)
    assert made.count(Selection(role, BASE + "id/org/nobody")) == 0


def test_pages_are_parts_of_the_whole(made: ClaimIndex) -> None:
    for listed in (made.claims, made.graded):
        whole = listed(Selection("all"), first=0, size=1000)
        assert len(whole) == 27 == len(set(whole))
        parts = [listed(Selection("all"), first=first, size=4) for first in range(0, 28, 4)]
        assert [iri for part in parts for iri in part] == whole


def test_the_graded_order_begins_with_certain_claims(made: ClaimIndex) -> None:
    grade = {
        iri: value
        for value, _ in made.facet(Selection("all"), "certainty")
        for iri in made.claims(Selection("all", "", (("certainty", value),)), first=0, size=99)
    }
    grades = [grade[iri].rpartition("#")[2] for iri in made.graded(Selection("all"), first=0, size=99)]
    assert grades[0] == "certain"
    assert grades[-1] == "unknown"
    assert len(Counter(grades)) == 1 + sum(a != b for a, b in pairwise(grades))


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_s_count_is_the_number_of_its_claims(made: ClaimIndex, facet: str) -> None:
    for selection in (Selection("all"), Selection("about", BASE + "id/org/velm-salt")):
        for value, count in made.facet(selection, facet):
            narrowed = Selection(selection.role, selection.of, ((facet, value),))
            assert made.count(narrowed) == count == len(made.claims(narrowed, first=0, size=99))
            assert dict(made.facet(narrowed, facet))[value] == count
    assert made.facet(Selection("all"), "certainty")


def test_values_of_one_facet_are_alternatives(made: ClaimIndex) -> None:
    speakers = [iri for iri, _ in made.facet(Selection("all"), "speaker")][:2]
    each = [set(made.claims(Selection("all", "", (("speaker", s),)), first=0, size=99)) for s in speakers]
    both = Selection("all", "", tuple(("speaker", speaker) for speaker in speakers))
    assert set(made.claims(both, first=0, size=99)) == each[0] | each[1]
    assert sorted(made.graded(both, first=0, size=99)) == sorted(each[0] | each[1])
    two = replace(both, narrowed=(*both.narrowed, ("certainty", CERTAINTY.certain.value)))
    assert set(made.claims(two, first=0, size=99)) < each[0] | each[1]
    assert made.facet(both.without("speaker"), "speaker") == made.facet(Selection("all"), "speaker")


def test_speech_acts_are_those_of_the_source(made: ClaimIndex, engine: EmbeddedEngine) -> None:
    office = BASE + "id/org/harbour-office"
    rows = engine.select(
        PREFIXES + f"SELECT DISTINCT ?claim ?act WHERE {{ ?claim quoth:attribution ?l . ?l quoth:source <{office}> ;"
        " quoth:speechAct ?act }"
    )
    wanted = Counter(str(getattr(row["act"], "value", "")) for row in rows)
    assert dict(made.facet(Selection("says", office), "act")) == wanted


def test_pairs_are_related_claims(made: ClaimIndex, engine: EmbeddedEngine) -> None:
    kinds = [getattr(QUOTH, name).value for name in ("contradicts", "inTensionWith", "corroborates")]
    about = truth(engine, "concerning")
    rows = engine.select(
        PREFIXES + "SELECT ?a ?p ?b WHERE { ?g a prov:Bundle . GRAPH ?g { ?a ?p ?b ."
        " ?reason rdf:subject ?a ; rdf:predicate ?p ; rdf:object ?b }"  # each pair as it was written, once
        " FILTER (?p IN (quoth:contradicts, quoth:inTensionWith, quoth:corroborates)) }"
    )
    known = {tuple(str(getattr(row[v], "value", "")) for v in "pab") for row in rows}
    assert known
    shown = set()
    for topic, claims in about.items():
        pairs = made.pairs(Selection("concerning", topic), kinds, 99)
        wanted = {(p, a, b) for p, a, b in known if a in claims and b in claims}
        assert {(pair.kind, pair.claim, pair.other) for pair in pairs} == wanted
        assert all(pair.reason for pair in pairs)
        shown |= wanted
        assert len(made.pairs(Selection("concerning", topic), kinds, 1)) == min(1, len(wanted))
    assert shown


def test_things_by_number_of_claims(made: ClaimIndex, engine: EmbeddedEngine) -> None:
    organisation, topic = "http://www.w3.org/ns/org#Organization", QUOTH.Topic.value
    things = made.things("about", [organisation], first=0, size=99)
    assert [t.claims for t in things] == sorted((t.claims for t in things), reverse=True)
    assert {t.iri: t.claims for t in things if t.claims} == {
        iri: len(claims) for iri, claims in truth(engine, "about").items() if iri in {t.iri for t in things}
    }
    assert made.things_count([organisation]) == len(things)
    assert {t.kind for t in things} == {"organisation"}
    both = made.things_count([organisation, topic])
    assert both == len(things) + made.things_count([topic])
    assert made.things_count([organisation, topic], [organisation]) == made.things_count([topic])
    assert made.things("about", [organisation], first=1, size=2) == things[1:3]


def test_batches_make_up_the_whole(made: ClaimIndex) -> None:
    for selection in (
        Selection("all"),
        Selection("about", BASE + "id/org/velm-salt"),
        Selection("all", words='"the"*'),
    ):
        whole = made.claims(selection, first=0, size=1000)
        batches = list(made.batches(selection, 4))
        assert [iri for batch in batches for iri in batch] == whole
        assert all(len(batch) == 4 for batch in batches[:-1])


LACKS = {
    "a column": "ALTER TABLE claim DROP COLUMN tense",
    "a table": "DROP TABLE typed_name",
    "a column of the full text": "DROP TABLE words; CREATE VIRTUAL TABLE words USING fts5(label, quotation)",
    "everything": "PRAGMA writable_schema = ON; DELETE FROM sqlite_master",
}


@pytest.mark.parametrize("statement", LACKS.values(), ids=LACKS)
def test_an_incomplete_index_is_made_anew(
    release: Release, engine: EmbeddedEngine, tmp_path: Path, statement: str
) -> None:
    path = Path(shutil.copy(release.path / INDEX_FILE, tmp_path))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)
    with pytest.raises(AssertionError, match="is asked"):
        ClaimIndex(path, no_rows)
    published = ClaimIndex(release.path / INDEX_FILE, no_rows)
    anew = ClaimIndex(path, lambda name: engine.select(named_queries.text(name)))
    for facet in FACETS:
        assert anew.facet(Selection("all"), facet) == published.facet(Selection("all"), facet)
    words = '"ferry"'
    for selection in (Selection("all"), Selection("all", words=words)):
        assert anew.claims(selection, first=0, size=99) == published.claims(selection, first=0, size=99) != []


@pytest.mark.parametrize(
    "damage", [lambda data: b"no database", lambda data: data[: len(data) // 2]], ids=["other", "cut"]
)
def test_a_damaged_index_is_made_anew_for_every_thread(
    release: Release, engine: EmbeddedEngine, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / INDEX_FILE
    path.write_bytes(damage((release.path / INDEX_FILE).read_bytes()))
    anew = ClaimIndex(path, lambda name: engine.select(named_queries.text(name)))
    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(lambda _: anew.count(Selection("all", words='"ferry"')), range(40)))
    assert set(counts) == {ClaimIndex(release.path / INDEX_FILE, no_rows).count(Selection("all", words='"ferry"'))}


def test_summaries_are_written_at_publication_only(
    made: ClaimIndex, release: Release, request: pytest.FixtureRequest
) -> None:
    published = ClaimIndex(release.path / INDEX_FILE, no_rows)
    every = published.claims(Selection("all"), first=0, size=1000)
    kept = published.summaries([*every, BASE + "id/org/velm-salt"])
    assert list(kept) == every
    assert all(summary.quotes and summary.steps for summary in kept.values())
    if "published" not in request.node.name:
        assert made.summaries(every) == {}


def test_a_statement_ends_at_its_time_limit(made: ClaimIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "TIME_LIMIT_S", 0.2)
    product = ", ".join(f"term t{n}" for n in range(8))
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError) as raised:
        made.select(f"SELECT count(*) FROM {product} WHERE t1.iri < t2.iri || t3.iri")
    assert time.monotonic() - began < 10  # of the hours that it would take
    assert raised.value.limit is not None
    assert raised.value.limit.name == "list_time_limit_s"
    assert made.count(Selection("all")) == 27  # the connection is as good as before
