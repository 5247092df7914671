"""What the documents of many claims say together, gathered with a few questions to the engine for all of them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, QUOTH, RDF, Term
from quoth.index.claims import Selection
from quoth.web.core.site import Site
from quoth.web.core.subgraph import statements
from quoth.web.describe.dedup import Once
from quoth.web.describe.description import WELL_KNOWN_PARTS
from quoth.web.describe.provenance import background

_HOLDING = frozenset({QUOTH.content, DCTERMS.source})
"""What leads to a named graph that a document holds."""


@dataclass(frozen=True)
class Gathered:
    """What the documents of some claims say, each statement once. ``own``: of the claims themselves and their parts,
    and what is claimed, which no other claims' documents have but for links to them. ``shared``: what others may say
    as well: what points at the claims, who their sources are, what is inferred of them, labels."""

    own: list[ox.Quad]
    shared: list[ox.Quad]

    @property
    def everything(self) -> list[ox.Quad]:
        """Both together."""
        return self.own + self.shared


def gather(site: Site, iris: Sequence[str]) -> Gathered:
    """The quads of those claims: their own statements and those of their parts, what points at them, who their sources
    are, their contents, what is inferred of them, and the labels of what these name.

    It is what description.describe gives for one after the other, without its bounds for a single document.
    """
    wholes = set(iris)
    own = statements(site.engine, [iri + part for iri in iris for part in ("", *WELL_KNOWN_PARTS)])
    incoming = [(r["x"], r["s"], r["p"]) for r in site.rows_of("incoming-of", iris)]
    pointing = {s.value for x, s, _ in incoming if isinstance(s, ox.NamedNode) and _part(s) == _text(x)}
    if pointing:
        own += statements(site.engine, sorted(pointing - {_text(q.subject) for q in own}))
    holding = [q for q in own if q.predicate in _HOLDING]
    graphs = [q.object.value for q in holding if isinstance(q.object, ox.NamedNode) and _text(q.subject) in wholes]
    content = [
        ox.Quad(r["s"], r["p"], r["o"], r["x"])  # type: ignore[arg-type]
        for r in site.rows_of("graphs", list(dict.fromkeys(graphs)))
    ]
    shared = [ox.Quad(s, p, x) for x, s, p in incoming]  # type: ignore[arg-type]
    shared += background(site.engine, own, wholes)
    nodes = {_text(t) for q in content for t in (q.subject, q.object) if _part(t) and _part(t) == _part(q.graph_name)}
    for row in site.rows_of("inferred", [*iris, *sorted(nodes)]):
        here = row["x"]
        shared.append(ox.Quad(row.get("s", here), row["p"], row.get("o", here), row["g"]))  # type: ignore[arg-type]
    once = dict.fromkeys(own + content)
    shared += site.labels.quads(_named([*once, *shared], wholes))
    return Gathered(list(once), [q for q in dict.fromkeys(shared) if q not in once])


def in_batches(site: Site, selection: Selection, size: int) -> Iterator[list[ox.Quad]]:
    """The same of all the claims of a selection, ``size`` of them at a time, each statement in one batch only."""
    default = ox.DefaultGraph()
    with closing(Once()) as once:
        for iris in site.lists.batches(selection, size):
            gathered = gather(site, iris)
            # What a claim says itself comes with that claim, before or after.
            subjects = {_text(q.subject) for q in gathered.shared if q.graph_name == default}
            elsewhere = set(site.lists.among(selection, sorted(subjects)))
            shared = (q for q in gathered.shared if q.graph_name != default or _text(q.subject) not in elsewhere)
            yield gathered.own + once.new(shared)


def _named(quads: Iterable[ox.Quad], wholes: set[str]) -> list[str]:
    """What the quads name, apart from the claims themselves, their parts, properties and classes."""
    terms = {t for q in quads for t in ((q.subject,) if q.predicate == RDF.type else (q.subject, q.object))}
    named = (t.value for t in terms if isinstance(t, ox.NamedNode))
    return sorted(iri for iri in named if iri.partition("#")[0] not in wholes)


def _part(term: Term | ox.DefaultGraph) -> str:
    """The IRI of what a hash IRI is a part of; empty for any other term."""
    whole, hash, _ = _text(term).partition("#")
    return whole if hash else ""


def _text(term: Term | ox.DefaultGraph) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
