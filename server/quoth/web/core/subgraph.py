"""The closure of resources: their statements and those of their parts, the hash IRIs, many resources at once."""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from quoth.engine.api.interface import Engine

_STEPS_LIMIT = 12
_PARTS_LIMIT = 50_000
_BATCH_SIZE = 200


def closure(engine: Engine, iris: Iterable[str]) -> list[ox.Quad]:
    """The statements of the default graph about ``iris`` and their parts: the hash IRIs that these lead to."""
    subjects = list(dict.fromkeys(iris))
    wholes = {iri.partition("#")[0] for iri in subjects}
    known: set[str] = set()
    quads: list[ox.Quad] = []
    for _ in range(_STEPS_LIMIT):
        known.update(subjects)
        step = described(engine, subjects)
        quads += step
        subjects = [part for part in hash_iris(step, wholes) if part not in known]
        if not subjects or len(known) + len(subjects) > _PARTS_LIMIT:
            break
    return quads


def described(engine: Engine, iris: Sequence[str]) -> list[ox.Quad]:
    """The statements of the default graph whose subject is one of ``iris``."""
    batches = (iris[start : start + _BATCH_SIZE] for start in range(0, len(iris), _BATCH_SIZE))
    return [q for batch in batches for q in engine.describe(batch)]


def hash_iris(quads: Iterable[ox.Quad], wholes: Iterable[str]) -> Sequence[str]:
    """The hash IRIs of ``wholes`` that the quads name as subject or object, each once."""
    wholes = set(wholes)
    terms = [term for q in quads for term in (q.subject, q.object)]
    named = dict.fromkeys(t.value for t in terms if isinstance(t, ox.NamedNode))
    return [iri for iri in named if "#" in iri and iri.partition("#")[0] in wholes]
