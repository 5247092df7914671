"""How often a release uses each term of the ontology, counted once, at publication.

terms.tsv.gz has the columns ?term and ?number, as the files of documents.py have theirs: a property counts once for
each quad whose predicate it is, a class or a concept for each whose object it is, in whatever graph.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from quoth.claim.vocabulary import ONTOLOGY_IRI
from quoth.store import documents
from quoth.store.release import Release

TERMS = "terms.tsv.gz"
_START = f"<{ONTOLOGY_IRI}".encode()


def write(source: Path, folder: Path) -> None:
    """Write the file for the lines in ``source`` (dumps.py)."""
    with source.open("rb") as lines:
        documents.write_rows(folder / TERMS, "term", sorted(counted(lines).items()))


def counted(lines: Iterable[bytes]) -> dict[str, int]:
    """Term → the number of lines that use it."""
    found: Counter[bytes] = Counter()
    for line in lines:
        _, predicate, rest = line.split(b" ", 2)
        if predicate.startswith(_START):
            found[predicate] += 1
        if rest.startswith(_START):
            found[rest.partition(b" ")[0]] += 1
    return {iri[1:-1].decode(): number for iri, number in found.items()}


def read(release: Release) -> Mapping[str, int] | None:
    """Term → how often it is used; None for a release of a version that did not count."""
    return dict(documents.read(release, TERMS)) if TERMS in release.manifest.files else None
