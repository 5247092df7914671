"""Conditional requests (RFC 9110 §13): the one place that says what a condition gives.

>>> outcome({b"if-none-match": b'"a", W/"b"'}, '"b"', b""), outcome({b"if-match": b'"a"'}, '"b"', b"")
(304, 412)
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from werkzeug.http import parse_date

FIELDS = frozenset((b"if-match", b"if-unmodified-since", b"if-none-match", b"if-modified-since"))

_TAG = re.compile(r'(?:W/)?"[^"]*"')


def outcome(fields: Mapping[bytes, bytes], tag: str, modified: bytes) -> int:
    """The status that the conditions among the fields of a GET or HEAD give to a representation with that ETag and
    Last-Modified (empty where it has none): 200, 304 or 412, in the order of RFC 9110 §13.2.2."""
    if b"if-match" in fields:
        if not same(fields[b"if-match"], tag):
            return 412
    elif b"if-unmodified-since" in fields and unchanged(modified, fields[b"if-unmodified-since"]) is False:
        return 412
    if b"if-none-match" in fields:
        return 304 if matches(fields[b"if-none-match"], tag) else 200
    since = fields.get(b"if-modified-since", b"")
    return 304 if unchanged(modified, since) and (modified == since or not _is_to_come(since)) else 200


def matches(if_none_match: bytes, tag: str) -> bool:
    """Whether If-None-Match names an ETag, by weak comparison (RFC 9110 §13.1.2)."""
    text = if_none_match.decode("latin-1").strip()
    own = tag.removeprefix("W/")
    return bool(tag) and (text == "*" or any(named.removeprefix("W/") == own for named in _TAG.findall(text)))


def same(if_match: bytes, tag: str) -> bool:
    """Whether If-Match holds for what has an ETag, by strong comparison (RFC 9110 §13.1.1)."""
    text = if_match.decode("latin-1").strip()
    return text == "*" or (tag.startswith('"') and tag in _TAG.findall(text))


def _is_to_come(date: bytes) -> bool:
    """Whether a date is in the future: a clock gave it that was wrong, and who knows what has changed since."""
    then = parse_date(date.decode("latin-1"))
    return then is not None and then > datetime.now(UTC)


def unchanged(modified: bytes, since: bytes) -> bool | None:
    """Whether what was changed at ``modified`` was not changed after a date; None where either is not a date, and a
    condition does not count (RFC 9110 §13.1.3, §13.1.4)."""
    if not modified or not since:
        return None
    if modified == since:
        return True
    changed, then = (parse_date(date.decode("latin-1")) for date in (modified, since))
    return None if changed is None or then is None else changed <= then
