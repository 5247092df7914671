"""Queries that call an endpoint which the operator allows (SPARQL 1.1 Federated Query), and no other.

The engine connects to whatever SERVICE names. So what a query names is replaced by an address of our own, that of the
proxy, which alone knows where it leads. A query passes only if, after that, every call in every
reading of it goes there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from quoth.engine.federation.http_client import CallLimits
from quoth.engine.federation.loopback_proxy import LoopbackProxy
from quoth.errors import Limit, QueryRefusedError, QuothError, UnavailableError
from quoth.sparql import query_form, service_calls, tokens


@dataclass(frozen=True)
class Rewritten:
    """A query with the targets of its calls replaced; ``edits`` are (place in the original, old length, new length)."""

    text: str
    original: str
    edits: Sequence[tuple[int, int, int]]

    def offset(self, offset: int) -> int:
        """Where a place of the text is in the original (code points)."""
        shift = 0
        for start, old, new in self.edits:
            if offset <= start + shift:
                break
            if offset < start + shift + new:
                return start
            shift += new - old
        return offset - shift

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column of the text, from 1, as line and column of the original."""
        lines = self.text.split("\n")[: line - 1]
        return tokens.line_and_column(self.original, self.offset(sum(len(line) + 1 for line in lines) + column - 1))


class Federation:
    """The endpoints that SERVICE may call. Close it when done."""

    def __init__(self, allowed: Sequence[str], limits: CallLimits) -> None:
        self._proxy = LoopbackProxy(allowed, limits)
        self._addresses = {url: f"<{address}>" for url, address in self._proxy.addresses.items()}

    def admit(self, text: str) -> Rewritten:
        """The query with its calls led to the proxy. Raises QueryRefusedError for an update and for another call."""
        query_form.reject_updates(text)
        prefixes = query_form.prefixes(text)
        parts: list[str] = []
        edits: list[tuple[int, int, int]] = []
        end = 0
        for call in service_calls.calls(text):
            address = self._addresses.get(_expanded(call.target, prefixes))
            if address is not None and call.target_start >= end:
                parts += [text[end : call.target_start], address]
                edits.append((call.target_start, len(call.target), len(address)))
                end = call.target_start + len(call.target)
        rewritten = Rewritten("".join([*parts, text[end:]]), text, edits)
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
