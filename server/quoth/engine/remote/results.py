"""Results of another server, read to their end and written anew within the limits, as the embedded engine writes them.

So no byte of that server reaches a client as it came: what is no result is found out before anything is sent, and the
formats, the limits and the answers are the same whichever engine holds the release.
"""

import contextlib
import os
from collections.abc import Iterator
from itertools import islice
from typing import cast

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES
from quoth.engine.api.serialization import SerializationError, rdfxml_safe
from quoth.engine.pool.output import Channel, Output, ReportedError, too_many
from quoth.engine.pool.spool import Spool, SpoolFile
from quoth.engine.pool.ticket import Limits
from quoth.engine.remote.endpoint import Body
from quoth.errors import Limit, NotAcceptableError, QueryTooLargeError, QuothError, UnavailableError
from quoth.formats import JSON_RESULTS, NTRIPLES, OX_RDF, OX_RESULTS, Format, Kind


def asked(kind: Kind) -> Format:
    """The format in which an endpoint is asked for that kind of result."""
    return NTRIPLES if kind == "graph" else JSON_RESULTS


class Result:
    """A result while it is written, and until it has been fetched: the first 64 KB in memory, the rest in the spool.

    It takes the frames of a worker (engine.pool.output), since it is written in the same way.
    """

    def __init__(self, spool: Spool, client: str | None) -> None:
        self._spool, self._client = spool, client
        self._pieces: list[bytes] = []
        self._file: SpoolFile | None = None

    def hold(self, kind: bytes, payload: bytes) -> None:
        """Take a frame: of the result's first bytes, or of no interest."""
        if kind == b"D":
            self._pieces.append(payload)

    send = hold

    def ask_for_room(self) -> tuple[int, list[int]]:
        """Room in the spool for more: megabytes, which are 0 where there is none, and the first time the file."""
        if self._file is not None:
            return self._spool.extend(self._file), []
        self._file = self._spool.open(self._client)
        return (self._file.granted_mb, [os.dup(self._file.fileno())]) if self._file else (0, [])

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the first to the last; the room is given back with the last."""
        with contextlib.closing(self):
            yield from self._pieces
            while self._file is not None and (data := self._file.read()):
                yield data

    def close(self) -> None:
        """Give the room back."""
        file, self._file = self._file, None
        if file is not None:
            self._spool.close(file)


def write(body: Body, kind: Kind, name: str, limits: Limits, result: Result) -> None:
    """Read the result of that kind in ``body`` to its end, and write it in the format of that name.

    Raises QueryTooLargeError, NotAcceptableError, UnavailableError for what is no such result, and what Body raises.
    """
    request = {
        "size_limit": None if limits.result_mb is None else limits.result_mb * 2**20,
        "row_limit": limits.result_rows,
    }
    try:
        with contextlib.closing(Output(cast(Channel, result), kind, name, request)) as output:
            if kind == "graph":
                triples = (quad.triple for quad in ox.parse(body, OX_RDF["ntriples"]))  # type: ignore[arg-type]
                safe = rdfxml_safe(triples) if name == "rdfxml" else triples
                shown = islice(safe, limits.result_rows)
                ox.serialize(shown, output, OX_RDF[name], prefixes=PREFIXES)  # type: ignore[arg-type]
                if limits.result_rows is not None and next(triples, None) is not None:
                    raise too_many(limits.result_rows, "triples")
            else:
                parsed = ox.parse_query_results(body, OX_RESULTS["json"])  # type: ignore[arg-type]
                try:
                    if isinstance(parsed, ox.QueryBoolean) != (kind == "boolean"):
                        raise SyntaxError("a result of another kind")
                    parsed.serialize(output, OX_RESULTS[name])  # type: ignore[arg-type]
                finally:
                    del parsed  # to be freed in this thread only: an error that is kept keeps what is named here
            output.start()
    except ReportedError as failure:
        raise _error(failure, limits) from None
    except SerializationError as failure:
        raise NotAcceptableError(str(failure), remedy="ask for another format") from None
    except (SyntaxError, ValueError, KeyError) as failure:
        if body.error is not None:
            raise body.error from None
        raise body.broken(f"answered with something that is not a result: {failure}") from None


def _error(failure: ReportedError, limits: Limits) -> QuothError:
    if failure.kind == "spool":
        return UnavailableError(
            "there is no room for a large result while others wait to be fetched",
            remedy="try again in a minute, or add a LIMIT",
            limit=Limit("query_spool_mb", limits.spool_mb),
        )
    limit = {"size": ("query_result_mb", limits.result_mb), "rows": ("query_result_rows", limits.result_rows)}
    name, value = limit[failure.kind]
    return QueryTooLargeError(str(failure), remedy="add a LIMIT, or use the dumps", limit=Limit(name, value or 0))
