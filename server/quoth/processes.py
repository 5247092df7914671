"""Processes that are killed: those that they started end with them, and their folders are removed by the next one."""

import contextlib
import fcntl
import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path


def end_with_parent() -> None:
    """Let this process, which another one started by multiprocessing, end when that ends, however that is."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder, which is removed at the end. Those of the same ``prefix`` whose processes were killed are
    removed first: the lock of a folder ends with its process."""
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)
    while True:
        with contextlib.ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix=prefix))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            try:
                stack.enter_context(_locked(folder))
            except (BlockingIOError, FileNotFoundError):
                continue  # another process is about to remove it
            if folder.exists():
                yield folder
                return


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of this user. Raises OSError where that cannot be."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(fd).st_uid != os.geteuid():
            raise PermissionError
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(fd)
