"""Units: documents that are checked together and by themselves, each with what it depends on of other documents."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.readings import Reading
from quoth.claim.checking.stored import digest, software
from quoth.claim.checking.survey import Slugs, Survey
from quoth.claim.model.licences import PASSAGES, Passages
from quoth.claim.reading.n_quads import from_text
from quoth.claim.rules.proposal import whole
from quoth.corpus import bases


@dataclass(frozen=True)
class Options:
    """The circumstances of a check: the base, whether the reference validates, the directory of the texts, whether
    there is one document ``alone``, and how much of a text may be quoted."""

    base: str
    reference: bool
    texts: Path | None
    alone: bool
    passages: Passages = PASSAGES


@dataclass(frozen=True)
class Unit:
    """Documents that are checked together: their numbers among all. ``context`` has what they depend on: the number of
    a document, and quads of it (N-Quads). ``key`` is the digest of all that the verdict depends on."""

    members: tuple[int, ...]
    context: tuple[tuple[int, str], ...]
    key: str


class Corpus:
    """All documents, by what they define and name."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings
        self._owners: Mapping[str, list[int]] = defaultdict(list)
        self._words: Mapping[str, list[int]] = defaultdict(list)
        for number, survey in self._surveys():
            for iri in survey.shared:
                self._owners[iri].append(number)
            for iri in survey.words:
                self._words[iri].append(number)

    def _surveys(self) -> Iterator[tuple[int, Survey]]:
        return ((number, r.survey) for number, r in enumerate(self.readings) if r.survey is not None)

    def units(self, options: Options, texts: Texts | None) -> list[Unit]:
        """The units, in the order of their first documents."""
        known = [bases.every(options.base), options.reference, options.alone, str(options.texts)]
        circumstances = digest([software(), *known, astuple(options.passages)])
        return [self._unit(members, circumstances, texts) for members in _joined(self._surveys())]

    def described(self) -> Iterator[str]:
        """The IRIs without a fragment that documents describe."""
        return (iri for _, survey in self._surveys() for iri in survey.described)

    def near(self, iris: Collection[str], base: str) -> list[int]:
        """The numbers of the documents that describe one of the IRIs, what it is a part of, or its article."""
        names, slugs = {iri.partition("#")[0] for iri in iris}, Slugs(base)
        articles = {f"/{slugs.of_iri(iri)}" for iri in iris} - {"/"}
        return [
            number
            for number, survey in self._surveys()
            if not (names.isdisjoint(survey.described) and articles.isdisjoint(survey.tangles))
        ]

    def common_quads(self, unit: Unit | None = None) -> int:
        """The number of the quads, of a unit or of all, that documents of several units may have; each once."""
        members = None if unit is None else (self.readings[number].survey for number in unit.members)
        surveys = (s for s in members if s is not None) if members else (survey for _, survey in self._surveys())
        return len({key for survey in surveys for key in survey.common})

    def proposes(self) -> bool:
        """Whether an encoding is only proposed."""
        return any(survey.proposed for _, survey in self._surveys())

    def _unit(self, members: tuple[int, ...], circumstances: str, texts: Texts | None) -> Unit:
        surveys = [s for n in members if (s := self.readings[n].survey) is not None]
        context = self._context(members, surveys)
        named = [(self.readings[n].path, self.readings[n].key) for n in members]
        at_hand = [_state(texts, *text) for survey in surveys for text in survey.texts]
        depends = [circumstances, named, sorted({text for _, text in context}), at_hand]
        return Unit(members, context, digest(depends))

    def _context(self, members: Collection[int], surveys: Iterable[Survey]) -> tuple[tuple[int, str], ...]:
        """The statements of other documents about all that these name, about what that names in turn, and about
        words."""
        context: dict[int, list[str]] = defaultdict(list)
        left = [*self._words, *(name for survey in surveys for name in survey.names)]
        seen: set[str] = set()
        while left:
            iri = left.pop()
            if iri in seen:
                continue
            seen.add(iri)
            for number in self._owners.get(iri, ()):
                survey = self.readings[number].survey
                if number not in members and survey is not None:
                    text = survey.shared[iri]
                    context[number].append(text)
                    left += (whole(term) for q in from_text(text) for term in (q.subject, q.object))
        return tuple((number, "".join(sorted(context[number]))) for number in sorted(context))


def _joined(surveys: Iterable[tuple[int, Survey]]) -> list[tuple[int, ...]]:
    """The numbers of the documents, those together that have a tangle in common, directly or through others."""
    parents: dict[str, str] = {}

    def root(tangle: str) -> str:
        while (parent := parents.setdefault(tangle, tangle)) != tangle:
            parents[tangle] = parents[parent]
            tangle = parent
        return tangle

    numbered = [(number, survey.tangles) for number, survey in surveys]
    for _, (first, *others) in numbered:
        for other in others:
            parents[root(other)] = root(first)
    groups: dict[str, list[int]] = defaultdict(list)
    for number, (first, *_) in numbered:
        groups[root(first)].append(number)
    return [tuple(members) for members in groups.values()]


def _state(texts: Texts | None, article: str, sha256: str) -> list[str]:
    """Whether a text is at hand, and if not, which file may be it: all that a check asks the directory for."""
    if texts is None or texts.path(sha256):
        return [article, sha256, "" if texts is None else "at hand"]
    named = texts.named(article)
    return [article, sha256, *((str(named), anchors.sha256(named)) if named else ())]
