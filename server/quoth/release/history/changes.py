"""What a history says: changes, their statements, labels and links, and the releases that had each."""

from collections.abc import Sequence
from dataclasses import dataclass

from quoth.claim.model.namespaces import QUOTH, RDF


@dataclass(frozen=True)
class Statement:
    """The values (terms in N-Triples) of a property that are gone and new. ``part`` is the fragment of the part's IRI
    with its ``#``, empty for the thing itself; ``graph`` that of a content, or an IRI, or empty."""

    part: str
    property: str
    graph: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def without_notes(statements: Sequence[Statement]) -> list[Statement]:
    """The statements without those of new corrections, which are the reason of the others."""
    types = {s.part: s.after for s in statements if s.property == RDF.type.value}
    notes = {part for part, after in types.items() if str(QUOTH.Correction) in after}
    return [s for s in statements if s.part not in notes and (s.property != QUOTH.correction.value or s.before)]


@dataclass(frozen=True)
class Change:
    """An event in the history of ``iri``, a thing of that ``kind``, in a release, which was made at the time
    ``created``. A redaction has its own time, and the last release that had the thing.

    ``number`` counts the changes of the dataset from 1. ``event`` is one of KINDS_OF_CHANGE. ``label`` is the name of
    the thing as a term in N-Triples, empty where it has none, and ``article`` the IRI of a claim's article. ``reason``,
    ``by`` (IRI) and ``date`` are those of a correction or withdrawal, where the documents give them.
    """

    number: int
    release: int
    created: str
    event: str
    iri: str
    kind: str
    label: str
    article: str
    reason: str
    by: str
    date: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Span:
    """The first release that had something, and the last one, None where the newest release of the history has it."""

    first: int
    last: int | None


@dataclass(frozen=True)
class Seen:
    """A label or a link of a thing: its property (IRI), its value (a term in N-Triples), and the releases."""

    property: str
    value: str
    span: Span
