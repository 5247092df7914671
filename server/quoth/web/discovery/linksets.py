"""The linksets of a release for its VoID description (https://www.w3.org/TR/void/#linkset)."""

from collections.abc import Iterator

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF
from quoth.web.core.site import Site
from quoth.web.sparql.service_description import VOID, dataset, triple


def statements(here: Site) -> Iterator[ox.Quad]:
    """What the release says of its linksets and of what they lead to, as parts of the dataset of this server."""
    for row in here.rows("linksets"):
        quad = ox.Quad(row["s"], row["p"], row["o"])  # type: ignore[arg-type]
        yield quad
        if quad.predicate == RDF.type and quad.object == VOID.Linkset:
            yield triple(dataset(here), VOID.subset, quad.subject)
            yield triple(quad.subject, VOID.subjectsTarget, dataset(here))
