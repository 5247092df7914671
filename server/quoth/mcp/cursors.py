"""Cursors: where the next page of an answer begins, for any process and any server of the same release.

A cursor is the number of what went before, and a digest that ties it to the question and to the content of the release:
it keeps no secret, and a page of another question or release is never taken for the next one of this.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from quoth.errors import UsageError

_FORM = re.compile(r"([0-9]{1,9})-([0-9a-f]{16})")
MOST_CHARACTERS = 40
"""Characters that a cursor may have."""


def cursor(first: int, question: str, arguments: Mapping[str, Any], content: str) -> str:
    """The cursor of the page that begins with number ``first``, from 0, of the answer to a ``question`` with those
    arguments (JSON), in a release of that ``content`` (its hash)."""
    asked = json.dumps([first, question, arguments, content], sort_keys=True, ensure_ascii=False)
    return f"{first}-{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}"


def first(text: str, question: str, arguments: Mapping[str, Any], content: str) -> int:
    """The number with which the page of a cursor begins; 0 without one. Raises UsageError for a cursor that was not
    given for this question and this release."""
    if not text:
        return 0
    match = _FORM.fullmatch(text)
    if match is None or cursor(int(match[1]), question, arguments, content) != text:
        raise UsageError(
            "the cursor is not one of this question in the current release",
            where="cursor",
            remedy="take nextCursor as it is, with the same arguments, or begin again without a cursor",
        )
    return int(match[1])
