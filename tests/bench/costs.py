"""The arithmetic of the guide: what many claims cost, extrapolated from measured results. python -m tests.bench.costs

costs.toml says which figures, and how each grows; results/engines.jsonl has how other engines took in real corpora.
"""

import json
import statistics
import tomllib
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from tests.bench.growth_results import Line, exponent, table

HERE = Path(__file__).parent
SIZES = (10**6, 10**7, 10**8, 10**9)
"""Numbers of claims."""
QUADS = 10**8
"""The number of quads that the pages of engines tell about."""

_LOAD = {"time": ("wall_s", 0), "processor time": ("cpu_s", 1.05), "memory": ("peak_mb", 0), "disk": ("disk_mb", 1)}
"""What is told of loading: the figure of a line, and the power of its extrapolation, 0 for none."""

_NUMBERS = (("", 1), ("million", 10**6), ("billion", 10**9))
_UNITS = {
    "": _NUMBERS,
    "MB": (("MB", 1), ("GB", 10**3), ("TB", 10**6)),
    "s": (("s", 1), ("min", 60), ("h", 3600), ("days", 86400)),
    "ms": (("ms", 1), ("s", 1000)),
}


def lines(name: str) -> list[Line]:
    """The measured results in a file of the folder results."""
    return [json.loads(line) for line in (HERE / "results" / name).read_text("utf-8").splitlines()]


def steps() -> dict[str, Line]:
    """Each step's result of the largest corpus at the depth of words."""
    of_words = [line for line in lines("growth.jsonl") if line["depth"] == "words"]
    largest = max(line["articles"] for line in of_words)
    return {line["step"]: line for line in of_words if line["articles"] == largest}


def measured(row: dict[str, Any]) -> float:
    """The figure of a row of costs.toml, summed where it names several steps."""
    return sum(_figure(steps()[step], row["figure"]) for step in row["step"].split(", "))


def _figure(line: Line, name: str) -> float:
    if name.startswith("page: "):
        return float(line["kinds"][name.removeprefix("page: ")]["median_ms"])
    value = line[name]
    return statistics.fmean(b - a for a, b in pairwise(value)) if isinstance(value, list) else float(value)


def shown(values: Iterable[float], unit: str) -> str:
    """Figures with two digits, in the largest unit of which the last has one or more: one, or a range."""
    *_, most = values = [*values]
    name, size = [(name, size) for name, size in _UNITS[unit] if most >= size or size == 1][-1]
    texts = dict.fromkeys(_rounded(value / size) for value in values)
    return " ".join(filter(None, ("–".join(texts), name)))


def _rounded(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.0f}" if value >= 10 else f"{value:.2g}"


def corpora_table() -> str:
    """What a claim costs in each corpus that was measured: documents with their texts, and processor time."""

    def cells(row: dict[str, Any]) -> list[object]:
        of_corpus = {line["step"]: line for line in lines(row["file"]) if row["where"].items() <= line.items()}
        publish, check = of_corpus["publish"], of_corpus["check"]
        written = of_corpus.get("generate") or of_corpus["import"]
        claims = publish["claims"] + publish.get("claims_other_encodings", 0)
        # Where the publication was measured with the check in it, that is the sum.
        cpu_s = publish["cpu_s"] + (0 if publish.get("note") == "with the check" else check["cpu_s"])
        per_claim = [publish["quads"], written["disk_mb"] * 1000, publish["disk_mb"] * 1000, cpu_s * 1000]
        return [row["label"], f"{claims:,}", *(_rounded(value / claims) for value in per_claim)]

    head = [
        "corpus",
        "claims",
        "quads a claim",
        "documents, kB a claim",
        "release, kB a claim",
        "check and publish, ms a claim",
    ]
    return table(head, map(cells, _rows("corpus")))


def costs_table() -> str:
    """What the costs are at each of SIZES; all columns but the second are extrapolated."""
    claims = steps()["publish"]["claims"]

    def cells(row: dict[str, Any]) -> list[str]:
        value, unit, powers = measured(row), row["unit"], row["power"]
        beyond = [shown([value * (size / claims) ** power for power in powers], unit) for size in SIZES]
        return [row["label"], shown([value], unit), "–".join(f"{p:g}" for p in powers), *beyond]

    head = ["what", f"measured at {claims:,}", "power", *(shown([size], "") for size in SIZES)]
    return table(head, map(cells, _rows("cost")))


def pages_table() -> str:
    """The median times of pages that no cache has, at both sizes in words, and the power between them."""
    of_words = [line for line in lines("growth.jsonl") if line["depth"] == "words"]
    claims = {line["articles"]: line["claims"] for line in of_words if line["step"] == "publish"}
    kinds = {claims[line["articles"]]: line["kinds"] for line in of_words if line["step"] == "pages"}
    few, many = sorted(kinds)
    rows = []
    for kind in kinds[many]:
        points = {size: kinds[size][kind]["median_ms"] for size in (few, many)}
        rows.append([kind, *(shown([value], "ms") for value in points.values()), _rounded(exponent(points))])
    return table(["page", f"{few:,} claims", f"{many:,} claims", "power"], rows)


def limits_table() -> str:
    """At how many claims limits are reached, the first one first."""
    claims = steps()["publish"]["claims"]

    def reached(row: dict[str, Any]) -> list[float]:
        return sorted(claims * (row["most"] / measured(row)) ** (1 / power) for power in row["power"])

    rows = sorted(_rows("limit"), key=lambda row: reached(row)[0])
    return table(
        ["what", f"measured at {claims:,}", "limit", "reached at about", "set by"],
        (
            [
                row["label"],
                shown([measured(row)], row["unit"]),
                shown([row["most"]], row["unit"]),
                shown(reached(row), ""),
                row["because"],
            ]
            for row in rows
        ),
    )


def loads_table(engine: str) -> str:
    """How an engine took in corpora, and what that makes of 100 million quads from the largest: disk in proportion, and
    processor time as loaders sort (power 1.05)."""
    loaded = sorted((line for line in lines("engines.jsonl") if line["engine"] == engine), key=itemgetter("quads"))
    rows = [[line["how"], f"{line['quads']:,}", *_load(line), f"{line['load']:g}"] for line in loaded]
    for line in {line["how"]: line for line in loaded}.values():
        far = {name: line[name] * (QUADS / line["quads"]) ** power for name, power in _LOAD.values() if power}
        cells = [f"{line['how']}, extrapolated", f"{QUADS:,}", *_load(far), ""]
        rows.append([f"*{cell}*" if cell else "" for cell in cells])
    return table(["loader", "quads", *_LOAD, "load of the machine"], rows)


def _load(line: Line) -> list[str]:
    """The figures of loading, as far as a line has them."""
    names = [name for name, _ in _LOAD.values()]
    return [shown([line[name]], "s" if name.endswith("_s") else "MB") if name in line else "" for name in names]


def _rows(kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((HERE / "costs.toml").read_text("utf-8"))[kind]
    return rows


if __name__ == "__main__":
    print(
        corpora_table(),
        costs_table(),
        limits_table(),
        *map(loads_table, ("fuseki", "virtuoso", "oxigraph")),
        sep="\n\n",
    )
