"""The interface of an engine, in this process or at another server.

An engine answers two sorts of query, and never mixes them up: ``answer`` and ``begin`` take queries of strangers,
limited in time, memory and reach, and give bytes; ``select``, ``describe`` and ``graph`` take the queries of our own
pages, trusted and short, and give terms.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api.client import Caller
from quoth.formats import Kind


@dataclass(frozen=True)
class Query:
    """An ad-hoc SPARQL 1.1 query and its dataset (SPARQL 1.1 Protocol §2.1.4).

    When either list of graph IRIs is given (None and an empty list mean: not given), the two together are the
    dataset and override FROM and FROM NAMED; without them the default graph is the one that holds what the
    publisher asserts, never the union of the named graphs. ``base_iri`` resolves relative IRIs. An engine that cannot
    read a text of ``ours`` is at fault, not who asked.
    """

    text: str
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    base_iri: str | None = None
    ours: bool = False


@dataclass(frozen=True)
class Wanted:
    """The names of the formats to answer in, by kind of result; None where no format of that kind is acceptable.

    ``solutions`` and ``boolean`` name one of formats.RESULT_FORMATS, ``graph`` one of formats.RDF_FORMATS.
    """

    solutions: str | None = "json"
    boolean: str | None = "json"
    graph: str | None = "turtle"

    def of(self, kind: Kind) -> str | None:
        """The format wanted for that kind of result."""
        return {"solutions": self.solutions, "boolean": self.boolean, "graph": self.graph}[kind]


class Answer:
    """The result of a query as a stream of bytes: read ``chunks`` to the end, or ``close`` it early.

    Iterating raises QueryTimeoutError, QueryTooLargeError or UnavailableError when the rest cannot be had: then what
    was read is not the whole result, and the connection that it was passed on by has to be broken.
    ``close`` may be called twice, and from another thread; an answer is also a context manager that closes itself.
    """

    def __init__(self, kind: Kind, format: str, chunks: Iterator[bytes], close: Callable[[], None]) -> None:
        self.kind = kind
        self.format = format
        self.chunks = chunks
        self._close = close

    def close(self) -> None:
        """Free everything that the query occupies, finished or not."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Short:
    """A short result, complete."""

    kind: Kind
    format: str
    body: bytes

    def answer(self) -> Answer:
        """The same as a stream."""
        return Answer(self.kind, self.format, iter((self.body,)), lambda: None)


Begun = Short | Callable[[], Answer]
"""A query that was begun on an event loop: its result, or a function that gives its answer. The function has to be
called once, in a thread, since it may wait; it raises the errors of Engine.answer."""


class Engine(Protocol):
    """A SPARQL 1.1 query engine over one release. What is ``constant`` cannot change while it is open."""

    constant: bool

    @property
    def generation(self) -> int:
        """Another number from when on what was answered before is not to be kept: an engine elsewhere may have held
        something else for a while."""
        ...

    def check(self) -> None:
        """Find out whether the engine holds the release and answers; cheap enough for every few seconds.

        Raises UnavailableError and the like.
        """
        ...

    def answer(self, query: Query, wanted: Wanted, caller: Caller | None = None) -> Answer:
        """Evaluate an ad-hoc query (SPARQL 1.1 Query Language, the four query forms) for a caller.

        Returns as soon as there are first bytes, so an error in evaluation is mostly an error here and not in
        the stream. Raises QuerySyntaxError (with line and column where known), QueryRefusedError (an update, or
        SERVICE), NotAcceptableError, QueryTimeoutError, QueryTooLargeError, UnavailableError (the
        engine is down or busy), ClientLeftError.
        """
        ...

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """Begin an ad-hoc query on an event loop, which is not held up: most short results cost no thread. Raises the
        errors of ``answer``."""
        ...

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """Evaluate one of our own SELECT queries with variables bound to terms.

        Rows leave unbound variables out. A variable to bind has to be in the projection, and every row has to have
        a value for it: the result is the rows in which the variable has that value. Raises ValueError where the
        first is not so.
        """
        ...

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """The quads of the default graph whose subject is among ``iris``."""
        ...

    def graph(self, iri: str) -> list[ox.Quad]:
        """The quads of one named graph."""
        ...

    def figures(self) -> Mapping[str, Any]:
        """Numbers of queries, as far as the engine knows them: ``running``, ``long`` (of low priority) and ``waiting``,
        and by cause those that have ``ended`` with an error since it was opened."""
        ...

    def close(self) -> None:
        """End every process and connection of the engine."""
        ...
