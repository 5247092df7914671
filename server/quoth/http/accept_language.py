"""The languages that a reader prefers for labels (RFC 9110 §12.5.4).

The pages are in English. Only the labels on them can be in another language, so Accept-Language comes down to the
languages that it puts before English; for most requests these are none.
"""

import re

from quoth.http.message import memoised

ACCEPT_LANGUAGE_LIMIT = 1024
"""Characters of an Accept-Language header that are read."""

MOST = 4
"""Languages that are taken from one."""

OWN = "en"
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?\Z")


def preferred_languages(header: str | None) -> tuple[str, ...]:
    """The language ranges that an Accept-Language header likes better than English, best first, in lower case.

    >>> preferred_languages("de-AT, de;q=0.9, en;q=0.8, fr;q=0.7")
    ('de-at', 'de')
    >>> preferred_languages("en-GB,en;q=0.9,cy;q=0.8"), preferred_languages("*"), preferred_languages(None)
    ((), (), ())
    """
    return _preferred_languages(header) if header else ()


@memoised(1024)
def _preferred_languages(header: str) -> tuple[str, ...]:
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:ACCEPT_LANGUAGE_LIMIT].split(",")):
        match = _RANGE.match(part)
        quality = float(match[2] or 1) if match else 0.0
        if match and quality > 0:
            ranked.append((-quality, place, match[1].lower()))
    languages: dict[str, None] = {}
    for _, _, language in sorted(ranked):
        if language.partition("-")[0] == OWN:
            break
        languages[language] = None
    return tuple(languages)[:MOST]


def foreign(language: str | None) -> str:
    """The language tag of a text on a page, where that needs to be marked (WCAG 2.1, SC 3.1.2); else an empty text.

    >>> foreign("ur"), foreign("en-GB"), foreign(None)
    ('ur', '', '')
    """
    return "" if not language or language.lower().partition("-")[0] == OWN else language


def matches(wanted: str, language: str) -> bool:
    """Whether a label's language tag is in a range, or is the language that the range narrows (RFC 4647 §3.3.1, §3.4).

    >>> matches("de", "de-ch"), matches("de-at", "de"), matches("de", "den"), matches("zh-hant", "zh-hans")
    (True, True, False, False)
    """
    return wanted == language or language.startswith(wanted + "-") or wanted.startswith(language + "-")
