"""A corpus's own questions: the files ``queries/*.rq`` beside its documents, which are published with them.

The folder ``queries`` is looked for where a vocabulary is: in the folder of each document and in the one above it.
"""

import difflib
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.report import Finding, Severity
from quoth.claim.reading import document
from quoth.corpus import quoth_toml
from quoth.errors import DocumentError, QueryRefusedError, QuerySyntaxError
from quoth.sparql import corrections, diagnosis, named_queries, query_form, query_limits, unknown_terms
from quoth.sparql.mentions import mentions
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.tokens import line_and_column, tokens

FOLDER = "queries"
QUESTIONS = "questions.json"
"""The file of a release with the texts of its own questions, by their names."""

_Place = tuple[str, int, int]
"""The words that stand for an IRI, their line, and their column (0: the whole line)."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLACE = re.compile(r"line (\d+), column (\d+)")
_WHOLE = frozenset(("LIMIT", "OFFSET", "VALUES"))
_ELSEWHERE = frozenset(("SERVICE", "FROM"))


def files(paths: Iterable[Path]) -> list[Path]:
    """The files of the questions that belong to the documents in ``paths``. Raises UsageError as document.files."""
    paths = list(paths)
    parents = (parent for file in document.files(paths) for parent in (file.parent, file.parent.parent))
    named = itertools.chain(paths, *map(document.members, paths))
    folders = dict.fromkeys([*(path for path in named if path.is_dir()), *parents])
    return [file for folder in folders for file in sorted((folder / FOLDER).glob("*.rq"))]


def check(
    paths: Iterable[Path], base: str, in_documents: Callable[[set[str]], Set[str]] | None = None
) -> tuple[list[NamedQuery], list[Finding]]:
    """The questions that belong to the documents in ``paths``, and findings about those that cannot be asked, about
    what they name that is in none of the documents, and about names in quoth.toml that no question has.
    ``in_documents`` gives those of some IRIs that stand in a document (None: that is not looked at)."""
    questions: dict[str, NamedQuery] = {}
    told: dict[Path, list[Finding]] = {}
    mentioned: dict[Path, tuple[NamedQuery, dict[str, _Place]]] = {}
    paths = list(paths)
    for file in files(paths):
        try:
            question = named_queries.read(file)
        except DocumentError as error:
            _, _, line = (error.where or "").rpartition(":")
            told[file] = [_finding(file, error.detail, error.remedy, int(line) if line.isdecimal() else 1)]
            continue
        if questions.get(question.name) == question:  # of several corpora that ask the same
            continue
        wrong = [*_faults(question, file)]
        if question.name in questions:
            other = next(each for each in files(paths) if each.stem == question.name)
            detail = f"there are two questions {question.name}: the other one is {other}"
            wrong.append(_finding(file, detail, "give one of the files another name"))
        if not wrong:
            questions[question.name] = question
            mentioned[file] = (question, _mentioned(question, base))
        told[file] = wrong
    terms = {iri for _, places in mentioned.values() for iri in places} - set(unknown_terms.vocabulary())
    missing = terms - in_documents(terms) if in_documents is not None else set()
    for file, (question, places) in mentioned.items():
        told[file] += _unknown(question, file, base, places, missing)
    findings = [f for of_file in told.values() for f in of_file]
    corpus = quoth_toml.find_one(paths)
    names = [*questions, *(question.name for question in named_queries.load(named_queries.QUESTIONS))]
    for name in corpus.settings.get("questions", ()) if corpus else ():
        if name not in names:
            remedy = (
                f"did you mean {meant[0]}?" if (meant := difflib.get_close_matches(name, names, 1)) else "leave it out"
            )
            at, _, line = corpus.where("questions").rpartition(":") if corpus else ("", "", "0")
            findings.append(_finding(Path(at), f"there is no question {name}", remedy, int(line)))
    return list(questions.values()), findings


def _finding(
    file: Path, detail: str, remedy: str | None, line: int = 1, column: int = 0, severity: Severity = "Violation"
) -> Finding:
    return Finding(detail, "question", severity, remedy=remedy or "", file=str(file), line=line, column=column)


def _faults(question: NamedQuery, file: Path) -> Iterator[Finding]:
    """Everything because of which a question cannot be asked of any release."""
    if not _NAME.fullmatch(question.name):
        detail = "the name of the file cannot stand in an address"
        yield _finding(file, detail, "use small letters, digits and hyphens")
    try:
        query_limits.check(question.text)
        result = ox.Store().query(corrections.correct(question.text).text, base_iri="http://localhost/")
    except SyntaxError as error:
        found = diagnosis.syntax_error(question.text, str(error), has_base=True)
        detail = f"the query cannot be read: {found.detail}"
        yield _finding(file, detail, found.remedy or "fix the query", found.line or 1, found.column or 0)
        return
    except (QuerySyntaxError, QueryRefusedError) as error:
        place = _PLACE.fullmatch(error.where or "")
        yield _finding(file, error.detail, error.remedy, *(map(int, place.groups()) if place else ()))
        return
    if not isinstance(result, ox.QuerySolutions):
        yield _finding(file, "the query is not a SELECT", "write it as SELECT: a question is answered by a table")
    stream = list(tokens(question.text))
    last = max(at for at, token in enumerate(stream) if token.text == "}")
    for at, token in enumerate(stream):
        word = token.text.upper()
        if word in _ELSEWHERE or (at > last and word in _WHOLE):
            remedy = "the answer comes in pages" if word in _WHOLE else "ask the release as it is"
            line, column = line_and_column(question.text, token.start)
            yield _finding(file, f"a question cannot have {word} there", f"leave it out: {remedy}", line, column)


def _mentioned(question: NamedQuery, base: str) -> dict[str, _Place]:
    """The IRIs that a question names, each with its first place: defaults of its parameters and terms of its query."""
    lines = question.text.split("\n")
    places: dict[str, _Place] = {}
    for name, term in question.defaults(base).items():
        if isinstance(term, ox.NamedNode):
            line = next(n for n, text in enumerate(lines, 1) if re.match(rf"# ?parameter:\s*{name}\b", text))
            places[term.value] = (f"<{term.value.removeprefix(base)}>", line, 0)
    for mention in mentions(question.text, base):
        assert mention.start is not None, "it is in the text"
        places.setdefault(mention.iri, (mention.text, *line_and_column(question.text, mention.start)))
    return places


def _unknown(
    question: NamedQuery, file: Path, base: str, places: Mapping[str, _Place], missing: Set[str]
) -> Iterator[Finding]:
    """What a question names that is not there, each once. A term of another vocabulary is named where one is called
    much like it, as a warning: publication may derive it."""
    for iri, (written, line, column) in places.items():
        if iri not in missing:
            continue
        if iri.startswith(base):
            detail = f"{written} is not described anywhere"
            remedy = "correct the id, describe what it names, or check this together with the document that does"
            yield _finding(file, detail, remedy, line, column)
        else:
            hint = unknown_terms.about_term(iri, written, "", query_form.prefixes(question.text))
            if hint.closed or hint.meant:
                severity: Severity = "Violation" if hint.closed else "Warning"
                yield _finding(file, hint.detail, hint.remedy, line, column, severity)


def to_json(questions: Sequence[NamedQuery]) -> str:
    """The text of the file with those questions."""
    return json.dumps({q.name: q.text for q in questions}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str) -> tuple[NamedQuery, ...]:
    """The questions in the text of such a file."""
    return tuple(named_queries.parse(name, query, name) for name, query in json.loads(text).items())
