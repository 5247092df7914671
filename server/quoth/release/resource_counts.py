"""The resources of a release: those with a document and their incoming links, and those of earlier releases alone.

They are counted once, at publication, in files of the release: compressed SPARQL results (TSV) of an IRI and a number,
in the order of the IRIs.

    documents.tsv.gz   ?resource and the number of its incoming links
    gone.tsv.gz        ?resource and the number of the last release that described it
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from quoth.claim.model.namespaces import DCTERMS, QUOTH
from quoth.release.nquads import Compressed, graph_of, read_counts
from quoth.release.release import Release

DOCUMENTS = "documents.tsv.gz"
GONE = "gone.tsv.gz"
FILES = (DOCUMENTS, GONE)
_WITHDRAWS, _IS_REPLACED_BY = (str(term).encode() for term in (QUOTH.withdraws, DCTERMS.isReplacedBy))


def write(source: Path, folder: Path, base: str, previous: Release | None) -> int:
    """Write both files for the lines in ``source``, which become the release after the ``previous`` one.

    Returns the number of resources with a document.
    """
    with source.open("rb") as lines:
        links = count_links(lines, base)
    _write(folder / DOCUMENTS, sorted(links.items()))
    gone: dict[str, int] = {}
    if previous is not None and previous.manifest.base == base:
        gone = {iri: number for iri, number in read(previous, GONE) if iri not in links}
        gone |= {iri: previous.number for iri, _ in read(previous, DOCUMENTS) if iri not in links}
    _write(folder / GONE, sorted(gone.items()))
    return len(links)


def count_links(lines: Iterable[bytes], base: str) -> dict[str, int]:
    """Resource → the number of triples of the default graph that point at it.

    The resources are the IRIs under ``<base>id/`` without a fragment that are subject or object of a triple in the
    default graph, but for what is only withdrawn there. ``lines`` are those of nquads.py.
    """
    start = f"<{base}id/".encode()
    links: dict[bytes, int] = {}
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate == _WITHDRAWS:
            continue
        value = rest.removesuffix(b" .\n")
        of_resource = subject.startswith(start) and b"#" not in subject and predicate != _IS_REPLACED_BY
        to_resource = value.startswith(start) and b"#" not in value
        if (of_resource or to_resource) and graph_of(line) == b"\x01":
            if of_resource:
                links.setdefault(subject, 0)
            if to_resource:
                links[value] = links.get(value, 0) + 1
    return {iri[1:-1].decode(): count for iri, count in links.items()}


def read(release: Release, name: str, wanted: Callable[[int], bool] = lambda number: True) -> Iterator[tuple[str, int]]:
    """The rows of one of the files whose number is ``wanted``; none for a release without that file."""
    if name in release.manifest.files:
        yield from (row for row in read_counts(release.file(name)) if wanted(row[1]))


def _write(path: Path, rows: Iterable[tuple[str, int]]) -> None:
    with Compressed(path) as out:
        out.write(b"?resource\t?number\n")
        for iri, number in rows:
            out.write(f"<{iri}>\t{number}\n".encode())
