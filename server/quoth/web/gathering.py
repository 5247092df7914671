"""What the documents of many claims say together, gathered with a few questions to the engine for all of them."""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from quoth.claim.vocabulary import DCTERMS, QUOTH, RDF
from quoth.store.engine import Term
from quoth.web.background import background
from quoth.web.description import WELL_KNOWN_PARTS
from quoth.web.site import Site
from quoth.web.walk import statements


def gather(site: Site, iris: Sequence[str]) -> list[ox.Quad]:
    """The quads of those claims: their own statements and those of their parts, what points at them, their contents,
    what is inferred of them, and the labels of what these name. Each once.

    It is what description.describe gives for one after the other, without its bounds for a single document.
    """
    wholes = set(iris)
    own = statements(site.engine, [iri + part for iri in iris for part in ("", *WELL_KNOWN_PARTS)])
    incoming = [(r["x"], r["s"], r["p"]) for r in site.rows_of("incoming-of", iris)]
    subjects = {q.subject.value for q in own if isinstance(q.subject, ox.NamedNode)}
    pointing = {s.value for x, s, _ in incoming if isinstance(s, ox.NamedNode) and _part(s) == _text(x)}
    own += statements(site.engine, sorted(pointing - subjects))
    own += [ox.Quad(s, p, x) for x, s, p in incoming]  # type: ignore[arg-type]
    own += background(site.engine, own, wholes)
    graphs = [
        q.object.value for q in own if _holds(q) and isinstance(q.object, ox.NamedNode) and _text(q.subject) in wholes
    ]
    content = [
        ox.Quad(r["s"], r["p"], r["o"], r["x"])  # type: ignore[arg-type]
        for r in site.rows_of("graphs", list(dict.fromkeys(graphs)))
    ]
    own += content
    nodes = {_text(t) for q in content for t in (q.subject, q.object) if _part(t) and _part(t) == _part(q.graph_name)}
    for row in site.rows_of("inferred", [*iris, *sorted(nodes)]):
        here = row["x"]
        own.append(ox.Quad(row.get("s", here), row["p"], row.get("o", here), row["g"]))  # type: ignore[arg-type]
    return list(dict.fromkeys([*own, *site.labels.quads(_named(own, wholes))]))


def _holds(quad: ox.Quad) -> bool:
    return quad.predicate in (QUOTH.content, DCTERMS.source)


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
