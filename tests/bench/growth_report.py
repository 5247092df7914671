"""A report of growth.py's results: `python -m tests.bench.growth_report FOLDER` writes FOLDER/report, with plots (SVG).

An exponent tells how a cost grows with the number of articles: 1 is in proportion, 0 not at all. It is fitted to all
sizes by least squares of logarithms, and beside it stands that between the two largest sizes, where fixed costs weigh
least.
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from tests.bench import growth_plots
from tests.bench.growth import MOST_FOR_REFERENCE, results
from tests.bench.growth_results import Points, Results, exponent, extrapolated, last_exponent, table, verdict

CHECKED = {"check": "check", "check-again": "check again", "reference": "check by pySHACL"}
NAMES = {**CHECKED, "publish": "publish all", "change": "publish one changed article", "unchanged": "publish the same"}
NAMES |= {"oxigraph": "oxigraph load"}


def _corpora(known: Results) -> str:
    rows = []
    for depth in known.depths:
        generated, loaded = known.of(depth, "generate"), known.of(depth, "oxigraph")
        for n, line in known.of(depth, "publish").items():
            claims = line["claims"] + line["claims_other_encodings"]
            row = [depth, n, claims, line["quads"], line["quads"] / claims, line["graphs"]]
            row += [generated.get(n, {}).get("disk_mb", math.nan), loaded.get(n, {}).get("dump_plain_mb", math.nan)]
            rows.append([*row, line["dump_mb"], line["disk_mb"], line["disk_mb"] * 2**20 / line["quads"]])
    columns = ["depth", "articles", "claims", "quads", "quads a claim", "graphs", "documents, MB", "N-Quads, MB"]
    every = table([*columns, "the same compressed, MB", "release, MB", "bytes a quad"], rows)
    for depth in known.depths:
        published = [*known.of(depth, "publish").values()]
        if len(published) > 1:  # without the ontology, which every release has
            first, last = published[0], published[-1]
            more = (last["quads"] - first["quads"]) / (last["claims"] - first["claims"])
            every += f"At the depth of {depth}, each further claim adds {more:.1f} quads, with what it needs.\n\n"
    return every


def _costs(known: Results, steps: Sequence[str]) -> str:
    rows = []
    for depth in known.depths:
        for step in steps:
            for n, line in known.of(depth, step).items():
                share = 1000 * line["cpu_s"] / n
                row = [f"{NAMES[step]}, {depth}", n, line["wall_s"], line["cpu_s"], share, line["peak_mb"]]
                rows.append([*row, line["largest_mb"], line["load"]])
            measured = known.points(depth, step, "cpu_s")
            if step == "reference" and measured:
                for n in known.of(depth, "check"):
                    if n > MOST_FOR_REFERENCE or n > max(measured):
                        cpu_s = extrapolated(measured, n)
                        rows.append(
                            [f"*{NAMES[step]}, {depth}: extrapolated*", n, "–", cpu_s, 1000 * cpu_s / n, "–", "–", "–"]
                        )
    columns = ["what", "articles", "s", "CPU s", "CPU ms an article", "memory, MB", "largest process, MB"]
    return table([*columns, "load of the machine"], rows)


def _growth(known: Results) -> str:
    rows = []
    for depth in known.depths:
        for step, name in NAMES.items():
            for what, figure in (("CPU time", "cpu_s"), ("time", "wall_s"), ("memory", "peak_mb")):
                points = known.points(depth, step, figure)
                if len(points) > 1 and (step, what) != ("oxigraph", "CPU time"):
                    slope = last_exponent(points)
                    rows.append([f"{name}, {depth}: {what}", exponent(points), slope, verdict(slope)])
    return table(["what", "exponent, all sizes", "the two largest", ""], rows)


def _stages(known: Results, step: str) -> str:
    """The stages of a step at the largest size, and how each grows: what takes most is what bounds it."""
    rows = []
    for depth in known.depths:
        lines = known.of(depth, step)
        if not lines:
            continue
        largest = max(lines)
        seconds = lines[largest]["stages"]
        for stage, value in sorted(seconds.items(), key=lambda item: -item[1]):
            points = known.points(depth, step, lambda line, stage=stage: line["stages"].get(stage, 0.0))  # type: ignore[misc]
            share = f"{100 * value / max(sum(seconds.values()), 1e-9):.0f} %"
            rows.append(
                [f"{depth}, {largest:,} articles: {stage}", value, share, exponent(points), last_exponent(points)]
            )
    return table(["stage", "s", "share", "exponent, all sizes", "the two largest"], rows)


def _disk(known: Results) -> str:
    rows = []
    for depth in known.depths:
        for n, line in known.of(depth, "change").items():
            first = known.of(depth, "publish").get(n, {}).get("disk_mb", math.nan)
            each = line["disk_each_mb"]
            more = (each[-1] - each[0]) / max(1, len(each) - 1)
            rows.append(
                [f"{depth}, {n:,} articles", first, len(each) + 1, each[-1], more, f"{100 * more / first:.1f} %"]
            )
    columns = ["corpus", "first release, MB", "releases", "all of them, MB", "each further one, MB", "of the first"]
    return table(columns, rows)


def _pages(known: Results) -> str:
    rows = []
    sizes = sorted({line["articles"] for line in known.lines if line["step"] == "pages"})
    for depth in known.depths:
        lines = known.of(depth, "pages")
        for kind in dict.fromkeys(kind for line in lines.values() for kind in line["kinds"]):
            having = {n: line["kinds"][kind] for n, line in lines.items() if kind in line["kinds"]}
            told = {n: f"{figures['median_ms']:.0f} ({figures['p95_ms']:.0f})" for n, figures in having.items()}
            failed = sorted({status for figures in having.values() for status in figures["not_200"]})
            slope = last_exponent(_medians(known, depth, kind))
            rows.append([f"{kind}, {depth}", *(told.get(n, "–") for n in sizes), slope, failed or ""])
    return table(["page", *(f"{n:,} articles" for n in sizes), "exponent, the two largest", "errors"], rows)


def _aims(known: Results) -> str:
    rows = []
    for depth in known.depths:
        full, changed = known.points(depth, "publish", "wall_s"), known.points(depth, "change", "wall_s")
        for n, line in known.of(depth, "check").items():
            rows.append([f"check, {depth}, {n:,} articles: CPU ms an article", 1000 * line["cpu_s"] / n, "45"])
            rows.append([f"check, {depth}, {n:,} articles: memory, MB", line["peak_mb"], "2,000"])
        for n in changed.keys() & full.keys():
            rows.append([f"publish one changed article, {depth}, {n:,}: s", changed[n], "5"])
            rows.append(["the same, of the time of all: %", 100 * changed[n] / full[n], "2"])
        for n, seconds in known.points(depth, "unchanged", "wall_s").items():
            rows.append([f"publish the same, {depth}, {n:,}: s", seconds, "1"])
        for n, line in known.of(depth, "oxigraph").items():
            if n in full:
                rows.append([f"publish all beside oxigraph load, {depth}, {n:,}: ×", full[n] / line["wall_s"], "–"])
    return table(["what", "measured", "aim, at most"], rows)


def _curves(known: Results) -> dict[str, tuple[str, dict[str, Points]]]:
    """The plots: title → unit, and the curves by their names; those of fewer than two points are left out."""
    steps = [(f"{name}, {depth}", depth, step) for depth in known.depths for step, name in NAMES.items()]
    plots = {
        "Time": ("seconds", {name: known.points(depth, step, "wall_s") for name, depth, step in steps}),
        "Processor time": ("seconds", {name: known.points(depth, step, "cpu_s") for name, depth, step in steps}),
        "Memory": ("MB", {name: known.points(depth, step, "peak_mb") for name, depth, step in steps}),
    }
    disk = {"documents": ("generate", "disk_mb"), "release": ("publish", "disk_mb"), "dump": ("publish", "dump_mb")}
    plots["Disk"] = ("MB", {f"{n}, {d}": known.points(d, *of) for d in known.depths for n, of in disk.items()})
    for depth in known.depths:
        kinds = dict.fromkeys(kind for line in known.of(depth, "pages").values() for kind in line["kinds"])
        plots[f"Pages, {depth}"] = ("ms, median", {kind: _medians(known, depth, kind) for kind in kinds})
    return {
        title: (unit, several)
        for title, (unit, curves) in plots.items()
        if (several := {name: points for name, points in curves.items() if len(points) > 1})
    }


def _medians(known: Results, depth: str, kind: str) -> Points:
    lines = known.of(depth, "pages")
    return {n: line["kinds"][kind]["median_ms"] for n, line in lines.items() if kind in line["kinds"]}


def report(known: Results, plots: Sequence[str], checked: bool) -> str:
    """The report in Markdown, with the names of its plots."""
    machines = sorted({f"{line['cores']} cores, Quoth at {line['commit']}" for line in known.lines})
    dates = sorted(line["at"] for line in known.lines)
    way = "with its check, as `quoth publish`" if checked else "without a check, part by part (unchecked.py)"
    return "".join(
        (
            "# How the cost of a corpus grows\n\n",
            f"Measured from {dates[0]} to {dates[-1]} ({'; '.join(machines)}). Publication was measured {way}.",
            " Memory is what all processes of a command had of their own at its peak, sampled.\n\n",
            "".join(f"![{plot}]({plot})\n\n" for plot in plots),
            "## The corpora\n\n",
            _corpora(known),
            "## Aims\n\n",
            _aims(known),
            "## What is linear and what is not\n\n",
            _growth(known),
            "## Checking\n\n",
            f"pySHACL was measured up to {MOST_FOR_REFERENCE:,} articles; above, its rows are extrapolated.\n\n",
            _costs(known, tuple(CHECKED)),
            "### By stage\n\n",
            _stages(known, "check"),
            "## Publication\n\n",
            _costs(known, ("publish", "change", "unchanged", "oxigraph")),
            "### All, by stage: the first rows bound it\n\n",
            _stages(known, "publish"),
            "### One changed article, by stage\n\n",
            _stages(known, "change"),
            "### The disk of several releases\n\n",
            _disk(known),
            "## A reader's pages\n\n",
            "Median milliseconds, and the 95th percentile in brackets, of requests that no cache can answer.\n\n",
            _pages(known),
        )
    )


def write(folder: Path, checked: bool) -> Path:
    """Write the report of the results in a folder into its folder ``report``."""
    known = Results(results(folder / "results.jsonl"), checked)
    out = folder / "report"
    out.mkdir(exist_ok=True)
    plots = []
    for title, (unit, curves) in _curves(known).items():
        plots.append(f"{title.lower().replace(',', '').replace(' ', '-')}.svg")
        growth_plots.draw(title, unit, curves, out / plots[-1])
    (out / "report.md").write_text(report(known, plots, checked), "utf-8")
    return out / "report.md"


def main() -> None:
    """Write the report from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--unchecked", action="store_true", help="of publication without a check")
    given = parser.parse_args()
    print(write(given.folder, not given.unchecked))


if __name__ == "__main__":
    main()
