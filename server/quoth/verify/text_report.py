"""A report as lines for people: file, line, column, verdict, the words and those on record."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.report import counted
from quoth.verify.differences import Change
from quoth.verify.findings import Finding, Judged, Report, Words
from quoth.verify.verdicts import GOOD, VERDICTS, Verdict

_SIDES = 4
"""Differences that a line shows."""


def lines(report: Report, file: str, *, verbose: bool = False) -> Iterator[str]:
    """A line for each finding; for what is as on record only if it is ``verbose``."""
    for judged in report.passages:
        for finding in judged.findings:
            if verbose or finding.verdict not in GOOD:
                kind = "" if finding.fails_build or finding.verdict in GOOD else "note: "
                yield visible(f"{file}:{judged.line}:{judged.column}: {kind}{sentence(judged, finding)}")


def summary(report: Report) -> str:
    """A line with the numbers of verdicts, and what was searched."""
    counts = Counter(finding.verdict for judged in report.passages for finding in judged.findings)
    told = ", ".join(f"{counts[verdict]} {VERDICTS[verdict].label}" for verdict in Verdict if counts[verdict])
    return f"{counted(len(report.passages), 'passage')}: {told or 'nothing is quoted or attributed'}. {report.searched}"


def sentence(judged: Judged, finding: Finding) -> str:
    """The finding in words: the verdict, the words of the text, why, those on record, and the citation."""
    start, end = finding.at.start - judged.at.start, finding.at.end - judged.at.start
    whole = finding.at == judged.at or not 0 <= start < end <= len(judged.text)
    said = excerpt(judged.text if whole else judged.text[start:end], 100)
    parts = [f"{VERDICTS[finding.verdict].label} ({finding.sureness.value}): {said}: {finding.why}"]
    differing = [words for words in finding.words if words.change is not Change.TYPOGRAPHY]
    if finding.verdict not in GOOD:
        parts += [_side(words) for words in differing[:_SIDES]]
    for evidence in finding.evidence:
        where = "on record" if evidence.claim else "there"
        parts.append(f"{where} {excerpt(evidence.words, 100)}: {evidence.citation}")
    if finding.verdict is Verdict.NOT_ON_RECORD:
        parts.append(VERDICTS[finding.verdict].sentence)
    return "; ".join(part.rstrip(".") for part in parts)


def _side(words: Words) -> str:
    said = excerpt(words.said) if words.said else "nothing"
    recorded = excerpt(words.recorded) if words.recorded else "nothing"
    return f"{said} for {recorded}"


def visible(text: str) -> str:
    """A text without characters that a terminal would obey."""
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\u00ad" else c for c in text)
