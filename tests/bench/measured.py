"""What a command costs: time, processor time of all its processes, and the peak of their memory."""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.load import family

EVERY_S = 0.2
_MEMORY = ("RssAnon:", "RssShmem:")
STAGES = "QUOTH_BENCH_STAGES"
"""The variable with the name of the file to which a command writes the seconds of its stages."""


@dataclass
class Stages:
    """How long each stage took, in seconds, in their order: what a command calls to tell its progress."""

    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str = ""
    _since: float = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.perf_counter()
        if stage != self._stage:
            if self._stage:
                self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + now - self._since, 3)
            self._stage, self._since = stage, now

    def write(self) -> None:
        """End the last stage, and write all to the file that the environment names."""
        self("", 0, 0)
        if file := os.environ.get(STAGES):
            Path(file).write_text(json.dumps(self.seconds))


@dataclass(frozen=True)
class Cost:
    """Of a command: seconds by the clock and of processors; the peak of the memory that its processes had of their own,
    sampled, in MB (pages that a fork shares count for each), and the peak of its largest process, as the kernel has it;
    the seconds of its ``stages``, if it tells them, and what it printed."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    largest_mb: float
    stages: dict[str, float]
    output: str

    def as_json(self) -> dict[str, object]:
        """The figures."""
        return {
            **{name: round(getattr(self, name), 3) for name in ("wall_s", "cpu_s", "peak_mb", "largest_mb")},
            "stages": self.stages,
        }


def own_mb(pid: int) -> float:
    """The memory that a process and all that descend from it have of their own now, in MB."""
    total = 0
    for member in family(pid):
        try:
            lines = Path(f"/proc/{member}/status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(_MEMORY))
    return total / 1024


def run(command: Sequence[str], scratch: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. ``scratch`` is a folder for its output.

    Raises SystemExit, with what it printed last, if it fails.
    """
    stages, output = scratch / "stages.json", scratch / "output.txt"
    stages.unlink(missing_ok=True)
    # The peak of the largest child is that of all so far, so each command has a parent of its own.
    watched = [sys.executable, "-m", "tests.bench.measured", str(scratch / "usage.json"), *command]
    given = {**os.environ, **(environment or {}), STAGES: str(stages)}
    peak = 0.0
    with output.open("wb") as sink:
        process = subprocess.Popen(watched, env=given, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            while process.poll() is None:
                peak = max(peak, own_mb(process.pid))
                time.sleep(EVERY_S)
        finally:  # whoever stops a measurement stops what it runs
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    text = output.read_text("utf-8", "replace")
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {text[-2000:]}")
    usage = json.loads((scratch / "usage.json").read_text())
    told = json.loads(stages.read_text()) if stages.exists() else {}
    return Cost(usage["wall_s"], usage["cpu_s"], max(peak, usage["largest_mb"]), usage["largest_mb"], told, text)


def quoth_in(folder: Path, arguments: Sequence[str]) -> Cost:
    """Run a command of Quoth in the folder ``corpus`` of ``folder``, with a cache of its own.

    Findings and misfits (exit code 1) are no failure. Raises what ``run`` raises.
    """
    code = (
        f"import os, sys; os.chdir({str(folder / 'corpus')!r})\nfrom tests.bench.measured import quoth\n"
        f"try: quoth({list(arguments)!r})\nexcept SystemExit as end: sys.exit(end.code if end.code != 1 else 0)"
    )
    environment = {"QUOTH_CACHE": str(folder / "cache"), "PYTHONPATH": os.getcwd()}
    return run([sys.executable, "-c", code], folder, environment)


def disk_mb(folder: Path) -> float:
    """What a folder takes on the disk, in MB; a file with several names counts once."""
    seen: dict[int, int] = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            status = os.lstat(Path(parent, name))
            seen[status.st_ino] = status.st_blocks * 512
    return sum(seen.values()) / 2**20


@contextmanager
def _recorded(stages: Stages) -> Iterator[Stages]:
    yield stages


def quoth(arguments: Sequence[str]) -> None:
    """Run a command of Quoth in this process, with its stages written down."""
    from quoth.cli import console, main

    stages = Stages()
    console.progress = lambda: _recorded(stages)  # commands import it when they run
    sys.argv = ["quoth", *arguments]
    try:
        main()
    finally:
        stages.write()


def main() -> None:
    """Run a command, and write what it used to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("usage", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    started = time.perf_counter()
    code = subprocess.call(given.command)
    wall_s = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    usage = {"wall_s": wall_s, "cpu_s": used.ru_utime + used.ru_stime, "largest_mb": used.ru_maxrss / 1024}
    given.usage.write_text(json.dumps(usage))
    sys.exit(code)


if __name__ == "__main__":
    main()
