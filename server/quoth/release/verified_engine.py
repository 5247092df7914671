"""An engine at another server, which answers only while it holds the release that is served.

What it holds is asked of it before the first answer, and again and again: the graph in which the release says who it is
(identity.py), every few seconds; the number of triples of the default graph and of the release's named graphs, when it
is new or was away. An engine whose default graph is the union of all graphs, which would assert what is only reported,
has too many there.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Begun, Engine, Query, Wanted
from quoth.errors import QuothError, UnavailableError
from quoth.release import identity
from quoth.release.release import Release
from quoth.sparql import named_queries, parameters

_COUNTS = ("asserted", "reported", "graphs")
"""The variables of release-counts.rq."""

CHECK_EVERY_S = 5.0
RETRY_EVERY_S = 1.0

_log = logging.getLogger("quoth.engine")


class VerifiedEngine:
    """An Engine that answers by ``engine`` while it holds ``release``. Else its methods raise UnavailableError, which
    tells visitors nothing about the engine; the operator's log has the difference.

    ``lapses`` counts how often the engine turned out to hold something else after it was found right."""

    def __init__(self, engine: Engine, release: Release) -> None:
        self._engine = engine
        self._release = release
        self._own = {(q.predicate, q.object) for q in identity.read(release.path)}
        self._lock = threading.Lock()
        self._until = 0.0
        self._right = False
        self._error: UnavailableError | None = None
        self._logged = ""
        self.lapses = 0

    def verify(self) -> None:
        """See Engine.verify."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._look()
            if self._error is not None:
                raise self._error

    def _look(self) -> None:
        why, error = "", None
        try:
            why = self._difference()
        except QuothError as failure:
            why, error = str(failure), UnavailableError("the database behind this server does not answer")
        if why and error is None:
            detail = f"the database behind this server does not hold release {self._release.number}"
            error = UnavailableError(detail, remedy="try again in a minute")
            self.lapses += self._right
        if why and why != self._logged:
            _log.error("release %d is not served: %s", self._release.number, why)
        elif self._logged and not why:
            _log.warning("release %d is served again", self._release.number)
        self._logged, self._error, self._right = why, error, not why
        self._until = time.monotonic() + (RETRY_EVERY_S if why else CHECK_EVERY_S)

    def _difference(self) -> str:
        """In which respect the engine does not hold the release, in words for its operator; empty where it does."""
        manifest = self._release.manifest
        name = identity.graph(manifest.base)
        held = {(q.predicate, q.object) for q in self._engine.graph(name.value)} if self._own else set()
        if self._own and not held:
            return f"the engine has no graph {name}: load claims.nq.gz of the release into it"
        if held != self._own:
            numbers = sorted(str(value) for predicate, value in held if predicate == identity.NUMBER)
            lacks = ", ".join(sorted(str(value) for _, value in self._own - held))
            return f"the graph {name} of the engine is of release {', '.join(numbers)}, and lacks {lacks}"
        if self._right:
            return ""
        wanted = (manifest.asserted, manifest.quads - manifest.asserted, manifest.graphs)
        text = parameters.bind(named_queries.text("release-counts"), {"base": ox.Literal(manifest.base)})
        [row] = self._engine.select(text)
        found = tuple(int(getattr(row.get(part), "value", 0)) for part in _COUNTS)
        if found == wanted:
            return ""
        numbers = [f"{part} {n:,} and not {m:,}" for part, n, m in zip(_COUNTS, found, wanted, strict=True) if n != m]
        union = ": its default graph is the union of its graphs, in which what is reported would be asserted"
        return (
            "the engine has other numbers of triples or graphs, "
            + ", ".join(numbers)
            + union * (found[0] >= manifest.quads)
        )

    def answer(self, query: Query, wanted: Wanted, caller: Caller | None = None) -> Answer:
        """See Engine.answer."""
        self.verify()
        return self._engine.answer(query, wanted, caller)

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """See Engine.begin. All of it is waiting, so it is left to a thread."""
        return lambda: self.answer(query, wanted, caller)

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """See Engine.select."""
        self.verify()
        return self._engine.select(text, **bindings)

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """See Engine.describe."""
        self.verify()
        return self._engine.describe(iris)

    def graph(self, iri: str) -> list[ox.Quad]:
        """See Engine.graph."""
        self.verify()
        return self._engine.graph(iri)

    def figures(self) -> Mapping[str, Any]:
        """See Engine.figures."""
        return self._engine.figures()

    def close(self) -> None:
        """See Engine.close."""
        self._engine.close()
