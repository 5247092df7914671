"""The rules of a dataset, and the quads of its publication: the authored ones, those that follow, and the ontology.

``check/*.rq`` select what is wrong with a dataset, ``derive/*.rq`` construct or select what follows from it. Dumps
and endpoint hold exactly the quads of the publication: everything is derived before the engine gets it.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules import labels, mentions
from quoth.corpus import bases

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
        self._bases = [each for _, each in bases.every(base)]

    def violations(self, rule: DatasetRule) -> Iterator[dict[str, str]]:
        """The solutions of a ``check`` rule: variable → lexical form."""
        told: set[tuple[tuple[str, str], ...]] = set()
        for solutions in self._results(rule):
            assert isinstance(solutions, ox.QuerySolutions)
            names = [v.value for v in solutions.variables]
            for solution in solutions:
                row = {n: getattr(t, "value", str(t)) for n, t in zip(names, solution, strict=True) if t is not None}
                if (key := tuple(row.items())) not in told:
                    told.add(key)
                    yield row

    def consequences(self, rule: DatasetRule) -> Iterator[ox.Quad]:
        """The quads of a ``derive`` rule: the triples that it constructs, in the default graph, or the rows of
        ``?g ?s ?p ?o`` that it selects."""
        for result in self._results(rule):
            if isinstance(result, ox.QueryTriples):
                yield from (ox.Quad(t.subject, t.predicate, t.object) for t in result)
            else:
                assert isinstance(result, ox.QuerySolutions)
                yield from (ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in result)

    def _results(self, rule: DatasetRule) -> Iterator[ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples]:
        """The results of a rule; of one that asks what an IRI of the dataset is, for each of its bases."""
        for base in self._bases if "<id/" in rule.text else self._bases[:1]:
            yield self._store.query(rule.text, prefixes=PREFIXES, base_iri=base)


def derive(quads: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """The quads that follow from ``quads`` and are not among them, each once.

    They say who is credited with a claim, what a claim is about, its depth, voice and coding, all in the default graph,
    and symmetric relations the other way round, in their inference graph; each rule is a file. The mentions in a claim
    are looked for here, and a claim without a label gets one.
    """
    authored = dict.fromkeys(quads)
    facts = Facts(authored, base)
    derived = dict.fromkeys(q for rule in rules("derive") for q in facts.consequences(rule))
    derived |= dict.fromkeys(mentions.mentioned_in(TripleIndex(authored)))
    derived |= dict.fromkeys(labels.labels(authored))
    return [q for q in derived if q not in authored]


def published_quads(authored: Iterable[ox.Quad], base: str) -> list[ox.Quad]:
    """Everything that is published where these quads were authored: each quad once, the authored ones first."""
    quads = list(authored)
    return list(dict.fromkeys([*quads, *derive(quads, base), *ontology_quads()]))
