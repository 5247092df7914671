"""The words on record: the claims that quote words like those of a passage, as stretches of the articles' texts.

A stretch is a part of an article as far as claims quote it. Where they leave out some of it, how much is known from the
offsets, and which words is not.
"""

import functools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from quoth.claim.model.claim_summary import ClaimSummary, Quote
from quoth.index.claims import ClaimIndex
from quoth.index.word_pairs import LONG, claims_with, normal, pairs, ranked
from quoth.verify.tokens import Word, letters, tokens

CANDIDATES = 16
"""Claims with words of a passage that are compared with it."""

_GAP = 300
"""Characters between two quotations of an article up to which they are one stretch."""
_SPACE = 3
"""Characters between quotations that have no word: a space, marks."""
UNKNOWN = "\x01"
"""The character that stands in a stretch for one that is not known."""
_PHRASE_WORDS = 8
FEW_WORDS = 6
"""Words up to which a place is looked for that has them with others between."""
_SHORT, _SHORT_CANDIDATES = 3, 64
"""Words of which more claims are compared: many have them, and some in just these letters."""
_LONGEST = 100_000
"""Characters of a stretch: offsets are what a document says they are."""
_NEAR = 400
"""Characters that words of a passage may be further apart on record than in the text."""

Summaries = Callable[[Sequence[str]], Mapping[str, ClaimSummary]]


_recorded = functools.lru_cache(1 << 16)(normal)
"""The plain letters of words on record, which come again and again; nothing that is submitted goes in there."""


@dataclass(frozen=True)
class Stretch:
    """A part of an article (IRI): its text from ``start`` (None: where it is in the article is not on record), with
    characters that are not words where it is not known, and the claims that quote it, with their places in ``text``."""

    article: str
    start: int | None
    text: str
    claims: Sequence[tuple[int, int, ClaimSummary]]

    @cached_property
    def words(self) -> list[Word]:
        """The words of the text, with their places in it."""
        return tokens(self.text, fold=_recorded)

    def gap(self, place: int) -> int:
        """How many characters are not known before the word of that number, if more than a space: else 0."""
        if not 0 < place < len(self.words):
            return 0
        between = self.text[self.words[place - 1].end : self.words[place].start]
        return count if (count := between.count(UNKNOWN)) > _SPACE else 0

    def between(self, first: int, end: int) -> str:
        """The text between the words beside those from one number to another."""
        return (
            self.text[self.words[first - 1].end : self.words[end].start] if first > 0 and end < len(self.words) else ""
        )

    def part(self, start: int, end: int) -> "Stretch":
        """The same from one place of the text to another."""
        claims = [(first - start, last - start, claim) for first, last, claim in self.claims]
        return Stretch(self.article, None if self.start is None else self.start + start, self.text[start:end], claims)

    def near(self, said: Sequence[Word]) -> "Stretch":
        """The part of a long stretch where most of those words stand close together: to take a whole speech apart, word
        by word, takes a hundred times longer."""
        length = said[-1].end - said[0].start
        width, lowered = _NEAR + 4 * length, self.text.lower()
        if len(self.text) <= 2 * width or len(lowered) != len(self.text):
            return self
        long = {word.normal for word in said if len(word.normal) >= LONG}
        places = sorted((match.start(), word) for word in long for match in re.finditer(re.escape(word), lowered))
        best, most, first, inside = (0, 0), 0, 0, Counter[str]()
        for place, word in places:
            inside[word] += 1
            while place - places[first][0] > width:
                inside[places[first][1]] -= 1
                inside += Counter()
                first += 1
            if len(inside) > most:
                best, most = (places[first][0], place), len(inside)
        if not most:
            return self
        start, end = max(0, best[0] - length - _NEAR), best[1] + length + _NEAR
        start, end = lowered.rfind(" ", 0, start + 1) + 1, lowered.find(" ", end)
        return self.part(start, end if end >= 0 else len(lowered))

    def known(self, start: int, end: int) -> str:
        """A part of the text, with an ellipsis for what is not known."""
        parts = [part for part in self.text[start:end].split(UNKNOWN) if part]
        return " … ".join(parts) if len(parts) > 1 else "".join(parts)


class Record:
    """The words on record in one release, read from its lists. Safe to use from one thread at a time."""

    def __init__(self, lists: ClaimIndex, summaries: Summaries | None = None) -> None:
        """``summaries`` gives those of claims that the lists have none of, as in a release of an earlier version."""
        self.lists = lists
        self._summaries = summaries
        self._pairs: dict[int, list[int]] = {}
        self._claims: dict[int, ClaimSummary] = {}
        self._labels: dict[str, tuple[str, ...]] = {}
        self._families: dict[str, bool] = {}

    def prepare(self, texts: Iterable[Sequence[str]]) -> None:
        """Look up the pairs of words of all passages at once."""
        asked = {pair for folded in texts for pair in pairs(letters(folded))} - self._pairs.keys()
        self._pairs.update((pair, []) for pair in asked)
        self._pairs.update(claims_with(self.lists, sorted(asked)))

    def stretches(self, folded: Sequence[str]) -> list[Stretch]:
        """The stretches that have words like those. Where these are few or common, the full text is searched."""
        folded = letters(folded)
        asked = list(pairs(folded))
        if any(pair not in self._pairs for pair in asked):
            self.prepare([folded])
        best = [claim for _, claim in ranked(self._pairs, asked)[:CANDIDATES]]
        if len(folded) <= _SHORT or (len(best) < CANDIDATES and len(folded) <= _PHRASE_WORDS):
            exact = self._matching(f'"{" ".join(folded)}"', folded)
            found = exact or self._matching(_near(folded), folded)
            best += [claim for claim in found if claim not in best]
        return list(self._merged(self._of(best)))

    def _matching(self, expression: str, folded: Sequence[str]) -> list[int]:
        """The claims (numbers) whose quotations match an expression of the full text that has those words."""
        if not expression:
            return []
        rows = self.lists.select(
            "SELECT item.claim FROM words JOIN item ON item.id = words.rowid WHERE words MATCH :phrase"
            " AND item.claim IS NOT NULL LIMIT :limit",
            phrase=f"quotation : ({expression})",
            limit=CANDIDATES if len(folded) > _SHORT else _SHORT_CANDIDATES,
        )
        return [int(claim) for (claim,) in rows]

    def _of(self, numbers: Sequence[int]) -> list[ClaimSummary]:
        missing = [number for number in numbers if number not in self._claims]
        rows = self.lists.select(
            "SELECT id, iri FROM claim WHERE id IN (SELECT value FROM json_each(:ids))", ids=json.dumps(missing)
        )
        iris = {str(iri): int(number) for number, iri in rows}
        known = {**self.lists.summaries([*iris])}
        lacking = [iri for iri in iris if iri not in known]
        if lacking and self._summaries:
            known.update(self._summaries(lacking))
        self._claims.update((iris[iri], summary) for iri, summary in known.items())
        return [self._claims[number] for number in numbers if number in self._claims]

    def _merged(self, claims: Sequence[ClaimSummary]) -> Iterator[Stretch]:
        quotes: dict[str, list[tuple[int, int, Quote, ClaimSummary]]] = defaultdict(list)
        for claim in claims:
            for quote in claim.quotes:
                if quote.start is not None and quote.end is not None and quote.end - quote.start == len(quote.exact):
                    quotes[claim.article].append((quote.start, quote.end, quote, claim))
                elif quote.exact:
                    yield Stretch(claim.article, None, quote.exact, [(0, len(quote.exact), claim)])
        for article, placed in quotes.items():
            together: list[tuple[int, int, Quote, ClaimSummary]] = []
            end = 0
            for each in sorted(placed, key=lambda each: each[:2]):
                if together and (each[0] > end + _GAP or each[1] - together[0][0] > _LONGEST):
                    yield _stretch(article, together)
                    together, end = [], 0
                together.append(each)
                end = max(end, each[1])
            yield _stretch(article, together)

    def has(self, claim: str) -> bool:
        """Whether there is a claim of that IRI."""
        return bool(self.lists.select("SELECT 1 FROM claim WHERE iri = :iri", iri=claim))

    def names(self, iri: str) -> tuple[str, ...]:
        """The names of a thing: its labels, and other names and spellings."""
        if iri not in self._labels:
            rows = self.lists.select(
                "SELECT label, also FROM item JOIN words ON words.rowid = item.id WHERE item.iri = :iri", iri=iri
            )
            self._labels[iri] = tuple(name for row in rows for names in row for name in names.split("\n") if name)
        return self._labels[iri]

    def is_family_name(self, name: str) -> bool:
        """Whether somebody on record has a name of several words of which that one is the last."""
        if name not in self._families:
            rows = self.lists.select(
                "SELECT label FROM words CROSS JOIN item ON item.id = words.rowid"
                " WHERE words MATCH :name AND item.claim IS NULL LIMIT 60",
                name=f'label : "{name}"',
            )
            labels = (label.split() for (text,) in rows for label in text.split("\n"))
            self._families[name] = any(
                len(parts) > 1 and parts[-1] == name and parts[-2][:1].isupper() for parts in labels
            )
        return self._families[name]


def _near(folded: Sequence[str]) -> str:
    """The expression for few words that may have lost one, or have another one in its place: all of them, or all but
    one, close to each other."""
    if not 1 < len(folded) <= FEW_WORDS:
        return ""
    words = [f'"{word}"' for word in folded]
    sets = [words] + ([words[:n] + words[n + 1 :] for n in range(len(words))] if len(words) > _SHORT else [])
    return " OR ".join(f"NEAR({' '.join(each)}, {len(folded)})" for each in sets)


def _stretch(article: str, placed: Sequence[tuple[int, int, Quote, ClaimSummary]]) -> Stretch:
    first = placed[0][0]
    length = max(end for _, end, _, _ in placed) - first
    text = [UNKNOWN] * length
    for start, end, quote, _ in placed:
        text[start - first : end - first] = quote.exact
    return Stretch(
        article, first, "".join(text), [(start - first, end - first, claim) for start, end, _, claim in placed]
    )
