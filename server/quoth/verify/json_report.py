"""A report as JSON (report.schema.json)."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from quoth.claim.authoring.spans import Span
from quoth.verify.findings import Evidence, Finding, Judged, Report, Words
from quoth.verify.verdicts import VERDICTS


def schema() -> str:
    """The JSON Schema (2020-12) of a report."""
    return (files(__package__) / "report.schema.json").read_text("utf-8")


def written(report: Report) -> str:
    """The report as JSON."""
    return json.dumps(as_json(report), indent=2, ensure_ascii=False) + "\n"


def as_json(report: Report) -> Mapping[str, Any]:
    """The report as an object of JSON. Offsets count code points from 0, lines and columns from 1."""
    return {
        "release": report.release,
        "claims": report.claims,
        "searched": report.searched,
        "fails": report.fails,
        "notes": list(report.notes),
        "passages": [_passage(judged) for judged in report.passages],
    }


def _passage(judged: Judged) -> Mapping[str, Any]:
    passage = judged.passage
    return {
        **_span(judged.at),
        "line": judged.line,
        "column": judged.column,
        "kind": passage.kind.value,
        "text": judged.text,
        "speaker": passage.speaker,
        "name": passage.name,
        "speakerInferred": passage.inferred,
        "cue": passage.cue,
        "outer": list(passage.outer),
        "findings": [_finding(finding) for finding in judged.findings],
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "label": VERDICTS[finding.verdict].label,
        "meaning": VERDICTS[finding.verdict].sentence,
        "fails": finding.fails_build,
        **_span(finding.at),
        "sureness": finding.sureness.value,
        "why": finding.why,
        "evidence": [_evidence(each) for each in finding.evidence],
        "words": [_words(each) for each in finding.words],
    }


def _evidence(evidence: Evidence) -> Mapping[str, Any]:
    return {
        "claim": evidence.claim,
        "article": evidence.article,
        "words": evidence.words,
        "at": _span(evidence.at) if evidence.at else None,
        "credited": list(evidence.credited),
        "citation": evidence.citation,
        "others": list(evidence.others),
    }


def _words(words: Words) -> Mapping[str, Any]:
    return {
        "change": words.change.value,
        "said": words.said,
        "recorded": words.recorded,
        "saidAt": _span(words.said_at) if words.said_at else None,
        "recordedAt": _span(words.recorded_at) if words.recorded_at else None,
    }


def _span(span: Span) -> Mapping[str, int]:
    return {"start": span.start, "end": span.end}
