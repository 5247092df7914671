"""Scalars of YAML that any reader takes for what they are."""

import json
import re

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that a reader takes for a line end, or refuses."""


def scalar(value: object) -> str:
    """A text as a scalar in quotation marks, or a number: a string of JSON is one of YAML. Half a character, which no
    file can have, becomes U+FFFD."""
    return _UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"
