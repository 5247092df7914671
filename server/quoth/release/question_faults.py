"""The faults of a corpus's own questions: why one cannot be asked of a release, what it names that is not there."""

import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.report import Finding, Severity
from quoth.corpus import bases
from quoth.errors import QueryRefusedError, QuerySyntaxError
from quoth.sparql import corrections, diagnosis, query_form, query_limits, unknown_terms
from quoth.sparql.mentions import mentions
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.tokens import line_and_column, tokens

Place = tuple[str, int, int]
"""The words that stand for an IRI, their line, and their column (0: the whole line)."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLACE = re.compile(r"line (\d+), column (\d+)")
_WHOLE = frozenset(("LIMIT", "OFFSET", "VALUES"))
_ELSEWHERE = frozenset(("SERVICE", "FROM"))


def finding(
    file: Path, detail: str, remedy: str | None, line: int = 1, column: int = 0, severity: Severity = "Violation"
) -> Finding:
    """A finding about a question, at a place in its file."""
    return Finding(detail, "question", severity, remedy=remedy or "", file=str(file), line=line, column=column)


def faults(question: NamedQuery, file: Path) -> Iterator[Finding]:
    """Everything because of which a question cannot be asked of any release."""
    if not _NAME.fullmatch(question.name):
        detail = "the name of the file cannot stand in an address"
        yield finding(file, detail, "use small letters, digits and hyphens")
    try:
        query_limits.check(question.text)
        result = ox.Store().query(corrections.correct(question.text).text, base_iri="http://localhost/")
    except SyntaxError as error:
        found = diagnosis.syntax_error(question.text, str(error), has_base=True)
        detail = f"the query cannot be read: {found.detail}"
        yield finding(file, detail, found.remedy or "fix the query", found.line or 1, found.column or 0)
        return
    except (QuerySyntaxError, QueryRefusedError) as error:
        place = _PLACE.fullmatch(error.where or "")
        yield finding(file, error.detail, error.remedy, *(map(int, place.groups()) if place else ()))
        return
    if not isinstance(result, ox.QuerySolutions):
        yield finding(file, "the query is not a SELECT", "write it as SELECT: a question is answered by a table")
    stream = list(tokens(question.text))
    last = max(at for at, token in enumerate(stream) if token.text == "}")
    for at, token in enumerate(stream):
        word = token.text.upper()
        if word in _ELSEWHERE or (at > last and word in _WHOLE):
            remedy = "the answer comes in pages" if word in _WHOLE else "ask the release as it is"
            line, column = line_and_column(question.text, token.start)
            yield finding(file, f"a question cannot have {word} there", f"leave it out: {remedy}", line, column)


def mentioned(question: NamedQuery, base: str) -> dict[str, Place]:
    """The IRIs that a question names, each with its first place: defaults of its parameters and terms of its query."""
    lines = question.text.split("\n")
    places: dict[str, Place] = {}
    for name, term in question.defaults(base).items():
        if isinstance(term, ox.NamedNode):
            line = next(n for n, text in enumerate(lines, 1) if re.match(rf"# ?parameter:\s*{name}\b", text))
            places[term.value] = (f"<{term.value.removeprefix(base)}>", line, 0)
    for mention in mentions(question.text, base):
        assert mention.start is not None, "it is in the text"
        places.setdefault(mention.iri, (mention.text, *line_and_column(question.text, mention.start)))
    return places


def unknown(
    question: NamedQuery, file: Path, base: str, places: Mapping[str, Place], missing: Set[str]
) -> Iterator[Finding]:
    """What a question names that is not there, each once. A term of another vocabulary is named where one is called
    much like it, as a warning: publication may derive it."""
    for iri, (written, line, column) in places.items():
        if iri not in missing:
            continue
        if iri.startswith(tuple(each for _, each in bases.every(base))):
            detail = f"{written} is not described anywhere"
            remedy = "correct the id, describe what it names, or check this together with the document that does"
            yield finding(file, detail, remedy, line, column)
        else:
            hint = unknown_terms.about_term(iri, written, "", query_form.prefixes(question.text))
            if hint.closed or hint.meant:
                severity: Severity = "Violation" if hint.closed else "Warning"
                yield finding(file, hint.detail, hint.remedy, line, column, severity)
