"""The example on the page: sentences of our own around short quotations of the release, some of them altered by rule.

What is to be said of each is not written anywhere: it is held against the record like any text.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import article_language

_CLAIMS = 300
"""Claims among which quotations are chosen."""
_LEAST_WORDS, _MOST_WORDS = 4, 20
_NAME = re.compile(r"[\w .’'-]{3,60}")
_HEDGE = re.compile(r"\b(?:likely|may|might|could|perhaps|reportedly|possibly|probably|allegedly|apparently) ")
_NUMBER = re.compile(r"\b\d+\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")
_NEGATION = re.compile(r"\b(?:not|no|never) ")
_VERB = re.compile(r"\b(is|are|was|were|has|have|will) ")
_INVENTED = "Nobody in particular said: “none of this was ever written down, and the cat was not asked”."
"""Invented words are put in nobody’s mouth."""


@dataclass(frozen=True)
class _Quotation:
    """Words that a source (its name; empty: the article itself) is credited with. ``is_of_one``: nobody else is;
    ``is_open``: by one of several readings."""

    words: str
    source: str
    is_of_one: bool
    is_open: bool


def _number(words: str) -> str:
    return _NUMBER.sub(lambda match: str(int(match[0]) + 20) if match[0].isdigit() else "thirty", words, count=1)


def _shortened(words: str) -> str:
    each = words.split()
    return " ".join((*each[:3], "…", *each[-3:])) if len(each) > 2 * _LEAST_WORDS else words


_MUTATIONS: Sequence[Callable[[str], str]] = (
    _shortened,
    lambda words: _HEDGE.sub("", words, count=1),
    _number,
    lambda words: _NEGATION.sub("", words, count=1),
    lambda words: _VERB.sub(r"\1 not ", words, count=1),
)
"""Changes of words: the first leaves out some and says so, each of the others changes what they mean."""


@functools.lru_cache(maxsize=4)
def example(site: Site) -> str:
    """The text; empty where the release has no quotations in English, with their sources, to make one of."""
    every = list(_quotations(site))
    quotations = sorted((q for q in every if q.source), key=lambda q: -len(q.words))
    clear = [q for q in quotations if not q.is_open]
    swapped = [q for q in clear if q.is_of_one and all(o.source == q.source for o in every if _share(o.words, q.words))]
    names = list(dict.fromkeys(q.source for q in quotations if _is_name(q.source)))
    if not clear:
        return ""
    sentences = [_said(clear.pop(0))]
    for mutate in _MUTATIONS:
        if found := next((q for q in clear if mutate(q.words) != q.words), None):
            clear.remove(found)
            sentences.append(_said(replace(found, words=mutate(found.words))))
    for q in swapped:
        others = [name for name in names if name != q.source]
        if q.source in names and others:
            sentences.append(_said(replace(q, source=others[0])))
            break
    sentences += [f"It is well known that “{q.words}”." for q in quotations if q.is_open][:1]
    return " ".join([*sentences, _INVENTED])


def _said(quotation: _Quotation) -> str:
    return f"{quotation.source[:1].upper()}{quotation.source[1:]} said: “{quotation.words}”."


def _share(one: str, other: str) -> bool:
    return one in other or other in one


def _is_name(source: str) -> bool:
    return " " in source and all(word[:1].isupper() for word in source.split())


def _quotations(site: Site) -> Iterator[_Quotation]:
    iris = site.claim_index.claims(Selection("all"), first=0, size=_CLAIMS)
    summaries = site.claim_index.summaries(iris)
    site.labels.fetch({iri for claim in summaries.values() for iri in claim.named})
    for claim in (summaries[iri] for iri in iris if iri in summaries):
        hands = [step.sources for step in claim.steps if claim.article not in step.sources]
        sources = hands[0] if hands else ()
        name = site.labels.label(sources[0]) if sources else ""
        source = name if _NAME.fullmatch(name) else ""
        for quote in claim.quotes:
            of_length = _LEAST_WORDS <= len(quote.exact.split()) <= _MOST_WORDS
            if of_length and not set(quote.exact) & set('“”"«»\n') and not article_language(site, claim.article):
                alone = len(hands) == len(sources) == 1
                yield _Quotation(quote.exact, source, alone, bool(claim.readings))
