"""Queries in files."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.errors import DocumentError, NotFoundError
from quoth.sparql import named_queries

WHOLE = """# title: Who says so?
# description: Every source of a claim,
#   from the innermost level outwards.
#
# A comment that is none of it.
SELECT * { ?s ?p ?o }
"""


def test_the_header_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.rq").write_text(WHOLE)
    (tmp_path / "a.rq").write_text("#title: A\n#description: B: c\nASK {}")
    (tmp_path / "notes.txt").write_text("no query")
    first, second = named_queries.load(tmp_path)
    assert (first.name, first.title, first.description) == ("a", "A", "B: c")
    assert second.description == "Every source of a claim, from the innermost level outwards."
    assert (second.name, second.text) == ("b", WHOLE)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("SELECT * {}", "title"),
        ("# title: A\nSELECT * {}", "description"),
        ("# title:\n# description: B\nSELECT * {}", "title"),
        ("SELECT * {}\n# title: A\n# description: B", "title"),
    ],
    ids=["none", "description", "empty title", "not at the top"],
)
def test_missing_parts_are_reported_with_the_file(tmp_path: Path, text: str, lacks: str) -> None:
    (tmp_path / "bad.rq").write_text(text)
    with pytest.raises(DocumentError, match=rf"bad\.rq:1: the query has no {lacks}"):
        named_queries.load(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_bytes(b"# title: \xff")
    with pytest.raises(DocumentError, match=r"bad\.rq"):
        named_queries.load(tmp_path)


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        named_queries.text("no-such-query")


@pytest.mark.parametrize("query", named_queries.load(named_queries.OWN), ids=lambda query: query.name)
def test_our_own_queries_parse_and_are_select(query: named_queries.NamedQuery) -> None:
    assert isinstance(ox.Store().query(query.text), ox.QuerySolutions)
