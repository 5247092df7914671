"""quoth releases, diff and rollback, as a user runs them."""

import gzip
import json
import os
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.release.history import diff
from quoth.release.release import Release, Releases

from ..small_article import BEAM, MONTH, document, write
from .commands import quoth

LATER = MONTH.replace("warned", "said").replace(
    "words:", "correction: {reason: She only said so., by: id/org/quoth, date: 2026-11-25}, words:"
)
WITHDRAWN = "withdrawn: [{id: beam-cracked, reason: It was wrong., by: id/org/quoth, date: 2026-11-25}]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three releases: one claim, two, and the second with another speech act and without the first."""
    folder = tmp_path_factory.mktemp("history")
    for text in (document(BEAM), document(BEAM + MONTH), WITHDRAWN + document(LATER)):
        write(folder / "documents", text)
        published = run(folder, "publish", "documents", "--texts", "documents")
        assert published.returncode == 0, published.stderr
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return quoth(*arguments, "--releases", "releases", cwd=folder)


def test_what_is_new_and_gone_and_changed_is_said_with_names(folder: Path) -> None:
    added = run(folder, "diff", "1", "2")
    assert added.stdout.splitlines()[0] == (
        "+ id/claim/bridge/a-month: Ada Roke warned, the article reports: “the repair would take a month”."
    )
    assert "release 1 to 2: 1 claim added" in added.stderr
    latest = run(folder, "diff")
    lines = latest.stdout.splitlines()
    assert "- id/claim/bridge/beam-cracked: The council said: “a beam had cracked”. (It was wrong.)" in lines
    changed = next(n for n, line in enumerate(lines) if line.startswith("~ id/claim/bridge/a-month"))
    assert lines[changed].endswith("(She only said so.)")
    assert "    #attribution speechAct: warned → said" in lines
    assert not [line for line in lines if "correction" in line]
    assert latest.stderr.startswith("release 2 to 3: 1 claim")
    assert "1 claim withdrawn" in latest.stderr
    back = run(folder, "diff", "3", "2")
    assert "+ id/claim/bridge/beam-cracked: The council said: “a beam had cracked”." in back.stdout


def dump(release: Release) -> set[bytes]:
    """The lines of the file that is downloaded."""
    with release.open_file("claims.nq.gz") as packed, gzip.open(packed) as file:
        return {*file}


def test_programs_get_json_and_a_patch(folder: Path) -> None:
    found = json.loads(run(folder, "diff", "--format", "json").stdout)
    assert [(entry["iri"].rpartition("/")[2], entry["reason"]) for entry in found["withdrawn"]] == [
        ("beam-cracked", "It was wrong.")
    ]
    assert [e["reason"] for e in found["changed"] if e["iri"].endswith("a-month")] == ["She only said so."]
    changes = {(c["part"], c["key"]): (c["before"], c["after"]) for e in found["changed"] for c in e["changes"]}
    act = "https://w3id.org/quoth/ns/speech-act#"
    assert changes["#attribution", "speechAct"] == ([f"<{act}warned>"], [f"<{act}said>"])
    patch = run(folder, "diff", "--format", "patch").stdout.splitlines()
    assert (patch[0], patch[-1]) == ("TX .", "TC .")
    known = Releases(folder / "releases")
    before, after = (dump(known.open(number)) for number in (2, 3))
    for sign, side in (("D ", before - after), ("A ", after - before)):
        assert {line[2:] + "\n" for line in patch if line.startswith(sign)} == {line.decode() for line in side}


def test_releases_are_listed_and_an_earlier_one_can_be_current_again(folder: Path) -> None:
    listed = [line.split("\t") for line in run(folder, "releases").stdout.splitlines()]
    assert [(row[0], row[2], row[7]) for row in listed[1:]] == [("1", "1", ""), ("2", "2", ""), ("3", "1", "current")]
    assert all(int(row[5]) > 10_000 for row in listed[1:])
    assert listed[0][6] == "own"
    assert all(0 < int(row[6]) < int(row[5]) for row in listed[1:])  # they share files
    assert run(folder, "rollback").stdout.startswith("release 2 is current")
    assert os.readlink(folder / "releases" / "current") == "2"
    assert run(folder, "rollback", "3").returncode == 0
    assert os.readlink(folder / "releases" / "current") == "3"


def test_a_damaged_release_does_not_become_current(folder: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-a", str(folder / "releases"), str(tmp_path)], check=True)
    segment = next((tmp_path / "releases" / "2" / "segments").iterdir())
    segment.write_bytes(segment.read_bytes()[:-1])
    result = run(tmp_path, "rollback")
    assert result.returncode == 5
    assert "is not the file that was published" in result.stderr
    assert os.readlink(tmp_path / "releases" / "current") == "3"


@pytest.mark.slow
def test_a_plan_names_what_is_in_a_release_with_a_damaged_store(folder: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-a", str(folder / "releases"), str(tmp_path)], check=True)
    (tmp_path / "releases" / "3" / "store" / "CURRENT").unlink()
    write(tmp_path / "documents", document(BEAM))
    arguments = ("publish", "documents", "--texts", "documents")
    for more in ([], ["--plan"]):
        planned = run(tmp_path, *arguments, *more)
        assert planned.returncode == 1
        assert "a-month: Ada Roke said: “the repair would take a month”" in planned.stdout
    withdrawn = run(tmp_path, *arguments, "--withdraw", "It was wrong.")
    assert (withdrawn.returncode, withdrawn.stderr.count("\n")) == (5, 2), withdrawn.stderr
    assert "write the notices into the documents" in withdrawn.stderr


def test_a_damaged_release_is_listed_as_such(folder: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-a", str(folder / "releases"), str(tmp_path)], check=True)
    for number, marks in (("2", ["", "damaged", "current"]), ("3", ["", "damaged", "current, damaged"])):
        (tmp_path / "releases" / number / "manifest.json").write_text("{")
        listed = [line.split("\t") for line in run(tmp_path, "releases").stdout.splitlines()[1:]]
        assert [row[7] for row in listed] == marks
    assert (listed[1][:5], int(listed[1][5]) > 10_000) == (["2", "", "", "", ""], True)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["diff", "1", "9"], 4, "there is no release 9 in releases (name one of 1, 2, 3)"),
        (["diff", "9", "1"], 4, "name one of 1, 2, 3"),
        (["diff", "x"], 2, "'x' is not a valid integer"),
        (["rollback", "9"], 4, "name one of 1, 2, 3"),
    ],
)
def test_a_release_that_is_not_there_is_named(folder: Path, arguments: list[str], code: int, says: str) -> None:
    result = run(folder, *arguments)
    assert (result.returncode, says in result.stderr) == (code, True), result.stderr


@pytest.mark.slow
def test_old_releases_are_removed_by_hand_or_by_the_setting(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["cp", "-a", str(folder / "releases"), str(folder / "documents"), str(tmp_path)], check=True)
    said = run(tmp_path, "releases", "prune", "--keep", "2", "--dry-run")
    assert said.stdout.startswith("1 release would be removed: 1; ")
    assert Releases(tmp_path / "releases").numbers() == [1, 2, 3]
    assert run(tmp_path, "releases", "prune").returncode == 2
    assert run(tmp_path, "releases", "prune", "--keep", "0").returncode == 2
    freed = int(said.stdout.split(" bytes")[0].split()[-1])
    own = int(run(tmp_path, "releases").stdout.splitlines()[1].split("\t")[6])
    assert freed == own > 0
    monkeypatch.setenv("QUOTH_KEEP_RELEASES", "2")
    # The folder can be named before the command, too.
    pruned = quoth("releases", "--releases", "releases", "prune", cwd=tmp_path)
    assert pruned.stdout == said.stdout.replace("would be", "was")
    assert Releases(tmp_path / "releases").numbers() == [2, 3]
    assert run(tmp_path, "releases", "prune").stdout == "nothing to remove\n"
    published = run(tmp_path, "publish", "documents", "--texts", "documents", "--force")
    assert published.stdout.splitlines()[-1].startswith("1 release was removed: 2; ")
    assert Releases(tmp_path / "releases").numbers() == [3, 4]
    assert [line[0] for line in run(tmp_path, "diff", "3", "4").stdout.splitlines()] == []
    read = run(tmp_path, "publish", "documents", "--texts", "documents", "--force", "--format", "json")
    assert json.loads(read.stdout)
    assert "1 release was removed: 3; " in read.stderr
    monkeypatch.setenv("QUOTH_KEEP_RELEASES", "0")
    assert run(tmp_path, "releases", "prune").returncode == 2


def test_where_nothing_is_published_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    for command in ("releases", "diff", "rollback", "releases prune --keep 1"):
        result = run(tmp_path, *command.split())
        assert result.returncode == 5
        assert "nothing is published" in result.stderr


def test_a_patch_makes_the_one_release_out_of_the_other(folder: Path) -> None:
    known = Releases(folder / "releases")
    store = ox.Store()
    store.extend(ox.parse(b"".join(dump(known.open(1))), ox.RdfFormat.N_QUADS))
    for line in diff.patch(known.open(1), known.open(3)):
        for quad in ox.parse(line[2:], ox.RdfFormat.N_QUADS) if line[:2] in (b"A ", b"D ") else ():
            (store.add if line.startswith(b"A") else store.remove)(quad)
    assert set(store) == set(ox.parse(b"".join(dump(known.open(3))), ox.RdfFormat.N_QUADS))
    whole = [line[2:] for line in diff.patch(None, known.open(3)) if line[:2] == b"A "]
    assert {*whole} == dump(known.open(3))
