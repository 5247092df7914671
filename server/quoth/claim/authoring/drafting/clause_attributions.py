"""Attributions by the build of clauses, where the order of words is another than the weights have learned.

The verb stands second with its subject before or behind it (“daher glaube ich, …”, “haben Sie gestern gesagt: …”), or
at the end of a clause (“wenn Sie sagen, …”). What is said follows the clause, stands before it, or is its object.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.claim.authoring.drafting.chunks import chunks
from quoth.claim.authoring.drafting.clauses import DASHES, INTRODUCING, MARKS, Clauses, Part
from quoth.claim.authoring.drafting.subjects import antecedent, nouns, place, subject, subject_of_final
from quoth.claim.authoring.drafting.tagger import CUE, OUTSIDE, TAGS
from quoth.claim.authoring.drafting.tokens import CLOSES, OPENS

_SOURCE_BEFORE, _SOURCE_AFTER, _CONTENT_BEFORE, _CONTENT_AFTER = (TAGS.index(t) for t in ("S<", "S>", "C<", "C>"))
_ADVERBIAL = ("PREP", "ADV")


@dataclass(frozen=True)
class _Found:
    cue: Part
    source: Part | None
    content: tuple[Part, ...]

    def parts(self) -> list[Part]:
        return [self.cue, *self.content, *([self.source] if self.source else [])]


@dataclass(frozen=True)
class _Clause:
    """A clause with a verb that attributes; ``final``: the verb is at its end."""

    first: int
    end: int
    cue: Part
    verb: int
    finite: int
    source: Part | None
    final: bool

    def rest(self) -> list[int]:
        """The tokens that are neither of the cue nor of the subject."""
        source = range(*self.source) if self.source else ()
        return [k for k in range(self.first, self.end) if k not in range(*self.cue) and k not in source]


def tagged(clauses: Clauses, tags: Sequence[int]) -> tuple[list[int], set[int]]:
    """The tags with those of the attributions that clauses show, and the first tokens of their cues. Where these are,
    what was there before is gone; and so are cues without a word that attributes, which weights find in another order
    of words."""
    tags, begin, done, cues = list(tags), 0, 0, set()
    for first, end in clauses.parts:
        found = _attribution(clauses, first, end) if first >= done else None
        if found is None or any(begin < part[0] < done for part in found.parts()):
            continue
        cues.add(found.cue[0])
        begin, done = min(part[0] for part in found.parts()), max(part[1] for part in found.parts())
        _clear(tags, begin, done)
        for part in found.content:
            _fill(tags, part, _CONTENT_BEFORE if part < found.cue else _CONTENT_AFTER)
        if found.source:
            _fill(tags, found.source, _SOURCE_BEFORE if found.source < found.cue else _SOURCE_AFTER)
        _fill(tags, found.cue, CUE)
    for chunk in chunks(tags):
        if chunk.tag == TAGS[CUE] and not any(_may_attribute(clauses, k) for k in range(chunk.first, chunk.end)):
            _fill(tags, (chunk.first, chunk.end), OUTSIDE)
    return tags, cues


def _fill(tags: list[int], part: Part, tag: int) -> None:
    tags[slice(*part)] = [tag] * (part[1] - part[0])


def _clear(tags: list[int], first: int, end: int) -> None:
    """Clear some tags, and what is left of the sources and contents that this cuts."""
    _fill(tags, (first, end), OUTSIDE)
    for places in (range(first - 1, -1, -1), range(end, len(tags))):
        for k in places:
            if tags[k] in (OUTSIDE, CUE):
                break
            tags[k] = OUTSIDE


def _may_attribute(clauses: Clauses, i: int) -> bool:
    if clauses.here.words[i] == ":":
        return i + 1 < len(clauses.here) and clauses.here.quoted[i + 1] == OPENS
    if clauses.is_verb(i) or any(clauses.has(i, kind) for kind in ("nouns", "views", "named")):
        return True
    return clauses.is_glossed(i) and clauses.words.grades[i] in "hml"


def _attribution(clauses: Clauses, first: int, end: int) -> _Found | None:
    if found := _named(clauses, first, end) or _view(clauses, first, end) or _noun(clauses, first, end):
        return found
    clause = _clause(clauses, first, end)
    if clause is None:
        return None
    if clauses.own[clause.first] == "wie":
        content = tuple(_around(clauses, clause)) if clause.source else ()
    else:
        content = tuple(_content(clauses, clause))
    return _Found(clause.cue, clause.source, content) if content else None


def _named(clauses: Clauses, first: int, end: int) -> _Found | None:
    """“So die Direktorin: …”"""
    mark, following = clauses.mark(end)
    source = (first + 1, end)
    if mark != ":" or not clauses.has(first, "named") or nouns(clauses, *source) != source:
        return None
    return _Found((first, first + 1), source, ((following, clauses.sentence(following)[1]),))


def _view(clauses: Clauses, first: int, end: int) -> _Found | None:
    """“… ist meiner Meinung nach falsch”, “nach meiner Meinung …”, “meines Erachtens”: the possessive is the source."""
    for i in range(first, end - 1):
        if clauses.words.tags[i] == "POSS" and clauses.has(i + 1, "views"):
            before, after = i > first and clauses.own[i - 1] == "nach", clauses.own[i + 2 : i + 3] == ["nach"]
            if before or after or clauses.has(i + 1, "views_alone"):
                stop = i + 2 + after
                content = ((first, i - before), (stop, clauses.stop(stop) if stop < end else stop))
                return _Found((i + 1, stop), (i, i + 1), tuple(part for part in content if part[0] < part[1]))
    return None


def _noun(clauses: Clauses, first: int, end: int) -> _Found | None:
    """“Die Forderung der Lotsen, … zu …”, “seine Hoffnung, dass …”."""
    mark, following = clauses.mark(end)
    if mark != "," or not (clauses.has_infinitive(following) or clauses.words.tags[following] in INTRODUCING):
        return None
    for i in range(end - 1, first - 1, -1):
        if clauses.has(i, "nouns") and clauses.is_upper(i) and not clauses.is_verb(i):
            owned = i > first and clauses.words.tags[i - 1] == "POSS"
            source = (i + 1, end) if i + 1 < end and clauses.has(i + 1, "genitive") else (i - 1, i) if owned else None
            return _Found((i, i + 1), source, ((following, clauses.stop(following)),))
    return None


def _clause(clauses: Clauses, first: int, end: int) -> _Clause | None:
    """A clause with its verb: the last one of those that speak, else one that wants something."""
    verbs = [k for k in range(first, end) if clauses.is_verb(k) and _has_needed(clauses, k, first, end)]
    spoken = [k for k in verbs if clauses.words.lemmas[k] not in clauses.lists["modal"]]
    if not verbs:
        return None
    verb = (spoken or verbs)[-1]
    while first < verb and clauses.has(first, "leading"):
        first += 1
    final = clauses.words.tags[first] in INTRODUCING or clauses.has(first, "subordinating")
    relative = not final and clauses.is_relative(first)
    cue = _cue(clauses, verb, first, end)
    finite = next((k for k in range(first, verb) if clauses.is_finite(k)), verb)
    if relative:
        source = None if clauses.has(end - 1, "passive") else antecedent(clauses, first)
    elif clauses.has(verb, "impersonal"):
        source = place(clauses, first, end)
    else:
        source = subject_of_final(clauses, first, cue[0]) if final else subject(clauses, first, finite, end)
    if source is None and (relative or clauses.has(verb, "written")):
        return None
    return _Clause(first, end, cue, verb, finite, source, final or relative)


def _has_needed(clauses: Clauses, verb: int, first: int, end: int) -> bool:
    """Whether the words are in the clause without which a verb has another meaning: “halten” … “für”."""
    needed = clauses.lists["needed"].get(clauses.words.lemmas[verb], ())
    return not needed or any(word in needed for word in clauses.own[first:end])


def _cue(clauses: Clauses, verb: int, first: int, end: int) -> Part:
    """The verb with what belongs to it on both sides: “nicht”, “davon”, “zu”, auxiliaries, “der” of “der Meinung”, the
    first verb of “weder bestätigen noch dementieren”."""
    begin, stop = verb, verb + 1
    while begin > first and (
        clauses.is_finite(begin - 1)
        or clauses.is_verb(begin - 1)
        or clauses.has(begin - 1, "with_verb")
        or clauses.words.tags[begin - 1] == "TO"
        or (clauses.own[begin - 1] == "der" and clauses.has(verb, "views"))
    ):
        begin -= 1
    while stop < end and (clauses.is_auxiliary(stop) or clauses.has(stop, "with_verb")):
        stop += 1
    return begin, stop


def _around(clauses: Clauses, clause: _Clause) -> Iterator[Part]:
    """The parts of the sentence around a clause like “wie das Hafenamt mitteilte”."""
    begin, stop = clauses.sentence(clause.first)
    first, following = clause.first, clauses.mark(clause.end)[1]
    if first > begin:
        yield begin, first - (clauses.here.words[first - 1] in MARKS)
    if following < stop:
        yield following, clauses.stop(following)


def _content(clauses: Clauses, clause: _Clause) -> Iterator[Part]:
    """The words said: behind a colon, in the clause that follows, in what stands before, or in the clause itself."""
    begin, stop = clauses.sentence(clause.first)
    lemma, rest = clauses.words.lemmas[clause.verb], clause.rest()
    speaks, wanted = lemma in clauses.speaking, _object(clauses, clause, rest) if lemma in clauses.wanting else []
    mark, following = clauses.mark(clause.end)
    bare = not any(clauses.is_upper(k) and not clauses.has(k, "passed") for k in rest if k > clause.first)
    if speaks and mark == ":":
        yield following, stop
    elif mark == "," and lemma in clauses.lists["infinitives"] and clauses.has_infinitive(following):
        yield from _joined([*([] if speaks else wanted), (following, clauses.stop(following))], 1)
    elif speaks and mark == "," and clauses.words.tags[following] in INTRODUCING:
        yield following, clauses.stop(following)
    elif speaks and bare and _comes_behind(clauses, clause, begin):
        yield begin, clause.first - (clauses.here.words[clause.first - 1] in MARKS)
        if mark:
            yield following, clauses.stop(following)
    elif speaks and not wanted and mark == "," and (bare or clause.final) and not clauses.is_relative(following):
        yield following, clauses.stop(following)
    elif wanted:
        yield from wanted
    else:
        yield from ((k, k + 1) for k in rest if clauses.has(k, "meant"))


def _comes_behind(clauses: Clauses, clause: _Clause, begin: int) -> bool:
    """Whether what is said stands before the clause: “…, sagte sie”, “…, das muss ich sagen”."""
    before = clause.first - 1
    if before < begin or not (clauses.here.words[before] in (",", *DASHES) or clauses.here.quoted[before] == CLOSES):
        return False
    meant = clause.source is not None and clauses.has(clause.first, "meant")
    return meant or min(clause.finite, clause.cue[0]) == clause.first


def _object(clauses: Clauses, clause: _Clause, rest: list[int]) -> list[Part]:
    """The wanted: the rest of the clause, without adverbs by themselves and what they begin before the verb."""
    found = [k for k in rest if k > clause.cue[0] or not clauses.is_finite(k)]
    while found and found[0] > clause.cue[0] and clauses.has(found[0], "adverbs"):
        del found[0]
    return [part for part in _joined([(k, k + 1) for k in found]) if not _is_adverbial(clauses, clause, part)]


def _is_adverbial(clauses: Clauses, clause: _Clause, part: Part) -> bool:
    first, end = part
    adverb = clauses.has(first, "adverbs")
    if first < clause.finite and not clause.final:
        return adverb or clauses.words.tags[first] in _ADVERBIAL
    return end - first == 1 and (adverb or clauses.has(first, "passed"))


def _joined(parts: Sequence[Part], between: int = 0) -> list[Part]:
    """The parts, those as one between which are so many tokens at most."""
    joined: list[Part] = []
    for first, end in parts:
        first = joined.pop()[0] if joined and first - joined[-1][1] <= between else first
        joined.append((first, end))
    return joined
