"""The ontology and its schemes as statements, and what code looks up in them."""

import functools
import itertools
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import ONTOLOGY_IRI, QUOTH, RDF, RDFS, SKOS
from quoth.resources import folder, jsonld_context

TO_ADDRESSEE = {
    **dict.fromkeys(("accused", "advised", "asked", "forbade", "ordered", "permitted", "promised"), ""),
    **dict.fromkeys(("threatened", "urged", "warned"), ""),
    **dict.fromkeys(("assessed", "corrected", "criticised", "doubted", "feared", "forecast"), "when speaking to"),
    **dict.fromkeys(("hoped", "intended", "opposed", "praised", "retracted", "ruled", "supported"), "when speaking to"),
    "agreed": "with",
    "demanded": "from",
    "requested": "of",
}
"""Speech act → the preposition before its addressee, where that is not “to”."""

_NOTHING = ("agreed", "argued", "couldNotBeReached", "declinedToComment", "didNotRespond", "ruled", "testified")
OF_TERMS = {
    **dict.fromkeys(("advised", "ordered", "permitted", "urged"), "to do something"),
    **dict.fromkeys(("accused", "warned"), "of something"),
    **dict.fromkeys(("apologised", "claimedResponsibility", "hoped"), "for something"),
    "insisted": "on something",
    "threatened": "with something",
    **dict.fromkeys(_NOTHING, ""),
}
"""Speech act → the words for its terms where nobody says what they are, if that is not “something”."""


def ontology_files(*, foreign: bool = True) -> list[Path]:
    """The files of the ontology and of its schemes, with the declarations of the terms of others if ``foreign``."""
    names = ["quoth.ttl", "speech-acts.ttl", "schemes.ttl", "event-types.ttl"] + ["declarations.ttl"] * foreign
    return [folder("ontology") / name for name in names]


@functools.cache
def ontology_quads() -> tuple[ox.Quad, ...]:
    """The statements of the ontology and of the schemes, as quads of the default graph, in the order of the files. What
    has a skos:prefLabel has it as its rdfs:label too, as SKOS entails (§5.3, S10): many tools know that one alone."""
    quads = (q for file in ontology_files() for q in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    labelled = ((q, ox.Quad(q.subject, RDFS.label, q.object)) if q.predicate == SKOS.prefLabel else (q,) for q in quads)
    return tuple(itertools.chain.from_iterable(labelled))


@functools.cache
def concepts(key: str) -> tuple[str, ...]:
    """The names of the concepts that can be values of a key of our context, such as ``certainty``."""
    definition: Any = jsonld_context()[key]
    scheme = ox.NamedNode(definition["@context"]["@vocab"].rstrip("#"))
    members = [q.subject for q in ontology_quads() if q.predicate == SKOS.inScheme and q.object == scheme]
    return tuple(local(member.value) for member in members if isinstance(member, ox.NamedNode))


@functools.cache
def _keys() -> dict[str, str]:
    terms: Any = jsonld_context()
    iris = {key: term.get("@id", "") if isinstance(term, dict) else str(term) for key, term in terms.items()}
    names = {key: iri.split(":", 1) for key, iri in iris.items() if iri.partition(":")[0] in terms}
    keys = {terms[prefix] + name: key for key, (prefix, name) in reversed(names.items())}
    return keys | {QUOTH.anchor.value: "words", RDF.type.value: "type"}


def key_of(property: str) -> str:
    """The key under which a document in YAML has the values of a property (IRI), or its local name.

    >>> key_of("https://schema.org/inLanguage"), key_of("https://w3id.org/quoth/ns#anchor"), key_of("http://e.org/a#b")
    ('language', 'words', 'b')
    """
    return _keys().get(property) or local(property)


def in_keys(message: str, base: str) -> str:
    """A message in which IRIs in angle brackets stand as a document writes them: ids, keys and names of concepts.

    >>> in_keys("<http://h/id/org/a> and <https://w3id.org/quoth/ns#agent> and <http://e.org/a>", "http://h/")
    'id/org/a and agent and <http://e.org/a>'
    """

    def written(match: re.Match[str]) -> str:
        iri = match[1]
        if iri.startswith(base):
            return shortened(iri.removeprefix(base))
        return shortened(key_of(iri)) if iri in _keys() or iri.startswith(ONTOLOGY_IRI) else f"<{shortened(iri)}>"

    return re.sub(r"<([^<>\s]+)>", written, message)


@functools.cache
def _enacted() -> dict[str, str]:
    return {
        local(q.subject.value): local(q.object.value)
        for q in ontology_quads()
        if q.predicate == QUOTH.enacts and isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
    }


def enacted(speech_act: str) -> str:
    """The type of event (the local name) that takes place when somebody does the speech act (local name or IRI).

    >>> enacted("offered"), enacted("said")
    ('offer', 'communication')
    """
    return _enacted().get(local(str(speech_act)), "communication")


def local(iri: str) -> str:
    """The name of a concept within its scheme."""
    return re.split("[#/:]", iri)[-1]
