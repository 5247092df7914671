"""The judgement of one passage: its words against those on record, and then its speaker."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quoth.claim.authoring.spans import Span
from quoth.index.word_pairs import LONG, normal, words
from quoth.verify.article_texts import ArticleTexts
from quoth.verify.differences import Change
from quoth.verify.findings import Evidence, Finding, Words
from quoth.verify.passages import Passage
from quoth.verify.places import NEAR_SHARE, TELLING_WORDS, WHOLE_WORDS, Found, Places, recorded
from quoth.verify.record import Stretch
from quoth.verify.submitted import Submitted
from quoth.verify.tokens import Word
from quoth.verify.verdicts import Sureness, Verdict

_GRAVE = frozenset({Change.NEGATION_LOST, Change.NEGATION_ADDED, Change.NUMBER})
"""Changes that are alterations also where the text does not claim to give the very words."""
_NAMED = _GRAVE | {Change.HEDGE_LOST, Change.HEDGE_ADDED}
_OF_WORDS = frozenset({Verdict.ALTERED, Verdict.SPLICED, Verdict.HEDGE_LOST, Verdict.HEDGE_ADDED})
_HEDGES = ((Change.HEDGE_LOST, Verdict.HEDGE_LOST), (Change.HEDGE_ADDED, Verdict.HEDGE_ADDED))


def _told(change: Change) -> str:
    return "another number" if change is Change.NUMBER else change.value


class Judge:
    """Judges the passages of one text by one record."""

    def __init__(self, text: Submitted, places: Places, texts: ArticleTexts | None = None) -> None:
        """``texts``: those of articles in which words are looked for that no claim has."""
        self._text, self.places, self._texts = text, places, texts

    def judge(self, passage: Passage) -> list[Finding]:
        """The findings about a passage; empty: its words are not on record."""
        parts, found = self.places.find(passage)
        present = [each for each in found if each is not None]
        if not present:
            return []
        findings = [*self._missing(passage, parts, found)]
        for places in present:
            if len(places) > 1 and passage.is_quoted:
                findings.append(self._spliced(passage, places))
            for each in places:
                findings += self._altered(passage, each)
        long = [places[0] for places in present if len(places[0].words) >= TELLING_WORDS]
        if passage.is_quoted and len(long) > 1 and not self.places.in_order(long):
            findings.append(self._spliced(passage, [places[0] for places in present]))
        if len(parts) > 1 and (hidden := self.places.hidden(parts, passage)):
            findings += self._altered(passage, hidden)
        findings += self._speaker(passage, [each for places in present for each in places])
        if not any(finding.verdict in _OF_WORDS for finding in findings):
            findings.insert(0, self._same(passage, [each for places in present for each in places], len(parts)))
        best = present[0][0] if len(present) == len(present[0]) == 1 else None
        if best and self._is_telling(best) and (untold := self.places.chains.untold(passage, best.alignment)):
            findings[0] = replace(findings[0], why=f"{findings[0].why}; {untold}")
        return findings

    def _is_telling(self, found: Found) -> bool:
        """Whether the text has enough words of one place to tell something of their speaker."""
        return found.alignment.equal >= TELLING_WORDS and found.alignment.weight >= NEAR_SHARE

    def _missing(self, passage: Passage, parts: list[list[Word]], found: list[list[Found] | None]) -> Iterator[Finding]:
        """What is not on record, as a passage goes on where the words on record begin or end."""
        for part, places in zip(parts, found, strict=True):
            if places is None:
                yield self.unknown(passage, part)
            elif len(places) == 1:
                before, behind = places[0].alignment.beyond
                missing = [part[:before], part[len(part) - behind :] if behind else []]
                missing += [
                    part[slice(*difference.said)]
                    for difference, change in places[0].changes.of_differences
                    if change is Change.UNKNOWN
                ]
                least = 1 if passage.is_quoted else TELLING_WORDS
                yield from (self.unknown(passage, each) for each in missing if len(each) >= least)

    def in_text(self, passage: Passage) -> Finding | None:
        """The finding that all words of a passage stand in the text of an article; None: in none that is at hand."""
        cut = self.places.parts(passage.span)
        parts = [[self._text.words[word.start : word.end] for word in part] for part in cut]
        standing = self._texts.find(parts) if self._texts and parts else None
        if standing is None:
            return None
        if self.places.hidden(cut, passage, Stretch(standing.article, standing.at.start, standing.words, ())):
            return None
        title = self.places.chains.title(standing.article)
        evidence = Evidence("", standing.article, standing.words, standing.at, (), f"{title}. {standing.article}")
        number = sum(map(len, parts))
        sure = Sureness.CERTAIN if number > WHOLE_WORDS else Sureness.POSSIBLE
        why = f"in the text of {title}, but no claim has it"
        return Finding(Verdict.IN_TEXT, self._at(passage), sure, why, (evidence,))

    def unknown(self, passage: Passage, part: Sequence[Word] = ()) -> Finding:
        """The finding that words are not on record."""
        part = part or self.places.words(passage.span)
        at = self._text.place(Span(part[0].start, part[-1].end)) if part else self._text.place(passage.span)
        few = len(part) < TELLING_WORDS and not (passage.cue or passage.speaker)
        telling = any(len(word.normal) > LONG or self.places.lists.is_negation(word.normal) for word in part)
        why = "no claim quotes these words, nor words much like them"
        if not passage.is_quoted:
            why = "no claim quotes words like these; the text does not put them in quotation marks"
        elif few:
            why += "; few words without a speaker may be a title or a term"
        if self._texts:
            why += f"; nor does the text of any article that is at hand ({len(self._texts):,})"
        sure = Sureness.POSSIBLE if few or not passage.is_quoted else Sureness.LIKELY
        return Finding(Verdict.NOT_ON_RECORD, at, sure, why, fails=passage.is_quoted and telling and not few)

    def _same(self, passage: Passage, found: Sequence[Found], parts: int) -> Finding:
        evidence = tuple(self._evidence(each) for each in found)
        if len(found) > parts or any(each.changes.alters or Change.OMISSION in each.changes.all for each in found):
            why = "the words differ, as they may outside of quotation marks"
            return Finding(Verdict.PARAPHRASE, self._at(passage), Sureness.POSSIBLE, why, evidence, self._sides(found))
        same = parts == 1 and all(self.places.is_written(each.words, each.alignment) for each in found)
        verdict = Verdict.VERBATIM if same else Verdict.TYPOGRAPHIC
        number, equal = sum(len(each.words) for each in found), sum(each.alignment.equal for each in found)
        share = f"all {number}" if equal >= number else f"{equal} of {number}"
        why = f"{share} words are on record in their order" if number > 1 else "the word is on record"
        sure = Sureness.CERTAIN if number > WHOLE_WORDS else Sureness.LIKELY
        return Finding(verdict, self._at(passage), sure, why, evidence, self._sides(found))

    def _altered(self, passage: Passage, found: Found) -> Iterator[Finding]:
        kinds = found.changes.all
        evidence, sides = (self._evidence(found),), self._sides([found])
        share = f"{found.alignment.equal} of {len(found.words)} words are on record in this order"
        sure = Sureness.CERTAIN if found.alignment.weight >= NEAR_SHARE else Sureness.LIKELY
        named = [_told(change) for change in Change if change in kinds and change in _NAMED]
        hedged = self.places.lists.hedges & {normal(match[0]) for match in words(passage.around)}
        if passage.is_quoted and found.changes.alters:
            why = f"{share}; {', '.join(named) or 'other words'}"
            yield Finding(Verdict.ALTERED, self._at(passage), sure, why, evidence, sides)
        elif not passage.is_quoted and kinds & _GRAVE:
            why = f"{share}; {', '.join(_told(change) for change in Change if change in kinds & _GRAVE)}"
            yield Finding(Verdict.ALTERED, self._at(passage), Sureness.LIKELY, why, evidence, sides)
        if Change.OMISSION in kinds and passage.is_quoted:
            why = "words between them are left out, and no mark says so"
            yield Finding(Verdict.SPLICED, self._at(passage), sure, why, evidence, sides)
        for change, verdict in _HEDGES:
            if change in kinds and (passage.is_quoted or not hedged):
                yield Finding(verdict, self._at(passage), Sureness.LIKELY, share, evidence, sides)

    def _spliced(self, passage: Passage, places: Sequence[Found]) -> Finding:
        one, other = (each.alignment.stretch.article for each in (places[0], places[-1]))
        where = "one article" if one == other else "two articles"
        why = f"the words are of {len(places)} places of {where}, which stand in no such order on record"
        evidence = tuple(map(self._evidence, places))
        return Finding(Verdict.SPLICED, self._at(passage), Sureness.LIKELY, why, evidence, self._sides(places))

    def _speaker(self, passage: Passage, found: Sequence[Found]) -> Iterator[Finding]:
        """What the record says of who says it, where the text has enough words of one place."""
        best = max(found, key=lambda each: each.alignment.equal)
        if len(found) > 1 or not self._is_telling(best):
            return
        near = [aligned for aligned in self.places.ranked(list(best.words), passage) if aligned.weight >= NEAR_SHARE]
        evidence = (self._evidence(best),)
        for verdict, sure, why in self.places.chains.findings(passage, best.alignment, near):
            yield Finding(verdict, self._at(passage), sure, why, evidence)

    def _at(self, passage: Passage) -> Span:
        return self._text.place(passage.span)

    def _evidence(self, found: Found) -> Evidence:
        holding = self.places.chains.holding(found.alignment)
        stretch, at = found.alignment.stretch, recorded(found)
        found_words = stretch.words[slice(*found.alignment.recorded)]
        return self.places.chains.evidence(
            holding, stretch.known(found_words[0].start, found_words[-1].end), at if stretch.start is not None else None
        )

    def _sides(self, found: Sequence[Found]) -> tuple[Words, ...]:
        sides = []
        for each in found:
            stretch = each.alignment.stretch
            for difference, change in each.changes.of_differences:
                ours = each.words[slice(*difference.said)]
                theirs = stretch.words[slice(*difference.recorded)]
                place = Span(ours[0].start, ours[-1].end) if ours else None
                sides.append(
                    Words(
                        change,
                        self._text.words[place.start : place.end] if place else "",
                        stretch.known(theirs[0].start, theirs[-1].end) if theirs else "",
                        self._text.place(place) if place else None,
                        Span(stretch.start + theirs[0].start, stretch.start + theirs[-1].end)
                        if theirs and stretch.start is not None
                        else None,
                    )
                )
        return tuple(sides)
