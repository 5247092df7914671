"""A server whose engine hangs, breaks, sends half an answer or something else: what needs it is a clear error, what
does not goes on, and nobody ever reads anything else than a release."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from quoth.release.current import roll_back
from quoth.release.deploy.staging import Staging

from .. import oxigraph
from ..serving import Server, serving, until
from .right_answers import (
    PAGES,
    QUERIES,
    Question,
    RightAnswers,
    ask,
    learn,
    publish_claims,
    reading,
    serves,
    staged_in,
)
from .treacherous import Fault, Wire, wire

QUERY_LIMIT_S = 2
NO_ENGINE = [
    Question("/releases/1/claims.nq"),
    Question("/releases/2/claims.trig"),
    Question("/releases.json"),
    Question("/guide/querying", "text/html"),
    Question("/ns.ttl"),
]
"""Pages and files that need no engine."""


class Site(NamedTuple):
    """A server over two releases in two engines, with a wire to each; the first release is current."""

    server: Server
    releases: Path
    staged: Staging
    wires: list[Wire]
    right: RightAnswers


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("engines")
    with ExitStack() as stack:
        urls = [stack.enter_context(oxigraph.serving("serve", folder / name)) for name in "ab"]
        wires = [stack.enter_context(wire(url)) for url in urls]
        engine = " ".join(f"oxigraph+{each.url}" for each in wires)
        staged = staged_in(folder / "releases", engine)
        for claims in (80, 120):
            publish_claims(folder / "releases", claims, staged.stage)
        settings = {"engine": engine, "access_log": "off", "query_time_limit_s": QUERY_LIMIT_S}
        server = stack.enter_context(serving(folder / "releases", **settings))  # type: ignore[arg-type]
        right = learn(server, folder / "releases", (2, 1), [*QUERIES, *PAGES, *NO_ENGINE], staged.stage)
        yield Site(server, folder / "releases", staged, wires, right)


@pytest.fixture
def sound(site: Site) -> Iterator[Site]:
    """The same, with sound wires at first and in the end."""
    until(lambda: ready(site.server))
    yield site
    for each in site.wires:
        each.fault = Fault.NONE


def ready(server: Server) -> bool:
    """Whether /ready says so."""
    return server.get("/ready").status == 200


@pytest.mark.slow
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE], ids=lambda fault: fault.name)
def test_an_engine_in_trouble_is_a_clear_error_and_nothing_else_stops(sound: Site, fault: Fault) -> None:
    with reading(sound.server, sound.right, [*QUERIES, *PAGES]) as readers:
        until(readers.seen("release 1"))
        for each in sound.wires:
            each.fault = fault
        until(lambda: not ready(sound.server))
        for number, question in enumerate(NO_ENGINE):
            answer = ask(sound.server.port, question, f"{fault.name}-{number}")
            assert sound.right.judge(question, answer).startswith("release"), question.target
        assert sound.server.get("/health").status == 200
        for number, question in enumerate([*QUERIES, *PAGES]):
            began = time.monotonic()
            answer = ask(sound.server.port, question, f"{fault.name}-{number}")
            assert sound.right.judge(question, answer) in ("503", "504"), question.target
            assert time.monotonic() - began < 10 * QUERY_LIMIT_S
            for each in sound.wires:
                assert each.url.rpartition("/")[2].encode() not in answer.body, (
                    "where the engine is, is nobody's business"
                )
        for each in sound.wires:
            each.fault = Fault.NONE
        until(lambda: ready(sound.server), 60)
        until(readers.seen("release 1", 20), 60)
    assert set(readers.counts) <= {"release 1", "503", "504", "cut"}, readers.counts


@pytest.mark.slow
def test_a_release_whose_engine_is_away_is_switched_to_when_it_is_back(sound: Site) -> None:
    """Until then the one before it is read from its own engine, which is sound."""
    until(lambda: ready(sound.server))
    engines = {number: sound.wires[number - 1] for number in (1, 2)}
    with reading(sound.server, sound.right, [*QUERIES, *PAGES]) as readers:
        until(readers.seen("release 1"))
        engines[2].fault = Fault.REFUSED
        roll_back(sound.releases, 2)
        until(readers.seen("release 1", 30))
        assert set(readers.counts) == {"release 1"}
        engines[2].fault = Fault.NONE
        until(readers.seen("release 2", 30), 60)
        roll_back(sound.releases, 1)
        until(lambda: serves(sound.server, 1))
    assert set(readers.counts) == {"release 1", "release 2"}
