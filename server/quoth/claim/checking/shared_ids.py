"""Several corpora in one release: what more than one of them describes.

An article, a claim and a source belong to one corpus. An entity may be in several that declare it the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import SH

from quoth.claim.model.namespaces import LINKING
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding
from quoth.claim.reading.document import Document
from quoth.corpus import bases, quoth_toml, side_by_side

_OF_ONE = ("article", "claim", "source")
"""The kinds of what belongs to one corpus, as IRIs have them."""

_TOO_MANY = {f"{SH}{kind}ConstraintComponent" for kind in ("MaxCount", "UniqueLang")}
"""Constraints on the number of values, which two descriptions of one thing do not keep."""

Statement = tuple[str, str, str, str]
"""Subject, predicate, object and graph of a statement about a resource or a part of it."""


def violations(documents: Iterable[Document], base: str) -> Iterator[Finding]:
    """A violation for each resource that two corpora describe, and must not, at its place in the second one; and for
    one that begins with the base of a corpus which does not describe it."""
    corpora_of = {d: c for d in documents if (c := quoth_toml.find(d.path))}
    folders = {document: corpus.folder for document, corpus in corpora_of.items()}
    if len(set(folders.values())) < 2:
        return
    own, of_one = bases.spaces(base), tuple(s for kind in _OF_ONE for s in bases.spaces(base, f"{kind}/"))
    owners = {side_by_side.base_of(corpus, base): corpus for corpus in corpora_of.values()}
    described: dict[str, dict[Path, tuple[Document, set[Statement]]]] = defaultdict(dict)
    for document, folder in folders.items():
        for quad in document.quads:
            iri = quad.subject.value.partition("#")[0] if isinstance(quad.subject, ox.NamedNode) else ""
            if iri.startswith(own) and quad.predicate not in LINKING:
                statement = (str(quad.subject), quad.predicate.value, str(quad.object), str(quad.graph_name))
                described[iri].setdefault(folder, (document, set()))[1].add(statement)
    for iri, corpora in described.items():
        (first, statements), *others = corpora.values()
        owner = owners.get(bases.home(iri, base))
        describing = {side_by_side.base_of(corpora_of[document], base) for document, _ in corpora.values()}
        if owner is not None and describing.isdisjoint({str(base), bases.home(iri, base)}):
            message = (
                f"{bases.short(iri, base)} is of another corpus, which does not describe it: {owner.where('base')}"
            )
            remedy = "describe it there, the same, or give it an id of this corpus"
            file, line = str(first.path), first.lines.get(iri, 1)
            yield Finding(message, "shared-id", focus=iri, remedy=remedy, file=file, line=line)
        for document, theirs in others:
            name = bases.short(iri, base)
            where = f"{first.path}:{first.lines.get(iri, 1)}"
            message = f"{name} is described in two corpora: the other place is {where}"
            remedy = "give one of the two another id"
            if not iri.startswith(of_one):
                if theirs == statements:
                    continue
                keys = sorted({key_of(predicate) for _, predicate, _, _ in theirs ^ statements})
                remedy = f"declare it the same in both (they differ in {', '.join(keys)}), or {remedy}"
            file, line = str(document.path), document.lines.get(iri, 1)
            yield Finding(message, "shared-id", focus=iri, remedy=remedy, file=file, line=line)


def without_consequences(findings: Iterable[Finding], told: Iterable[Finding]) -> Iterator[Finding]:
    """Findings without those that something has too many values which, as ``told`` says, two corpora describe."""
    shared = {finding.focus for finding in told if finding.rule == "shared-id"}
    return (f for f in findings if f.rule not in _TOO_MANY or f.focus.partition("#")[0] not in shared)
