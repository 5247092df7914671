"""quoth import: what it writes and prints, its report, its exit codes; stopped and run again."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..claim.importing.examples import ALL, LATE, MAPPING, TEXT, ann, brat, corpus
from .commands import quoth


@pytest.fixture
def to(tmp_path: Path) -> Path:
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "corpus").mkdir()
    return corpus(tmp_path / "corpus")


def test_what_is_imported_is_checked_and_publishes(to: Path) -> None:
    brat(to.parent / "in", ann(*ALL))
    done = quoth("import", "brat", "../in", "--mapping", "../map.toml", cwd=to)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 encoding, 5 attributions: claims: 5 added; 1 document written\n"
    assert quoth("check", cwd=to).returncode == 0
    again = quoth("import", "brat", "../in", "--mapping", "../map.toml", cwd=to)
    assert again.stderr == "1 encoding, 5 attributions: claims: 5 unchanged; 0 documents written\n"


def test_a_dry_run_says_what_would_be_done(to: Path) -> None:
    brat(to.parent / "in", ann(LATE))
    done = quoth("import", "brat", "../in", "--mapping", "../map.toml", "--dry-run", cwd=to)
    assert (done.returncode, done.stderr) == (
        0,
        "1 encoding, 1 attribution: claims: 1 added; 1 document would be written\n",
    )
    assert [p.name for p in to.iterdir()] == ["quoth.toml"]


def test_what_does_not_fit_is_printed_counted_and_reported(to: Path) -> None:
    wrong = ann(LATE) + "".join(f"T9{n}\tContent 0 9999\nE9{n}\tAttribution:T9{n} Content:T9{n}\n" for n in range(30))
    brat(to.parent / "in", wrong + "T2000\tDiscard 0 3\tThe\n")
    mapping = to.parent / "map.toml"
    mapping.write_text(MAPPING + '[left-out]\nDiscard = "no part of it"\n', "utf-8")
    done = quoth("import", "brat", "../in", "--mapping", "../map.toml", "--report", "../report.jsonl", cwd=to)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 11
    assert done.stdout.endswith("outside of the text: 20 more (--report lists them)\n")
    assert "  did not fit: outside of the text (30)\n  left out: Discard (1, by the mapping)\n" in done.stderr
    assert done.stderr.endswith("quoth: ../in: 30 things of the input did not fit\n")
    report = [json.loads(line) for line in (to.parent / "report.jsonl").read_text("utf-8").splitlines()]
    assert [entry["kind"] for entry in report].count("outside of the text") == 30
    assert {entry["where"].rpartition(":")[0] for entry in report} == {"../in/ferry.ann"}
    # What the mapping leaves out is no failure.
    brat(to.parent / "in", ann(LATE) + "T2000\tDiscard 0 3\tThe\n")
    assert quoth("import", "brat", "../in", "--mapping", "../map.toml", cwd=to).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("word", "../in"), "there is no reader for 'word' (use one of brat, "),
        (("brat", "../nowhere"), "there is no such file or folder"),
        (("brat", "../in", "--mapping", "../nowhere.toml"), "No such file or directory"),
        (("brat", "../in", "--mapping", "litbank"), "it is a mapping for litbank (use quoth import litbank)"),
        (("brat", "../in"), "the mapping does not say encoding.encoder.id"),
        (("proposals", "../in"), "it is not a file"),
    ],
    ids=range(6),
)
def test_wrong_usage_is_told_in_a_line(arguments: tuple[str, ...], told: str, to: Path) -> None:
    brat(to.parent / "in", ann(LATE))
    done = quoth("import", *arguments, cwd=to)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_outside_of_a_corpus_there_is_nothing_to_import_into(tmp_path: Path) -> None:
    done = quoth("import", "brat", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "the current folder is in no corpus" in done.stderr


@pytest.mark.slow
def test_killed_midway_it_is_done_again(to: Path) -> None:
    """Killed, and not stopped politely, after some of many documents."""
    for n in range(400):
        brat(to.parent / "in", ann(*ALL), name=f"ferry{n:03}")
    command = [sys.executable, "-c", "from quoth.cli import main; main()"]
    command += ["import", "brat", "../in", "--mapping", "../map.toml"]
    process = subprocess.Popen(command, cwd=to, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(to.glob("articles/*.yaml"))) < 5 and process.poll() is None:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    written = len(list(to.glob("articles/*.yaml")))
    assert 5 <= written < 400
    done = quoth("import", "brat", "../in", "--mapping", "../map.toml", cwd=to)
    assert done.returncode == 0, done.stdout
    assert len(list(to.glob("articles/*.yaml"))) == 400
    assert not list(to.glob("articles/*.imported.yaml"))
    assert (to / "texts" / "ferry399.txt").read_text("utf-8") == TEXT
    again = quoth("import", "brat", "../in", "--mapping", "../map.toml", cwd=to)
    assert "2000 unchanged; 0 documents written" in again.stderr
