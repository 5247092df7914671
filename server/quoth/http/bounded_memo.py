"""Remembering what was found for the fields that clients send, which most of them send alike.

A client may send up to 64 KiB in a field, and another one each time. What is as long is found anew, so that thousands
of remembered keys stay small.
"""

import functools
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

K = TypeVar("K", str, bytes)
Others = TypeVarTuple("Others")
R = TypeVar("R")

LONGEST = 500
"""Characters or bytes of a field that is remembered. Those of browsers and libraries are shorter."""


def memoised(size: int) -> Callable[[Callable[[K, *Others], R]], Callable[[K, *Others], R]]:
    """A decorator: remember the last ``size`` results, but none whose first argument is longer than LONGEST."""

    def decorate(function: Callable[[K, *Others], R]) -> Callable[[K, *Others], R]:
        remembered = functools.lru_cache(size)(function)

        @functools.wraps(function)
        def found(text: K, *others: *Others) -> R:
            return remembered(text, *others) if len(text) <= LONGEST else function(text, *others)

        return found

    return decorate
