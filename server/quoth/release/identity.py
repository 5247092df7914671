"""What a release says of itself in the data: its number and its content, in a named graph of its own.

So every engine that holds the data can be asked which release that is:

    SELECT ?version { GRAPH <BASEreleases> { ?release schema:version ?version } }
"""

from collections.abc import Iterator

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF, SCHEMA, VOID, XSD
from quoth.release.dumps import nquads

SIZE = 4
"""Quads that a release has about itself."""


def graph(base: str) -> ox.NamedNode:
    """The graph in which the release of a dataset says who it is."""
    return ox.NamedNode(f"{base}releases")


def quads(base: str, number: int, content_sha256: str, total: int) -> Iterator[ox.Quad]:
    """The quads of that graph. ``content_sha256`` is that of the manifest; ``total`` counts all quads, these among
    them."""
    release = ox.NamedNode(f"{base}releases/{number}")
    for predicate, value in (
        (RDF.type, VOID.Dataset),
        (SCHEMA.version, ox.Literal(str(number))),
        (SCHEMA.sha256, ox.Literal(content_sha256)),
        (VOID.triples, ox.Literal(str(total), datatype=XSD.integer)),
    ):
        yield ox.Quad(release, predicate, value, graph(base))


def lines(base: str, number: int, content_sha256: str, total: int) -> list[bytes]:
    """The quads of that graph as sorted lines (dumps/nquads.py)."""
    return sorted(nquads.to_lines(quads(base, number, content_sha256, total)))
