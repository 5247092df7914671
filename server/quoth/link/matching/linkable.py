"""The entities of a dataset that can be linked with a target, and the links that it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.checking.check import read_all
from quoth.claim.model.namespaces import DCTERMS, KINDS, OWL, PREFIXES, QUOTH, RDF, RDFS, SCHEMA, SKOS, SSSOM, VOID
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.publication import derive
from quoth.config import Settings
from quoth.corpus.bases import home
from quoth.errors import CheckError
from quoth.link.matching.similarity import Subject, significant_words
from quoth.resources import folder

_NOT_LINKED = {
    kind.value
    for kind in (
        *(QUOTH.Topic, QUOTH.AnonymousSource, QUOTH.Claim, SCHEMA.Article, SCHEMA.NewsArticle),
        *(VOID.Linkset, VOID.Dataset),
    )
}
"""Topics are our own; nobody knows who an anonymous source is; the others are no entities."""

_AGENTS = {PREFIXES["foaf"] + kind for kind in ("Agent", "Person", "Group")} | {PREFIXES["org"] + "Organization"}


@dataclass(frozen=True)
class EntityLink:
    """One mapping: what it links, the label and classes of the target when it was linked, our entity's classes."""

    subject: str
    predicate: str
    target: str
    negated: bool
    label_seen: str
    category_seen: str
    types: frozenset[str]

    @property
    def terms(self) -> tuple[str, str, str]:
        """The subject, the predicate and the target."""
        return self.subject, self.predicate, self.target

    @property
    def asserted(self) -> bool:
        """Whether the mapping says that its subject matches something."""
        return not self.negated and self.target != SSSOM.NoTermFound.value


@dataclass(frozen=True)
class TargetDataset:
    """Another dataset as ours describes it. ``space`` begins each of its IRIs."""

    iri: str
    label: str
    space: str


class Linkable:
    """The entities and links of a dataset of quads whose relative IRIs were resolved against ``base``."""

    def __init__(self, quads: Iterable[ox.Quad], base: str) -> None:
        quads = list(quads)
        self._base = base
        self._index = TripleIndex([*quads, *derive(quads, base)])
        # A mapping's own graph is of no further use here: the linkset is known by what it leads to.
        self._links = TripleIndex(
            ox.Quad(q.subject, q.predicate, q.object)
            for q in quads
            if isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value.endswith("#mappings")
        )

    def dataset(self, name: str) -> TargetDataset | None:
        """The described dataset with that dcterms:identifier, or None."""
        for iri in self._index.having(DCTERMS.identifier):
            if self._index.value(iri, DCTERMS.identifier) == name:
                label = self._index.value(iri, RDFS.label)
                return TargetDataset(iri, label, self._index.value(iri, VOID.uriSpace) or f"{iri}#")
        return None

    def is_agent(self, iri: str) -> bool:
        """Whether the IRI is that of a described person, group or organisation."""
        return bool(_AGENTS & set(self._index.values(iri, RDF.type)))

    def linkset(self, dataset: TargetDataset) -> str | None:
        """The linkset that leads to a dataset, or None."""
        return next(iter(self._index.subjects(VOID.objectsTarget, dataset.iri)), None)

    def links(self, dataset: TargetDataset) -> list[EntityLink]:
        """The mappings that lead to a dataset, in the order of their IRIs."""
        return [
            EntityLink(
                subject := self._links.value(iri, OWL.annotatedSource),
                self._links.value(iri, OWL.annotatedProperty),
                self._links.value(iri, OWL.annotatedTarget),
                bool(self._links.value(iri, SSSOM.predicate_modifier)),
                self._links.value(iri, SSSOM.object_label),
                self._links.value(iri, SSSOM.object_category),
                frozenset(self._index.values(subject, RDF.type)),
            )
            for iri in sorted(self._links.subjects(SSSOM.object_source, dataset.iri))
        ]

    def unlinked(self, dataset: TargetDataset) -> list[Subject]:
        """The entities that nothing links with a dataset and that were not looked for in vain, by their IRIs.

        Sources that an article does not name are never among them.
        """
        linked = {link.subject for link in self.links(dataset) if not link.negated}
        subjects = []
        for iri in sorted(set(self._index.having(RDF.type))):
            types = frozenset(self._index.values(iri, RDF.type))
            name = iri.removeprefix(f"{home(iri, self._base)}id/")
            own = name != iri and "#" not in iri and not name.startswith("source/")
            if own and iri not in linked and types & KINDS.keys() and not types & _NOT_LINKED:
                subjects.append(self._subject(iri, types))
        return [subject for subject in subjects if subject.labels]

    def ruled_out(self, dataset: TargetDataset) -> set[tuple[str, str]]:
        """The pairs that are known not to match: entity of ours, IRI of theirs."""
        return {(link.subject, link.target) for link in self.links(dataset) if link.negated}

    def _subject(self, iri: str, types: frozenset[str]) -> Subject:
        labels, notes = self._index.values(iri, RDFS.label), self._index.values(iri, RDFS.comment)
        aliases = [*self._index.values(iri, SKOS.altLabel), *self._index.values(iri, SKOS.hiddenLabel)]
        claims = [self._index.value(claim, RDFS.label) for claim in self._index.subjects(SCHEMA.about, iri)]
        context = significant_words([*notes, *claims]) - significant_words([*labels, *aliases])
        return Subject(iri, tuple(labels), tuple(aliases), types, context)


def read_linkable(paths: Sequence[Path], settings: Settings) -> Linkable:
    """The entities and links of the documents (none: the shipped data). Raises CheckError if one cannot be read."""
    documents, findings = read_all(paths or [folder("data")], settings.base)
    for finding in findings:
        if finding.severity == "Violation":
            raise CheckError(f"{finding}", remedy="run quoth check")
    return Linkable(dict.fromkeys(q for d in documents for q in d.quads), settings.base)
