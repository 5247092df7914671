"""The resources of a release: those with a document and their incoming links, and those of earlier releases alone.

They are counted at publication, in two tables of the release (dumps/tables.py), in the order of the IRIs:

    documents.tsv.gz   ?resource and the number of its incoming links
    gone.tsv.gz        ?resource and the number of the last release that described it
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from quoth.claim.model.namespaces import QUOTH
from quoth.corpus import bases
from quoth.release.dumps.nquads import DEFAULT_GRAPH, describes, graph_of, read_counts
from quoth.release.dumps.tables import DOCUMENTS, GONE, row
from quoth.release.release import Release

_WITHDRAWS = str(QUOTH.withdraws).encode()


def rows(links: dict[str, int], base: str, previous: Release | None) -> tuple[list[bytes], list[bytes]]:
    """The sorted rows of both tables, for the ``links`` of a release after the ``previous`` one."""
    gone: dict[str, int] = {}
    if previous is not None and str(previous.manifest.base) == str(base):
        gone = {iri: number for iri, number in read(previous, GONE) if iri not in links}
        gone |= {iri: previous.number for iri, _ in read(previous, DOCUMENTS) if iri not in links}
    return _rows(links), _rows(gone)


def count_links(lines: Iterable[bytes], base: str) -> dict[str, int]:
    """Resource → the number of triples of the default graph that point at it.

    The resources are the IRIs under ``<base>id/`` without a fragment that are subject or object of a triple in the
    default graph, but for what is only withdrawn there. ``lines`` are those of nquads.py.
    """
    links: Counter[bytes] = Counter()
    for described, linked in _ends(lines, base):
        links[described] += 0
        links[linked] += 1
    del links[b""]
    return {iri[1:-1].decode(): count for iri, count in links.items()}


def changed_rows(
    removed: Iterable[bytes],
    added: Iterable[bytes],
    base: str,
    known: Callable[[Collection[bytes]], Mapping[bytes, int]],
    described: Callable[[bytes], bool],
) -> dict[bytes, tuple[int | None, int | None]]:
    """The resources (IRIs in angle brackets) whose rows lines that are gone and new may change: their incoming links
    before and after; None for one without a document.

    ``known`` gives the numbers of the last release for resources that it has, ``described`` whether the next one has a
    statement about a resource that describes it.
    """
    change: Counter[bytes] = Counter()
    for sign, lines in ((-1, removed), (1, added)):
        for subject, value in _ends(lines, base):
            change[subject] += 0
            change[value] += sign
    del change[b""]
    before = known(change.keys())
    links = {iri: before.get(iri, 0) + delta for iri, delta in change.items()}
    return {iri: (before.get(iri), count if count > 0 or described(iri) else None) for iri, count in links.items()}


def _ends(lines: Iterable[bytes], base: str) -> Iterator[tuple[bytes, bytes]]:
    """The resource that each line of the default graph describes, and that which it points at; empty for none."""
    start = bases.line_starts(base)
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate == _WITHDRAWS:
            continue
        value = rest.removesuffix(b" .\n")
        of_resource = subject.startswith(start) and b"#" not in subject and describes(predicate)
        to_resource = value.startswith(start) and b"#" not in value
        if (of_resource or to_resource) and graph_of(line) == DEFAULT_GRAPH:
            yield subject if of_resource else b"", value if to_resource else b""


def read(release: Release, name: str, wanted: Callable[[int], bool] = lambda number: True) -> Iterator[tuple[str, int]]:
    """The rows of one of the files whose number is ``wanted``; none for a release without that file."""
    if name in release.manifest.files:
        with release.open_file(name) as file:
            yield from (row for row in read_counts(file) if wanted(row[1]))


def _rows(numbers: Mapping[str, int]) -> list[bytes]:
    return sorted(row(f"<{iri}>".encode(), number) for iri, number in numbers.items())
