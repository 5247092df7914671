"""Rows of results are counted exactly, for any literals and any chunks."""

import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.engine.pool.output import RowCounter
from quoth.formats import OX_RESULTS

NASTY = st.text(alphabet=st.sampled_from('",{}[]\\\n\r:<result>&a'), max_size=12)
ROWS = st.lists(st.tuples(NASTY, st.none() | NASTY), min_size=1, max_size=8)


@pytest.mark.parametrize("format", ["json", "csv", "tsv", "xml"])
@given(rows=ROWS, size=st.integers(1, 20))
def test_rows_are_counted(format: str, rows: list[tuple[str, str | None]], size: int) -> None:
    values = " ".join(f"({ox.Literal(a)} {'UNDEF' if b is None else ox.Literal(b)})" for a, b in rows)
    result = ox.Store().query(f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }}")
    assert isinstance(result, ox.QuerySolutions)
    output = io.BytesIO()
    result.serialize(output, OX_RESULTS[format])
    data = output.getvalue()
    counter = RowCounter(format)
    for start in range(0, len(data), size):
        counter.add(data[start : start + size])
    assert counter.rows == len(rows)
