"""The program of one worker process: evaluates ad-hoc queries over a read-only store, one at a time.

Started by file name, with no import but pyoxigraph, so that a replacement is ready in tens of milliseconds. It
reads requests from its standard input and writes frames to its standard output: one byte of kind, four of length
(big-endian), the payload. Kinds: R ready, K kind and format of the result (JSON), D data, E end (payload ``old`` if
the process has grown and should be replaced), X error (JSON).

The deadline is the kernel's: an interval timer whose signal has its default action ends the process wherever it is,
in native code too, and even if whoever started it is gone.
"""

import json
import os
import re
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

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
# XML 1.0 §2.2: control characters cannot be written at all, U+FFFE and U+FFFF neither.
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# XML Names §3: what can stand after the colon, at the end of an IRI.
LOCAL_NAME = re.compile(
    r"[A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF]"
    r"[-.\w\u00B7\u0300-\u036F\u203F\u2040]*$"
)
RDF_NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# RDF/XML §6.1: names of the syntax itself; a property so called would be read as something else.
SYNTAX = {"RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li", "aboutEach"}
SYNTAX |= {"aboutEachPrefix", "bagID"}


HEADS = {
    "turtle": (re.compile(rb"\A(?:@prefix [^\n]*\n)+"), re.compile(rb"[^\n]*\n")),
    "trig": (re.compile(rb"\A(?:@prefix [^\n]*\n)+"), re.compile(rb"[^\n]*\n")),
    "rdfxml": (re.compile(rb'(?<=<rdf:RDF)(?: xmlns:[^ ">]*="[^">]*")+'), re.compile(rb' [^ ]*="[^"]*"')),
}


def in_order(format: str, data: bytes) -> bytes:
    """The first bytes of a document with its prefixes in order, as the writer's own order changes from one process
    to the next, and the same question should have the same answer to the byte."""
    if format not in HEADS:
        return data
    head, entry = HEADS[format]
    return head.sub(lambda found: b"".join(sorted(entry.findall(found[0]))), data, count=1)


class Failure(Exception):
    """An error to report: its kind and what to tell."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Pipe:
    """The standard output, as frames. A full pipe blocks: that is the back-pressure."""

    def __init__(self) -> None:
        self._fd = os.dup(1)
        os.dup2(2, 1)  # nothing printed by accident may end up between frames

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        frame = memoryview(struct.pack(">cI", kind, len(payload)) + payload)
        while frame:
            frame = frame[os.write(self._fd, frame) :]


class Output:
    """The file that the engine serialises into: announces the kind with the first bytes, so that an error before
    them is still an answer of its own."""

    def __init__(self, pipe: Pipe, kind: str, format: str, limit: int | None) -> None:
        self._pipe = pipe
        self._head = json.dumps({"kind": kind, "format": format}).encode()
        self._format = format
        self._xml = format in ("xml", "rdfxml")
        self._limit = limit
        self._size = 0
        self._tail = b""
        self.started = False

    def write(self, data: bytes) -> int:
        size = len(data)
        self._size += size
        if self._limit is not None and self._size > self._limit:
            raise Failure("size", f"the result is larger than {self._limit} bytes")
        if self._xml:
            data = self._checked(data)
        if not self.started:
            data = in_order(self._format, data)
        self.start()
        self._pipe.send(b"D", data)
        return size

    def start(self) -> None:
        if not self.started:
            self.started = True
            self._pipe.send(b"K", self._head)

    def flush(self) -> None:
        """Nothing is kept back."""

    def _checked(self, data: bytes) -> bytes:
        if NOT_XML.search(self._tail + data):
            raise Failure("format", "a literal has a control character, which XML cannot carry")
        self._tail = data[-2:]
        # A parser turns a bare carriage return into a line feed (XML §2.11), and the writer leaves it bare.
        return data.replace(b"\r", b"&#13;")


def for_xml(triples: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples, checked for predicates that RDF/XML cannot write."""
    fine: set[str] = set()
    for triple in triples:
        iri = triple.predicate.value
        if iri not in fine:
            syntactic = iri.startswith(RDF_NAMESPACE) and iri[len(RDF_NAMESPACE) :] in SYNTAX
            if syntactic or not LOCAL_NAME.search(iri):
                raise Failure("format", f"RDF/XML has no way to write the predicate <{iri}>")
            fine.add(iri)
        yield triple


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
        raise Failure("unacceptable", kind)
    output = Output(pipe, kind, name, request["size_limit"])
    if isinstance(result, ox.QueryTriples):
        triples = for_xml(result) if name == "rdfxml" else result
        ox.serialize(triples, output, RDF[name], prefixes=prefixes)  # type: ignore[arg-type]
    else:
        result.serialize(output, RESULTS[name])  # type: ignore[arg-type]
    output.start()


def serve(store: ox.Store, config: dict[str, Any], pipe: Pipe) -> None:
    """Answer requests until the standard input ends."""
    at_rest = virtual_size()
    room = config["memory_mb"] * 2**20 // 4
    requests = open(0, "rb", closefd=False)  # noqa: SIM115
    while line := requests.readline():
        request = json.loads(line)
        error: dict[str, str] | None = None
        signal.setitimer(signal.ITIMER_REAL, request["time_limit_s"])
        try:
            answer(store, config["prefixes"], request, pipe)
        except Failure as failure:
            error = {"error": failure.kind, "detail": str(failure)}
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
            pipe.send(b"X", json.dumps(error).encode())
        else:
            # Memory that a large query leaves behind counts against the next one's.
            pipe.send(b"E", b"old" if virtual_size() > at_rest + room else b"")


def virtual_size() -> int:
    """Bytes of address space, which is what RLIMIT_AS limits; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def main() -> None:
    # Ctrl-C reaches the whole foreground group; the one to end a worker is its pool.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    config = json.loads(sys.argv[1])
    memory = config["memory_mb"] * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
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
    serve(store, config, pipe)


if __name__ == "__main__":
    main()
