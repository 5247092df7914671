"""Selectors of Web Annotations (§4.2.4, §4.2.5) as places in a text.

The quotation decides. Offsets count what each program counts (code points, units of UTF-16, characters of a page with
all around the article), so they only tell several places of the same words apart, after the words around them did.
"""

import re
from collections.abc import Iterator
from typing import Any

from quoth.claim.importing.article import Located, Place, Quote
from quoth.claim.importing.readers.json_files import listed, objects

AROUND = 64
"""Characters around a place that are compared with those of a selector."""
MAX_PLACES = 1000
"""Places of the same words that are compared."""


def places(targets: Any, text: str) -> Iterator[Place]:
    """The places of the words of targets. Words that the text does not have, or in several places that nothing tells
    apart, are a Quote, about which the import says what is wrong."""
    for target in objects(targets):
        selectors = [s for each in objects(target.get("selector")) for s in (each, *objects(each.get("refinedBy")))]
        quotes = (s for s in selectors if isinstance(_exact(s), str))
        if quote := next(quotes, None):
            starts = (s["start"] for s in selectors if isinstance(s.get("start"), int))
            yield _place(text, _exact(quote), _words(quote, "prefix"), _words(quote, "suffix"), next(starts, -1))


def _exact(selector: dict[str, Any]) -> Any:
    """The words of a selector, under the key of the standard or under that of Recogito's own format."""
    return selector.get("exact", selector.get("quote"))


def _words(selector: dict[str, Any], key: str) -> str:
    return next((value for value in listed(selector.get(key)) if isinstance(value, str)), "")


def _place(text: str, exact: str, prefix: str, suffix: str, start: int) -> Place:
    if not exact.strip():
        return Quote(exact)
    found = _occurrences(text, exact)
    if len(found) < 2:
        return found[0] if found else Quote(exact)
    fit = [_alike(text[max(p.start - AROUND, 0) : p.start][::-1], prefix[::-1]) for p in found]
    for n, place in enumerate(found):
        end = place.start + len(place.exact)
        fit[n] += _alike(text[end : end + AROUND], suffix)
    best = [place for place, score in zip(found, fit, strict=True) if score == max(fit)]
    if len(best) == 1:
        return best[0]
    # The standard counts code points, programs in browsers count units of UTF-16.
    hints = (start, _code_point(text, start)) if 0 <= start <= 2 * len(text) else ()
    at = [place for hint in hints for place in best if place.start == hint]
    return at[0] if at else Quote(exact, prefix, suffix)


def _occurrences(text: str, exact: str) -> list[Located]:
    """The places of the words, whatever space is between them: a page has no line ends where a file has some."""
    # Looked ahead for: one place may overlap the next.
    words = r"\s+".join(map(re.escape, exact.split()))
    pattern = re.compile(f"(?=({words}))")
    found: list[Located] = []
    for match in pattern.finditer(text):
        found.append(Located(match[1], match.start()))
        if len(found) == MAX_PLACES:
            break
    return found


def _alike(there: str, written: str) -> int:
    """How many characters two texts have in common at their beginnings, without space."""
    one, other = ("".join(words.split()) for words in (there, written[:AROUND]))
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _code_point(text: str, units: int) -> int:
    """The offset in code points of an offset in units of UTF-16."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
