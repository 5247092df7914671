"""What instances of each class have, as the release counted it (release/statistics.py), with the classes of values.

Void-generator describes endpoints in this form, and text-to-SPARQL tools read it to write queries that fit the data.
"""

from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox

from quoth.claim.model.namespaces import OWL, RDF, Term, abbreviated
from quoth.web.core.site import Site


def facts(site: Site) -> Iterator[tuple[str, dict[str, Term | int]]]:
    """Facts for descriptions/partitions.rq, each as a path of this server and values of its fields.

    Numbers and datatypes are of all instances, classes of values of some (sparql/queries). The terms of ontologies are
    left out, which are no data.
    """
    statistics = site.release.statistics()
    for name, part in (("default-graph", statistics.asserted), ("reported", statistics.reported)):
        for kind, uses in part.uses.items():
            if kind.startswith(OWL.iri):
                continue
            instances, rows = partition(name, "class", kind), site.rows_of(f"classes-of-values-{name}", [kind])
            yield instances, {"term": ox.NamedNode(kind)}
            for predicate, datatypes in uses.items():
                if predicate != RDF.type.value:
                    use, having = f"{instances}-{_short(predicate)}", ox.NamedNode(predicate)
                    yield instances, {"use": _node(site, use)}
                    yield use, {"property": having, "count": sum(datatypes.values())}
                    for datatype in filter(None, datatypes):
                        yield from _value(site, use, "datatype", ox.NamedNode(datatype))
                    for row in rows:
                        if row["property"] == having:
                            yield from _value(site, use, "class", row["class"])


def partition(part: str, kind: str, iri: str) -> str:
    """The path of the partition of a part of the dataset by a class or a property."""
    return f".well-known/void#{part}-{kind}-{_short(iri)}"


def _value(site: Site, use: str, key: str, of: Term) -> Iterator[tuple[str, dict[str, Term | int]]]:
    """What values of a property are: a datatype or a class."""
    assert isinstance(of, ox.NamedNode)
    values = f"{use}-{_short(of.value)}"
    yield use, {f"has_{key}": _node(site, values)}
    yield values, {key: of}


def _node(site: Site, path: str) -> ox.NamedNode:
    return ox.NamedNode(site.iris.url(path))


def _short(iri: str) -> str:
    return quote(abbreviated(iri), safe=":")
