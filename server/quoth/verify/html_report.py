"""A report as a page of HTML: the text with its passages marked up, and the findings below it."""

from html import escape
from itertools import pairwise

from quoth.verify.findings import Judged, Report
from quoth.verify.text_report import sentence, summary, visible
from quoth.verify.verdicts import GOOD

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;font:inherit;border:1px solid #999;padding:1rem}"
    "mark{color:inherit;background:#d8f0d8}mark.open{background:#e6e6e6}mark.fails{background:#ffd9d4}"
    "mark a{color:inherit}li:target{outline:2px solid}"
)


def written(report: Report, text: str) -> str:
    """The page. It refers to nothing outside of it, and everything in it is escaped."""
    items = "".join(_item(number, judged) for number, judged in enumerate(report.passages, 1))
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>A text held against the record</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>A text held against the record</h1>\n"
        f"<p>{escape(summary(report))}</p>{notes}\n<pre>{marked(report, text)}</pre>\n"
        f"<h2>Findings</h2>\n<ol>{items}</ol>\n</body></html>\n"
    )


def _kind(judged: Judged) -> str:
    if any(finding.fails_build for finding in judged.findings):
        return "fails"
    return "good" if all(finding.verdict in GOOD for finding in judged.findings) else "open"


def marked(report: Report, text: str) -> str:
    """The text as HTML, each part of which is marked as the shortest passage that it is in, with a link to ``#p`` and
    the number of that."""
    edges: dict[int, set[int]] = {0: set(), len(text): set()}
    for number, judged in enumerate(report.passages):
        edges.setdefault(judged.at.start, set()).add(number)
        edges.setdefault(judged.at.end, set()).add(number)
    inside: set[int] = set()
    parts: list[str] = []
    for start, end in pairwise(sorted(edges)):
        inside ^= edges[start]
        words = escape("".join(c if c == "\n" else visible(c) for c in text[start:end]))
        if inside:
            owner = min(inside, key=lambda n: report.passages[n].at.end - report.passages[n].at.start)
            words = f'<mark class="{_kind(report.passages[owner])}"><a href="#p{owner + 1}">{words}</a></mark>'
        parts.append(words)
    return "".join(parts)


def _item(number: int, judged: Judged) -> str:
    findings = "".join(f"<li>{escape(visible(sentence(judged, finding)))}</li>" for finding in judged.findings)
    return f'<li id="p{number}" class="{_kind(judged)}">Line {judged.line}<ul>{findings}</ul></li>\n'
