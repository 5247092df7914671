"""Copies that are interrupted: by the source, by a signal, by another command. The next one goes on with them."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quoth.errors import ReleaseError, UnavailableError
from quoth.release.current import lock
from quoth.release.fetch.fetch import FETCHING, fetch
from quoth.release.fetch.source import FolderSource
from quoth.release.release import Releases

from ...serving import until
from .places import Web, bring, content


def test_what_took_the_place_of_another_release_is_not_left_beside_it(published: Path, tmp_path: Path) -> None:
    """As where a command is killed after it has exchanged a release for the one that was made anew."""
    copy = tmp_path / "copy"
    bring(copy, str(published))
    left = copy / f"{FETCHING}3-{'0' * 64}"
    shutil.copytree(copy / "3", left)
    assert bring(copy, str(published)).releases == ()
    assert not left.exists()


class Half:
    """A folder of which one file is refused, while another comes a byte at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.where = FolderSource(folder), str(folder)

    def blocks(self, name: str, start: int = 0) -> Iterator[bytes]:
        if name.endswith("/report.json"):
            time.sleep(0.5)  # so that the other has begun
            raise UnavailableError("it is refused")
        for block in self._folder.blocks(name, start):
            if name.endswith("/lists.sqlite"):
                for byte in block:
                    yield bytes([byte])
                    time.sleep(0.05)
            else:
                yield block

    def close(self) -> None:
        self._folder.close()


def test_where_a_file_cannot_be_had_no_other_is_waited_for(published: Path, tmp_path: Path) -> None:
    assert (published / "3" / "lists.sqlite").stat().st_size * 0.05 > 1000
    copy, began = tmp_path / "copy", time.monotonic()
    with pytest.raises(UnavailableError, match="it is refused"):
        fetch(copy, Half(published), None, 0, lambda *_: None)
    assert time.monotonic() - began < 60
    [part] = copy.glob(f"{FETCHING}*/.lists.sqlite")
    assert (published / "3" / "lists.sqlite").read_bytes().startswith(part.read_bytes())  # the next one goes on with it


@pytest.mark.slow
def test_commands_that_are_killed_leave_whole_releases_and_are_gone_on_with(
    served: Web, published: Path, tmp_path: Path
) -> None:
    copy, chance, killed = tmp_path / "copy", random.Random(20261129), 0
    command = [sys.executable, "-c", "from quoth.cli import main; main()", "fetch-release", served.url]
    while True:
        process = subprocess.Popen([*command, "--releases", str(copy)], stdout=subprocess.DEVNULL)
        served.seen.clear()
        until(lambda process=process: served.seen or process.poll() is not None)
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        killed += process.wait() != 0
        known = Releases(copy)
        for one in known.all():
            one.verify()
        if (copy / "current").exists():
            assert known.current().number == 3
        if process.returncode == 0 or killed == 20:
            break
    assert killed
    bring(copy, served.url)
    assert content(copy) == content(published)
    assert {*os.listdir(copy)} == {".lock", "current.json", "1", "2", "3", "current"}


def test_what_was_begun_is_gone_on_with(served: Web, published: Path, tmp_path: Path) -> None:
    copy, name = tmp_path / "copy", "3/lists.sqlite"
    served.spoil[name] = 403
    with pytest.raises(UnavailableError, match=r"answered 403 for 3/lists\.sqlite"):
        bring(copy, served.url)
    assert Releases(copy).numbers() == []
    [folder] = copy.glob(f"{FETCHING}*")
    held = {f"/3/{path.relative_to(folder)}" for path in folder.rglob("[!.]*") if path.is_file()}
    assert "/3/segments.json.gz" in held
    whole = (published / name).read_bytes()
    (folder / ".lists.sqlite").write_bytes(whole[:1000])
    served.spoil.clear()
    served.seen.clear()
    bring(copy, served.url, 3)
    before, after = (
        {path: data for path, data in content(place).items() if path.startswith("3/")} for place in (published, copy)
    )
    assert after == before
    assert f"/{name}" in served.seen
    assert not held & {*served.seen}
    assert not [*copy.glob(f"{FETCHING}*")]


def test_a_part_of_another_file_is_begun_again(served: Web, published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    served.spoil["3/lists.sqlite"] = 403
    with pytest.raises(UnavailableError):
        bring(copy, served.url)
    [folder] = copy.glob(f"{FETCHING}*")
    (folder / ".lists.sqlite").write_bytes(b"x" * 1000)
    (folder / "report.json").write_bytes((published / "3" / "report.json").read_bytes().swapcase())
    served.spoil.clear()
    bring(copy, served.url, 3)
    Releases(copy).open(3).verify()


def test_one_fetches_at_a_time(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with lock(copy), pytest.raises(ReleaseError, match="another publication is running"):
        bring(copy, str(published))
