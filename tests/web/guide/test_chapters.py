"""The guide: its examples run, and its tables say what the software says."""

import dataclasses
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.claim.authoring import draft, fill_offsets
from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.importing import mapping
from quoth.claim.importing.readers import brat, proposals
from quoth.claim.model.namespaces import QUOTH
from quoth.claim.reading import document
from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.engine.pool import output, worker
from quoth.engine.pool.ticket import Cause
from quoth.errors import QuothError
from quoth.ops import metrics
from quoth.release import questions
from quoth.sparql import named_queries, query_limits
from quoth.web.guide import chapters

PAGES = {name: (Path(chapters.__file__).parent / f"{name}.md").read_text("utf-8") for name in chapters.ORDER}
BASE = "http://localhost:8000/"


def blocks(name: str, mark: str) -> list[str]:
    return [t.content for t in chapters.examples(PAGES[name]) if t.info.partition(" ")[2] == mark]


@pytest.mark.parametrize("query", [*blocks("querying", "run"), *blocks("links", "run")])
def test_queries_run(client: FlaskClient, query: str) -> None:
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 200, response.text
    assert response.get_json(force=True)["results"]["bindings"]


def test_questions_are_cited_by_their_titles() -> None:
    titles = {question.name: question.title for question in named_queries.load(named_queries.QUESTIONS)}
    cited = [words for page in PAGES.values() for words in re.findall(r"(?<!\*)\*([^*\n]+\?(?:\]\([^)]*\))?)\*", page)]
    assert cited
    for words in cited:
        linked = re.fullmatch(rf"\[(.+)\]\({BASE}queries/([a-z-]+)\)", words)
        assert linked, f"the question “{words}” is no link"
        assert linked[1] == titles[linked[2]]


def test_the_question_of_the_guide_can_be_asked(tmp_path: Path, client: FlaskClient, harbour: Path) -> None:
    [example] = [t for t in chapters.examples(PAGES["querying"]) if "file=" in t.info]
    file = tmp_path / example.info.partition("file=")[2]
    file.parent.mkdir()
    file.write_text(example.content, "utf-8")
    shutil.copy(harbour, tmp_path)
    [question], findings = questions.check([tmp_path], BASE)
    assert not findings
    bound = question.bound(question.defaults(BASE))
    for text in (question.text, bound):
        rows = client.post("/sparql", data={"query": text}).get_json(force=True)["results"]["bindings"]
        assert rows


@pytest.mark.parametrize(
    "url", re.findall(r"(?:curl '?|read_csv\(\")http://localhost:8000(/[^'\"\s]*)", PAGES["tables"])
)
def test_generated_tables_are_filled_in(client: FlaskClient, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200, response.text
    assert int(response.headers["X-Total-Count"]) > 0


SLOW = ("importing", "revising", "spreadsheets", "words", "annotations", "transcripts", "reviews")
QUICK = ("start", "writing")


@pytest.mark.parametrize(
    "chapter",
    [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)],
)
def test_the_steps_of_a_chapter_lead_to_a_release_of_its_corpus(chapter: str, tmp_path: Path) -> None:
    quoth = shutil.which("quoth", path=str(Path(sys.executable).parent)) or "quoth"
    before = chapters.examples(PAGES["writing"]) if chapter == "revising" else []
    current, place = tmp_path, tmp_path / "place.txt"
    for block in [*before, *chapters.examples(PAGES[chapter])]:
        _, _, mark = block.info.partition(" ")
        if mark.startswith("file="):
            file = current / mark.removeprefix("file=")
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.content, "utf-8")
        elif mark == "run":
            command = re.sub(r"^quoth ", f"{quoth} ", block.content, flags=re.MULTILINE)
            command = f"set -e\n{command}\npwd > '{place}'"
            done = subprocess.run(command, shell=True, cwd=current, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            current = Path(place.read_text("utf-8").strip())
    published = [path for path in tmp_path.iterdir() if (path / "releases" / "current" / "manifest.json").is_file()]
    assert len(published) == (2 if chapter == "start" else 1)


def test_the_guide_shows_the_draft_of_its_text() -> None:
    blocks = [t.content for t in chapters.examples(PAGES["writing"]) if "file=texts/ferry.txt" in t.info]
    [shown] = [t.content for t in chapters.examples(PAGES["writing"]) if "- id: sentence-1" in t.content]
    assert shown in draft.draft(blocks[0], "ferry")


def test_every_key_of_quoth_toml_is_in_the_guide() -> None:
    rows = PAGES["start"].partition("## quoth.toml")[2].splitlines()
    cells = [line.split("|")[1] for line in rows if line.startswith("| `")]
    assert {key for cell in cells for key in re.findall(r"`(\w+)`", cell)} == set(quoth_toml.KEYS)


def test_every_key_of_a_mapping_is_in_the_guide() -> None:
    rows = PAGES["importing"].partition("## The mapping file")[2].partition("## Another format")[0].splitlines()
    cells = [line.split("|")[1] for line in rows if line.startswith("| `")]
    keys = {key for cell in cells for key in re.findall(r"`([\w.*-]+)`", cell)}
    assert keys == mapping.COMMON.keys() | brat.KEYS.keys()
    proposed = PAGES["importing"].partition("## You have a model's output")[2].partition("## ")[0].splitlines()
    cells = [line.split("|")[1] for line in proposed if line.startswith("| `")]
    assert {key for cell in cells for key in re.findall(r"`(\w+)`", cell)} == set(proposals.COLUMNS)


BREAKS = re.findall(r"^\| `(.+?)` \| `(.+?)` \| `(.+?)` \|$", PAGES["writing"], re.MULTILINE)


@pytest.mark.parametrize(("old", "new", "words"), BREAKS)
def test_broken_examples_give_the_findings_that_the_guide_shows(old: str, new: str, words: str, tmp_path: Path) -> None:
    blocks = {t.info.partition(" ")[2]: t.content for t in chapters.examples(PAGES["writing"])}
    (tmp_path / "ferry.txt").write_text(blocks["file=texts/ferry.txt"], "utf-8")
    ferry = tmp_path / "ferry.yaml"
    ferry.write_text(blocks["file=ferry.yaml"], "utf-8")
    filled, _, _ = fill_offsets.fill(ferry, BASE, Texts(tmp_path))
    assert old in filled
    ferry.write_text(filled.replace(old, new, 1), "utf-8")
    report, _ = check.check([ferry], BASE, Texts(tmp_path))
    [line] = [n for n, text in enumerate(ferry.read_text("utf-8").splitlines(), 1) if new in text]
    [finding, *_] = [f for f in report.findings if words in str(f)]
    assert abs(finding.line - line) <= 15
    assert len(BREAKS) == 5


def test_yaml_and_trig_are_the_same_claim(tmp_path: Path) -> None:
    blocks = {t.info.partition(" ")[0]: t.content for t in chapters.examples(PAGES["writing"])}
    [ferry] = [t.content for t in chapters.examples(PAGES["writing"]) if t.info == "yaml file=ferry.yaml"]
    (tmp_path / "a.yaml").write_text(ferry, "utf-8")
    (tmp_path / "a.trig").write_text(blocks["trig"], "utf-8")
    trig = set(document.read(tmp_path / "a.trig", BASE).quads)
    yaml = set(document.read(tmp_path / "a.yaml", BASE).quads)
    # The YAML has another claim besides, and its offsets are filled in by a command.
    positions = {q for q in trig if "-position" in str(q.subject) or "-position" in str(q.object)}
    assert trig - positions <= yaml
    assert {q for q in yaml if "claim/ferry/late" in str(q.subject)} <= trig


def test_a_reprint_a_second_encoding_a_correction_and_a_withdrawal_conform(tmp_path: Path) -> None:
    for block in [*chapters.examples(PAGES["writing"]), *chapters.examples(PAGES["revising"])]:
        _, _, name = block.info.partition(" file=")
        if name:
            (tmp_path / Path(name).name).write_text(block.content, "utf-8")
    filled, _, _ = fill_offsets.fill(tmp_path / "ferry.yaml", BASE, Texts(tmp_path))
    place, _, correction = (tmp_path / "corrected.yaml").read_text("utf-8").removeprefix("claims:\n").partition("\n")
    assert filled.count(f"{place}\n") == 1
    filled = filled.replace(f"{place}\n", f"{place}\n{correction}")
    (tmp_path / "ferry.yaml").write_text(f"{filled}\n{(tmp_path / 'withdrawn.yaml').read_text('utf-8')}", "utf-8")
    documents = [tmp_path / name for name in ("ferry.yaml", "reprint.yaml", "second.yaml")]
    report, quads = check.check(documents, BASE, Texts(tmp_path))
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    gone = ox.NamedNode(f"{BASE}id/claim/ferry/late-by-an-hour")
    assert [q.object for q in quads if q.predicate == QUOTH.withdraws] == [gone]
    late = ox.NamedNode(f"{BASE}id/claim/ferry/late")
    assert [q.subject for q in quads if q.predicate == QUOTH.correction] == [late]
    claim, encoding = (
        ox.NamedNode(f"{BASE}id/{name}") for name in ("claim/ferry/late-again", "article/ferry#encoding-2")
    )
    assert [q.subject for q in quads if q.predicate == QUOTH.encoding and q.object == encoding] == [claim]


def test_every_error_is_in_the_table() -> None:
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in PAGES["errors"].splitlines() if line[:1] == "|"]
    stated = {(row[1], row[2]) for row in rows}
    for error in QuothError.__subclasses__():
        assert (str(error.status), str(error.exit_code)) in stated, error


def test_the_limits_in_the_guide_are_settings_with_those_defaults() -> None:
    section = PAGES["querying"].partition("## Limits")[2]
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in section.splitlines() if line[:1] == "|"][2:]
    assert len(rows) > 5
    defaults = {f.name: f.default for f in dataclasses.fields(Settings)}
    for _, stated, names in rows:
        values = [f"{defaults[name]:g}" for name in re.findall(r"`(\w+)`", names) if defaults[name]]
        assert re.findall(r"[\d.]+", stated.replace(",", "")) == [f"{float(v):.0f}" for v in values]


def test_every_metric_is_in_the_guide() -> None:
    documented = set(re.findall(r"^\| `(quoth_\w+)` \|", PAGES["operating"], re.MULTILINE))
    assert documented == {f"{m.name}_total" if m.type == "counter" else m.name for m in metrics.REGISTRY.collect()}


def test_the_guide_says_which_labels_a_metric_has() -> None:
    rows = re.findall(r"^\| `(quoth_\w+?)(?:_total)?` \| (.*) \|$", PAGES["operating"], re.MULTILINE)
    for name, words in rows:
        labels = metrics.REGISTRY._names_to_collectors[name]._labelnames  # type: ignore[attr-defined]
        assert tuple(re.findall(r"`(\w+)`", words)) == labels, name


def test_what_the_guide_says_was_tried_is_in_these_tests() -> None:
    section = PAGES["operating"].partition("## What is exposed")[2]
    places = re.findall(r"`(tests/[\w/.]+)`", section)
    assert len(places) > 5
    for place in places:
        path = Path(__file__).parents[3] / place
        assert path.is_file() or [*path.rglob("test_*.py")], place


def test_the_guide_lists_the_examples_to_deploy() -> None:
    rows = PAGES["operating"].partition("## With systemd")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `([\w.]+)` \|", rows, re.MULTILINE))
    folder = Path(__file__).parents[3] / "server" / "deploy"
    assert listed == {path.name for path in folder.iterdir() if path.suffix != ".dockerignore" and path.is_file()}


def test_every_reason_for_the_end_of_a_query_is_in_the_guide() -> None:
    reported = re.findall(
        r'(?:ReportedError\(|"error": )"(\w+)"', inspect.getsource(worker) + inspect.getsource(output)
    )
    [text] = re.findall(r"^The reasons are .*$", PAGES["operating"], re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", text)) == {*get_args(Cause), *reported, "idle"}


def test_the_guide_has_the_limits_on_nesting() -> None:
    assert f"may have {query_limits.NESTING_LIMIT} brackets open" in PAGES["operating"]
    assert f"{query_limits.CHAIN_LIMIT:,} operators" in PAGES["operating"]


def test_markdown_has_no_raw_html() -> None:
    page = chapters.render("x", "# A <b>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n")
    assert "<script" not in page.html
    assert "<b>" not in page.html
    assert 'href="javascript' not in page.html
