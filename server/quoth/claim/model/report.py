"""The report of a check: its findings, and how much of each text is quoted."""

from collections import Counter
from collections.abc import Callable, Iterable, Set
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pyoxigraph as ox

from quoth.claim.model.coverage import Coverage
from quoth.claim.model.namespaces import ONTOLOGY_IRI, PREFIXES, QUOTH, RDF, RDFS, SH

Progress = Callable[[str, int, int], None]
"""Takes the name of a stage, and how much of how much of the stage is done."""

Severity = Literal["Violation", "Warning", "Info"]

COUNTS = {"violations": "Violation", "warnings": "Warning", "accepted": "accepted", "notes": "Info"}
"""The counts in a report as JSON → the keys of ``Report.count``."""


@dataclass(frozen=True)
class Judgement:
    """A person's decision that the warning of ``rule`` does not apply to what it is ``about``; ``digest`` is empty
    where the document does not record yet for which wording."""

    iri: str
    about: str
    rule: str
    reason: str
    by: str
    digest: str


@dataclass(frozen=True)
class Finding:
    """Something to correct (Violation), to judge (Warning) or to know (Info). ``rule`` names the shape or rule;
    ``focus``, ``path`` and ``value`` are IRIs or terms; ``judgement`` is that by which a warning is accepted."""

    message: str
    rule: str
    severity: Severity = "Violation"
    focus: str = ""
    path: str = ""
    value: str = ""
    remedy: str = ""
    file: str = ""
    line: int = 0
    judgement: Judgement | None = None
    column: int = 0

    @property
    def where(self) -> str:
        """``file:line:column``, as far as they are known: only those in a query have a column."""
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])

    @property
    def open(self) -> bool:
        """Whether it is a warning that nobody has accepted."""
        return self.severity == "Warning" and self.judgement is None

    @property
    def words(self) -> str:
        """The message; what is no violation says so, and names the rule, which a judgement has to name."""
        if self.severity == "Violation":
            return self.message
        kind = "note" if self.severity == "Info" else "accepted warning" if self.judgement else "warning"
        return f"{kind} [{self.rule}]: {self.message}"

    @property
    def advice(self) -> str:
        """The remedy; of an accepted warning, the reason why nothing has to be done."""
        return f"accepted, because: {self.judgement.reason}" if self.judgement else self.remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.words}" + (f"; {self.advice}" if self.advice else "")


@dataclass(frozen=True)
class Report:
    """The outcome of a check over a whole set of documents; ``validator`` says which software judged the shapes."""

    documents: tuple[str, ...]
    quads: int
    claims: int
    findings: tuple[Finding, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    unreadable: bool = False
    validator: str = ""

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings do not stop a publication, though SHACL §3.6.1 counts them."""
        return not any(f.severity == "Violation" for f in self.findings)

    def passes(self, strict: bool) -> bool:
        """Whether there is no violation and, if ``strict``, no warning that nobody has accepted."""
        return self.conforms and not (strict and any(f.open for f in self.findings))

    def without(self, parts: Set[str], quads: int) -> "Report":
        """The report on the same documents without those claims and other parts (IRIs); with so many quads then."""

        def stays(finding: Finding) -> bool:
            named = (finding.focus, finding.value)
            return parts.isdisjoint([*named, *(iri.partition("#")[0] for iri in named)])

        claims = self.claims - sum("#" not in iri for iri in parts)
        return replace(self, quads=quads, claims=claims, findings=tuple(filter(stays, self.findings)))

    def count(self) -> Counter[str]:
        """Findings by severity, and the ``accepted`` ones of the warnings."""
        return Counter([f.severity for f in self.findings] + ["accepted" for f in self.findings if f.judgement])

    def tally(self) -> str:
        """``0 violations, 3 warnings (2 of them accepted)``."""
        count = self.count()
        accepted = f" ({count['accepted']} of them accepted)" if count["accepted"] else ""
        return f"{counted(count['Violation'], 'violation')}, {counted(count['Warning'], 'warning')}{accepted}"

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values: ``conforms``, counts, ``findings`` and ``coverage``."""
        count = self.count()
        counts = {name: count[key] for name, key in COUNTS.items()}
        values = {"conforms": self.conforms, "counts": counts, **asdict(self)}
        del values["unreadable"]
        return values

    def as_turtle(self) -> str:
        """The report as a sh:ValidationReport (SHACL §3.6); results of rules that are no shapes are among them."""
        report = ox.BlankNode("report")
        triples = [
            ox.Triple(report, RDF.type, SH.ValidationReport),
            ox.Triple(report, SH.conforms, ox.Literal(self.conforms)),
            ox.Triple(report, RDFS.comment, ox.Literal(f"validated with {self.validator}", language="en")),
        ]
        for number, finding in enumerate(self.findings, 1):
            triples += _result(finding, report, ox.BlankNode(f"result{number}"))
        out = ox.serialize(dict.fromkeys(triples), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        assert out is not None, "without an output, bytes are returned"
        return out.decode()


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "entity"), counted(2, "entity"), counted(2, "claim")
    ('1 entity', '2 entities', '2 claims')
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("ity") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _result(finding: Finding, report: ox.BlankNode, result: ox.BlankNode) -> Iterable[ox.Triple]:
    component = finding.rule if ":" in finding.rule else f"{ONTOLOGY_IRI}/rule#{finding.rule}"
    yield ox.Triple(report, SH.result, result)
    yield ox.Triple(result, RDF.type, SH.ValidationResult)
    yield ox.Triple(result, SH.resultSeverity, getattr(SH, finding.severity))
    yield ox.Triple(result, SH.sourceConstraintComponent, ox.NamedNode(component))
    yield ox.Triple(result, SH.resultMessage, ox.Literal(str(finding), language="en"))
    yield ox.Triple(result, SH.focusNode, _term(finding.focus or finding.file))
    if finding.judgement:
        yield ox.Triple(result, QUOTH.accepted, ox.NamedNode(finding.judgement.iri))
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
