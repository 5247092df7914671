"""What a document says: the description of one resource, gathered from the release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, QUOTH, RDF, VOID, Term
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.sparql import named_queries, parameters
from quoth.web.core.site import LINKS_A_PAGE, Site
from quoth.web.core.subgraph import parts, statements
from quoth.web.describe.provenance import background

WELL_KNOWN_PARTS = ("#encoding", "#inference", "#facts")
INFERENCES_LIMIT = 1000
"""Statements about what is inferred of a resource that its document holds; it says so where there are more."""

REASONS_LIMIT = 5000
"""Those of an article's own graph of inferences."""

MAPPINGS_LIMIT = 1000
"""Links of a linkset up to which its document holds them all; they are in the documents of the entities anyway."""


@dataclass(frozen=True, eq=False)
class Description:
    """The quads about one resource, by the part that they play.

    ``own``: its statements and those of its parts (its hash IRIs), in the default graph. ``incoming``: one page of
    what points at it there. ``background``: who the sources of a claim's chain are, and who encoded it under which
    licence (background.py). ``labels``: of what those name. ``content``: the content graph of a claim, the mappings
    of a linkset; ``inferences``: out of the graphs of inferences and of links; ``beyond``: labels of what these two
    name. ``cut``: there are more inferences than a document holds.
    """

    iri: str
    own: Sequence[ox.Quad]
    incoming: Page[ox.Quad]
    background: Sequence[ox.Quad]
    labels: Sequence[ox.Quad]
    content: Sequence[ox.Quad]
    inferences: Sequence[ox.Quad]
    beyond: Sequence[ox.Quad]
    cut: bool = False

    @property
    def asserted(self) -> list[ox.Quad]:
        """What a format without named graphs may carry."""
        return list(dict.fromkeys([*self.own, *self.incoming, *self.background, *self.labels]))

    @property
    def everything(self) -> list[ox.Quad]:
        """What a format with named graphs carries."""
        return list(dict.fromkeys([*self.asserted, *self.beyond, *self.content, *self.inferences]))

    def types(self) -> set[str]:
        """The IRIs of the resource's classes."""
        return {
            q.object.value
            for q in self.own
            if q.subject == ox.NamedNode(self.iri) and q.predicate == RDF.type and isinstance(q.object, ox.NamedNode)
        }


def describe(site: Site, iri: str, number: int = 1, path: str = "") -> Description | None:
    """The description of an IRI of the dataset, or None where the release says nothing of it.

    It has page ``number`` of the incoming links, a list whose address is ``path``. Raises NotFoundError past the last
    page.
    """
    own = statements(site.engine, [iri, *(iri + part for part in WELL_KNOWN_PARTS)])
    incoming = _incoming(site, iri, number, path)
    if not any(q.subject == ox.NamedNode(iri) for q in own) and not incoming:
        return None
    # Parts that nothing of its own leads to, as the identifiers that a dataset has given, come with their links to it.
    own += statements(site.engine, set(parts([*incoming], [iri])) - set(parts(own, [iri])))
    content = [q for name in _contents(own, iri) for q in site.engine.graph(name)]
    inferred, reasons = _inferences(site, [iri, *parts(content, [iri])]), _reasons(site, own, iri)
    cut = len(inferred) > INFERENCES_LIMIT or len(reasons) > REASONS_LIMIT
    inferences = list(dict.fromkeys([*inferred[:INFERENCES_LIMIT], *reasons[:REASONS_LIMIT]]))
    behind = background(site.engine, own, [iri])
    mentioned = _named([*own, *incoming, *behind], iri)
    farther = [name for name in _named(content + inferences, iri) if name not in set(mentioned)]
    return Description(
        iri,
        _ordered(own, iri),
        incoming,
        _ordered(behind, iri),
        site.labels.quads(mentioned),
        _ordered(content, iri),
        sorted(_ordered(inferences, iri), key=lambda q: str(q.graph_name)),
        site.labels.quads(farther),
        cut,
    )


def _incoming(site: Site, iri: str, number: int, path: str) -> Page[ox.Quad]:
    text = parameters.paginate(named_queries.text("incoming"), LINKS_A_PAGE, number)
    here = ox.NamedNode(iri)
    quads = [ox.Quad(row["s"], row["p"], here) for row in site.engine.select(text, x=here)]  # type: ignore[arg-type]
    # Only a full page, or none after others, leaves open how many there are.
    whole = number == 1 and len(quads) < LINKS_A_PAGE
    total = len(quads) if whole else site.degrees.get(iri) or _counted(site, iri)
    return pagination.page(_ordered(quads, iri), number=number, size=LINKS_A_PAGE, total=total, path=path)


def _counted(site: Site, iri: str) -> int:
    """How many links there are, where that was not counted at publication, or is no more than a page."""
    counted = [row["count"] for row in site.rows("incoming-count", iri)]
    return int(counted[0].value) if counted and isinstance(counted[0], ox.Literal) else 0


def _inferences(site: Site, iris: Sequence[str]) -> list[ox.Quad]:
    quads: dict[ox.Quad, None] = {}
    for row in site.rows_of("inferred", iris, INFERENCES_LIMIT + 1):
        here = row["x"]
        quads[ox.Quad(row.get("s", here), row["p"], row.get("o", here), row["g"])] = None  # type: ignore[arg-type]
    return list(quads)


def _reasons(site: Site, own: Iterable[ox.Quad], iri: str) -> list[ox.Quad]:
    """What an article's graph of inferences says, whose reasons are parts of the article."""
    graph = ox.NamedNode(iri + "#inference")
    if not any(q.subject == graph for q in own):
        return []
    text = parameters.paginate(named_queries.text("inferences-of"), REASONS_LIMIT + 1, 1)
    return [ox.Quad(r["s"], r["p"], r["o"], graph) for r in site.engine.select(text, x=graph)]  # type: ignore[arg-type]


def _contents(quads: Iterable[ox.Quad], iri: str) -> list[str]:
    """The named graphs that a document holds: what a claim asserts, the mappings of a linkset unless they are many."""
    own = [q for q in quads if q.subject == ox.NamedNode(iri)]
    links = [int(q.object.value) for q in own if q.predicate == VOID.triples and isinstance(q.object, ox.Literal)]
    holding = [QUOTH.content] if max(links, default=0) > MAPPINGS_LIMIT else [QUOTH.content, DCTERMS.source]
    return [q.object.value for q in own if q.predicate in holding and isinstance(q.object, ox.NamedNode)]


def _named(quads: Iterable[ox.Quad], iri: str) -> list[str]:
    """The IRIs other than the resource's own that stand as subject or object; properties and classes are left out."""
    found: dict[str, None] = {}
    for q in quads:
        terms: list[Term] = [q.subject] if q.predicate == RDF.type else [q.subject, q.object]
        for term in terms:
            if isinstance(term, ox.NamedNode) and term.value != iri and not term.value.startswith(iri + "#"):
                found[term.value] = None
    return list(found)


def _ordered(quads: Iterable[ox.Quad], iri: str) -> list[ox.Quad]:
    """By subject, the resource first; types first, then by predicate and object: an order that holds on any engine."""

    def key(q: ox.Quad) -> tuple[bool, str, bool, str, str]:
        subject = str(q.subject)
        return q.subject != ox.NamedNode(iri), subject, q.predicate != RDF.type, q.predicate.value, str(q.object)

    return sorted(quads, key=key)
