"""Ranges of a representation (RFC 9110 §14): which bytes a request asks for.

>>> requested({b"range": b"bytes=2-"}, 10, '"a"', b""), requested({b"range": b"bytes=0-1,4-5"}, 10, '"a"', b"")
(range(2, 10), None)
"""

import re
from collections.abc import Mapping

from quoth.http import conditional

_ONE_RANGE = re.compile(rb"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE)


def requested(fields: Mapping[bytes, bytes], length: int, tag: str, modified: bytes) -> range | None:
    """The bytes that the fields of a GET ask for, of ``length``; an empty range where none of them are there.

    None stands for all: without a range, for several or a malformed one, to which the whole is a right answer (§14.2),
    and where If-Range names another ETag, or another date than ``modified`` (§13.1.5, by strong comparison).
    """
    match = _ONE_RANGE.fullmatch(fields.get(b"range", b""))
    if match is None:
        return None
    condition = fields.get(b"if-range", b"").strip()
    if condition and condition != modified and not (b'"' in condition and conditional.same(condition, tag)):
        return None
    first, last = match[1], match[2]
    if first:
        if last and int(last) < int(first):
            return None
        return range(int(first), min(int(last) + 1 if last else length, length))
    return range(max(length - int(last), 0), length) if last else None
