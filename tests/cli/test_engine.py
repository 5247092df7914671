"""The commands that load releases into an engine, as a user gives them: publish, rollback, prune, verify-release."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from .. import oxigraph
from ..conftest import CORPUS
from .commands import quoth


@pytest.mark.slow
@pytest.mark.long
def test_commands_load_and_drop_releases_in_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUOTH_ENGINE", raising=False)
    plain = quoth("publish", CORPUS, "--engine", "http://localhost:9/sparql", cwd=tmp_path)
    assert (plain.returncode, "whose URL has no dialect" in plain.stderr) == (2, True)
    with ExitStack() as stack:
        urls = [stack.enter_context(oxigraph.serving("serve", tmp_path / name)) for name in "ab"]
        engine = " ".join(f"oxigraph+{url}" for url in urls)
        planned = quoth("publish", CORPUS, "--plan", "--engine", engine, cwd=tmp_path)
        assert planned.returncode == 0, planned.stderr
        assert not (tmp_path / "releases" / "engine.json").exists()
        monkeypatch.setenv("QUOTH_ENGINE", engine)
        for _ in range(2):
            published = quoth("publish", CORPUS, "--force", cwd=tmp_path)
            assert published.returncode == 0, published.stderr
        verified = quoth("verify-release", cwd=tmp_path)
        assert verified.stdout.startswith("release 2 is what was published: ")
        assert verified.stdout.rstrip().endswith(tuple(f", and {url}" for url in urls))
        assert quoth("rollback", cwd=tmp_path).returncode == 0
        asked = quoth("query", "SELECT ?v { GRAPH ?g { ?r <https://schema.org/version> ?v } }", cwd=tmp_path)
        assert asked.stdout.split() == ["v", "1"]
        assert quoth("rollback", "2", cwd=tmp_path).returncode == 0
        assert "release was removed: 1" in quoth("releases", "prune", "--keep", "1", cwd=tmp_path).stdout
        assert (tmp_path / "releases" / "engine.json").read_text().count('"release": ') == 1
    down = quoth("publish", CORPUS, "--force", cwd=tmp_path)
    assert down.returncode == 5
    assert "cannot be reached" in down.stderr
    assert [path.name for path in sorted((tmp_path / "releases").iterdir()) if path.name.isdecimal()] == ["2"]
