"""Quads as sorted lines of N-Quads, and the dumps and hashes made from them.

All functions work on streams, so that a release may be larger than memory. Lines are canonical N-Quads (RDF 1.1 N-Quads
§4) with their line feed, as bytes; they are sorted by their bytes, as ``LC_ALL=C sort -u`` does.
"""

import gzip
import hashlib
import heapq
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.engine.api.serialization import sort_prefixes

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


def sort(lines: Iterable[bytes], out: Path, run_lines: int = _RUN_LINES) -> int:
    """Write the lines to ``out``, sorted and each once; returns their number. Needs space beside ``out``."""
    source = iter(lines)
    count = 0
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while batch := list(islice(source, run_lines)):
            run = sorted(set(batch))
            if len(batch) < run_lines and not runs:
                runs.append(run)  # all lines fit into memory
                break
            file = stack.enter_context(tempfile.TemporaryFile(dir=out.parent))
            file.writelines(run)
            file.seek(0)
            runs.append(file)
        with out.open("wb") as sink:
            for line, _ in groupby(heapq.merge(*runs)):
                sink.write(line)
                count += 1
    return count


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uncompressed(path: Path) -> tuple[int, str]:
    """The length in bytes of what a compressed file holds, and its SHA-256 in hexadecimal."""
    with gzip.open(path) as file:
        digest = hashlib.file_digest(cast(IO[bytes], file), "sha256")  # type: ignore[arg-type]
        return file.tell(), digest.hexdigest()


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


def write_nquads(source: Path, out: Path) -> None:
    """Compress a file of lines, to the same bytes each time."""
    with source.open("rb") as file, Compressed(out) as sink:
        shutil.copyfileobj(file, sink, 1 << 20)


def write_trig(source: Path, out: Path, counts: Path) -> int:
    """Write the lines of a file as compressed TriG, each graph once, the default graph first; the same bytes each time.

    ``counts`` gets the number of triples of each named graph, in the order of the graphs' bytes: compressed SPARQL
    results (TSV) with ?graph and ?triples. Returns the number of lines in the default graph.
    """
    asserted = 0

    def tallied(file: Iterable[bytes], tally: gzip.GzipFile) -> Iterator[bytes]:
        nonlocal asserted
        tally.write(b"?graph\t?triples\n")
        keyed = (line.partition(b"\x00")[::2] for line in file)
        for graph, group in groupby(keyed, key=itemgetter(0)):
            count = 0
            for count, (_, line) in enumerate(group, 1):  # noqa: B007
                yield line
            if graph == b"\x01":
                asserted = count
            else:
                tally.write(b"%s\t%d\n" % (graph, count))

    by_graph = out.with_name(out.name + ".sorting")
    with source.open("rb") as file:
        # No line has \x00 or \x01: the first separates the key from the line, the second sorts before any IRI.
        sort((graph_of(line) + b"\x00" + line for line in file), by_graph)
    with by_graph.open("rb") as file, Compressed(out) as sink, Compressed(counts) as tally:
        quads = from_lines(tallied(file, tally))
        ox.serialize(quads, _OrderedHead(sink), ox.RdfFormat.TRIG, prefixes=PREFIXES)  # type: ignore[arg-type]
    by_graph.unlink()
    return asserted


def read_counts(path: Path) -> Iterator[tuple[str, int]]:
    """The rows of a file of counts, which are compressed SPARQL results (TSV): an IRI, and a number."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in islice(cast(IO[str], file), 1, None):
            iri, _, number = line.partition("\t")
            yield iri[1:-1], int(number)


def graph_of(line: bytes) -> bytes:
    """The graph of a line, or \\x01 for the default graph.

    A line ends ``<graph> .`` or ``object .``; an object in angle brackets has only two terms before it.
    """
    statement = line.removesuffix(b" .\n")
    if not statement.endswith(b">"):
        return b"\x01"
    rest = statement.split(b" ", 2)[2]
    if rest.startswith(b"<"):
        parts = rest.split(b" ")
        return parts[1] if len(parts) == 2 else b"\x01"
    # A literal: its text ends at the last quotation mark; then ^^<datatype> or @tag or nothing, then the graph.
    tail = rest[rest.rindex(b'"') :]
    return tail.partition(b" ")[2] or b"\x01"


def term(value: bytes) -> str:
    """The IRI, or the text of the literal, that stands in a line."""
    [quad] = from_lines([b"<urn:x> <urn:x> " + value + b" .\n"])
    return getattr(quad.object, "value", "")


class Compressed(gzip.GzipFile):
    """A compressed file without a name or a time in its header, so that equal quads make equal files."""

    def __init__(self, out: Path) -> None:
        self._file = out.open("wb")
        super().__init__(filename="", mode="wb", compresslevel=6, fileobj=self._file, mtime=0)

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._file.close()


class _OrderedHead:
    """A file for a TriG document, whose prefixes at the start are put in order."""

    def __init__(self, sink: gzip.GzipFile) -> None:
        self._sink = sink
        self._started = False

    def write(self, data: bytes) -> int:
        self._sink.write(data if self._started else sort_prefixes("trig", data))
        self._started = True
        return len(data)

    def flush(self) -> None:
        """Do nothing: the document is flushed when the file is closed."""
