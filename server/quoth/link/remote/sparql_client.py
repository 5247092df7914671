"""The client of the SPARQL endpoint of a target (SPARQL 1.1 Protocol §2.1.2); queries come from files."""

from collections.abc import Sequence

import httpx2
import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.engine.api.rows import rows
from quoth.errors import DocumentError, UnavailableError, UsageError
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient
from quoth.sparql import parameters

_JSON = "application/sparql-results+json"
ROWS_LIMIT = 20_000


class Endpoint:
    """The endpoint of one target. Raises UsageError where it has none."""

    def __init__(self, target: Target, client: ThrottledClient) -> None:
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
        request = httpx2.Request("POST", self._target.sparql, headers={"Accept": _JSON}, data={"query": text})
        data = self._client.send(request, fresh=fresh).data
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
