"""DESCRIBE as a CONSTRUCT, for engines whose own DESCRIBE gives more than it should.

What DESCRIBE gives is the engine's to decide (SPARQL 1.1 Query Language §16.4), and Jena's gives what every named
graph says of the resource too: reported content, as though it were asserted. Ours gives the statements of the
query's default graph whose subject is the resource. There are no blank nodes in a release that would need more.
"""

from quoth.errors import QuerySyntaxError
from quoth.sparql import tokens
from quoth.sparql.tokens import Token

_TARGETS = ("variable", "iri", "prefixed")


def as_construct(text: str) -> str:
    """A query that gives what ``text``, a DESCRIBE query, has to give.

    >>> print(as_construct("PREFIX e: <http://e/> DESCRIBE ?x e:y FROM e:g { ?x e:p ?z } LIMIT 3"))
    PREFIX e: <http://e/> CONSTRUCT { ?d_ ?d_p ?d_o } FROM e:g WHERE { {
    { VALUES ?d_ { e:y } }
    UNION { SELECT (?x AS ?d_) { ?x e:p ?z } LIMIT 3
    }
    FILTER(BOUND(?d_)) } ?d_ ?d_p ?d_o }

    Raises QuerySyntaxError where nothing is named to be described.
    """
    every = list(tokens.tokens(text))
    start = next(i for i, t in enumerate(every) if t.kind == "word" and t.text.upper() == "DESCRIBE")
    end = start + 1
    while end < len(every) and (every[end].kind in _TARGETS or every[end].text == "*"):
        end += 1
    targets = every[start + 1 : end]
    if not targets:
        line, column = tokens.place(text, every[start].start)
        raise QuerySyntaxError("DESCRIBE names nothing", line=line, column=column)
    clauses = end
    while clauses < len(every) and every[clauses].text.upper() in ("FROM", "NAMED"):
        clauses += 2 if clauses + 1 < len(every) and every[clauses + 1].kind in ("iri", "prefixed") else 1
    where = _slice(text, every, clauses, len(every))
    variables = [t.text[1:] for t in targets if t.kind == "variable"]
    if any(t.text == "*" for t in targets):
        variables = list(dict.fromkeys(t.text[1:] for t in every if t.kind == "variable"))
    free = "d_"
    while any(t.kind == "variable" and t.text[1:].startswith(free) for t in every):
        free += "_"
    resources = " ".join(t.text for t in targets if t.kind in ("iri", "prefixed"))
    # A variable that is not in scope is never bound, and must not stand for every subject.
    parts = [f"{{ VALUES ?{free} {{ {resources} }} }}"] if resources or not where else []
    parts += [f"{{ SELECT (?{name} AS ?{free}) {where}\n}}" for name in variables if where]
    triple = f"?{free} ?{free}p ?{free}o"
    head = text[: every[start].start]
    dataset = _slice(text, every, end, clauses)
    found = "\nUNION ".join(parts) or f"{{ VALUES ?{free} {{ }} }}"
    return f"{head}CONSTRUCT {{ {triple} }} {dataset} WHERE {{ {{\n{found}\nFILTER(BOUND(?{free})) }} {triple} }}"


def _slice(text: str, every: list[Token], start: int, end: int) -> str:
    """The text from one token up to another, without what follows the last token."""
    if start >= end:
        return ""
    last = every[end - 1]
    return text[every[start].start : last.start + len(last.text)]
