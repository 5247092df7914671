"""Rules of the word order of a language: what it says that the weights, learned from another one, cannot know.

German puts the verb second: behind a content that stands first come the verb and then its subject (“…, sagte die
Direktorin”). “Laut” has its source behind it, up to the verb, “zufolge” before it. In English a comma ends the source
of “according to”, where the weights have not told it; and some phrases are a cue as a whole.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from quoth.claim.authoring.drafting.clause_attributions import tagged
from quoth.claim.authoring.drafting.clauses import Clauses
from quoth.claim.authoring.drafting.features import Words
from quoth.claim.authoring.drafting.language import Language
from quoth.claim.authoring.drafting.tagger import CUE, OUTSIDE, TAGS
from quoth.claim.authoring.drafting.tokens import CLOSES, Tokens

_SOURCE_BEFORE, _SOURCE_AFTER, _CONTENT_BEFORE, _CONTENT_AFTER = (TAGS.index(t) for t in ("S<", "S>", "C<", "C>"))
_SOURCE_ENDS = (",", ".", "!", "?", ":", ";", "„", "»", '"', "–", "—")
_OF_NOUNS = ("DET", "POSS", "PREP", "CC")
_ADJECTIVE = re.compile("e[mnrs]?$")
_End = Callable[[Tokens, Words, int], bool]
_OF_SOURCES = (["according", "to"], ["as", "per"])
_LONGEST = 15
"""Tokens of a source."""


def corrected(here: Tokens, words: Words, tags: list[int], language: Language) -> list[int]:
    """The tags with what the order of words says, for languages whose lists say that their verb stands second."""
    tags = list(tags)
    if not language.rest.get("verb_second"):
        for i in range(len(here) - 2):
            if words.small[i : i + 2] in _OF_SOURCES and tags[i + 2] != _SOURCE_AFTER and words.small[i + 2] != "usual":
                _preposition(here, words, tags, i, _ends_phrase)
        for phrase in map(str.split, language.rest["whole_cues"]):
            for i in range(len(here) - len(phrase)):
                if words.small[i] == phrase[0] and words.small[i : i + len(phrase)] == phrase:
                    _whole(here, words, tags, i, i + len(phrase))
        return tags
    tags, found = tagged(Clauses(here, words, language), tags)
    for i in range(len(here)):
        cue = tags[i] == CUE and (i == 0 or tags[i - 1] != CUE) and i not in found
        if here.words[i].lower() in language.rest["postpositions"]:
            _postposition(here, tags, i, language.rest["articles"])
        elif words.small[i] == "according" and i not in found:
            _preposition(here, words, tags, i, _is_verb)
        elif (cue or _is_so(here, i, language)) and i and (here.words[i - 1] == "," or here.quoted[i - 1] == CLOSES):
            _inversion(here, tags, i)
    return tags


def _whole(here: Tokens, words: Words, tags: list[int], i: int, stop: int) -> None:
    """“The police would neither confirm nor deny that …”, where the weights have told no cue in the sentence."""
    first, end = _sentence(here, i)
    if CUE in tags[first:end]:
        return
    while i > first and words.tags[i - 1] in ("MOD", "HAVE", "BE", "DO", "NEG"):
        i -= 1
    begin = max((k + 1 for k in range(first, i) if here.words[k] in _SOURCE_ENDS), default=first)
    if begin < i and stop < end:
        _fill(tags, first, end, OUTSIDE)
        _fill(tags, begin, i, _SOURCE_BEFORE)
        _fill(tags, i, stop, CUE)
        _fill(tags, stop, end, _CONTENT_AFTER)


def _sentence(here: Tokens, i: int) -> tuple[int, int]:
    """The first token of a sentence, and the one after its last, without the mark that ends it."""
    number = here.sentences[i]
    first, end = bisect_left(here.sentences, number), bisect_right(here.sentences, number)
    while end > first and here.words[end - 1] in (".", "!", "?"):
        end -= 1
    return first, end


def _fill(tags: list[int], first: int, end: int, tag: int) -> None:
    tags[first:end] = [tag] * (end - first)


def _inversion(here: Tokens, tags: list[int], i: int) -> None:
    """“The ferry was late, said the harbour office.”"""
    first, end = _sentence(here, i)
    verb_end = i + 1
    source_end = verb_end
    while source_end < min(end, verb_end + _LONGEST) and here.words[source_end] not in _SOURCE_ENDS:
        source_end += 1
    if CUE in tags[first:i] or source_end == verb_end:
        return
    content_end = i - 1 if here.words[i - 1] == "," else i
    _fill(tags, first, content_end, _CONTENT_BEFORE)
    _fill(tags, content_end, i, OUTSIDE)
    tags[i] = CUE
    _fill(tags, verb_end, source_end, _SOURCE_AFTER)
    if source_end < end and tags[source_end] in (_SOURCE_BEFORE, _SOURCE_AFTER):
        tags[source_end] = OUTSIDE


def _is_so(here: Tokens, i: int, language: Language) -> bool:
    """Whether a word stands for a verb of saying: “‘We are late’, so the captain”."""
    after = here.words[i + 1] if i + 1 < len(here) else ""
    return here.words[i] in language.rest["verbless"] and (after[:1].isupper() or after in language.rest["articles"])


def _preposition(here: Tokens, words: Words, tags: list[int], i: int, ends: _End) -> None:
    """“According to the captain has the company paid”, “…, according to the captain.”; ``ends`` tells the token
    that the source ends before."""
    first, end = _sentence(here, i)
    begin = i + 1
    while begin < end and words.small[begin] in ("to", "of", "per") and words.small[i] in ("according", "as"):
        begin += 1
    stop = begin
    while stop < min(end, begin + _LONGEST) and not ends(here, words, stop):
        stop += 1
    if stop == begin:
        return
    _fill(tags, first, end, OUTSIDE)
    _fill(tags, i, begin, CUE)
    if i == first and stop < end:
        _fill(tags, begin, stop, _SOURCE_AFTER)
        _fill(tags, stop, end, _CONTENT_AFTER)
        return
    _fill(tags, begin, stop, _SOURCE_AFTER)
    before = i - 1 if here.words[i - 1] == "," else i
    if i > first:
        _fill(tags, first, before, _CONTENT_BEFORE)
    _fill(tags, stop, end, _CONTENT_AFTER)


def _postposition(here: Tokens, tags: list[int], i: int, articles: Sequence[str]) -> None:
    """“The captain following has the company paid.”"""
    first, end = _sentence(here, i)
    begin = i
    while begin > first and _is_of_noun(here.words[begin - 1]) and here.words[begin].lower() not in articles:
        begin -= 1
    if begin == i:
        return
    _fill(tags, first, begin, _CONTENT_BEFORE)
    _fill(tags, begin, i, _SOURCE_BEFORE)
    tags[i] = CUE
    _fill(tags, i + 1, end, _CONTENT_AFTER)


def _is_of_noun(word: str) -> bool:
    return word[0].isupper() or _ADJECTIVE.search(word) is not None


def _ends_phrase(here: Tokens, words: Words, i: int) -> bool:
    """Whether a token ends the words of a source in English, where no verb follows them at once."""
    return here.words[i] in _SOURCE_ENDS


def _is_verb(here: Tokens, words: Words, i: int) -> bool:
    """Whether a word begins what follows a source: small, and neither an adjective nor a function word of nouns."""
    word = here.words[i]
    if not word[0].isalpha() or word[0].isupper() or words.tags[i] in _OF_NOUNS:
        return False
    return words.tags[i] in ("HAVE", "BE", "MOD", "DO") or not _ADJECTIVE.search(word)
