"""The words of a release: those that are spelt much like a word, that are the same in plain letters, or that have it
within them, as scripts without spaces between words make it necessary. Every look-up is bounded.
"""

import functools
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from quoth.index import word_forms
from quoth.index.database import IndexDatabase
from quoth.index.similarity import plain

_ALIKE = 0.7
_LIMIT = 4
"""Words that a look-up gives."""
_SPELT = 200
"""Words with the same beginning that are looked at."""
_SHORTEST = 4
"""Letters that a word must have for others to be taken for misspellings of it."""
_SHORTEST_PART = 2
_SHORTEST_STEM = 3
_ENDING = 5
"""Letters that a form may have beyond its stem."""
_BEGUN = 5_000
"""Words with the same stem at their beginning that are looked at."""
_FORMS = 20
"""Forms of a word that are looked for."""
_RESPELT = 12
"""Words of a text for which others are looked for."""
_WORD = re.compile(r"[^\W_]+")
_SPACED = re.compile("LATIN|GREEK|CYRILLIC|ARMENIAN|GEORGIAN|DIGIT")
"""Names in Unicode of characters whose scripts have spaces between words, and none that are written as prefixes."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of a release: in how many names and quotations each is; those of names by their length; in plain
    letters and as they are, in order, those that differ in that; those that may have other words within them, one a
    line. ``languages`` are those of the articles, if they have forms that can be looked up (word_forms.stemmer), and
    ``ordered`` is then every word, in plain letters and as it is, in order."""

    counts: Mapping[str, int]
    by_length: Mapping[int, Sequence[str]]
    spellings: Sequence[tuple[str, str]]
    compounds: str
    languages: Sequence[str] = ()
    ordered: Sequence[tuple[str, str]] = ()

    def forms(self, word: str) -> list[str]:
        """Words of the release that are other forms of a word in one of its languages, and do not begin with it; where
        it has German ones, in either way to write umlauts."""
        found = dict[str, None]()
        lower, german = word.lower(), any(language.partition("-")[0] == "de" for language in self.languages)
        for written in (lower, *(word_forms.umlauts(lower) if german else ())):
            for language in self.languages if len(written) >= _SHORTEST else ():
                found |= dict.fromkeys(self._of_stem(plain(written), language))
        in_plain = plain(word)
        return [form for form in found if not form.startswith(in_plain)][:_FORMS]

    def _of_stem(self, word: str, language: str) -> Iterator[str]:
        """The words of the release that have the same stem in a language."""
        if (stem := word_forms.stemmer(language)) is None:
            return
        own = stem(word)
        # A stem may fold letters at its beginning that words have: “Aerzte” has that of “Ärzte”.
        for beginning in {plain(own), word[: len(own)]} if len(own) >= _SHORTEST_STEM else ():
            first = bisect_left(self.ordered, (beginning,))
            for key, known in islice(self.ordered, first, first + _BEGUN):
                if not key.startswith(beginning):
                    break
                if len(key) <= len(own) + _ENDING and stem(key) == own:
                    yield known

    def like(self, word: str) -> list[str]:
        """The word itself where the release has it, or words that are the same in plain letters or have it within them;
        else the words of names that are spelt much like it."""
        if word in self.counts:
            return [word]
        if same := [w for w in self.spelt(word) if w in self.counts] + self.containing(word):
            return same[:_LIMIT]
        if len(word) < _SHORTEST:
            return [word]
        span = max(1, len(word) // 4)
        near = [w for length in range(len(word) - span, len(word) + span + 1) for w in self.by_length.get(length, ())]
        matches = process.extract(
            word, near, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_LIMIT, processor=None
        )
        return [match for match, _, _ in matches]

    def respelt(self, text: str) -> str:
        """The text with the likeliest words of names in place of those with which no word of the release begins; the
        text itself where every word is one, or none is like it."""

        def likeliest(match: re.Match[str]) -> str:
            word = plain(match[0])
            if word in self.counts or self.spelt(word) or any(known.startswith(word) for known in self.counts):
                return match[0]
            return next(iter(self.like(word)), match[0])

        return _WORD.sub(likeliest, text, _RESPELT)

    def spelt(self, beginning: str) -> list[str]:
        """The beginnings of words of the release that are ``beginning`` in plain letters, but differ from it."""
        first = bisect_left(self.spellings, (beginning,)) if beginning else len(self.spellings)
        spelt = dict[str, None]()
        for key, word in islice(self.spellings, first, first + _SPELT):
            if not key.startswith(beginning):
                break
            start = next(word[:n] for n in range(1, len(word) + 1) if plain(word[:n]).startswith(beginning))
            spelt[start] = None
        return [start for start in spelt if start != beginning][:_LIMIT]

    def containing(self, part: str) -> list[str]:
        """Words of scripts that do not always part words by spaces, with ``part`` within them."""
        if len(part) < _SHORTEST_PART or not _may_contain(part):
            return []
        words, place = list[str](), self.compounds.find(part)
        while place >= 0 and len(words) < _LIMIT:
            end = self.compounds.index("\n", place)
            words.append(self.compounds[self.compounds.rfind("\n", 0, place) + 1 : end])
            place = self.compounds.find(part, end)
        return words


@functools.lru_cache(maxsize=4)
def vocabulary(database: IndexDatabase) -> Vocabulary:
    """The words of a release, read once."""
    rows = database.select("SELECT term, sum(doc), max(col <> 'quotation') FROM vocabulary GROUP BY term")
    lengths: dict[int, list[str]] = defaultdict(list)
    for word, _, in_names in rows:
        if in_names:
            lengths[len(word)].append(word)
    words = [word for word, *_ in rows if not word.isascii()]
    tags = database.select("SELECT iri FROM term WHERE id IN (SELECT language FROM claim) ORDER BY iri")
    languages = [tag for (tag,) in tags if word_forms.stemmer(tag)]
    return Vocabulary(
        {word: int(count) for word, count, _ in rows},
        lengths,
        sorted((key, word) for word in words if (key := plain(word)) != word),
        "".join(f"{word}\n" for word in words if _may_contain(word)),
        languages,
        sorted((plain(word), word) for word, *_ in rows) if languages else (),
    )


def _may_contain(word: str) -> bool:
    """Whether a word is in a script in which it may have other words within it."""
    return not word.isascii() and not any(_SPACED.search(unicodedata.name(c, "")) for c in word)
