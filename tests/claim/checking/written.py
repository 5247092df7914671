"""A small document with a claim that is coded in full, and the findings about it when something is changed."""

from hashlib import sha256
from pathlib import Path

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.report import Finding, Report

BASE = "http://localhost:8000/"
TEXT = "Doe told parliament on 28 November that the ferry was late. It rained.\n"


def document(text: str = TEXT, words: str = "the ferry was late") -> str:
    """The document, whose last lines are those of its claim and of what is inferred about it."""
    start = text.find(words)
    return f"""\
id: id/article/a
type: Article
label: An article
language: en
text: {{sha256: "{sha256(text.encode()).hexdigest()}", length: {len(text)}}}
encoding:
  attributedTo: id/org/quoth
  created: 2026-11-23
  method: By hand.
  licence: https://creativecommons.org/licenses/by/4.0/
entities:
  - {{id: id/org/quoth, type: Organization, label: Quoth}}
  - {{id: id/person/doe, type: Person, label: Doe}}
  - {{id: id/org/parliament, type: Organization, label: the parliament, altLabel: parliament}}
claims:
  - id: late
    label: Doe told parliament that the ferry was late.
    source: id/person/doe
    speechAct: said
    addressee: id/org/parliament
    stance: neutral
    scope: explicit
    cue: {{exact: told, start: {text.find("told")}, end: {text.find("told") + 4}}}
    words: {{exact: "{words}", start: {start}, end: {start + len(words)}}}
    certainty: certain
    polarity: positive
    realis: actual
    tense: past
    content: {{eventType: schedule, affected: {{type: Thing, label: the ferry}}, attribute: late}}
inference:
  attributedTo: id/org/quoth
  comment: By comparison.
  graph:
    - {{id: late, concerns: []}}
"""


def checked(folder: Path, written: str, text: str = TEXT) -> Report:
    """The report on the document, with its text at hand."""
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / "a.txt").write_text(text, "utf-8", newline="")
    path = folder / "a.yaml"
    path.write_text(written, "utf-8", newline="")
    return check([path], BASE, Texts(folder / "texts"))[0]


def found(folder: Path, old: str, new: str, text: str = TEXT) -> list[Finding]:
    """The violations when the first ``old`` of the document is written as ``new``."""
    written = document(text)
    assert old in written
    return [f for f in checked(folder, written.replace(old, new, 1), text).findings if f.severity == "Violation"]


def line_of(old: str) -> int:
    """The line on which the document has these words first."""
    written = document()
    return written[: written.index(old)].count("\n") + 1
