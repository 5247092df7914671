"""How long it takes from a dump to a store that answers queries, for each server, and for Quoth.

Each server loads the N-Quads of the release, from a file that is not compressed, with the fastest loader that it has
for one file (peers.toml), and answers a query of them. Quoth has two rows: ``quoth-store`` makes the store of a release
from the same file and reads all of it back, as publication does; ``quoth-publish`` is a whole publication, from the
lines of each document on: sorted, dumped, loaded, read back, counted, and the lists, facets and words that its pages
show. Checking documents and reading YAML is in neither.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.bench.compare.peers import PEERS, Dump, running
from tests.bench.measured import disk_mb, run

OWN = {"quoth-store": "Quoth: the store of a release", "quoth-publish": "Quoth: publication"}
_STORE = (
    "import sys; from pathlib import Path; from quoth.release.build.store import load; from tests.bench.measured import"
    " Stages; told = Stages(); load(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), told); told.write()"
)


def loads(
    dump: Dump, corpus: Path, kept: Path, folder: Path, names: Sequence[str], times: int
) -> Iterator[dict[str, Any]]:
    """The figures of so many loads of every server of those ``names``, in turn, and of Quoth; ``kept``: the parts of
    the corpus, which have been made."""
    for _ in range(times):
        for name in (*names, *OWN):
            shutil.rmtree(folder, ignore_errors=True)
            if name in OWN:
                folder.mkdir(parents=True)
                figures = _own(name, dump, corpus, kept, folder)
            else:
                with running(PEERS[name], dump, folder) as server:
                    figures = server.loading
            yield {"step": "load", "peer": name, "quads": dump.quads, **figures}
    shutil.rmtree(folder, ignore_errors=True)


def _own(name: str, dump: Dump, corpus: Path, kept: Path, folder: Path) -> dict[str, Any]:
    made = folder / "made"
    if name == "quoth-store":
        command = [sys.executable, "-c", _STORE, str(dump.file), str(made), str(dump.quads)]
    else:
        command = [
            sys.executable,
            "-m",
            "tests.bench.unchecked",
            str(corpus),
            "--releases",
            str(made),
            "--kept",
            str(kept),
        ]
    cost = run(command, folder)
    return {**cost.as_json(), "disk_mb": round(disk_mb(made), 3)}
