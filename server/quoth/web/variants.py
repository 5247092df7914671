"""Serialising a description in each RDF format. Content never enters a format without named graphs."""

import functools
import json
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox
from pyld import jsonld

from quoth.claim.document import context
from quoth.claim.vocabulary import CONTEXT_IRI, PREFIXES, RDF, RDFS, XSD
from quoth.errors import NotAcceptable
from quoth.formats import JSONLD, OX_RDF, RDFXML, TRIG, TURTLE, Format
from quoth.web.iris import Iris

_LOCAL_NAME = re.compile(r"[A-Za-z_À-ÖØ-öø-ÿ][\w.·-]*\Z")
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def serialize(
    quads: Iterable[ox.Quad], format: Format, iris: Iris, prefixes: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """The quads in a format. One without named graphs takes those of the default graph alone.

    ``prefixes`` are declared besides ours. Raises NotAcceptable where RDF/XML cannot express the quads (RDF 1.1 XML
    Syntax §2.1, XML 1.0 §2.2).
    """
    quads = list(quads)
    if not format.quads:
        quads = [q for q in quads if q.graph_name == ox.DefaultGraph()]
    if format is JSONLD:
        return _jsonld(quads, iris)
    data: Iterable[Any] = quads if format.quads else [q.triple for q in quads]
    if format is RDFXML:
        _fit_for_xml(quads)
    text = ox.serialize(data, format=OX_RDF[format.name], prefixes={**prefixes_for(quads), **prefixes}) or b""
    return _steady(text, format)


def _steady(text: bytes, format: Format) -> bytes:
    """The engine writes prefixes in an order that changes from process to process; a strong validator needs one."""
    if format in (TURTLE, TRIG):
        head, body = re.match(rb"((?:@prefix [^\n]*\n)*)(.*)\Z", text, re.DOTALL).groups()  # type: ignore[union-attr]
        return b"".join(sorted(head.splitlines(keepends=True))) + (b"\n" if head else b"") + body
    if format is RDFXML:

        def ordered(match: re.Match[bytes]) -> bytes:
            return b"<rdf:RDF " + b" ".join(sorted(match[1].split())) + b">"

        return re.sub(rb"<rdf:RDF ([^>]*)>", ordered, text, count=1)
    return text


def prefixes_for(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Of our prefixes, those that the quads can use, so that a short document has a short head."""
    terms = {t.value for q in quads for t in (q.subject, q.predicate, q.object) if isinstance(t, ox.NamedNode)}
    terms |= {q.object.datatype.value for q in quads if isinstance(q.object, ox.Literal)}
    spaces = {re.match(r".*[/#]|", term)[0] for term in terms}  # type: ignore[index]
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}


def _jsonld(quads: Iterable[ox.Quad], iris: Iris) -> bytes:
    expanded = _plainer(json.loads(ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b"[]"))
    options = {"documentLoader": _load, "processingMode": "json-ld-1.1", "graph": True}
    compacted: dict[str, Any] = jsonld.compact(expanded, {"@context": CONTEXT_IRI}, options)
    # The redirect of the context's own IRI is not registered: name the copy that can be fetched.
    document = {"@context": iris.url("context.jsonld"), **{k: v for k, v in compacted.items() if k != "@context"}}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _plainer(value: Any) -> Any:
    """Expanded JSON-LD as people expect it: rdf:type as @type, whole numbers and booleans as JSON has them.

    Only where nothing is lost: an integer in its canonical form that every JSON reader holds exactly.
    """
    if isinstance(value, list):
        return [_plainer(v) for v in value]
    if not isinstance(value, dict):
        return value
    text, datatype = value.get("@value"), value.get("@type")
    if datatype == XSD.integer.value and re.fullmatch(r"0|-?[1-9]\d{0,14}", str(text)):
        return {"@value": int(str(text))}
    if datatype == XSD.boolean.value and text in ("true", "false"):
        return {"@value": text == "true"}
    plainer = {key: _plainer(v) for key, v in value.items()}
    types = value.get(RDF.type.value)
    if isinstance(types, list) and all(isinstance(t, dict) and set(t) == {"@id"} for t in types):
        del plainer[RDF.type.value]
        plainer = {"@id": plainer.pop("@id"), "@type": [t["@id"] for t in types], **plainer}
    return plainer


def _load(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    if url != CONTEXT_IRI:
        raise jsonld.JsonLdError(f"no context is ever fetched, and not {url}", "jsonld.LoadDocumentError")
    return {"contextUrl": None, "documentUrl": url, "document": _context(), "contentType": "application/ld+json"}


@functools.cache
def _context() -> dict[str, Any]:
    return {"@context": context()}


def _fit_for_xml(quads: Iterable[ox.Quad]) -> None:
    for q in quads:
        local = re.split(r"[/#:]", q.predicate.value)[-1]
        if not _LOCAL_NAME.match(local):
            _unfit(f"the property <{q.predicate.value}> has no name that XML allows")
        if any(_NOT_IN_XML.search(str(term)) for term in (q.subject, q.object)) or (
            isinstance(q.object, ox.Literal) and _NOT_IN_XML.search(q.object.value)
        ):
            _unfit("a text contains a control character, which XML does not allow")


def _unfit(why: str) -> None:
    raise NotAcceptable(f"RDF/XML cannot express this description: {why}", remedy="ask for text/turtle")


def about_document(iri: str, url: str, comments: Iterable[str], see_also: str | None) -> list[ox.Quad]:
    """What a document says of itself: its topic, what it leaves out, and where the rest is."""
    document = ox.NamedNode(url)
    foaf = PREFIXES["foaf"]
    quads = [
        ox.Quad(document, RDF.type, ox.NamedNode(foaf + "Document")),
        ox.Quad(document, ox.NamedNode(foaf + "primaryTopic"), ox.NamedNode(iri)),
    ]
    quads += [ox.Quad(document, RDFS.comment, ox.Literal(text, language="en")) for text in comments]
    if see_also:
        quads.append(ox.Quad(ox.NamedNode(iri), RDFS.seeAlso, ox.NamedNode(see_also)))
    return quads
