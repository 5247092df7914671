"""Counts of resources and of their links, and resources that are gone."""

from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDFS, SCHEMA
from quoth.release import resource_counts
from quoth.release.dumps import nquads
from quoth.release.dumps.tables import DOCUMENTS, GONE
from quoth.release.publish import publish
from quoth.release.release import Release

BASE = "https://example.org/"


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


def about(*pairs: tuple[str, str], graph: str | None = None) -> list[ox.Quad]:
    where = iri(graph) if graph else ox.DefaultGraph()
    return [ox.Quad(iri(s), SCHEMA.about, iri(o), where) for s, o in pairs]


def published(releases: Path, quads: list[ox.Quad], base: str = BASE) -> Release:
    return publish(quads, releases=releases, base=base, report_ttl="", report_json="{}")


def test_incoming_links_are_those_of_the_default_graph() -> None:
    quads = about(("id/a", "id/x"), ("id/b#part", "id/x"), ("id/x", "id/x"), ("id/x#part", "id/x"), ("id/a", "id/b#y"))
    quads += about(("id/c", "id/x"), graph="id/c#content")
    quads += [ox.Quad(iri("id/é"), RDFS.label, ox.Literal(f"<{BASE}id/x> ."))]
    quads += [ox.Quad(iri("elsewhere"), RDFS.label, ox.Literal("not a resource with a document"))]
    assert resource_counts.count_links(nquads.to_lines(quads), BASE) == {
        BASE + "id/a": 0,
        BASE + "id/x": 4,
        BASE + "id/é": 0,
    }


def test_resources_of_earlier_releases_are_gone_until_they_return(tmp_path: Path) -> None:
    first = published(tmp_path, about(("id/a", "id/x"), ("id/b", "id/x")))
    assert (dict(resource_counts.read(first, GONE)), dict(resource_counts.read(first, DOCUMENTS))[BASE + "id/x"]) == (
        {},
        2,
    )
    second = published(tmp_path, about(("id/a", "id/x")))
    assert dict(resource_counts.read(second, GONE)) == {BASE + "id/b": 1}
    third = published(tmp_path, about(("id/c", "id/y")))
    assert dict(resource_counts.read(third, GONE)) == {BASE + "id/a": 2, BASE + "id/b": 1, BASE + "id/x": 2}
    fourth = published(tmp_path, about(("id/b", "id/y")))
    assert dict(resource_counts.read(fourth, GONE)) == {BASE + "id/a": 2, BASE + "id/c": 3, BASE + "id/x": 2}
    fourth.verify()


def test_damaged_releases_and_other_bases_are_skipped(tmp_path: Path) -> None:
    published(tmp_path, about(("id/a", "id/x")))
    published(tmp_path, about(("id/b", "id/x")))
    (tmp_path / "2" / "manifest.json").write_text("damaged")
    third = published(tmp_path, about(("id/c", "id/x")))
    assert dict(resource_counts.read(third, GONE)) == {BASE + "id/a": 1}
    elsewhere = published(tmp_path, about(("id/c", "id/x")), "https://example.com/")
    assert dict(resource_counts.read(elsewhere, GONE)) == {}


def test_only_the_requested_rows_are_read(tmp_path: Path) -> None:
    release = published(tmp_path, about(("id/a", "id/x"), ("id/b", "id/x"), ("id/a", "id/y")))
    assert list(resource_counts.read(release, DOCUMENTS, lambda number: number > 1)) == [(BASE + "id/x", 2)]
