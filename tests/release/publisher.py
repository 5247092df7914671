"""A process that publishes, which tests kill and starve. It has one thread, so that it can fork.

Run as a program, it does what the lines of its input say, each in a process of its own whose id it prints, then how
that ended: 0, or 5 with the message of a ReleaseError.
"""

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from quoth.errors import ReleaseError
from quoth.release.current import roll_back
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction

from .publishing import quads, release

PROGRAM = [sys.executable, "-m", "tests.release.publisher"]
ROOT = Path(__file__).parents[2]


class Publisher:
    """The process, and what it was told last."""

    def __init__(self, prefix: tuple[str, ...] = ()) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([*prefix, *PROGRAM], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self.message = ""

    def start(self, folder: Path, claims: int = 0, **options: Any) -> int:
        """The id of a process that publishes so many claims, or, of none, rolls back to release 1."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"folder": str(folder), "claims": claims, **options}), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> int:
        """How the process ended that was started last."""
        assert self._process.stdout
        code, self.message = json.loads(self._process.stdout.readline())
        return int(code)

    def publish(self, folder: Path, claims: int, **options: Any) -> int:
        """Publish to the end; returns how it ended."""
        self.start(folder, claims, **options)
        return self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()

    @property
    def root(self) -> Path:
        """The file system as the process sees it."""
        return Path(f"/proc/{self._process.pid}/root")


def _run(
    folder: str, claims: int, force: bool = False, most_bytes: int = 0, redaction: dict[str, Any] | None = None
) -> None:
    if most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    if redaction:
        redact(Path(folder), Redaction(**redaction))
    elif claims:
        release(Path(folder), quads(claims), force=force)
    else:
        roll_back(Path(folder), 1)


def _main() -> None:
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _run(**json.loads(line))
                code = 0
            except ReleaseError as error:
                os.write(writing, str(error).encode())
                code = 5
            finally:
                os._exit(code)
        os.close(writing)
        print(child, flush=True)
        with suppress(ChildProcessError), os.fdopen(reading) as said:
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            print(json.dumps([code, said.read()]), flush=True)


if __name__ == "__main__":
    _main()
