"""What nobody can judge a claim without: who its sources are, who encoded it, and under which terms."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import pyoxigraph as ox

from quoth.claim.model.namespaces import PROV, QUOTH, RDF, RDFS, SKOS
from quoth.engine.api.interface import Engine
from quoth.web.core.subgraph import described

_LEADING = (QUOTH.source, PROV.wasQuotedFrom, QUOTH.describedIn)
_WHO = frozenset({RDF.type, QUOTH.describedIn, QUOTH.warrant, SKOS.scopeNote, RDFS.comment})


def background(engine: Engine, own: Iterable[ox.Quad], iris: Collection[str]) -> list[ox.Quad]:
    """Who the sources are that ``own``, the statements of ``iris``, credit, as the claim's article describes them; and
    the encodings of the articles on which ``iris`` rest: a claim on that from which it is quoted, a source on that
    which describes it, where no other does.

    It is as much as the chains are long, however large the dataset is.
    """
    objects: dict[ox.NamedNode, dict[str, set[ox.NamedNode]]] = {p: defaultdict(set) for p in _LEADING}
    for q in own:
        found = objects.get(q.predicate)
        if found is not None and isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode):
            found[q.subject.value.partition("#")[0]].add(q.object)
    credited, quoted, described_in = (objects[p] for p in _LEADING)
    alone = {source: articles for source, articles in described_in.items() if len(articles) == 1}
    encodings = {a.value + "#encoding" for iri in iris for links in (quoted, alone) for a in links.get(iri, ())}
    here = {(source, article) for claim in credited for source in credited[claim] for article in quoted.get(claim, ())}

    def told(q: ox.Quad) -> bool:
        if getattr(q.subject, "value", "") in encodings:
            return True
        return q.predicate in _WHO and (q.predicate != QUOTH.describedIn or (q.subject, q.object) in here)

    sources = {source.value for found in credited.values() for source in found}
    return [q for q in described(engine, sorted(sources | encodings)) if told(q)]
