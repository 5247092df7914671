"""Processes that are killed with SIGKILL while others read: the workers and the servers, the engine, a publication."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

import pytest

from quoth.errors import QuothError
from quoth.release.current import roll_back
from quoth.release.deploy import record
from quoth.release.release import Releases

from .. import engines, oxigraph
from ..serving import children, serving, until
from .mortal import Mortal
from .right_answers import (
    LISTS,
    PAGES,
    QUERIES,
    Question,
    ask,
    learn,
    publish_claims,
    publish_in_the_end,
    reading,
    staged_in,
)

CLAIMS = 80, 120
"""Those of the releases of odd and of even numbers."""


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two releases; temporary files are in a folder of their own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    for claims in CLAIMS:
        publish_claims(tmp_path / "releases", claims)
    return tmp_path / "releases"


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return " (zombie)" not in Path(f"/proc/{pid}/status").read_text()
    return False


@pytest.mark.slow
def test_killed_workers_and_servers_fail_their_own_requests_alone(releases: Path) -> None:
    """Meanwhile one release after the other becomes current. In the end the server itself is killed, and another one
    starts over what it left."""
    chance, questions = random.Random(20261129), [*QUERIES, *PAGES, *LISTS]
    with serving(releases, access_log="off") as server:
        right, port = learn(server, releases, (1, 2), questions), server.port
    with serving(releases, port, access_log="off", processes=2) as server:
        with reading(server, right, questions, threads=4) as readers:
            killed = 0
            while killed < 40:
                if killed % 8 == 0:
                    roll_back(releases, 1 + killed // 8 % 2)
                # The processes that serve seldom: what is tested is not how fast they start.
                victims = children(server.process.pid) if killed % 8 == 7 else server.processes()
                if victims:
                    kill(chance.choice(victims))
                    killed += 1
                time.sleep(chance.uniform(0, 0.6))
            until(lambda: len(children(server.process.pid)) == 2)
            until(readers.seen("release 1", 30), 60)
        assert readers.counts["release 1"] + readers.counts["release 2"] > 10 * readers.counts["503"]
        assert set(readers.counts) <= {"release 1", "release 2", "503", "cut"}, readers.counts
        family = [*children(server.process.pid), *server.processes()]
        server.process.kill()
        until(lambda: not any(map(is_alive, family)))
    with serving(releases, port, access_log="off", processes=2) as another:
        assert {right.judge(q, ask(another.port, q, "anew")) for q in questions} <= {"release 1", "release 2"}
        assert another.get("/ready").status == 200
    assert os.listdir(releases.parent / "temporary") == []
    assert {*os.listdir(releases)} == {".lock", "current.json", "1", "2", "current"}


@pytest.fixture(params=["oxigraph", "fuseki"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Callable[[int], Mortal]]]:
    """The setting of an engine, and a function that gives the process which has the dataset of a release."""
    with ExitStack() as stack:
        if request.param == "fuseki":
            url = stack.enter_context(engines.fuseki_with_datasets(tmp_path))
            mortals = {url: stack.enter_context(closing(Mortal(url)))}
            setting = f"fuseki+{url}/velm"
        else:
            urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "abcdef"]
            mortals = {url: stack.enter_context(closing(Mortal(url))) for url in urls}
            setting = " ".join(f"oxigraph+{url}" for url in urls)

        def of_release(number: int) -> Mortal:
            known = record.read(tmp_path / "releases")
            return next(
                mortals[url] for url in mortals for at in known if known[at][0] == number and at.startswith(url)
            )

        yield setting, of_release


@pytest.mark.slow
def test_an_engine_that_is_killed_under_readers_comes_back(
    engine: tuple[str, Callable[[int], Mortal]], tmp_path: Path
) -> None:
    setting, of_release = engine
    releases, questions = tmp_path / "releases", [*QUERIES, *PAGES]
    staged = staged_in(releases, setting)
    for claims in CLAIMS:
        publish_claims(releases, claims, staged.stage)
    download = Question("/releases/2/claims.nq")
    with serving(releases, engine=setting, access_log="off") as server:
        right = learn(server, releases, (1, 2), [*questions, download], staged.stage)
        with reading(server, right, questions) as readers:
            for _ in range(3):
                until(readers.seen("release 2", 20), 60)
                of_release(2).kill()
                until(lambda: server.get("/ready").status == 503)
                until(readers.seen("503"))
                assert right.judge(download, ask(server.port, download, "down")) == "release 1"  # it is the same
                of_release(2).start()
                until(lambda: server.get("/ready").status == 200, 60)
            until(readers.seen("release 2", 20), 60)
        assert set(readers.counts) <= {"release 2", "503", "cut"}, readers.counts


PUBLICATION = (
    "import sys; from pathlib import Path; from tests.faults.right_answers import publish_claims, staged_in\n"
    "folder = Path(sys.argv[1]); publish_claims(folder, int(sys.argv[3]), staged_in(folder, sys.argv[2]).stage)"
)


def publication(releases: Path, setting: str, claims: int) -> "subprocess.Popen[bytes]":
    arguments = [str(releases), setting, str(claims)]
    return subprocess.Popen([sys.executable, "-c", PUBLICATION, *arguments], stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["the publication", "the engine"])
def test_kills_while_a_release_is_staged_leave_the_old_one_or_the_new_one(
    engine: tuple[str, Callable[[int], Mortal]], tmp_path: Path, victim: str
) -> None:
    """At random moments of the staging. Readers have the release before it, from an engine that may be the same process
    as the one that is killed."""
    setting, of_release = engine
    releases, chance = tmp_path / "releases", random.Random(20261129)
    staged = staged_in(releases, setting)
    for claims in CLAIMS:
        publish_claims(releases, claims, staged.stage)
    # Servers soon let go of a release: the next one needs its engine.
    with serving(releases, engine=setting, access_log="off", query_delivery_limit_s=1) as server:
        right = learn(server, releases, (1, 2), QUERIES, staged.stage)
        with reading(server, right, QUERIES) as readers:
            for turn in range(2 if "fuseki" in setting else 4):
                until(readers.seen(f"release {2 - turn % 2}"), 60)
                before = Releases(releases).current().number
                process = publication(releases, setting, CLAIMS[turn % 2])
                until(partial(has_begun, process, releases, before), 120)
                time.sleep(chance.uniform(0, 0.5))
                for number in staging_now(releases, before):
                    if victim == "the engine":
                        with suppress(StopIteration):
                            (mortal := of_release(number)).kill()
                            process.wait(120)
                            mortal.start()
                    else:
                        process.kill()
                process.wait(120)
                assert Releases(releases).current().number in (before, before + 1)
                # The next publication makes good what was left.
                last = publish_in_the_end(releases, CLAIMS[turn % 2], staged.stage)
                staged.verify(last)
                until(readers.seen(f"release {1 + turn % 2}"), 60)
        known = {number for number, _ in record.read(releases).values()}
        assert known <= {*Releases(releases).numbers()}
        assert set(readers.counts) <= {"release 1", "release 2", "503", "cut"}, readers.counts


def has_begun(process: "subprocess.Popen[bytes]", releases: Path, current: int) -> bool:
    """Whether a publication has come to the engine, or to its end."""
    return process.poll() is not None or bool(staging_now(releases, current))


def staging_now(releases: Path, current: int) -> set[int]:
    """The numbers after the current one that the record has."""
    with suppress(QuothError):
        return {number for number, _ in record.read(releases).values() if number > current}
    return set()
