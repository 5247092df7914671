"""What queries cost: a question grows with the claims and not with their square, even where one source makes them all;
the inferences about an entity take as long however many contents name it."""

import re
import time

import pyoxigraph as ox

from quoth.claim.model.namespaces import PROV, QUOTH, RDF, RDFS
from quoth.claim.rules.publication import rules
from quoth.sparql import named_queries, parameters

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


def inferred(contents: int) -> tuple[list[tuple[str, str]], float]:
    """The statements that are inferred about an entity which so many contents name: subject and property; and the
    processor time."""
    entity, bundle = ox.NamedNode(BASE + "org/velm-office"), ox.NamedNode(BASE + "article/a#inference")
    reason = ox.NamedNode(BASE + "claim/a/c0#situation")
    store = ox.Store()
    store.extend([ox.Quad(bundle, RDF.type, PROV.Bundle), ox.Quad(reason, QUOTH.concerns, entity, bundle)])
    for number in range(contents):
        situation, graph = (ox.NamedNode(f"{BASE}claim/a/c{number}#{part}") for part in ("situation", "content"))
        store.add(ox.Quad(situation, QUOTH.receiver, entity, graph))
    text = parameters.bind(named_queries.text("inferred"), {"x": [entity]})
    started = time.process_time()
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = [(str(row["s"]), str(row["p"])) for row in solutions]
    return rows, time.process_time() - started


def test_what_is_inferred_about_an_entity_costs_the_same_however_many_contents_name_it() -> None:
    (few, few_s), (many, many_s) = inferred(10), inferred(20_000)
    assert few == many == [(f"<{BASE}claim/a/c0#situation>", str(QUOTH.concerns))]
    # In proportion it would be 2,000 times as much.
    assert many_s < 10 * max(few_s, 0.001)


def test_the_properties_that_are_inferred_of_resources_are_those_that_inferences_may_have() -> None:
    [path] = re.findall(r"\?s (\S+\|\S+) \?x", named_queries.text("inferred"))
    [rule] = [rule for rule in rules("check") if rule.name == "inference-foreign"]
    [allowed] = re.findall(r"NOT IN \(([^)]*)\)", rule.text)
    # The others lead to words, days, classes and properties; rdf:subject and rdf:object have branches of theirs.
    of_words = {"quoth:earliest", "quoth:latest", "rdfs:comment", "rdf:type", "rdf:predicate"}
    assert {*path.split("|")} == {*re.findall(r"[\w-]+:\w+", allowed)} - of_words - {"rdf:subject", "rdf:object"}
