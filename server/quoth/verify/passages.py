"""The passages of a text that are held against the record: what it quotes, and what it attributes in other words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from quoth.claim.authoring.drafting.attributions import Attribution, attributions
from quoth.claim.authoring.drafting.decisions import decide, speech_act
from quoth.claim.authoring.drafting.language import Language, language
from quoth.claim.authoring.drafting.levels import Level, with_inner
from quoth.claim.authoring.drafting.sources import Sources
from quoth.claim.authoring.drafting.tagger import weights
from quoth.claim.authoring.spans import Span, sentences
from quoth.errors import Limit, UsageError
from quoth.index.word_pairs import normal, words
from quoth.verify.quotations import quotations, unwrapped
from quoth.verify.submitted import Submitted
from quoth.verify.word_lists import WordLists, word_lists

MAX_PASSAGES = 2_500
"""Quotations of a text that are held against the record."""
_NEAR = 1_000
"""Characters between a passage and a cue that can be its own."""
_CLOSE = 3
"""Characters between a conjunction and what it introduces."""
DENIALS = ("denied", "doubted")
"""Speech acts by which what is said is not so."""
_SAYINGS = (
    *("said", "stated", "reported", "confirmed", "admitted", "revealed", "announced", "warned", "suggested", "argued"),
    *("insisted", "explained", "testified", "recorded"),
)
"""Those by which it is so: whose cue is negated did not say it."""
_REPORTED_WORDS = 4
"""Words that what is attributed without quotation marks must have to be held against the record."""

_LABEL = re.compile(
    r"(?:^|[\n.!?:—–-])[ \t]*((?:[^\W\d_a-z][\w.’'-]*[ ]?){1,5})(?:\([^()\n]{1,60}\)[ ]?)?:\s*[“„\"'‘«»]?\s*$"
)
"""A name and a colon, as in a transcript."""
_SIGNED = re.compile(r"[”\"»’]?[.,!?]?\s{0,6}(?:—|–|--|-)\s?((?:[^\W\d_a-z][\w.’'-]*[ ]?){1,5})(?=$|[\n,(.])")
"""A name behind a dash, as below a quotation."""


class Kind(Enum):
    """How a passage stands in the text."""

    QUOTATION = "quotation"
    BLOCK = "block quotation"
    REPORTED = "reported"


@dataclass(frozen=True)
class Passage:
    """A passage: its place in the words of the text, and who says it there: the words of the ``speaker`` and of the
    ``cue``, empty where the text has none; ``name``: the speaker's name, as far as the text tells it; ``outer``: the
    names of those who report what the speaker says, the nearest first; ``around``: the sentence without the passage;
    ``denied``: the cue says that they deny it, or did not say it."""

    span: Span
    kind: Kind
    speaker: str = ""
    name: str = ""
    cue: str = ""
    outer: tuple[str, ...] = ()
    around: str = ""
    inferred: bool = False
    denied: bool = False

    @property
    def is_quoted(self) -> bool:
        return self.kind is not Kind.REPORTED


def passages(text: Submitted, tag: str, whole: bool = False) -> list[Passage]:
    """The passages of a text in a language, in their order; without word lists for it, only what is quoted. ``whole``:
    the text is one quotation, from its first word to its last.

    Raises UsageError for more than MAX_PASSAGES quotations."""
    if whole:
        every = words(text.words)
        return [Passage(Span(every[0].start(), every[-1].end()), Kind.QUOTATION)] if every else []
    lists = language(tag)
    blocks = [block for block in text.blocks if words(text.words[block.start : block.end])]
    quoted = [(span, Kind.BLOCK) for span in unwrapped(text.words, blocks)]
    quoted += [
        (span, Kind.QUOTATION) for span in quotations(text.words) if not any(span.overlaps(block) for block in blocks)
    ]
    if len(quoted) > MAX_PASSAGES:
        limit = Limit("verify_passages", MAX_PASSAGES)
        raise UsageError(f"the text has {len(quoted):,} quotations", remedy="split it", limit=limit)
    speakers = _Speakers(text.words, lists, word_lists(tag)) if lists else None
    found: list[Passage] = []
    for span, kind in sorted(quoted):
        before = found[-1] if found else None
        found.append(speakers.said(span, kind, before) if speakers else Passage(span, kind))
    if speakers:
        found += speakers.reported(sorted(span for span, _ in quoted))
    return sorted(found, key=lambda passage: passage.span)


class _Speakers:
    """The attributions of a text: who says what in it."""

    def __init__(self, text: str, lists: Language, own_lists: WordLists) -> None:
        self._text, self._lists, self._own_lists, self._model = text, lists, own_lists, weights()
        self._sources = Sources(text, lists)
        self._sentences = sentences(text)
        levels = [
            level
            for each in attributions(text, lists, self._model)
            for level in with_inner(text, each, lists, self._model)
        ]
        # In the order of the text, so that a pronoun means who spoke before.
        self._levels = sorted(levels, key=lambda level: level.attribution.cue)
        self._cues = [level.attribution.cue.start for level in self._levels]
        self._starts = [sentence.start for sentence in self._sentences]
        self._names = {id(level): self._name(level.attribution) for level in self._levels}

    def _name(self, attribution: Attribution) -> str:
        if attribution.source is None:
            return ""
        resolved = self._sources.resolve(attribution.source)
        declared = self._sources.declared.get(resolved)
        return declared.label if declared else ""

    def _words(self, span: Span | None) -> str:
        return re.sub(r"\s+", " ", self._text[span.start : span.end]) if span else ""

    def _near(self, span: Span) -> list[Level]:
        """The attributions whose cues are not far from a passage."""
        first, last = bisect_left(self._cues, span.start - _NEAR), bisect_right(self._cues, span.end + _NEAR)
        return self._levels[first:last]

    def _of(self, span: Span, kind: Kind, attribution: Attribution, number: int) -> Passage:
        outer = []
        begin = min(attribution.cue.start, (attribution.source or attribution.cue).start)
        for level in self._near(attribution.cue):
            parts = level.attribution.content
            # Or all that it reports is a conjunction in front: “Lind told us that Tay said: …”
            inside = any(
                part.start <= attribution.cue.start < part.end
                or (0 <= begin - part.end < _CLOSE and self._is_conjunction(part))
                for part in parts
            )
            if inside and level.attribution.source and level.attribution is not attribution:
                outer.append(self._names[id(level)] or self._words(level.attribution.source))
        return Passage(
            span,
            kind,
            self._words(attribution.source),
            self._names[number],
            self._words(attribution.cue),
            tuple(reversed(outer)),
            self._around(span, attribution.cue),
            denied=self._is_denied(span, attribution),
        )

    def _is_denied(self, span: Span, attribution: Attribution) -> bool:
        """Whether the cue says that the words are not so, or were not said: behind a colon the denial itself stands."""
        end, terms, following = attribution.cue.end, attribution.terms, attribution.following
        between = self._text[end : span.start]
        if end > span.start or ":" in between:
            return False
        if (decision := decide(terms, following, "", self._lists)).denied:  # “wouldn't worry about” is no denial
            return decision.known and speech_act(terms, following)[0] in _SAYINGS
        if decision.act not in DENIALS:
            return False
        if any(self._lists.classes.get(self._gloss(match[0].lower())) == "THAT" for match in words(between)):
            return True
        # “She denied “ever having met him””, not “She denied all, and “never met him””.
        return not any(
            self._own_lists.is_negation(normal(word[0])) for word in words(self._text[span.start : span.end])
        )

    def said(self, span: Span, kind: Kind, before: Passage | None) -> Passage:
        """A quotation with its speaker: of the attribution that it is in, or that stands close by; else the speaker of
        the one before it in the same paragraph."""
        best, shared = None, 0
        for level in self._near(span):
            common = sum(max(0, min(p.end, span.end) - max(p.start, span.start)) for p in level.attribution.content)
            if common and common >= shared and not _within(level.attribution.cue, span):
                best, shared = level, common
        if best and 3 * shared >= span.end - span.start:
            return self._of(span, kind, best.attribution, id(best))
        if label := self._labelled(span):
            return Passage(span, kind, label, label, "", around=self._around(span))
        near = [level for level in self._near(span) if self._introduces(level.attribution, span)]
        if near:
            return self._of(span, kind, near[-1].attribution, id(near[-1]))
        if before and (before.speaker or before.name) and not self._text[before.span.end : span.start].count("\n"):
            return Passage(
                span, kind, before.speaker, before.name, before.cue, before.outer, self._around(span), inferred=True
            )
        return Passage(span, kind, around=self._around(span))

    def _introduces(self, attribution: Attribution, span: Span) -> bool:
        """Whether a cue, or what it attributes, ends with a colon right before a quotation."""
        end = max(attribution.cue.end, *(part.end for part in attribution.content if part.end <= span.start), 0)
        between = self._text[end : span.start]
        return end <= span.start and len(between) < 200 and between.rstrip(" \n\t“„\"'‘«»>").endswith(":")

    def _labelled(self, span: Span) -> str:
        before = self._text[max(0, span.start - 120) : span.start]
        after = self._text[span.end : span.end + 120]
        match = _LABEL.search(before) or _SIGNED.match(after)
        if not match:
            return ""
        name = match[1].strip(" .")
        lowered = {word.lower() for word in name.split()}
        return (
            ""
            if lowered <= (self._lists.classes.keys() | set(self._lists.rest["pronouns"]))
            else name.title()
            if name.isupper() and len(name) > 4
            else name
        )

    def reported(self, quoted: Sequence[Span]) -> Iterator[Passage]:
        """What is attributed without quotation marks, or with them around a part of it alone."""
        for level in self._levels:
            attribution = level.attribution
            for part in attribution.content:
                around = quoted[max(0, bisect_left(quoted, part) - 1) : bisect_right(quoted, Span(part.end, part.end))]
                marked = sum(max(0, min(part.end, q.end) - max(part.start, q.start)) for q in around)
                part = self._without_conjunction(part)
                if 2 * marked < part.end - part.start and len(words(self._words(part))) >= _REPORTED_WORDS:
                    yield self._of(part, Kind.REPORTED, attribution, id(level))

    def _without_conjunction(self, part: Span) -> Span:
        """What is said without a word such as “that” at its head."""
        found = words(self._text[part.start : part.end])
        of_clause = len(found) > 1 and self._lists.classes.get(self._gloss(found[0][0].lower())) == "THAT"
        return Span(part.start + found[1].start(), part.end) if of_clause else part

    def _is_conjunction(self, part: Span) -> bool:
        word = self._text[part.start : part.end].lower()
        return self._lists.classes.get(self._gloss(word)) == "THAT"

    def _gloss(self, word: str) -> str:
        return self._lists.glosses.get(word, (word,))[0]

    def _around(self, span: Span, cue: Span | None = None) -> str:
        """The sentences that a passage is in, and that its cue is in, without its own words."""
        places = [span.start, span.end - 1, *((cue.start, cue.end - 1) if cue else ())]
        first, last = (max(0, bisect_right(self._starts, place) - 1) for place in (min(places), max(places)))
        if not self._sentences:
            return ""
        start = max(self._sentences[first].start, span.start - _NEAR)
        end = min(self._sentences[last].end, span.end + _NEAR)
        return f"{self._text[start : max(start, span.start)]} … {self._text[min(end, span.end) : end]}"


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
