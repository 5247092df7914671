"""The measurements of growth measure what runs, publish what `quoth publish` does, and go on where they stopped."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bench import growth, growth_report, parliament, unchecked
from tests.bench.documents import DEPTHS, article, slug, write
from tests.bench.load import family
from tests.bench.measured import Stages, disk_mb, run
from tests.serving import until

from quoth.claim.checking.check import read_all
from quoth.claim.rules.publication import published_quads
from quoth.release.publish import publish

TWO_PROCESSES = """
import subprocess, sys, time
held = bytearray(80 << 20)
child = subprocess.Popen([sys.executable, "-c", "import time; held = bytearray(80 << 20); time.sleep(1.5)"])
sum(range(5_000_000))
child.wait()
"""


def test_the_memory_of_all_processes_counts_and_their_time(tmp_path: Path) -> None:
    cost = run([sys.executable, "-c", TWO_PROCESSES], tmp_path)
    assert 160 <= cost.peak_mb <= 260
    assert 80 <= cost.largest_mb <= 130
    assert cost.wall_s >= 1.5
    assert 0.02 < cost.cpu_s < cost.wall_s


def test_a_command_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such luck"):
        run([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path)


def test_whoever_stops_a_measurement_stops_what_it_runs(tmp_path: Path) -> None:
    sleeping = "import subprocess, sys; subprocess.call([sys.executable, '-c', 'import time; time.sleep(60)'])"
    code = "import sys; from pathlib import Path; from tests.bench.measured import run"
    code += "; run([sys.executable, '-c', sys.argv[1]], Path(sys.argv[2]))"
    command = [sys.executable, "-c", code, sleeping, str(tmp_path)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until(lambda: len(family(process.pid)) == 4)
    members = family(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) != 0
    until(lambda: not any(Path(f"/proc/{member}").exists() for member in members))


def test_a_file_with_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(1 << 20))
    alone = disk_mb(tmp_path)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert disk_mb(tmp_path) == alone >= 1


@pytest.mark.parametrize("depth", DEPTHS)
def test_what_is_published_unchecked_is_what_is_published(tmp_path: Path, depth: str) -> None:
    corpus, releases, kept = tmp_path / "corpus", tmp_path / "releases", tmp_path / "kept"
    write(corpus, 2, depth)

    def whole(name: str) -> str:
        documents, findings = read_all([corpus], unchecked.BASE)
        assert not findings
        quads = published_quads((q for d in documents for q in d.quads), unchecked.BASE)
        folder = tmp_path / name
        release = publish(quads, releases=folder, base=unchecked.BASE, report_ttl="", report_json="{}")
        return release.manifest.content_sha256

    assert unchecked.publish(corpus, releases, kept, Stages()).manifest.content_sha256 == whole("first")
    (corpus / "articles" / f"{slug(1)}.yaml").write_text(article(1, depth, edition=1)[0], "utf-8")
    stages = Stages()
    second = unchecked.publish(corpus, releases, kept, stages)
    assert second.number == 2
    assert second.manifest.content_sha256 == whole("second")
    assert "last" in stages.seconds  # it was the last release that was changed


def test_a_corpus_needs_no_vocabulary_to_be_published_unchecked(tmp_path: Path) -> None:
    """An import makes a file of entities beside the articles, and no vocabulary."""
    write(corpus := tmp_path / "corpus", 1, "words")
    (corpus / "vocabulary.yaml").unlink()
    for number, path in enumerate(sorted((corpus / "entities").glob("*.yaml"))):
        path.rename(corpus / f"entities-{number}.yaml")
    made = unchecked.publish(corpus, tmp_path / "releases", tmp_path / "kept", Stages()).manifest
    assert (made.articles, made.claims > 0) == (1, True)


def test_the_sittings_that_are_read_are_the_long_ones_if_there_are_any(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x", "utf-8")
    assert [path.name for path in parliament.long_sittings(tmp_path)] == ["a.yaml"]
    (tmp_path / "b.yaml").write_text("x" * 100_001, "utf-8")
    assert [path.name for path in parliament.long_sittings(tmp_path)] == ["b.yaml"]


@pytest.mark.slow
def test_a_step_that_has_a_result_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "CHANGES", 2)
    steps = [step for step in growth.STEPS if step != "reference"]
    growth.grow(tmp_path, "words", [2], steps[:4], checked=True)
    first = (tmp_path / "results.jsonl").read_text()
    growth.grow(tmp_path, "words", [2], steps, checked=True)
    lines = (tmp_path / "results.jsonl").read_text()
    assert lines.startswith(first)
    results = [json.loads(line) for line in lines.splitlines()]
    assert [line["step"] for line in results] == steps
    by_step = {line["step"]: line for line in results}
    assert by_step["publish"]["quads"] == by_step["oxigraph"]["quads"]
    assert {"reading", "load"} <= by_step["publish"]["stages"].keys()
    assert len(by_step["change"]["disk_each_mb"]) == 2
    assert not [name for name, kind in by_step["pages"]["kinds"].items() if kind["not_200"]]


def _results() -> list[dict[str, object]]:
    """Results of a check that takes time with the square of the articles, and a publication in proportion to them."""
    known = {"depth": "words", "cores": 2, "commit": "abc1234", "at": "2036-01-01", "load": 0.5}
    lines: list[dict[str, object]] = []
    for n in (100, 1000, 4000):
        cost = {"largest_mb": 100.0, "peak_mb": 200.0}
        square, line = {"wall_s": n**2 / 1e4, "cpu_s": n**2 / 1e4}, {"wall_s": n / 100, "cpu_s": n / 100}
        counts = {"quads": 1100 * n, "claims": 30 * n, "claims_other_encodings": 0, "graphs": 9, "dump_mb": 1.0}
        publication = {"checked": False, "stages": {"sort": n / 400, "load": n**1.5 / 1e4}, "disk_mb": n / 10}
        lines.append(known | cost | square | {"step": "check", "articles": n, "stages": {"rules": n**2 / 1e4}})
        lines.append(known | cost | counts | line | publication | {"step": "publish", "articles": n})
    small = {"step": "reference", "articles": 100, "wall_s": 50.0, "cpu_s": 50.0, "stages": {}}
    return [*lines, known | cost | small, known | {"step": "reference", "articles": 4000, "left_out": "too large"}]


def test_a_report_tells_exponents_and_marks_what_is_extrapolated(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in _results()))
    growth_report.write(tmp_path, checked=False)
    report = (tmp_path / "report" / "report.md").read_text("utf-8")
    assert "| check, words: time | 2.00 | 2.00 | grows faster than the corpus |" in report
    assert "| publish all, words: time | 1.00 | 1.00 | grows with the corpus |" in report
    assert "| words, 4,000 articles: load | 25.3 | 72 % | 1.50 | 1.50 |" in report
    assert "| *check by pySHACL, words: extrapolated* | 4,000 | – | 2,000 |" in report
    assert "| words | 4,000 | 120,000 | 4,400,000 | 36.7 |" in report
    assert "each further claim adds 36.7 quads" in report
    plot = (tmp_path / "report" / "time.svg").read_text("utf-8")
    assert "publish all, words" in plot
    assert "](time.svg)" in report
