"""The features of the tokens of a paragraph, from which the tagger tells cues, sources and contents.

A feature is a string: the name of a template, and what is there. Names of people and places are never part of one: what
is capital counts as that alone.
"""

from collections.abc import Mapping

from quoth.claim.authoring.drafting.decisions import acts
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tokens import Tokens

NONE = "#"
_SUFFIXES = ("ing", "ed", "ly", "s", "ion", "er")
_STRONG = ("h", "m")
_CANDIDATES = ("h", "m", "l", "n")
"""Grades of words that attribute often, and of words that may; of those that hardly ever do there are many more."""

_COMPLEMENTS = ("THAT", "TO", "WH", '"', "“", "''", ":", "``", "„")
_SKIPPED = ("ADV", "HAVE", "BE", "MOD", "NEG", "DO", "-ly")
_PHRASE = 4
"""Words of a phrase that has a gloss."""
_NEAR = 6
"""Tokens after a word in which its complement may begin."""


class Words:
    """The words of a paragraph by class, form and lemma, the act of each, and how often each lemma attributes (its
    grade)."""

    def __init__(self, tokens: Tokens, language: Language, grades: Mapping[str, str]) -> None:
        own = [word.lower().replace("’", "'") for word in tokens.words]
        small = _glossed(own, language) if language.glosses else own
        self.small = small
        self.lemmas = [language.lemma(word) for word in small]
        self.tags = [
            _tag(word, low, first, language, word_own in language.glosses)
            for word, low, first, word_own in zip(tokens.words, small, tokens.first, own, strict=True)
        ]
        self.grades = [
            "f" if lemma in language.classes or not lemma[:1].isalpha() else grades.get(lemma, "n")
            for lemma in self.lemmas
        ]
        self.capital = [tag[0] == "U" for tag in self.tags]
        graded = [grade in "hml" for grade in self.grades]
        self.terms = [
            lemma if not capital or (first and grade) else tag
            for lemma, tag, capital, first, grade in zip(
                self.lemmas, self.tags, self.capital, tokens.first, graded, strict=True
            )
        ]
        self.acts = [
            "" if capital else acts().get(lemma, "") for lemma, capital in zip(self.lemmas, self.capital, strict=True)
        ]
        self.forms = [tag if capital else low for low, tag, capital in zip(small, self.tags, self.capital, strict=True)]


def _glossed(words: list[str], language: Language) -> list[str]:
    """English words in the places of others. A phrase has a gloss for each of its words."""
    glossed: list[str] = []
    while (i := len(glossed)) < len(words):
        phrases = (language.glosses.get(" ".join(words[i : i + length]), ()) for length in range(_PHRASE, 1, -1))
        word = language.glosses.get(words[i], (words[i],))[:1]
        glossed += next((gloss for gloss in phrases if gloss), word)
    return glossed


def _tag(word: str, small: str, first: bool, language: Language, glossed: bool) -> str:
    """The class of a word: of a function word its name, else its form (capital, digits, ending) or the mark itself."""
    if tag := language.classes.get(small):
        return tag
    letter = word[0]
    if letter.isdigit():
        return "D"
    if not letter.isalnum():
        return word[:2]
    if letter.isupper() and not glossed:
        return "UU" if word.isupper() and len(word) > 1 else "Uf" if first else "U"
    return next(("-" + suffix for suffix in _SUFFIXES if small.endswith(suffix)), "l")


def bucket(count: int) -> int:
    """A number of tokens, less exact the larger it is."""
    return count if count < 4 else 4 if count < 7 else 7 if count < 12 else 12


def features(tokens: Tokens, words: Words) -> list[list[str]]:
    """The features of each token."""
    count = len(tokens)
    sentence, quoted = tokens.sentences, tokens.quoted
    left, right = _strong(words, sentence)
    begin = {number: i for i, number in reversed(list(enumerate(sentence)))}
    end = {number: i for i, number in enumerate(sentence)}
    has_quotes = {number for number, place in zip(sentence, quoted, strict=True) if place}
    pad = [NONE, NONE, NONE]
    T, F, L, G = (pad[:2] + column + pad for column in (words.tags, words.forms, words.terms, words.grades))
    commas = [0]
    for word in tokens.words:
        commas.append(commas[-1] + (word == ","))
    ends = [_complement(i, words, sentence) if words.grades[i] in _CANDIDATES else NONE for i in range(count)]
    rows = []
    for i in range(count):
        j = i + 2
        t, w, m, g, q, s = T[j], F[j], L[j], G[j], quoted[i], sentence[i]
        tb, ta, lb, la = T[j - 1], T[j + 1], L[j - 1], L[j + 1]
        before, after = left[i], right[i]
        bl, bg, bd, bc = (NONE, "", 0, 0) if before < 0 else (
            words.lemmas[before], words.grades[before], bucket(i - before), commas[i] > commas[before + 1])  # fmt: skip
        al, ag, ad, ac = (NONE, "", 0, 0) if after < 0 else (
            words.lemmas[after], words.grades[after], bucket(after - i), commas[after] > commas[i + 1])  # fmt: skip
        sq = int(s in has_quotes)
        row = [
            "b", f"w{w}", f"l{m}", f"t{t}", f"g{g}{t}{q}",
            f"a{F[j - 1]}", f"c{F[j + 1]}", f"d{F[j - 2]}", f"e{F[j + 2]}",
            f"A{tb} {t}", f"B{t} {ta}", f"C{tb} {t} {ta}", f"D{T[j - 2]} {tb} {t}", f"E{t} {ta} {T[j + 2]}",
            f"F{m} {ta}", f"G{m} {tb}", f"H{lb} {m}", f"I{m} {la}", f"J{m} {q}", f"x{m} {la} {L[j + 2]}",
            f"h{G[j - 1]}{g}{G[j + 1]}", f"i{g}{tb} {ta}",
            f"K{bl} {q}", f"M{al} {q}", f"N{bg}{bd} {t}", f"O{ag}{ad} {t}", f"P{bg}{bc}{ag}{ac}{q}{sq}",
            f"Q{bl} {F[before + 3] if before >= 0 else NONE}", f"R{al} {T[after + 1] if after >= 0 else NONE}",
            f"j{bg}{ends[before] if before >= 0 else NONE}{bc}{q}",
            f"k{ag}{ends[after] if after >= 0 else NONE}{ac}{q}",
            f"S{bucket(i - begin[s])} {bucket(end[s] - i)}", f"U{q} {words.tags[end[s]]}{sq}",
        ]  # fmt: skip
        if t[0] in "-l":
            row.append(f"s{w[-3:]}")
        if act := words.acts[i]:
            row += [f"1{act}{q}", f"2{act} {ta}", f"3{tb} {act}"]
        if g in _CANDIDATES:
            row += _of_candidate(i, ends[i], words, sentence)
        rows.append(row)
    return rows


def _complement(i: int, words: Words, sentence: list[int]) -> str:
    """The word or mark, by its class, with which what is said may begin after a word; NONE: no such one is near."""
    for k in range(i + 1, min(i + 1 + _NEAR, len(sentence))):
        if sentence[k] != sentence[i] or words.tags[k] in (";", "."):
            break
        if words.tags[k] in _COMPLEMENTS:
            return words.tags[k]
    return NONE


def _of_candidate(i: int, complement: str, words: Words, sentence: list[int]) -> list[str]:
    """The features of a word that might attribute: its complement, its subject, and its auxiliaries."""
    k = i - 1
    while k >= 0 and words.tags[k] in _SKIPPED:
        k -= 1
    subject = words.tags[k] if k >= 0 and sentence[k] == sentence[i] else NONE
    auxiliary = " ".join(words.tags[k + 1 : i])
    after = words.tags[i + 1] if i + 1 < len(sentence) else NONE
    lemma, grade, act = words.terms[i], words.grades[i], words.acts[i]
    by_act = [f"m{act} {complement}", f"n{act} {subject}", f"o{act} {auxiliary}"] if act else []
    return [*by_act, f"V{grade} {complement} {subject}", f"W{lemma} {complement}", f"X{lemma} {subject}",
            f"Y{lemma} {auxiliary}", f"Z{grade} {auxiliary} {subject} {after}"]  # fmt: skip


def _strong(words: Words, sentence: list[int]) -> tuple[list[int], list[int]]:
    """For each token the nearest word of its sentence that often attributes: before it and after it; -1: none."""
    count = len(sentence)
    left, right = [-1] * count, [-1] * count
    last = -1
    for i in range(count):
        if i and sentence[i] != sentence[i - 1]:
            last = -1
        left[i] = last
        if words.grades[i] in _STRONG:
            last = i
    last = -1
    for i in range(count - 1, -1, -1):
        if i < count - 1 and sentence[i] != sentence[i + 1]:
            last = -1
        right[i] = last
        if words.grades[i] in _STRONG:
            last = i
    return left, right
