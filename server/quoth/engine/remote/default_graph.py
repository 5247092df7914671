"""Queries for servers that take all graphs for the default graph: a named graph stands for it (dialects.toml).

A named graph is then what is neither this nor one that the server has by itself, so that GRAPH with a variable gets a
filter. Which graph stands for the default graph is said in one of two ways:

"graph": GRAPH is put around the pattern of the query; a GRAPH within has a graph of its own, as it had before.
"pragma": the dataset is said in full before the query, as Virtuoso takes what is left out for all its graphs. As it has
no named graph then that it would let be named, GRAPH with an IRI becomes one with an expression.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from quoth.engine.remote.dialect import Dialect
from quoth.errors import QueryRefusedError
from quoth.sparql.tokens import Token, line_and_column, tokens

_NO_GRAPH = "urn:quoth:none"

Dataset = Mapping[str, Sequence[str]]
"""Parameters of the protocol (§2.1.4) and their values."""


def asked(text: str, dataset: Dataset, dialect: Dialect) -> tuple[str, str]:
    """The declarations before a query, and the query, as the server has to get them.

    >>> from quoth.engine.remote.dialect import dialects
    >>> head, query = asked("SELECT * { GRAPH ?g { ?s ?p ?o } }", {}, dialects()["virtuoso"])
    >>> head
    'define input:default-graph-uri <urn:quoth:asserted>'
    >>> query[:74]
    'SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(?g NOT IN (<urn:quoth:asserted>, <'

    Raises QueryRefusedError for what the server has beyond SPARQL 1.1.
    """
    stream = list(tokens(text))
    _refuse(text, stream, dialect)
    clauses = list(_from_clauses(stream))
    changes = dict(_filters(stream, dialect))
    if any(dataset.values()):
        default, named = (bool(dataset.get(kind)) for kind in ("default-graph-uri", "named-graph-uri"))
        # They override the clauses, but a server may join the two.
        changes |= {start: (end, "") for _, start, end in clauses}
    else:
        default, named = (any(kind == each for each, _, _ in clauses) for kind in ("FROM", "NAMED"))
    head = ""
    if dialect.names_it == "pragma":
        if not default:
            head = f"define input:default-graph-uri <{_NO_GRAPH if named else dialect.default_graph}>"
        elif not named:
            head = f"define input:named-graph-uri <{_NO_GRAPH}>"
        if not default and not named:
            changes |= _expressions(stream)
    elif not default and not named:
        changes |= _around(text, stream, dialect)
    return head, _changed(text, changes)


def _refuse(text: str, stream: Sequence[Token], dialect: Dialect) -> None:
    for token in stream:
        if token.kind in ("string", "variable", "language"):
            continue
        name = token.text.lower()
        if any(name == word or (word[-1] in ":#" and name.startswith(word)) for word in dialect.refused):
            line, column = line_and_column(text, token.start)
            raise QueryRefusedError(
                f"{token.text[:40]} is not in SPARQL 1.1",
                where=f"line {line}, column {column}",
                remedy="use functions of SPARQL",
            )


def _from_clauses(stream: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """The clauses FROM and FROM NAMED: the last keyword, the start and the end."""
    for i, token in enumerate(stream):
        if token.kind == "word" and token.text.upper() == "FROM" and i + 1 < len(stream):
            is_named = stream[i + 1].text.upper() == "NAMED" and i + 2 < len(stream)
            last = stream[i + 1 + is_named]
            yield "NAMED" if is_named else "FROM", token.start, last.start + len(last.text)


def _filters(stream: Sequence[Token], dialect: Dialect) -> Iterator[tuple[int, tuple[int, str]]]:
    """Where a group of GRAPH with a variable ends, and the filter that belongs there."""
    others = ", ".join(f"<{iri}>" for iri in (dialect.default_graph, *dialect.other_graphs))
    open_groups: list[str] = []
    for i, token in enumerate(stream):
        if token.text == "{":
            is_graph = i > 1 and stream[i - 1].kind == "variable" and stream[i - 2].text.upper() == "GRAPH"
            open_groups.append(stream[i - 1].text if is_graph else "")
        elif token.text == "}" and open_groups and (variable := open_groups.pop()):
            end = token.start + 1
            yield end, (end, f" FILTER({variable} NOT IN ({others}))")


def _around(text: str, stream: Sequence[Token], dialect: Dialect) -> Iterator[tuple[int, tuple[int, str]]]:
    """Where the pattern of the query begins and ends, and those of EXISTS outside it, and the GRAPH around each."""
    forms = ("SELECT", "ASK", "CONSTRUCT")
    form = next((i for i, t in enumerate(stream) if t.kind == "word" and t.text.upper() in forms), len(stream))
    words = [token.text.upper() for token in stream[form : form + 2]]
    is_short = words == ["CONSTRUCT", "WHERE"]
    before = 1 if words[:1] == ["CONSTRUCT"] and not is_short else 0  # the template
    for start, end, is_exists in _groups(stream[form:]):
        if not is_exists:
            before -= 1
            if before != -1:
                continue
        if is_short and not is_exists:
            where = stream[form + 1].start
            yield where, (where, f"{text[start : end + 1]} ")
        yield start, (start + 1, f"{{ GRAPH <{dialect.default_graph}> {{ ")
        yield end + 1, (end + 1, " }")


def _groups(stream: Sequence[Token]) -> Iterator[tuple[int, int, bool]]:
    """The offsets of the brackets of each group that is in no other, and whether it is one of EXISTS."""
    depth = start = 0
    is_exists = False
    for before, token in pairwise(stream):
        if token.text == "{":
            if not depth:
                start, is_exists = token.start, before.text.upper() == "EXISTS"
            depth += 1
        elif token.text == "}" and depth:
            depth -= 1
            if not depth:
                yield start, token.start, is_exists


def _expressions(stream: Sequence[Token]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Where an IRI names the graph of GRAPH, and an expression that gives it."""
    for before, token in pairwise(stream):
        if before.kind == "word" and before.text.upper() == "GRAPH" and token.kind in ("iri", "prefixed"):
            yield token.start, (token.start + len(token.text), f"`iri({token.text})`")


def _changed(text: str, changes: Mapping[int, tuple[int, str]]) -> str:
    """A text with other words in some places, each from its start to its end."""
    pieces, at = [], 0
    for start, (end, words) in sorted(changes.items()):
        pieces += [text[at:start], words]
        at = end
    return "".join([*pieces, text[at:]])
