"""What `python -m build` makes of a checkout: an archive of the sources, and a wheel out of that."""

import email
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

import pytest

import quoth
from quoth.web.editor import build

ROOT = Path(__file__).parent.parent
PLAIN_PATH = "/nonexistent"
pytestmark = pytest.mark.slow


def checkout(folder: Path) -> Path:
    """A copy of what is under version control, without the built editor."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def built(source: Path, out: Path, *options: str, **environment: str) -> tuple[Path, str]:
    """The wheel that is built, and what the build says."""
    command = [sys.executable, "-m", "build", "--outdir", str(out), *options]
    done = subprocess.run(
        command, cwd=source, capture_output=True, text=True, timeout=600, env={**os.environ, **environment}, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    [wheel] = out.glob("*.whl")
    return wheel, done.stdout + done.stderr


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a checkout with the editor, which `make editor` or the hook has built."""
    if (build.OUTPUT / "editor.js").is_file():
        shutil.copytree(build.OUTPUT, source / build.OUTPUT.relative_to(ROOT))
    return built(source, tmp_path_factory.mktemp("dist"))[0]


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def test_archive_and_wheel_have_the_editor_and_the_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"quoth/web/static/editor/editor.{kind}" for kind in ("js", "css")} <= names
    assert {"quoth/__main__.py", "quoth/_resources/shapes/claims.ttl", "quoth/_resources/ontology/quoth.ttl"} <= names
    [sdist] = wheel.parent.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"server/quoth/web/static/editor/editor.js", "server/quoth/web/editor/build.mjs", "hatch_build.py"} <= inside


def test_a_build_without_node_says_that_the_editor_is_missing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bare = checkout(tmp_path_factory.mktemp("bare"))
    wheel, said = built(bare, tmp_path, PATH=PLAIN_PATH)
    assert "built without the query editor" in said
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if "static/editor/" in name]


def test_python_runs_the_installed_package(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-m", "quoth"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for arguments, word in ((["--version"], quoth.__version__), (["check"], "conform")):
        done = subprocess.run(
            [*command, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert word in done.stdout + done.stderr


def test_the_description_needs_no_repository_around_it(metadata: Message) -> None:
    text = str(metadata.get_payload())
    assert "## " in text
    assert re.findall(r"\]\((?!https?://)[^)]*\)", text) == []
    assert "![" not in text
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_the_metadata_name_the_versions_of_python_and_no_address_that_is_not_there(metadata: Message) -> None:
    classifiers = metadata.get_all("Classifier") or []
    assert "Programming Language :: Python :: 3.11" in classifiers
    assert metadata.get_all("Project-URL") is None
