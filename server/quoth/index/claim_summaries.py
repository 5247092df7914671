"""The summaries of a release's claims, beside its lists: a page or a table of claims costs no walk to their parts.

They are read from the sorted quads as a release is published; they say what the release says and nothing else.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from quoth.claim.model.claim_summary import PREDICATES, QUOTES, Acts, ClaimSummary, acts, summarize
from quoth.claim.model.namespaces import OA, QUOTH, RDF, QuadTerm
from quoth.claim.model.triple_index import TripleIndex
from quoth.index.database import writing

TABLE = "summary"
"""The table of the summaries. Another form of their text gets another table: the summaries of earlier releases, which
are in a table named ``outline``, are made anew from their statements."""

SCHEMA = f"CREATE TABLE {TABLE} (claim INTEGER PRIMARY KEY, text TEXT NOT NULL)"
_INSERT = f"INSERT INTO {TABLE} SELECT id, :text FROM claim WHERE iri = :iri"
_PREDICATES = frozenset(str(predicate).encode() for predicate in PREDICATES)
_OF_ACTS = (QUOTH.speechAct, QUOTH.addressee)
_LINES_OF_ACTS = tuple(str(predicate).encode() for predicate in _OF_ACTS)
_PARTS = (QUOTH.anchor, OA.hasSelector, QUOTH.attribution, QUOTH.otherAttribution, QUOTH.within, QUOTH.cue)
_FOLLOWED = (RDF.type, *_PARTS)
_TYPE = str(RDF.type).encode()
_CLAIM = f" {RDF.type} {QUOTH.Claim} .\n".encode()
_TYPES = (f"{QUOTES} .\n".encode(), f"{QUOTH.Claim} .\n".encode())


def write(lines: Callable[[], Iterable[bytes]], path: Path) -> None:
    """Add the summaries to the file of the lists, from the sorted N-Quads of the release, which are read twice."""
    with writing(path) as connection:
        connection.execute(SCHEMA)
        insert(connection, lines(), _quads(line for line in lines() if line.split(b" ", 2)[1] in _LINES_OF_ACTS))


def insert(connection: sqlite3.Connection, lines: Iterable[bytes], of_acts: Iterable[ox.Quad]) -> None:
    """Add the summaries of the claims that are in sorted ``lines``, with what the quads ``of_acts`` say of acts."""
    known_acts = acts(quad for quad in of_acts if quad.predicate in _OF_ACTS and _is_content(quad.graph_name))
    claims = ((iri.decode(), own) for iri, own in together(lines) if b"<%b>%b" % (iri, _CLAIM) in own)
    connection.executemany(_INSERT, ({"iri": iri, "text": _text(iri, own, known_acts)} for iri, own in claims))


def of_store(store: ox.Store, iris: Iterable[str]) -> dict[str, ClaimSummary]:
    """The summaries of those claims (IRIs) from the statements of a store, for a release that has none of them."""
    made: dict[str, ClaimSummary] = {}
    for iri in iris:
        quads: dict[str, list[ox.Quad]] = {}
        waiting = [iri]
        while waiting:
            if (node := waiting.pop()) not in quads:
                own = store.quads_for_pattern(ox.NamedNode(node), None, None, ox.DefaultGraph())
                quads[node] = [quad for quad in own if quad.predicate in _FOLLOWED or quad.predicate in PREDICATES]
                waiting += [
                    q.object.value for q in quads[node] if q.predicate in _PARTS and isinstance(q.object, ox.NamedNode)
                ]
        every = [quad for group in quads.values() for quad in group]
        told = [q.object.value for q in every if q.predicate == QUOTH.act and isinstance(q.object, ox.NamedNode)]
        graphs = (store.quads_for_pattern(None, None, None, ox.NamedNode(f"{claim}#content")) for claim in told)
        made[iri] = summarize(TripleIndex(every), iri, acts(quad for graph in graphs for quad in graph))
    return made


def together(file: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Resources (IRIs) with the sorted lines about them and their parts, as far as summaries need them.

    Between the lines about ``x#part`` and those about ``x`` stand only lines about what begins with ``x``. So each
    resource that still waits for its own lines is the beginning of the next: a few, however many lines there are.
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


def _is_content(graph: QuadTerm) -> bool:
    return isinstance(graph, ox.NamedNode) and graph.value.endswith("#content")


def _text(iri: str, lines: list[bytes], known_acts: Acts) -> str:
    return summarize(TripleIndex(_quads(lines)), iri, known_acts).to_json()


def _quads(lines: Iterable[bytes]) -> Iterable[ox.Quad]:
    return cast(Iterable[ox.Quad], ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))
