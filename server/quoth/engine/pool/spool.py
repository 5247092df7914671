"""The spool: files for results that are larger than a few kilobytes, until their clients have fetched them.

A worker writes its result into such a file, and so is free for the next query as soon as it has evaluated this one,
however slowly the client reads. The files have no names and are gone with the server.
"""

import os
import tempfile
import threading
from collections import Counter

_STEP_MB = 16
_READ_BYTES = 1 << 16


class SpoolFile:
    """A file for one result of a client. It may grow up to ``granted_mb`` megabytes."""

    def __init__(self, client: str | None) -> None:
        self.client = client
        self.granted_mb = 0
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self._offset = 0

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self) -> bytes:
        """The next bytes; none where no more have been written yet."""
        data = os.pread(self._file.fileno(), _READ_BYTES, self._offset)
        self._offset += len(data)
        return data

    @property
    def size_mb(self) -> int:
        """Its size, rounded up."""
        return -(-os.fstat(self._file.fileno()).st_size // 2**20)

    def close(self) -> None:
        self._file.close()


class Spool:
    """``budget_mb`` for the files of all results together, of which one client gets half. Safe for many threads."""

    def __init__(self, budget_mb: int) -> None:
        self._budget_mb = budget_mb
        self._lock = threading.Lock()
        self._held: Counter[str | None] = Counter()

    @property
    def held_mb(self) -> int:
        """The room, in MB of 2**20 bytes, that the files take or may grow to."""
        with self._lock:
            return self._held.total()

    def open(self, client: str | None) -> SpoolFile | None:
        """A file that may grow by a first step; None if there is no room."""
        try:
            file = SpoolFile(client)
        except OSError:
            return None
        if not self.extend(file):
            file.close()
            return None
        return file

    def extend(self, file: SpoolFile) -> int:
        """Let a file grow: by so many megabytes, which is 0 if there is no room. The steps grow with the file."""
        step = min(max(file.granted_mb, 1), _STEP_MB)
        with self._lock:
            share = self._budget_mb if file.client is None else max(1, self._budget_mb // 2)
            if self._held.total() + step > self._budget_mb or self._held[file.client] + step > share:
                return 0
            self._held[file.client] += step
        file.granted_mb += step
        return step

    def finish(self, file: SpoolFile) -> None:
        """Take back what a file was granted beyond its size: it grows no more."""
        self._give_back(file, file.granted_mb - file.size_mb)

    def close(self, file: SpoolFile) -> None:
        """Delete a file."""
        file.close()
        self._give_back(file, file.granted_mb)

    def _give_back(self, file: SpoolFile, size_mb: int) -> None:
        file.granted_mb -= size_mb
        with self._lock:
            self._held[file.client] -= size_mb
            if self._held[file.client] <= 0:
                del self._held[file.client]
