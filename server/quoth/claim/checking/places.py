"""Places of findings: the file and line of what each is about, and those of what else its words point at."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from quoth.claim.model.report import Finding
from quoth.claim.reading.document import Document

_AT = re.compile(r" \(at <([^>]*)>\)")
"""Words of a message or remedy that stand for the line of an IRI: ``did you mean <id/org/a> (at <id/org/a>)?``"""


def locate(violations: Iterable[Finding], documents: list[Document], alone: bool) -> Iterator[Finding]:
    """The findings with the file and line of their focus node, or else of the node that the focus is a part of; with
    the lines of the IRIs that their words point at. If ``alone``, all are about the one document.

    Where something is described comes before where a content names it.
    """
    about: dict[str, list[tuple[str, str, Document]]] = defaultdict(list)
    violations = list(violations)
    for asserted in (True, False) if violations and not alone else ():
        for d in documents:
            for q in d.quads:
                if isinstance(q.subject, ox.NamedNode) and (q.graph_name == ox.DefaultGraph()) == asserted:
                    about[q.subject.value].append((q.predicate.value, getattr(q.object, "value", ""), d))
    for finding in violations:
        node = finding.focus.partition("#")[0]
        names = [finding.focus, finding.value, node, finding.path]
        # Documents with the statement come first, then those with its property, then any about the focus node.
        known = about[finding.focus]
        stating = [d for *statement, d in known if statement == [finding.path, finding.value]]
        like = [d for predicate, _, d in known if predicate == finding.path]
        ordered = dict.fromkeys([*stating, *like, *(d for *_, d in known), *documents])
        own = {finding.focus, node} if finding.path else set()
        places = (
            replace(finding, file=str(d.path), line=d.find_key(d.lines[n], finding.path) if n in own else d.lines[n])
            for n in names
            for d in ordered
            if n and n in d.lines
        )
        file = str(documents[0].path) if alone else ""
        located = next(places, replace(finding, file=file))

        def line(match: re.Match[str], file: str = located.file) -> str:
            near = dict.fromkeys([*(d for *_, d in about[match[1]]), *documents])
            for d in near:
                if number := d.lines.get(match[1]):
                    return f" (line {number})" if str(d.path) == file else f" ({d.path}:{number})"
            return ""

        yield replace(located, message=_AT.sub(line, located.message), remedy=_AT.sub(line, located.remedy))
