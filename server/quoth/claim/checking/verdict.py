"""The outcome of the check of one unit, and how it is found: as JSON values, it can be kept and sent."""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox

from quoth.claim.checking import check, dataset_index, judgements, places
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.causes import causes
from quoth.claim.checking.coverage import coverage
from quoth.claim.checking.readings import placed
from quoth.claim.checking.stored import digest
from quoth.claim.checking.survey import to_text
from quoth.claim.checking.units import Options
from quoth.claim.checking.validator import Validator
from quoth.claim.model.coverage import Coverage
from quoth.claim.model.namespaces import QUOTH, RDF, SKOS
from quoth.claim.model.report import Finding, Judgement
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading.document import Document
from quoth.claim.rules.vocabulary import Vocabulary

_FLEETING = ("dangling", "relative-iri", "notice-date")
"""Rules whose remedy may name what any other document describes, or whose answer is another one the next day."""

_ONCE = {"dangling": ("value",), "literal-rewritten": ("value", "remedy")}
"""Rules that give one finding for a dataset, and by what two of their findings are the same."""

_POINTER = re.compile(r"\(at <([^>]*)>\)")


@dataclass(frozen=True)
class Verdict:
    """The outcome of the check of a unit.

    Each finding stands beside what tells whether that of another unit is the same; each judgement, beside the digest of
    the wording that it is about and the findings about itself, by their rules. ``quads`` and ``claims`` are numbers,
    ``summary`` has the quads for the rules over the whole dataset (N-Quads), ``lasting`` tells whether nothing was
    looked at but what the unit's key is of.
    """

    findings: tuple[tuple[str, Finding], ...]
    judged: tuple[tuple[Judgement, str, dict[str, Finding]], ...]
    coverage: tuple[Coverage, ...]
    quads: int
    claims: int
    summary: str
    validator: str
    lasting: bool

    def as_json(self) -> dict[str, Any]:
        """The verdict as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The verdict of such values. Raises KeyError or TypeError for others."""
        return cls(
            tuple((same, Finding(**f)) for same, f in values["findings"]),
            tuple(
                (Judgement(**judgement), wording, {rule: Finding(**f) for rule, f in told.items()})
                for judgement, wording, told in values["judged"]
            ),
            tuple(Coverage.from_json(c) for c in values["coverage"]),
            int(values["quads"]),
            int(values["claims"]),
            str(values["summary"]),
            str(values["validator"]),
            bool(values["lasting"]),
        )


def examine(
    members: Sequence[tuple[int, Document]],
    context: Sequence[tuple[int, Path, str]],
    options: Options,
    texts: Texts | None,
    elsewhere: Callable[[], Iterable[str]],
    owners: Callable[[set[str]], Iterable[tuple[int, Document]]],
) -> Verdict:
    """Check documents with their context, both with their numbers among all, by all rules but those over the dataset.

    ``elsewhere`` gives all IRIs that are described in the corpus, ``owners`` the documents that describe some."""
    base = options.base
    around = [(number, placed(path, base, text)) for number, path, text in context]
    documents = [d for _, d in sorted([*members, *around], key=lambda pair: pair[0])]
    own = [d for _, d in members]
    quads = list(dict.fromkeys(q for d in documents for q in d.quads))
    index, vocabulary, validator = TripleIndex(quads), _vocabulary(_of_words(quads)), Validator(options.reference)
    asked = dataset_index.asked(of_dataset=False)
    found = check.found(quads, index, base, texts, vocabulary, validator, asked, elsewhere)
    found = list(_owned(causes(found), own, around))
    judged = judgements.recorded(own, base)
    about_judgements = [f for each in judged for f in judgements.about(each[0])]
    pointed = {iri for f in found for iri in _POINTER.findall(f.message + f.remedy)}
    numbered = dict([*around, *(owners(pointed) if pointed else ()), *members])
    near = [numbered[number] for number in sorted(numbered)]

    def located(findings: list[Finding]) -> list[Finding]:
        return [check.worded(f, base) for f in places.locate(findings, near, options.alone)]

    about: dict[str, dict[str, Finding]] = {}
    for f in located(about_judgements):
        about.setdefault(f.focus, {})[f.rule] = f
    findings = tuple((same(f), at) for f, at in zip(found, located(found), strict=True))
    files = {str(d.path) for d in own}
    stated = dict.fromkeys(q for d in own for q in d.quads)
    return Verdict(
        findings,
        tuple((judgement, wording, about[judgement.iri]) for judgement, wording in judged),
        tuple(coverage(index, texts)),
        len(stated),
        len([q for q in stated if q.predicate == RDF.type and q.object == QUOTH.Claim]),
        to_text(dataset_index.summary(list(stated))),
        str(validator),
        not pointed and all(f.rule not in _FLEETING and f.file in files for _, f in findings),
    )


@functools.lru_cache(4)
def _vocabulary(words: tuple[ox.Quad, ...]) -> Vocabulary:
    """The words of a corpus, which many units have in common."""
    return Vocabulary(words)


def _of_words(quads: Iterable[ox.Quad]) -> tuple[ox.Quad, ...]:
    """The statements about concepts."""
    asserted = [q for q in quads if q.graph_name == ox.DefaultGraph()]
    concepts = {q.subject for q in asserted if q.object == SKOS.Concept}
    return tuple(q for q in asserted if q.subject in concepts)


def same(f: Finding) -> str:
    """The digest of what tells whether two findings are the same, before they have a place."""
    parts = _ONCE.get(f.rule)
    return digest([f.rule, *(getattr(f, part) for part in parts)] if parts else asdict(replace(f, judgement=None)))


def _owned(
    findings: Iterable[Finding], own: Sequence[Document], around: Sequence[tuple[int, Document]]
) -> Iterator[Finding]:
    """The findings but for those about what is described in the context alone: other units have these."""
    ours = {_whole(q) for d in own for q in d.quads}
    theirs = {_whole(q) for _, d in around for q in d.quads} - ours
    return (f for f in findings if f.focus.partition("#")[0] not in theirs)


def _whole(q: ox.Quad) -> str:
    return q.subject.value.partition("#")[0] if isinstance(q.subject, ox.NamedNode) else ""
