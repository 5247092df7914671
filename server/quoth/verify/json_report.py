"""A report as JSON (report.schema.json), written and read."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypeVar

from quoth.claim.authoring.spans import Span
from quoth.verify.differences import Change
from quoth.verify.findings import Evidence, Finding, Judged, Report, Words
from quoth.verify.passages import Kind, Passage
from quoth.verify.verdicts import VERDICTS, Sureness, Verdict

T = TypeVar("T")


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
        "texts": report.texts,
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
        "claim": evidence.claim or None,
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


def read(data: Any) -> Report:
    """The report that an object of JSON is, as ``as_json`` makes it; members that it does not know are passed over.
    Raises ValueError for anything else."""
    try:
        return Report(
            [_read_passage(passage) for passage in data["passages"]],
            _of(int, data["release"]),
            _of(int, data["claims"]),
            tuple(_of(str, note) for note in data["notes"]),
            _of(int, data["texts"]),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no report: {error}") from None


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} expected")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(_of(str, value) for value in values)


def _read_span(value: Any) -> Span:
    span = Span(_of(int, value["start"]), _of(int, value["end"]))
    if not 0 <= span.start <= span.end:
        raise ValueError("no span")
    return span


def _read_passage(passage: Any) -> Judged:
    speaker, name, cue = (_of(str, passage[member]) for member in ("speaker", "name", "cue"))
    outer, inferred = _texts(passage["outer"]), _of(bool, passage["speakerInferred"])
    made = Passage(Span(0, 0), Kind(passage["kind"]), speaker, name, cue, outer, inferred=inferred)
    place = _of(int, passage["line"]), _of(int, passage["column"])
    findings = tuple(_read_finding(finding) for finding in passage["findings"])
    return Judged(made, _read_span(passage), *place, _of(str, passage["text"]), findings)


def _read_finding(finding: Any) -> Finding:
    return Finding(
        Verdict(finding["verdict"]),
        _read_span(finding),
        Sureness(finding["sureness"]),
        _of(str, finding["why"]),
        tuple(_read_evidence(each) for each in finding["evidence"]),
        tuple(_read_words(each) for each in finding["words"]),
        _of(bool, finding["fails"]),
    )


def _read_evidence(evidence: Any) -> Evidence:
    return Evidence(
        _of(str, evidence["claim"] or ""),
        _of(str, evidence["article"]),
        _of(str, evidence["words"]),
        _read_span(evidence["at"]) if evidence["at"] else None,
        _texts(evidence["credited"]),
        _of(str, evidence["citation"]),
        _texts(evidence["others"]),
    )


def _read_words(words: Any) -> Words:
    places = (_read_span(words[name]) if words[name] else None for name in ("saidAt", "recordedAt"))
    return Words(Change(words["change"]), _of(str, words["said"]), _of(str, words["recorded"]), *places)
