"""Tools that run queries: the questions of the release by their names, and any SPARQL query within the limits."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import pyoxigraph as ox
from pydantic import Field

from quoth.engine.api.interface import Query, Wanted
from quoth.errors import QueryRefusedError, QuerySyntaxError, QueryTooLargeError, UsageError
from quoth.formats import JSON_RESULTS, NTRIPLES, TSV_RESULTS
from quoth.index import names
from quoth.index.names import ItemFilter
from quoth.mcp import answers
from quoth.mcp.answers import Answer, QuestionsAnswer, RowsAnswer
from quoth.mcp.call import Call, Paged, name_of, none
from quoth.mcp.claim_records import SCHEME, records
from quoth.mcp.statuses import Status
from quoth.sparql import query_form
from quoth.sparql.named_queries import NamedQuery
from quoth.web.core.site import Site
from quoth.web.present import question_form, stored_questions

QUERY = 20_000
"""Characters of a query."""
CELL = 2_000
"""Characters of a value in a row; what is longer is cut, with an ellipsis."""
LINE = 1 << 20
"""Bytes of a row."""
CLAIMS = 10
"""Claims that rows name and that an answer tells of."""

_CLAIMS = ItemFilter((), claims=True)


class ListQuestions(Paged):
    about: str = Field(default="", max_length=200, description="Only questions whose words have this one.")


class AskQuestion(Paged):
    question: str = Field(min_length=1, max_length=200, description="The name of a question (list_questions).")
    values: dict[str, str] = Field(default={}, max_length=20, description="Its parameters: name and value.")


class Sparql(Paged):
    query: str = Field(
        min_length=1,
        max_length=QUERY,
        description="A SPARQL 1.1 query. What is claimed is in a named graph for each claim, never in the default one.",
    )


def list_questions(call: Call, asked: ListQuestions) -> Answer:
    """The questions that can be asked by name."""
    word = asked.about.strip().lower()
    every = [question_of(call.site, q) for q in stored_questions.questions(call.site)]
    fitting = [q for q in every if word in f"{q.name} {q.title} {q.group} {q.description}".lower()]
    if not fitting:
        return none(call.site, QuestionsAnswer, "no question has that word")
    page = fitting[call.first :][: asked.limit]
    return QuestionsAnswer.of(Status.FOUND, total=len(fitting), questions=page)


def question_of(site: Site, question: NamedQuery) -> answers.Question:
    """A question with its parameters."""
    return answers.Question(
        name=question.name,
        resource=f"{SCHEME}queries/{question.name}",
        title=stored_questions.title(site, question),
        group=question.group,
        description=question.description,
        parameters=[
            answers.Parameter(name=p.name, description=p.description, expected=p.expected, default=p.default)
            for p in question.parameters
        ],
    )


def ask_question(call: Call, asked: AskQuestion) -> Answer:
    """The answer to a question of the release."""
    site = call.site
    question = named(site, name_of(asked.question).removeprefix("queries/"))
    values = question_form.terms(site, question, asked.values)
    text = stored_questions.sparql(question, values)
    if site.claim_index.has_proposed:
        text = stored_questions.with_status(text)
    query = Query(f"{text}\nLIMIT {asked.limit + 1} OFFSET {call.first}", base_iri=site.iris.base, ours=True)
    return _rows(call, query, 0, asked.limit, title=stored_questions.title(site, question, values))


def named(site: Site, name: str) -> NamedQuery:
    """The question of that name. Raises UsageError."""
    question = stored_questions.named(site, name)
    if question is None:
        raise UsageError("there is no question of that name", where="question", remedy="list_questions has the names")
    return question


def sparql(call: Call, asked: Sparql) -> Answer:
    """The result of a query, a page at a time. Raises QueryRefusedError for an update."""
    try:
        query_form.reject_updates(asked.query)
    except QuerySyntaxError as error:
        raise QueryRefusedError(error.detail, where=error.where, remedy=error.remedy) from None
    return _rows(call, Query(asked.query, base_iri=call.site.iris.base), call.first, asked.limit)


def _rows(call: Call, query: Query, first: int, limit: int, **members: Any) -> Answer:
    """The page of a result that begins with row ``first``. Raises what Engine.answer does."""
    site = call.site
    wanted = Wanted(TSV_RESULTS.name, JSON_RESULTS.name, NTRIPLES.name)
    with closing(site.engine.answer(query, wanted, call.caller)) as answer:
        if answer.kind == "boolean":
            boolean = ox.parse_query_results(b"".join(answer.chunks), ox.QueryResultsFormat.JSON)
            return RowsAnswer.of(Status.FOUND, boolean=bool(boolean), **members)
        lines = _lines(answer.chunks)
        head = next(lines, b"") if answer.kind == "solutions" else None
        page = [*islice(lines, first, first + limit)]
        more = next(lines, None) is not None
    if head is None:
        triples = [_cut(line.decode()) for line in page]
        members |= {"triples": triples}
        iris = [part for line in page for part in _iris(line.decode())]
    else:
        columns, rows = _table(site, b"\n".join((head, *page)) + b"\n")
        members |= {"columns": columns, "rows": rows}
        iris = [value for row in rows for value in row.values()]
    if not page:
        return none(site, RowsAnswer, "the query has no result", **members)
    claims = names.among(site.claim_index, list(dict.fromkeys(iris)), _CLAIMS)[:CLAIMS]
    return RowsAnswer.of(Status.FOUND, claims=records(site, claims), **members).with_more(more)


def _table(site: Site, text: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and the rows of a table in TSV (SPARQL 1.1 Query Results CSV and TSV Formats, §4)."""
    solutions = ox.parse_query_results(text, ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)
    columns = [variable.value for variable in solutions.variables]
    rows = [dict(zip(columns, solution, strict=True)) for solution in solutions]
    return columns, [{name: _cut(_value(term)) for name, term in row.items() if term is not None} for row in rows]


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def _cut(text: str) -> str:
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _iris(triple: str) -> list[str]:
    return [part.partition(">")[0] for part in triple.split("<")[1:]]


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a text in chunks. Raises QueryTooLargeError for a line past LINE."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > LINE:
            raise QueryTooLargeError("a row of the result is longer than 1 MiB", remedy="ask for less in one row")
    if rest:
        yield rest
