"""The speech act that the words of a cue stand for."""

from functools import cache

from quoth.claim.model.claim_summary import NEGATION
from quoth.claim.model.namespaces import SPEECH_ACT
from quoth.claim.rules.vocabulary import our_vocabulary

_UNSURE = frozenset(("recorded", "reported", "stated"))
"""Acts that only some levels and sources can have: one around another, the article's own, a document."""
_SILENT = frozenset(("couldNotBeReached", "declinedToComment", "didNotRespond", "refused"))
"""Acts whose own words negate."""


@cache
def of_cue(words: str) -> str:
    """The act that a cue names, in the words of ours; ``said`` where it names none that is known, or one that was not
    done: that is the least, and the words of the cue say more.

    >>> of_cue("has warned"), of_cue("per"), of_cue("declined to comment"), of_cue("reported")
    ('warned', 'said', 'declinedToComment', 'said')
    >>> of_cue("has not confirmed"), of_cue("did not agree"), of_cue("urged them not to")
    ('said', 'said', 'urged')
    """
    act = _named(words)
    if act not in _SILENT and (negation := NEGATION.search(words)) and not _named(words[: negation.start()]):
        return "said"
    return act or "said"


def _named(words: str) -> str:
    return our_vocabulary().named(SPEECH_ACT.iri.rstrip("#"), words, without=_UNSURE)
