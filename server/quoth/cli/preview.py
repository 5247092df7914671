"""``quoth preview``: documents as pages, for their authors, before they are published."""

import functools
import itertools
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import watchfiles

from quoth import processes
from quoth.claim.checking.anchors import TEXT_SUFFIXES
from quoth.claim.reading import document
from quoth.claim.reading.document import SUFFIXES
from quoth.cli.check import check_documents, shared_documents
from quoth.cli.console import BASE, PATHS, TEXTS, corpus_paths, print_report
from quoth.cli.publish import publish_documents
from quoth.config import Settings
from quoth.engine.api.interface import Engine
from quoth.errors import CheckError, QuothError
from quoth.release import questions
from quoth.release.history.schema import HISTORY
from quoth.release.open import open_current
from quoth.release.release import Release, Releases
from quoth.server.preview import PreviewLayer, State
from quoth.server.serve import serve

HOST = "127.0.0.1"
RELEASES_KEPT = 2
"""Releases that a preview keeps: pages may still come from the one before the current one."""

DEBOUNCE_MS = 400
"""The time in which further changes are taken together with the first."""

CLOCK_STEP_NS = 20_000_000
"""The step in which a file system counts its time, at most."""

ENDING_S = 5
"""Seconds that a check has to end in, before the folder that it may write to is removed."""

_SUFFIXES = (*SUFFIXES, *TEXT_SUFFIXES, ".rq", ".toml")


@click.command("preview")
@PATHS
@TEXTS
@BASE
@click.option("--port", type=int, help="Port to listen on; default: a free one.")
@click.option("--watch", is_flag=True, help="Check again when a file changes, and reload the pages that are open.")
def preview_command(
    paths: tuple[Path, ...], texts: Path | None, base: str | None, port: int | None, watch: bool
) -> None:
    """Show documents (default: the corpus) as pages on this machine, without publishing them.

    Proposed encodings are shown too. With --watch, a change of a document, vocabulary, question or text is checked as
    it is saved: where nothing is wrong, the pages that are open reload themselves; otherwise they keep what was right
    last, and say what is wrong. Everything is removed when the command ends, or if it
    is killed, when the next one begins.

    Exit codes: 0 ended, 1 findings and no --watch, 2 wrong usage, 3 a document cannot be read, 5 it cannot be served.
    """
    settings = Settings.from_environment(paths=paths, texts=texts, base=base, host=HOST, port=port or _free_port())
    signal.signal(signal.SIGTERM, _interrupt)
    with processes.temporary_folder("quoth-preview-") as folder:
        url = f"http://{HOST}:{settings.port}/"
        settings = replace(
            settings, releases=folder, public_url=url, access_log="off", processes=1, mcp="off", engine=""
        )
        paths = (*paths, *shared_documents(paths)) or corpus_paths()
        preview = Preview(paths, settings)
        watched = dict.fromkeys([*paths, *itertools.chain.from_iterable(map(document.members, paths))])
        watcher = Watcher([*watched], settings.texts) if watch else None
        try:
            while not preview.make():
                if watcher is None:
                    raise CheckError("there is nothing to show", remedy="fix what is listed above")
                click.echo("quoth: waiting for a change: there is nothing to show yet", err=True)
                watcher.wait()
            if watcher:
                threading.Thread(target=preview.follow, args=(watcher,), daemon=True).start()
            layer = functools.partial(PreviewLayer, root=settings.root, folder=settings.releases)
            serve(
                settings,
                open_without_history,
                announce=lambda _: click.echo(f"preview at {url} (Ctrl-C ends it)"),
                layer=layer,
            )
        finally:
            preview.ended.set()
            if watcher:
                watcher.close()
            preview.lock.acquire(timeout=ENDING_S)  # a check that takes longer ends with the process


def open_without_history(settings: Settings) -> tuple[Engine, Release]:
    """The current release as ``open_current`` opens it, without a history: what is saved on the way to a publication
    is none, and pages lead to none."""
    engine, release = open_current(settings)
    files = {name: file for name, file in release.manifest.files.items() if name != HISTORY}
    return engine, replace(release, manifest=replace(release.manifest, files=files))


def _interrupt(signal: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
    return port


class Preview:
    """Documents, and the release in a temporary folder that they were made into last."""

    def __init__(self, paths: Sequence[Path], settings: Settings) -> None:
        self._paths, self._settings = paths, settings
        self._state: State | None = None
        self.ended = threading.Event()
        self.lock = threading.Lock()

    def make(self) -> bool:
        """Check the documents, and publish them if there is no violation; print the findings. Whether there is
        something to show."""
        with self.lock:
            if self.ended.is_set():
                return False
            number = self._state.release if self._state else 0
            problems: tuple[str, ...] = ()
            try:
                report = check_documents(self._paths, self._settings)
                print_report(report)
                if report.conforms:
                    number = publish_documents(
                        self._paths, self._settings, proposed=True, note=lambda text: None
                    ).number
                else:
                    problems = tuple(str(f) for f in report.findings if f.severity == "Violation")
            except (QuothError, OSError) as error:
                problems = (str(error),)
                click.echo(f"quoth: {error}", err=True)
            if number and (self._state is None or (number, problems) != (self._state.release, self._state.problems)):
                self._state = State(number, self._state.version + 1 if self._state else 1, problems)
                self._state.write(self._settings.releases)
            for old in Releases(self._settings.releases).numbers():
                if old <= number - RELEASES_KEPT:
                    shutil.rmtree(self._settings.releases / str(old), ignore_errors=True)
            return self._state is not None

    def follow(self, watcher: "Watcher") -> None:
        """Make it anew after every change, until it ends."""
        while watcher.wait() and not self.ended.is_set():
            self.make()
            click.echo(f"quoth: checked at {time.strftime('%H:%M:%S')}", err=True)


class Watcher:
    """Tells of changes in the files that documents in ``paths`` are made from, those during a check included."""

    def __init__(self, paths: Sequence[Path], texts: Path | None) -> None:
        self._changed, self._ended = threading.Event(), threading.Event()
        self._started_ns = time.time_ns() - CLOCK_STEP_NS
        self._seen: dict[str, tuple[int, ...]] = {}
        """Path → the state of the file when it was told of last."""
        whole = [path for path in (*paths, *([texts] if texts else [])) if path.is_dir()]
        # A vocabulary and a folder of questions stand beside the documents, or one folder above.
        above = [path.absolute().parent for path in paths]
        above += [path.parent for path in above]
        above += [path / questions.FOLDER for path in above]
        for folders, recursive in ((whole, True), ([path for path in dict.fromkeys(above) if path.is_dir()], False)):
            if folders:
                threading.Thread(target=self._watch, args=(folders, recursive), daemon=True).start()

    def _watch(self, folders: Sequence[Path], recursive: bool) -> None:
        changes = watchfiles.watch(
            *folders,
            watch_filter=self._concerns,
            recursive=recursive,
            debounce=DEBOUNCE_MS,
            stop_event=self._ended,
            ignore_permission_denied=True,
        )
        for _ in changes:
            self._changed.set()

    def _concerns(self, change: watchfiles.Change, path: str) -> bool:
        """Whether a file that documents may be made from has changed: not those that editors write in passing, and not
        one that was only read, which some systems tell of too."""
        name = Path(path).name
        if name.startswith((".", "~")) or not name.lower().endswith(_SUFFIXES):
            return False
        try:
            stat = os.stat(path)
        except OSError:
            self._seen.pop(path, None)
            return True
        state = (stat.st_ctime_ns, stat.st_mtime_ns, stat.st_size, stat.st_ino)
        before = self._seen.get(path)
        self._seen[path] = state
        return stat.st_ctime_ns > self._started_ns if before is None else state != before

    def wait(self) -> bool:
        """Wait for the next change: False if there will be none."""
        self._changed.wait()
        self._changed.clear()
        return not self._ended.is_set()

    def close(self) -> None:
        """End the watch."""
        self._ended.set()
        self._changed.set()
