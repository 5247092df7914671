"""The values that entities have for properties, out of what the release says of them."""

import re
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDF
from quoth.claim.model.triple_index import TripleIndex
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.reconcile import schema
from quoth.web.reconcile.schema import Property, Type
from quoth.web.reconcile.scoring import Value

_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


class Entities:
    """The statements of the release about some entities (IRIs), read at once."""

    def __init__(self, site: Site, iris: Iterable[str]) -> None:
        self.site = site
        self._index = TripleIndex(site.engine.describe(list(dict.fromkeys(iris))))

    def exists(self, iri: str) -> bool:
        """Whether the release describes the entity."""
        return bool(self._index.values(iri, RDF.type))

    def types(self, iri: str) -> list[Type]:
        """The types of an entity: the most telling first, and all that are broader."""
        return schema.of_classes(self._index.values(iri, RDF.type))

    def texts(self, iri: str, *predicates: ox.NamedNode) -> list[str]:
        """The lexical forms and IRIs that an entity has for any of those predicates, each once."""
        return list(dict.fromkeys(value for predicate in predicates for value in self._index.values(iri, predicate)))

    def values(self, iri: str, property: Property) -> list[Value]:
        """The values that an entity has for a property."""
        if property.kind == "type":
            return [Value(type.name, type.id) for type in self.types(iri)]
        if property.kind == "quotation":
            return [Value(words) for words in quotations(self.site, iri)]
        if property.kind == "count":
            return [Value(str(self.site.claim_index.count(Selection(property.role, iri))))]
        texts = self.texts(iri, *property.predicates)
        if property.scheme:
            space = property.scheme.space
            return [Value(v.removeprefix(space).removesuffix("/"), v) for v in texts if v.startswith(space)]
        if property.kind in ("entity", "concept"):
            self.site.labels.fetch(texts)
            return [Value(self.site.labels.label(value), identifier(self.site, value)) for value in texts]
        return [Value(value) for value in texts]


def quotations(site: Site, iri: str) -> Sequence[str]:
    """The words that carry a claim."""
    text = "SELECT quotation FROM item JOIN words ON words.rowid = item.id WHERE item.iri = :iri"
    return [words for (column,) in site.claim_index.select(text, iri=iri) for words in column.split("\n") if words]


def identifier(site: Site, iri: str) -> str:
    """The id of an entity: its IRI without the beginning of the identifier space, which is its name (bases.py); for any
    other IRI, the IRI itself."""
    return site.iris.value(iri)


def candidate_iris(site: Site, text: str) -> list[str]:
    """The IRIs that a client may mean by an id, an IRI, or the address of a document."""
    name = site.iris.value(text.strip())
    for start in (f"{site.iris.base}id/", site.iris.url("id/"), site.iris.url("doc/")):
        name = name.removeprefix(start)
    iris = []
    for iri in site.iris.candidates(f"id/{name}"):
        try:
            iris.append(ox.NamedNode(iri).value)
        except ValueError:
            continue
    return iris


def cell(value: Value, property: Property) -> dict[str, object]:
    """A value as a cell of a data extension response."""
    if property.kind == "entity" and "://" not in value.id:
        return {"id": value.id, "name": value.text}
    if property.kind == "concept":
        return {"str": value.id.rpartition("#")[2]}
    if property.kind in ("integer", "count") and value.text.lstrip("-").isdecimal() and len(value.text) < 16:
        return {"int": int(value.text)}
    if property.kind == "date" and (date := _DATE.fullmatch(value.text)):
        return {"date": value.text if date[1] else f"{value.text}T00:00:00Z"}
    return {"str": value.text}
