"""A report of compare.py's results, with charts: `python -m tests.bench.compare.report RESULTS.jsonl FOLDER`.

Ratios are of rates in the same round, so that what else the machine did in it hits both servers: their median, and in
brackets the interval in which it lies with 95 %, by bootstrap over the rounds. That of a group is of a mix in which
each query is as frequent as the others, so that the slowest weigh most; beside it stands the geometric mean of the
ratios of its queries, in which all weigh the same.
"""

import argparse
import json
import random
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.compare import charts
from tests.bench.compare.loading import OWN
from tests.bench.compare.peers import PEERS
from tests.bench.compare.workload import CONNECTIONS, queries
from tests.bench.growth_results import table

REFERENCE = "oxigraph"
RESAMPLES = 1000

_READ = """\
A ratio is the median of the rounds for a mix in which each query is as frequent as the others (so that the slowest
weigh most), with the interval in which it lies with 95 %, and the geometric mean of the ratios of the queries (in which
all weigh the same). The processor time of a Quoth over another server is that of both; memory is what the processes had
of their own at the end. Nothing was answered from a cache of responses.

"""

Line = dict[str, Any]


class Results:
    """The results of one size."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines)
        asked = [line for line in self.lines if line["step"] == "query"]
        self.queries = {(line["peer"], line["query"]): line for line in asked if not line["page"]}
        self.pages = {line["query"]: line for line in asked if line["page"]}
        self.peers = [name for name in PEERS if any(name == peer for peer, _ in self.queries)]

    def step(self, step: str) -> list[Line]:
        """The lines of a step."""
        return [line for line in self.lines if line["step"] == step]

    def both(self, peer: str, reference: str, group: str) -> list[str]:
        """The names of the queries of a group that were measured at both."""
        known = [query.name for query in queries() if query.group == group]
        return [name for name in known if (peer, name) in self.queries and (reference, name) in self.queries]

    def ratios(self, peer: str, names: Sequence[str], reference: str = REFERENCE) -> list[float]:
        """By round, the rate of a peer for the queries of those names, each as often as the others, to that of
        another."""
        ours, theirs = ([self.queries[name, q]["rates"] for q in names] for name in (peer, reference))
        return [
            _together(a) / _together(b) for a, b in zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=True)
        ]

    def mean(self, peer: str, names: Sequence[str], reference: str = REFERENCE) -> float:
        """The geometric mean of the ratios of these queries, of which each is the median of the rounds."""
        return statistics.geometric_mean([statistics.median(self.ratios(peer, [q], reference)) for q in names])

    def cpu_ratio(self, peer: str, group: str) -> float:
        """The processor time of a peer for these queries to that of the reference."""
        both = self.both(peer, REFERENCE, group)
        ours, theirs = (sum(self.queries[name, q]["cpu_ms"] for q in both) for name in (peer, REFERENCE))
        return ours / theirs if theirs else float("nan")


def _together(rates: Sequence[float]) -> float:
    """The rate of a mix in which each query is as frequent as the others: the harmonic mean."""
    return statistics.harmonic_mean([max(rate, 1e-3) for rate in rates])


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The interval in which the median of such values lies with 95 %: percentiles of the bootstrap."""
    chance = random.Random(1)
    medians = sorted(statistics.median(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES) - 1]


def _label(peer: str) -> str:
    return PEERS[peer].label


def _ratio(known: Results, peer: str, group: str, reference: str = REFERENCE) -> str:
    if not (names := known.both(peer, reference, group)):
        return "–"
    values = known.ratios(peer, names, reference)
    low, high = interval(values)
    return f"{statistics.median(values):.2f} ({low:.2f}–{high:.2f}) · {known.mean(peer, names, reference):.2f}"


def _loading(known: Results) -> str:
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in known.step("load"):
        lines[line["peer"]].append(line)
    seconds = {peer: statistics.median(line["wall_s"] for line in given) for peer, given in lines.items()}
    base = seconds.get(REFERENCE, float("nan"))
    rows = []
    for peer, given in lines.items():
        middle = [statistics.median(line[figure] for line in given) for figure in ("cpu_s", "peak_mb", "disk_mb")]
        verify_s = statistics.median(line.get("stages", {}).get("verify", 0.0) for line in given)
        unread = base / (seconds[peer] - verify_s) if verify_s else "–"
        rows.append([OWN.get(peer) or _label(peer), len(given), seconds[peer], *middle, base / seconds[peer], unread])
    columns = ["from the dump", "times", "s", "CPU s", "memory, MB", "disk, MB", "× oxigraph load"]
    return table([*columns, "the same without reading it back"], rows)


def _groups(known: Results) -> str:
    memory = {line["peer"]: line["own_mb"] for line in known.step("memory")}
    rows = [
        [_label(peer), *(_ratio(known, peer, group) for group in CONNECTIONS), memory[peer]] for peer in known.peers
    ]
    if {"quoth", "oxigraph-memory"} <= {*known.peers}:
        cells = [_ratio(known, "quoth", group, "oxigraph-memory") for group in CONNECTIONS]
        rows.append(["Quoth to oxigraph serve (memory)", *cells, memory["quoth"]])
    return table(["rate to that of oxigraph serve (disk)", *CONNECTIONS, "memory, MB"], rows)


def _cpu(known: Results) -> str:
    rows = [[_label(peer), *(known.cpu_ratio(peer, group) for group in CONNECTIONS)] for peer in known.peers]
    return table(["processor time to that of oxigraph serve (disk)", *CONNECTIONS], rows)


def _each(known: Results) -> str:
    rows = []
    for query in queries():
        cells = []
        for peer in known.peers:
            line = known.queries.get((peer, query.name))
            rate = statistics.median(line["rates"]) if line else 0.0
            cells.append(f"{rate:,.0f} · {line['p50_ms']:.3g} · {line['p99_ms']:.3g}" if line else "other answer")
        rows.append([f"{query.group}: {query.name}", *cells])
    return table(["requests/s · p50 ms · p99 ms", *map(_label, known.peers)], rows)


def _counted(known: Results) -> str:
    """What the release has counted, and the pages that show it, beside the queries for the same counts."""
    rows = []
    lists = {line["query"]: line for line in known.step("counted")}
    for query in queries():
        if line := known.pages.get(query.name):
            asked = [known.queries.get((peer, query.name)) for peer in ("quoth", "oxigraph", "virtuoso")]
            cells = [one["cpu_ms"] if one else "–" for one in (line, *asked)]
            rows.append([query.title, f"`{query.page}`", lists.get(query.name, {}).get("p50_ms", "–"), *cells])
    columns = ["processor time, ms", "page", "its count", "the page", "Quoth’s /sparql", "oxigraph serve (disk)"]
    return table([*columns, "Virtuoso"], rows)


def _notes(known: Results) -> str:
    words = [f"- left out: {_label(line['peer'])}: {line['why']}" for line in known.step("left out")]
    wrong: dict[str, list[str]] = defaultdict(list)
    for line in known.step("answers"):
        for peer in line["wrong"]:
            wrong[peer].append(line["query"])
    words += [
        f"- {_label(peer)} answers otherwise, and is not measured: {', '.join(names)}" for peer, names in wrong.items()
    ]
    failures: dict[str, dict[str, int]] = defaultdict(dict)
    for line in known.step("query"):
        if line["failures"]:
            failures[line["peer"]][line["query"]] = line["failures"]
    words += [
        f"- {_label(peer)} failed {sum(counts.values())} requests: {', '.join(counts)}"
        for peer, counts in failures.items()
    ]
    return "\n".join(words) + "\n\n" if words else ""


def _size(name: str, known: Results, folder: Path) -> str:
    first, loads = known.lines[0], [line["load"] for line in known.lines]
    quads = next((line["quads"] for line in known.step("load")), 0)
    asked = next(iter(known.queries.values()))
    charts.ratios(
        f"Rates at {quads:,} quads",
        {
            _label(peer): {
                g: [*interval(r), statistics.median(r)]
                for g in CONNECTIONS
                if (r := known.ratios(peer, known.both(peer, REFERENCE, g)))
            }
            for peer in known.peers
            if peer != REFERENCE
        },
        folder / f"{name}-ratios.svg",
    )
    charts.latencies(
        f"Latencies at {quads:,} quads",
        {
            _label(peer): {q: (x["p50_ms"], x["p99_ms"]) for (p, q), x in known.queries.items() if p == peer}
            for peer in known.peers
        },
        folder / f"{name}-latencies.svg",
    )
    return "".join(
        (
            f"## {quads:,} quads\n\nMeasured {first['at']} at commit {first['commit']} on {first['cores']} cores, "
            f"beside a load of {min(loads)} to {max(loads)}; {len(asked['rates'])} rounds.\n\n",
            _notes(known),
            f"![Rates]({name}-ratios.svg)\n\n",
            _groups(known),
            _cpu(known),
            f"### Query by query\n\n![Latencies]({name}-latencies.svg)\n\n",
            _each(known),
            "### What a release has counted\n\n",
            _counted(known),
            "### Loading\n\n",
            _loading(known),
        )
    )


def write(file: Path, folder: Path) -> Path:
    """Write the report of a file of results, with its charts, into a folder: the path of the report."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes: dict[str, list[Line]] = defaultdict(list)
    for line in map(json.loads, file.read_text("utf-8").splitlines()):
        sizes[line["size"]].append(line)
    text = "# Quoth beside other SPARQL servers\n\n"
    text += "Connections at a time: " + ", ".join(f"{group} {count}" for group, count in CONNECTIONS.items()) + ".\n\n"
    text += _READ
    text += "".join(_size(name, Results(lines), folder) for name, lines in sizes.items())
    (folder / "report.md").write_text(text, "utf-8")
    return folder / "report.md"


def main() -> None:
    """Write the report from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    print(write(given.results, given.folder))


if __name__ == "__main__":
    main()
