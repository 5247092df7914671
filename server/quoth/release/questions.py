"""A corpus's own questions: the files ``queries/*.rq`` beside its documents, which are published with them.

The folder ``queries`` is looked for where a vocabulary is: in the folder of each document and in the one above it. What
reads queries is imported where there is one: that takes a tenth of a second.
"""

import difflib
import itertools
import json
import re
from collections.abc import Callable, Iterable, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from quoth.claim.model.report import Finding
from quoth.claim.reading import document
from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.errors import DocumentError

if TYPE_CHECKING:
    from quoth.release.question_faults import Place
    from quoth.sparql.named_queries import NamedQuery

FOLDER = "queries"
QUESTIONS = "questions.json"
"""The file of a release with the texts of its own questions, by their names."""


def files(paths: Iterable[Path]) -> list[Path]:
    """The files of the questions that belong to the documents in ``paths``. Raises UsageError as document.files."""
    paths = list(paths)
    parents = (parent for file in document.files(paths) for parent in (file.parent, file.parent.parent))
    named = itertools.chain(paths, *map(document.members, paths))
    folders = dict.fromkeys([*(path for path in named if path.is_dir()), *parents])
    return [file for folder in folders for file in sorted((folder / FOLDER).glob("*.rq"))]


def check(
    paths: Iterable[Path], base: str, in_documents: Callable[[set[str]], Set[str]] | None = None
) -> tuple[list["NamedQuery"], list[Finding]]:
    """The questions that belong to the documents in ``paths``, and findings about those that cannot be asked, about
    what they name that is in none of the documents, and about names in quoth.toml that no question has.
    ``in_documents`` gives those of some IRIs that stand in a document (None: that is not looked at)."""
    questions: dict[str, NamedQuery] = {}
    told: dict[Path, list[Finding]] = {}
    mentions: dict[Path, tuple[NamedQuery, dict[str, Place]]] = {}
    paths = list(paths)
    asked, corpus = files(paths), quoth_toml.find_one(paths)
    listed = corpus.settings.get("questions", ()) if corpus else ()
    if not asked and not listed:
        return [], []
    from quoth.release.question_faults import faults, finding, mentioned, unknown
    from quoth.sparql import named_queries, unknown_terms

    for file in asked:
        try:
            question = _in_full(named_queries.read(file), file, base)
        except DocumentError as error:
            _, _, line = (error.where or "").rpartition(":")
            told[file] = [finding(file, error.detail, error.remedy, int(line) if line.isdecimal() else 1)]
            continue
        if questions.get(question.name) == question:  # of several corpora that ask the same
            continue
        wrong = [*faults(question, file)]
        if question.name in questions:
            other = next(each for each in asked if each.stem == question.name)
            detail = f"there are two questions {question.name}: the other one is {other}"
            wrong.append(finding(file, detail, "give one of the files another name"))
        if not wrong:
            questions[question.name] = question
            mentions[file] = (question, mentioned(question, base))
        told[file] = wrong
    terms = {iri for _, places in mentions.values() for iri in places} - set(unknown_terms.vocabulary())
    missing = terms - in_documents(terms) if in_documents is not None else set()
    for file, (question, places) in mentions.items():
        told[file] += unknown(question, file, base, places, missing)
    findings = [f for of_file in told.values() for f in of_file]
    names = [*questions, *(question.name for question in named_queries.load(named_queries.QUESTIONS))]
    for name in listed:
        if name not in names:
            remedy = (
                f"did you mean {meant[0]}?" if (meant := difflib.get_close_matches(name, names, 1)) else "leave it out"
            )
            at, _, line = corpus.where("questions").rpartition(":") if corpus else ("", "", "0")
            findings.append(finding(Path(at), f"there is no question {name}", remedy, int(line)))
    return list(questions.values()), findings


def _in_full(question: "NamedQuery", file: Path, base: str) -> "NamedQuery":
    """A question of a corpus with a base of its own, with whole IRIs: others are relative to that of the release."""
    own = document.base_of(file, base)
    if own == str(base):
        return question
    from quoth.sparql import named_queries

    text = re.sub(r"<(?=id/)", f"<{own}", question.text)
    text = re.sub(r"^# ?parameter:.*$", lambda line: re.sub(r"(?<=\s)(?=id/)", own, line[0]), text, flags=re.MULTILINE)
    return named_queries.parse(question.name, text, str(file))


def graph(own: Iterable["NamedQuery"], settings: Settings) -> list[ox.Quad]:
    """The questions that are shown, the corpus's ``own`` and those that can be asked of any release, as a graph that is
    published with them (sparql/examples.py)."""
    from quoth.sparql import examples, named_queries

    known = {q.name: q for q in (*named_queries.load(named_queries.QUESTIONS), *own)}
    shown = [known[name] for name in sorted(known) if name in (settings.questions or known)]
    return list(examples.of_release(shown, settings.base))


def to_json(questions: Sequence["NamedQuery"]) -> str:
    """The text of the file with those questions."""
    return json.dumps({q.name: q.text for q in questions}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str) -> tuple["NamedQuery", ...]:
    """The questions in the text of such a file."""
    from quoth.sparql import named_queries

    return tuple(named_queries.parse(name, query, name) for name, query in json.loads(text).items())
