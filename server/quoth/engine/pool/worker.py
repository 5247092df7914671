"""The program of one worker process: evaluates ad-hoc queries over a read-only store, one at a time.

Started by file name, with few imports, so that a replacement is ready in tens of milliseconds. It
reads requests from its standard input, and for each a byte from another pipe, which whoever sent it can take back as
long as it is there; the byte is the number of requests before it that were taken back. It writes frames to its standard
output: one byte of kind, four of length (big-endian), the payload. Kinds: R ready, K kind and format of the result
(JSON), D data, E end (payload ``old`` if the process has grown and should be replaced), X error (JSON).

The deadlines are the kernel's: an interval timer whose signal has its default action ends the process wherever it is,
in native code too, and even if whoever started it is gone. There are two, of which one runs at a time: the query's
while it is evaluated, the delivery's while the process waits for somebody to read what it wrote.
"""

import json
import os
import resource
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

# Where quoth is; at the end, so that nothing in that folder can stand for a module of Python itself.
sys.path.append(str(Path(__file__).resolve().parents[3]))
from quoth.engine.api.serialization import SerializationError, for_xml
from quoth.engine.pool.output import AnswerError, Output, Pipe, too_many
from quoth.engine.pool.seccomp import confine

RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


try:
    _STATM: int | None = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
except OSError:
    _STATM = None

GROWING_S = 0.005


def answer(store: ox.Store, prefixes: dict[str, str], request: dict[str, Any], pipe: Pipe) -> None:
    """Evaluate one request and send its frames, but for the last."""
    default, named = request["default_graphs"], request["named_graphs"]
    dataset: dict[str, Any] = {}
    if default or named:  # both or neither: one alone leaves the other side open
        dataset["default_graph"] = [ox.NamedNode(iri) for iri in default or ()]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in named or ()]
    result = store.query(request["text"], base_iri=request["base_iri"], **dataset)
    if isinstance(result, ox.QueryTriples):
        kind = "graph"
    else:
        kind = "boolean" if isinstance(result, ox.QueryBoolean) else "solutions"
    name = request["wanted"][kind]
    if name is None:
        raise AnswerError("unacceptable", kind)
    output = Output(pipe, kind, name, request)
    if isinstance(result, ox.QueryTriples):
        triples = for_xml(result) if name == "rdfxml" else result
        limit = request["row_limit"]
        ox.serialize(islice(triples, limit), output, RDF[name], prefixes=prefixes)  # type: ignore[arg-type]
        if limit is not None and next(result, None) is not None:
            raise too_many(limit, "triples")
    else:
        result.serialize(output, RESULTS[name])  # type: ignore[arg-type]
    output.start()


def serve(store: ox.Store, config: dict[str, Any], pipe: Pipe) -> None:
    """Answer requests until there can be no more."""
    at_rest = virtual_size()
    room = config["memory_mb"] * 2**20 // 4
    for line in requests(config["permits"], pipe):
        request = json.loads(line)
        error: dict[str, str] | None = None
        began = time.monotonic()
        # A timer of no time is none.
        pipe.begin(max(0.001, request["until"] - began), request["delivery_limit_s"])
        try:
            answer(store, config["prefixes"], request, pipe)
        except AnswerError as failure:
            error = {"error": failure.kind, "detail": str(failure)}
        except SerializationError as failure:
            error = {"error": "format", "detail": str(failure)}
        except SyntaxError as failure:
            error = {"error": "syntax", "detail": str(failure)}
        except RuntimeError as failure:
            error = {"error": "unsupported", "detail": str(failure)}
        except ValueError as failure:
            error = {"error": "value", "detail": str(failure)}
        except MemoryError:
            error = {"error": "memory", "detail": ""}
        except BrokenPipeError:
            return
        except OSError as failure:
            error = {"error": "store", "detail": str(failure)}
        pipe.end()
        if error is not None:
            pipe.drop()
            pipe.send(b"X", json.dumps(error).encode())
        else:
            # Memory that a large query leaves behind counts against the next one's; to take so much takes a while.
            grown = time.monotonic() - began > GROWING_S and virtual_size() > at_rest + room
            pipe.send(b"E", b"old" if grown else b"")


def requests(permits: int, pipe: Pipe) -> Iterator[bytes]:
    """The requests, each when it is begun; ``permits`` is the pipe of the bytes, which never blocks: two read it."""
    lines = open(0, "rb", closefd=False)  # noqa: SIM115
    waiting = select.poll()
    waiting.register(permits, select.POLLIN)
    while True:
        try:
            permit = os.read(permits, 1)
        except BlockingIOError:
            pipe.rest()
            waiting.poll()
            continue
        if not permit:
            return
        for _ in range(permit[0]):
            lines.readline()
        yield lines.readline()


def virtual_size() -> int:
    """Bytes of address space, which is what RLIMIT_AS limits; 0 where the system does not tell."""
    return int(os.pread(_STATM, 64, 0).split()[0]) * resource.getpagesize() if _STATM is not None else 0


def end_with_parent() -> None:
    """End the process, in the middle of a query too, once nobody can send requests any more."""
    hung_up = select.poll()
    hung_up.register(0, 0)
    hung_up.poll()
    os._exit(0)


def main() -> None:
    # Ctrl-C reaches the whole foreground group; the one to end a worker is its pool.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    config = json.loads(sys.argv[1])
    memory = config["memory_mb"] * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if not config["network"]:
        confine()
    pipe = Pipe()
    try:
        store = ox.Store.read_only(config["store"])
    except (OSError, MemoryError) as failure:
        pipe.send(b"X", json.dumps({"error": "store", "detail": str(failure)}).encode())
        return
    try:
        pipe.send(b"R")
    except BrokenPipeError:
        return  # not wanted any more
    # From here on what the native code says as it dies is for nobody: the pool tells the client what happened.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.dup2(nowhere, 1)
    threading.stack_size(2**18)
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve(store, config, pipe)


if __name__ == "__main__":
    main()
