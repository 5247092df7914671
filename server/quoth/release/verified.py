"""A remote engine that answers only while it holds the release: else nothing of it reaches anybody.

It is looked at before the first query, then again and again. A short look asks which release it has; a long one also
counts its default graph and its named graphs, and tries each kind of result. A long look is due at the start, after
the engine was away or answered with garbage, and once a minute. What was answered since the last long look is kept
until the next one and no longer, since only part of the release may have been there for a while. Where an engine takes
its time to count, it counts the less often, and nobody waits for it.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.namespaces import SCHEMA, Term
from quoth.engine.api import deadline
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Begun, Query, Wanted
from quoth.engine.remote.endpoint import EngineError
from quoth.engine.remote.engine import RemoteEngine
from quoth.errors import QuothError, UnavailableError
from quoth.release import identity
from quoth.release.release import Release

_log = logging.getLogger("quoth.engine")

SHORT_S, LONG_S = 5.0, 60.0
"""The seconds that a short and a long look hold."""
AGAIN_S = 1.0
"""The seconds after which an engine that failed is looked at again."""
FIRST_S = 10.0
"""The seconds that others wait for the first look."""
COUNT_S, COUNTED_FOR = 600.0, 20
"""The seconds that an engine has to count, whatever the limit of visitors; how many times as long its counts hold."""
WAIT_S = 1.0
"""The seconds of a long look after which the next ones are made beside the requests."""

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_COUNT_NAMED = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?g) AS ?graphs) WHERE { GRAPH ?g { ?s ?p ?o } }"


class VerifiedEngine:
    """An Engine over a remote one and the ``release`` that this has to hold. Every query raises UnavailableError while
    it does not; the reason is in the log alone.

    An engine that is ``replaced`` while it is read loses first, and gets last, what says which release it is: so a
    query is one of the release alone if that is there before it and after it.
    """

    def __init__(
        self,
        engine: RemoteEngine,
        release: Release,
        clock: Callable[[], float] = time.monotonic,
        replaced: bool = False,
    ) -> None:
        self._engine, self._release, self._clock, self._replaced = engine, release, clock, replaced
        self._where = f"the engine at {engine.url}"
        manifest = release.manifest
        self._graph = identity.graph(manifest.base)
        own = identity.quads(manifest.base, manifest.release, manifest.content_sha256, manifest.quads)
        # A release that was published before releases said who they are is known by its counts alone.
        self._expected = list(own) if release.says_who_it_is else []
        self._looking = threading.Lock()
        self._looked = False
        self._problem: str | None = None
        self._next_short = self._next_long = self._took_s = 0.0
        self.generation, self.constant = 0, False

        self.was_asked = False
        """Whether the engine answered the last look, be it with another release."""

    @property
    def remote(self) -> RemoteEngine:
        """The engine, verified or not."""
        return self._engine

    def check(self) -> None:
        """See Engine.check."""
        # While one thread looks, the others go by the last look; before there was one, they wait a while.
        if self._clock() >= self._next_short:
            if self._looking.acquire(timeout=0 if self._looked else FIRST_S):
                try:
                    if self._clock() >= self._next_short:
                        with deadline.apart():
                            self._look()
                finally:
                    self._looking.release()
            elif not self._looked:
                raise self._not_ready("it is being counted for the first time")
        if self._problem is not None:
            raise self._not_ready(self._problem)

    def _not_ready(self, problem: str) -> UnavailableError:
        error = UnavailableError(
            "the engine that holds the data is not ready to serve this release",
            remedy="try again in a minute; the operator will find the reason in the log",
        )
        error.add_note(f"{self._where} is not served: {problem}")
        return error

    def _look(self) -> None:
        began = self._clock()
        long = began >= self._next_long
        if long and self._took_s > WAIT_S and self._problem is None:
            self._next_long, long = math.inf, False
            threading.Thread(target=self._look_long, args=(began,), daemon=True).start()
        problem = self._found(self._release_problem) or (self._found(self._content_problem) if long else None)
        self._conclude(problem, long or problem is not None, began)

    def _look_long(self, began: float) -> None:
        """Count while others are answered by short looks."""
        problem = self._found(self._content_problem)
        with self._looking:
            if self._problem is None:  # else a short look found more than this one can tell
                self._conclude(problem, True, began)

    def _found(self, look: Callable[[], str | None]) -> str | None:
        """What a look finds, also where the engine cannot be asked or answers anything."""
        self.was_asked = False
        try:
            problem = look()
        except QuothError as error:
            said = "; ".join(getattr(error, "__notes__", ())).removeprefix(f"{self._where} ")
            return f"it {said or f'cannot be asked: {error.detail}'}"
        except (LookupError, ValueError, AttributeError) as error:
            return f"it answers with something that was not asked: {error!r}"
        self.was_asked = True
        return problem

    def _conclude(self, problem: str | None, long: bool, began: float) -> None:
        if problem != self._problem:
            if problem is None:
                _log.warning("%s holds release %s and is served again", self._where, self._release.number)
            else:
                _log.error("%s is not served: %s", self._where, problem)
        if long and self._looked:
            # Between two counts it may have been without a part of the release, and nobody can tell.
            self.generation += 1
        self._problem, self._looked = problem, True
        now = self._clock()
        self._next_short = now + (SHORT_S if problem is None else AGAIN_S)
        if problem is not None:
            self._next_long = 0.0
        elif long:
            self._took_s = now - began
            self._next_long = now + max(LONG_S, COUNTED_FOR * self._took_s)

    def _release_problem(self) -> str | None:
        """Why this is not the release, by what the data say, or that it has no more; None where it is."""
        if not self._expected:
            return None
        if problem := self._other_release():
            return problem
        some = self._engine.select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
        asserted = self._release.manifest.asserted
        return None if some else f"its default graph has 0 triples instead of {asserted}: it is not loaded in full"

    def _other_release(self) -> str | None:
        """Which other release this is, by what the data say; None where it is the one."""
        rows = self._engine.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {self._graph} {{ ?s ?p ?o }} }}")
        found = {(str(row.get("s")), str(row.get("p")), str(row.get("o"))) for row in rows}
        wanted = {(str(q.subject), str(q.predicate), str(q.object)) for q in self._expected}
        if found == wanted:
            return None
        versions = sorted(str(row["o"].value) for row in rows if row.get("p") == SCHEMA.version)  # type: ignore[union-attr]
        held = f"release {', '.join(versions)}" if versions else "no release of this dataset, or one without its name"
        also = f" of other content (in the graph {self._graph})" if versions == [str(self._release.number)] else ""
        return f"it holds {held}{also}; current is release {self._release.number}"

    def _content_problem(self) -> str | None:
        """What is wrong with its results or the extent of its graphs; None where nothing is."""
        manifest = self._release.manifest
        [asserted] = self._numbers(_COUNT, "n")
        reported, graphs = self._numbers(_COUNT_NAMED, "n", "graphs")
        named = manifest.quads - manifest.asserted
        if asserted != manifest.asserted:
            if self._engine.select(f"SELECT ?s WHERE {{ GRAPH {self._graph} {{ ?s ?p ?o }} ?s ?p ?o }} LIMIT 1"):
                return (
                    f"its default graph has {asserted} triples instead of the {manifest.asserted} that are asserted: it"
                    " is the union of all graphs, which would assert what sources said. Configure the engine"
                    " so that the default graph is the unnamed graph alone"
                )
            return f"its default graph has {asserted} triples instead of {manifest.asserted}: it is not loaded in full"
        if (reported, graphs) != (named, manifest.graphs):
            return (
                f"its named graphs, {graphs}, have {reported} triples instead of {manifest.graphs} with {named}: they"
                " are loaded in part, or there is other data beside them"
            )
        if self._engine.read("ASK {}", "boolean", "csv").strip() != b"true":
            return "it answers false to ASK {}"
        lines = self._engine.read(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {self._graph} {{ ?s ?p ?o }} }}", "graph", "nquads"
        )
        if len(lines.splitlines()) != len(self._expected):
            return "it does not construct what its graphs hold"
        return None

    def _numbers(self, text: str, *names: str) -> list[int]:
        with deadline.apart(COUNT_S):
            [row] = self._engine.select(text)
        return [int(row[name].value) for name in names]  # type: ignore[union-attr]

    @contextmanager
    def _verified(self) -> Iterator[RemoteEngine]:
        """The engine, for one query. After an answer that is none it is looked at anew."""
        self.check()
        try:
            self._ask_for_release()
            yield self._engine
            self._ask_for_release()
        except EngineError:
            self._next_short = self._next_long = 0.0
            raise

    def _ask_for_release(self) -> None:
        if self._replaced and (problem := self._other_release()):
            self._next_short = self._next_long = 0.0
            raise self._not_ready(problem)

    def answer(self, query: Query, wanted: Wanted, caller: Caller | None = None) -> Answer:
        """See Engine.answer."""
        with ExitStack() as unread:
            with self._verified() as engine:
                answer = unread.enter_context(engine.answer(query, wanted, caller))
            unread.pop_all()
            return answer

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """See Engine.begin. All of it is waiting, so it is left to a thread."""
        return lambda: self.answer(query, wanted, caller)

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """See Engine.select."""
        with self._verified() as engine:
            return engine.select(text, **bindings)

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """See Engine.describe."""
        with self._verified() as engine:
            return engine.describe(iris)

    def graph(self, iri: str) -> list[ox.Quad]:
        """See Engine.graph."""
        with self._verified() as engine:
            return engine.graph(iri)

    def figures(self) -> Mapping[str, Any]:
        """See Engine.figures."""
        return self._engine.figures()

    def close(self) -> None:
        """See Engine.close."""
        self._engine.close()
