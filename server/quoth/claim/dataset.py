"""All the quads of a publication: authored, derived, and the ontology with its schemes."""

from collections.abc import Iterable

import pyoxigraph as ox

from quoth.claim.derive import derive
from quoth.resources import folder

ONTOLOGY_FILES = ("quoth.ttl", "schemes.ttl")


def ontology_quads() -> list[ox.Quad]:
    """The ontology and the schemes, as quads of the default graph."""
    return [q for name in ONTOLOGY_FILES for q in ox.parse(path=folder("ontology") / name)]


def whole(authored: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """What is published from the authored quads, each quad once: dumps and endpoint hold exactly these."""
    quads = list(authored)
    return list(dict.fromkeys([*quads, *derive(quads, base), *ontology_quads()]))
