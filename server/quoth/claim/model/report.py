"""The report of a check: its findings, and how much of each text is quoted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pyoxigraph as ox

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PREFIXES, RDF, SH

Progress = Callable[[str, int, int], None]
"""Takes the name of a stage, and how much of how much of the stage is done."""

Severity = Literal["Violation", "Warning", "Info"]


@dataclass(frozen=True)
class Finding:
    """Something to correct. ``rule`` names the shape or rule; ``focus``, ``path`` and ``value`` are IRIs or terms."""

    message: str
    rule: str
    severity: Severity = "Violation"
    focus: str = ""
    path: str = ""
    value: str = ""
    remedy: str = ""
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """``file:line``, as far as they are known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass(frozen=True)
class Coverage:
    """The share of one article's text that all its quotations together give, in code points."""

    article: str
    quoted: int
    length: int
    text_at_hand: bool

    def __str__(self) -> str:
        share = f"{100 * self.quoted / self.length:.0f} %" if self.length else "?"
        how = (
            "checked against the text"
            if self.text_at_hand
            else "text not at hand: checked among themselves, and no warrant checked"
        )
        return f"{self.article}: quotations cover {share} of {self.length} characters; {how}"


@dataclass(frozen=True)
class Report:
    """The outcome of a check over a whole set of documents."""

    documents: tuple[str, ...]
    quads: int
    claims: int
    findings: tuple[Finding, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    unreadable: bool = False

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings do not stop a publication, though SHACL §3.6.1 counts them."""
        return not any(f.severity == "Violation" for f in self.findings)

    def count(self) -> Counter[str]:
        """Findings by severity."""
        return Counter(f.severity for f in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values: ``conforms``, counts, ``findings`` and ``coverage``."""
        values = {"conforms": self.conforms, **asdict(self)}
        del values["unreadable"]
        return values

    def as_turtle(self) -> str:
        """The report as a sh:ValidationReport (SHACL §3.6); results of rules that are no shapes are among them."""
        report = ox.BlankNode("report")
        triples = [
            ox.Triple(report, RDF.type, SH.ValidationReport),
            ox.Triple(report, SH.conforms, ox.Literal(self.conforms)),
        ]
        for number, finding in enumerate(self.findings, 1):
            triples += _result(finding, report, ox.BlankNode(f"result{number}"))
        out = ox.serialize(dict.fromkeys(triples), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        assert out is not None, "without an output, bytes are returned"
        return out.decode()


def _result(finding: Finding, report: ox.BlankNode, result: ox.BlankNode) -> Iterable[ox.Triple]:
    component = finding.rule if ":" in finding.rule else f"{ONTOLOGY_IRI}/rule#{finding.rule}"
    yield ox.Triple(report, SH.result, result)
    yield ox.Triple(result, RDF.type, SH.ValidationResult)
    yield ox.Triple(result, SH.resultSeverity, getattr(SH, finding.severity))
    yield ox.Triple(result, SH.sourceConstraintComponent, ox.NamedNode(component))
    yield ox.Triple(result, SH.resultMessage, ox.Literal(str(finding), language="en"))
    yield ox.Triple(result, SH.focusNode, _term(finding.focus or finding.file))
    if finding.path:
        yield ox.Triple(result, SH.resultPath, _term(finding.path))
    if finding.value:
        yield ox.Triple(result, SH.value, _term(finding.value))


def _term(text: str) -> ox.NamedNode | ox.Literal:
    """An IRI where the text is an absolute one, else a literal."""
    try:
        return ox.NamedNode(text)
    except ValueError:
        return ox.Literal(text)
