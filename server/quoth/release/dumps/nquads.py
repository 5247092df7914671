"""Quads as sorted lines of N-Quads, and their hashes.

All functions work on streams, so that a release may be larger than memory. Lines are canonical N-Quads (RDF 1.1 N-Quads
§4) with their line feed, as bytes; they are sorted by their bytes, as ``LC_ALL=C sort -u`` does.
"""

import gzip
import hashlib
import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, QUOTH

DEFAULT_GRAPH = b"\x01"
"""What ``graph_of`` gives for the default graph: it sorts before any IRI."""

_NOT_DESCRIBING = tuple(str(term).encode() for term in (QUOTH.withdraws, DCTERMS.isReplacedBy))
_RUN_LINES = 500_000
_BATCH = 10_000


def to_lines(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
    """Each quad as a line."""
    stream = iter(quads)
    while batch := list(islice(stream, _BATCH)):
        data = cast(bytes, ox.serialize(batch, format=ox.RdfFormat.N_QUADS))
        # Line feeds within literals are escaped, and no other character ends a line here.
        yield from (line + b"\n" for line in data.split(b"\n")[:-1])


def from_lines(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """The quad of each line."""
    stream = iter(lines)
    while batch := b"".join(islice(stream, _BATCH)):
        yield from ox.parse(batch, ox.RdfFormat.N_QUADS)


def sort(
    lines: Iterable[bytes], out: Path, run_lines: int = _RUN_LINES, repeated: Callable[[bytes, int], None] | None = None
) -> int:
    """Write the lines to ``out``, sorted and each once; returns their number. Needs space beside ``out``.

    ``repeated`` is called with each line that was given more than once, and how often.
    """
    source = iter(lines)
    count = 0
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while batch := list(islice(source, run_lines)):
            batch.sort()
            if len(batch) < run_lines and not runs:
                runs.append(batch)  # all lines fit into memory
                break
            file = stack.enter_context(tempfile.TemporaryFile(dir=out.parent))
            file.writelines(batch)
            file.seek(0)
            runs.append(file)
        with out.open("wb") as sink:
            for line, group in groupby(heapq.merge(*runs)):
                sink.write(line)
                count += 1
                if repeated is not None and (times := sum(1 for _ in group)) > 1:
                    repeated(line, times)
    return count


def add(lines: list[bytes], path: Path) -> None:
    """Add sorted lines to a file of such, which is made anew."""
    whole = path.with_suffix(".whole")
    with path.open("rb") as file, whole.open("wb") as sink:
        sink.writelines(heapq.merge(file, lines))
    whole.replace(path)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(lines: Iterable[bytes], tick: Callable[[int], None] | None = None) -> tuple[int, int]:
    """A number that only equal sets of lines share, in whatever order, and the number of lines.

    The first number is the sum of the lines' hashes, modulo 2**256.
    """
    total = count = 0
    for line in lines:
        total += int.from_bytes(hashlib.blake2b(line, digest_size=32).digest(), "big")
        count += 1
        if tick is not None and count % _BATCH == 0:
            tick(count)
    return total % 2**256, count


def read_counts(file: IO[bytes]) -> Iterator[tuple[str, int]]:
    """The rows of a file of counts, which are compressed SPARQL results (TSV): an IRI, and a number."""
    with gzip.open(file, "rt", encoding="utf-8") as text:
        for line in islice(cast(IO[str], text), 1, None):
            iri, _, number = line.partition("\t")
            yield iri[1:-1], int(number)


def graph_of(line: bytes) -> bytes:
    """The graph of a line, or \\x01 for the default graph.

    A line ends ``<graph> .`` or ``object .``; an object in angle brackets has only two terms before it.
    """
    statement = line.removesuffix(b" .\n")
    if not statement.endswith(b">"):
        return DEFAULT_GRAPH
    rest = statement.split(b" ", 2)[2]
    if rest.startswith(b"<"):
        parts = rest.split(b" ")
        return parts[1] if len(parts) == 2 else DEFAULT_GRAPH
    # A literal: its text ends at the last quotation mark; then ^^<datatype> or @tag or nothing, then the graph.
    tail = rest[rest.rindex(b'"') :]
    return tail.partition(b" ")[2] or DEFAULT_GRAPH


def describes(predicate: bytes) -> bool:
    """Whether a statement with this property, as it stands in a line, describes its subject, so that it has a
    document."""
    return predicate not in _NOT_DESCRIBING


def term(value: bytes) -> ox.NamedNode | ox.Literal:
    """The IRI or the literal that stands in a line."""
    [quad] = from_lines([b"<urn:x> <urn:x> " + value + b" .\n"])
    assert isinstance(quad.object, ox.NamedNode | ox.Literal), "no line has a blank node"
    return quad.object
