"""What a corpus of others costs from its files to its pages:
`python -m tests.bench.imported FOLDER --format brat --input ../corpora/polnear --mapping polnear`.

The steps are import, check, publish, export-csv, export-web-annotation and walk (walk.py). Each appends a line to
FOLDER/results.jsonl, and a step that has one there is not run again.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.growth import results
from tests.bench.measured import disk_mb, quoth_in, run
from tests.bench.walk import walk

STEPS = ("import", "check", "publish", "export-csv", "export-web-annotation", "walk")
PERCENT = "\nquoted_percent = 100\n"
"""Nothing of it is passed on, so that the dense articles are measured, too."""


def _quoth(folder: Path, *arguments: str) -> dict[str, Any]:
    return quoth_in(folder, arguments).as_json()


def _step(step: str, folder: Path, format: str, source: Path, mapping: str) -> dict[str, Any]:
    corpus = folder / "corpus"
    match step.partition("-"):
        case ("import", _, _):
            run([sys.executable, "-m", "quoth", "new", str(corpus), "--publisher", "A reader"], folder)
            with (corpus / "quoth.toml").open("a") as settings:
                settings.write(PERCENT)
            figures = _quoth(folder, "import", format, str(source.resolve()), "--mapping", mapping)
            return figures | {"documents_mb": disk_mb(corpus / "articles"), "texts_mb": disk_mb(corpus / "texts")}
        case ("publish", _, _):
            return _quoth(folder, "publish") | {"release_mb": disk_mb(corpus / "releases" / "current")}
        case ("export", _, name):
            return _quoth(folder, "export", name, "-o", str(folder / name)) | {
                "file_mb": (folder / name).stat().st_size / 2**20
            }
        case ("walk", _, _):
            return walk(corpus / "releases")
    return _quoth(folder, step)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--format", required=True)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--mapping", required=True)
    parser.add_argument("--only", default=",".join(STEPS), help="steps, with commas")
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.jsonl"
    for step in STEPS:
        if step not in given.only.split(",") or step in {line["step"] for line in results(file)}:
            continue
        figures = _step(step, folder, given.format, given.input, given.mapping)
        machine = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": round(os.getloadavg()[0], 1)}
        with file.open("a", encoding="utf-8") as sink:
            sink.write(json.dumps({"step": step, **machine, **figures}) + "\n")
        print(f"{step}: {json.dumps(figures)[:200]}", flush=True)


if __name__ == "__main__":
    main()
