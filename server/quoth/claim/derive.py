"""What follows from the authored quads by the documented rules in ``rules/derive``."""

from collections.abc import Iterable

import pyoxigraph as ox

from quoth.claim.rules import Facts, rules


def derive(quads: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """The derived quads (of the default graph) that are not among ``quads``, each once."""
    authored = dict.fromkeys(quads)
    facts = Facts(authored, base)
    derived = dict.fromkeys(q for rule in rules("derive") for q in facts.consequences(rule))
    return [q for q in derived if q not in authored]
