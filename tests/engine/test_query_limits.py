"""A query that would overflow the engine's stack is told so, and what no reader of the text can see ends a process."""

import time

import pytest

from quoth.engine.api.interface import Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.errors import QuerySyntaxError
from quoth.sparql import query_limits

N, M = query_limits.NESTING_LIMIT, query_limits.CHAIN_LIMIT


def deep(opening: str, inner: str, closing: str, n: int) -> str:
    return opening * n + inner + closing * n


@pytest.mark.parametrize("n", [N, N + 1, 20_000])
@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"ASK {{ FILTER{deep('(', '1', ')', n - 1)} }}",
        lambda n: "ASK " + deep("{", "", "}", n),
        lambda n: f"ASK {{ ?s {deep('(', '<p:p>', ')', n - 1)} ?o }}",
        lambda n: f"SELECT ({deep('STR(', '1', ')', n - 1)} AS ?x) {{}}",
        lambda n: f"ASK {{ {deep('FILTER EXISTS {', '', '}', n - 1)} }}",
        lambda n: f"ASK {{ {deep('OPTIONAL {', '', '}', n - 1)} }}",
        lambda n: "ASK " + deep("{SELECT * {", "", "}}", n // 2) if n % 2 == 0 else "ASK " + deep("{", "", "}", n),
    ],
    ids=["parentheses", "groups", "path", "function", "exists", "optional", "subquery"],
)
def test_brackets(engine: EmbeddedEngine, make: object, n: int) -> None:
    text = make(n)  # type: ignore[operator]
    if n <= N:
        with engine.answer(Query(text), Wanted()) as answer:
            assert b"".join(answer.chunks)
        return
    started = time.monotonic()
    with pytest.raises(QuerySyntaxError, match="nested too deeply") as caught:
        engine.answer(Query(text), Wanted())
    assert caught.value.line == 1
    assert caught.value.column
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"ASK {{ FILTER(1=2{'||1=2' * n}) }}",
        lambda n: f"SELECT (1{'+1' * n} AS ?x) {{}}",
        lambda n: f"ASK {{ FILTER({'!' * n}true) }}",
        lambda n: f"ASK {{ {'{} UNION ' * n}{{}} }}",
        lambda n: f"ASK {{ {'MINUS {} ' * n} }}",
        lambda n: f"ASK {{ ?s <p:p>{'|<p:p>' * n} ?o }}",
        lambda n: "ASK { " + " ".join(f"BIND(1 AS ?x{i})" for i in range(n)) + " }",
    ],
    ids=["or", "sum", "not", "union", "minus", "path", "bind"],
)
def test_chains(engine: EmbeddedEngine, make: object) -> None:
    with engine.answer(Query(make(M - 1)), Wanted(), time_limit_s=60) as answer:  # type: ignore[operator]
        assert b"".join(answer.chunks)
    with pytest.raises(QuerySyntaxError, match="nested too deeply"):
        engine.answer(Query(make(M + 1)), Wanted())  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "ASK { VALUES ?x { " + "-1 " * 10_000 + "} }",
        "ASK { VALUES (?x ?y) { " + "(-1 +2) " * 10_000 + "} }",
        "ASK { FILTER(1 IN (" + ", ".join(map(str, range(10_000))) + ")) }",
        "ASK { FILTER(CONCAT(" + ", ".join(["'((((+'"] * 5_000) + ") = '') }",
        "ASK { #" + "(" * 5_000 + "\n}",
        "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { " + "<http://e/a_(b+c)> " * 5_000 + "} ?s ?p ?o }",
    ],
    ids=["numbers", "pairs", "list", "strings", "comment", "IRIs"],
)
def test_what_is_long_and_not_deep_passes(engine: EmbeddedEngine, text: str) -> None:
    with engine.answer(Query(text), Wanted()) as answer:
        b"".join(answer.chunks)


def test_what_hides_from_a_reader_is_told_by_the_end_of_its_process(engine: EmbeddedEngine) -> None:
    hidden = "ASK { FILTER(1<" + "(" * 20_000 + "1" + ")" * 20_000 + "&&2>1) }"
    query_limits.check(hidden)
    with pytest.raises(QuerySyntaxError, match="nested too deeply"):
        engine.answer(Query(hidden), Wanted())
    with engine.answer(Query("ASK {}"), Wanted()) as answer:
        assert b"true" in b"".join(answer.chunks)
    assert engine.figures()["ended"]["depth"] == 1
