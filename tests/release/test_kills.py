"""Publications that are killed at random moments, and two at once: always the old release or the new one."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.release import identity
from quoth.release.current import roll_back
from quoth.release.release import Release, Releases

from .publisher import Publisher
from .publishing import quads, release

KILLS = 100


@pytest.fixture
def publishers() -> Iterator[list[Publisher]]:
    with Publisher() as one, Publisher() as another, Publisher() as third:
        yield [one, another, third]


def check_whole(edition: Release) -> int:
    """The number of the claims of a release whose parts all tell the same."""
    edition.verify()
    claims = edition.manifest.claims
    assert edition.manifest.quads == len(quads(claims)) + identity.SIZE
    assert {str(q) for q in ox.Store.read_only(str(edition.store_path))} > {str(q) for q in quads(claims)}
    return claims


@pytest.mark.slow
@pytest.mark.parametrize("force", [False, True], ids=["changed", "made anew"])
def test_publications_killed_at_random_moments_leave_the_old_release_or_the_new_one(
    tmp_path: Path, publishers: list[Publisher], force: bool
) -> None:
    chance = random.Random(20261129 + force)
    folder, publisher = tmp_path / "releases", publishers[0]
    assert publisher.publish(folder, 3) == 0
    before = time.monotonic()
    assert publisher.publish(folder, 4, force=force) == 0
    longest_s = time.monotonic() - before
    claims, ends, tried = 4, list[int](), {4}
    while (killed := ends.count(-signal.SIGKILL)) < KILLS // 2:
        assert len(ends) < 20 or killed, "no publication is killed before it ends"
        # A claim more, or one less; none would be a roll-back.
        asked = claims + 1 if claims == 1 or chance.random() < 0.5 else claims - 1
        tried.add(asked)
        child, before = publisher.start(folder, asked, force=force), time.monotonic()
        time.sleep(chance.uniform(0, longest_s))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        ends.append(publisher.end())
        assert ends[-1] in (0, -signal.SIGKILL)
        if ends[-1] == 0:  # the moments are those of a publication, however fast it is
            longest_s = min(longest_s, time.monotonic() - before)
        known = Releases(folder)
        held = check_whole(known.current())
        assert held in (claims, asked)
        assert ends[-1] or held == asked
        # One that was whole but not current yet stays until the next one is.
        assert [check_whole(edition) in tried for edition in known.all()[-1:]] == [True]
        claims, tried = held, {held} if ends[-1] == 0 else tried
    last = release(folder, quads(claims + 1), force=force)
    assert check_whole(Releases(folder).current()) == claims + 1
    assert {*os.listdir(folder)} == {".lock", "current.json", "current", *map(str, range(1, last.number + 1))}


@pytest.mark.parametrize("number", [1, None])
def test_a_roll_back_after_one_that_was_killed_finishes(tmp_path: Path, number: int | None) -> None:
    for claims in (1, 2):
        release(tmp_path, quads(claims))
    (tmp_path / ".current-1").symlink_to("1")  # what is there before the rename
    assert roll_back(tmp_path, number).number == Releases(tmp_path).current().number == 1
    assert {*os.listdir(tmp_path)} == {".lock", "current.json", "1", "2", "current"}


def test_a_damaged_current_release_can_be_left(tmp_path: Path) -> None:
    for claims in (1, 2):
        release(tmp_path, quads(claims))
    (tmp_path / "2" / "manifest.json").write_text("{")
    assert roll_back(tmp_path).number == 1
    shutil.rmtree(tmp_path / "2")
    (tmp_path / "current").unlink()
    assert roll_back(tmp_path, 1).number == Releases(tmp_path).current().number == 1


@pytest.mark.slow
def test_of_publications_at_once_each_is_whole_or_refused(tmp_path: Path, publishers: list[Publisher]) -> None:
    folder = tmp_path / "releases"
    release(folder, quads(3))
    ends = []
    for turn in range(10):
        asked = (4 + turn, 24 - turn, 0)  # the last rolls back to the first release
        for publisher, claims in zip(publishers, asked, strict=True):
            publisher.start(folder, claims)
        ends += [publisher.end() for publisher in publishers]
        said = {publisher.message.partition(" in ")[0] for publisher in publishers}
        assert said <= {"", "another publication is running"}
        known = Releases(folder)
        for edition in known.all():
            check_whole(edition)
        assert known.current().manifest.claims in (*asked, 3)
        assert {*os.listdir(folder)} == {".lock", "current.json", "current", *map(str, known.numbers())}
    assert {*ends} == {0, 5}
