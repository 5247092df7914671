"""Results of growth.py by depth and step, how their figures grow, and tables of them."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Line = dict[str, Any]
Points = dict[int, float]
"""Number of articles → a figure."""

_VERDICTS = ((0.15, "does not grow"), (0.9, "grows less than the corpus"), (1.1, "grows with the corpus"))


class Results:
    """The results of a file, by depth and step; of a step that stands there twice, the last counts. Where publication
    was measured with a check and without, it is the one ``checked`` asks for."""

    def __init__(self, lines: Iterable[Line], checked: bool) -> None:
        self.lines = [line for line in lines if line.get("checked", checked) == checked and "left_out" not in line]
        self._by_key = {(line["depth"], line["step"], line["articles"]): line for line in self.lines}
        self.depths = sorted({line["depth"] for line in self.lines}, reverse=True)

    def of(self, depth: str, step: str) -> dict[int, Line]:
        """Number of articles → the result of a step, in order."""
        return {n: line for (d, s, n), line in sorted(self._by_key.items()) if (d, s) == (depth, step)}

    def points(self, depth: str, step: str, figure: Callable[[Line], float] | str) -> Points:
        """Number of articles → a figure of a step, those above zero."""
        value = figure if callable(figure) else lambda line: float(line[figure])
        return {n: value(line) for n, line in self.of(depth, step).items() if value(line) > 0}


def exponent(points: Points) -> float:
    """The slope of the line through the logarithms (least squares); NaN for fewer than two points."""
    if len(points) < 2:
        return math.nan
    return statistics.linear_regression([math.log(n) for n in points], [math.log(v) for v in points.values()]).slope


def last_exponent(points: Points) -> float:
    """The exponent between the two largest sizes."""
    return exponent(dict(sorted(points.items())[-2:]))


def verdict(slope: float) -> str:
    """An exponent in words."""
    if math.isnan(slope):
        return "–"
    return next((words for most, words in _VERDICTS if slope <= most), "grows faster than the corpus")


def extrapolated(points: Points, articles: int) -> float:
    """A figure at a larger size, on the line through the logarithms of all."""
    largest = max(points)
    slope = exponent(points)
    return points[largest] * (articles / largest) ** (1 if math.isnan(slope) else slope)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; numbers are rounded to three digits."""
    lines = [columns, ["---"] + ["--:"] * (len(columns) - 1), *([_cell(cell) for cell in row] for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        value = float(f"{value:.3g}")
        return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
