"""Attributions by the build of German clauses, where the order of words is another than the weights have learned.

A clause is what stands between two marks. In a main clause the verb stands second with its subject before or behind it
(“daher glaube ich, …”, “haben Sie gestern gesagt: …”), in a clause with a subordinator at its end (“wenn Sie sagen, …”).
What is said follows the clause, stands before it, or is its object. Which verbs attribute, and what they take, is in the
table ``clauses`` of the lists, by the lemmas of their glosses.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from quoth.claim.authoring.drafting.chunks import chunks
from quoth.claim.authoring.drafting.features import Words
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tagger import CUE, OUTSIDE, TAGS
from quoth.claim.authoring.drafting.tokens import CLOSES, OPENS, Tokens

_SOURCE_BEFORE, _SOURCE_AFTER, _CONTENT_BEFORE, _CONTENT_AFTER = (TAGS.index(t) for t in ("S<", "S>", "C<", "C>"))
_ENDS = frozenset(",:;–—-()")
_AUXILIARIES = ("BE", "HAVE", "MOD")
_INTRODUCING = ("THAT", "WH")
_PART_OF_NOUNS = ("PREP", "CC")

_INFINITIVE = re.compile("^(?:ab|an|auf|aus|bei|ein|fest|hin|mit|nach|über|um|vor|weg|zurück|zusammen)[^z]*zu[^z]+n$")

Part = tuple[int, int]
"""Tokens from the first to the one before the end."""


@dataclass(frozen=True)
class _Found:
    cue: Part
    source: Part | None
    content: tuple[Part, ...]


class Clauses:
    """The clauses of a paragraph, and the attributions in them. Raises KeyError for lists without such a table."""

    def __init__(self, here: Tokens, words: Words, language: Language) -> None:
        self.here, self.words = here, words
        self.lists = language.rest["clauses"]
        self.glosses = language.glosses
        self.own = [word.lower() for word in here.words]
        self.speaking, self.wanting = (
            {language.lemma(word) for word in self.lists[kind]} for kind in ("speaking", "wanting")
        )
        self.subjects = set(self.lists["subjects"])
        self.parts = self._parts()
        self.found: set[int] = set()
        """The first tokens of the cues that were found."""

    def tagged(self, tags: list[int]) -> list[int]:
        """The tags with those of the attributions that are found; where these are, what was there before is gone."""
        tags = list(tags)
        begin = done = 0
        for first, end in self.parts:
            if first < done:
                continue
            found = self._attribution(first, end)
            if found is None:
                continue
            whole = [found.cue, *found.content, *((found.source,) if found.source else ())]
            if any(begin < part[0] < done for part in whole):
                continue
            self.found.add(found.cue[0])
            begin, done = min(part[0] for part in whole), max(part[1] for part in whole)
            tags[begin:done] = [OUTSIDE] * (done - begin)
            _widened(tags, begin, done)
            for a, b in found.content:
                tags[a:b] = [_CONTENT_BEFORE if a < found.cue[0] else _CONTENT_AFTER] * (b - a)
            if found.source:
                a, b = found.source
                tags[a:b] = [_SOURCE_BEFORE if a < found.cue[0] else _SOURCE_AFTER] * (b - a)
            tags[slice(*found.cue)] = [CUE] * (found.cue[1] - found.cue[0])
        return self._attributing(tags)

    def _attributing(self, tags: list[int]) -> list[int]:
        """The tags without cues in which no word attributes: in another order of words the weights find such ones."""
        tags = list(tags)
        for chunk in chunks(tags):
            if chunk.tag == TAGS[CUE] and not any(self._may_attribute(k) for k in range(chunk.first, chunk.end)):
                tags[chunk.first : chunk.end] = [OUTSIDE] * (chunk.end - chunk.first)
        return tags

    def _may_attribute(self, i: int) -> bool:
        if self.here.words[i] == ":":
            return i + 1 < len(self.here) and self.here.quoted[i + 1] == OPENS
        listed = any(self.own[i] in self.lists[kind] for kind in ("nouns", "views", "named"))
        return listed or self._is_verb(i) or (self._glossed(i) and self.words.grades[i] in "hml")

    # The parts of the text

    def _parts(self) -> list[Part]:
        """The clauses, each without the marks around it."""
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
        word = self.here.words[i]
        return word in _ENDS or word in ".!?" or (self._is_verb_next(i + 1) and self._closes_sentence(i))

    def _closes_sentence(self, i: int) -> bool:
        """Whether a quotation ends here that a sentence began with: “„Es regnet“ sagte sie”."""
        opens = i
        while opens and self.here.quoted[opens] != OPENS:
            opens -= 1
        return self.here.quoted[i] == CLOSES and self._sentence(opens)[0] == opens

    def _is_verb_next(self, i: int) -> bool:
        return i < len(self.here) and self._is_verb(i)

    def _begins(self, i: int) -> bool:
        return self.here.sentences[i] != self.here.sentences[i - 1]

    def _coordinates(self, i: int) -> bool:
        """“I wish you luck / and hope for …”: a conjunction that a verb of its own follows, or one behind its subject."""
        if self.words.tags[i] != "CC" and self.own[i] not in self.lists["breaking"]:
            return False
        verbs = (k for k in (i + 1, i + 2) if k < len(self.here) and self._is_verb(k))
        return any(k == i + 1 or self.own[i + 1] in self.subjects for k in verbs)

    def _is_verb(self, i: int) -> bool:
        lemma = self.words.lemmas[i]
        return self.words.grades[i] != "f" and self._glossed(i) and (lemma in self.speaking or lemma in self.wanting)

    def _glossed(self, i: int) -> bool:
        return self.words.small[i] != self.own[i]

    def _sentence(self, i: int) -> Part:
        number = self.here.sentences[i]
        first, end = bisect_left(self.here.sentences, number), bisect_left(self.here.sentences, number + 1)
        while end > first and self.here.words[end - 1] in ".!?":
            end -= 1
        return first, end

    def _stop(self, i: int) -> int:
        """Where what is said from ``i`` on ends: with its sentence, or before a clause that goes back to the others."""
        end = self._sentence(i)[1]
        dashes = [k for k in range(i + 1, end) if self.here.words[k] in "–—"]
        for k in range(i + 1, end):
            after = self.own[k + 1] if k + 1 < end else ""
            if (
                self.here.words[k] == ","
                and self._is_verb_next(k + 1)
                or self.here.words[k] == ";"
                or dashes[0:1] == [k]
                and len(dashes) % 2
                or (self.here.words[k] == "," and after in self.lists["breaking"])
            ):
                return k
        return end

    def _mark(self, end: int, sentence_end: int) -> tuple[str, int]:
        """The mark behind a clause, one that was dropped too (empty: none), and where the next clause begins."""
        if end >= sentence_end:
            return "", end
        if self.here.words[end] in _ENDS:
            return (self.here.words[end], end + 1) if end + 1 < sentence_end else ("", end)
        return ("," if self.here.comma_before[end] else ""), end

    def _has_to(self, i: int) -> bool:
        """Whether the clause that begins here has an infinitive with “zu”."""
        for k in range(i, self._sentence(i)[1]):
            if self._ends(k):
                return False
            if self.words.tags[k] == "TO" or _INFINITIVE.search(self.own[k]):
                return True
        return False

    # One clause

    def _attribution(self, first: int, end: int) -> _Found | None:
        if whole := self._named(first, end) or self._view(first, end) or self._noun(first, end):
            return whole
        verb = self._verb(first, end)
        if verb is None:
            return None
        while first < verb and self.own[first] in self.lists["leading"]:
            first += 1
        final = self.words.tags[first] in _INTRODUCING or self.own[first] in self.lists["subordinating"]
        relative = not final and self._is_relative(first, end)
        if relative and self.own[end - 1] in self.lists["passive"]:
            return None
        cue = self._cue(verb, first, end)
        finite = next((k for k in range(first, verb) if self._is_finite(k)), verb)
        source = (
            self._final_subject(first, cue[0], relative) if final or relative else self._subject(first, finite, end)
        )
        if self.own[verb] in self.lists["impersonal"]:
            source = self._place(first, end)
            if source is None and self.own[verb] not in self.lists["impersonal"][:2]:
                return None
        if self.own[first] == "wie":
            content = self._compared(first, end) if source else ()
        else:
            content = self._content(first, end, cue, finite, source, final or relative)
        return _Found(cue, source, content) if content else None

    def _named(self, first: int, end: int) -> _Found | None:
        """“So die Direktorin: …”"""
        mark, following = self._mark(end, self._sentence(first)[1])
        if mark == ":" and self.own[first] in self.lists["named"] and self._nouns(first + 1, end) == (first + 1, end):
            return _Found((first, first + 1), (first + 1, end), ((following, self._sentence(following)[1]),))
        return None

    def _view(self, first: int, end: int) -> _Found | None:
        """“… ist meiner Meinung nach falsch”, “nach meiner Meinung …”: the possessive is the source."""
        for i in range(first, end - 1):
            if self.words.tags[i] == "POSS" and self.own[i + 1] in self.lists["views"]:
                after = i + 2 < end and self.own[i + 2] == "nach"
                before = i > first and self.own[i - 1] == "nach"
                if after or before or self.own[i + 1] in self.lists["views"][:1]:
                    stop = i + 3 if after else i + 2
                    content = ((first, i - before), (stop, self._stop(stop) if stop < end else stop))
                    return _Found((i + 1, stop), (i, i + 1), tuple(part for part in content if part[0] < part[1]))
        return None

    def _noun(self, first: int, end: int) -> _Found | None:
        """“Die Forderung der Lotsen, … zu …”, “seine Hoffnung, dass …”."""
        mark, following = self._mark(end, self._sentence(first)[1])
        if mark != "," or not (self._has_to(following) or self.words.tags[following] in _INTRODUCING):
            return None
        for i in range(end - 1, first - 1, -1):
            if self.own[i] in self.lists["nouns"] and self.here.words[i][0].isupper() and not self._is_verb(i):
                source = (i + 1, end) if i + 1 < end and self.own[i + 1] in self.lists["genitive"] else None
                if source is None and i > first and self.words.tags[i - 1] == "POSS":
                    source = (i - 1, i)
                return _Found((i, i + 1), source, ((following, self._stop(following)),))
        return None

    def _place(self, first: int, end: int) -> Part | None:
        """What says something by itself: “im Vertrag steht”, “in der Zeitung heißt es”."""
        for i in range(first, end - 1):
            if self.own[i] in self.lists["places"]:
                begin = i + 1
                return self._nouns(begin, end) or (self._nouns(begin + 1, end) if begin + 1 < end else None)
        return None

    def _compared(self, first: int, end: int) -> tuple[Part, ...]:
        """What is around a clause like “wie das Hafenamt mitteilte”."""
        begin, stop = self._sentence(first)
        following = self._mark(end, stop)[1]
        before = (begin, first - (self.here.words[first - 1] in _ENDS)) if first > begin else (first, first)
        after = (following, self._stop(following)) if following < stop else (stop, stop)
        return tuple(part for part in (before, after) if part[0] < part[1])

    def _verb(self, first: int, end: int) -> int | None:
        """The verb of a clause that attributes: the last one of those that speak, else one that wants something."""
        verbs = [k for k in range(first, end) if self._is_verb(k) and self._has_all(k, first, end)]
        spoken = [k for k in verbs if self.words.lemmas[k] not in self.lists["modal"]]
        return (spoken or verbs or [None])[-1]  # type: ignore[list-item]

    def _has_all(self, verb: int, first: int, end: int) -> bool:
        """Whether the words are in the clause without which a verb has another meaning: “halten” … “für”."""
        needed = self.lists["needed"].get(self.words.lemmas[verb], ())
        return not needed or any(word in needed for word in self.own[first:end])

    def _is_finite(self, i: int) -> bool:
        return self.words.tags[i] in _AUXILIARIES or self.words.lemmas[i] in self.lists["modal"]

    def _cue(self, verb: int, first: int, end: int) -> Part:
        """The verb with what belongs to it on both sides: “nicht”, “zu”, auxiliaries."""
        begin, stop = verb, verb + 1
        while begin > first and (
            self.words.tags[begin - 1] in (*_AUXILIARIES, "TO")
            or self._is_finite(begin - 1)
            or self._goes_with(begin - 1, verb)
        ):
            begin -= 1
        while stop < end and (self.words.tags[stop] in _AUXILIARIES or self.own[stop] in self.lists["with_verb"]):
            stop += 1
        return begin, stop

    def _goes_with(self, i: int, verb: int) -> bool:
        """“nicht”, “davon”; “der” of “der Meinung”; the first verb of “weder bestätigen noch dementieren”."""
        own = self.own[i]
        return (
            own in self.lists["with_verb"]
            or self._is_verb(i)
            or (own == "der" and self.own[verb] in self.lists["views"])
        )

    def _is_relative(self, first: int, end: int) -> bool:
        """Whether a clause is one like “…, der gesagt hat”: it begins with a pronoun and ends with its finite verb."""
        return (
            first > 0
            and self.own[first] in self.lists["relative"]
            and (self.here.comma_before[first] or self.here.words[first - 1] == ",")
            and not self._is_finite(first + 1)
            and (self._is_finite(end - 1) or self._is_verb(end - 1))
        )

    def _subject(self, first: int, finite: int, end: int) -> Part | None:
        """The subject of a main clause: behind its finite verb, else before it."""
        if first < finite and self.own[finite - 1] in self.subjects - set(self.lists["fronted"]):
            return finite - 1, finite
        after = finite + 1
        while after < end and self.own[after] in self.lists["passed"]:
            after += 1
        before = (first, first + 1) if self.own[first] in self.subjects else self._nouns(first, finite)
        if before and (before[1] > finite or self.own[first] in self.lists["fronted"] and before[1] - first == 1):
            before = None
        if after < end and self.own[after] in (self.lists["sole"] if before else self.subjects):
            return after, after + 1
        return before or self._nouns(after, end)

    def _final_subject(self, first: int, verb: int, relative: bool) -> Part | None:
        """The subject of a clause with its verb at the end: behind the subordinator, or what a relative pronoun means."""
        if relative:
            begin = end = first - 1 if self.here.words[first - 1] == "," else first
            while begin > 0 and self.here.words[begin - 1][0].isupper():
                begin -= 1
            if begin > 0 and begin < end and self._begins_noun(begin - 1):
                begin -= 1
            return (begin, end) if begin < end else (first, first + 1)
        begin = first + 1
        while begin < verb and self.own[begin] in self.lists["passed"]:
            begin += 1
        if begin < verb and self.own[begin] in self.subjects:
            return begin, begin + 1
        return self._nouns(begin, verb)

    def _begins_noun(self, i: int) -> bool:
        return (
            self.own[i] in self.subjects
            or self.own[i] in self.lists["nominative"]
            or (self.here.words[i][0].isupper() and not self.here.first[i])
            or (self.here.first[i] and self.words.tags[i] in ("Uf", "UU") and self.own[i] not in self.lists["adverbs"])
        )

    def _nouns(self, first: int, end: int) -> Part | None:
        """A noun with what belongs to it: “die Direktorin des Amtes und Mara Lind”."""
        if first >= end or not self._begins_noun(first):
            return None
        stop = first + 1
        while stop < end and (
            self.here.words[stop][0].isupper()
            or self.own[stop] in self.lists["genitive"]
            or (self.words.tags[stop] == "CC" and stop + 1 < end and self._begins_noun(stop + 1))
            or (self.words.tags[stop - 1] == "CC" and self.own[stop] in self.lists["nominative"])
            or (self.here.words[stop - 1][0].islower() and not self._is_verb(stop) and self.words.tags[stop][0] in "-l")
        ):
            stop += 1
        return (first, stop) if any(self.here.words[k][0].isupper() for k in range(first, stop)) else None

    # What is said

    def _content(
        self, first: int, end: int, cue: Part, finite: int, source: Part | None, final: bool
    ) -> tuple[Part, ...]:
        sentence_first, sentence_end = self._sentence(first)
        lemma = self.words.lemmas[self._spoken(cue)]
        speaks, wants = lemma in self.speaking, lemma in self.wanting
        mark, following = self._mark(end, sentence_end)
        if speaks and mark == ":":
            return ((following, self._sentence(following)[1]),)
        introduced = following < sentence_end and (
            self.words.tags[following] in _INTRODUCING or self.own[following] in self.lists["subordinating"][:3]
        )
        if mark == "," and lemma in self.lists["infinitives"] and self._has_to(following):
            itself = self._object(first, end, cue, finite, source) if wants and not speaks else ()
            return _joined([*itself, (following, self._stop(following))], 1)
        if speaks and mark == "," and introduced:
            return ((following, self._stop(following)),)
        bare = all(
            k in range(*cue)
            or (source and k in range(*source))
            or not self.here.words[k][0].isupper()
            or self.own[k] in self.lists["passed"]
            for k in range(first + 1, end)
        )
        starts = min(finite, cue[0]) == first or (source is not None and self.own[first] in self.lists["fronted"][:2])
        parted = first > sentence_first and (
            self.here.words[first - 1] in ",–—" or self.here.quoted[first - 1] == CLOSES
        )
        if speaks and starts and parted and bare:
            before = (sentence_first, first - (self.here.words[first - 1] in ",–—"))
            parenthesis = mark and following < sentence_end
            return (before, (following, self._stop(following))) if parenthesis else (before,)
        if (
            speaks
            and not (wants and self._object(first, end, cue, finite, source))
            and mark == ","
            and following < sentence_end
            and (bare or final)
            and not self._is_relative(following, end)
        ):
            return ((following, self._stop(following)),)
        if wants:
            return self._object(first, end, cue, finite, source)
        taken = {*range(*cue), *(range(*source) if source else ())}
        return tuple(
            (k, k + 1) for k in range(first, end) if self.own[k] in self.lists["fronted"][:2] and k not in taken
        )[:1]

    def _spoken(self, cue: Part) -> int:
        return next((k for k in range(cue[1] - 1, cue[0] - 1, -1) if self._is_verb(k)), cue[0])

    def _object(self, first: int, end: int, cue: Part, finite: int, source: Part | None) -> tuple[Part, ...]:
        """The clause without its cue and its subject."""
        taken = {*range(*cue), *(range(*source) if source else ())}
        taken |= {k for k in range(first, end) if self._is_finite(k) and k < cue[0]}
        parts = [(k, k + 1) for k in range(first, end) if k not in taken]
        while parts and parts[0][0] > cue[0] and self.own[parts[0][0]] in self.lists["adverbs"]:
            del parts[0]
        return tuple(part for part in _joined(parts) if self._is_object(part, cue[0], finite))

    def _is_object(self, part: Part, cue: int, finite: int) -> bool:
        """Whether tokens can be what is wanted: no single adverb, and before a finite verb no phrase of an adverb."""
        first, end = part
        if first < finite < cue or first < finite == cue and self.words.tags[first] in ("PREP", "ADV"):
            return self.words.tags[first] not in ("PREP", "ADV") and self.own[first] not in self.lists["adverbs"]
        return end - first > 1 or self.own[first] not in (*self.lists["adverbs"], *self.lists["passed"])


def _joined(parts: list[Part], between: int = 0) -> tuple[Part, ...]:
    """The parts, those as one between which are so many tokens at most."""
    joined: list[Part] = []
    for first, end in parts:
        first = joined.pop()[0] if joined and first - joined[-1][1] <= between else first
        joined.append((first, end))
    return tuple(joined)


def _widened(tags: list[int], first: int, end: int) -> None:
    """Clear what is left of chunks that were cut."""
    for places in (range(first - 1, -1, -1), range(end, len(tags))):
        for k in places:
            if tags[k] in (OUTSIDE, CUE):
                break
            tags[k] = OUTSIDE
