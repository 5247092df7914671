"""A corpus's own questions: the files ``queries/*.rq`` beside its documents, which are published with them.

The folder ``queries`` is looked for where a vocabulary is: in the folder of each document and in the one above it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.report import Finding
from quoth.claim.reading import document
from quoth.errors import DocumentError
from quoth.sparql import named_queries
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.tokens import tokens

FOLDER = "queries"
QUESTIONS = "questions.json"
"""The file of a release with the texts of its own questions, by their names."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SYNTAX = re.compile(r"(?:error at )?(\d+):\d+:? ?(.*)", re.DOTALL)
_WHOLE = frozenset(("LIMIT", "OFFSET", "VALUES"))
_ELSEWHERE = frozenset(("SERVICE", "FROM"))


def files(paths: Iterable[Path]) -> list[Path]:
    """The files of the questions that belong to the documents in ``paths``. Raises UsageError as document.files."""
    paths = list(paths)
    parents = (parent for file in document.files(paths) for parent in (file.parent, file.parent.parent))
    folders = dict.fromkeys([*(path for path in paths if path.is_dir()), *parents])
    return [file for folder in folders for file in sorted((folder / FOLDER).glob("*.rq"))]


def check(paths: Iterable[Path]) -> tuple[list[NamedQuery], list[Finding]]:
    """The questions that belong to the documents in ``paths``, and findings about those that cannot be asked."""
    questions: dict[str, NamedQuery] = {}
    findings = []
    for file in files(paths):
        try:
            question = named_queries.read(file)
            if question.name in questions:
                detail = f"there are two questions {question.name}"
                raise DocumentError(detail, where=f"{file}:1", remedy="give one of the files another name")
            _try(question, file)
            questions[question.name] = question
        except DocumentError as error:
            where, _, line = (error.where or str(file)).rpartition(":")
            place = int(line) if where and line.isdecimal() else 1
            findings.append(Finding(error.detail, "question", remedy=error.remedy or "", file=str(file), line=place))
    return list(questions.values()), findings


def _try(question: NamedQuery, file: Path) -> None:
    """Raise DocumentError, with file and line, for a question that cannot be asked of any release."""

    def wrong(detail: str, remedy: str, line: int = 1) -> DocumentError:
        return DocumentError(detail, where=f"{file}:{line}", remedy=remedy)

    if not _NAME.fullmatch(question.name):
        raise wrong("the name of the file cannot stand in an address", "use small letters, digits and hyphens")
    try:
        result = ox.Store().query(question.text, base_iri="http://localhost/")
    except SyntaxError as error:
        place = _SYNTAX.fullmatch(str(error))
        line, reason = (int(place[1]), place[2]) if place else (1, str(error))
        raise wrong(f"the query cannot be read: {reason}", "fix the query", line) from None
    if not isinstance(result, ox.QuerySolutions):
        raise wrong("the query is not a SELECT", "write it as SELECT: a question is answered by a table")
    stream = list(tokens(question.text))
    last = max(at for at, token in enumerate(stream) if token.text == "}")
    for at, token in enumerate(stream):
        word = token.text.upper()
        if word in _ELSEWHERE or (at > last and word in _WHOLE):
            line = question.text.count("\n", 0, token.start) + 1
            remedy = "the answer comes in pages" if word in _WHOLE else "ask the release as it is"
            raise wrong(f"a question cannot have {word} there", f"leave it out: {remedy}", line)


def to_json(questions: Sequence[NamedQuery]) -> str:
    """The text of the file with those questions."""
    return json.dumps({q.name: q.text for q in questions}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str) -> tuple[NamedQuery, ...]:
    """The questions in the text of such a file."""
    return tuple(named_queries.parse(name, query, name) for name, query in json.loads(text).items())
