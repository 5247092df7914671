"""Every competency question over the shipped data, against an answer that was derived by hand from the article.

``answers/<question>.json`` holds the answer: ``because`` (how it follows from the text), ``columns`` (those of the
result's variables that decide it), ``values`` of the parameters for which the question has no default of its own, and
``rows``: IRIs by their last segment, literals by their lexical form, null for
what is unbound. Without ``count`` the rows are the whole answer; with it they are some of that many rows.
``absent`` rows must not be there; ``ordered`` answers come in just this order.
"""

import functools
import json
import re
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from quoth.claim.reading import document
from quoth.claim.rules.publication import published_quads
from quoth.resources import folder
from quoth.sparql import named_queries
from quoth.sparql.parameters import ANY_ONE
from quoth.sparql.tokens import tokens
from quoth.web.present import stored_questions

BASE = "http://localhost:8000/"
ANSWERS = Path(__file__).parent / "answers"
OWN = folder("data") / "queries"
"""The questions that are about the shipped corpus alone."""
QUESTIONS = {q.name: q for q in (*named_queries.load(named_queries.QUESTIONS), *named_queries.load(OWN))}

Row = tuple[str | None, ...]
each_question = pytest.mark.parametrize("name", QUESTIONS)


@functools.cache
def store() -> ox.Store:
    """The shipped data as published, in memory; its default graph is the asserted part alone."""
    data = folder("data")
    paths = document.files([data / "entities.ttl", data / "vocabulary.yaml", data / "articles", data / "links"])
    quads = [quad for path in paths for quad in document.read(path, BASE).quads]
    dataset = ox.Store()
    dataset.extend(published_quads(quads, BASE))
    return dataset


def ask(text: str) -> ox.QuerySolutions:
    solutions = store().query(text, base_iri=BASE)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def brief(term: Any) -> str | None:
    """A term as the answers write it."""
    if isinstance(term, ox.NamedNode) and not term.value.startswith("https://creativecommons.org/"):
        return term.value.rsplit("/", 1)[-1]
    return None if term is None else str(term.value)


def asked(name: str) -> str:
    """The text of a question with the values of its answer."""
    question, values = QUESTIONS[name], answer(name).get("values", {})
    assert values.keys() == {p.name for p in question.parameters if p.default == ANY_ONE}
    terms = {parameter: ox.NamedNode(BASE + value) for parameter, value in values.items()}
    return question.bound(question.defaults(BASE) | terms)


def result(name: str, columns: list[str]) -> list[Row]:
    return [tuple(brief(solution[column]) for column in columns) for solution in ask(asked(name))]


def answer(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ANSWERS / f"{name}.json").read_text("utf-8"))
    return found


def by_text(row: Row) -> list[str]:
    return [cell or "" for cell in row]


@each_question
def test_the_answer_is_the_one_derived_by_hand(name: str) -> None:
    expected = answer(name)
    rows = [tuple(row) for row in expected["rows"]]
    got = result(name, expected["columns"])
    if "count" in expected:
        assert len(got) == expected["count"]
        assert [row for row in rows if row not in got] == []
    elif expected.get("ordered"):
        assert got == rows
    else:
        assert sorted(got, key=by_text) == sorted(rows, key=by_text)
    assert [row for row in expected.get("absent", []) if tuple(row) in got] == []


@each_question
def test_iris_come_with_their_labels(name: str) -> None:
    solutions = ask(asked(name))
    variables = [variable.value for variable in solutions.variables]
    assert variables
    for solution in solutions:
        for variable in variables:
            if isinstance(solution[variable], ox.NamedNode) and variable != "licence":
                assert isinstance(solution[f"{variable}Label"], ox.Literal), variable


@each_question
def test_the_header_says_what_is_asked(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    question = QUESTIONS[name]
    head = re.findall(r"^# (\w+):", question.text.partition("\n\n")[0], re.MULTILINE)
    assert head == ["title", "group", "description", "note", *(["parameter"] * len(question.parameters))]
    assert re.fullmatch(r"(\{\w+\}: )?.+\?", question.title)
    assert question.group in stored_questions.GROUPS or (OWN / f"{name}.rq").exists()
    assert question.note.endswith(".")


@each_question
def test_a_question_is_described_in_one_sentence_of_plain_words(name: str) -> None:
    question = QUESTIONS[name]
    for text in (question.title, question.description, *(p.description for p in question.parameters)):
        assert not re.search(r"\w:\w|\bIRI|[Gg]raph|triple|level|realis|encod|anchor|[Ss]ituation|scope", text), text
    assert re.fullmatch(r"[A-Z][^.?!]+\.", question.description)
    assert len(question.title) < 80
    assert len(question.description) < 120


@each_question
def test_the_file_has_the_defaults_of_its_parameters(name: str) -> None:
    question = QUESTIONS[name]
    variables = ask(question.text).variables
    assert [[s[v] for v in variables] for s in ask(question.bound(question.defaults(BASE)))] == [
        [s[v] for v in variables] for s in ask(question.text)
    ]
    for parameter in re.findall(r"\{(\w+)\}", question.title):
        assert parameter in {p.name for p in question.parameters if p.default}, parameter
    tail = [t.text.upper() for t in tokens(question.text.rpartition("}")[2])]
    assert not {"LIMIT", "OFFSET", "VALUES"} & set(tail), "the site appends LIMIT and OFFSET"


@each_question
def test_it_is_standard_sparql_with_relative_iris(name: str) -> None:
    text = QUESTIONS[name].text
    prepareQuery(text, base=BASE)
    assert "\nORDER BY " in text, "an answer comes in a stable order"
    assert BASE not in text, "IRIs of the dataset are relative to its base"
    body = re.sub(r"^(#|PREFIX).*$|<[^>]*>", "", text, flags=re.MULTILINE)
    for prefix in re.findall(r"^PREFIX ([a-z-]+):", text, re.MULTILINE):
        assert re.search(rf"(?<![\w-]){prefix}:", body), f"the prefix {prefix} is not used"


def test_there_are_enough_questions_and_each_has_its_answer() -> None:
    assert len(QUESTIONS) >= 20
    assert {path.stem for path in ANSWERS.iterdir()} == set(QUESTIONS)
    assert all(len(answer(name)["because"]) > 20 for name in QUESTIONS)


def test_quotations_come_in_text_order_with_offsets_that_fit() -> None:
    rows = [tuple(str(c) for c in row) for row in result("quotations-in-text-order", ["start", "end", "words"])]
    assert all(int(end) - int(start) == len(words) for start, end, words in rows)
    offsets = [(int(start), int(end)) for start, end, _ in rows]
    assert offsets == sorted(offsets)


def test_the_naive_union_counts_every_reported_triple_once() -> None:
    rows = result("what-a-naive-union-would-assert", ["claims", "triples"])
    contents = store().quads_for_pattern(None, ox.NamedNode("https://w3id.org/quoth/ns#content"), None, None)
    graphs = {quad.object for quad in contents if isinstance(quad.object, ox.NamedNode)}
    assert sum(int(claims or 0) for claims, _ in rows) == len(graphs)
    assert sum(int(triples or 0) for _, triples in rows) == sum(
        1 for graph in graphs for _ in store().quads_for_pattern(None, None, None, graph)
    )


@each_question
def test_a_question_costs_little(name: str) -> None:
    """Seconds of the processor over the shipped data, five times what the dearest needs: a question whose parts are
    joined late costs more by far, and ends at the limit of time as soon as the server has something else to do."""
    text = asked(name)
    list(ask(text))
    begun = time.process_time()
    list(ask(text))
    assert time.process_time() - begun < 2
