"""Disks that are full: that of the server, with its spool and its log, and that of the engine, with its database."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from quoth.errors import QuothError
from quoth.release.release import Releases

from .. import oxigraph
from ..clients import missing
from ..serving import free_port, serving, until
from .mortal import Mortal
from .right_answers import (
    LISTS,
    PAGES,
    QUERIES,
    RightAnswers,
    ask,
    learn,
    publish_claims,
    query,
    reading,
    staged_in,
)

MOUNT = 'mount -t tmpfs -o size=64m tmpfs "$0" && exec "$@"'
"""A small disk, in a namespace that goes with the process."""
LARGE = query("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
"""A query whose result is kept in a file."""


def small_disk(folder: Path) -> tuple[str, ...]:
    """The prefix of a command whose process has a small disk at a folder."""
    folder.mkdir()
    prefix = ("unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, str(folder))
    tried = subprocess.run([*prefix, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        missing(f"no file system can be mounted here: {tried.stderr.strip()}")
    return prefix


def fill(folder: Path, left: int = 0) -> None:
    """Leave so many bytes of a disk free. Others may take some of them meanwhile."""
    with (folder / "ballast").open("ab") as file:
        for _ in range(20):
            if (free := (sizes := os.statvfs(folder)).f_bavail * sizes.f_frsize) > left:
                with suppress(OSError):
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, free - left)


@pytest.mark.slow
def test_on_a_full_disk_a_server_answers_what_needs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "disk"
    prefix = small_disk(disk)
    monkeypatch.setenv("TMPDIR", str(disk))
    publish_claims(tmp_path / "releases", 80)
    questions = [*QUERIES, *PAGES, *LISTS]
    with serving(tmp_path / "releases", prefix=prefix, access_log=disk / "access.log") as server:
        seen = Path(f"/proc/{server.process.pid}/root") / disk.relative_to("/")
        right = RightAnswers()
        right.learn(server.port, 1, [*questions, LARGE])
        with reading(server, right, [*questions, LARGE]) as readers:
            until(readers.seen("release 1", 20))
            fill(seen)
            assert right.judge(LARGE, ask(server.port, LARGE, "full")) in ("503", "cut")
            for question in questions:
                assert right.judge(question, ask(server.port, question, "full")) == "release 1", question.target
            assert server.get("/ready").status == 200
            (seen / "ballast").unlink()
            until(lambda: right.judge(LARGE, ask(server.port, LARGE, "free")) == "release 1")
        assert set(readers.counts) <= {"release 1", "503", "cut"}, readers.counts
        size = (seen / "access.log").stat().st_size
        server.get("/health")
        until(lambda: (seen / "access.log").stat().st_size > size)


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The setting of two engines, of which the second has a small disk, and that disk as everybody sees it."""
    disk, port = tmp_path / "disk", free_port()
    command = [*small_disk(disk), oxigraph.program(), "serve", "--location", str(disk / "db")]
    with ExitStack() as stack:
        first = stack.enter_context(oxigraph.serving("serve", tmp_path / "a"))
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        until(lambda: Path(f"/proc/{process.pid}/comm").read_text() == "oxigraph\n")
        until(Mortal(f"http://127.0.0.1:{port}").listens)
        seen = Path(f"/proc/{process.pid}/root") / disk.relative_to("/")
        yield f"oxigraph+{first} oxigraph+http://127.0.0.1:{port}", seen


@pytest.mark.slow
def test_an_engine_whose_disk_is_full_stops_the_publication_alone(engines: tuple[str, Path], tmp_path: Path) -> None:
    setting, disk = engines
    releases = tmp_path / "releases"
    staged = staged_in(releases, setting)
    publish_claims(releases, 80, staged.stage)
    with serving(releases, engine=setting, access_log="off", query_time_limit_s=60) as server:
        right = learn(server, releases, (1,), [*QUERIES, *PAGES], staged.stage)
        with reading(server, right, [*QUERIES, *PAGES]) as readers:
            for left in (0, 2**18):
                fill(disk, left)
                with pytest.raises(QuothError, match="the engine") as caught:
                    publish_claims(releases, 400, staged.stage)
                assert "\n" not in str(caught.value)
                (disk / "ballast").unlink()
                assert Releases(releases).current().number == 1
            until(readers.seen("release 1", 20))
        assert set(readers.counts) == {"release 1"}, readers.counts
        # RocksDB may refuse to write until its server is started anew, however much room there is again.
        refusal = None
        try:
            publish_claims(releases, 120, staged.stage)
        except QuothError as error:
            refusal = str(error)
        assert refusal is None or "the engine" in refusal
        current = Releases(releases).current()
        assert current.number == (1 if refusal else 2)
        staged.verify(current)
