"""Releases staged in engines of each dialect: what real servers hold after publications, switches and kills."""

import subprocess
import sys
from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from quoth.errors import ReleaseError
from quoth.release.current import roll_back
from quoth.release.deploy import record
from quoth.release.open import open_current
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.release import Releases
from quoth.release.retention import prune
from quoth.web.app import create_app

from ...conftest import BASE
from .deployment import CLAIMS, Deployment, dump


def test_each_release_is_a_dataset_and_the_current_one_is_read(deployed: Deployment) -> None:
    first = deployed.publish(3)
    assert deployed.content(deployed.dataset(first)) == dump(first)
    assert deployed.claims() == 3
    second = deployed.publish(4)
    assert deployed.claims() == 4
    if deployed.keeps:
        assert deployed.content(deployed.dataset(first)) == dump(first)  # it stays beside
    assert deployed.content(deployed.dataset(second)) == dump(second)
    assert deployed.publish(4).reused
    assert deployed.recorded() == ([1, 2] if deployed.keeps else [2])
    roll_back(deployed.settings.releases, 1, deployed.staging.stage)
    assert deployed.claims() == 3
    assert deployed.staging.verify(first) == deployed.dataset(first)
    assert deployed.staging.verify(second) == (deployed.dataset(second) if deployed.keeps else None)
    client = create_app(deployed.settings, *open_current(deployed.settings)).test_client()
    for number, claims in ((1, 3), (2, 4)) if deployed.keeps else ((1, 3),):
        rows = client.get(f"/releases/{number}/sparql", query_string={"query": CLAIMS}, headers={"Accept": "text/csv"})
        assert len(rows.text.splitlines()) == claims + 1


def test_a_release_that_the_engine_lost_is_loaded_again(deployed: Deployment) -> None:
    first = deployed.publish(3)
    dataset = deployed.dataset(first)
    deployed.update(dataset, "CLEAR DEFAULT")
    with pytest.raises(ReleaseError, match="has 10 quads of 17, and not those of the release in the default graph"):
        deployed.staging.verify(first)
    assert deployed.publish(3).reused
    assert deployed.content(dataset) == dump(first)


def test_what_somebody_adds_or_changes_is_found(deployed: Deployment) -> None:
    """Also where there are as many triples as before, which no count tells."""
    first = deployed.publish(3)
    graph = f"GRAPH <{BASE}id/claim/a/0#content>"
    added = f"INSERT DATA {{ {graph} {{ <http://e/s> <http://e/p> <http://e/o> }} }}"
    taken = f"DELETE WHERE {{ {graph} {{ <{BASE}id/claim/a/0#s> <{BASE}agent> ?o }} }}"
    deployed.update(deployed.dataset(first), added)
    with pytest.raises(ReleaseError, match=r"has 18 quads of 17, and not those of the release in <.*/a/0#content>"):
        deployed.staging.verify(first)
    before = len(deployed.content(deployed.dataset(first)))
    deployed.update(deployed.dataset(first), taken)
    assert len(deployed.content(deployed.dataset(first))) == before - 1 == first.manifest.quads
    with pytest.raises(ReleaseError, match=r"has 17 quads of 17, and not those of the release in <.*/a/0#content>"):
        deployed.staging.verify(first)
    deployed.staging.stage_current()
    assert deployed.content(deployed.dataset(first)) == dump(first)


ODD = (
    r"\u0022 . } ; CLEAR ALL #",
    r"\\u0022 \U00000041 \n \\",
    "tab\t, lines\r\n, \"quotes\" and '''three''' \"\"\"",
    "\x01\x1f\x7f\x85\u2028\u202e\ufeff\ufffd\U0001f600 e\u0301 \u00e9",
    "{?x} <b> _:b @en ^^ # % $ ` {{",
    " ",
    "",
    "long " * 20_000,
)


def test_odd_words_arrive_as_they_are(deployed: Deployment) -> None:
    """Loaded whole, and as a small difference: by updates where there are any."""

    def odd(words: Sequence[str]) -> list[ox.Quad]:
        graph, told = ox.NamedNode(f"{BASE}id/claim/a/0#content"), ox.NamedNode(f"{BASE}id/claim/a/0#s")
        values = [ox.Literal(text, language=language) for text in words for language in ("en", "de-ch-1901")]
        return [ox.Quad(told, ox.NamedNode(f"{BASE}says"), value, graph) for value in values]

    for words in (ODD[:4], ODD[2:], ODD):
        release = deployed.publish(60, more=odd(words))
        assert deployed.content(deployed.dataset(release)) == dump(release)
    assert not deployed.notes


def test_what_is_pruned_is_dropped_in_the_engine(deployed: Deployment) -> None:
    first = deployed.publish(3)
    before = deployed.dataset(first)
    second = deployed.publish(4)
    prune(deployed.settings.releases, 1)
    deployed.staging.sweep()
    assert deployed.recorded() == [2]
    assert deployed.content(deployed.dataset(second)) == dump(second)
    if deployed.keeps:
        assert deployed.content(before) == set()


def test_redacted_words_leave_the_engine(deployed: Deployment) -> None:
    deployed.publish(3)
    deployed.publish(4)
    redaction = Redaction(f"{BASE}id/claim/a/1", "A court ordered it.", "", "2026-11-29")
    redact(deployed.settings.releases, redaction)
    deployed.staging.exchange()
    assert deployed.recorded() == ([1, 2] if deployed.keeps else [2])
    for release in Releases(deployed.settings.releases).all()[0 if deployed.keeps else 1 :]:
        held = deployed.content(deployed.dataset(release))
        assert held == dump(release)
        assert not any('he said \\"1 > 1\\"' in quad for quad in held)
    assert deployed.claims() == 3


def test_what_a_killed_publication_left_is_dropped_by_the_next(deployed: Deployment) -> None:
    deployed.publish(3)
    program = (
        "import os, signal, sys; from pathlib import Path; from quoth.release.deploy.filling import Filling\n"
        "from tests.release.deploy.deployment import Deployment\n"
        "Filling.compare = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Deployment(Path(sys.argv[1]), sys.argv[2]).publish(5)\n"
    )
    arguments = [str(deployed.settings.releases), deployed.settings.engine]
    killed = subprocess.run([sys.executable, "-c", program, *arguments], check=False, timeout=120)
    assert killed.returncode == -9
    assert deployed.recorded() == ([1, 2] if deployed.keeps else [2])
    assert deployed.claims() == 3
    [left] = [url for url, (number, _) in record.read(deployed.settings.releases).items() if number == 2]
    second = deployed.publish(4)
    assert deployed.recorded() == ([1, 2] if deployed.keeps else [2])
    assert deployed.claims() == 4
    if left != deployed.dataset(second):
        assert deployed.content(left) == set()
