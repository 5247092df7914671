"""Asking the SPARQL endpoint of a target: queries from files, through SPARQLWrapper, by the polite client."""

import io
from collections.abc import Sequence
from email.message import Message
from typing import Any

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLWrapper

from quoth.claim.model.namespaces import Term
from quoth.engine.api.rows import rows
from quoth.errors import DocumentError, UnavailableError, UsageError
from quoth.link.remote.polite_client import Client
from quoth.link.remote.targets import Target
from quoth.sparql import parameters

_JSON = "application/sparql-results+json"
ROWS_LIMIT = 20_000


class Endpoint:
    """The endpoint of one target. Raises UsageError where it has none."""

    def __init__(self, target: Target, client: Client) -> None:
        if not target.sparql:
            raise UsageError(f"{target.name} has no SPARQL endpoint", remedy=f"give [{target.name}] the key sparql")
        self._target = target
        self._client = client

    def select(self, name: str, /, *, fresh: bool = False, **values: Sequence[Term]) -> list[dict[str, Term]]:
        """The solutions of one of the target's queries, with the terms for its variables.

        Raises DocumentError for a query without a place for them, UnavailableError for what are no results.
        """
        path = self._target.query(name)
        try:
            text = parameters.bind(path.read_text("utf-8"), values)
        except ValueError as error:
            raise DocumentError(str(error), where=str(path)) from None
        wrapper = _Wrapper(self._target.sparql, self._client, fresh)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.queryString, wrapper.queryType = text, "SELECT"
        wrapper.addCustomHttpHeader("Accept", _JSON)
        data = wrapper.query().response.read()
        try:
            results = ox.parse_query_results(data, ox.QueryResultsFormat.JSON)
            if not isinstance(results, ox.QuerySolutions):
                raise ValueError("a boolean")
            found = rows(results)
        except (SyntaxError, ValueError) as error:
            raise UnavailableError(f"{self._target.sparql} did not answer with JSON results: {error}") from None
        if len(found) > ROWS_LIMIT:
            raise UnavailableError(f"{self._target.sparql} answered with more than {ROWS_LIMIT} rows")
        return found


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper makes the request; our client sends it."""

    def __init__(self, url: str, client: Client, fresh: bool) -> None:
        super().__init__(url)
        self._client, self._fresh = client, fresh

    def _query(self) -> tuple[Any, str]:
        reply = self._client.send(self._createRequest(), fresh=self._fresh)
        headers = Message()
        headers["Content-Type"] = reply.media_type
        return _Response(reply.data, headers), self.returnFormat


class _Response(io.BytesIO):
    """The reply as SPARQLWrapper expects a response."""

    def __init__(self, data: bytes, headers: Message) -> None:
        super().__init__(data)
        self._headers = headers

    def info(self) -> Message:
        """The headers, as urllib gives them."""
        return self._headers
