"""Levels of attribution that a document names, and ids without a slash, as YAML is read."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.authoring import fill_offsets
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import OA, QUOTH
from quoth.claim.reading.document import read
from quoth.claim.reading.yaml_tree import MAX_NODES

from ..mentioned import HEAD

BASE = "http://localhost:8000/"
LEVELS = """\
levels:
  lind:
    source: id/person/mara-lind
    speechAct: said
    cue: According to Lind
  lind-or-article: {level: lind, scope: ambiguous}
  report: {source: audit-report, speechAct: recorded, mention: {of: audit-report, exact: a report}, within: lind}
claims:
"""
CRATES = "words: the company’s crates cross the bay at night"
AUDIT, LIND = "id/source/harbour/audit-report", "id/person/mara-lind"
WRITTEN_OUT = {
    "level: lind": f"source: {LIND}, speechAct: said, cue: According to Lind",
    "level: lind, speechAct: warned": f"source: {LIND}, speechAct: warned, cue: According to Lind",
    "level: lind, within: {source: two-dockers, speechAct: said}": (
        f"source: {LIND}, speechAct: said, cue: According to Lind, within: {{source: two-dockers, speechAct: said}}"
    ),
    "level: lind-or-article": f"source: {LIND}, speechAct: said, cue: According to Lind, scope: ambiguous",
    "attribution: {level: lind-or-article, stance: neutral}": (
        f"source: {LIND}, speechAct: said, cue: According to Lind, scope: ambiguous, stance: neutral"
    ),
    "source: audit-report, speechAct: recorded, within: lind": (
        f"source: {AUDIT}, speechAct: recorded, within: {{source: {LIND}, speechAct: said, cue: According to Lind}}"
    ),
    "source: audit-report, speechAct: recorded, within: {level: lind, speechAct: warned}": (
        f"source: {AUDIT}, speechAct: recorded, within: {{source: {LIND}, speechAct: warned, cue: According to Lind}}"
    ),
    "level: report": (
        f"source: {AUDIT}, speechAct: recorded, mention: {{of: {AUDIT}, exact: a report}}, "
        f"within: {{source: {LIND}, speechAct: said, cue: According to Lind}}"
    ),
}


def document(folder: Path, levels: str, *attributions: str) -> Path:
    """A document with those levels, and a claim of each attribution."""
    path = folder / "harbour.yaml"
    claims = (f"  - {{id: crates-{n}, {CRATES}, {keys}}}\n" for n, keys in enumerate(attributions))
    path.write_text(HEAD + levels + "".join(claims), "utf-8")
    return path


@pytest.mark.parametrize(("named", "written_out"), WRITTEN_OUT.items(), ids=WRITTEN_OUT)
def test_a_named_level_is_the_level_written_out(named: str, written_out: str, tmp_path: Path) -> None:
    by_name = set(read(document(tmp_path, LEVELS, named, named), BASE).quads)
    assert by_name == set(read(document(tmp_path, "claims:\n", written_out, written_out), BASE).quads)


@pytest.mark.parametrize(
    ("level", "line"), [("level: lind", "  lind:\n"), ("level: lind, stance: neutral", "  - {id: crates-0")]
)
def test_the_line_of_a_level_is_where_its_keys_are(level: str, line: str, tmp_path: Path) -> None:
    path = document(tmp_path, LEVELS, level)
    number = read(path, BASE).lines[f"{BASE}id/claim/harbour/crates-0#attribution"]
    before = path.read_text("utf-8").partition(line)[0].count("\n")
    assert number == before + (2 if "lind:" in line else 1), (
        "the first key of a mapping in block style is below its name"
    )


MISTAKES = {
    "unknown": (LEVELS, "level: lindt", "no level has the name 'lindt'", "did you mean lind?"),
    "unknown around": (LEVELS, "source: x, within: raport", "no level has the name 'raport'", "did you mean report?"),
    "unknown in a level": ("levels:\n  a: {level: lind}\nclaims:\n", "level: a", "has the name 'lind'", "has a"),
    "of no level": ("claims:\n", "level: lind", "no level has the name 'lind'", "name it under levels"),
    "several": (LEVELS, "level: [lind, report]", "no level has the name", "the document has lind, lind-or-article"),
    "in a circle": (
        "levels:\n  a: {within: b}\n  b: {level: c, source: x}\n  c: {level: a}\nclaims:\n",
        "level: a",
        "the level b is within itself: b → c → a → b",
        "",
    ),
    "a list": ("levels: [lind]\nclaims:\n", "source: x", "levels are names", "write it like"),
    "no level": ("levels: {lind: said}\nclaims:\n", "source: x", "lind is not a level", "write it like"),
    "a claim": (
        "levels: {lind: {source: x, words: y}}\nclaims:\n",
        "source: x",
        "and cannot have words",
        "its keys are",
    ),
    "a key of none": ("levels: {lind: {sorce: x}}\nclaims:\n", "source: x", "no key 'sorce'", "did you mean source?"),
    "twice": (LEVELS, "level: lind, attribution: {source: x}", "has an attribution, and level", "take attribution out"),
    "in a content": (LEVELS, "content: {eventType: tie, level: lind}", "there is no key 'level' here", "on a claim"),
    "in a claim": (LEVELS, "levels: {x: {source: y}}", "there is no key 'levels' here", ""),
}


@pytest.mark.parametrize(("levels", "claim", "words", "remedy"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_levels_has_one_message(levels: str, claim: str, words: str, remedy: str, tmp_path: Path) -> None:
    path = document(tmp_path, levels, claim)
    [finding] = check([path], BASE)[0].findings
    assert words in finding.message
    assert remedy in finding.remedy
    assert HEAD.count("\n") < finding.line <= path.read_text("utf-8").count("\n")


def test_names_do_not_make_a_short_document_a_long_one(tmp_path: Path) -> None:
    chain = "".join(f"  l{n}: {{source: x, level: l{n + 1}, within: l{n + 1}}}\n" for n in range(30))
    levels = f"levels:\n{chain}  l30: {{source: x, cue: [{', '.join('y' * 1000)}]}}\nclaims:\n"
    [finding] = check([document(tmp_path, levels, *["level: l0"] * (MAX_NODES // 1000))], BASE)[0].findings
    assert "values" in finding.message


def test_offsets_are_filled_into_named_levels(tmp_path: Path, texts: Texts) -> None:
    path = document(tmp_path, LEVELS, "level: report", "level: lind-or-article", "within: lind, source: audit-report")
    written = path.read_text("utf-8")
    filled, count, findings = fill_offsets.fill(path, BASE, texts)
    assert (findings, count) == ([], 5)
    expected = (
        written.replace("cue: According to Lind", "cue: {exact: According to Lind, start: 591, end: 608}")
        .replace("exact: a report}", "exact: a report, start: 610, end: 618}")
        .replace(CRATES, "words: {exact: the company’s crates cross the bay at night, start: 674, end: 717}")
    )
    assert filled == expected
    path.write_text(filled, "utf-8")
    assert fill_offsets.fill(path, BASE, texts) == (filled, 0, [])
    positions = {quad.object for quad in read(path, BASE).quads if quad.predicate == OA.start}
    assert positions == {ox.Literal(591), ox.Literal(610), ox.Literal(674)}


def test_an_id_without_a_slash_is_one_of_the_article_s_sources(tmp_path: Path) -> None:
    long = document(tmp_path, f"mentions:\n  - {{of: {AUDIT}, exact: a report}}\nclaims:\n", f"source: {AUDIT}")
    sources = "  - {id: audit-report, type: [Source, Document], label: a report, restsOn: two-dockers}\nentities:\n"
    text = long.read_text("utf-8").replace("entities:\n", sources.replace("audit-report", AUDIT), 1)
    long.write_text(text.replace("two-dockers}", "id/source/harbour/two-dockers}"), "utf-8")
    quads = set(read(long, BASE).quads)
    long.write_text(text.replace("id/source/harbour/", ""), "utf-8")
    assert set(read(long, BASE).quads) == quads


def test_a_source_can_be_a_part_of_another(tmp_path: Path) -> None:
    path = document(tmp_path, "claims:\n", f"source: {AUDIT}")
    sources = "  - {id: one-docker, type: [AnonymousSource, Agent], label: one, partOf: two-dockers}\nentities:\n"
    path.write_text(path.read_text("utf-8").replace("entities:\n", sources, 1), "utf-8")
    whole, part = (ox.NamedNode(f"{BASE}id/source/harbour/{slug}") for slug in ("two-dockers", "one-docker"))
    assert ox.Quad(part, QUOTH.partOf, whole) in read(path, BASE).quads
