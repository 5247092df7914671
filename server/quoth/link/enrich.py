"""Fetching facts about what our entities are exactly matched with: a bounded, declared set, in a graph of its own."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, GEO, PREFIXES, PROV, QUOTH, RDF, RDFS, SKOS, XSD, Term
from quoth.engine.api.rows import named_nodes
from quoth.errors import UsageError
from quoth.link.remote.sparql_client import BATCH, batches
from quoth.link.session import Session
from quoth.resources import write
from quoth.sparql import named_queries

Fact = tuple[ox.NamedNode, ox.Literal]
"""A property and its value."""

COLUMNS = {"label": RDFS.label, "lat": GEO.lat, "long": GEO.long}
"""Variable of a query of facts → the property that its values get."""
_DEGREES_LIMITS = {"lat": 90, "long": 180}
FACTS_LIMIT = 500
"""Facts of one thing that are kept."""
_TEXT_LIMIT = 500


def enrich(session: Session, file: Path, author: str) -> tuple[int, int, int]:
    """Fetch the facts that the target declares, and put them in the place of those that ``file`` had (TriG).

    Returns the number of facts, that of the things that they are about, and that of the things asked about.
    """
    if not session.target.facts:
        raise UsageError(
            f"no facts are declared for {session.target.name}", remedy='give it facts = ["coordinates", "labels"]'
        )
    linkset = session.linkable.linkset(session.dataset)
    links = session.linkable.links(session.dataset)
    items = sorted({link.target for link in links if link.asserted and link.predicate == SKOS.exactMatch.value})
    if linkset is None or not items:
        raise UsageError(f"no entity has an exact match in {session.dataset.label}")
    facts: dict[str, list[Fact]] = defaultdict(list)
    for name in session.target.facts:
        for number, batch in enumerate(batches(items)):
            session.tell(f"fetching {name}", number * BATCH, len(items))
            rows = session.endpoint().select(name, item=list(named_nodes(batch)))
            for item, fact in _facts(rows, batch):
                facts[item].append(fact)
    graph = ox.NamedNode(f"{linkset}#facts")
    quads = [
        ox.Quad(ox.NamedNode(item), *fact, graph)
        for item in sorted(facts)
        for fact in [*dict.fromkeys(facts[item])][:FACTS_LIMIT]
    ]
    write(_trig([*_provenance(session, graph, author, len(items)), *quads], session.base), file)
    return len(quads), len(facts), len(items)


def _facts(rows: Iterable[dict[str, Term]], items: Collection[str]) -> Iterator[tuple[str, Fact]]:
    """The facts in rows about these items. Nothing is guessed: of several places of one thing none is kept."""
    rows_of: dict[str, dict[tuple[Fact, ...], None]] = defaultdict(dict)
    for row in rows:
        item = row.get("item")
        if isinstance(item, ox.NamedNode) and item.value in items:
            rows_of[item.value][_row_facts(row)] = None
    for iri, sets in rows_of.items():
        places = [facts for facts in sets if any(predicate == GEO.lat for predicate, _ in facts)]
        yield from ((iri, f) for facts in sets if facts not in places or len(places) == 1 for f in facts)


def _row_facts(row: dict[str, Term]) -> tuple[Fact, ...]:
    """The facts of one row, all of them or none."""
    facts: list[Fact] = []
    for column, predicate in COLUMNS.items():
        if column in row:
            limit = _DEGREES_LIMITS.get(column)
            value = _degrees(row[column], limit) if limit else _name(row[column])
            if value is None:
                return ()
            facts.append((predicate, value))
    return tuple(facts)


def _degrees(term: Term, limit: int) -> ox.Literal | None:
    """A number of degrees up to a limit as a decimal, or None for anything else."""
    try:
        number = Decimal(term.value if isinstance(term, ox.Literal) else "")
        if not number.is_finite() or abs(number) > limit:
            return None
    except InvalidOperation:
        return None
    return ox.Literal(format(round(number, 7).normalize(), "f"), datatype=XSD.decimal)


def _name(term: Term) -> ox.Literal | None:
    """A text with its language, without control characters, or None for anything else."""
    if not isinstance(term, ox.Literal) or not term.language or len(term.value) > _TEXT_LIMIT:
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in term.value).split())
    return ox.Literal(text, language=term.language) if text else None


def _provenance(session: Session, graph: ox.NamedNode, author: str, asked: int) -> Iterator[ox.Quad]:
    """The source of the facts, who fetched them, when and how."""
    target = session.target
    how = [f"{named_queries.read(target.query(n)).title} ({n}.rq)" for n in target.facts]
    words = f"Fetched from {target.sparql}, about {asked} things that are matched exactly: {'; '.join(how)}."
    fetched = datetime.date.fromtimestamp(session.client.oldest)  # not today, where it is from the cache
    yield ox.Quad(graph, RDF.type, QUOTH.Enrichment)
    yield ox.Quad(graph, RDFS.label, ox.Literal(f"Facts from {session.dataset.label}", language="en"))
    yield ox.Quad(graph, PROV.hadPrimarySource, ox.NamedNode(session.dataset.iri))
    yield ox.Quad(graph, PROV.wasAttributedTo, ox.NamedNode(author))
    yield ox.Quad(graph, DCTERMS.created, ox.Literal(fetched.isoformat(), datatype=XSD.date))
    yield ox.Quad(graph, DCTERMS.description, ox.Literal(words, language="en"))
    if target.licence:
        yield ox.Quad(graph, DCTERMS.license, ox.NamedNode(target.licence))


def _trig(quads: Iterable[ox.Quad], base: str) -> str:
    """The quads as TriG whose own IRIs are relative, as documents have them."""
    out = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES)
    assert out is not None, "without an output, bytes are returned"
    return out.decode().replace(f"<{base}id/", "<id/")
