"""Who is credited with words on record, through which hands, and whether the text says so, too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.claim.authoring.spans import Span
from quoth.claim.model.claim_summary import ClaimSummary, Step, undone
from quoth.index.similarity import plain
from quoth.index.word_pairs import words
from quoth.verify.alignment import Alignment
from quoth.verify.findings import Evidence
from quoth.verify.passages import DENIALS, Passage
from quoth.verify.record import Record
from quoth.verify.speakers import Likeness, Names
from quoth.verify.verdicts import Sureness, Verdict

_MOST_OTHERS = 5
_SHARE = 0.6


@dataclass(frozen=True)
class Holding:
    """The claims that have words on record: the one that fits them best first."""

    claims: tuple[ClaimSummary, ...]


class Chains:
    """The chains of the claims in a record."""

    def __init__(self, record: Record, names: Names) -> None:
        self._record, self._names = record, names

    def holding(self, aligned: Alignment) -> Holding:
        """The claims whose quotations have the most of the aligned words, those with the fewest others first."""
        recorded = aligned.stretch.words[slice(*aligned.recorded)]
        start, end = recorded[0].start, recorded[-1].end
        shared: dict[str, int] = {}
        sizes: dict[str, int] = {}
        claims: dict[str, ClaimSummary] = {}
        for first, last, claim in aligned.stretch.claims:
            claims[claim.iri] = claim
            sizes[claim.iri] = sizes.get(claim.iri, 0) + last - first
            shared[claim.iri] = shared.get(claim.iri, 0) + max(0, min(end, last) - max(start, first))
        most = max(shared.values())
        best = [iri for iri, size in shared.items() if size >= _SHARE * most and size]
        return Holding(tuple(claims[iri] for iri in sorted(best, key=lambda iri: (-shared[iri], sizes[iri], iri))))

    def evidence(self, holding: Holding, text: str, at: Span | None) -> Evidence:
        """The evidence that a claim is."""
        claim = holding.claims[0]
        credited = tuple(self._name(step.sources) for step in _hands(claim)) or (self._name([claim.article]),)
        [(published,)] = self._record.lists.select(
            "SELECT coalesce(published, '') FROM claim WHERE iri = :iri", iri=claim.iri
        ) or [("",)]
        article = self.title(claim.article) if claim.article else ""
        dated = f" ({published})" if published else ""
        who = ", as told by ".join(credited)
        citation = f"{who}, in: {article}{dated}. {claim.iri}" if _hands(claim) else f"{article}{dated}. {claim.iri}"
        others = tuple(other.iri for other in holding.claims[1 : _MOST_OTHERS + 1])
        return Evidence(claim.iri, claim.article, text, at, credited, citation, others)

    def title(self, article: str) -> str:
        """What an article (IRI) is called."""
        return self._name([article])

    def _name(self, iris: Sequence[str]) -> str:
        names = (next(iter(self._record.names(iri)), iri.rpartition("/")[2]) for iri in iris)
        return " and ".join(names) or "an unnamed source"

    def likeness(self, passage: Passage, aligned: Alignment) -> Likeness:
        """Whether the speaker in the text is one of those credited on record, by any of their hands."""
        found = {self._of_claim(passage, claim) for claim in self.holding(aligned).claims}
        if Likeness.SAME in found:
            return Likeness.SAME
        return Likeness.OTHER if found == {Likeness.OTHER} else Likeness.UNKNOWN

    def _of_claim(self, passage: Passage, claim: ClaimSummary) -> Likeness:
        steps = [*_hands(claim), *(step for reading in claim.readings for step in reading)]
        sources = [source for step in steps for source in step.sources]
        found = {self._names.compare(speaker, sources) for speaker in {passage.name, passage.speaker} if speaker}
        if Likeness.SAME in found:
            return Likeness.SAME
        return self._names.compare(passage.name, sources) if self._names.is_plain(passage.name) else Likeness.UNKNOWN

    def findings(
        self, passage: Passage, aligned: Alignment, near: Sequence[Alignment]
    ) -> Iterator[tuple[Verdict, Sureness, str]]:
        """What differs between the hands of the text and those on record, in words. ``near`` are all places on record
        with words much like those: one by the same speaker suffices."""
        claims = self.holding(aligned).claims
        speaker = passage.name or passage.speaker
        likeness = self.likeness(passage, aligned)
        if likeness is Likeness.OTHER and all(self.likeness(passage, other) is Likeness.OTHER for other in near):
            who = self._name([source for step in _hands(claims[0])[:1] for source in step.sources])
            sure = Sureness.POSSIBLE if passage.inferred or passage.name != passage.speaker else Sureness.LIKELY
            yield Verdict.ANOTHER_MOUTH, sure, f"the text has {speaker} say it, on record it is {who}"
        elif likeness is Likeness.SAME and not _is_ambiguous(claims[0]):
            yield from self._turned(passage, aligned, claims)
            yield from self._hands(passage, claims, near)
        if _is_ambiguous(claims[0]):
            why = "the encoding says that the text leaves open whose words these are"
            yield Verdict.SCOPE_AMBIGUOUS, Sureness.CERTAIN, why

    def untold(self, passage: Passage, aligned: Alignment) -> str:
        """Why it cannot be told whether the speaker in the text is the one on record; empty where it can be, or where
        the text has none."""
        speaker = passage.name or passage.speaker
        if not speaker or self.likeness(passage, aligned) is not Likeness.UNKNOWN:
            return ""
        first = _hands(self.holding(aligned).claims[0])[:1]
        if self._names.is_described(speaker, [source for step in first for source in step.sources]):
            return ""
        who = self._name([source for step in first for source in step.sources]) if first else "the article itself"
        return f"the speaker can't be told: “{speaker}” in the text, {who} on record"

    def _turned(
        self, passage: Passage, aligned: Alignment, claims: Sequence[ClaimSummary]
    ) -> Iterator[tuple[Verdict, Sureness, str]]:
        speaker = passage.name or passage.speaker
        own = [claim for claim in claims if self._says(speaker, _hands(claim)[:1])]
        recorded = aligned.stretch.words[slice(*aligned.recorded)]
        negated = any(self._names.lists.is_negation(word.normal) for word in recorded)
        if own and all(_denies(claim, negated) != passage.denied for claim in own):
            record = (
                "they are what that speaker says" if passage.denied else "that speaker denies them, or did not say them"
            )
            here = "denied, or not said" if passage.denied else "said"
            yield Verdict.TURNED_ROUND, Sureness.LIKELY, f"in the text they are {here} by {speaker}, on record {record}"

    def _hands(
        self, passage: Passage, claims: Sequence[ClaimSummary], near: Sequence[Alignment]
    ) -> Iterator[tuple[Verdict, Sureness, str]]:
        speaker = passage.name or passage.speaker
        every = {claim.iri: claim for aligned in near for claim in self.holding(aligned).claims}
        every |= {claim.iri: claim for claim in claims}
        own = [claim for claim in every.values() if self._says(speaker, _hands(claim)[:1])]
        around = {plain(match[0]) for match in words(passage.around)}
        if not own:  # the speaker only passes on what others say
            passed = next((claim for claim in claims if self._says(speaker, _hands(claim)[1:])), None)
            if passed and not self._mentioned(_hands(passed)[:1], around):
                who = self._name(_hands(passed)[0].sources)
                yield Verdict.HANDS_LOST, Sureness.LIKELY, f"on record {speaker} passes on what {who} says"
            return
        fewest = min(own, key=lambda claim: len(_hands(claim)))
        outer = _hands(fewest)[1:]
        if outer and not passage.outer and not self._mentioned(outer, around):
            who = self._name(outer[0].sources)
            yield Verdict.HANDS_LOST, Sureness.LIKELY, f"on record it is {who} who reports that {speaker} says so"
        elif (
            passage.outer
            and not any(_hands(claim)[1:] for claim in own)
            and self._names.parts(passage.outer[0])
            and not {*self._names.parts(passage.outer[0])} & {*self._names.parts(speaker)}
        ):
            teller = passage.outer[0]
            yield Verdict.HANDS_INVENTED, Sureness.POSSIBLE, f"on record {speaker} says so, without {teller}"

    def _says(self, speaker: str, steps: Sequence[Step]) -> bool:
        return self._names.compare(speaker, [source for step in steps for source in step.sources]) is Likeness.SAME

    def _mentioned(self, steps: Sequence[Step], around: set[str]) -> bool:
        """Whether the sentences around a passage have a word of a name of those who report it, or these have none."""
        for step in steps:
            for source in step.sources:
                names = {plain(match[0]) for name in self._record.names(source) for match in words(name)}
                if not names or names & around:
                    return True
        return False


def _denies(claim: ClaimSummary, negated: bool) -> bool:
    """Whether the source of a claim says that the words are not so, or did not say them; ``negated``: the words are a
    denial themselves."""
    first = _hands(claim)[0]
    return bool(undone(first.act, first.cue)) or (first.act in DENIALS and not negated)


def _is_ambiguous(claim: ClaimSummary) -> bool:
    return bool(claim.readings) or any(step.scope == "ambiguous" for step in claim.steps)


def _hands(claim: ClaimSummary) -> list[Step]:
    """The levels of a chain without that of the article itself."""
    return [step for step in claim.steps if step.sources and claim.article not in step.sources]
