"""Queries that call an endpoint which the operator allows (SPARQL 1.1 Federated Query), and no other.

The engine connects to whatever SERVICE names. So what a query names is replaced by an address of our own, that of the
proxy, which alone knows where it leads. A query passes only if, after that, every call in every
reading of it goes there.
"""

import json
from collections.abc import Sequence

from quoth.engine.federation.http_client import CallLimits
from quoth.engine.federation.loopback_proxy import LoopbackProxy
from quoth.errors import Limit, QueryRefusedError, QuothError, UnavailableError
from quoth.sparql import query_form, service_calls, tokens
from quoth.sparql.corrections import Rewritten, replace


class Federation:
    """The endpoints that SERVICE may call. Close it when done."""

    def __init__(self, allowed: Sequence[str], limits: CallLimits) -> None:
        self._proxy = LoopbackProxy(allowed, limits)
        self._addresses = {url: f"<{address}>" for url, address in self._proxy.addresses.items()}

    def admit(self, text: str) -> Rewritten:
        """The query with its calls led to the proxy. Raises QuerySyntaxError for an update, and QueryRefusedError for
        another call."""
        query_form.reject_updates(text)
        prefixes = query_form.prefixes(text)
        changes: list[tuple[int, int, str]] = []
        for call in service_calls.calls(text):
            address = self._addresses.get(_expanded(call.target, prefixes))
            if address is not None and (not changes or call.target_start >= changes[-1][1]):
                changes.append((call.target_start, call.target_start + len(call.target), address))
        rewritten = replace(text, changes)
        offset = service_calls.forbidden_call(rewritten.text, self._addresses.values())
        if offset is not None:
            line, column = tokens.line_and_column(text, rewritten.offset(offset))
            raise QueryRefusedError(
                "SERVICE may only call " + " ".join(f"<{url}>" for url in self._addresses),
                where=f"line {line}, column {column}",
                remedy="name one of these by its IRI, or query the other endpoint yourself",
            )
        return rewritten

    def error(self, detail: str) -> QuothError | None:
        """The error for the client, if the engine's message is about a call that failed; else None."""
        for url, address in self._addresses.items():
            if address[1:-1] in detail:
                payload = detail.partition("payload:\n")[2]
                try:
                    body = json.loads(payload)
                    limit = Limit(*body["limit"]) if body["limit"] else None
                    return UnavailableError(f"SERVICE <{url}> {body['detail']}", remedy=body["remedy"], limit=limit)
                except (ValueError, LookupError, TypeError):
                    return UnavailableError(f"the call of <{url}> failed", remedy="try again")
        return None

    def close(self) -> None:
        """Carry no more calls."""
        self._proxy.close()


def _expanded(target: str, prefixes: dict[str, str]) -> str:
    """The IRI that a target names; empty if it is not just a prefix and a name."""
    if target.startswith("<"):
        return target[1:-1]
    prefix, colon, name = target.partition(":")
    if not colon or "\\" in name:
        return ""
    return prefixes.get(prefix + colon, "")[1:-1] + name
