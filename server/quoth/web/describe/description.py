"""The description of a resource, gathered from the release: all quads that its document holds about the resource."""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, DCTERMS, ENCODING_STATUS, PROV, QUOTH, RDF, RDFS, SKOS, VOID
from quoth.claim.model.triple_index import TripleIndex
from quoth.engine.api.interface import Engine
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.sparql import named_queries, parameters
from quoth.web.core.site import LINKS_A_PAGE, Site
from quoth.web.core.statements import closure, described, hash_iris

WELL_KNOWN_PARTS = ("#encoding", "#inference", "#facts")
INFERENCES_LIMIT = 1000
"""Statements of inferences in a document, which says so where there are more."""

REASONS_LIMIT = 5000
"""Statements of an article's own graph of inferences in its document."""

ORDERED_LIMIT = 2_000
"""Incoming links that are sorted before they are cut into pages. More stand on the pages in the order of the engine,
which is the same for as long as a release is in it, since what comes before a late page is not even read then."""

MAPPINGS_LIMIT = 1000
"""Links of the largest linkset whose document holds them all; the documents of the entities have them anyway."""

_LEADING = (QUOTH.source, PROV.wasQuotedFrom, QUOTH.describedIn, QUOTH.encoding)
_OF_SOURCES = frozenset({RDF.type, QUOTH.describedIn, QUOTH.warrant, SKOS.scopeNote, RDFS.comment})


@dataclass(frozen=True, eq=False)
class Description:
    """The quads about one resource, by the part that they play.

    ``own``: its statements and those of its parts (its hash IRIs), in the default graph. ``incoming``: one page of the
    links to it there. ``background``: the sources of a claim's chain, and who encoded it under which licence.
    ``labels``: those of the resources that these name, and which of these are proposed claims. ``content``: the content
    graph of a claim, the mappings of a linkset; ``inferences``: statements of the graphs of inferences and of links;
    ``beyond``: the same as ``labels`` for the resources that these two name. ``cut``: there are more inferences than a
    document holds.
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
        """The quads for a format without named graphs."""
        return list(dict.fromkeys([*self.own, *self.incoming, *self.background, *self.labels]))

    @property
    def everything(self) -> list[ox.Quad]:
        """The quads for a format with named graphs."""
        return list(dict.fromkeys([*self.asserted, *self.beyond, *self.content, *self.inferences]))

    @functools.cached_property
    def index(self) -> TripleIndex:
        """``own`` by subject and property."""
        return TripleIndex(self.own)

    @property
    def types(self) -> set[str]:
        """The IRIs of the resource's classes."""
        return set(self.index.values(self.iri, RDF.type))


def describe(site: Site, iri: str, number: int = 1, path: str = "") -> Description | None:
    """The description of an IRI of the dataset, or None where the release says nothing of it.

    It has page ``number`` of the incoming links, a list whose address is ``path``. Raises NotFoundError past the last
    page.
    """
    own = closure(site.engine, [iri, *(iri + part for part in WELL_KNOWN_PARTS)])
    if any(q.predicate == QUOTH.countedEncoding for q in own):
        mentions = site.column("own-mentions-in", "mention", iri)
        coded = {term.value for row in site.rows("encodings-of", iri) for term in row.values()} - {iri}  # type: ignore[union-attr]
        own += closure(site.engine, sorted({*coded, *mentions} - set(hash_iris(own, [iri]))))
    incoming = _incoming(site, iri, number, path)
    if not any(q.subject == ox.NamedNode(iri) for q in own) and not incoming:
        return None
    # Parts that only incoming links lead to, such as the identifiers of a dataset, come with these links.
    own += closure(site.engine, sorted(set(hash_iris([*incoming], [iri])) - set(hash_iris(own, [iri]))))
    own = _ordered(own, iri)
    content = _ordered((q for name in _contents(own, iri) for q in site.engine.graph(name)), iri)
    inferred = inferences(site, [iri, *hash_iris(content, [iri])], INFERENCES_LIMIT + 1)
    reasons = _reasons(site, own, iri)
    inferred_shown = list(dict.fromkeys([*inferred[:INFERENCES_LIMIT], *reasons[:REASONS_LIMIT]]))
    provenance = _ordered(background(site.engine, own, [iri]), iri)
    mentioned = named([*own, *incoming, *provenance], {iri})
    farther = [name for name in named(content + inferred_shown, {iri}) if name not in set(mentioned)]
    return Description(
        iri,
        own,
        incoming,
        provenance,
        [*site.labels.quads(mentioned), *_proposed(site, mentioned)],
        content,
        sorted(_ordered(inferred_shown, iri), key=lambda q: str(q.graph_name)),
        [*site.labels.quads(farther), *_proposed(site, farther), *_proposed_graphs(site, inferred_shown)],
        cut=len(inferred) > INFERENCES_LIMIT or len(reasons) > REASONS_LIMIT,
    )


def background(engine: Engine, own: Iterable[ox.Quad], iris: Collection[str]) -> list[ox.Quad]:
    """The provenance without which nobody can judge a claim: its sources, and who encoded it under which licence.

    The sources are those that ``own``, the statements about ``iris``, credit, as the claim's article describes them.
    The encodings are those that ``iris`` are of or, where nothing says that, rest on: of the article that a claim is
    quoted from, and of the one article that describes a source. Size grows with the length of the chains, not with the
    dataset.
    """
    objects: dict[ox.NamedNode, dict[str, set[ox.NamedNode]]] = {p: defaultdict(set) for p in _LEADING}
    for q in own:
        by_subject = objects.get(q.predicate)
        if by_subject is not None and isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode):
            by_subject[q.subject.value.partition("#")[0]].add(q.object)
    credited, quoted, described_in, coded = (objects[p] for p in _LEADING)
    alone = {source: articles for source, articles in described_in.items() if len(articles) == 1}
    uncoded = {claim: articles for claim, articles in quoted.items() if claim not in coded}
    encodings = {a.value + "#encoding" for iri in iris for links in (uncoded, alone) for a in links.get(iri, ())}
    encodings |= {encoding.value for iri in iris for encoding in coded.get(iri, ())}
    own_articles = {
        (source, article) for claim in credited for source in credited[claim] for article in quoted.get(claim, ())
    }

    def relevant(q: ox.Quad) -> bool:
        if getattr(q.subject, "value", "") in encodings:
            return True
        return q.predicate in _OF_SOURCES and (
            q.predicate != QUOTH.describedIn or (q.subject, q.object) in own_articles
        )

    sources = {source.value for cited in credited.values() for source in cited}
    return [q for q in described(engine, sorted(sources | encodings)) if relevant(q)]


def _proposed(site: Site, iris: Iterable[str]) -> list[ox.Quad]:
    """The status of the proposed claims among them, whose labels shall not be read without it."""
    claims = (ox.NamedNode(iri) for iri in iris if site.claim_index.is_proposed(iri))
    return [ox.Quad(claim, ADMS.status, ENCODING_STATUS.proposed) for claim in claims]


def _proposed_graphs(site: Site, inferred: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The proposed encodings of the graphs of inferences in which those statements are."""
    graphs = {q.graph_name.value for q in inferred if isinstance(q.graph_name, ox.NamedNode)}
    rows = site.rows_of("proposed-graphs", sorted(graphs))
    quads = [(ox.Quad(r["x"], QUOTH.encoding, r["encoding"]), r["encoding"]) for r in rows]  # type: ignore[arg-type]
    return [q for of, encoding in quads for q in (of, ox.Quad(encoding, ADMS.status, ENCODING_STATUS.proposed))]  # type: ignore[arg-type]


def _incoming(site: Site, iri: str, number: int, path: str) -> Page[ox.Quad]:
    text = named_queries.text("incoming")
    if site.degrees.get(iri, 0) <= ORDERED_LIMIT:
        text += "\nORDER BY ?s ?p"
    text = parameters.paginate(text, LINKS_A_PAGE, number)
    target = ox.NamedNode(iri)
    quads = [ox.Quad(row["s"], row["p"], target) for row in site.engine.select(text, x=target)]  # type: ignore[arg-type]
    # The total is unknown only where the page is full, or empty after others.
    complete = number == 1 and len(quads) < LINKS_A_PAGE
    total = len(quads) if complete else site.degrees.get(iri) or _counted(site, iri)
    return pagination.page(_ordered(quads, iri), number=number, size=LINKS_A_PAGE, total=total, path=path)


def _counted(site: Site, iri: str) -> int:
    """The number of links, where the publication did not count them because they fit on a page."""
    counts = (row["count"] for row in site.rows("incoming-count", iri))
    return next((int(count.value) for count in counts if isinstance(count, ox.Literal)), 0)


def inferences(site: Site, iris: Sequence[str], limit: int | None = None) -> list[ox.Quad]:
    """The statements of the graphs of inferences and of links about those resources, from at most ``limit`` rows."""
    rows = site.rows_of("inferred", iris, limit)
    quads = (ox.Quad(r.get("s", r["x"]), r["p"], r.get("o", r["x"]), r["g"]) for r in rows)  # type: ignore[arg-type]
    return list(dict.fromkeys(quads))


def _reasons(site: Site, own: Iterable[ox.Quad], iri: str) -> list[ox.Quad]:
    """The statements of an article's graphs of inferences, whose reasons are parts of the article."""
    graphs = [q.subject for q in own if q.object == PROV.Bundle and str(q.subject).startswith(f"<{iri}#")]
    text = parameters.paginate(named_queries.text("inferences-of"), REASONS_LIMIT + 1, 1)
    return [ox.Quad(r["s"], r["p"], r["o"], g) for g in graphs for r in site.engine.select(text, x=g)]  # type: ignore[arg-type]


def _contents(quads: Iterable[ox.Quad], iri: str) -> list[str]:
    """The named graphs of a document: the content of a claim, the mappings of a linkset unless they are many."""
    own = [q for q in quads if q.subject == ox.NamedNode(iri)]
    links = [int(q.object.value) for q in own if q.predicate == VOID.triples and isinstance(q.object, ox.Literal)]
    holding = [QUOTH.content] if max(links, default=0) > MAPPINGS_LIMIT else [QUOTH.content, DCTERMS.source]
    return [q.object.value for q in own if q.predicate in holding and isinstance(q.object, ox.NamedNode)]


def named(quads: Iterable[ox.Quad], wholes: Collection[str]) -> list[str]:
    """The IRIs that stand as subject or object, each once, apart from the resources ``wholes`` and their parts;
    properties and classes are left out."""
    terms = (term for q in quads for term in ((q.subject,) if q.predicate == RDF.type else (q.subject, q.object)))
    names = dict.fromkeys(term.value for term in terms if isinstance(term, ox.NamedNode))
    return [name for name in names if name.partition("#")[0] not in wholes]


def _ordered(quads: Iterable[ox.Quad], iri: str) -> list[ox.Quad]:
    """By subject, the resource first; types first, then by predicate and object: an order that holds on any engine."""

    def key(q: ox.Quad) -> tuple[bool, str, bool, str, str]:
        subject = str(q.subject)
        return q.subject != ox.NamedNode(iri), subject, q.predicate != RDF.type, q.predicate.value, str(q.object)

    return sorted(quads, key=key)
