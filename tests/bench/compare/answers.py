"""Whether servers give the same answers: sets of solutions, with literals compared by value."""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from http.client import HTTPException
from itertools import islice

from tests.bench.compare.peers import Server
from tests.bench.compare.workload import Query, Subjects

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "int", "long", "nonNegativeInteger")}
_TEXT = _XSD + "string"

Solutions = Counter[frozenset[tuple[str, ...]]]


def solutions(body: bytes) -> Solutions:
    """The solutions of a result in JSON, in no order. Blank nodes are all alike, language tags in small letters, and
    integers and decimals numbers (SPARQL 1.1 Query Results JSON Format §3.2)."""
    rows = json.loads(body)["results"]["bindings"]
    return Counter(frozenset((name, *_term(term)) for name, term in row.items()) for row in rows)


def _term(term: dict[str, str]) -> tuple[str, str, str]:
    if term["type"] == "uri":
        return "iri", term["value"], ""
    if term["type"] == "bnode":
        return "blank", "", ""
    datatype = term.get("datatype", _TEXT)
    if "xml:lang" in term:
        return "literal", term["value"], "@" + term["xml:lang"].lower()
    if datatype in _NUMBERS:
        return "literal", str(Decimal(term["value"]).normalize()), "number"
    return "literal", term["value"], datatype


def disagreeing(servers: Sequence[Server], query: Query, about: Subjects, count: int) -> list[str]:
    """The names of the servers that do not answer a query about some of ``count`` subjects, or otherwise than the first
    one that does."""
    wrong = set()
    for text, _ in islice(query.filled(about, -1), count):
        found = {server.peer.name: _answer(server, text) for server in servers}
        expected = next((answer for answer in found.values() if answer is not None), None)
        wrong |= {name for name, answer in found.items() if answer is None or answer != expected}
    return sorted(wrong)


def _answer(server: Server, text: str) -> Solutions | None:
    """None where there is none: an error, none in time, or something else."""
    try:
        return solutions(server.ask(text))
    except (OSError, ValueError, LookupError, HTTPException):
        return None
