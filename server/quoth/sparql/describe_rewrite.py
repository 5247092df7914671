"""DESCRIBE as a CONSTRUCT, for engines whose own DESCRIBE gives more than it should.

Each engine decides what DESCRIBE gives (SPARQL 1.1 Query Language §16.4), and Jena adds what every named graph says
of the resource: reported content, as though it were asserted. The CONSTRUCT gives the statements of the query's default
graph whose subject is the resource. A release has no blank nodes, which would need more.
"""

from quoth.errors import QuerySyntaxError
from quoth.sparql import tokens
from quoth.sparql.tokens import Token

_TARGETS = ("variable", "iri", "prefixed")


def as_construct(text: str) -> str:
    """The CONSTRUCT query that answers ``text``, a DESCRIBE query.

    >>> print(as_construct("PREFIX e: <http://e/> DESCRIBE ?x e:y FROM e:g { ?x e:p ?z } LIMIT 3"))
    PREFIX e: <http://e/> CONSTRUCT { ?d_ ?d_p ?d_o } FROM e:g WHERE { {
    { VALUES ?d_ { e:y } }
    UNION { SELECT (?x AS ?d_) { ?x e:p ?z } LIMIT 3
    }
    FILTER(BOUND(?d_)) } ?d_ ?d_p ?d_o }

    Raises QuerySyntaxError where the query names nothing to describe.
    """
    stream = list(tokens.tokens(text))
    start = next(i for i, t in enumerate(stream) if t.kind == "word" and t.text.upper() == "DESCRIBE")
    end = start + 1
    while end < len(stream) and (stream[end].kind in _TARGETS or stream[end].text == "*"):
        end += 1
    targets = stream[start + 1 : end]
    if not targets:
        line, column = tokens.line_and_column(text, stream[start].start)
        raise QuerySyntaxError("DESCRIBE names nothing", line=line, column=column)
    clauses = end
    while clauses < len(stream) and stream[clauses].text.upper() in ("FROM", "NAMED"):
        clauses += 2 if clauses + 1 < len(stream) and stream[clauses + 1].kind in ("iri", "prefixed") else 1
    where = _slice(text, stream, clauses, len(stream))
    variables = [t.text[1:] for t in targets if t.kind == "variable"]
    if any(t.text == "*" for t in targets):
        variables = list(dict.fromkeys(t.text[1:] for t in stream if t.kind == "variable"))
    free = "d_"
    while any(t.kind == "variable" and t.text[1:].startswith(free) for t in stream):
        free += "_"
    resources = " ".join(t.text for t in targets if t.kind in ("iri", "prefixed"))
    # A variable that is not in scope is never bound, and must not stand for every subject.
    parts = [f"{{ VALUES ?{free} {{ {resources} }} }}"] if resources or not where else []
    parts += [f"{{ SELECT (?{name} AS ?{free}) {where}\n}}" for name in variables if where]
    triple = f"?{free} ?{free}p ?{free}o"
    head = text[: stream[start].start]
    dataset = _slice(text, stream, end, clauses)
    resource = "\nUNION ".join(parts) or f"{{ VALUES ?{free} {{ }} }}"
    return f"{head}CONSTRUCT {{ {triple} }} {dataset} WHERE {{ {{\n{resource}\nFILTER(BOUND(?{free})) }} {triple} }}"


def _slice(text: str, stream: list[Token], start: int, end: int) -> str:
    """The text of the tokens from one to before another."""
    if start >= end:
        return ""
    last = stream[end - 1]
    return text[stream[start].start : last.start + len(last.text)]
