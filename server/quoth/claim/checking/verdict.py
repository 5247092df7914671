"""The outcome of the check of one unit, and how it is found: as JSON values, it can be kept and sent."""

import functools
import re
from collections.abc import Callable, Iterable, Sequence
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
from quoth.claim.checking.survey import Slugs
from quoth.claim.checking.units import Options
from quoth.claim.checking.validator import Validator
from quoth.claim.model.coverage import Coverage
from quoth.claim.model.namespaces import QUOTH, RDF, RDFS, SEM, SKOS
from quoth.claim.model.report import Finding, Judgement
from quoth.claim.model.triple_index import TripleIndex, statements
from quoth.claim.reading.document import Document
from quoth.claim.reading.n_quads import to_text
from quoth.claim.rules.proposal import whole
from quoth.claim.rules.vocabulary import Vocabulary

_FLEETING = ("dangling", "relative-iri", "notice-date")
"""Rules whose remedy may name what any other document describes, or whose answer is another one the next day."""

_ONCE = {"dangling": ("value",), "literal-rewritten": ("value", "remedy")}
"""Rules that give one finding for a dataset, and by what two of their findings are the same."""

_OF_KIND = frozenset((RDF.type, RDFS.subClassOf, SEM.eventType))
"""The predicates of all that frames ask about what plays a role (SHACL §2.1.3.2)."""

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


class Case:
    """The documents of a unit, and those that they depend on, both with their numbers among all."""

    def __init__(
        self, members: Sequence[tuple[int, Document]], context: Sequence[tuple[int, Path, str]], base: str
    ) -> None:
        self.members = members
        self._slugs = Slugs(base)
        self.around = [(number, placed(path, base, text)) for number, path, text in context]
        self.own = [d for _, d in members]
        self.own_quads = list(dict.fromkeys(q for d in self.own for q in d.quads))
        ordered = [d for _, d in sorted([*members, *self.around], key=lambda pair: pair[0])]
        self.quads = list(dict.fromkeys(q for d in ordered for q in d.quads)) if self.around else self.own_quads
        self.stated = statements(self.quads)

    def owns(self, focus: str) -> bool:
        """Whether a finding is about these documents: not about what is described in the context alone, which other
        units have."""
        return focus.partition("#")[0] not in self._theirs

    def names(self, focus: str) -> bool:
        """Whether the documents or their context have that IRI, or one of which it is a part."""
        return focus.partition("#")[0] in self._names

    @functools.cached_property
    def spoken_of(self) -> set[str]:
        """The things without the slug of an article, such as entities, whose kind some named graph tells."""
        default = ox.DefaultGraph()
        subjects = {q.subject for q in self.stated if q.predicate in _OF_KIND and q.graph_name != default}
        return {whole(subject) for subject in subjects if not self._slugs.of(subject)}

    @functools.cached_property
    def _theirs(self) -> set[str]:
        around = {whole(q.subject) for _, d in self.around for q in d.quads}
        own = ((q.subject, q.graph_name) for q in self.own_quads)
        return around - {whole(term) for terms in own for term in terms} if around else around

    @functools.cached_property
    def _names(self) -> set[str]:
        return {whole(term) for q in self.stated for term in q}


def suspects(cases: Sequence[Case], options: Options, texts: Texts | None) -> set[int]:
    """The places of the cases about which anything may be wrong: checked together, which is much faster than each by
    itself, there is a finding about what they name. What is wrong is found out for each by itself.

    A rule that is not over the whole dataset finds the same in documents with and without those of other units, unless
    a content tells the kind of something that these name, too: frames take all contents together.
    """
    everyone = set(range(len(cases)))
    alone = {
        place
        for place, case in enumerate(cases)
        if any(other.names(iri) for iri in case.spoken_of for other in cases if other is not case)
    }
    if len(cases) - len(alone) < 2:
        return everyone
    together = [case for place, case in enumerate(cases) if place not in alone]
    stated = {quad: q for case in together for quad, q in zip(case.quads, case.stated, strict=True)}
    index = TripleIndex(stated.values())
    found, validator = _found([*stated], [*stated.values()], index, options, texts, list)
    if str(validator) != str(Validator(options.reference)):
        return everyone  # one of them is too much for the fast one
    told = alone
    for focus in {f.focus for f in found}:
        about = {place for place, case in enumerate(cases) if case.names(focus)}
        if not about:
            return everyone
        told |= {place for place in about if cases[place].owns(focus)}
    return told


def examine(
    case: Case,
    options: Options,
    texts: Texts | None,
    elsewhere: Callable[[], Iterable[str]],
    owners: Callable[[set[str]], Iterable[tuple[int, Document]]],
    sound: bool = False,
) -> Verdict:
    """Check documents with their context by all rules but those over the dataset; if they are ``sound``, it is known
    that these find nothing.

    ``elsewhere`` gives all IRIs that are described in the corpus, ``owners`` the documents that describe some."""
    base, index = options.base, TripleIndex(case.stated)
    found, validator = list[Finding](), Validator(options.reference)
    if not sound:
        found, validator = _found(case.quads, case.stated, index, options, texts, elsewhere)
        found = [f for f in causes(found) if case.owns(f.focus)]
    judged = judgements.recorded(case.own, base)
    about_judgements = [f for each in judged for f in judgements.about(each[0])]
    pointed = {iri for f in found for iri in _POINTER.findall(f.message + f.remedy)}
    numbered = dict([*case.around, *(owners(pointed) if pointed else ()), *case.members])
    near = [numbered[number] for number in sorted(numbered)]

    def located(findings: list[Finding]) -> list[Finding]:
        return [check.worded(f, base) for f in places.locate(findings, near, options.alone)]

    about: dict[str, dict[str, Finding]] = {}
    for f in located(about_judgements):
        about.setdefault(f.focus, {})[f.rule] = f
    findings = tuple((same(f), at) for f, at in zip(found, located(found), strict=True))
    files = {str(d.path) for d in case.own}
    return Verdict(
        findings,
        tuple((judgement, wording, about[judgement.iri]) for judgement, wording in judged),
        tuple(coverage(index, texts)),
        len(case.own_quads),
        _claims(case.own_quads),
        to_text(dataset_index.summary(case.own_quads)),
        str(validator),
        not pointed and all(f.rule not in _FLEETING and f.file in files for _, f in findings),
    )


def _found(
    quads: list[ox.Quad],
    stated: list[ox.Quad],
    index: TripleIndex,
    options: Options,
    texts: Texts | None,
    elsewhere: Callable[[], Iterable[str]],
) -> tuple[list[Finding], Validator]:
    """Everything that is wrong with quads but for the rules over the dataset, and who judged by the shapes."""
    vocabulary, validator = _vocabulary(_of_words(stated)), Validator(options.reference)
    asked = dataset_index.asked(of_dataset=False)
    return check.found(
        quads, stated, index, options.base, texts, vocabulary, validator, asked, elsewhere, options.passages
    ), validator


def _claims(quads: Iterable[ox.Quad]) -> int:
    kind, claim = RDF.type, QUOTH.Claim
    return sum(q.object == claim and q.predicate == kind for q in quads)


@functools.lru_cache(4)
def _vocabulary(words: tuple[ox.Quad, ...]) -> Vocabulary:
    """The words of a corpus, which many units have in common."""
    return Vocabulary(words)


def _of_words(quads: Sequence[ox.Quad]) -> tuple[ox.Quad, ...]:
    """The statements about concepts."""
    concept, default = SKOS.Concept, ox.DefaultGraph()
    concepts = {q.subject for q in quads if q.object == concept and q.graph_name == default}
    return tuple(q for q in quads if q.subject in concepts and q.graph_name == default) if concepts else ()


def same(f: Finding) -> str:
    """The digest of what tells whether two findings are the same, before they have a place."""
    parts = _ONCE.get(f.rule)
    return digest([f.rule, *(getattr(f, part) for part in parts)] if parts else asdict(replace(f, judgement=None)))
