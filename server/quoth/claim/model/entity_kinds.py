"""What the members of a class are called, in one word."""

from collections.abc import Collection

KINDS = {
    "http://www.w3.org/ns/org#Organization": "organisation",
    "http://xmlns.com/foaf/0.1/Person": "person",
    "http://xmlns.com/foaf/0.1/Group": "group",
    "http://xmlns.com/foaf/0.1/Agent": "agent",
    "http://xmlns.com/foaf/0.1/Document": "document",
    "https://schema.org/Place": "place",
    "https://schema.org/Country": "country",
    "https://schema.org/City": "city",
    "https://schema.org/AdministrativeArea": "region",
    "https://schema.org/CivicStructure": "building",
    "https://schema.org/Thing": "thing",
    "https://w3id.org/quoth/ns#Topic": "topic",
    "https://schema.org/NewsArticle": "article",
    "https://schema.org/Article": "article",
    "https://w3id.org/quoth/ns#AnonymousSource": "unnamed source",
    "https://w3id.org/quoth/ns#Source": "source",
    "https://w3id.org/quoth/ns#Claim": "claim",
    "http://rdfs.org/ns/void#Linkset": "linkset",
    "http://rdfs.org/ns/void#Dataset": "dataset",
}
"""Class → what its members are called; of several the first in this order."""


def kind_of(types: Collection[str]) -> str:
    """What to call something of those classes (IRIs)."""
    return next((word for iri, word in KINDS.items() if iri in types), "resource")
