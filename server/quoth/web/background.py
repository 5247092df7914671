"""What nobody can judge a claim without: who its sources are, who encoded it, and under which terms."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import pyoxigraph as ox

from quoth.claim.vocabulary import PROV, QUOTH, RDF, RDFS, SKOS
from quoth.store.engine import Engine
from quoth.web.walk import described

_WHO = frozenset({RDF.type, QUOTH.describedIn, QUOTH.warrant, SKOS.scopeNote, RDFS.comment})


def background(engine: Engine, own: Iterable[ox.Quad], iris: Collection[str]) -> list[ox.Quad]:
    """Who the sources are that ``own``, the statements of ``iris``, credit, as the claim's article describes them; and
    the encodings of the articles on which ``iris`` rest: a claim on that from which it is quoted, an anonymous source
    on that which describes it.

    It is as much as the chains are long, however large the dataset is.
    """
    links = [(q.subject.value, q.predicate, q.object) for q in own if isinstance(q.subject, ox.NamedNode)]
    anonymous = {subject for subject, _, object in links if object == QUOTH.AnonymousSource}
    credited: set[tuple[str, ox.NamedNode]] = set()
    articles: dict[str, set[ox.NamedNode]] = defaultdict(set)
    for subject, predicate, object in links:
        if not isinstance(object, ox.NamedNode):
            continue
        if predicate == QUOTH.source:
            credited.add((subject.partition("#")[0], object))
        elif predicate == PROV.wasQuotedFrom or (predicate == QUOTH.describedIn and subject in anonymous):
            articles[subject].add(object)
    encodings = {article.value + "#encoding" for iri in iris for article in articles.get(iri, ())}
    here = {(source, article) for claim, source in credited for article in articles.get(claim, ())}

    def told(q: ox.Quad) -> bool:
        if getattr(q.subject, "value", "") in encodings:
            return True
        return q.predicate in _WHO and (q.predicate != QUOTH.describedIn or (q.subject, q.object) in here)

    found = described(engine, sorted({source.value for _, source in credited} | encodings))
    return [q for q in found if told(q)]
