"""The quads of a publication: authored ones, those that the rules in ``derive`` add, and the ontology with its schemes.

Dumps and endpoint hold exactly these: everything is derived before the engine gets it.
"""

import functools
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.rules.facts import Facts, rules
from quoth.resources import folder


def ontology_files() -> list[Path]:
    """The files of the ontology and of its schemes."""
    return [folder("ontology") / name for name in ("quoth.ttl", "schemes.ttl")]


@functools.cache
def ontology_quads() -> tuple[ox.Quad, ...]:
    """The statements of the ontology and of the schemes, as quads of the default graph, in the order of the files."""
    return tuple(q for file in ontology_files() for q in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))


def derive(quads: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """The quads of the default graph that follow from ``quads`` and are not among them, each once.

    Among them are who is credited with a claim, what a claim is about, its depth and its voice; each rule is a file.
    """
    authored = dict.fromkeys(quads)
    facts = Facts(authored, base)
    derived = dict.fromkeys(q for rule in rules("derive") for q in facts.consequences(rule))
    return [q for q in derived if q not in authored]


def published_quads(authored: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """Everything that is published where these quads were authored: each quad once, the authored ones first."""
    quads = list(authored)
    return list(dict.fromkeys([*quads, *derive(quads, base), *ontology_quads()]))
