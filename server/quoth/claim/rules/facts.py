"""The rules: ``check/*.rq`` select what is wrong with a dataset, ``derive/*.rq`` construct what follows from it."""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES

_HEADER = re.compile(r"^# (\w+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """A query with the fields of its header (``# message: …``, ``# remedy: …``)."""

    name: str
    header: dict[str, str]
    text: str


@functools.cache
def rules(kind: str) -> tuple[Rule, ...]:
    """The rules of a kind, ``check`` or ``derive``, by name."""
    folder = files("quoth.claim.rules") / kind
    queries = [
        Rule(item.name.removesuffix(".rq"), dict(_HEADER.findall(text)), text)
        for item in folder.iterdir()
        if item.name.endswith(".rq")
        for text in [item.read_text("utf-8")]
    ]
    return tuple(sorted(queries, key=lambda rule: rule.name))


class Facts:
    """A dataset in memory, over which the rules are evaluated. Its default graph is the asserted part alone."""

    def __init__(self, quads: Iterable[ox.Quad], base: str) -> None:
        self._store = ox.Store()
        self._store.bulk_extend(quads)
        self._base = base

    def violations(self, rule: Rule) -> Iterator[dict[str, str]]:
        """The solutions of a ``check`` rule: variable → lexical form."""
        solutions = self._store.query(rule.text, prefixes=PREFIXES, base_iri=self._base)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [v.value for v in solutions.variables]
        for solution in solutions:
            yield {n: getattr(t, "value", str(t)) for n, t in zip(names, solution, strict=True) if t is not None}

    def consequences(self, rule: Rule) -> Iterator[ox.Quad]:
        """The triples of a ``derive`` rule, as quads of the default graph."""
        triples = self._store.query(rule.text, prefixes=PREFIXES, base_iri=self._base)
        assert isinstance(triples, ox.QueryTriples)
        return (ox.Quad(t.subject, t.predicate, t.object) for t in triples)
