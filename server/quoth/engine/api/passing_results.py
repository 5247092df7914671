"""Results of another server that are parsed while they pass by, so that only results are passed on."""

from collections.abc import Iterator
from typing import IO, cast

import pyoxigraph as ox

from quoth.formats import OX_RDF, OX_RESULTS, Format, Kind


class PassingFile:
    """A file for a parser, over chunks of bytes that are held until they are taken. ``size``: bytes read so far."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.held: list[bytes] = []
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size`` of them; empty at the end."""
        data = self._rest or next(self._chunks, b"")
        data, self._rest = (data, b"") if size < 0 else (data[:size], data[size:])
        self.held.append(data)
        self.size += len(data)
        return data

    def take(self) -> bytes:
        """What is held; then nothing is."""
        data, self.held = b"".join(self.held), []
        return data


def parsed(file: PassingFile, kind: Kind, format: Format) -> Iterator[object]:
    """The rows or triples in a file. Raises SyntaxError or ValueError for any other file. CSV results tell no types and
    so cannot be parsed: each block of theirs counts."""
    if kind == "graph":
        yield from ox.parse(cast(IO[bytes], file), format=OX_RDF[format.name])
    elif format.name == "csv":
        while data := file.read():
            yield data
    else:
        result = ox.parse_query_results(cast(IO[bytes], file), OX_RESULTS[format.name])
        if kind == "solutions":
            yield from cast(ox.QuerySolutions, result)
    while data := file.read():
        yield data
