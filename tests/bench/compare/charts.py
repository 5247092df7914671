"""Charts of a comparison, as SVG."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_MARKERS = "osD^v<>Px*"


@contextmanager
def _drawn(title: str, label: str, height: float, path: Path) -> Iterator[Axes]:
    """Axes with a logarithmic scale to draw on, which are written to a file at the end."""
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "font.size": 9}):
        figure = Figure(figsize=(9, height), layout="constrained")
        axes = figure.subplots()
        yield axes
        axes.set(xscale="log", xlabel=label, title=title)
        axes.invert_yaxis()
        axes.grid(axis="x", which="major", alpha=0.3)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
        figure.savefig(path, metadata={"Date": None})


def ratios(title: str, peers: Mapping[str, Mapping[str, Sequence[float]]], path: Path) -> None:
    """Bars of ratios by peer and group, each the low and the high end of an interval and the median."""
    groups = list(dict.fromkeys(group for figures in peers.values() for group in figures))
    height = 0.8 / max(1, len(peers))
    with _drawn(title, "rate, × oxigraph serve (disk)", 4.5, path) as axes:
        for number, (name, figures) in enumerate(peers.items()):
            places = [groups.index(group) + number * height for group in figures]
            low, high, median = zip(*figures.values(), strict=True)
            errors = [
                [m - a for a, m in zip(low, median, strict=True)],
                [b - m for b, m in zip(high, median, strict=True)],
            ]
            axes.barh(places, median, height, xerr=errors, label=name, error_kw={"elinewidth": 0.8})
        axes.axvline(1, color="gray", linestyle=":")
        axes.set_yticks([n + 0.4 - height / 2 for n in range(len(groups))], groups)


def latencies(title: str, peers: Mapping[str, Mapping[str, tuple[float, float]]], path: Path) -> None:
    """Lines from the median to the 99th percentile of each query, by peer, in ms."""
    names = list(dict.fromkeys(query for figures in peers.values() for query in figures))
    with _drawn(title, "ms: median to 99th percentile", 6.5, path) as axes:
        for number, (name, figures) in enumerate(peers.items()):
            places = [names.index(query) + (number + 0.5) / len(peers) * 0.8 - 0.4 for query in figures]
            medians, latest = zip(*figures.values(), strict=True)
            axes.hlines(places, medians, latest, color=f"C{number}", linewidth=1)
            marker = _MARKERS[number % len(_MARKERS)]
            axes.plot(medians, places, marker, color=f"C{number}", markersize=3, label=name)
        axes.set_yticks(range(len(names)), names)
