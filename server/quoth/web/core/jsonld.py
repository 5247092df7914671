"""JSON-LD 1.1 in the forms that its media type names, above all as a tree with the resource at its root.

The tree resembles a framed document, but omits nothing: nodes that the root does not lead to stand beside it under
the names that documents have (claims, sources, entities …), each of which the context takes for ``@included``.
PyLD's framing would lose content graphs and unreached nodes. https://www.w3.org/TR/json-ld11-framing/
"""

import functools
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox
from pyld import jsonld

from quoth.claim.model.namespaces import CONTEXT_IRI, ONTOLOGY_IRI, QUOTH, RDF, XSD
from quoth.resources import jsonld_context
from quoth.web.core.urls import Iris

_NAMESPACE = "http://www.w3.org/ns/json-ld#"
FRAMED, COMPACTED, EXPANDED, FLATTENED = (
    _NAMESPACE + form for form in ("framed", "compacted", "expanded", "flattened")
)
FORMS = frozenset((FRAMED, COMPACTED, EXPANDED, FLATTENED))
"""The profiles of application/ld+json that are honoured (JSON-LD 1.1, appendix C)."""

_DEPTH_LIMIT = 16
"""Levels of the tree; deeper nodes stand beside it."""

_CHAIN = (QUOTH.attribution, QUOTH.source, QUOTH.within, QUOTH.content)
_RANK = {property.value: rank for rank, property in enumerate(_CHAIN)}
"""The properties that come first, so that the resources of a chain are described in the chain."""

_BESIDE = {
    QUOTH.Claim.value: "claims",
    QUOTH.Source.value: "sources",
    QUOTH.AnonymousSource.value: "sources",
    QUOTH.Topic.value: "topics",
}

NodeObject = dict[str, Any]
"""A node object (JSON-LD 1.1, section 9.2)."""


def write(quads: Iterable[ox.Quad], iris: Iris, root: str | None = None, form: str | None = None) -> bytes:
    """The quads as JSON-LD in one of FORMS, by default compact, and framed by ``root`` where there is one."""
    flat = _flat(json.loads(ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b"[]"))
    if form == EXPANDED:
        document: Any = flat
    else:
        nodes, graphs = _split(flat)
        # Of a withdrawn resource that nothing replaces there is the notice alone, and no node of its own.
        tree = form != FLATTENED and root in nodes
        top, beside = _framed(nodes, graphs, str(root)) if tree else ([], flat)
        compacted = _compact([*top, *beside])
        # The redirect of the context's own IRI is not registered: name the copy that can be fetched.
        document = {"@context": iris.url("context.jsonld")}
        if tree:
            document |= compacted[0]
            for name, node in zip(map(_name, beside), compacted[1:], strict=True):
                document.setdefault(name, []).append(node)
        else:
            document["graph"] = compacted
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _compact(nodes: list[NodeObject]) -> list[NodeObject]:
    options = {"documentLoader": _load, "processingMode": "json-ld-1.1", "graph": True}
    compacted = jsonld.compact(nodes, {"@context": CONTEXT_IRI}, options)
    graph: list[NodeObject] = compacted.get("graph", [])
    return graph


def _flat(nodes: list[NodeObject]) -> list[NodeObject]:
    """Expanded JSON-LD with one node for each subject and graph, in their order."""
    by_id: dict[str, NodeObject] = {}
    for node in nodes:
        whole = by_id.setdefault(node["@id"], {})
        if "@graph" in node:
            whole.setdefault("@id", node["@id"])
            whole["@graph"] = _flat([*whole.get("@graph", []), *node["@graph"]])
            continue
        for key, values in _simplified(node).items():
            whole[key] = [*whole.get(key, []), *values] if isinstance(values, list) else values
    return list(by_id.values())


def _split(nodes: list[NodeObject]) -> tuple[dict[str, NodeObject], dict[str, list[NodeObject]]]:
    """The statements about each resource, and the nodes of each graph."""
    graphs = {node["@id"]: node["@graph"] for node in nodes if "@graph" in node}
    bare = ({key: value for key, value in node.items() if key != "@graph"} for node in nodes)
    return {node["@id"]: node for node in bare if len(node) > 1}, graphs


def _framed(
    nodes: dict[str, NodeObject], graphs: dict[str, list[NodeObject]], root: str
) -> tuple[list[NodeObject], list[NodeObject]]:
    """The tree under ``root``, in which each node stands once, where it is first met; and the nodes beside it."""
    open_nodes, open_graphs = dict(nodes), dict(graphs)

    def embedded(iri: str, depth: int) -> NodeObject:
        node = open_nodes.pop(iri, {"@id": iri})
        tree: NodeObject = {"@id": iri}
        for key, values in sorted(node.items(), key=lambda item: _RANK.get(item[0], len(_RANK))):
            tree[key] = values if key.startswith("@") else [embedded_value(v, depth) for v in values]
        if iri in open_graphs and iri != root:
            tree["@graph"] = open_graphs.pop(iri)
        return tree

    def embedded_value(value: NodeObject, depth: int) -> NodeObject:
        iri = value.get("@id")
        if iri is None or depth >= _DEPTH_LIMIT or not (iri in open_nodes or iri in open_graphs):
            return value
        if iri.startswith(ONTOLOGY_IRI):
            return value  # a concept, which the context shortens to its name where it has no label beside it
        return embedded(iri, depth + 1)

    top = embedded(root, 1)
    rest = [iri for iri in (*nodes, *graphs) if iri in open_nodes or iri in open_graphs]
    beside = [embedded(iri, _DEPTH_LIMIT) for iri in dict.fromkeys(rest)]
    return [top], beside


def _name(node: NodeObject) -> str:
    """The key of a node that stands beside the root."""
    kinds = node.get("@type", [])
    return "inference" if "@graph" in node else next((_BESIDE[k] for k in kinds if k in _BESIDE), "entities")


def _simplified(value: Any) -> Any:
    """Expanded JSON-LD in the shape that people expect: rdf:type as @type, JSON's own whole numbers and booleans.

    Nothing is lost: only an integer in canonical form that every JSON reader holds exactly becomes a number.
    """
    if isinstance(value, list):
        return [_simplified(v) for v in value]
    if not isinstance(value, dict):
        return value
    text, datatype = value.get("@value"), value.get("@type")
    if datatype == XSD.integer.value and re.fullmatch(r"0|-?[1-9]\d{0,14}", str(text)):
        return {"@value": int(str(text))}
    if datatype == XSD.boolean.value and text in ("true", "false"):
        return {"@value": text == "true"}
    simplified = {key: _simplified(v) for key, v in value.items()}
    types = value.get(RDF.type.value)
    if isinstance(types, list) and all(isinstance(t, dict) and set(t) == {"@id"} for t in types):
        del simplified[RDF.type.value]
        simplified = {"@id": simplified.pop("@id"), "@type": [t["@id"] for t in types], **simplified}
    return simplified


def _load(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    if url != CONTEXT_IRI:
        raise jsonld.JsonLdError(f"no context is ever fetched, and not {url}", "jsonld.LoadDocumentError")
    return {"contextUrl": None, "documentUrl": url, "document": _context(), "contentType": "application/ld+json"}


@functools.cache
def _context() -> dict[str, Any]:
    return {"@context": jsonld_context()}
