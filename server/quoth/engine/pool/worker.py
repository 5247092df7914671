"""The program of a worker process: evaluates ad-hoc queries over a read-only store, one at a time.

Started by file name, with few imports, so that a replacement is ready in tens of milliseconds.

The protocol. Standard input is a socket that brings requests: lines of JSON (``embedded`` makes them), the next one
only when the last one has been answered. A request that has a ``store`` is for another store than that of the process.
Standard output is a pipe that takes frames: one byte of kind, four of length (big-endian), the payload.

==== ==================================================================== =====================================
kind meaning                                                              payload
==== ==================================================================== =====================================
R    ready: the store is open; the first frame                            –
K    a result begins                                                      JSON: its ``kind`` and ``format``
D    a piece of the result, of its first 64 KB                            bytes
S    the result is larger and needs room on the disk                      –
E    the result is complete                                               empty, or ``old``: replace the process
X    an error, which ends the answer; at the start, the store cannot be   JSON: ``error`` and ``detail``
     opened
==== ==================================================================== =====================================

An answer is ``K D* S* E``, or ends with ``X`` anywhere. Each ``S`` is answered on the socket by one byte, the megabytes
that the result may grow by (0: it has to end), the first one with the descriptor of the file to write to. So a worker
never waits for a client: once ``E`` is sent it is free, and the rest of the result is in the file.

The deadline is the kernel's: an interval timer whose signal has its default action ends the process wherever it is, in
native code too, and even if the server is gone.
"""

import contextlib
import ctypes
import errno
import json
import os
import resource
import select
import signal
import struct
import sys
import threading
import time
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

# Where quoth is; at the end, so that nothing in that folder can stand for a module of Python itself.
sys.path.append(str(Path(__file__).resolve().parents[3]))
from quoth.engine.api.serialization import SerializationError, rdfxml_safe
from quoth.engine.pool.output import Channel, Output, ReportedError, too_many

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

# Seccomp: https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: the kernel's number for its architecture, and its number of the system call ``socket``."""

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # in struct seccomp_data
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_X32 = 0x40000000  # the other numbering of calls on x86_64

GROWING_S = 0.005
"""A query that takes less does not grow the process much."""


def opened(stores: dict[str | None, ox.Store], path: str | None) -> ox.Store:
    """The store that a request is for: None is that of the process; others stay open once they were asked for."""
    if path not in stores:
        stores[path] = ox.Store.read_only(str(path))
    return stores[path]


def answer(store: ox.Store, prefixes: dict[str, str], request: dict[str, Any], channel: Channel) -> None:
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
        raise ReportedError("unacceptable", kind)
    with contextlib.closing(Output(channel, kind, name, request)) as output:
        if isinstance(result, ox.QueryTriples):
            triples = rdfxml_safe(result) if name == "rdfxml" else result
            limit = request["row_limit"]
            ox.serialize(islice(triples, limit), output, RDF[name], prefixes=prefixes)  # type: ignore[arg-type]
            if limit is not None and next(result, None) is not None:
                raise too_many(limit, "triples")
        else:
            result.serialize(output, RESULTS[name])  # type: ignore[arg-type]
        output.start()


def serve(store: ox.Store, config: dict[str, Any], channel: Channel) -> None:
    """Answer requests until there can be no more."""
    at_rest = virtual_size()
    stores: dict[str | None, ox.Store] = {None: store}
    room = config["memory_mb"] * 2**20 // 4
    for line in channel.requests:
        request = json.loads(line)
        began = time.monotonic()
        # A timer of no time is none.
        signal.setitimer(signal.ITIMER_REAL, max(0.001, request["until"] - began))
        error: dict[str, str] | None = None
        try:
            answer(opened(stores, request.get("store")), config["prefixes"], request, channel)
        except ReportedError as failure:
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
        signal.setitimer(signal.ITIMER_REAL, 0)
        if error is not None:
            channel.drop()
            channel.send(b"X", json.dumps(error).encode())
        else:
            # Memory that a large query leaves behind counts against the next one's; to take so much takes a while.
            grown = time.monotonic() - began > GROWING_S and virtual_size() > at_rest + room
            channel.send(b"E", b"old" if grown else b"")


def virtual_size() -> int:
    """Bytes of address space, which is what RLIMIT_AS limits; 0 where the system does not tell."""
    return int(os.pread(_STATM, 64, 0).split()[0]) * resource.getpagesize() if _STATM is not None else 0


def end_with_parent() -> None:
    """End the process, in the middle of a query too, once nobody can send requests any more."""
    hung_up = select.poll()
    hung_up.register(0, 0)
    hung_up.poll()
    os._exit(0)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid_sockets() -> bool:
    """Refuse this thread, and those that it starts, new sockets from now on: whether that could be done.

    This is the guard behind the filter on the text of queries, which may overlook something. It works on Linux on the
    usual processors; elsewhere there is only the filter.
    """
    machine = os.uname().machine
    if sys.platform != "linux" or machine not in _SOCKET_CALLS:
        return False
    architecture, socket = _SOCKET_CALLS[machine]
    # Code, how many to skip if so and if not, operand.
    program = b"".join(
        struct.pack("HBBI", *step)
        for step in (
            (_LOAD, 0, 0, _ARCHITECTURE),
            (_EQUAL, 1, 0, architecture),
            (_RETURN, 0, 0, _KILL),
            (_LOAD, 0, 0, _NUMBER),
            (_AT_LEAST, 1, 0, _X32),
            (_EQUAL, 0, 1, socket),
            (_RETURN, 0, 0, _ERRNO | errno.EACCES),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    filter = _Program(len(program) // 8, program)
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0) == 0)


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
        forbid_sockets()
    channel = Channel()
    try:
        store = ox.Store.read_only(config["store"])
    except (OSError, MemoryError) as failure:
        channel.send(b"X", json.dumps({"error": "store", "detail": str(failure)}).encode())
        return
    try:
        channel.send(b"R")
    except BrokenPipeError:
        return  # not wanted any more
    # From here on what the native code says as it dies is for nobody: the pool tells the client what happened.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.dup2(nowhere, 1)
    threading.stack_size(2**18)
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve(store, config, channel)


if __name__ == "__main__":
    main()
