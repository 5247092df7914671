"""Queries whose answer is another one each time, although the release never changes."""

import re

from quoth.sparql.service_calls import calls

# The engine's grammar wants no boundary before a word: DISTINCTNOW() calls, too.
_VOLATILE = re.compile(r"(?:NOW|RAND|UUID)\s*[(#]|\\u", re.IGNORECASE)
_WORDS = ("now", "rand", "uuid", "service", "\\u")


def volatile(text: str) -> bool:
    """Whether a query may read the clock, draw lots, or ask elsewhere (SPARQL 1.1 §17.4.2.12, §17.4.4, §17.4.5.1).

    Errs on the safe side: a text that only mentions such a call is taken for one that makes it, and so is one with
    code point escapes (§19.2), which could spell it.

    >>> volatile("SELECT (NOW() AS ?t) {}"), volatile("SELECT * { ?known ?p ?o }")
    (True, False)
    """
    lower = text.lower()  # looking for substrings first is ten times faster, and most texts have none
    return any(word in lower for word in _WORDS) and (_VOLATILE.search(text) is not None or bool(calls(text)))
