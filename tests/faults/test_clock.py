"""A clock that jumps by a day or a year, back and forward, while the server runs: no answer and no limit goes by it."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from quoth.release.current import roll_back
from quoth.release.release import Releases

from ..clients import missing
from ..serving import Reply, Server, serving, until
from .right_answers import LISTS, PAGES, QUERIES, RightAnswers, ask, publish_claims, reading, serves

QUESTIONS = [*QUERIES, *PAGES, *LISTS]
DAY_S, YEAR_S = 86_400, 365 * 86_400


class Clock:
    """A clock of the time of day for processes that the prefix is put before. The monotonic one runs on, as it does
    where somebody sets the time."""

    def __init__(self, file: Path) -> None:
        spec = find_spec("libfaketime")
        found = sorted(Path(spec.origin or "").parent.rglob("libfaketime.so.1")) if spec else []
        if not found:
            missing("there is no libfaketime")
        self._file = file
        self.set(0)
        environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        self.prefix = ("env", *(f"{name}={value}" for name, value in environment.items()))

    def set(self, seconds: int) -> None:
        """Put it so many seconds before the true time, if they are below 0, or after it."""
        spare = self._file.with_suffix(".new")
        spare.write_text(f"{seconds:+d}")
        os.replace(spare, self._file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    for claims in (80, 120):
        publish_claims(tmp_path / "releases", claims)
    return tmp_path / "releases"


PUBLICATION = (
    "import sys; from pathlib import Path; from tests.faults.right_answers import publish_claims\n"
    "publish_claims(Path(sys.argv[1]), 80)"
)


def published(releases: Path, clock: Clock) -> None:
    """Publish a release by that clock."""
    subprocess.run([*clock.prefix, sys.executable, "-c", PUBLICATION, str(releases)], check=True, timeout=300)


def hour(server: Server) -> datetime:
    """The time of the server."""
    return parsedate_to_datetime(server.get("/health").headers["date"])


def is_past(reply: Reply) -> bool:
    """Whether a response says that it was changed before it was sent."""
    modified, sent = (parsedate_to_datetime(reply.headers[name]) for name in ("last-modified", "date"))
    return modified <= sent


@pytest.mark.slow
@pytest.mark.parametrize("jumps", [(DAY_S, -DAY_S, 0), (-YEAR_S, YEAR_S, 0)], ids=["a day", "a year"])
def test_answers_switches_and_deadlines_do_not_go_by_the_clock(
    releases: Path, clock: Clock, jumps: tuple[int, ...]
) -> None:
    with serving(releases, prefix=clock.prefix, access_log="off", query_time_limit_s=10) as server:
        right = RightAnswers()
        for number in (1, 2):
            roll_back(releases, number)
            until(lambda number=number: serves(server, number))
            right.learn(server.port, number, QUESTIONS)
        with reading(server, right, QUESTIONS) as readers:
            for turn, jump in enumerate(jumps):
                clock.set(jump)
                until(lambda jump=jump: abs((hour(server) - datetime.now(UTC)).total_seconds() - jump) < 60)
                until(lambda: server.get("/ready").status == 200, 120)
                number = 1 + turn % 2
                roll_back(releases, number)
                until(readers.seen(f"release {number}", 20), 120)
                began = time.monotonic()
                assert server.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }").status == 503
                assert 9 < time.monotonic() - began < 60
        # A crowded machine may let a query run into its limit, whatever the clock says.
        assert set(readers.counts) <= {"release 1", "release 2", "503"}, readers.counts


@pytest.mark.slow
def test_a_date_from_a_wrong_clock_hides_no_change(releases: Path, clock: Clock) -> None:
    """A release is published a year ahead of the time. Who asks by date alone sees that another one follows."""
    clock.set(YEAR_S)
    published(releases, clock)
    with serving(releases, access_log="off") as server:
        target = PAGES[0].target
        first = server.get(target)
        assert is_past(first)
        assert server.get(target, {"If-Modified-Since": first.headers["last-modified"]}).status == 304
        time.sleep(1)  # dates do not tell what happens within a second
        roll_back(releases, 2)
        until(lambda: serves(server, 2))
        ahead = format_datetime(datetime.now(UTC) + timedelta(seconds=YEAR_S), usegmt=True)
        for date in (first.headers["last-modified"], ahead):
            second = server.get(target, {"If-Modified-Since": date})
            assert second.status == 200
            assert second.body != first.body
            assert is_past(second)


@pytest.mark.slow
def test_a_rate_does_not_shut_anybody_out_when_the_clock_goes_back(releases: Path, clock: Clock) -> None:
    with serving(releases, prefix=clock.prefix, access_log="off", query_rate_limit="5/3second") as server:

        def statuses(number: int) -> set[int | str]:
            return {ask(server.port, QUERIES[2], f"{time.monotonic_ns()}-{n}").end for n in range(number)}

        assert 429 in statuses(12)
        clock.set(-DAY_S)
        until(lambda: hour(server) < datetime.now(UTC) - timedelta(hours=1))
        refused = server.ask("ASK {}")
        while refused.status == 429:
            assert int(refused.headers["retry-after"]) <= 3
            time.sleep(1)
            refused = server.ask("ASK {}")
        assert refused.status == 200
        time.sleep(3)
        assert statuses(5) == {200}


@pytest.mark.slow
def test_no_release_is_older_than_the_one_before_it(releases: Path, clock: Clock) -> None:
    """What changed is told in the order of time, to programs that read on from where they were."""
    clock.set(-DAY_S)
    published(releases, clock)
    before, after = (Releases(releases).open(number).manifest for number in (2, 3))
    assert after.created == before.created
