"""The history of a dataset, whatever its releases say."""

import dataclasses
import tempfile
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS, SCHEMA, SKOS
from quoth.release.dumps import nquads
from quoth.release.history import diff, recorder
from quoth.release.history.changes import Span, without_notes
from quoth.release.history.past_changes import PastChanges, Wanted
from quoth.release.history.schema import HISTORY
from quoth.release.manifest import MANIFEST

from ..conftest import BASE
from .publishing import iri, quads, release

NAMES = [iri(f"id/claim/a/{name}") for name in ("x", "x-b", "xy", "x#part", "x#content")]
SUBJECTS = st.sampled_from([*NAMES, ox.NamedNode("http://elsewhere/t")])
PREDICATES = st.sampled_from([RDFS.label, RDFS.comment, SCHEMA.about, QUOTH.withdraws, DCTERMS.isReplacedBy])
VALUES = st.one_of(SUBJECTS, st.builds(ox.Literal, st.text(' \n"\\>é.#<', max_size=4)))
GRAPHS = st.sampled_from([ox.DefaultGraph(), iri("id/claim/a/x#content"), ox.NamedNode("http://elsewhere/g")])
DATASETS = st.frozensets(st.builds(ox.Quad, SUBJECTS, PREDICATES, VALUES, GRAPHS), max_size=12)
CLAIM, ARTICLE = iri("id/claim/a/0"), iri("id/article/a")


def recorded(folder: Path, contents: list[frozenset[ox.Quad]]) -> PastChanges:
    """The history of releases of those quads, numbered from 1."""
    lines: list[bytes] = []
    before = None
    for number, content in enumerate(contents, 1):
        after, path = sorted(nquads.to_lines(content)), folder / f"{number}.sqlite"
        recorder.record(path, number, f"2026-01-{number:02}T00:00:00Z", diff.changed(lines, after), BASE, before)
        lines, before = after, path
    return PastChanges(folder / f"{len(contents)}.sqlite")


@given(st.lists(DATASETS, min_size=1, max_size=5))
@limits(max_examples=60, deadline=None)
def test_a_history_is_what_its_releases_say(contents: list[frozenset[ox.Quad]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        past = recorded(Path(folder), contents)
        changes = past.changes(after=0, limit=1000)
        assert [c.number for c in changes] == list(range(1, past.last() + 1))
        assert past.changes(limit=1000) == changes[::-1]
        for name in ("x", "x-b", "xy"):
            there = [
                number
                for number, content in enumerate(contents, 1)
                if any(
                    q.subject == iri(f"id/claim/a/{name}")
                    and q.graph_name == ox.DefaultGraph()
                    and q.predicate not in (QUOTH.withdraws, DCTERMS.isReplacedBy)
                    for q in content
                )
            ]
            own = [c for c in changes if c.iri == f"{BASE}id/claim/a/{name}"]
            assert own == past.changes(Wanted(iri=f"{BASE}id/claim/a/{name}"), after=0, limit=1000)
            spanned = {
                n for a, b in past.versions(f"{BASE}id/claim/a/{name}") for n in range(a, b or len(contents) + 1)
            }
            assert sorted(spanned) == there
            if not there:
                assert past.span(f"{BASE}id/claim/a/{name}") is None
                continue
            last = None if there[-1] == len(contents) else there[-1]
            assert past.span(f"{BASE}id/claim/a/{name}") == Span(there[0], last)
        for number, (before, after) in enumerate(pairwise(contents), 2):
            now = [c for c in changes if c.release == number]
            difference = diff.compare(sorted(nquads.to_lines(before)), sorted(nquads.to_lines(after)), BASE)
            assert [c.iri for c in now if c.event in ("added", "returned")] == sorted(difference.added)
            assert [c.iri for c in now if c.event == "withdrawn"] == sorted(difference.withdrawn)
            for change in now:
                for statement in change.statements:
                    assert not {*statement.before} & {*statement.after}


def test_a_change_has_its_values_reason_and_what_it_concerns(tmp_path: Path) -> None:
    notice = iri("id/claim/a/0#withdrawal")
    made = [
        ox.Quad(CLAIM, RDF.type, QUOTH.Claim),
        ox.Quad(CLAIM, RDFS.label, ox.Literal("Ada says “late”.", language="en")),
        ox.Quad(CLAIM, PROV.wasQuotedFrom, ARTICLE),
        ox.Quad(CLAIM, SCHEMA.about, iri("id/org/x")),
        ox.Quad(CLAIM, QUOTH.creditedTo, iri("id/person/ada")),
        ox.Quad(iri("id/claim/a/0#situation"), QUOTH.concerns, iri("id/topic/t"), iri("id/article/a#inference")),
        ox.Quad(iri("id/org/x"), RDF.type, ox.NamedNode("http://www.w3.org/ns/org#Organization")),
        ox.Quad(iri("id/org/x"), SKOS.exactMatch, ox.NamedNode("https://example.org/x")),
    ]
    moved = [*made[:3], ox.Quad(CLAIM, SCHEMA.about, iri("id/org/y")), *made[4:7]]
    gone = [
        *made[6:],
        ox.Quad(notice, QUOTH.withdraws, CLAIM),
        ox.Quad(notice, RDFS.comment, ox.Literal("It was\nmisread.", language="en")),
        ox.Quad(notice, PROV.wasAttributedTo, iri("id/org/quoth")),
        ox.Quad(notice, DCTERMS.date, ox.Literal("2026-11-20")),
    ]
    past = recorded(tmp_path, [frozenset(content) for content in (made, moved, moved, gone, made)])
    own = past.changes(Wanted(iri=CLAIM.value), after=0, limit=9)
    assert [(c.release, c.event, c.kind, c.article) for c in own] == [
        (1, "added", "claim", ARTICLE.value),
        (2, "changed", "claim", ARTICLE.value),
        (4, "withdrawn", "claim", ARTICLE.value),
        (5, "returned", "claim", ARTICLE.value),
    ]
    [about] = own[1].statements
    assert (about.property, about.before, about.after) == (
        SCHEMA.about.value,
        (str(iri("id/org/x")),),
        (str(iri("id/org/y")),),
    )
    assert (own[2].reason, own[2].by, own[2].date) == ("It was\nmisread.", f"{BASE}id/org/quoth", "2026-11-20")
    assert own[3].reason == ""
    assert own[2].label == '"Ada says “late”."@en'
    for role, thing, releases in (
        ("article", "article/a", [5, 4, 2, 1]),
        ("entity", "org/x", [5, 4, 2, 2, 1, 1]),  # its link came and went, too
        ("entity", "org/y", [4, 2]),
        ("topic", "topic/t", [5, 4, 2, 1]),
        ("source", "person/ada", [5, 4, 2, 1]),
        ("entity", "person/ada", [5, 4, 2, 1]),  # what she says
        ("source", "person/nobody", []),
    ):
        wanted = Wanted(roles={role: f"{BASE}id/{thing}"})
        assert [c.release for c in past.changes(wanted, limit=9)] == releases, (role, thing)
        assert past.count(wanted) == len(releases)
    assert [c.iri for c in past.changes(Wanted(event="withdrawn"), limit=9)] == [CLAIM.value]
    assert [past.count(Wanted(release=n)) for n in (1, 2, 3)] == [2, 2, 0]
    [link] = past.seen(f"{BASE}id/org/x")
    assert (link.property, link.value, link.span) == (SKOS.exactMatch.value, "<https://example.org/x>", Span(1, None))
    assert past.seen(CLAIM.value)[0].span == Span(1, None)
    both = Wanted(roles={"article": ARTICLE.value, "entity": f"{BASE}id/org/y"})
    assert [c.release for c in past.changes(both, limit=9)] == [4, 2]


def test_a_new_correction_is_the_reason_of_the_change(tmp_path: Path) -> None:
    def note(name: str, reason: str, by: str, date: str) -> list[ox.Quad]:
        correction = iri(f"id/claim/a/0#correction-{name}")
        return [
            ox.Quad(CLAIM, QUOTH.correction, correction),
            ox.Quad(correction, RDF.type, QUOTH.Correction),
            ox.Quad(correction, RDFS.comment, ox.Literal(reason, language="en")),
            ox.Quad(correction, RDFS.comment, ox.Literal(f"Français : {reason}", language="fr")),
            ox.Quad(correction, PROV.wasAttributedTo, iri(f"id/org/{by}")),
            ox.Quad(correction, DCTERMS.date, ox.Literal(date)),
        ]

    def claim(label: str) -> list[ox.Quad]:
        return [
            ox.Quad(CLAIM, RDF.type, QUOTH.Claim),
            ox.Quad(CLAIM, RDFS.label, ox.Literal(label, language="en")),
            ox.Quad(CLAIM, PROV.wasQuotedFrom, ARTICLE),
        ]

    first, second, third = (note(str(n), f"Reason {n}.", by, f"2026-11-2{n}") for n, by in enumerate(("a", "b", "b")))
    contents = [
        claim("x") + first,
        claim("y") + first,
        claim("z") + first + second,
        claim("w") + first + second + third + note("3", "Reason 3.", "a", "2026-11-20"),
        [*(q for q in claim("w") if q.predicate != PROV.wasQuotedFrom), *second],
    ]
    past = recorded(tmp_path, [frozenset(content) for content in contents])
    own = past.changes(Wanted(iri=CLAIM.value), after=0, limit=9)
    assert [(c.event, c.reason, c.by.rpartition("/")[2], c.date) for c in own] == [
        ("added", "", "", ""),
        ("changed", "", "", ""),
        ("changed", "Reason 1.", "b", "2026-11-21"),
        ("changed", "Reason 2.\nReason 3.", "", "2026-11-22"),
        ("changed", "", "", ""),
    ]
    assert {s.property for s in without_notes(own[2].statements)} == {RDFS.label.value}
    gone = {(s.part, s.property) for s in without_notes(own[4].statements)}
    assert ("#correction-0", RDFS.comment.value) in gone  # a note that is taken back is a change


def test_the_release_of_an_earlier_version_is_where_history_begins(tmp_path: Path) -> None:
    first = release(tmp_path, quads(2))
    (first.path / HISTORY).unlink()
    files = {name: file for name, file in first.manifest.files.items() if name != HISTORY}
    (first.path / MANIFEST).write_text(dataclasses.replace(first.manifest, files=files).to_json())
    second = release(tmp_path, quads(3))
    past = PastChanges(second.path / HISTORY)
    assert [number for number, _ in past.releases()] == [1, 2]
    assert {c.event for c in past.changes(Wanted(release=1), limit=9)} == {"added"}
    assert [c.iri for c in past.changes(Wanted(release=2), limit=9)] == [f"{BASE}id/claim/a/2"]
    held = (second.path / HISTORY).read_bytes()
    again = release(tmp_path, quads(3), force=True)
    assert PastChanges(again.path / HISTORY).last() == past.last()
    assert (second.path / HISTORY).read_bytes() == held
