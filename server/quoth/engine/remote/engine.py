"""The engine at another server: any SPARQL 1.1 Protocol endpoint.

Nothing is pasted into a query: terms go in as VALUES, written by the RDF library. The endpoint has limits of its own;
those of this engine are on top of them.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api import deadline
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Begun, Query, Wanted
from quoth.engine.api.rows import check_bindings, named_nodes, not_acceptable, rows
from quoth.engine.pool.scheduler import Scheduler
from quoth.engine.pool.spool import Spool
from quoth.engine.pool.ticket import Limits, error_of
from quoth.engine.remote import results
from quoth.engine.remote.dialect import Dialect
from quoth.engine.remote.endpoint import Body, CutError, Endpoint, EngineError, LateError
from quoth.errors import QuerySyntaxError, QueryTooLargeError, UnavailableError
from quoth.formats import JSON_RESULTS, OX_RESULTS, RDF_FORMATS, RESULT_FORMATS, Kind, by_name
from quoth.sparql import describe_rewrite, query_form, query_limits

_KINDS: dict[str, Kind] = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_CUT = "the result has more rows than the engine that holds the data gives"
_OWN_BYTES = 2**28
"""The result of a query of our own pages, which end far below."""


class RemoteEngine:
    """An Engine at the URL of an endpoint, whose user name and password, if any, are in the URL.

    At most ``limits.workers`` ad-hoc queries are with the endpoint at a time, and ``limits.queue`` wait, shared fairly
    among clients (pool.scheduler); an engine ``beside`` another shares its places and its spool. A result is read to
    its end before any of it is handed on. Nothing is sent before the first query. The endpoint speaks a ``dialect``,
    if one is named. Raises UsageError for a string that is no http(s) URL.
    """

    def __init__(
        self,
        url: str,
        limits: Limits | None = None,
        beside: "RemoteEngine | None" = None,
        dialect: Dialect | None = None,
    ) -> None:
        self._endpoint, self.dialect = Endpoint(url, dialect), dialect
        self._limits = limits or Limits()
        self._own = beside is None
        places = (self._limits.workers, 0, self._limits.queue)
        self._scheduler: Scheduler = beside._scheduler if beside else Scheduler(*places)
        self._spool: Spool = beside._spool if beside else Spool(self._limits.spool_mb)
        self.generation, self.constant = 0, False

    @property
    def url(self) -> str:
        """The URL without user name and password."""
        return self._endpoint.url

    def check(self) -> None:
        """See Engine.check: the endpoint answers. Which release it holds is not known here (release.verified)."""
        self.read("ASK {}", "boolean", "json")

    def answer(self, query: Query, wanted: Wanted, caller: Caller | None = None) -> Answer:
        """See Engine.answer."""
        with query_limits.exclusive(query.text):
            query_limits.check(query.text)
            form = query_form.form(query.text)
        kind = _KINDS[form]
        name = wanted.of(kind)
        if name is None or by_name(RDF_FORMATS if kind == "graph" else RESULT_FORMATS, name) is None:
            raise not_acceptable(kind)
        text = describe_rewrite.as_construct(query.text) if form == "DESCRIBE" else query.text
        form = "CONSTRUCT" if kind == "graph" else form
        dataset = {"default-graph-uri": query.default_graphs or (), "named-graph-uri": query.named_graphs or ()}
        until = time.monotonic() + self._limits.time_s
        caller = caller or Caller()
        result = results.Result(self._spool, caller.client)
        ticket = self._scheduler.admit(caller, until)
        try:
            with self._asked(caller, form, text, results.asked(kind), until, query.base_iri, dataset) as body:
                results.write(body, kind, name, self._limits, result)
        except LateError:
            result.close()
            raise error_of("time", self._limits, self._limits.time_s) from None
        except CutError:
            result.close()
            raise QueryTooLargeError(_CUT, remedy="add a LIMIT, or use the dumps") from None
        except QuerySyntaxError:
            result.close()
            if query.ours:
                raise self._refused(text) from None
            raise
        except BaseException:
            result.close()
            raise
        finally:
            self._scheduler.release(ticket)
        return Answer(kind, name, result.chunks(), result.close)

    @contextmanager
    def _asked(self, caller: Caller, *question: Any) -> Iterator[Body]:
        """The body of the answer to a question, as long as the caller is there. Raises ClientLeftError."""
        with closing(self._endpoint.ask(*question)) as body:
            forget = caller.presence.on_leaving(body.hang_up)
            try:
                yield body
            except (LateError, UnavailableError):
                if caller.presence.left:
                    raise error_of("left", self._limits, self._limits.time_s) from None
                raise
            finally:
                forget()

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """See Engine.begin. All of it is waiting, so it is left to a thread."""
        return lambda: self.answer(query, wanted, caller)

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """See Engine.select."""
        check_bindings(text, bindings)
        if bindings:
            # A trailing VALUES joins with what the query projects (SPARQL 1.1 §18.2.4.3).
            names = " ".join(f"?{name}" for name in bindings)
            text = f"{text}\nVALUES ({names}) {{ ({' '.join(str(term) for term in bindings.values())}) }}"
        until = deadline.until(self._limits.time_s)
        try:
            with closing(self._endpoint.ask("SELECT", text, JSON_RESULTS, until)) as body:
                data = body.whole(_OWN_BYTES)
        except LateError:
            raise _late() from None
        except CutError:
            raise self._endpoint.broken(f"{_CUT}: raise its limit of rows") from None
        except QuerySyntaxError:
            raise self._refused(text) from None
        try:
            return rows(cast(ox.QuerySolutions, ox.parse_query_results(data, OX_RESULTS["json"])))
        except (SyntaxError, ValueError, AttributeError) as error:
            raise body.broken(f"answered with something that is not a result: {error}") from None

    def _refused(self, text: str) -> EngineError:
        return self._endpoint.broken(f"refused a query of ours: {text}")

    def read(self, text: str, kind: Kind, format: str) -> bytes:
        """The result of a query of our own of any form, as bytes of that format."""
        result = results.Result(self._spool, None)
        form = {"solutions": "SELECT", "boolean": "ASK", "graph": "CONSTRUCT"}[kind]
        try:
            with closing(
                self._endpoint.ask(form, text, results.asked(kind), deadline.until(self._limits.time_s))
            ) as body:
                results.write(body, kind, format, self._limits, result)
            return b"".join(result.chunks())
        except LateError:
            raise _late() from None
        finally:
            result.close()

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """See Engine.describe."""
        nodes = " ".join(str(node) for node in named_nodes(dict.fromkeys(iris)))
        if not nodes:
            return []
        solutions = self.select(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {nodes} }} ?s ?p ?o }}")
        return [_quad(row, ox.DefaultGraph()) for row in solutions]

    def graph(self, iri: str) -> list[ox.Quad]:
        """See Engine.graph."""
        return [
            _quad(row, node)
            for node in named_nodes([iri])
            for row in self.select("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }", g=node)
        ]

    def figures(self) -> Mapping[str, Any]:
        """See Engine.figures: these are the queries that this process has sent to the endpoint, or keeps waiting."""
        return {"running": self._scheduler.running, "waiting": self._scheduler.waiting}

    def close(self) -> None:
        """See Engine.close: no connection outlives its answer."""
        if self._own:
            self._scheduler.close()


def _late() -> UnavailableError:
    return UnavailableError("the engine that holds the data does not answer in time", remedy="try again in a minute")


def _quad(row: dict[str, Term], graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(cast(ox.NamedNode, row["s"]), cast(ox.NamedNode, row["p"]), cast(ox.Literal, row["o"]), graph)
