"""A remote engine beside the embedded one, which answers from the folder of the release what that cannot, or must not.

For a server with room for one release (engine/remote/dialects.toml), which is without it while it gets the next one:
nobody waits meanwhile. What such a server fails to read is answered, too. Pages are for the embedded engine alone where
the dialect says so, since the server's SPARQL has faults that they would show.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Begun, Engine, Query, Wanted
from quoth.errors import QuerySyntaxError, QueryTooLargeError, UnavailableError
from quoth.release.verified import VerifiedEngine

_log = logging.getLogger("quoth.engine")

Result = TypeVar("Result")


class StandbyEngine:
    """An Engine over another and one that ``open_embedded`` gives, which is opened when it is wanted first. If not
    ``pages``, the other gets the queries of visitors only."""

    def __init__(self, engine: VerifiedEngine, open_embedded: Callable[[], Engine], pages: bool) -> None:
        self._engine, self._open, self._pages = engine, open_embedded, pages
        self._opening = threading.Lock()
        self._embedded: Engine | None = None
        self.constant = False

    @property
    def generation(self) -> int:
        """See Engine.generation."""
        return self._engine.generation

    def _first(self, ask: Callable[[Engine], Result], ours: bool = False) -> Result:
        if not ours or self._pages:
            try:
                return ask(self._engine)
            except (UnavailableError, QuerySyntaxError, QueryTooLargeError) as error:
                if error.limit is not None:  # busy, as it may be to anybody
                    raise
                _log.info("the embedded engine is asked what the one at another server cannot answer: %s", error.detail)
        with self._opening:
            if self._embedded is None:
                self._embedded = self._open()
        return ask(self._embedded)

    def check(self) -> None:
        """See Engine.check."""
        self._first(lambda engine: engine.check())

    def answer(self, query: Query, wanted: Wanted, caller: Caller | None = None) -> Answer:
        """See Engine.answer."""
        return self._first(lambda engine: engine.answer(query, wanted, caller), query.ours)

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """See Engine.begin. All of it is waiting, so it is left to a thread."""
        return lambda: self.answer(query, wanted, caller)

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """See Engine.select."""
        return self._first(lambda engine: engine.select(text, **bindings), ours=True)

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """See Engine.describe."""
        return self._first(lambda engine: engine.describe(iris), ours=True)

    def graph(self, iri: str) -> list[ox.Quad]:
        """See Engine.graph."""
        return self._first(lambda engine: engine.graph(iri), ours=True)

    def figures(self) -> Mapping[str, Any]:
        """See Engine.figures."""
        return self._engine.figures()

    def close(self) -> None:
        """See Engine.close."""
        with ExitStack() as stack:
            stack.callback(self._engine.close)
            if self._embedded is not None:
                stack.callback(self._embedded.close)
