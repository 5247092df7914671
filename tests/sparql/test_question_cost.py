"""What a question costs grows with the claims and not with their square, even where one source makes them all."""

import time

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDFS
from quoth.sparql import named_queries

BASE = "http://localhost:8000/id/"
FEW, MANY = 500, 4_000


def asked(claims: int) -> tuple[list[str], float]:
    """The first row of the question who is credited most, of a source with so many claims, and the processor time."""
    source, article, encoding = (ox.NamedNode(f"{BASE}{name}") for name in ("person/lind", "article/a", "article/a#e"))
    quads = [
        ox.Quad(source, RDFS.label, ox.Literal("Mara Lind")),
        ox.Quad(article, QUOTH.countedEncoding, encoding),
    ]
    for number in range(claims):
        claim, level = (ox.NamedNode(f"{BASE}claim/a/c{number}{part}") for part in ("", "#attribution"))
        quads += [
            ox.Quad(claim, QUOTH.creditedTo, source),
            ox.Quad(claim, QUOTH.encoding, encoding),
            ox.Quad(claim, QUOTH.attribution, level),
            ox.Quad(level, QUOTH.source, source),
        ]
    store = ox.Store()
    store.extend(quads)
    text = (named_queries.QUESTIONS / "who-is-credited-most.rq").read_text("utf-8")
    started = time.process_time()
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    [row] = solutions
    return [getattr(value, "value", "") for value in row], time.process_time() - started


def test_the_claims_of_one_source_are_counted_in_proportion() -> None:
    (few, few_s), (many, many_s) = asked(FEW), asked(MANY)
    assert few[1:] == ["Mara Lind", str(FEW), str(FEW), "0"]
    assert many[1:] == ["Mara Lind", str(MANY), str(MANY), "0"]
    # In proportion it would be 8 times as much, by the square 64 times.
    assert many_s < 24 * max(few_s, 0.005)
