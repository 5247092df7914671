"""Backup and restore as the guide has them: the copy is whole, as small, and goes on where the folder ended."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quoth.cli import cli
from quoth.errors import ReleaseError
from quoth.release.release import Releases
from quoth.web.guide import chapters

from .. import oxigraph
from ..small_article import BEAM, MONTH, claim, document, write

GUIDE = (Path(chapters.__file__).parent / "operating.md").read_text("utf-8")
SHUT = claim("bridge-shut", "id/org/council", "said", "The mill bridge was shut")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.exception is None, f"{result.output} {result.exception}"
    return result.stdout


def commands(mark: str) -> str:
    """The commands of the guide with that mark."""
    [block] = [t.content for t in chapters.examples(GUIDE) if t.info == f"sh {mark}"]
    return str(block)


def shell(text: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run commands as a user does, with ours before others."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def used(folder: Path) -> int:
    """The bytes of the files of a folder, each counted once however many names it has."""
    return sum({entry.stat().st_ino: entry.stat().st_size for entry in folder.rglob("*") if entry.is_file()}.values())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with two releases, a claim of which is redacted, and a backup of the releases, restored beside them."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "quoth.toml").write_text('title = "A bridge"\nbase = "https://bridge.example/"', "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write(folder / "articles", document(BEAM))
        run("publish")
        write(folder / "articles", document(BEAM + MONTH))
        run("publish")
        run("releases", "redact", "claim/bridge/a-month", "--reason", "Order of a court")
    backup = shell(commands("backup"), folder)
    assert backup.returncode == 0, backup.stderr
    restored = shell(commands("restore"), folder)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert restored.stdout.count("is what was published") == 2
    return folder


def test_a_restored_folder_has_every_release_the_history_and_what_was_redacted(corpus: Path) -> None:
    ours, theirs = Releases(corpus / "releases"), Releases(corpus / "elsewhere" / "releases")
    assert theirs.numbers() == ours.numbers() == [1, 2]
    assert theirs.current().number == 2
    assert [r.manifest for r in theirs.all()] == [r.manifest for r in ours.all()]
    notices = [json.loads((folder.path / "redacted.json").read_text("utf-8")) for folder in (ours, theirs)]
    assert notices[0] == notices[1] != {}
    assert run("diff", "1", "2", "--releases", str(theirs.path)) == run("diff", "1", "2", "--releases", str(ours.path))


def test_a_restored_folder_is_as_small_as_the_one_that_was_copied(corpus: Path) -> None:
    assert used(corpus / "elsewhere" / "releases") == used(corpus / "releases")


def test_publication_goes_on_in_a_restored_folder(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(corpus, folder, symlinks=True)
    monkeypatch.chdir(folder)
    write(folder / "articles", document(SHUT + BEAM))
    run("publish", "--releases", "elsewhere/releases")
    theirs = Releases(folder / "elsewhere" / "releases")
    assert theirs.current().number == 3
    theirs.current().verify()
    assert "bridge-shut" in run("diff", "2", "3", "--releases", "elsewhere/releases")


@pytest.mark.slow
def test_an_engine_that_has_lost_its_data_is_loaded_from_the_restored_folder(corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus / "elsewhere", tmp_path / "elsewhere", symlinks=True)
    with oxigraph.serving("serve", tmp_path / "a") as one, oxigraph.serving("serve", tmp_path / "b") as other:
        environment = {"QUOTH_ENGINE": f"oxigraph+{one} oxigraph+{other}"}
        for _ in range(2):
            restored = shell(commands("restore-engine"), tmp_path, **environment)
            assert restored.returncode == 0, restored.stderr
            assert "release 2 is current" in restored.stdout
            count = "SELECT (COUNT(*) AS ?n) { ?c a <https://w3id.org/quoth/ns#Claim> }"
            asked = shell(f"quoth query --format csv '{count}' --releases elsewhere/releases", tmp_path, **environment)
            assert asked.stdout.split() == ["n", "1"], asked.stderr
            for address in (one, other):
                oxigraph.update(address, "CLEAR ALL")
            lost = shell("quoth verify-release --releases elsewhere/releases", tmp_path, **environment)
            assert lost.returncode == 5
            assert "the engine at" in lost.stderr


def test_a_damaged_copy_is_found(corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus / "elsewhere" / "releases", tmp_path / "releases", symlinks=True)
    file = tmp_path / "releases" / "2" / "statistics.json"
    file.write_bytes(file.read_bytes().swapcase())
    with pytest.raises(ReleaseError, match=r"2/statistics\.json is not the file that was published"):
        Releases(tmp_path / "releases").open(2).verify()
    found = shell("quoth verify-release --releases releases 2", tmp_path)
    assert found.returncode == 5
    assert "statistics.json" in found.stderr
