"""The clauses of a paragraph in a language whose verb stands second, and which of their words attribute.

A clause is what stands between two marks, or before a conjunction with a verb of its own. The words are in the table
``clauses`` of the lists; which verbs attribute, and what they take, is told by the lemmas of their glosses.
"""

import re
from bisect import bisect_left, bisect_right

from quoth.claim.authoring.drafting.features import Words
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tokens import CLOSES, OPENS, Tokens

MARKS = (",", ":", ";", "–", "—", "-", "(", ")")
DASHES = ("–", "—")
STOPS = (".", "!", "?")
INTRODUCING = ("THAT", "WH")
_LONGEST = 250
"""Tokens of what is said, if no mark ends it before."""
_AUXILIARIES = ("BE", "HAVE", "MOD")
_INFINITIVE = re.compile("^(?:ab|an|auf|aus|bei|ein|fest|hin|mit|nach|über|um|vor|weg|zurück|zusammen)[^z]*zu[^z]+n$")

Part = tuple[int, int]
"""Tokens, by the number of the first and that of the one behind the last."""


class Clauses:
    """The tokens of a paragraph with the lists of a language, and its clauses, each without the marks around it.
    Raises KeyError for lists without the table."""

    def __init__(self, here: Tokens, words: Words, language: Language) -> None:
        self.here, self.words = here, words
        self.lists = language.rest["clauses"]
        self.own = [word.lower() for word in here.words]
        self.speaking, self.wanting = (
            {language.lemma(w) for w in self.lists[kind]} for kind in ("speaking", "wanting")
        )
        self.parts = self._parts()

    def has(self, i: int, kind: str) -> bool:
        """Whether a token is in a list of the table."""
        return self.own[i] in self.lists[kind]

    def is_upper(self, i: int) -> bool:
        """Whether a token begins with a capital letter."""
        return self.here.words[i][0].isupper()

    def is_glossed(self, i: int) -> bool:
        """Whether a token is in the glosses."""
        return self.words.small[i] != self.own[i]

    def is_verb(self, i: int) -> bool:
        """Whether a token, if there is one, is a word that attributes by the table."""
        if i >= len(self.here) or self.words.grades[i] == "f" or not self.is_glossed(i):
            return False
        return self.words.lemmas[i] in self.speaking or self.words.lemmas[i] in self.wanting

    def is_finite(self, i: int) -> bool:
        """Whether a token is an auxiliary, which may stand second, with the verb it belongs to at the end."""
        return self.words.tags[i] in _AUXILIARIES or self.words.lemmas[i] in self.lists["modal"]

    def is_auxiliary(self, i: int) -> bool:
        """Whether a token is an auxiliary and never a verb by itself."""
        return self.words.tags[i] in _AUXILIARIES

    def is_relative(self, first: int) -> bool:
        """Whether a clause that begins here is one like “…, der gesagt hat”: it ends with its finite verb."""
        end = self._end(first)
        if first == 0 or end - first < 2 or not self.has(first, "relative") or self.is_finite(first + 1):
            return False
        behind_comma = self.here.comma_before[first] or self.here.words[first - 1] == ","
        return behind_comma and (self.is_finite(end - 1) or self.is_verb(end - 1))

    def sentence(self, i: int) -> Part:
        """The sentence of a token, without the marks that end it."""
        number = self.here.sentences[i]
        first, end = bisect_left(self.here.sentences, number), bisect_left(self.here.sentences, number + 1)
        while end > first and self.here.words[end - 1] in STOPS:
            end -= 1
        return first, end

    def mark(self, end: int) -> tuple[str, int]:
        """The mark at the end of a clause, one that was dropped too (empty: none), and where the next clause of the
        sentence begins."""
        stop = self.sentence(end - 1)[1]
        if end >= stop or (self.here.words[end] in MARKS and end + 1 >= stop):
            return "", end
        if self.here.words[end] in MARKS:
            return self.here.words[end], end + 1
        return ("," if self.here.comma_before[end] else ""), end

    def stop(self, i: int) -> int:
        """Where what is said from a token on ends: with its sentence, or before a clause that goes back to others."""
        end = min(self.sentence(i)[1], i + _LONGEST)
        dashes = [k for k in range(i + 1, end) if self.here.words[k] in DASHES]
        unpaired = dashes[0] if len(dashes) % 2 else end
        for k in range(i + 1, end - 1):
            breaks = self.has(k + 1, "breaking") or self.is_verb(k + 1)
            if self.here.words[k] == ";" or k == unpaired or (self.here.words[k] == "," and breaks):
                return k
        return end

    def has_infinitive(self, i: int) -> bool:
        """Whether the clause that begins here has an infinitive with “zu”."""
        end = self._end(i)
        return any(self.words.tags[k] == "TO" or _INFINITIVE.search(self.own[k]) for k in range(i, end))

    def _end(self, i: int) -> int:
        """The end of the clause that a token is in."""
        return self.parts[bisect_right(self.parts, (i, len(self.here) + 1)) - 1][1]

    def _parts(self) -> list[Part]:
        parts, first = [], 0
        for i in range(len(self.here) + 1):
            if i == len(self.here) or self._ends(i):
                parts += [(first, i)] if i > first else []
                first = i + 1
            elif i > first and (self.here.comma_before[i] or self._coordinates(i) or self._begins(i)):
                parts.append((first, i))
                first = i
        return parts

    def _ends(self, i: int) -> bool:
        return self.here.words[i] in (*MARKS, *STOPS) or (self.is_verb(i + 1) and self._closes_sentence(i))

    def _closes_sentence(self, i: int) -> bool:
        """Whether a quotation ends here that a sentence began with: “„Es regnet“ sagte sie”."""
        if self.here.quoted[i] != CLOSES:
            return False
        opens = i
        while opens and self.here.quoted[opens] != OPENS:
            opens -= 1
        return self.sentence(opens)[0] == opens

    def _begins(self, i: int) -> bool:
        return self.here.sentences[i] != self.here.sentences[i - 1]

    def _coordinates(self, i: int) -> bool:
        """“I wish you luck / and hope for …”: a conjunction that a verb follows, or a subject with its verb."""
        if self.words.tags[i] != "CC" and not self.has(i, "breaking"):
            return False
        return self.is_verb(i + 1) or (self.is_verb(i + 2) and self.has(i + 1, "subjects"))
