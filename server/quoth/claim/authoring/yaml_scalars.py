"""Scalars of YAML that any reader takes for what they are."""

import json
import re

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
"""Characters that a reader takes for a line end, or refuses."""


def scalar(value: object) -> str:
    """A text as a scalar in quotation marks, or a number: a string of JSON is one of YAML."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
