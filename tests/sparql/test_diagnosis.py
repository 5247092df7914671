"""What the software says of a query that does not parse: what is wrong, where, and what to do."""

import time

import pyoxigraph as ox
import pytest

from quoth.errors import QuerySyntaxError
from quoth.sparql.diagnosis import MESSAGE_CHARS, syntax_error

# name: (query, with ¦ before the place that is named; words of the message and of the remedy)
MISTAKES = {
    "space in an IRI": ("SELECT ?p { <http://a/b¦ c> ?p ?o }", "a space in the IRI <http://a/b c>", "%20"),
    "brace in an IRI": ("SELECT * {\n ?s ?p <http://e/¦{id}> }", "'{' in the IRI", "%7B"),
    "backslash in an IRI": (r"SELECT * { ?s ?p <http://e/a¦\b> }", "'\\' in the IRI", "%5C"),
    "space in FROM": ("SELECT * FROM <http://a¦ b> { ?s ?p ?o }", "a space in the IRI", "%20"),
    "unclosed IRI": ("SELECT * { ?s ?p ¦<http://e/x }", "<http://e/x is not closed", "add >"),
    "bare URL": ("SELECT * { ¦http://e/x ?p ?o }", "URL http://e/x is missing its", "write <http://e/x>"),
    "bare URL of a prefix": (
        "PREFIX e: ¦http://e/\nSELECT * { ?s e:p ?o }",
        "is missing its brackets",
        "write <http://e/>",
    ),
    "typographic quotation marks": ("SELECT * { ?s ?p ¦“x” }", "U+201C, left double quotation mark", 'write "'),
    "typographic apostrophe": ("SELECT * { ?s ?p ¦’x’ }", "U+2019", "write '"),
    "guillemets": ("SELECT * { ?s ?p ¦«x» }", "U+00AB", 'write "'),
    "dash": ("SELECT * { BIND(1 ¦– 2 AS ?x) }", "U+2013, en dash", "write -"),
    "no-break space": ("SELECT *¦\u00a0{ ?s ?p ?o }", "U+00A0, no-break space", "write a space"),
    "zero-width space": ("SELECT * { ?s ¦\u200b?p ?o }", "U+200B", "delete it"),
    "byte order mark": ("¦\ufeffSELECT * { ?s ?p ?o }", "U+FEFF", "delete it"),
    "full-width brace": ("SELECT * ¦｛ ?s ?p ?o ｝", "U+FF5B, fullwidth left curly bracket", "write {"),
    "full-width question mark": ("SELECT * { ¦？s ?p ?o }", "U+FF1F", "write ?"),
    "full-width keyword": ("¦ＳＥＬＥＣＴ * { ?s ?p ?o }", "U+FF33", "write S"),
    "unclosed string": ('SELECT * { ?s a ¦"x }', 'never closed by "', '\\"'),
    "string over two lines": ('SELECT * { ?s ?p ¦"a\nb" }', "does not end on its line", '"""'),
    "apostrophe in a string": ("SELECT * { ?s ?p 'it's¦' }", "never closed by '", "\\'"),
    "undeclared prefix": (
        "SELECT * { ?s ¦foaf:name ?o }",
        "prefix foaf: is not declared",
        "<http://xmlns.com/foaf/0.1/>",
    ),
    "undeclared prefix of elsewhere": (
        "SELECT * { ?s ¦wdt:P31 ?o }",
        "prefix wdt:",
        "<http://www.wikidata.org/prop/direct/>",
    ),
    "unknown prefix": ("SELECT * { ?s ¦zzz:name ?o }", "prefix zzz: is not declared", "PREFIX zzz: <…>"),
    "relative IRI": ("SELECT * { ¦<a> ?p ?o }", "<a> is a relative IRI", "BASE"),
    "prefix without a colon": ("PREFIX ¦e <http://e/> SELECT * { ?s e:p ?o }", "has no colon", "PREFIX x: <…>"),
    "prefix with a dot": ("PREFIX e: <http://e/>¦. SELECT * { ?s e:p ?o }", "does not end with a dot", "delete"),
    "prefix of Turtle": ("¦@prefix e: <http://e/> . SELECT * { ?s e:p ?o }", "@prefix is Turtle", "PREFIX x:"),
    "unclosed brace": ("SELECT * ¦{ ?s a ?t", "the { that opens here is never closed", "add }"),
    "unclosed bracket": ("SELECT * { ?s ?p [ ?a ?b ¦}", "} comes before the [ of line 1, column 18", "add ]"),
    "unclosed parenthesis": ("SELECT * {\n BIND(1 AS ?y ¦}", "} comes before the ( of line 2, column 6", "add )"),
    "a brace too many": ("SELECT * { ?s ?p ?o } ¦}", "this } closes nothing", "delete"),
    "no opening brace": ("SELECT * ?s a ?t ¦}", "closes nothing", "open one"),
    "keyword": ("¦SELCT * { ?s ?p ?o }", "SELCT is neither", "did you mean SELECT?"),
    "keyword within": ("SELECT * { ?s ?p ?o } ORDER BY ?s ¦LIMT 3", "LIMT", "LIMIT"),
    "function": ("SELECT * { ?s ?p ?o FILTER(¦CONTIANS(?o, 'x')) }", "CONTIANS", "CONTAINS"),
    "word without a sign": ("SELECT * { ?s ?p ¦zebra }", "zebra is neither a keyword nor a term", "?zebra"),
    "missing dot": ("SELECT * {\n ?s a ?t\n ¦?u a ?v }", "a dot is missing", "dot"),
    "missing dot after a string": ('SELECT * { ?s ?p "x"@en ¦?s ?q 3 }', "a dot is missing", "dot"),
    "two dots": ("SELECT * { ?s ?p ?o . ¦. }", "two dots", "delete"),
    "nothing after a comma": ("SELECT * { ?s ?p ?o¦, }", "nothing follows the comma", "delete"),
    "star and groups": (
        "SELECT ¦* { ?s a ?t } GROUP BY ?t",
        "SELECT * cannot be used with GROUP BY",
        "name the variables",
    ),
    "aggregate in a filter": ("SELECT ¦* { ?s ?p ?o FILTER (COUNT(?s) > 1) }", "an aggregate", "HAVING"),
    "ungrouped variable": ("SELECT ?t ¦?s { ?s a ?t } GROUP BY ?t", "?s is selected", "(SAMPLE(?x) AS ?any)"),
    "count beside a variable": ("SELECT ¦?s (COUNT(*) AS ?n) { ?s ?p ?o }", "?s is selected", "GROUP BY"),
    "name that is taken": (
        "¦SELECT (1 AS ?s) { ?s ?p ?o }",
        "AS names a variable that is already in",
        "another name",
    ),
    "commas in SELECT": ("SELECT ?s¦, ?t { ?s a ?t }", "commas do not separate the variables", "spaces"),
    "count without parentheses": (
        "SELECT ¦COUNT(?s) AS ?n { ?s a ?t }",
        "needs parentheses and a name",
        "(COUNT(?x) AS ?n)",
    ),
    "sum without a name": ("SELECT ¦(SUM(?x)) { ?s ?p ?x }", "needs a name", "AS ?sum"),
    "count of two": ("SELECT (COUNT(DISTINCT ?s¦, ?p) AS ?c) { ?s ?p ?o }", "one expression", "CONCAT"),
    "condition without parentheses": (
        "SELECT * { ?s ?p ?o ¦FILTER ?o = 1 }",
        "a condition needs parentheses",
        "FILTER(…)",
    ),
    "two signs of equality": ("SELECT * { ?s ?p ?o FILTER(?o ¦== 1) }", "equality is one sign", "write ="),
    "unequal as in SQL": ("SELECT * { ?s ?p ?o FILTER(?o ¦<> 1) }", "unequal is !=", "write !="),
    "AND": ("SELECT * { ?s ?p ?o FILTER(?o = 1 ¦AND ?s = 2) }", "AND is &&", "write &&"),
    "LIKE": ("SELECT * { ?s ?p ?o FILTER(?o ¦LIKE 'x%') }", "no LIKE", "CONTAINS"),
    "NULL": ("SELECT * { ?s ?p ?o FILTER(?o != ¦NULL) }", "no NULL", "BOUND"),
    "order without by": ("SELECT * { ?s ?p ?o } ¦ORDER ?s", "followed by BY", "ORDER BY"),
    "descending without parentheses": ("SELECT * { ?s ?p ?o } ORDER BY ¦DESC ?s", "DESC and ASC", "DESC(?x)"),
    "limit of a variable": ("SELECT * { ?s ?p ?o } ¦LIMIT ?n", "a whole number", "LIMIT 100"),
    "negative limit": ("SELECT * { ?s ?p ?o } ¦LIMIT -1", "a whole number", "LIMIT 100"),
    "commas in VALUES": ("SELECT * { VALUES ?x { 1¦, 2 } }", "commas do not separate values", "spaces"),
    "underscore in a language": ('SELECT * { ?s ?p "x"¦@en_GB }', "hyphens", "@en-GB"),
    "variable in a path": ("SELECT * { ?s ¦?p* ?o }", "a path is made of IRIs", "plain ?p"),
    "numbers in a path": ("SELECT * { ?s <http://p¦>{1,2} ?o }", "no {n,m}", "p/p"),
    "two slashes in a path": ("SELECT * { ?s <http://p>¦//<http://q> ?o }", "single slashes", "/"),
    "hyphen in a variable": ("SELECT * { ¦?first-name ?p ?o }", "no hyphen", "?first_name"),
    "missing brace": ("SELECT ?s WHERE ¦?s ?p ?o", "syntax error", None),
    "literal as a predicate": ('SELECT * { ¦?s "lit" ?o }', "syntax error near", None),
}


def refusal(text: str, *, has_base: bool = False) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text, base_iri="http://base/" if has_base else None)
    return syntax_error(text, str(caught.value), has_base=has_base)


@pytest.mark.parametrize(("marked", "words", "remedy"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place(marked: str, words: str, remedy: str | None) -> None:
    before, _, after = marked.partition("¦")
    error = refusal(before + after)
    assert words in error.detail
    assert remedy is None or remedy in (error.remedy or "")
    lines = before.split("\n")
    assert (error.line, error.column) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize("text", ["", " \n", "# only a comment", "\ufeff"], ids=["empty", "space", "comment", "mark"])
def test_an_empty_query_is_called_empty(text: str) -> None:
    assert "the query is empty" in refusal(text).detail


@pytest.mark.parametrize("text", ["http://e/{}", "<http://e/{} b>", "{}", "e:{}"], ids=["URL", "IRI", "word", "prefix"])
def test_a_message_stays_short(text: str) -> None:
    error = refusal(f"SELECT * {{ ?s ?p {text.format('x' * 10_000)} }}")
    assert error.remedy is not None
    assert len(error.detail) + len(error.remedy) <= 2 * MESSAGE_CHARS


def test_with_a_base_a_relative_iri_is_no_mistake() -> None:
    assert "brackets" in refusal("SELECT * { <a> http://e/ ?o }", has_base=True).detail


@pytest.mark.parametrize(
    "unit",
    [
        "SELECT ",
        "SELECT (",
        "( ",
        "{ ?s ",
        "FILTER ",
        "“",
        "zebra ",
        "VALUES ?x { ",
        "<http://e/ ",
        "'x' ",
        '""" ',
        "'''\\",
        "?a ?b ?c ",
    ],
)
def test_a_hostile_query_is_searched_in_linear_time(unit: str) -> None:
    for size in (4_000, 250_000):
        text = unit * (size // len(unit))
        started = time.process_time()
        assert syntax_error(text, "error at 1:2: expected [_]", has_base=False).line == 1
        assert time.process_time() - started < 5
