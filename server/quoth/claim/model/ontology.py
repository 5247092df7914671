"""The ontology and its schemes as statements, and what code looks up in them."""

import functools
import re
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH
from quoth.resources import folder

TO_ADDRESSEE = {
    **dict.fromkeys(("accused", "advised", "asked", "forbade", "ordered", "permitted", "promised"), ""),
    **dict.fromkeys(("threatened", "urged", "warned"), ""),
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
    """The statements of the ontology and of the schemes, as quads of the default graph, in the order of the files."""
    return tuple(q for file in ontology_files() for q in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))


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
