"""The comparison of a release with what an engine gives back: in any order, by value where the engine keeps values."""

import gzip
from pathlib import Path

import pytest

from quoth.release.deploy.comparison import Comparison
from quoth.release.dumps.tables import NQUADS

from ..publishing import release

XSD = b"http://www.w3.org/2001/XMLSchema#"


def line(lexical: bytes, datatype: bytes, graph: bytes = b"") -> bytes:
    return b'<http://e/s> <http://e/p> "%s"^^<%s%s>%s .\n' % (lexical, XSD, datatype, graph)


@pytest.mark.parametrize(
    ("published", "given", "same"),
    [
        ((b"1000000", b"decimal"), (b"1000000.0", b"decimal"), True),
        ((b"1.1", b"decimal"), (b"1.10", b"decimal"), True),
        ((b"0.1234567890123456789012345678901", b"decimal"), (b"0.1234567890123456789012345678902", b"decimal"), False),
        ((b"0.1", b"double"), (b"0.1e0", b"double"), True),
        ((b"1000000", b"float"), (b"1000000.0", b"float"), True),
        ((b"INF", b"double"), (b"INF", b"double"), True),
        ((b"1", b"double"), (b"1", b"float"), False),
        ((b"1", b"integer"), (b"01", b"integer"), False),
        ((b"x", b"decimal"), (b"y", b"decimal"), False),
        ((b"1", b"decimal"), (b"1E999999999999999", b"decimal"), False),
    ],
)
@pytest.mark.parametrize("graph", [b"", b" <http://e/g>"])
def test_literals_are_compared_by_value_where_the_engine_keeps_that_alone(
    published: tuple[bytes, bytes], given: tuple[bytes, bytes], same: bool, graph: bytes, tmp_path: Path
) -> None:
    of = release(tmp_path / "releases")
    comparison = Comparison(["decimal", "double", "float"])
    comparison.expect([line(*published, graph)])
    comparison.meet([line(*given, graph)])
    assert (comparison.difference(of) is None) == same
    strict = Comparison()
    strict.expect([line(*published, graph)])
    strict.meet([line(*given, graph)])
    assert (strict.difference(of) is None) == (published == given)


def test_what_differs_is_said_by_its_graph(tmp_path: Path) -> None:
    of = release(tmp_path / "releases")
    with of.open_file(NQUADS) as packed, gzip.open(packed) as file:
        lines = file.readlines()
    for given, says in (
        (lines[::-1], None),
        (lines[1:], "the default graph"),
        ([*lines, lines[-1]], "has 18 quads of 17"),
        ([*lines, b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"], "graphs that the release does not have"),
    ):
        comparison = Comparison()
        comparison.expect(lines)
        comparison.meet(given)
        wrong = comparison.difference(of)
        assert wrong is None if says is None else says in (wrong or "")
