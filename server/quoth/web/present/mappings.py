"""The links of a resource to other datasets: the mappings of the release's mapping sets, with their authors, and the
names that these datasets give the resource, as they were fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, DCTERMS, OWL, PROV, RDFS, SCHEMA, SKOS, SSSOM
from quoth.claim.model.triple_index import TripleIndex
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

_MATCHES = {
    SKOS.exactMatch.value: "the same as",
    SKOS.closeMatch.value: "about the same as",
    SKOS.broadMatch.value: "narrower than",
    SKOS.narrowMatch.value: "wider than",
    SKOS.relatedMatch.value: "related to",
    SCHEMA.identifier.value: "listed as",
}
"""Property of a mapping → its words on pages; the surest first."""


@dataclass(frozen=True)
class Mapping:
    """One mapping of ``subject``: ``words`` names its property, ``target`` is its object with the name seen there, None
    where a search found no entry.

    ``negated``: the mapping says that it does *not* hold. ``confidence`` is in [0, 1], as written. A missing value is
    an empty text. ``status`` is the result of the last check, on the day ``checked``; ``replacement`` is what the
    check found instead of the target.
    """

    subject: Ref
    words: str
    target: Ref | None
    dataset: Ref | None
    negated: bool
    by: Sequence[Ref]
    method: Ref | None
    reviewed_by: Sequence[Ref]
    date: str
    confidence: str
    reasons: Sequence[str]
    status: Ref | None
    checked: str
    checked_by: Sequence[Ref]
    replacement: str


def mappings(site: Site, iri: str) -> list[Mapping]:
    """The mappings of ``iri``, the surest kind first and negated ones last."""
    return read(site, (ox.Quad(row["mapping"], row["p"], row["o"]) for row in site.rows("mappings", iri)))  # type: ignore[arg-type]


def read(site: Site, quads: Iterable[ox.Quad]) -> list[Mapping]:
    """The mappings that quads of any graph describe, in the same order."""
    quads = list(quads)
    index = TripleIndex.of_graphs(quads)
    site.labels.fetch(q.object.value for q in quads if isinstance(q.object, ox.NamedNode))
    kinds = list(_MATCHES)

    def rank(mapping: str) -> tuple[bool, int, str]:
        kind = index.value(mapping, OWL.annotatedProperty)
        return _negated(index, mapping), kinds.index(kind) if kind in kinds else len(kinds), mapping

    return [_mapping(site, index, iri) for iri in sorted(index.having(OWL.annotatedProperty), key=rank)]


def _mapping(site: Site, index: TripleIndex, iri: str) -> Mapping:
    def refs(predicate: ox.NamedNode) -> list[Ref]:
        return [ref(site, value) for value in index.values(iri, predicate)]

    def first(predicate: ox.NamedNode) -> Ref | None:
        return next(iter(refs(predicate)), None)

    target, name = index.value(iri, OWL.annotatedTarget), index.value(iri, SSSOM.object_label)
    kind = index.value(iri, OWL.annotatedProperty)
    nothing = target in ("", SSSOM.NoTermFound.value)
    own = site.iris.name(target) is not None
    shown = " · ".join(filter(None, [name.replace("_", " "), site.labels.label(target) if own else target]))
    return Mapping(
        ref(site, index.value(iri, OWL.annotatedSource)),
        "no entry found" if nothing else _MATCHES.get(kind) or site.labels.label(kind),
        None if nothing else Ref(target, shown, site.iris.href(target)),
        first(SSSOM.object_source),
        _negated(index, iri),
        refs(PROV.wasAttributedTo),
        first(SSSOM.mapping_justification),
        refs(SSSOM.reviewer_id),
        index.value(iri, DCTERMS.created),
        index.value(iri, SSSOM.confidence),
        index.values(iri, RDFS.comment),
        first(ADMS.status),
        index.value(iri, SCHEMA.lastReviewed),
        refs(SCHEMA.reviewedBy),
        index.value(iri, DCTERMS.isReplacedBy) or index.value(iri, SKOS.changeNote),
    )


def _negated(index: TripleIndex, iri: str) -> bool:
    return SSSOM.NegatedPredicate.value in index.values(iri, SSSOM.predicate_modifier)


@dataclass(frozen=True)
class Names:
    """The names that one graph of fetched facts gives, by language, and the day they were fetched."""

    according_to: Ref
    date: str
    names: Sequence[ox.Literal]


def names(site: Site, iri: str) -> list[Names]:
    """The names of ``iri`` by each graph of fetched facts."""
    rows = [
        (row["g"].value, row["date"].value, name)
        for row in site.rows("names-elsewhere", iri)
        if isinstance(name := row["name"], ox.Literal) and name.language
        if isinstance(row["g"], ox.NamedNode) and isinstance(row["date"], ox.Literal)
    ]
    return [
        Names(ref(site, graph), date, [name for *_, name in group])
        for (graph, date), group in groupby(rows, key=lambda row: row[:2])
    ]
