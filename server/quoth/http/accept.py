"""The one content negotiator (RFC 9110 §12.5.1), over tables of formats.

>>> from quoth.formats import HTML, RDF_FORMATS
>>> choose("text/html,application/xhtml+xml,*/*;q=0.8", [*RDF_FORMATS, HTML]).name
'html'
>>> choose(None, [*RDF_FORMATS, HTML]).name
'turtle'
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.errors import NotAcceptableError
from quoth.formats import HTML, Format
from quoth.http.message import memoised

# A quotation mark that is never closed takes in the rest: else each one would be a new look at all that follows.
_QUOTED = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_PART = re.compile(rf'(?:[^,"]|{_QUOTED})++', re.DOTALL)
_PARAMETER = re.compile(rf';\s*+([^\s=;"]++)\s*+=\s*+({_QUOTED}|[^\s;"]*+)', re.DOTALL)
_RANGE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*")
_QUALITY = re.compile(r"(?:0(?:\.\d*)?|1(?:\.0*)?|\.\d+)\Z")

ACCEPT_LIMIT = 8192
"""Characters of an Accept header that are read; no client that means it sends as many."""

EXACT, SUBTYPES, ANYTHING = 3, 2, 1


@dataclass(frozen=True)
class Range:
    """One media range of an Accept header: lower-case media type, its quality in [0, 1], and its ``profile``, the URIs
    in a parameter of that name (RFC 6906 §3.1), empty if there is none."""

    media_type: str
    quality: float
    profile: str = ""


def ranges(accept: str) -> Iterator[Range]:
    """The well-formed media ranges of an Accept header; malformed ones are passed over, as nobody can mean them.

    Parameters other than ``q`` (``charset``, JSON-LD's ``profile``, the ``v`` of browsers) do not narrow a range here:
    each format has one charset and one profile, and who names another is better served with it than with a 406.
    """
    for part in _PART.findall(accept[:ACCEPT_LIMIT]):
        match = _RANGE.match(part)
        if match is None:
            continue
        quality, profile = 1.0, ""
        for name, value in _PARAMETER.findall(part[match.end() :]):
            if name.lower() == "q":
                quality = float(value) if _QUALITY.match(value) else -1.0
                break
            if name.lower() == "profile":
                profile = value.strip('"')
        if quality >= 0:
            yield Range(f"{match[1]}/{match[2]}".lower(), quality, profile)


def best(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """The offer that the client likes best, or None. A missing or empty header likes everything.

    The most specific range that matches an offer gives its quality. Among equals a range that names the offer wins over
    a wildcard, then HTML wins if it is named (browsers such as lynx name text/plain, an alias, as high), and then the
    order of ``offers``. An alias stands for its format where it is named in full and the media
    type proper is not; wildcards match the media type proper alone.
    """
    return _best(accept or "", tuple(offers))


@memoised(2048)
def _best(accept: str, offers: tuple[Format, ...]) -> Format | None:
    wanted = list(ranges(accept))
    if not wanted:
        return offers[0] if offers else None
    ranked = []
    for place, offer in enumerate(offers):
        quality, specificity = _quality(offer, wanted)
        if quality > 0:
            page = offer is HTML and specificity == EXACT
            ranked.append((-quality, -specificity, not page, place, offer))
    return min(ranked, key=lambda r: r[:4])[4] if ranked else None


def choose(accept: str | None, offers: Sequence[Format]) -> Format:
    """The offer that the client likes best; raises NotAcceptableError, which names what is on offer."""
    format = best(accept, offers)
    if format is None:
        raise NotAcceptableError(
            f"no available format matches Accept: {accept}",
            remedy="ask for one of " + ", ".join(offer.media_type for offer in offers),
        )
    return format


def profiles(accept: str | None, offer: Format) -> list[str]:
    """The profiles that an Accept header names for an offer, from the range that it likes best."""
    named = [r for r in ranges(accept or "") if r.media_type == offer.media_type and r.profile and r.quality > 0]
    return max(named, key=lambda r: r.quality).profile.split() if named else []


def _quality(offer: Format, wanted: Sequence[Range]) -> tuple[float, int]:
    """Quality and specificity of the best match of an offer; (0, 0) where nothing matches."""
    main = offer.media_type.partition("/")[0]
    exact = [r.quality for r in wanted if r.media_type == offer.media_type]
    alias = [r.quality for r in wanted if r.media_type in offer.aliases]
    for specificity, found in (
        (EXACT, exact or alias),
        (SUBTYPES, [r.quality for r in wanted if r.media_type == f"{main}/*"]),
        (ANYTHING, [r.quality for r in wanted if r.media_type == "*/*"]),
    ):
        if found:
            return max(found), specificity
    return 0.0, 0
