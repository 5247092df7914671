"""The form of a query, and whether it calls another endpoint."""

import contextlib
import time

import pytest

from quoth.errors import QueryRefusedError, QuerySyntaxError
from quoth.sparql import query_form, service_calls, tokens

from .service_queries import REACHES_OUT, STAYS_HERE


@pytest.mark.parametrize("text", REACHES_OUT.values(), ids=REACHES_OUT.keys())
def test_service_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        query_form.admit(text)


@pytest.mark.parametrize("text", STAYS_HERE.values(), ids=STAYS_HERE.keys())
def test_the_word_alone_is_allowed(text: str) -> None:
    assert query_form.admit(text) == "SELECT"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("SELECT *\n{ é SERVICE <http://x/> {} }", "line 2, column 5"),
        ('SELECT *\n{ ?s ?p "\\u00e9" . SERVICE <http://x/> {} }', "line 2, column 20"),
        ("\n INSERT DATA {}", "line 2, column 2"),
    ],
    ids=["after a letter", "after an escape", "update"],
)
def test_the_refusal_says_where(text: str, where: str) -> None:
    with pytest.raises((QueryRefusedError, QuerySyntaxError)) as caught:
        query_form.admit(text)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "PREFIX e: <http://x/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://x/>",
        "# c\nBASE <http://x/> clear all",
        "WITH <http://x/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_no_query(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="is an update, not a query"):
        query_form.admit(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ask {}", "ASK"),
        ("PREFIX select: <http://x/#insert> # insert\nBASE <http://x/> CONSTRUCT { } WHERE {}", "CONSTRUCT"),
        ("DESCRIBE <http://x/insert>", "DESCRIBE"),
        ('SELECT ("INSERT" AS ?x) {}', "SELECT"),
    ],
)
def test_the_form_is_the_word_after_the_prologue(text: str, form: str) -> None:
    assert query_form.form(text) == form


def test_a_syntax_error_has_its_position() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        query_form.form("PREFIX e: <http://x/>\n  FIND ?x")
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT ?a $b WHERE { ?c ?d ?e }", {"a", "b"}),
        ("SELECT DISTINCT ?a (COUNT(?b) AS ?n) { ?a ?p ?b } GROUP BY ?a", {"a", "n"}),
        ('SELECT (GROUP_CONCAT(?x; SEPARATOR=")") AS ?all) ?y FROM <http://x/> { ?z ?x ?y }', {"all", "y"}),
        ("SELECT * { ?a ?b 1 }", {"a", "b"}),
        ("SELECT (?a * 2 AS ?b) { ?s ?p ?a }", {"b"}),
    ],
    ids=["plain", "aggregate", "nested", "star", "multiplication"],
)
def test_the_projection(text: str, names: set[str]) -> None:
    assert query_form.projection(text) == names


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE " + "a-" * 250_000,
        "service#" * 60_000,
        "service" * 60_000,
        "service." * 60_000,
        "SELECT * { service " + "<a" * 200_000,
        "SELECT * { service " + "<a>" * 150_000,
        "SELECT * { service " + "'''\\" * 100_000,
        "service " * 60_000,
        "serviceservice-" * 30_000,
        "SELECT * { FILTER(" + "<#>" * 150_000 + " service",
        "SELECT * { FILTER(" + "<#>" * 150_000 + " service\\u0041",
        "<service#>" * 25_000 + "\n" + "#\n" * 120_000,
        "<service#>" * 25_000 + "\n<" + "a" * 240_000 + ">",
        "service" + '<#>\\"""\n' * 60_000 + '"""',
    ],
    ids=lambda text: text[:20] + text[-4:],
)
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    started = time.process_time()
    service_calls.forbidden_call(text)
    assert time.process_time() - started < 5


@pytest.mark.long
@pytest.mark.parametrize("mark", ['"', "'", '"""', "'''"])
def test_strings_that_are_never_closed_are_read_once(mark: str) -> None:
    # Each is a look at all that follows it: without a bound this would take hours.
    text = "service " + (mark + "\\") * (500_000 // len(mark))
    with contextlib.suppress(QuerySyntaxError):
        assert service_calls.forbidden_call(text) is None
    assert sum(1 for _ in tokens.tokens(text)) < len(text)


def test_a_string_that_only_seems_open_hides_no_service() -> None:
    text = 'SELECT * { VALUES ?x {""" foo" } SERVICE <http://x/> {?s ?p ?o} }'
    assert service_calls.forbidden_call(text) == text.index("SERVICE")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (now ( ) AS ?t) {}",
        "SELECT (NOW#\n() AS ?t) {}",
        "SELECT (MIN(DISTINCTNOW()) AS ?t) {}",
        "SELECT * { ?s ?p ?o } ORDER BYRAND() LIMIT 1",
        "SELECT (STRUUID() AS ?t) (UUID() AS ?u) {}",
        "SELECT (\\u004eOW() AS ?t) {}",
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE <http://x/> { ?s ?p ?o } }",
    ],
)
def test_volatile_queries(text: str) -> None:
    assert not query_form.is_deterministic(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?known ?now ?rand }",
        "SELECT * { <urn:uuid:1> ?p 'Rand Corporation' }",
        "SELECT * { <http://x/service/1> ?p ?o }",
        "PREFIX service: <http://x/> SELECT * { ?s service:a ?o }",
    ],
)
def test_repeatable_queries(text: str) -> None:
    assert query_form.is_deterministic(text)
