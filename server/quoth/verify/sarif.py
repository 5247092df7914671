"""A report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which editors show beside a text."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from quoth import __version__
from quoth.claim.authoring.spans import Span
from quoth.verify.findings import Finding, Judged, Report
from quoth.verify.text_report import sentence
from quoth.verify.verdicts import GOOD, VERDICTS, Verdict

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PLACES = Callable[[int], tuple[int, int]]


def written(report: Report, file: str, place: _PLACES) -> str:
    """The report as SARIF; ``file`` is the path of the text, ``place`` gives the line and the column of an offset."""
    return json.dumps(as_sarif(report, file, place), indent=2, ensure_ascii=False) + "\n"


def as_sarif(report: Report, file: str, place: _PLACES) -> Mapping[str, Any]:
    """The report as an object of SARIF (§3.13): a rule for each verdict (§3.49), a result for each finding (§3.27)."""
    results = [_result(judged, finding, file, place) for judged in report.passages for finding in judged.findings]
    driver = {"name": "quoth verify", "version": __version__, "rules": [_rule(verdict) for verdict in Verdict]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"release": report.release, "searched": report.searched, "notes": list(report.notes)},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _level(verdict: Verdict, fails: bool) -> str:
    if verdict in GOOD:
        return "none"
    if not fails:
        return "note"
    return "warning" if verdict is Verdict.NOT_ON_RECORD else "error"


def _rule(verdict: Verdict) -> Mapping[str, Any]:
    meaning = VERDICTS[verdict]
    return {
        "id": verdict.value,
        "shortDescription": {"text": meaning.label},
        "fullDescription": {"text": meaning.sentence},
        "defaultConfiguration": {"level": _level(verdict, meaning.fails)},
    }


def _result(judged: Judged, finding: Finding, file: str, place: _PLACES) -> Mapping[str, Any]:
    passed = finding.verdict in GOOD
    return {
        "ruleId": finding.verdict.value,
        "ruleIndex": list(Verdict).index(finding.verdict),
        "kind": "pass" if passed else "fail",
        "level": _level(finding.verdict, finding.fails_build),
        "message": {"text": sentence(judged, finding)},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": quote(file)}, "region": _region(finding.at, place)}}
        ],
        "properties": {
            "sureness": finding.sureness.value,
            "claims": [evidence.claim for evidence in finding.evidence if evidence.claim],
        },
    }


def _region(at: Span, place: _PLACES) -> Mapping[str, int]:
    (line, column), (end_line, end_column) = place(at.start), place(at.end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": at.start,
        "charLength": at.end - at.start,
    }
