"""The speech act that the words of a cue stand for."""

import re
from functools import cache

from quoth.claim.authoring import draft

INNERMOST = {"reported": "said", "stated": "said"}
"""Acts that only a level around another one, or the article's own, can have, and what to take instead."""


@cache
def of_cue(words: str) -> str:
    """The act that a cue names, in the words of ours; ``said`` where it names none that is known: that is the least.

    >>> of_cue("has warned"), of_cue("per"), of_cue("declined to comment")
    ('warned', 'said', 'declinedToComment')
    """
    words = re.sub(r"\s+", " ", words)
    found = draft.cue(words, draft.Span(0, len(words)))
    act = found[1] if found else "said"
    return INNERMOST.get(act, act)
