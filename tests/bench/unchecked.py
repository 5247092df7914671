"""Publishing a corpus without checking it, part by part, so that publication alone is measured at any size:

    python -m tests.bench.unchecked CORPUS --releases RELEASES --kept FOLDER

reads every document and derives what follows from it, in two processes, keeps the lines of each in a file, and
publishes these parts. A part that is kept is not made again.
"""

import argparse
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.bench.measured import Stages

from quoth.claim.model.ontology import ontology_quads
from quoth.claim.model.part import Part
from quoth.claim.reading.document import read
from quoth.claim.rules.publication import derive
from quoth.release.dumps.nquads import from_lines, to_lines
from quoth.release.publish import publish_parts
from quoth.release.release import Release

BASE = "http://localhost:8000/"
PROCESSES = 2
_described: dict[bytes, list[bytes]] = defaultdict(list)
"""Entity (IRI in angle brackets) → the lines about it: the processes have it from their parent."""


def _write(lines: Iterable[bytes], path: Path) -> None:
    unfinished = path.with_suffix(".new")
    with gzip.open(unfinished, "wb", compresslevel=1) as file:
        file.writelines(lines)
    unfinished.replace(path)


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as file:
        yield from file


def _make(document: Path, path: Path) -> None:
    """Write the lines of a document: what it says, and what follows from that and from the entities that it names."""
    quads = read(document, BASE).quads
    terms = dict.fromkeys(str(term).encode() for quad in quads for term in (quad.subject, quad.object))
    around = list(from_lines(line for term in terms for line in _described.get(term, ())))
    _write(sorted(set(to_lines([*quads, *derive([*quads, *around], BASE)]))), path)


def _digest(data: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in data:
        digest.update(hashlib.sha256(piece).digest())
    return digest.hexdigest()


def _prepare(
    documents: Sequence[Path], depends_on: str, kept: Path, tell: Stages, stage: str, around: Sequence[Part] = ()
) -> list[Part]:
    """The parts of documents, of which those are made that are not kept; ``around``: those of the entities that they
    name."""
    files = {document: kept / _digest([document.read_bytes(), depends_on.encode()]) for document in documents}
    missing = {document: path for document, path in files.items() if not path.exists()}
    tell(stage, 0, len(missing))
    if missing:
        _described.clear()
        for line in (line for part in around for line in part.lines()):
            _described[line.partition(b" ")[0]].append(line)
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
            for _ in pool.map(_make, missing.keys(), missing.values(), chunksize=20):
                pass
    return [Part(path.name, partial(_lines, path)) for path in files.values()]


def publish(corpus: Path, releases: Path, kept: Path, tell: Stages) -> Release:
    """Publish the corpus in a folder: its articles, and what is beside them or in the folder of entities; ``kept`` is
    the folder of the parts."""
    kept.mkdir(parents=True, exist_ok=True)
    vocabulary = corpus / "vocabulary.yaml"
    shared = [*sorted(corpus.glob("*.yaml")), *sorted((corpus / "entities").glob("*.yaml"))]
    parts = _prepare(shared, vocabulary.read_text() if vocabulary.exists() else "", kept, tell, "entities")
    entities = _digest(path.read_bytes() for path in shared)
    parts += _prepare(sorted((corpus / "articles").glob("*.yaml")), entities, kept, tell, "articles", parts)
    ontology = sorted(set(to_lines(ontology_quads())))
    parts.append(Part(_digest(ontology), lambda: ontology))

    def recall(key: str) -> Iterable[bytes] | None:
        return _lines(kept / key) if (kept / key).exists() else None

    return publish_parts(parts, recall, releases=releases, base=BASE, report_ttl="", report_json="{}", progress=tell)


def main() -> None:
    """Publish from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--releases", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    given = parser.parse_args()
    stages = Stages()
    release = publish(given.corpus, given.releases, given.kept, stages)
    stages.write()
    print(f"release {release.number}: {release.manifest.quads} quads{', reused' if release.reused else ''}")


if __name__ == "__main__":
    main()
