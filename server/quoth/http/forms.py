"""Query strings and form bodies (https://url.spec.whatwg.org/#urlencoded-parsing)."""

import binascii
import functools
from collections.abc import Mapping, Sequence
from urllib.parse import unquote_to_bytes

from quoth.errors import UsageError

FORM = "application/x-www-form-urlencoded"
"""The media type of query strings and of form bodies."""

_FIELDS_LIMIT = 1_000


@functools.lru_cache(8)  # the access log wants them just before
def parameters(encoded: bytes, charset: str = "utf-8") -> Mapping[str, Sequence[str]]:
    """The parameters of a query string or a form, decoded just once. Raises UsageError where they are not what their
    charset says."""
    found: dict[str, list[str]] = {}
    pairs = [part.partition(b"=") for part in encoded.split(b"&") if part]
    if len(pairs) > _FIELDS_LIMIT:
        raise UsageError(f"there are more than {_FIELDS_LIMIT} parameters")
    try:
        for name, _, value in pairs:
            found.setdefault(_unquoted(name).decode(charset), []).append(_unquoted(value).decode(charset))
    except UnicodeDecodeError:
        raise UsageError("the parameters are not UTF-8", remedy="percent-encode them as UTF-8") from None
    return found


def _unquoted(text: bytes) -> bytes:
    """Percent-decoding, with + for a space (https://url.spec.whatwg.org/#urlencoded-parsing).

    What is well-formed is decoded as quoted-printable, which is the same with another sign, and has a decoder in C: a
    query has hundreds of these signs.
    """
    spaced = text.replace(b"+", b" ")
    signs = spaced.count(b"%")
    if signs and b"\n" not in spaced and b"\r" not in spaced:
        printable = spaced.replace(b"=", b"%3D").replace(b"%", b"=")
        found = binascii.a2b_qp(printable)
        if len(found) == len(printable) - 2 * printable.count(b"="):
            return found
    return unquote_to_bytes(spaced) if signs else spaced
