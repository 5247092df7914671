"""The outlines of a release's claims, kept beside its lists: a page or a table of claims costs no walk to their parts.

They are read from the sorted quads as a release is published; they say what the release says and nothing else.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from quoth.claim.model.claim_summary import PREDICATES, QUOTES, summarize
from quoth.claim.model.namespaces import QUOTH, RDF
from quoth.claim.model.triple_index import TripleIndex

_SCHEMA = "CREATE TABLE outline (claim INTEGER PRIMARY KEY, text TEXT NOT NULL)"
_INSERT = "INSERT INTO outline SELECT id, :text FROM claim WHERE iri = :iri"
_PREDICATES = frozenset(str(predicate).encode() for predicate in PREDICATES)
_TYPE = str(RDF.type).encode()
_CLAIM = f" {RDF.type} {QUOTH.Claim} .\n".encode()
_TYPES = (f"{QUOTES} .\n".encode(), f"{QUOTH.Claim} .\n".encode())


def write(source: Path, path: Path) -> None:
    """Add the outlines to the file of the lists, from the sorted N-Quads of the release."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA};")
        with source.open("rb") as file:
            found = ((whole.decode(), lines) for whole, lines in together(file) if b"<%b>%b" % (whole, _CLAIM) in lines)
            connection.executemany(_INSERT, ({"iri": iri, "text": _text(iri, lines)} for iri, lines in found))
        connection.commit()
    finally:
        connection.close()


def together(file: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Resources (IRIs) with the sorted lines about them and their parts, as far as outlines are read from them.

    Between the lines about ``x#part`` and those about ``x`` there is only what begins with ``x``. So those that still
    wait for their whole are each the beginning of the next: a few, however many lines there are.
    """
    waiting: list[tuple[bytes, list[bytes]]] = []
    for subject, group in groupby(filter(_wanted, file), key=lambda line: line[1 : line.index(b">")]):
        whole, hash, _ = subject.partition(b"#")
        while waiting and not whole.startswith(waiting[-1][0]):
            waiting.pop()
        if not waiting or waiting[-1][0] != whole:
            waiting.append((whole, []))
        waiting[-1][1].extend(group)
        if not hash:
            yield waiting.pop()


def _wanted(line: bytes) -> bool:
    predicate = line.split(b" ", 2)[1]
    return predicate in _PREDICATES or (predicate == _TYPE and line.endswith(_TYPES))


def _text(iri: str, lines: list[bytes]) -> str:
    quads = cast(Iterable[ox.Quad], ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))
    return summarize(TripleIndex(quads), iri).to_json()
