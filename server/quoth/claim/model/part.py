"""The parts of a publication: each depends on nothing but what its key is a digest of, so that it is made once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """The quads of an article with all that belongs to it, of a file of entities or links, or of the ontology.

    ``key`` is the SHA-256, in hexadecimal, of everything that the lines depend on; ``lines`` gives the canonical
    N-Quads lines (release/dumps/nquads.py), authored and derived, sorted by their bytes, each once.
    """

    key: str
    lines: Callable[[], Iterable[bytes]]


Recall = Callable[[str], Iterable[bytes] | None]
"""Gives the lines of a part of an earlier publication by its key; None where they are not kept any more."""
