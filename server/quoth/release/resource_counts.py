"""Which resources of a release have a document, how many links lead to each, and which had one in an earlier release.

All this is counted once, at publication, in files of the release. They are compressed SPARQL results (TSV) of an IRI
and a number, in the order of the IRIs:

    documents.tsv.gz   ?resource and the number of its incoming links
    gone.tsv.gz        ?resource and the number of the last release that said something of it
"""

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from quoth.errors import ReleaseError
from quoth.release.nquads import Compressed, graph_of
from quoth.release.release import Release, Releases

DOCUMENTS = "documents.tsv.gz"
GONE = "gone.tsv.gz"
FILES = (DOCUMENTS, GONE)


def write(source: Path, folder: Path, base: str, known: Releases) -> int:
    """Write both files for the lines in ``source``, the next release after those that are ``known``; returns how many
    resources have a document."""
    before = _last(known)
    with source.open("rb") as lines:
        found = counted(lines, base)
    _write(folder / DOCUMENTS, sorted(found.items()))
    gone: dict[str, int] = {}
    if before is not None and before.manifest.base == base:
        gone = {iri: number for iri, number in read(before, GONE) if iri not in found}
        gone |= {iri: before.number for iri, _ in read(before, DOCUMENTS) if iri not in found}
    _write(folder / GONE, sorted(gone.items()))
    return len(found)


def counted(lines: Iterable[bytes], base: str) -> dict[str, int]:
    """How many triples of the default graph point at each resource.

    The resources are the IRIs under ``<base>id/`` without a fragment of which the default graph says something: as
    the subject of a triple or as its object. ``lines`` are those of dumps.py.
    """
    start = f"<{base}id/".encode()
    found: dict[bytes, int] = {}
    for line in lines:
        subject, _, rest = line.split(b" ", 2)
        value = rest.removesuffix(b" .\n")
        from_here = subject.startswith(start) and b"#" not in subject
        to_here = value.startswith(start) and b"#" not in value
        if (from_here or to_here) and graph_of(line) == b"\x01":
            if from_here:
                found.setdefault(subject, 0)
            if to_here:
                found[value] = found.get(value, 0) + 1
    return {iri[1:-1].decode(): count for iri, count in found.items()}


def read(release: Release, name: str, wanted: Callable[[int], bool] = lambda number: True) -> Iterator[tuple[str, int]]:
    """The rows of one of the files whose number is ``wanted``; none for a release of a version that did not count."""
    if name not in release.manifest.files:
        return
    with gzip.open(release.file(name), "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            iri, _, number = line.rstrip("\n").partition("\t")
            if wanted(int(number)):
                yield iri[1:-1], int(number)


def _last(known: Releases) -> Release | None:
    """The newest release that can be read."""
    for number in reversed(known.numbers()):
        try:
            return known.open(number)
        except ReleaseError:
            continue
    return None


def _write(path: Path, rows: Iterable[tuple[str, int]]) -> None:
    with Compressed(path) as out:
        out.write(b"?resource\t?number\n")
        for iri, number in rows:
            out.write(f"<{iri}>\t{number}\n".encode())
