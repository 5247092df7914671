"""Corrections of the output of the engine's writers: sorted prefixes, and only characters that XML can carry."""

import re
from collections.abc import Iterator

import pyoxigraph as ox

# XML 1.0 §2.2: control characters cannot be written at all, U+FFFE and U+FFFF neither.
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# XML Names §3: the part of a name after the colon, at the end of an IRI.
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


def sort_prefixes(format: str, data: bytes) -> bytes:
    """The first bytes of a document with its prefixes sorted: the writer's order changes from one process to the next,
    and the same question should have the same answer to the byte."""
    if format not in HEADS:
        return data
    head, entry = HEADS[format]
    return head.sub(lambda prefixes: b"".join(sorted(entry.findall(prefixes[0]))), data, count=1)


class SerializationError(Exception):
    """A result that its format cannot carry."""


class XmlChecker:
    """Checks and escapes the bytes of an XML document as they are written."""

    def __init__(self) -> None:
        self._tail = b""

    def check(self, data: bytes) -> bytes:
        """The bytes with carriage returns escaped. Raises SerializationError."""
        if NOT_XML.search(self._tail + data):
            raise SerializationError("a literal has a control character, which XML cannot carry")
        self._tail = data[-2:]
        # A parser turns a bare carriage return into a line feed (XML §2.11), and the writer leaves it bare.
        return data.replace(b"\r", b"&#13;")


def rdfxml_safe(triples: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples, checked for predicates that RDF/XML cannot write."""
    fine: set[str] = set()
    for triple in triples:
        iri = triple.predicate.value
        if iri not in fine:
            syntactic = iri.startswith(RDF_NAMESPACE) and iri[len(RDF_NAMESPACE) :] in SYNTAX
            if syntactic or not LOCAL_NAME.search(iri):
                raise SerializationError(f"RDF/XML cannot express the predicate <{iri}>")
            fine.add(iri)
        yield triple
