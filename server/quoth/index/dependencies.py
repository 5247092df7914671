"""On which quads the rows of a claim, an article or another thing depend, by the queries ``list-*.rq``.

A change of a quad changes no rows but those of what ``touched`` finds, and ``surroundings`` has all quads that these
rows are made of; both may find more. A query that follows another path needs it here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, OA, ORG, PROV, QUOTH, RDF, RDFS, SCHEMA, SKOS, QuadTerm

ASSERTED = ox.DefaultGraph()
_UP = (QUOTH.anchor, OA.hasSelector, QUOTH.attribution, QUOTH.otherAttribution, QUOTH.act, QUOTH.content)
"""The properties from a claim to its parts, which may be those of another claim."""
_DOWN = (*_UP, PROV.wasQuotedFrom, QUOTH.encoding)
_KINDS = (QUOTH.contradicts, QUOTH.inTensionWith, QUOTH.corroborates)
_ENDS = (RDF.subject, RDF.object)
_NAMES = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SCHEMA.headline)
_MEMBERSHIPS = (ORG.hasMembership, ORG.organization, SCHEMA.startDate, SCHEMA.endDate)
_PERSONS = (SCHEMA.publisher, SCHEMA.author)
_OF_THINGS = {RDF.type, *_NAMES, *_PERSONS, SCHEMA.url, SCHEMA.archivedAt, SCHEMA.articleSection}


class TooMuchError(Exception):
    """So much is touched that to make all rows anew takes no longer."""


@dataclass
class Touched:
    """The IRIs of ``claims`` and of other ``things`` that have rows which may differ; together no more than ``most``,
    else TooMuchError is raised. ``is_claim`` tells whether an IRI is that of a claim, before or after."""

    is_claim: Callable[[str], bool]
    most: int
    claims: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)

    def add(self, nodes: Iterable[QuadTerm]) -> None:
        """Add those of the nodes that are claims."""
        iris = {node.value for node in nodes if isinstance(node, ox.NamedNode)} - self.claims
        self.claims.update(filter(self.is_claim, iris))
        self._check()

    def add_things(self, nodes: Iterable[QuadTerm]) -> None:
        """Add the nodes that are no parts of others."""
        self.things.update(n.value for n in nodes if isinstance(n, ox.NamedNode) and "#" not in n.value)
        self._check()

    def _check(self) -> None:
        if len(self.claims) + len(self.things) > self.most:
            raise TooMuchError


def touch(found: Touched, quads: Iterable[ox.Quad], store: ox.Store) -> None:
    """Find what some quads of a store touch."""
    climbed: set[QuadTerm] = set()
    known: set[tuple[QuadTerm, QuadTerm]] = set()
    for quad in quads:
        subject, predicate, object, graph = quad
        if (subject, graph) not in known:
            known.add((subject, graph))
            _climb(found, (subject, graph), store, climbed)
            if graph == ASSERTED:
                _of_articles(found, subject, store)
            else:
                for end in _ENDS:
                    found.add(_objects(store, end, subject, graph))
        if predicate == QUOTH.act or predicate in _KINDS:
            _climb(found, (object,), store, climbed)
        elif (predicate, object) == (RDF.type, QUOTH.AnonymousSource):
            found.add(_subjects(store, QUOTH.creditedTo, subject))
        elif predicate in _MEMBERSHIPS:
            for source in (subject, *_subjects(store, ORG.hasMembership, subject)):
                found.add(_subjects(store, QUOTH.creditedTo, source))
        elif predicate == QUOTH.encoding or object == PROV.Bundle:
            _of_graph(found, subject, store)
        elif predicate == ADMS.status:
            for inference in _subjects(store, QUOTH.encoding, subject):
                _of_graph(found, inference, store)
        if graph == ASSERTED and predicate in _OF_THINGS:
            found.add_things([subject])
            for person in _PERSONS if predicate in _NAMES else ():
                found.add_things(_subjects(store, person, subject))


def _of_articles(found: Touched, node: QuadTerm, store: ox.Store) -> None:
    """Find the claims of an article and of those that it reprints."""
    for article in _reach([node], store, backwards=False):
        found.add(_subjects(store, PROV.wasQuotedFrom, article))


def _of_graph(found: Touched, graph: QuadTerm, store: ox.Store) -> None:
    """Find the claims of which a graph says something."""
    if isinstance(graph, ox.NamedNode):
        for quad in store.quads_for_pattern(None, None, None, graph):
            found.add([quad.subject, *_whole(quad.subject)])
            if quad.predicate in _KINDS:
                found.add([quad.object])


def _climb(found: Touched, nodes: Iterable[QuadTerm], store: ox.Store, climbed: set[QuadTerm]) -> None:
    """Find what some nodes are, or are parts of."""
    waiting = [*nodes]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ox.NamedNode) and node not in climbed:
            climbed.add(node)
            found.add([node])
            waiting += _whole(node)
            for predicate in _UP:
                waiting += _subjects(store, predicate, node)


def surroundings(claims: Collection[str], things: Collection[str], own: Iterable[ox.Quad], store: ox.Store) -> ox.Store:
    """The quads of a store of which the rows of those claims and things are made; ``own`` are those that have the
    claims and their parts as subjects, in any graph."""
    quads = set(own)
    waiting: list[QuadTerm] = [ox.NamedNode(iri) for iri in (*claims, *things)]
    graphs: set[QuadTerm] = {quad.graph_name for quad in quads if quad.graph_name != ASSERTED}
    waiting += graphs
    contents: set[QuadTerm] = set()

    def follow(quad: ox.Quad) -> None:
        if quad.predicate in _DOWN:
            waiting.append(quad.object)
        if quad.predicate == QUOTH.content:
            contents.add(quad.object)
        elif quad.predicate == QUOTH.act and isinstance(quad.object, ox.NamedNode):
            contents.add(ox.NamedNode(f"{quad.object.value}#content"))
        elif quad.predicate == QUOTH.creditedTo:
            quads.update(_about(store, quad.object, RDF.type))
            for membership in _about(store, quad.object, ORG.hasMembership):
                quads.update((membership, *_about(store, membership.object, None)))
        elif quad.predicate == PROV.wasQuotedFrom:
            for article in _reach([quad.object], store, backwards=True):
                quads.update(_about(store, article, None))

    for quad in [*quads]:
        follow(quad)
    for iri in claims:
        claim = ox.NamedNode(iri)
        quads.update(store.quads_for_pattern(None, QUOTH.act, claim, ASSERTED))
        for kind in _KINDS:
            quads.update(store.quads_for_pattern(None, kind, claim, None))
        for end in _ENDS:
            for quad in store.quads_for_pattern(None, end, claim, None):
                waiting.append(quad.graph_name)
                quads.update(store.quads_for_pattern(quad.subject, None, None, quad.graph_name))
    seen: set[QuadTerm] = set()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            for quad in _about(store, node, None):
                quads.add(quad)
                follow(quad)
    for graph in contents:
        if isinstance(graph, ox.NamedNode):
            quads.update(store.quads_for_pattern(None, None, None, graph))
    for quad in [*quads]:
        if quad.predicate in _KINDS:
            quads.update(_about(store, quad.subject, RDF.type))
            quads.update(_about(store, quad.object, RDF.type))
    for iri in things:
        for person in _PERSONS:
            for quad in _about(store, ox.NamedNode(iri), person):
                for name in _NAMES:
                    quads.update(_about(store, quad.object, name))
    made = ox.Store()
    made.extend(quads)
    return made


def _about(store: ox.Store, subject: QuadTerm, predicate: ox.NamedNode | None) -> Iterator[ox.Quad]:
    if isinstance(subject, ox.NamedNode):
        yield from store.quads_for_pattern(subject, predicate, None, ASSERTED)


def _subjects(store: ox.Store, predicate: ox.NamedNode, object: QuadTerm) -> list[QuadTerm]:
    if isinstance(object, ox.DefaultGraph):
        return []
    return [quad.subject for quad in store.quads_for_pattern(None, predicate, object, ASSERTED)]


def _objects(store: ox.Store, predicate: ox.NamedNode, subject: QuadTerm, graph: QuadTerm = ASSERTED) -> list[QuadTerm]:
    if not isinstance(subject, ox.NamedNode) or not isinstance(graph, ox.NamedNode | ox.DefaultGraph):
        return []
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None, graph)]


def _whole(node: QuadTerm) -> list[QuadTerm]:
    """The thing that a node is a part of, by its IRI."""
    if isinstance(node, ox.NamedNode) and "#" in node.value:
        return [ox.NamedNode(node.value.partition("#")[0])]
    return []


def _reach(nodes: Iterable[QuadTerm], store: ox.Store, *, backwards: bool) -> set[QuadTerm]:
    """The articles that those reprint, and they themselves; or ``backwards`` those that reprint them."""
    reached: set[QuadTerm] = set()
    waiting = [*nodes]
    while waiting:
        node = waiting.pop()
        if node not in reached and isinstance(node, ox.NamedNode):
            reached.add(node)
            waiting += (_subjects if backwards else _objects)(store, QUOTH.reprints, node)
    return reached
