"""The documents of many claims together, gathered with a few queries for all of them."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, QUOTH, Term
from quoth.engine.api import deadline
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.core.statements import closure
from quoth.web.describe.description import WELL_KNOWN_PARTS, background, inferences, named

_HOLDING = frozenset({QUOTH.content, DCTERMS.source})
"""The properties whose values are the named graphs that a document holds."""
_MEMORY_KB = 4096


@dataclass(frozen=True)
class Gathered:
    """The documents of some claims, each statement once.

    ``own``: statements about the claims and their parts, and their contents; other claims' documents have none of these
    but links between claims. ``shared``: statements that other documents may repeat: the incoming links, the sources,
    the inferences, the labels."""

    own: list[ox.Quad]
    shared: list[ox.Quad]

    @property
    def everything(self) -> list[ox.Quad]:
        """Both together."""
        return self.own + self.shared


def gather(site: Site, iris: Sequence[str]) -> Gathered:
    """The quads of those claims: the statements about them and their parts, the incoming links, the sources, the
    contents, the inferences, and the labels of every resource that these name.

    The result is that of description.describe for each claim, without its bounds for a single document.
    """
    wholes = set(iris)
    own = closure(site.engine, [iri + part for iri in iris for part in ("", *WELL_KNOWN_PARTS)])
    incoming = [(r["x"], r["s"], r["p"]) for r in site.rows_of("incoming-of", iris)]
    pointing = {s.value for x, s, _ in incoming if isinstance(s, ox.NamedNode) and _part(s) == _text(x)}
    if pointing:
        own += closure(site.engine, sorted(pointing - {_text(q.subject) for q in own}))
    holding = [q for q in own if q.predicate in _HOLDING]
    graphs = [q.object.value for q in holding if isinstance(q.object, ox.NamedNode) and _text(q.subject) in wholes]
    content = [
        ox.Quad(r["s"], r["p"], r["o"], r["x"])  # type: ignore[arg-type]
        for r in site.rows_of("graphs", list(dict.fromkeys(graphs)))
    ]
    shared = [ox.Quad(s, p, x) for x, s, p in incoming]  # type: ignore[arg-type]
    shared += background(site.engine, own, wholes)
    nodes = {_text(t) for q in content for t in (q.subject, q.object) if _part(t) and _part(t) == _part(q.graph_name)}
    shared += inferences(site, [*iris, *sorted(nodes)])
    unique = dict.fromkeys(own + content)
    shared += site.labels.quads(sorted(named([*unique, *shared], wholes)))
    return Gathered(list(unique), [q for q in dict.fromkeys(shared) if q not in unique])


def in_batches(site: Site, selection: Selection, size: int) -> Iterator[list[ox.Quad]]:
    """The quads of all claims of a selection, ``size`` claims at a time, each statement in one batch only."""
    default = ox.DefaultGraph()
    with closing(SeenFilter()) as seen:
        for iris in site.claim_index.batches(selection, size):
            deadline.begin(site.settings.query_time_limit_s)  # each batch is as short as a page
            gathered = gather(site, iris)
            # A part of a claim that points at another claim may come with either.
            parts = [q for q in gathered.own if q.graph_name == default and _part(q.subject)]
            pointed_at = set(site.claim_index.among(selection, sorted({_text(q.object) for q in parts})))
            links = {q: None for q in parts if _text(q.object) in pointed_at}
            # The statements about a claim of the selection come with that claim, in this batch or another.
            subjects = {_text(q.subject) for q in gathered.shared if q.graph_name == default}
            own_subjects = set(site.claim_index.among(selection, sorted(subjects)))
            shared = (q for q in gathered.shared if q.graph_name != default or _text(q.subject) not in own_subjects)
            yield [q for q in gathered.own if q not in links] + seen.unseen([*links, *shared])


class SeenFilter:
    """Lets each of many statements through once, in memory that does not grow with their number.

    A temporary database, which moves to a file when it grows, keeps their hashes of 64 bits. The probability that any
    two of ten million statements have the same hash is 1 in 400,000.
    """

    def __init__(self) -> None:
        # Several threads may read a stream in turn.
        self._seen = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute(f"PRAGMA cache_size = -{_MEMORY_KB}")
        self._seen.execute("CREATE TABLE seen (hash INTEGER PRIMARY KEY)")

    def unseen(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        """The statements that have not been let through before."""
        text = "INSERT OR IGNORE INTO seen VALUES (?)"
        return [quad for quad in quads if self._seen.execute(text, (hash(quad),)).rowcount]

    def close(self) -> None:
        """Forget every statement."""
        self._seen.close()


def _part(term: Term | ox.DefaultGraph) -> str:
    """The IRI of the resource that a hash IRI is a part of; empty for any other term."""
    whole, hash, _ = _text(term).partition("#")
    return whole if hash else ""


def _text(term: Term | ox.DefaultGraph) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
