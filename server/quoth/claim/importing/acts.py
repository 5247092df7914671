"""The speech act that the words of a cue stand for."""

from functools import cache

from quoth.claim.checking.wording.levels import SPEECH_ACTS
from quoth.claim.rules.vocabulary import our_vocabulary

_OF_ARTICLES = frozenset(("reported", "stated"))
"""Acts that only a level around another one, or the article's own, can have."""


@cache
def of_cue(words: str) -> str:
    """The act that a cue names, in the words of ours; ``said`` where it names none that is known: that is the least.

    >>> of_cue("has warned"), of_cue("per"), of_cue("declined to comment"), of_cue("reported")
    ('warned', 'said', 'declinedToComment', 'said')
    """
    return our_vocabulary().named(SPEECH_ACTS, words, without=_OF_ARTICLES) or "said"
