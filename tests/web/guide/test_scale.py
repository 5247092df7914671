"""The arithmetic of the guide is that of the measured results, and an engine's figures are what was measured."""

from pathlib import Path

import pytest
from tests.bench import costs

from quoth.web.guide import chapters

GUIDE = Path(chapters.__file__).parent
SCALE = (GUIDE / "scale.md").read_text("utf-8")


@pytest.mark.parametrize("table", [costs.corpora_table, costs.costs_table, costs.pages_table, costs.limits_table])
def test_the_tables_of_the_guide_are_computed(table: object) -> None:
    assert callable(table)
    assert table().strip() in SCALE


@pytest.mark.parametrize("engine", ["fuseki", "virtuoso"])
def test_a_page_of_an_engine_has_what_was_measured(engine: str) -> None:
    assert costs.loads_table(engine).strip() in (GUIDE / "engines" / f"{engine}.md").read_text("utf-8")


def test_what_is_in_proportion_is_multiplied() -> None:
    # 888,459 claims have 38,939,045 quads, took 1,965.87 s to check, and a release of 8,664 MB; × 112.554 and × 11.2554
    rows = {cells[0].strip(): [cell.strip() for cell in cells[1:-1]] for cells in _rows(costs.costs_table())}
    assert rows["release, on disk"] == ["8.7 GB", "1", "9.8 GB", "98 GB", "980 GB", "9.8 TB"]
    assert rows["quads"][3] == "440 million"
    assert rows["check: processor time"][3] == "6.1 h"


def test_a_limit_is_where_the_extrapolated_figure_reaches_it() -> None:
    # 2.22 s for a common word: 5 s at 888,459 × 2.25 claims in proportion, and × 2.25^(1/0.77) = 2.86 at worst
    [cells] = [cells for cells in _rows(costs.limits_table()) if "common word" in cells[0]]
    assert [cell.strip() for cell in cells[1:4]] == ["2.2 s", "5 s", "2–2.5 million"]


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        ([38_939_045], "", "39 million"),
        ([4.4e10], "", "44 billion"),
        ([0.4], "s", "0.4 s"),
        ([59, 61], "s", "0.98–1 min"),
        ([3600 * 30], "s", "1.2 days"),
        ([999], "MB", "1,000 MB"),
        ([179.2], "ms", "180 ms"),
    ],
)
def test_figures_have_two_digits_and_a_unit(values: list[float], unit: str, words: str) -> None:
    assert costs.shown(values, unit) == words


def _rows(table: str) -> list[list[str]]:
    return [line.split("|")[1:] for line in table.splitlines()[2:] if line]
