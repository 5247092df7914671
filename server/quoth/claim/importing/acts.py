"""The speech act that the words of a cue stand for."""

from functools import cache

from quoth.claim.model.namespaces import SPEECH_ACT
from quoth.claim.rules.vocabulary import our_vocabulary

_UNSURE = frozenset(("recorded", "reported", "stated"))
"""Acts that only some levels and sources can have: one around another, the article's own, a document."""


@cache
def of_cue(words: str) -> str:
    """The act that a cue names, in the words of ours; ``said`` where it names none that is known: that is the least.

    >>> of_cue("has warned"), of_cue("per"), of_cue("declined to comment"), of_cue("reported")
    ('warned', 'said', 'declinedToComment', 'said')
    """
    return our_vocabulary().named(SPEECH_ACT.iri.rstrip("#"), words, without=_UNSURE) or "said"
