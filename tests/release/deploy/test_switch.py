"""A server follows publications into an engine under load: every answer is of one release, and none fails."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from quoth.release.current import roll_back

from ... import engines, oxigraph
from ...serving import serving
from .deployment import CLAIMS, Deployment

FOLLOWED_S = 60


@pytest.fixture(params=["oxigraph", "fuseki"])
def deployed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    with ExitStack() as stack:
        if request.param == "oxigraph":
            urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "abcd"]
            engine = " ".join(f"oxigraph+{url}" for url in urls)
        else:
            engine = f"fuseki+{stack.enter_context(engines.fuseki_with_datasets(tmp_path))}/velm"
        yield Deployment(tmp_path / "releases", engine)


@pytest.mark.slow
def test_readers_see_the_old_release_or_the_new_one(deployed: Deployment) -> None:
    deployed.publish(3)
    with serving(deployed.settings.releases, engine=deployed.settings.engine) as server:
        answers: list[tuple[int, str, int]] = []
        ended = threading.Event()

        def read() -> None:
            while not ended.is_set():
                reply = server.ask(CLAIMS, {"Accept": "text/csv"})
                answers.append((reply.status, reply.headers.get("etag", ""), len(reply.body.splitlines()) - 1))

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for claims in (4, 5, 3):
                if claims == 3:
                    roll_back(deployed.settings.releases, 1, deployed.staging.stage)
                else:
                    deployed.publish(claims)
                until = time.monotonic() + FOLLOWED_S
                while answers[-1:] == [] or answers[-1][2] != claims:
                    assert time.monotonic() < until, answers[-5:]
                    time.sleep(0.1)
        finally:
            ended.set()
            for reader in readers:
                reader.join()
    assert {status for status, _, _ in answers} == {200}
    assert {claims for _, _, claims in answers} == {3, 4, 5}
