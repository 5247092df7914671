"""How the cost of a corpus grows with it: `python -m tests.bench.growth FOLDER --articles 20,60,200 --depth words`.

Each step appends a line to FOLDER/results.jsonl, and a step that has one there is not run again: delete the line, and
the folder of its size, to repeat it. growth_report.py makes a report of the file.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench import documents, pages
from tests.bench.measured import Cost, disk_mb, run

from quoth.release.release import Release, Releases

BASE = "http://localhost:8000/"
CHANGES = 5
"""So many articles are changed, each in a publication of its own."""
MOST_FOR_REFERENCE = 1_000
"""Articles that are checked by pySHACL: more would take days."""
COUNTED = ("quads", "claims", "claims_other_encodings", "graphs")

_SOURCE = re.compile(r"source: (id/org/\w+)")

Figures = dict[str, Any]


@dataclass(frozen=True)
class Corpus:
    """The corpus of a size; ``checked``: whether it is published as users do, rather than part by part unchecked."""

    folder: Path
    depth: str
    articles: int
    checked: bool

    @property
    def documents(self) -> Path:
        return self.folder / "corpus"

    @property
    def releases(self) -> Path:
        return self.folder / ("releases" if self.checked else "releases-unchecked")

    def run(self, command: Sequence[str]) -> Cost:
        """Run a command whose caches are this corpus's own."""
        return run(command, self.folder, {"XDG_CACHE_HOME": str(self.folder / "cache"), "QUOTH_BASE": BASE})

    def quoth(self, command: str, *options: str) -> Cost:
        """Run a command of Quoth over the corpus."""
        given = [command, str(self.documents), "--texts", str(self.documents / "texts"), *options]
        return self.run([sys.executable, "-c", f"from tests.bench.measured import quoth; quoth({given!r})"])

    def publish(self) -> Cost:
        """Publish what the folder holds now."""
        releases = ["--releases", str(self.releases)]
        if self.checked:
            return self.quoth("publish", *releases)
        kept = ["--kept", str(self.folder / "kept")]
        return self.run([sys.executable, "-m", "tests.bench.unchecked", str(self.documents), *releases, *kept])

    def current(self) -> Release:
        """The current release. Raises UnavailableError where a step before was not run."""
        return Releases(self.releases).current()


def generate(corpus: Corpus) -> Figures:
    """Write the documents and texts."""
    options = ["--articles", str(corpus.articles), "--depth", corpus.depth]
    cost = corpus.run([sys.executable, "-m", "tests.bench.documents", str(corpus.documents), *options])
    return {**cost.as_json(), "disk_mb": disk_mb(corpus.documents)}


def check(corpus: Corpus) -> Figures:
    """Check everything, with nothing known from before."""
    shutil.rmtree(corpus.folder / "cache", ignore_errors=True)
    return corpus.quoth("check").as_json()


def check_again(corpus: Corpus) -> Figures:
    """Check everything a second time."""
    return corpus.quoth("check").as_json()


def reference(corpus: Corpus) -> Figures:
    """Check everything with pySHACL, if the corpus is small."""
    if corpus.articles > MOST_FOR_REFERENCE:
        return {"left_out": f"more than {MOST_FOR_REFERENCE} articles"}
    return corpus.quoth("check", "--reference").as_json()


def publish(corpus: Corpus) -> Figures:
    """Publish the first release."""
    if corpus.releases.exists():
        shutil.rmtree(corpus.releases)
        shutil.rmtree(corpus.folder / "kept", ignore_errors=True)
    cost, manifest = corpus.publish(), corpus.current().manifest
    counts = {name: getattr(manifest, name) for name in COUNTED}
    return {**cost.as_json(), **counts, "dump_mb": manifest.files["claims.nq.gz"].bytes / 2**20} | _disk(corpus)


def change(corpus: Corpus) -> Figures:
    """Change one article and publish, several times."""
    costs: list[Cost] = []
    disks: list[float] = []
    for _ in range(CHANGES):
        before = corpus.current().number
        number = before * 7 % corpus.articles
        path = corpus.documents / "articles" / f"{documents.slug(number)}.yaml"
        edition = before
        while (document := documents.article(number, corpus.depth, edition=edition)[0]) == path.read_text("utf-8"):
            edition += 1  # which another way of publishing has made already
        path.write_text(document, "utf-8")
        costs.append(corpus.publish())
        assert corpus.current().number == before + 1, "the change made no release"
        disks.append(disk_mb(corpus.releases))
    middle = sorted(costs, key=lambda cost: cost.wall_s)[len(costs) // 2]
    return {**middle.as_json(), "wall_each_s": [round(c.wall_s, 3) for c in costs], "disk_each_mb": disks}


def unchanged(corpus: Corpus) -> Figures:
    """Publish what is published already."""
    before = corpus.current().number
    cost = corpus.publish()
    assert corpus.current().number == before, "there was a change"
    return cost.as_json()


def oxigraph(corpus: Corpus) -> Figures:
    """Load the dump of the current release with `oxigraph load`, from an N-Quads file that is not compressed."""
    dump, store = corpus.folder / "dump.nq", corpus.folder / "oxigraph"
    shutil.rmtree(store, ignore_errors=True)
    with corpus.current().open_file("claims.nq.gz") as packed, gzip.open(packed) as lines, dump.open("wb") as plain:
        shutil.copyfileobj(lines, plain, 1 << 20)
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    cost = corpus.run([program, "load", "--location", str(store), "--file", str(dump)])
    figures = {"dump_plain_mb": dump.stat().st_size / 2**20, "disk_mb": disk_mb(store), "program": version("oxigraph")}
    dump.unlink()
    shutil.rmtree(store)
    return {**cost.as_json(), **figures, "quads": corpus.current().manifest.quads}


def reading(corpus: Corpus) -> Figures:
    """Ask a server for what a reader opens."""
    slugs = [documents.slug(n) for n in range(corpus.articles)]
    some = (documents.article(n, corpus.depth)[0] for n in range(min(500, corpus.articles)))
    [(head, _)] = Counter(iri for text in some for iri in set(_SOURCE.findall(text))).most_common(1)
    return pages.measure(corpus.releases, slugs, head, corpus.depth == "contents")


def _disk(corpus: Corpus) -> Figures:
    path = corpus.current().path
    return {
        "disk_mb": disk_mb(path),
        "disk_of": {entry.name: disk_mb(entry) for entry in path.iterdir() if entry.is_dir()},
    }


STEPS: dict[str, Callable[[Corpus], Figures]] = {
    "generate": generate,
    "check": check,
    "check-again": check_again,
    "reference": reference,
    "publish": publish,
    "change": change,
    "unchanged": unchanged,
    "oxigraph": oxigraph,
    "pages": reading,
}
"""In the order in which they are run; the last four need that of publication."""
PUBLICATION = ("publish", "change", "unchanged")
"""The steps that are one thing with a check and another without."""


def results(file: Path) -> Iterator[Figures]:
    """The lines of a file of results; none where there is none yet."""
    if file.exists():
        yield from map(json.loads, file.read_text("utf-8").splitlines())


def grow(folder: Path, depth: str, sizes: Sequence[int], steps: Sequence[str], checked: bool) -> None:
    """Run the steps of each size that have no result yet."""
    file = folder / "results.jsonl"
    done = {(line["depth"], line["articles"], line["step"], line.get("checked")) for line in results(file)}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    for articles in sizes:
        corpus = Corpus(folder / f"{depth}-{articles}", depth, articles, checked)
        corpus.folder.mkdir(parents=True, exist_ok=True)
        for step in steps:
            known: Figures = {"depth": depth, "articles": articles, "step": step}
            if step in PUBLICATION:
                known["checked"] = checked
            if (depth, articles, step, known.get("checked")) in done:
                continue
            started = datetime.now(UTC).isoformat(timespec="seconds")
            began = time.perf_counter()
            figures = STEPS[step](corpus)
            machine = {"at": started, "commit": commit, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
            with file.open("a", encoding="utf-8") as sink:
                sink.write(json.dumps({**known, **machine, **figures}) + "\n")
            print(f"{depth} {articles} {step}: {time.perf_counter() - began:.1f} s", flush=True)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", default="20,60,200", help="sizes, with commas")
    parser.add_argument("--depth", choices=documents.DEPTHS, default="words")
    parser.add_argument("--only", default=",".join(STEPS), help="steps, with commas")
    parser.add_argument("--unchecked", action="store_true", help="publish without checking (unchecked.py)")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped: the step that ran is begun anew by the next run"))
    sizes = [int(size) for size in given.articles.split(",")]
    steps = [step for step in STEPS if step in given.only.split(",")]
    grow(given.folder, given.depth, sizes, steps, not given.unchecked)


if __name__ == "__main__":
    main()
