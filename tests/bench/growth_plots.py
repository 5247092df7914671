"""Curves on logarithmic axes, as SVG."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

_MARKERS = "osD^v<>Px*"


def draw(title: str, unit: str, curves: Mapping[str, Mapping[int, float]], path: Path) -> None:
    """Write a plot of curves by their names, each of numbers of articles → figures, with a line of exponent 1."""
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "font.size": 9}):
        figure = Figure(figsize=(9, 5), layout="constrained")
        axes = figure.subplots()
        for number, (name, points) in enumerate(curves.items()):
            style = "-" if "contents" in name else "--"
            marker = _MARKERS[number % len(_MARKERS)]
            axes.plot(
                list(points), list(points.values()), style, marker=marker, markersize=4, linewidth=1.2, label=name
            )
        sizes = sorted({n for points in curves.values() for n in points})
        start = min(points[min(points)] for points in curves.values()) / 2
        line = [start, start * sizes[-1] / sizes[0]]
        axes.plot([sizes[0], sizes[-1]], line, ":", color="gray", label="in proportion")
        axes.set(xscale="log", yscale="log", xlabel="articles", ylabel=unit, title=title)
        axes.grid(which="major", alpha=0.3)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        figure.savefig(path, metadata={"Date": None})
