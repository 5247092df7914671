"""The drafts of `quoth draft` before it had a model: the trivial peer of ``drafts.py``.

One stub for each sentence, with the verb of an act that closes the sentence or comes first as its cue; no source; the
sentence as the content."""

import functools
import re

from quoth.claim.authoring.spans import Span, sentences
from quoth.claim.model.namespaces import SPEECH_ACT
from quoth.claim.rules.vocabulary import our_vocabulary

_SUBJECT = re.compile(r"""[,”"'’] (?:[\w.’'-]+ ){0,6}\Z""")
_AUXILIARIES = "has|have|had|is|are|was|were|been|also|recently"
_ELLIPSIS = " … "
_OF_ARTICLES = ("stated", "reported")


def proposals(text: str) -> list[tuple[Span, Span]]:
    """The cue and the content of each sentence that has a cue."""
    found = ((_cue(text, span), span) for span in sentences(text))
    return [(cue, span) for cue, span in found if cue]


def _cue(text: str, sentence: Span) -> Span | None:
    found = list(_pattern().finditer(text, sentence.start, sentence.end))
    if not found:
        return None
    last = found[-1]
    before, after = text[max(sentence.start, last.start() - 100) : last.start()], text[last.end() : sentence.end]
    match = last if _SUBJECT.search(before) and not re.search(r"\w", after) else found[0]
    return Span(*match.span())


@functools.cache
def _pattern() -> re.Pattern[str]:
    acts = our_vocabulary().concepts(SPEECH_ACT.iri.rstrip("#"))
    cues = (cue for name, act in acts.items() if name not in _OF_ARTICLES for cue in act.cues)
    forms = {form.partition(_ELLIPSIS)[0] for cue in cues for form in _forms(cue)}
    either = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    return re.compile(rf"\b(?:(?:{_AUXILIARIES}) )*(?:{either})\b", re.IGNORECASE)


def _forms(words: str) -> list[str]:
    """A verb or phrase, and the regular forms of its first word."""
    verb, space, rest = words.partition(" ")
    base = verb.removesuffix("e") if verb.endswith("e") else verb
    stem = verb[:-1] + "i" if re.search("[^aeiou]y$", verb) else base
    plural = verb + "s" if stem == base and not re.search("(s|x|ch|sh)$", verb) else stem + "es"
    return [f"{form}{space}{rest}" for form in (verb, plural, f"{stem}ed", f"{base}ing")]
