"""Fetching facts about what our entities are exactly matched with: a bounded, declared set, in a graph of its own."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, GEO, PREFIXES, PROV, QUOTH, RDF, RDFS, SKOS, SSSOM, XSD, Term
from quoth.engine.api.rows import named_nodes
from quoth.errors import UsageError
from quoth.link.matching.linkable import Link
from quoth.link.remote.lookup import BATCH
from quoth.link.session import Session
from quoth.resources import write
from quoth.sparql import named_queries

COLUMNS = {"label": RDFS.label, "lat": GEO.lat, "long": GEO.long}
"""What a query of facts may give, by the names of its variables → the property that says it."""
_LIMITS = {"lat": 90, "long": 180}
FACTS_LIMIT = 500
"""Facts of one thing that are kept."""
_LONGEST = 500


@dataclass(frozen=True)
class Outcome:
    """How many things were asked about, about how many of them there is something, and how many facts."""

    asked: int
    answered: int
    facts: int
    path: Path


def enrich(session: Session, file: Path, author: str) -> Outcome:
    """Fetch the facts that the target declares, and put them in the place of those that ``file`` had (TriG)."""
    if not session.target.facts:
        raise UsageError(
            f"no facts are declared for {session.target.name}", remedy='give it facts = ["coordinates", "labels"]'
        )
    linkset = session.linkable.linkset(session.dataset)
    items = sorted({link.target for link in session.linkable.links(session.dataset) if _exact(link)})
    if linkset is None or not items:
        raise UsageError(f"no entity is exactly matched with anything in {session.dataset.label}")
    graph = ox.NamedNode(f"{linkset}#facts")
    facts: dict[str, list[tuple[ox.NamedNode, ox.Literal]]] = defaultdict(list)
    for name in session.target.facts:
        for start in range(0, len(items), BATCH):
            session.tell(f"fetching {name}", start, len(items))
            batch = items[start : start + BATCH]
            rows = session.endpoint().select(name, item=list(named_nodes(batch)))
            for item, found in _facts(rows, batch):
                facts[item] += found
    kept = {item: list(dict.fromkeys(found))[:FACTS_LIMIT] for item, found in sorted(facts.items())}
    quads = [ox.Quad(ox.NamedNode(i), p, o, graph) for i, found in kept.items() for p, o in found]
    text = _trig([*_provenance(session, graph, author, len(items)), *quads], session.base)
    write(text, file)
    return Outcome(len(items), sum(1 for found in kept.values() if found), len(quads), file)


def _exact(link: Link) -> bool:
    return link.predicate == SKOS.exactMatch.value and not link.negated and link.target != SSSOM.NoTermFound.value


def _facts(
    rows: Iterable[dict[str, Term]], asked: Sequence[str]
) -> Iterable[tuple[str, list[tuple[ox.NamedNode, ox.Literal]]]]:
    """The facts in rows about what was asked. Where a thing has several places, none is kept: nothing is guessed."""
    found: dict[str, dict[tuple[tuple[ox.NamedNode, ox.Literal], ...], None]] = defaultdict(dict)
    for row in rows:
        item = row.get("item")
        if isinstance(item, ox.NamedNode) and item.value in asked and (facts := _fact(row)):
            found[item.value][facts] = None
    for iri, sets in found.items():
        places = [s for s in sets if any(p == GEO.lat for p, _ in s)]
        yield iri, [fact for s in sets if s not in places or len(places) == 1 for fact in s]


def _fact(row: dict[str, Term]) -> tuple[tuple[ox.NamedNode, ox.Literal], ...]:
    """The facts of one row, all of them or none."""
    found = []
    for column, predicate in COLUMNS.items():
        if column in row:
            limit = _LIMITS.get(column)
            value = _degrees(row[column], limit) if limit else _name(row[column])
            if value is None:
                return ()
            found.append((predicate, value))
    return tuple(found)


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
    if not isinstance(term, ox.Literal) or not term.language or len(term.value) > _LONGEST:
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in term.value).split())
    return ox.Literal(text, language=term.language) if text else None


def _provenance(session: Session, graph: ox.NamedNode, author: str, asked: int) -> list[ox.Quad]:
    """Where the facts are from, who fetched them, when and how."""
    how = [f"{named_queries.read(session.target.query(n)).title} ({n}.rq)" for n in session.target.facts]
    words = f"Fetched from {session.target.sparql}, about {asked} things that are matched exactly: {'; '.join(how)}."
    fetched = datetime.date.fromtimestamp(session.client.oldest)  # not today, where it is from the cache
    said: list[tuple[ox.NamedNode, Term]] = [
        (RDF.type, QUOTH.Enrichment),
        (RDFS.label, ox.Literal(f"Facts from {session.dataset.label}", language="en")),
        (PROV.hadPrimarySource, ox.NamedNode(session.dataset.iri)),
        (PROV.wasAttributedTo, ox.NamedNode(author)),
        (DCTERMS.created, ox.Literal(fetched.isoformat(), datatype=XSD.date)),
        (DCTERMS.description, ox.Literal(words, language="en")),
    ]
    if session.target.licence:
        said.append((DCTERMS.license, ox.NamedNode(session.target.licence)))
    return [ox.Quad(graph, p, o) for p, o in said]


def _trig(quads: Iterable[ox.Quad], base: str) -> str:
    """The quads as TriG whose own IRIs are relative, as documents have them."""
    out = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES)
    assert out is not None, "without an output, bytes are returned"
    return out.decode().replace(f"<{base}id/", "<id/")
