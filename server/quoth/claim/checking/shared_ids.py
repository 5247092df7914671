"""Several corpora in one release: what more than one of them describes.

An article, a claim and a source belong to one corpus. An entity may be in several that declare it the same.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rdflib.namespace import SH

from quoth.claim.model.namespaces import LINKING
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import Finding
from quoth.claim.reading.document import Document
from quoth.corpus import bases, quoth_toml, side_by_side
from quoth.corpus.quoth_toml import Corpus

_OF_ONE = ("article", "claim", "source")
"""The kinds of what belongs to one corpus, as IRIs have them."""

_TOO_MANY = {f"{SH}{kind}ConstraintComponent" for kind in ("MaxCount", "UniqueLang")}
"""Constraints on the number of values, which two descriptions of one thing do not keep."""

Statement = tuple[str, str, str, str]
"""Subject, predicate, object and graph of a statement about a resource or a part of it, as N-Quads."""

_LINKING = frozenset(map(str, LINKING))


def violations(documents: Callable[[], Iterable[Document]], base: str) -> Iterator[Finding]:
    """A violation for each resource that two corpora describe, and must not, at its place in the second one; and for
    one that begins with the base of a corpus which does not describe it.

    ``documents`` gives all, one after the other, as often as it is called; what one corpus alone describes is not kept.
    """
    corpus_of = functools.cache(quoth_toml.find)
    of_one = tuple(space for kind in _OF_ONE for space in bases.spaces(base, f"{kind}/"))
    owners: dict[str, Path | None] = {}
    corpora_of: dict[Path, Corpus] = {}
    for document in documents():
        if corpus := corpus_of(document.path.parent):
            corpora_of[corpus.folder] = corpus
            for iri in {iri for iri, _ in _statements(document, base)}:
                owners[iri] = corpus.folder if owners.get(iri, corpus.folder) == corpus.folder else None
    base_of = {folder: side_by_side.base_of(corpus, base) for folder, corpus in corpora_of.items()}
    with_base = {of: corpora_of[folder] for folder, of in base_of.items()}
    beside = {*with_base} - {str(base)}

    def is_foreign(iri: str, folder: Path) -> bool:
        """Whether another corpus has the base of what the one in a folder describes."""
        return base_of[folder] not in (str(base), home := bases.home(iri, base)) and home in with_base

    shared = {iri for iri, owner in owners.items() if owner is None or (beside and is_foreign(iri, owner))}
    described: dict[str, dict[Path, tuple[Document, set[Statement]]]] = defaultdict(dict)
    for document in documents() if shared else ():
        if corpus := corpus_of(document.path.parent):
            for iri, statement in _statements(document, base):
                if iri in shared:
                    described[iri].setdefault(corpus.folder, (document, set()))[1].add(statement)
    for iri, corpora in described.items():
        (first, statements), *others = corpora.values()
        if all(is_foreign(iri, folder) for folder in corpora):
            owner = with_base[bases.home(iri, base)].where("base")
            message = f"{bases.short(iri, base)} is of another corpus, which does not describe it: {owner}"
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
                keys = sorted({key_of(predicate[1:-1]) for _, predicate, _, _ in theirs ^ statements})
                remedy = f"declare it the same in both (they differ in {', '.join(keys)}), or {remedy}"
            file, line = str(document.path), document.lines.get(iri, 1)
            yield Finding(message, "shared-id", focus=iri, remedy=remedy, file=file, line=line)


def _statements(document: Document, base: str) -> Iterator[tuple[str, Statement]]:
    """The statements about resources of the dataset and their parts, each with the resource's IRI."""
    start = tuple(f"<{space}" for space in bases.spaces(base))
    for statement in document.statements:
        if statement[0].startswith(start) and statement[1] not in _LINKING:
            yield statement[0][1:-1].partition("#")[0], statement


def without_consequences(findings: Iterable[Finding], told: Iterable[Finding]) -> Iterator[Finding]:
    """Findings without those that something has too many values which, as ``told`` says, two corpora describe."""
    shared = {finding.focus for finding in told if finding.rule == "shared-id"}
    return (f for f in findings if f.rule not in _TOO_MANY or f.focus.partition("#")[0] not in shared)
