"""JSON-LD 1.1 in the forms that its media type names, above all as a tree with the resource at its root.

The tree is what framing is for, but nothing is left out of it: what cannot be reached from the root stands beside it
under the names that documents have (claims, sources, entities …), each of which the context takes for ``@included``.
A frame of PyLD's would lose content graphs or what is not reached. https://www.w3.org/TR/json-ld11-framing/
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

_DEEPEST = 16
"""Levels of the tree; what is deeper stands beside it."""

_CHAIN = (QUOTH.attribution, QUOTH.source, QUOTH.within, QUOTH.content)
_TURN = {property.value: turn for turn, property in enumerate(_CHAIN)}
"""The properties that are followed first, so that what a chain names is described in the chain."""

_BESIDE = {
    QUOTH.Claim.value: "claims",
    QUOTH.Source.value: "sources",
    QUOTH.AnonymousSource.value: "sources",
    QUOTH.Topic.value: "topics",
}

Node = dict[str, Any]


def write(quads: Iterable[ox.Quad], iris: Iris, root: str | None = None, form: str | None = None) -> bytes:
    """The quads as JSON-LD in one of FORMS, by default compact, and framed by ``root`` where there is one."""
    flat = _flat(json.loads(ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b"[]"))
    if form == EXPANDED:
        document: Any = flat
    else:
        tree = root is not None and form != FLATTENED
        nodes, graphs = _parted(flat)
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


def _compact(nodes: list[Node]) -> list[Node]:
    options = {"documentLoader": _load, "processingMode": "json-ld-1.1", "graph": True}
    compacted = jsonld.compact(nodes, {"@context": CONTEXT_IRI}, options)
    found: list[Node] = compacted.get("graph", [])
    return found


def _flat(nodes: list[Node]) -> list[Node]:
    """Expanded JSON-LD with one node for each subject and graph, in their order."""
    found: dict[str, Node] = {}
    for node in nodes:
        kept = found.setdefault(node["@id"], {})
        if "@graph" in node:
            kept.setdefault("@id", node["@id"])
            kept["@graph"] = _flat([*kept.get("@graph", []), *node["@graph"]])
            continue
        for key, values in _plainer(node).items():
            kept[key] = [*kept.get(key, []), *values] if isinstance(values, list) else values
    return list(found.values())


def _parted(nodes: list[Node]) -> tuple[dict[str, Node], dict[str, list[Node]]]:
    """What is said of each resource, and what each graph holds."""
    graphs = {node["@id"]: node["@graph"] for node in nodes if "@graph" in node}
    bare = ({key: value for key, value in node.items() if key != "@graph"} for node in nodes)
    return {node["@id"]: node for node in bare if len(node) > 1}, graphs


def _framed(nodes: dict[str, Node], graphs: dict[str, list[Node]], root: str) -> tuple[list[Node], list[Node]]:
    """The tree under ``root``, in which each node stands once, where it is first met; and the nodes beside it."""
    open_nodes, open_graphs = dict(nodes), dict(graphs)

    def embedded(iri: str, depth: int) -> Node:
        node = open_nodes.pop(iri, {"@id": iri})
        made: Node = {"@id": iri}
        for key, values in sorted(node.items(), key=lambda item: _TURN.get(item[0], len(_TURN))):
            made[key] = values if key.startswith("@") else [reached(v, depth) for v in values]
        if iri in open_graphs and iri != root:
            made["@graph"] = open_graphs.pop(iri)
        return made

    def reached(value: Node, depth: int) -> Node:
        iri = value.get("@id")
        if iri is None or depth >= _DEEPEST or not (iri in open_nodes or iri in open_graphs):
            return value
        if iri.startswith(ONTOLOGY_IRI):
            return value  # a concept, which the context shortens to its name where it has no label beside it
        return embedded(iri, depth + 1)

    top = embedded(root, 1)
    rest = [iri for iri in (*nodes, *graphs) if iri in open_nodes or iri in open_graphs]
    beside = [embedded(iri, _DEEPEST) for iri in dict.fromkeys(rest)]
    return [top], beside


def _name(node: Node) -> str:
    """Under which name a node stands beside the root."""
    kinds = node.get("@type", [])
    return "inference" if "@graph" in node else next((_BESIDE[k] for k in kinds if k in _BESIDE), "entities")


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
    return {"@context": jsonld_context()}
