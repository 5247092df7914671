"""The tables of a release that are kept in segments: the two dumps, and the counts of graphs and resources."""

import functools
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.engine.api.serialization import sort_prefixes
from quoth.release.dumps import gzip_stream, nquads
from quoth.release.dumps.concatenation import Concatenation
from quoth.release.dumps.gzip_stream import HEAD
from quoth.release.dumps.nquads import DEFAULT_GRAPH, graph_of
from quoth.release.dumps.segments import Segment, Table, gather

SEGMENTS = "segments"
"""The folder of the segments of a release."""
INDEX = "segments.json.gz"
"""The file that lists the segments of each table, in their order."""
_COLUMNS = ("key", "sha256", "crc", "uncompressed", "lines", "size")
NQUADS, TRIG, GRAPHS, DOCUMENTS, GONE = (
    "claims.nq.gz",
    "claims.trig.gz",
    "graphs.tsv.gz",
    "documents.tsv.gz",
    "gone.tsv.gz",
)
TABLES = frozenset((NQUADS, TRIG, GRAPHS, DOCUMENTS, GONE))
Segments = dict[str, list[Segment]]
"""The segments of each table by its name."""

_BUFFER = 1 << 16
_PREFIX = re.compile(rb"\A(?:@prefix [^\n]*\n)+")


def tables(base: str) -> dict[str, Table]:
    """The tables of a dataset by their names; what a release says of itself (identity.py) moves no cut."""
    return {
        table.name: table
        for table in (
            Table(NQUADS, subject_of, uncut=f"<{base}releases/".encode()),
            Table(TRIG, _graph_or_subject, head=_trig_head(), write=_to_trig, read=_from_trig),
            Table(GRAPHS, row_key, head=b"?graph\t?triples\n"),
            *(Table(name, row_key, head=b"?resource\t?number\n") for name in (DOCUMENTS, GONE)),
        )
    }


def row(iri: bytes, number: int) -> bytes:
    """The line of an IRI in angle brackets and a number."""
    return b"%s\t%d\n" % (iri, number)


def row_key(line: bytes) -> bytes:
    """The IRI of a row, in angle brackets."""
    return line.partition(b"\t")[0]


def subject_of(line: bytes) -> bytes:
    """The subject of a line of N-Quads."""
    return line.partition(b" ")[0]


def by_graph(lines: Iterable[bytes]) -> list[bytes]:
    """Lines of N-Quads in the order of the TriG table."""
    return sorted(lines, key=lambda line: (_graph_or_subject(line), line))


def graph_rows(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A row with the number of triples for each named graph, of lines in the order of the TriG table."""
    for graph, group in groupby(lines, graph_of):
        if graph != DEFAULT_GRAPH:
            yield row(graph, sum(1 for _ in group))


def write_index(segments: Mapping[str, Sequence[Segment]], folder: Path) -> None:
    """Write which segments the tables of a release have, and have its folder contain them."""
    gather((segment for members in segments.values() for segment in members), folder / SEGMENTS)
    rows = {
        name: [[getattr(segment, column) for column in _COLUMNS] for segment in segments[name]] for name in segments
    }
    (folder / INDEX).write_bytes(gzip.compress(json.dumps(rows).encode(), mtime=0))


def read_index(folder: Path) -> Segments:
    """The segments of the tables of a release. Raises OSError, EOFError, ValueError, TypeError or zlib.error for a file
    that is none of these."""
    rows = json.loads(gzip.decompress((folder / INDEX).read_bytes()))
    return {
        name: [Segment(**dict(zip(_COLUMNS, entry, strict=True)), folder=folder / SEGMENTS) for entry in members]
        for name, members in rows.items()
    }


def concatenated(segments: Sequence[Segment]) -> io.BufferedReader:
    """The bytes of a table, as one gzip file."""
    end = gzip_stream.tail((segment.crc, segment.uncompressed) for segment in segments)
    files = [(segment.path, segment.size) for segment in segments]
    return io.BufferedReader(Concatenation([(HEAD, len(HEAD)), *files, (end, len(end))]), _BUFFER)


def _graph_or_subject(line: bytes) -> bytes:
    graph = graph_of(line)
    return graph + subject_of(line) if graph == DEFAULT_GRAPH else graph


@functools.cache
def _trig_head() -> bytes:
    match = _PREFIX.match(sort_prefixes("trig", _serialized([ox.Quad(_ANY, _ANY, _ANY)])))
    assert match is not None, "a TriG document begins with its prefixes"
    return match[0]


_ANY = ox.NamedNode("urn:x")


def _serialized(quads: Iterable[ox.Quad]) -> bytes:
    return cast(bytes, ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES))


def _to_trig(lines: Sequence[bytes]) -> bytes:
    return _PREFIX.sub(b"", _serialized(nquads.from_lines(lines)), count=1)


def _from_trig(text: bytes) -> Iterable[bytes]:
    return by_graph(nquads.to_lines(ox.parse(_trig_head() + text, ox.RdfFormat.TRIG)))
