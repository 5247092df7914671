"""What the sittings of a parliament cost: `python -m tests.bench.parliament FOLDER --corpora DIR --sittings 12,24,122`.

The sittings are those of ParlaMint-AT, spread over its years; `--times 10` has each of them so many times, with other
names of the sitting and of its speakers. For each size FOLDER/results.jsonl gets a line for each step; a step that has
one is not run again.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench import pages
from tests.bench.measured import Cost, disk_mb, quoth_in

from quoth.release.release import Releases

FORMAT = ("tei", "--mapping", "parlamint")
_SITTING = re.compile(r'(xml:id="ParlaMint-[^".]*)')
_PERSON = re.compile(r"\bPAD_\d+")
_SURNAME = re.compile(r"(?<=<surname>)[^<]+")
WORDS = ("Arbeitslosigkeit", "Gesetze", "Budget", "Pensionen", "Europäische Union")

Figures = dict[str, Any]


@dataclass(frozen=True)
class Parliament:
    """A corpus of so many sittings, each of them ``times`` times."""

    folder: Path
    source: Path
    sittings: int
    times: int

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    def quoth(self, command: str, *options: str) -> Cost:
        """Run a command of Quoth in the corpus."""
        return quoth_in(self.folder, [command, *options])

    def sources(self) -> list[Path]:
        """The files of the sittings, spread evenly over all there are."""
        every = sorted(self.source.glob("editions/*.xml"))
        return [every[number * len(every) // self.sittings] for number in range(min(self.sittings, len(every)))]


def bring_in(parliament: Parliament) -> Figures:
    """Import the sittings into a new corpus."""
    shutil.rmtree(parliament.folder, ignore_errors=True)
    given = parliament.folder / "tei"
    (given / "editions").mkdir(parents=True)
    shutil.copytree(parliament.source / "indices", given / "indices")
    for path in parliament.sources():
        for number in range(parliament.times):
            text = varied(path.read_text("utf-8"), number)
            (given / "editions" / f"{path.stem}{f'-{number}' if number else ''}.xml").write_text(text, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "quoth", "new", str(parliament.corpus), "--title", "Sittings", "--publisher", "Record"],
        check=True,
        capture_output=True,
    )
    cost = parliament.quoth("import", *FORMAT[:1], str(given), *FORMAT[1:])
    return {**cost.as_json(), "disk_mb": disk_mb(parliament.corpus)}


def varied(text: str, number: int) -> str:
    """A sitting with other names: of itself, and of those who speak; number 0 is the sitting as it is."""
    if not number:
        return text
    text = _SITTING.sub(rf"\1-{number}", text, count=1)
    return _SURNAME.sub(lambda name: f"{name[0]}-{number}", _PERSON.sub(lambda id: f"{id[0]}-{number}", text))


def check(parliament: Parliament) -> Figures:
    """Check everything, with nothing known from before."""
    shutil.rmtree(parliament.folder / "cache", ignore_errors=True)
    return parliament.quoth("check").as_json()


def publish(parliament: Parliament) -> Figures:
    """Publish the first release after the check, whose verdicts are known."""
    releases = parliament.corpus / "releases"
    shutil.rmtree(releases, ignore_errors=True)
    cost = parliament.quoth("publish")
    manifest = Releases(releases).current().manifest
    return {**cost.as_json(), "disk_mb": disk_mb(releases), "quads": manifest.quads, "claims": manifest.claims}


def long_sittings(articles: Path) -> list[Path]:
    """The documents of long sittings; of all, where none is long."""
    every = sorted(articles.glob("*.yaml"))
    return [path for path in every if path.stat().st_size > 100_000] or every


def read(parliament: Parliament) -> Figures:
    """Ask a server for what a reader of the sittings opens."""
    chance = random.Random(1)
    documents = long_sittings(parliament.corpus / "articles")
    sittings = [path.stem for path in documents]
    people = re.findall(r"id/(person/[\w-]+)", "".join(path.read_text("utf-8") for path in documents[:3]))
    targets: dict[str, Callable[[], str]] = {
        "front page": lambda: "/",
        "sitting": lambda: f"/doc/article/{chance.choice(sittings)}",
        "late page of a sitting": lambda: f"/doc/article/{chance.choice(sittings)}?claims=3",
        "speaker": lambda: f"/doc/{chance.choice(people)}",
        "party": lambda: "/doc/org/politicalparty-spo",
        "claims": lambda: "/claims",
        "claims of a speaker": lambda: f"/claims?source={chance.choice(people)}",
        "claims of a party": lambda: "/claims?memberOf=org/politicalparty-spo",
        "claims of a party in a year": lambda: (
            f"/claims?memberOf=org/politicalparty-ovp&published-from={(year := chance.randint(1996, 2021))}"
            f"&published-to={year}"
        ),
        "search": lambda: f"/search?q={quote(chance.choice(WORDS))}",
        "sources": lambda: "/sources",
        "articles": lambda: "/articles",
        "changes": lambda: "/changes",
    }
    return pages.timed(parliament.corpus / "releases", targets)


STEPS: dict[str, Callable[[Parliament], Figures]] = {
    "import": bring_in,
    "check": check,
    "publish": publish,
    "pages": read,
}


def measure(folder: Path, source: Path, sizes: Sequence[int], times: int, steps: Sequence[str]) -> None:
    """Run the steps of each size that have no result yet."""
    file = folder / "results.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    done = {(line["sittings"], line["times"], line["step"]) for line in map(json.loads, lines)}
    for sittings in sizes:
        parliament = Parliament(folder / f"{sittings}x{times}", source, sittings, times)
        for step in (step for step in steps if (sittings, times, step) not in done):
            parliament.folder.mkdir(parents=True, exist_ok=True)
            figures = STEPS[step](parliament)
            known = {"sittings": sittings, "times": times, "step": step}
            machine = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": round(os.getloadavg()[0], 1)}
            with file.open("a", encoding="utf-8") as sink:
                sink.write(json.dumps({**known, **machine, **figures}) + "\n")
            print(json.dumps({**known, **machine, **figures}), flush=True)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpora", type=Path, required=True, help="the folder that has parlamint-at, unpacked")
    parser.add_argument("--sittings", default="12,24,122", help="sizes, with commas")
    parser.add_argument("--times", type=int, default=1, help="how often each sitting is there, by other names")
    parser.add_argument("--only", default=",".join(STEPS), help="steps, with commas")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sittings.split(",")]
    steps = [step for step in STEPS if step in given.only.split(",")]
    measure(given.folder.resolve(), given.corpora.resolve() / "parlamint-at" / "data", sizes, given.times, steps)


if __name__ == "__main__":
    main()
