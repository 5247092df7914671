"""The engine that needs no other server: pyoxigraph over the read-only store of one release.

Our own queries run in this process (evaluation does not hold the interpreter's lock); the queries of strangers run in
the processes of ``pool``.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES, Term
from quoth.engine.api.client import Caller
from quoth.engine.api.interface import Answer, Begun, Query, Short, Wanted
from quoth.engine.api.rows import check_bindings, named_nodes, not_acceptable, rows
from quoth.engine.federation.rewrite import Federation
from quoth.engine.pool.execution import Execution
from quoth.engine.pool.pool import Pool
from quoth.engine.pool.ticket import Limits, error_of
from quoth.engine.pool.worker_handle import WorkerReportedError
from quoth.errors import Limit, NotAcceptableError, QuerySyntaxError, QueryTooLargeError, QuothError, UnavailableError
from quoth.formats import Kind
from quoth.sparql import corrections, diagnosis, query_form, query_limits
from quoth.sparql.corrections import Rewritten


class EmbeddedEngine:
    """An Engine over the folder of a store. Safe to use from many threads; close it when done. If it is ``beside``
    another engine, the two share the processes, the queue and the limits of that one, which has to be closed last.

    Raises UnavailableError if there is no store that can be opened.
    """

    def __init__(
        self,
        store_path: Path,
        limits: Limits | None = None,
        federation: Federation | None = None,
        beside: "EmbeddedEngine | None" = None,
    ) -> None:
        if not store_path.is_dir():
            raise UnavailableError(f"there is no store in {store_path}", remedy="publish a release: `quoth publish`")
        try:
            self._store = ox.Store.read_only(str(store_path))
        except (OSError, RuntimeError) as error:  # the latter for a damaged file
            raise UnavailableError(f"the store in {store_path} cannot be opened: {error}") from None
        self._beside = None if beside is None else str(store_path)
        if beside is None:
            self._pool = Pool(store_path, limits or Limits(), PREFIXES, network=federation is not None)
            self._federation = federation
        else:
            self._pool, self._federation = beside._pool, beside._federation
            self._pool.open_store(str(store_path))
        self.generation, self.constant = 0, True

    def check(self) -> None:
        """See Engine.check: a process for queries answers.

        Where all are busy it does not wait for one, or strangers' long queries would take the server, pages included,
        out of use.
        """
        if self.figures()["running"] < self._pool.limits.workers:
            with self.answer(Query("ASK {}"), Wanted()) as answer:
                for _ in answer.chunks:
                    pass

    def answer(
        self, query: Query, wanted: Wanted, caller: Caller | None = None, *, time_limit_s: float | None = None
    ) -> Answer:
        """See Engine.answer. ``time_limit_s`` overrides the engine's own limit for this query."""
        text = self._admit(query.text)
        execution = self._pool.run(self._request(query, text, wanted), caller or Caller(), time_limit_s)
        return self._answer(execution, query, text)

    async def begin(self, query: Query, wanted: Wanted, caller: Caller) -> Begun:
        """See Engine.begin."""
        text = self._admit(query.text)
        try:
            begun = await self._pool.begin(self._request(query, text, wanted), caller)
        except WorkerReportedError as report:
            raise self._error(report, query, text) from None
        return begun if isinstance(begun, Short) else lambda: self._answer(begun(), query, text)

    def _admit(self, text: str) -> Rewritten:
        with query_limits.exclusive(text):
            query_limits.check(text)
            admitted = self._with_calls(text)
            corrected = corrections.correct(text)
            # What the engine gets is looked at too.
            return self._with_calls(corrected.text).after(corrected) if corrected.edits else admitted

    def _with_calls(self, text: str) -> Rewritten:
        if self._federation is not None:
            return self._federation.admit(text)
        query_form.admit(text)
        return Rewritten(text, text)

    def _request(self, query: Query, text: Rewritten, wanted: Wanted) -> dict[str, Any]:
        size = self._pool.limits.result_mb
        return {
            "text": text.text,
            "store": self._beside,
            "default_graphs": list(query.default_graphs or ()),
            "named_graphs": list(query.named_graphs or ()),
            "base_iri": query.base_iri,
            "wanted": {"solutions": wanted.solutions, "boolean": wanted.boolean, "graph": wanted.graph},
            "size_limit": None if size is None else size * 2**20,
            "row_limit": self._pool.limits.result_rows,
        }

    def _answer(self, execution: Execution, query: Query, text: Rewritten) -> Answer:
        try:
            kind, format = execution.head()
        except WorkerReportedError as report:
            raise self._error(report, query, text) from None
        except BaseException:
            execution.close("unexpected")
            raise
        return Answer(kind, format, self._chunks(execution, query, text), execution.close)

    def _chunks(self, execution: Execution, query: Query, text: Rewritten) -> Iterator[bytes]:
        try:
            yield from execution
        except WorkerReportedError as report:
            raise self._error(report, query, text) from None
        finally:
            execution.close()

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """See Engine.select."""
        check_bindings(text, bindings)
        # SEP-0007: evaluation starts with the variables bound.
        values = {ox.Variable(name): term for name, term in bindings.items()}
        result = self._store.query(text, substitutions=values)
        if not isinstance(result, ox.QuerySolutions):
            raise ValueError("our own queries are SELECT queries")
        return rows(result)

    def describe(self, iris: Sequence[str]) -> list[ox.Quad]:
        """See Engine.describe."""
        return [
            quad
            for node in named_nodes(dict.fromkeys(iris))
            for quad in self._store.quads_for_pattern(node, None, None, ox.DefaultGraph())
        ]

    def graph(self, iri: str) -> list[ox.Quad]:
        """See Engine.graph."""
        return [quad for node in named_nodes([iri]) for quad in self._store.quads_for_pattern(None, None, None, node)]

    def figures(self) -> dict[str, Any]:
        """See Engine.figures and Pool.figures."""
        return self._pool.figures()

    def close(self) -> None:
        """See Engine.close."""
        if self._beside is not None:
            self._pool.close_store(self._beside)
            return
        self._pool.close()
        if self._federation is not None:
            self._federation.close()

    def _error(self, report: WorkerReportedError, query: Query, text: Rewritten) -> QuothError:
        if self._federation is not None:
            error = self._federation.error(report.detail)
            if error is not None:
                return error
        match report.error:
            case "syntax":
                detail = report.detail
                if match := _PLACE.match(detail):
                    line, column = text.place(int(match[1]), int(match[2]))
                    detail = f"error at {line}:{column}: {match[3]}"
                with query_limits.exclusive(query.text):
                    return diagnosis.syntax_error(query.text, detail, has_base=query.base_iri is not None)
            case "unsupported" | "value":
                return QuerySyntaxError(report.detail)
            case "unacceptable":
                return not_acceptable(cast(Kind, report.detail))
            case "format":
                return NotAcceptableError(report.detail, remedy="ask for another format")
            case "size" | "rows":
                limits = self._pool.limits
                size, rows = limits.result_mb or 0, limits.result_rows or 0
                limit = Limit("query_result_mb", size) if report.error == "size" else Limit("query_result_rows", rows)
                return QueryTooLargeError(report.detail, remedy="add a LIMIT, or use the dumps", limit=limit)
            case "spool":
                return UnavailableError(
                    "there is no room for a large result while others wait to be fetched",
                    remedy="try again in a minute, or add a LIMIT",
                    limit=Limit("query_spool_mb", self._pool.limits.spool_mb),
                )
            case "memory":
                return error_of("memory", self._pool.limits, self._pool.limits.time_s)
            case _:
                return UnavailableError(f"the store cannot be read: {report.detail}")


_PLACE = re.compile(r"^error at (\d+):(\d+): (.*)", re.DOTALL)
