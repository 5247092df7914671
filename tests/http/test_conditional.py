"""Preconditions of requests (RFC 9110 §13)."""

import pytest

from quoth.http import conditional


@pytest.mark.parametrize(
    ("condition", "tag", "expected"),
    [
        (b'"a"', '"a"', True),
        (b'"b" , "a"', '"a"', True),
        (b'W/"a"', '"a"', False),
        (b'W/"a"', 'W/"a"', False),
        (b'"a"', 'W/"a"', False),
        (b"*", "", True),
        (b'"a"', "", False),
    ],
)
def test_strong_comparison(condition: bytes, tag: str, expected: bool) -> None:
    assert conditional.same(condition, tag) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"a-br"', False),
        (b"a", False),
        (b"", False),
    ],
)
def test_if_none_match(header: bytes, expected: bool) -> None:
    assert conditional.matches(header, '"a"') is expected
