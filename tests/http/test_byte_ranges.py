"""Which bytes a Range asks for (RFC 9110 §14)."""

import pytest

from quoth.http.byte_ranges import requested

MODIFIED = b"Fri, 20 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bytes=0-0", range(0, 1)),
        ("bytes=2-4", range(2, 5)),
        ("bytes=7-", range(7, 10)),
        ("bytes=7-99", range(7, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("BYTES=1-1", range(1, 2)),
        *((value, None) for value in ("", "bytes=5-2", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=١-٢", "x")),
    ],
)
def test_the_bytes_that_are_asked_for(value: str, expected: range | None) -> None:
    assert requested({b"range": value.encode()}, 10, '"a"', MODIFIED) == expected


@pytest.mark.parametrize("value", [b"bytes=10-", b"bytes=10-20", b"bytes=-0"])
def test_bytes_that_are_not_there(value: bytes) -> None:
    assert requested({b"range": value}, 10, '"a"', MODIFIED) in (range(10, 10),)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [(b'"a"', True), (MODIFIED, True), (b'"b"', False), (b'W/"a"', False), (b"*", False), (b"", True), (b"a", False)],
)
def test_a_part_of_another_representation_is_never_sent(condition: bytes, holds: bool) -> None:
    fields = {b"range": b"bytes=1-1", b"if-range": condition}
    assert requested(fields, 10, '"a"', MODIFIED) == (range(1, 2) if holds else None)
