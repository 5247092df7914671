"""The types and properties of queries: their ids are terms of the JSON-LD context, as far as it has them."""

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, PREFIXES, PROV, QUOTH, RDFS, SCHEMA, SKOS
from quoth.index.names import ItemFilter
from quoth.web.core.site import Site
from quoth.web.present import identifiers
from quoth.web.present.identifiers import IdentifierScheme

PropertyKind = Literal[
    "name", "text", "entity", "concept", "integer", "date", "iri", "type", "quotation", "count", "scheme"
]
"""The kind of a property's values, by which they are read, compared and written."""


@dataclass(frozen=True)
class Type:
    """A class of entities. ``broader`` is the id of the next wider type."""

    id: str
    name: str
    iri: str
    broader: str = ""


@dataclass(frozen=True)
class Property:
    """A property of the entities of the types ``of`` (ids), or of all entities.

    ``expected`` is the id of the type of its values, where these are entities; ``role`` one of facets.ROLES, where
    claims are counted; ``scheme`` the dataset or list that identifiers are from.
    """

    id: str
    name: str
    description: str
    kind: PropertyKind
    predicates: tuple[ox.NamedNode, ...] = ()
    of: tuple[str, ...] = ()
    expected: str = ""
    role: str = ""
    scheme: IdentifierScheme | None = None


TYPES = {
    id: Type(id, name, PREFIXES[prefix] + local, broader)
    for id, name, prefix, local, broader in (
        ("AnonymousSource", "Unnamed source", "quoth", "AnonymousSource", "Source"),
        ("Organization", "Organisation", "org", "Organization", ""),
        ("Person", "Person", "foaf", "Person", ""),
        ("Group", "Group", "foaf", "Group", ""),
        ("Document", "Document", "foaf", "Document", ""),
        ("Country", "Country", "schema", "Country", "Place"),
        ("City", "City", "schema", "City", "Place"),
        ("Region", "Region", "schema", "AdministrativeArea", "Place"),
        ("Building", "Building", "schema", "CivicStructure", "Place"),
        ("Place", "Place", "schema", "Place", ""),
        ("Topic", "Topic", "quoth", "Topic", ""),
        ("NewsArticle", "News article", "schema", "NewsArticle", "Article"),
        ("Article", "Article", "schema", "Article", ""),
        ("Claim", "Claim", "quoth", "Claim", ""),
        ("Source", "Source", "quoth", "Source", ""),
        ("Agent", "Agent", "foaf", "Agent", ""),
    )
}
"""Every type by its id. The first type of an entity, in this order, is the one that it is called by."""

DEFAULT_TYPES = ("Organization", "Person", "Group", "Place", "Source", "Topic", "Article", "Claim")

_NAMED = ("Organization", "Person", "Group", "Place", "Topic", "Document", "Agent")
_CLAIM = ("Claim",)
_ARTICLE = ("Article",)

_OWN = (
    Property("type", "type", "What it is: organisation, person, city, claim …", "type"),
    Property("label", "name", "Its name", "name", (RDFS.label, SKOS.prefLabel)),
    Property("altLabel", "other names", "Its other names", "name", (SKOS.altLabel,)),
    Property("hiddenLabel", "spellings", "How else an article spells its name", "name", (SKOS.hiddenLabel,)),
    Property("scopeNote", "note", "What exactly is meant", "text", (SKOS.scopeNote,), _NAMED),
    Property("claimsAbout", "claims about it", "How many claims name it", "count", (), _NAMED, role="about"),
    Property("claimsBy", "claims by it", "How many claims it makes", "count", (), ("Source", *_NAMED), role="says"),
    Property("describedIn", "article", "The article that describes the source", "entity", (QUOTH.describedIn,),
             ("Source",), "Article"),
    Property("warrant", "warrant", "How it would know, in the article’s words", "text", (QUOTH.warrant,), ("Source",)),
    Property("quotation", "quotation", "The words that carry the claim", "quotation", (), _CLAIM),
    Property("attributedTo", "attributed to", "Who the article itself says it comes from", "entity",
             (PROV.wasAttributedTo,), _CLAIM, "Source"),
    Property("creditedTo", "credited to", "Everybody in the chain, in every reading of the text", "entity",
             (QUOTH.creditedTo,), _CLAIM, "Source"),
    Property("possiblyCreditedTo", "possibly credited to", "Who is in the chain in some readings of the text", "entity",
             (QUOTH.possiblyCreditedTo,), _CLAIM, "Source"),
    Property("about", "about", "What the claim names", "entity", (SCHEMA.about,), _CLAIM),
    Property("article", "article", "The article that makes or reports it", "entity", (PROV.wasQuotedFrom,), _CLAIM,
             "Article"),
    Property("voice", "voice", "own (the article’s), reported or unclear", "concept", (QUOTH.voice,), _CLAIM),
    Property("coding", "coding", "Whether it is coded in words alone or with a content", "concept", (QUOTH.coding,),
             _CLAIM),
    Property("informationStatus", "information status", "At issue, presupposed, implicated or an aside", "concept",
             (QUOTH.informationStatus,), _CLAIM),
    Property("depth", "depth", "How many sources it came through", "integer", (QUOTH.depth,), _CLAIM),
    Property("certainty", "certainty", "How sure the speaker is", "concept", (QUOTH.certainty,), _CLAIM),
    Property("polarity", "polarity", "Whether it is said to be so or not", "concept", (QUOTH.polarity,), _CLAIM),
    Property("realis", "realis", "Whether it is given as fact, plan, prediction …", "concept", (QUOTH.realis,), _CLAIM),
    Property("tense", "tense", "Its time, seen from the article", "concept", (QUOTH.tense,), _CLAIM),
    Property("status", "status", "Whether its encoding is proposed or reviewed", "concept", (ADMS.status,), _CLAIM),
    Property("headline", "headline", "The title of the article", "text", (SCHEMA.headline,), _ARTICLE),
    Property("author", "author", "Who wrote it", "entity", (SCHEMA.author,), _ARTICLE),
    Property("publisher", "publisher", "Who published it", "entity", (SCHEMA.publisher,), _ARTICLE),
    Property("datePublished", "date", "When it was published", "date", (SCHEMA.datePublished,), _ARTICLE),
    Property("url", "address", "Where it is", "iri", (SCHEMA.url,), _ARTICLE),
    Property("language", "language", "The language of its text", "text", (SCHEMA.inLanguage,), _ARTICLE),
    Property("quotedIn", "claims in it", "How many claims it makes and reports", "count", (), _ARTICLE,
             role="quoted"),
    Property("exactMatch", "same as", "What is the same elsewhere", "iri", (SKOS.exactMatch,), _NAMED),
    Property("closeMatch", "nearly the same as", "Near matches elsewhere", "iri", (SKOS.closeMatch,), _NAMED),
)  # fmt: skip


def properties(site: Site) -> Mapping[str, Property]:
    """Every property by its id: our own, and an identifier for each list that the linksets of the release lead to."""
    return _with_identifiers(tuple(identifiers.schemes(site).items()))


@functools.lru_cache(maxsize=4)
def _with_identifiers(schemes: tuple[tuple[str, IdentifierScheme], ...]) -> Mapping[str, Property]:
    predicates = (SKOS.exactMatch, SCHEMA.identifier)
    identifiers = [
        Property(
            key, f"{s.label} identifier", f"What it is called in: {s.label}", "scheme", predicates, _NAMED, scheme=s
        )
        for key, s in schemes
    ]
    return {p.id: p for p in (*identifiers, *_OWN)}


def proposed(site: Site, type: str) -> list[Property]:
    """The properties that entities of a type (an id or an IRI) can have; all of them for an unknown type."""
    wanted = known(type)
    wider = {wanted.id, wanted.broader} if wanted else set(TYPES)
    return [p for p in properties(site).values() if not p.of or not wider.isdisjoint(p.of)]


def known(type: str) -> Type | None:
    """A type by its id or IRI."""
    return TYPES.get(type) or next((t for t in TYPES.values() if t.iri == type), None)


def of_classes(classes: Collection[str]) -> list[Type]:
    """The types of something that has those classes (IRIs): the most telling first, and all that are broader."""
    ids = {id for t in TYPES.values() if t.iri in classes for id in (t.id, t.broader)}
    return [t for t in TYPES.values() if t.id in ids]


def item_filter(types: Iterable[Type]) -> ItemFilter:
    """The items of the index that are of any of those types, or of narrower ones."""
    ids = {t.id for t in types}
    classes = tuple(t.iri for t in TYPES.values() if ids & {t.id, t.broader} and t.id != "Claim")
    return ItemFilter(classes, "Claim" in ids)


EVERYTHING = item_filter(TYPES.values())
