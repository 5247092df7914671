"""The rules of a dataset, and the quads of its publication: the authored ones, those that follow, and the ontology.

``check/*.rq`` select what is wrong with a dataset, ``derive/*.rq`` construct what follows from it. Dumps and endpoint
hold exactly the quads of the publication: everything is derived before the engine gets it.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.rules import labels

_HEADER = re.compile(r"^# (\w+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class DatasetRule:
    """A query with the fields of its header (``# message: …``, ``# remedy: …``)."""

    name: str
    header: dict[str, str]
    text: str


@functools.cache
def rules(kind: str) -> tuple[DatasetRule, ...]:
    """The rules of a kind, ``check`` or ``derive``, by name."""
    items = sorted((files("quoth.claim.rules") / kind).iterdir(), key=lambda item: item.name.removesuffix(".rq"))
    queries = ((item.name.removesuffix(".rq"), item.read_text("utf-8")) for item in items if item.name.endswith(".rq"))
    return tuple(DatasetRule(name, dict(_HEADER.findall(text)), text) for name, text in queries)


class Facts:
    """A dataset in memory, over which the rules are evaluated. The default graph is the asserted part alone."""

    def __init__(self, quads: Iterable[ox.Quad], base: str) -> None:
        self._store = ox.Store()
        self._store.bulk_extend(quads)
        self._base = base

    def violations(self, rule: DatasetRule) -> Iterator[dict[str, str]]:
        """The solutions of a ``check`` rule: variable → lexical form."""
        solutions = self._store.query(rule.text, prefixes=PREFIXES, base_iri=self._base)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [v.value for v in solutions.variables]
        for solution in solutions:
            yield {n: getattr(t, "value", str(t)) for n, t in zip(names, solution, strict=True) if t is not None}

    def consequences(self, rule: DatasetRule) -> Iterator[ox.Quad]:
        """The triples of a ``derive`` rule, as quads of the default graph."""
        triples = self._store.query(rule.text, prefixes=PREFIXES, base_iri=self._base)
        assert isinstance(triples, ox.QueryTriples)
        return (ox.Quad(t.subject, t.predicate, t.object) for t in triples)


def derive(quads: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """The quads of the default graph that follow from ``quads`` and are not among them, each once.

    They say who is credited with a claim, what a claim is about, its depth, voice and coding; each rule is a file. A
    claim without a label gets one.
    """
    authored = dict.fromkeys(quads)
    facts = Facts(authored, base)
    derived = dict.fromkeys(q for rule in rules("derive") for q in facts.consequences(rule))
    derived |= dict.fromkeys(labels.labels(authored))
    return [q for q in derived if q not in authored]


def published_quads(authored: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """Everything that is published where these quads were authored: each quad once, the authored ones first."""
    quads = list(authored)
    return list(dict.fromkeys([*quads, *derive(quads, base), *ontology_quads()]))
