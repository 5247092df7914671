"""Files one after the other, read as one."""

import io
import os
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any


class Concatenation(io.RawIOBase):
    """The bytes of files, or bytes, in their order, with their sizes; any place can be read from. One file is open at a
    time. Raises OSError where a file is missing or too short."""

    def __init__(self, parts: Sequence[tuple[Path | bytes, int]]) -> None:
        self._parts = [part for part, size in parts if size]
        self._ends = [*accumulate(size for _, size in parts if size)]
        self._place = 0
        self._open: tuple[int, io.FileIO | io.BytesIO] | None = None

    def readable(self) -> bool:
        """Always true."""
        return True

    def seekable(self) -> bool:
        """Always true."""
        return True

    def tell(self) -> int:
        """The place of the next byte that is read."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Set the place of the next byte; returns it."""
        size = self._ends[-1] if self._ends else 0
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with bytes of one file; returns how many there were, 0 at the end."""
        number = bisect_right(self._ends, self._place)
        if number == len(self._ends):
            return 0
        if self._open is None or self._open[0] != number:
            self._close_file()
            part = self._parts[number]
            self._open = number, io.BytesIO(part) if isinstance(part, bytes) else io.FileIO(part)
        _, file = self._open
        file.seek(self._place - (self._ends[number - 1] if number else 0))
        count = file.readinto(memoryview(buffer)[: self._ends[number] - self._place])
        if not count and len(buffer):
            raise OSError(f"{os.fsdecode(self._parts[number])} is shorter than it was when it was published")
        self._place += count
        return count

    def close(self) -> None:
        """Close the file that is open."""
        self._close_file()
        super().close()

    def _close_file(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None
