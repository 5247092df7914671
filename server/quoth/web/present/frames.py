"""The frames of event types (``shapes/frames.ttl``), as tables for pages."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDFS, SH
from quoth.claim.model.triple_index import TripleIndex
from quoth.resources import folder

_NEED, _MAY, _FORBID = (f"https://w3id.org/quoth/shapes/frames/{kind}#" for kind in ("need", "may", "forbid"))


@dataclass(frozen=True)
class Role:
    """A role of a frame: its property's name, whether a situation needs it, what it is, and who or what may play it."""

    name: str
    needed: bool
    gloss: str
    who: str


@dataclass(frozen=True)
class Frame:
    """The roles of an event type, the needed ones first; ``needs`` are the needs that are of no role among them,
    ``others`` what roles are that every situation may have, and ``forbidden`` the roles that it may not have."""

    roles: Sequence[Role]
    needs: Sequence[str]
    others: Sequence[tuple[str, str]]
    forbidden: Sequence[str]


def frame(event_type: str, added: Iterable[str] = ()) -> Frame | None:
    """The frame of one of our event types, with property shapes (IRIs) that a corpus's own frames add; else None.

    A role that these need, and that nothing else allows, is played by whom our shape of the role says.
    """
    index = _index()
    shape = next(iter(index.subjects(SH.targetClass, event_type)), "")
    if not shape:
        return None
    shapes = dict.fromkeys([*index.values(shape, SH.property), *added])
    forbidden, needed = (
        {iri.removeprefix(kind) for iri in shapes if iri.startswith(kind)} for kind in (_FORBID, _NEED)
    )
    players = {index.value(iri, SH.path): iri for iri in shapes if iri.startswith(_MAY)}
    for name in sorted(needed):
        if path := index.value(_MAY + name, SH.path):
            players.setdefault(path, _MAY + name)
    glosses = _glosses(index.value(shape, RDFS.comment))
    roles = []
    for path, iri in players.items():
        name = path.rpartition("#")[2]
        if name in forbidden:
            continue
        who = index.value(iri, SH.message).removeprefix(f"{name} is ")
        roles.append(Role(name, name in needed, glosses.pop(name, ""), who))
    needs = [index.value(_NEED + name, SH.message) for name in sorted(needed - {role.name for role in roles})]
    roles.sort(key=lambda role: not role.needed)
    others = [(name, gloss) for name, gloss in glosses.items() if name not in forbidden]
    return Frame(roles, needs, others, sorted(forbidden))


def _glosses(comment: str) -> dict[str, str]:
    """Role → what it is.

    >>> _glosses("party, counterparty: those who talk; terms: what about")
    {'party': 'those who talk', 'counterparty': 'those who talk', 'terms': 'what about'}
    """
    parts = (part.partition(": ") for part in comment.split("; "))
    return {name: gloss for names, _, gloss in parts for name in names.split(", ") if gloss}


@functools.cache
def _index() -> TripleIndex:
    quads = ox.parse(path=str(folder("shapes") / "frames.ttl"), format=ox.RdfFormat.TURTLE)
    return TripleIndex(q for q in quads if isinstance(q.subject, ox.NamedNode))
